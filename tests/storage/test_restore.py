"""Restoring puts a backup back and loses nothing of the present, whatever state that is in."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from storage import queries
from storage.backup import back_up, backup_folder, backups_of
from storage.doctor import check
from storage.engine import SCHEMA_VERSION
from storage.errors import ProjectLockedError, ProjectOpenError
from storage.operations import documents
from storage.project import Project
from storage.restore import Difference, RestoreError, contents_of, difference, restore
from storage.thinning import Reason


@pytest.fixture
def worked(bench, path):
    """A project with a backup of one decision, and with another decision and document made since; closed."""
    bench.draw("State", "Orsk")
    bench.saved = back_up(path, Reason.WORK).made
    bench.draw("State", "Velmar")
    bench.add("Islands", "Taval answers.")
    bench.project.close()
    return bench


def _quotes(path) -> set[str]:
    with Project.open(path) as project:
        ids = [item.document.id for item in queries.document_items(project)]
        return {span.quote for n in ids for span in queries.document_content(project, n).spans}


def test_a_backup_tells_what_it_holds(worked) -> None:
    found = contents_of(worked.saved.path)
    assert (found.documents, found.decisions, found.version) == (1, 1, SCHEMA_VERSION)
    assert found.last_change.endswith("Z")


def test_what_differs_from_the_present_is_counted_both_ways(worked, path) -> None:
    with Project.open(path) as project:
        assert difference(path, worked.saved.path) == Difference(1, 0, 1, 0, ("Islands",), ())
        documents.remove_document(project, worked.document_id)
        assert difference(path, worked.saved.path) == Difference(1, 1, 0, 1, ("Islands",), ("Talks",))
    path.write_bytes(b"gone")
    assert difference(path, worked.saved.path) is None


def test_restoring_puts_the_backup_back_and_keeps_the_present(worked, path) -> None:
    done = restore(path, worked.saved.path)
    assert _quotes(path) == {"Orsk"}
    kept = backups_of(path)[0]
    assert (kept.path, kept.reason) == (done.present_kept_at, Reason.RESTORE)
    restore(path, kept.path)
    assert _quotes(path) == {"Orsk", "Velmar"}


def test_what_is_only_in_the_log_of_writes_is_kept_and_not_written_into_the_restored_file(worked, path) -> None:
    project = Project.open(path)
    worked.project = project
    worked.draw("Person", "Ilya Brandt")
    project._drop_connections()  # as a crash leaves it, but for the log, which is folded in
    project._lock.release()
    log = path.with_name(path.name + "-wal")
    other = sqlite3.connect(path)
    other.execute("UPDATE label SET definition = 'from the log'")
    other.commit()
    held = log.read_bytes()
    other.close()
    log.write_bytes(held)
    done = restore(path, worked.saved.path)
    assert _quotes(path) == {"Orsk"}
    assert "Ilya Brandt" in _quotes(done.present_kept_at)
    assert not log.exists()


def test_a_project_damaged_beyond_reading_is_set_aside_and_restored(worked, path) -> None:
    path.write_bytes(b"SQLite format 3\x00" + b"\xff" * 9000)
    path.with_name(path.name + "-wal").write_bytes(b"torn")
    done = restore(path, worked.saved.path)
    assert _quotes(path) == {"Orsk"}
    assert done.present_kept_at.parent == backup_folder(path)
    assert done.present_kept_at.read_bytes().endswith(b"\xff" * 9000)
    assert done.present_kept_at.with_name(done.present_kept_at.name + "-wal").read_bytes() == b"torn"


def test_a_project_that_is_gone_comes_back(worked, path) -> None:
    path.unlink()
    assert restore(path, worked.saved.path).present_kept_at is None
    assert _quotes(path) == {"Orsk"}


def test_the_log_of_a_lost_project_is_not_written_into_the_restored_one(worked, path) -> None:
    log = path.with_name(path.name + "-wal")
    with Project.open(path), closing(sqlite3.connect(path)) as other:
        other.execute("UPDATE label SET definition = 'from the log'")
        other.commit()
        held = log.read_bytes()
    path.unlink()
    log.write_bytes(held)
    restore(path, worked.saved.path)
    assert not log.exists()
    with Project.open(path) as project:
        assert "from the log" not in {label.definition for label in queries.codebook(project).labels}
        assert check(project) == []
    (kept,) = backup_folder(path).glob("damaged *-wal")
    assert kept.read_bytes() == held


def test_a_project_that_another_program_reads_is_set_aside_with_its_log(worked, path) -> None:
    with Project.open(path):
        pass
    with closing(sqlite3.connect(path)) as other, closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM label").fetchone()
        other.execute("UPDATE label SET definition = 'from the log'")
        other.commit()
        kept = restore(path, worked.saved.path).present_kept_at
        assert kept.with_name(kept.name + "-wal").stat().st_size > 0
    assert _quotes(path) == {"Orsk"}


def test_an_open_project_is_not_restored(worked, path) -> None:
    with Project.open(path), pytest.raises(ProjectLockedError):
        restore(path, worked.saved.path)


@pytest.mark.parametrize(
    ("statement", "told"),
    [("PRAGMA user_version = 99", "newer version"), ("PRAGMA application_id = 7", "no Sayso project")],
)
def test_what_this_version_cannot_open_is_not_put_in_place(worked, path, statement, told) -> None:
    with closing(sqlite3.connect(worked.saved.path)) as other:
        other.execute(statement)
    before = path.read_bytes()
    with pytest.raises(RestoreError, match=told):
        restore(path, worked.saved.path)
    assert path.read_bytes() == before
    assert [entry.name for entry in path.parent.iterdir() if entry.is_file()] == [path.name]


def test_a_damaged_backup_is_refused_and_the_project_stays(worked, path) -> None:
    data = bytearray(worked.saved.path.read_bytes())
    data[4096 * 3 : 4096 * 4] = b"\xff" * 4096
    worked.saved.path.write_bytes(data)
    with pytest.raises(RestoreError, match="was not restored"):
        restore(path, worked.saved.path)
    assert _quotes(path) == {"Orsk", "Velmar"}
    worked.saved.path.write_bytes(b"no database at all")
    for work in (lambda: contents_of(worked.saved.path), lambda: restore(path, worked.saved.path)):
        with pytest.raises(ProjectOpenError):
            work()
