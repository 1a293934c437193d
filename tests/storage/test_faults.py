"""What disks, drives and other programs do to a project: one sentence each, nothing half done, and work goes on."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from storage import history, queries
from storage.doctor import check
from storage.errors import EnvironmentProblem, ProjectOpenError, StaleEditError, StorageFullError
from storage.formats.exchange import ExchangeDocument
from storage.importing import Importer
from storage.operations import spans
from storage.project import Project

_ROOT = Path(__file__).parents[2]


def _draw(bench, words: str = "Orsk"):
    return spans.draw(bench.project, bench.document_id, bench.label("State"), bench.at(words))


@contextmanager
def _no_growth(path: Path):
    """Let this process write nothing but what fits into the first page of a file, as on a full disk or over a quota.

    The log begins anew once it is folded in, so its present size would let it take some more.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    assert path.with_name(path.name + "-wal").exists()
    resource.setrlimit(resource.RLIMIT_FSIZE, (4_000, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)


class _Faults:
    """What the driver is to report, by how a statement begins."""

    def __init__(self) -> None:
        self.by_start: dict[str, sqlite3.Error] = {}

    def checked(self, statement: str) -> str:
        for start, error in self.by_start.items():
            if statement.startswith(start):
                raise error
        return statement


@pytest.fixture
def faults(monkeypatch) -> _Faults:
    """Let the driver report errors; to be asked for ahead of the project."""
    made, real = _Faults(), sqlite3.connect

    class Cursor(sqlite3.Cursor):
        def execute(self, statement, *args):
            return super().execute(made.checked(statement.strip()), *args)

        def executemany(self, statement, *args):
            return super().executemany(made.checked(statement), *args)

    class Connection(sqlite3.Connection):
        def cursor(self, *_args):
            return super().cursor(Cursor)

        def commit(self) -> None:
            made.checked("COMMIT")
            super().commit()

    monkeypatch.setattr(sqlite3, "connect", lambda *args, **more: real(*args, **more, factory=Connection))
    return made


def _sqlite_error(code: int, message: str) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError(message)
    error.sqlite_errorcode = code
    return error


def test_a_disk_that_lets_no_file_grow_saves_nothing_and_loses_nothing(bench, path) -> None:
    _draw(bench)
    before = bench.state()
    with _no_growth(path), pytest.raises(StorageFullError, match=r"not saved and nothing was changed\. .*space"):
        _draw(bench, "Velmar")
    assert bench.state() == before
    _draw(bench, "Ilya Brandt")
    assert check(bench.project) == []
    assert history.undo(bench.project).set_id is not None


_FULL_TMPFS = """
import sys
from pathlib import Path
from storage import queries
from storage.doctor import check
from storage.errors import StorageFullError
from storage.formats.exchange import ExchangeDocument
from storage.importing import Importer
from storage.operations import spans
from storage.project import Project
from storage.records import Fragment

folder = Path(sys.argv[1])
project = Project.create(folder / "p.sayso")
with Importer(project) as importer:
    importer.add_file("a", [ExchangeDocument(title="A", text="Orsk waits.")])
    importer.publish()
(document,) = [item.document.id for item in queries.document_items(project)]
label = queries.codebook(project).labels[0].id
spans.draw(project, document, label, [Fragment(0, 4)])
free = 0
try:
    with (folder / "ballast").open("wb", buffering=0) as ballast:
        while True:
            free += ballast.write(bytes(4096))
except OSError:
    pass
drawn = 0
try:
    for number in range(5_000):
        spans.draw(project, document, label, [Fragment(0, 1 + number % 4), Fragment(5, 6 + number % 5)])
        spans.remove(project, list(queries.spans_by_id(project, range(2, 50))))
        drawn += 1
except StorageFullError as problem:
    print("told", "disk is full" in str(problem), "nothing was changed" in str(problem))
before = queries.document_content(project, document)
try:
    with Importer(project) as importer:
        importer.add_file("b", [ExchangeDocument(title="B", text="Velmar waits. " * 200_000)])
        importer.publish()
    print("imported")
except StorageFullError:
    print("import told")
print("same", queries.document_content(project, document) == before)
(folder / "ballast").unlink()
spans.draw(project, document, label, [Fragment(5, 10)])
print("goes on", check(project))
project.close()
with Project.open(folder / "p.sayso") as again:
    print("sound", check(again), len(queries.document_items(again)))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="mounts a small drive in memory")
def test_a_full_drive_is_told_and_work_goes_on_when_there_is_space_again(tmp_path) -> None:
    drive = tmp_path / "drive"
    drive.mkdir()
    mount = ["unshare", "--mount", "--map-root-user"] if os.geteuid() != 0 else ["unshare", "--mount"]
    script = 'mount -t tmpfs -o size=1200k tmpfs "$1" && exec "$2" -c "$3" "$1"'
    run = subprocess.run(
        [*mount, "sh", "-c", script, "sh", str(drive), sys.executable, _FULL_TMPFS],
        capture_output=True,
        text=True,
        cwd=_ROOT,
        check=False,
    )
    if "mount" in run.stderr or "unshare" in run.stderr:
        pytest.skip("this machine lets nobody mount a small drive; the limit of file sizes is tested above")
    assert run.stderr == ""
    assert run.stdout.splitlines() == [
        "told True True",
        "import told",
        "same True",
        "goes on []",
        "sound [] 1",
    ]


@pytest.mark.parametrize(
    ("code", "message", "told"),
    [
        (sqlite3.SQLITE_FULL, "database or disk is full", "the disk is full"),
        (sqlite3.SQLITE_IOERR_WRITE, "disk I/O error", "drive reported an error"),
        (sqlite3.SQLITE_IOERR_FSYNC, "disk I/O error", "drive reported an error"),
        (sqlite3.SQLITE_CANTOPEN, "unable to open database file", "drive reported an error"),
        (sqlite3.SQLITE_READONLY, "attempt to write a readonly database", "cannot be written to"),
        (sqlite3.SQLITE_BUSY, "database is locked", "another program keeps the file busy"),
        (sqlite3.SQLITE_CORRUPT, "database disk image is malformed", "is damaged"),
        (sqlite3.SQLITE_NOTADB, "file is not a database", "is damaged"),
        (sqlite3.SQLITE_NOMEM, "out of memory", "not enough memory"),
    ],
)
@pytest.mark.parametrize(
    "at", ["BEGIN IMMEDIATE", "INSERT INTO span", "INSERT INTO change", "UPDATE change_set", "COMMIT"]
)
def test_whatever_the_driver_reports_is_one_sentence_and_changes_nothing(
    faults, bench, code, message, told, at
) -> None:
    _draw(bench, "Velmar")
    history.undo(bench.project)
    before, label = bench.state(), bench.label("State")
    faults.by_start[at] = _sqlite_error(code, message)
    with pytest.raises(StorageFullError, match=rf"^“Straits desk\.sayso”: .*{told}.*not saved and nothing was changed"):
        spans.draw(bench.project, bench.document_id, label, bench.at("Orsk"))
    faults.by_start.clear()
    assert bench.state() == before
    _draw(bench)
    assert bench.states == {"Orsk": "confirmed"}


def test_our_own_mistakes_are_not_blamed_on_the_disk(bench) -> None:
    before = bench.state()
    with pytest.raises(IntegrityError), bench.project.change("mistake") as scope:
        scope.connection.execute(text("INSERT INTO analyst (name, created_at) VALUES ('', 'now')"))
    with pytest.raises(ZeroDivisionError), bench.project.change("mistake"):
        _ = 1 / 0
    with pytest.raises(RuntimeError, match="within another"), bench.project.change("outer"):
        _draw(bench)
    assert bench.state() == before


def test_a_write_kept_waiting_by_another_program_is_told(bench, path) -> None:
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    waiting = bench.project._write_engine.raw_connection()
    waiting.cursor().execute("PRAGMA busy_timeout = 1")
    waiting.close()
    with pytest.raises(StorageFullError, match="another program keeps the file busy"):
        _draw(bench)
    other.execute("ROLLBACK")
    other.close()
    _draw(bench)


@pytest.mark.parametrize("how", ["deleted", "renamed", "replaced"])
def test_nothing_is_written_into_a_file_that_has_no_name_any_more(bench, path, how) -> None:
    _draw(bench, "Velmar")
    before = bench.state()
    elsewhere = path.with_name("elsewhere")
    match how:
        case "deleted":
            os.link(path, elsewhere)
            path.unlink()
        case "renamed":
            path.rename(elsewhere)
        case "replaced":
            shutil.copyfile(path, elsewhere)
            elsewhere.replace(path)
    with pytest.raises(StorageFullError, match=r"was moved, renamed, replaced or deleted .* not saved"):
        _draw(bench)
    if how == "replaced":
        return
    elsewhere.rename(path)
    assert bench.state() == before
    _draw(bench)
    assert set(bench.states) == {"Velmar", "Orsk"}


def test_a_project_cannot_be_written_to_once_it_is_closed(bench, path) -> None:
    bench.project.close()
    bench.project.close()
    project = bench.project
    for work in (lambda: _draw(bench), lambda: queries.codebook(project), lambda: project.store_setting("a", 1)):
        with pytest.raises(StaleEditError, match="was closed"):
            work()
    with Project.open(path) as again:
        assert queries.document_items(again)


def _immutable(path: Path) -> bool:
    """Make a file or folder unchangeable even for root; say whether that worked."""
    return subprocess.run(["chattr", "+i", str(path)], capture_output=True, check=False).returncode == 0


@pytest.fixture
def read_only():
    """Return what makes a path read-only for whoever runs the tests."""
    changed: list[tuple[Path, int]] = []

    def make(path: Path) -> None:
        mode = path.stat().st_mode
        if os.geteuid() == 0:
            if not _immutable(path):
                pytest.skip("root may write anywhere here")
        else:
            path.chmod(0o500 if path.is_dir() else 0o400)
        changed.append((path, mode))

    yield make
    for path, mode in changed:
        subprocess.run(["chattr", "-i", str(path)], capture_output=True, check=False)
        path.chmod(mode)


def test_a_read_only_file_is_refused(path, read_only) -> None:
    Project.create(path).close()
    read_only(path)
    with pytest.raises(ProjectOpenError, match="is read-only"):
        Project.open(path)
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_a_read_only_folder_is_refused(path, tmp_path, read_only) -> None:
    folder = tmp_path / "shared"
    folder.mkdir()
    project = folder / "p.sayso"
    Project.create(project).close()
    read_only(folder)
    with pytest.raises(ProjectOpenError, match="cannot be written to"):
        Project.open(project)
    with pytest.raises(ProjectOpenError, match="cannot be written to"):
        Project.create(folder / "new.sayso")
    assert [entry.name for entry in folder.iterdir()] == ["p.sayso"]


@pytest.mark.parametrize("at", ["CREATE TABLE document", "INSERT INTO label", "INSERT INTO analyst", "COMMIT"])
def test_a_project_that_cannot_be_made_leaves_no_file(faults, path, at) -> None:
    faults.by_start[at] = _sqlite_error(sqlite3.SQLITE_FULL, "database or disk is full")
    with pytest.raises(EnvironmentProblem, match="the disk is full"):
        Project.create(path)
    assert list(path.parent.iterdir()) == []


def test_a_folder_that_is_not_there_is_named(tmp_path) -> None:
    with pytest.raises(ProjectOpenError, match="There is no folder"):
        Project.create(tmp_path / "nowhere" / "p.sayso")
    with pytest.raises(ProjectOpenError, match="no project at"):
        Project.open(tmp_path / "nowhere" / "p.sayso")
    with pytest.raises(ProjectOpenError, match="a folder"):
        Project.open(tmp_path)


def test_a_link_that_leads_to_itself_is_told(path) -> None:
    path.symlink_to(path)
    with pytest.raises(ProjectOpenError, match="leads"):
        Project.open(path)


def test_an_import_that_meets_a_full_disk_leaves_nothing(bench, path) -> None:
    before = bench.state()
    with _no_growth(path), pytest.raises(StorageFullError), Importer(bench.project) as importer:
        importer.add_file("big", [ExchangeDocument(title="Big", text="Velmar waits. " * 100_000)])
    assert bench.state() == before
    bench.project.close()
    with Project.open(path) as again:
        assert len(queries.document_items(again)) == 1
        assert check(again) == []


@pytest.mark.parametrize(
    ("statement", "match"),
    [
        ("DROP TABLE reviewed", "no table “reviewed”"),
        ("CREATE TRIGGER t AFTER INSERT ON span BEGIN DELETE FROM link; END", "triggers or views"),
        ("CREATE VIEW v AS SELECT * FROM span", "triggers or views"),
    ],
)
def test_a_file_that_a_stranger_prepared_is_refused(path, statement, match) -> None:
    Project.create(path).close()
    other = sqlite3.connect(path)
    other.execute(statement)
    other.commit()
    other.close()
    with pytest.raises(ProjectOpenError, match=match):
        Project.open(path)
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE document SET meta = 'no json'",
        "UPDATE document SET meta = '[1]'",
        "UPDATE document SET title = CAST(x'ff' AS TEXT)",
        "DELETE FROM document_text",
        "DELETE FROM fragment",
    ],
)
def test_damage_in_a_row_is_told_in_a_sentence(bench, path, statement) -> None:
    _draw(bench)
    bench.project.close()
    other = sqlite3.connect(path)
    other.execute(statement)
    other.commit()
    other.close()
    with Project.open(path) as project:
        with pytest.raises(EnvironmentProblem, match=r"damaged|not what was imported|does not stand"):
            dict(queries.document_content(project, bench.document_id).document.meta)
        assert check(project) != []


def test_damaged_pages_are_found_by_the_check(bench, path) -> None:
    bench.add("Long", "Velmar waits. " * 3_000)
    bench.project.close()
    data = bytearray(path.read_bytes())
    for page in range(len(data) // 4096 // 2, len(data) // 4096):
        data[page * 4096 : page * 4096 + 64] = bytes(64)
    path.write_bytes(bytes(data))
    with pytest.raises(ProjectOpenError, match="damaged"), Project.open(path) as project:
        raise ProjectOpenError(" ".join(check(project)))


def test_a_log_that_vanished_under_us_loses_no_decision(bench, path) -> None:
    """Programs that synchronise folders remove side files; what was said to be saved must be in the file."""
    _draw(bench)
    path.with_name(path.name + "-wal").unlink()
    _draw(bench, "Velmar")
    copy = path.with_name("copy.sayso")
    shutil.copyfile(path, copy)
    with Project.open(copy) as project:
        assert {s.quote for s in queries.document_content(project, bench.document_id).spans} == {"Orsk", "Velmar"}


_BORN_AND_KILLED = """
import os, signal, sys
from pathlib import Path
from storage.formats.exchange import ExchangeDocument
from storage.importing import Importer
from storage.project import Project

project = Project.create(Path(sys.argv[1]))
with Importer(project) as importer:
    importer.add_file("a", [ExchangeDocument(title="A", text="Orsk waits.")])
    importer.publish()
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_project_whose_first_session_ended_in_kill_9_opens(path) -> None:
    """Nothing but the log holds its content then, not even the mark that it is ours."""
    run = subprocess.run([sys.executable, "-c", _BORN_AND_KILLED, str(path)], cwd=_ROOT, check=False)
    assert run.returncode == -signal.SIGKILL
    assert path.with_name(path.name + "-wal").exists()
    with Project.open(path) as project:
        assert [item.document.title for item in queries.document_items(project)] == ["A"]
        assert check(project) == []
