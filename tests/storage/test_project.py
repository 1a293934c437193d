from __future__ import annotations

import multiprocessing
import sqlite3
import stat
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from storage import queries
from storage.engine import APPLICATION_ID, SCHEMA_VERSION
from storage.errors import ProjectLockedError, ProjectOpenError
from storage.operations import spans
from storage.project import Project
from storage.tables import METADATA


def test_a_new_project_is_marked_as_ours_and_readable_by_its_owner_only(project, path) -> None:
    with project.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA application_id").scalar() == APPLICATION_ID
        assert connection.exec_driver_sql("PRAGMA user_version").scalar() == SCHEMA_VERSION
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_writing_connection_is_durable(project) -> None:
    with project.change("look") as scope:
        assert scope.connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert scope.connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_reading_connections_cannot_write(project) -> None:
    with pytest.raises(Exception, match="cannot be written to"), project.reading() as connection:
        connection.execute(text("DELETE FROM label"))


def test_migrations_make_exactly_the_tables_of_the_models(project) -> None:
    with project.reading() as connection:
        opts = {"compare_type": True, "include_name": lambda name, *_: not (name or "").startswith("document_fts")}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, METADATA) == []


def test_create_refuses_an_existing_file_and_leaves_it(path) -> None:
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(ProjectOpenError, match="exists already"):
        Project.create(path)
    assert path.read_text(encoding="utf-8") == "mine"


def test_create_refuses_a_name_that_the_system_does_not_take(path) -> None:
    with pytest.raises(ProjectOpenError, match="cannot be created: File name too long"):
        Project.create(path.with_name(300 * "n"))


def test_a_second_opening_is_refused_with_the_holder_and_the_first_goes_on(project, path) -> None:
    with pytest.raises(ProjectLockedError, match=r"open elsewhere: .+ \(process \d+"):
        Project.open(path)
    assert queries.codebook(project).labels


def test_the_lock_of_a_killed_program_is_taken_over(path) -> None:
    Project.create(path).close()
    context = multiprocessing.get_context("spawn")
    parent, child = context.Pipe()
    process = context.Process(target=_open_and_wait, args=(str(path), child))
    process.start()
    assert parent.recv() == "open"
    with pytest.raises(ProjectLockedError, match=f"process {process.pid}"):
        Project.open(path)
    process.kill()
    process.join()
    with Project.open(path) as project:
        assert queries.codebook(project).labels


def _open_and_wait(path: str, pipe) -> None:
    Project.open(Path(path))
    pipe.send("open")
    pipe.recv()


def test_closing_leaves_one_file(bench, path) -> None:
    bench.project.close()
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not a Sayso project"),
        (b"just a text", "not a Sayso project"),
        (b"SQLite format 3\x00", "not a Sayso project"),
    ],
)
def test_files_that_are_no_project_are_refused_unchanged(path, content, message) -> None:
    path.write_bytes(content)
    with pytest.raises(ProjectOpenError, match=message):
        Project.open(path)
    assert path.read_bytes() == content


def test_a_missing_project_is_refused_and_not_made(path) -> None:
    with pytest.raises(ProjectOpenError, match="no project at"):
        Project.open(path)
    assert list(path.parent.iterdir()) == []


def test_a_database_of_another_program_is_refused_unchanged(path) -> None:
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE notes (text)")
    other.commit()
    other.close()
    before = path.read_bytes()
    with pytest.raises(ProjectOpenError, match="another program"):
        Project.open(path)
    assert path.read_bytes() == before


def test_a_project_of_a_newer_version_is_refused(path) -> None:
    Project.create(path).close()
    other = sqlite3.connect(path)
    other.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    other.close()
    with pytest.raises(ProjectOpenError, match="newer version"):
        Project.open(path)
    assert not path.with_name(path.name + ".lock").exists()


@pytest.mark.parametrize("share", [0.2, 0.5, 0.99])
def test_a_truncated_project_is_refused_unchanged(path, share) -> None:
    Project.create(path).close()
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    before = path.read_bytes()
    with pytest.raises(ProjectOpenError, match="its end is missing"):
        Project.open(path)
    assert path.read_bytes() == before


def test_a_damaged_text_is_told_when_its_document_is_opened(bench, path) -> None:
    bench.project.close()
    other = sqlite3.connect(path)
    other.execute("UPDATE document_text SET text = replace(text, 'Orsk', 'Osrk')")
    other.commit()
    other.close()
    with Project.open(path) as project, pytest.raises(ProjectOpenError, match="not what was imported"):
        queries.document_content(project, bench.document_id)


def test_a_span_that_does_not_fit_its_quote_is_told(bench, path) -> None:
    spans.draw(bench.project, bench.document_id, bench.label("State"), bench.at("Orsk"))
    bench.project.close()
    other = sqlite3.connect(path)
    other.execute("UPDATE fragment SET start_cp = start_cp - 1")
    other.commit()
    other.close()
    with Project.open(path) as project, pytest.raises(ProjectOpenError, match="does not stand where"):
        queries.document_content(project, bench.document_id)


def test_settings_survive_a_restart(project, path) -> None:
    project.store_setting("place", {"document": 3})
    project.store_setting("place", {"document": 4})
    project.close()
    with Project.open(path) as again:
        assert again.setting("place") == {"document": 4}
        assert again.setting("nothing", "default") == "default"
