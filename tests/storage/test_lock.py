"""One writer per project, whoever asks, however often, and whatever a stranger left in the folder."""

from __future__ import annotations

import errno
import json
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from storage import history, queries
from storage import lock as lock_module
from storage.doctor import check
from storage.errors import EnvironmentProblem, ProjectLockedError, ProjectOpenError
from storage.lock import WriterLock
from storage.operations import spans
from storage.project import Project

_MANY_ATTEMPTS = """
import sys
from pathlib import Path
from storage.errors import ProjectLockedError
from storage.project import Project

path, refused = Path(sys.argv[1]), 0
for _ in range(1_000):
    try:
        Project.open(path).close()
    except ProjectLockedError:
        refused += 1
print(refused)
"""


def test_a_thousand_openings_by_another_process_are_refused_and_hurt_nothing(bench, path) -> None:
    attempts = subprocess.Popen(
        [sys.executable, "-c", _MANY_ATTEMPTS, str(path)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    decisions = 0
    while attempts.poll() is None or not decisions:
        bench.draw("State", "Orsk")
        history.undo(bench.project)
        decisions += 2
    assert attempts.communicate()[0].strip() == "1000"
    assert path.with_name(path.name + ".lock").exists()
    assert check(bench.project) == []
    with bench.project.reading() as connection:
        logged = connection.exec_driver_sql("SELECT count(*) FROM change_set WHERE operation IN ('draw', 'undo')")
        assert logged.scalar() == decisions


def test_the_lock_is_held_by_one_at_a_time_however_it_is_fought_for(tmp_path) -> None:
    """Releasing removes the file: whoever locked the removed one must not believe to hold anything."""
    path, holders, most, failures = tmp_path / "p.sayso", 0, 0, []
    guard = threading.Lock()

    def fight() -> None:
        nonlocal holders, most
        try:
            for _ in range(150):
                lock = WriterLock(path)
                try:
                    lock.acquire()
                except ProjectLockedError:
                    continue
                with guard:
                    holders += 1
                    most = max(most, holders)
                with guard:
                    holders -= 1
                lock.release()
        except BaseException as error:  # noqa: BLE001  (told to the test)
            failures.append(error)

    threads = [threading.Thread(target=fight) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (failures, most) == ([], 1)
    assert list(tmp_path.iterdir()) == []


def test_a_lock_on_a_file_that_was_removed_meanwhile_is_not_taken_for_one(tmp_path, monkeypatch) -> None:
    path = tmp_path / "p.sayso"
    take, removed = lock_module._take, []

    def take_late(fd: int) -> None:
        if not removed:
            removed.append((tmp_path / "p.sayso.lock").unlink())
        take(fd)

    monkeypatch.setattr(lock_module, "_take", take_late)
    lock = WriterLock(path)
    lock.acquire()
    with pytest.raises(ProjectLockedError):
        WriterLock(path).acquire()
    lock.release()


@pytest.mark.parametrize(
    "left",
    [
        {"user": "mira", "host": "desk", "pid": 1, "since": "long ago"},  # another machine, a process that lives here
        {"user": "mira", "host": socket.gethostname(), "pid": os.getpid(), "since": "2020-01-01T00:00+00:00"},
        {"user": "mira", "host": socket.gethostname(), "pid": 999_999_999, "since": "2199-01-01T00:00+00:00"},
    ],
    ids=["of another host", "its process number given anew", "written by a clock that was wrong"],
)
def test_a_lock_file_left_by_a_crash_does_not_block_whatever_it_says(path, left) -> None:
    Project.create(path).close()
    path.with_name(path.name + ".lock").write_text(json.dumps(left))
    with Project.open(path) as project:
        assert queries.codebook(project).labels


@pytest.mark.parametrize("content", ["", "nonsense", "[1]", '{"user": "mira"}', "\xff"])
def test_a_holder_that_cannot_be_read_is_another_program(project, path, content) -> None:
    path.with_name(path.name + ".lock").write_bytes(content.encode("latin-1"))
    with pytest.raises(ProjectLockedError, match="open elsewhere: another program"):
        Project.open(path)


def test_a_planted_link_is_not_followed(path, tmp_path) -> None:
    Project.create(path).close()
    victim = tmp_path / "diary.txt"
    victim.write_text("mine", encoding="utf-8")
    path.with_name(path.name + ".lock").symlink_to(victim)
    with pytest.raises(ProjectOpenError, match="cannot be written to"):
        Project.open(path)
    assert victim.read_text(encoding="utf-8") == "mine"


def test_a_planted_pipe_neither_blocks_nor_is_taken(path) -> None:
    Project.create(path).close()
    os.mkfifo(path.with_name(path.name + ".lock"))
    with pytest.raises(ProjectOpenError, match="no file at all"):
        Project.open(path)


def test_a_drive_without_locks_is_told_apart_from_another_holder(path, monkeypatch) -> None:
    Project.create(path).close()

    def refuse(_fd: int) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(lock_module, "_take", refuse)
    with pytest.raises(ProjectOpenError, match="knows no locks"):
        Project.open(path)


def test_a_full_disk_does_not_take_the_lock_away(path, monkeypatch) -> None:
    def refuse(_fd: int, _data: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "write", refuse)
    lock = WriterLock(path)
    lock.acquire()
    with pytest.raises(ProjectLockedError, match="another program"):
        WriterLock(path).acquire()
    lock.release()


def test_links_to_one_project_share_its_lock(project, path, tmp_path) -> None:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "other name.sayso").symlink_to(path)
    with pytest.raises(ProjectLockedError):
        Project.open(folder / "other name.sayso")


def test_a_lock_file_that_someone_removed_is_put_back_before_the_next_write(bench, path) -> None:
    lock_file = path.with_name(path.name + ".lock")
    lock_file.unlink()
    bench.draw("State", "Orsk")
    assert lock_file.exists()
    with pytest.raises(ProjectLockedError):
        Project.open(path)


def test_a_lock_that_another_took_meanwhile_stops_writing(bench, path) -> None:
    path.with_name(path.name + ".lock").unlink()
    other = WriterLock(path)
    other.acquire()
    before = bench.spans
    with pytest.raises(EnvironmentProblem, match="open elsewhere"):
        spans.draw(bench.project, bench.document_id, bench.label("State"), bench.at("Orsk"))
    assert bench.spans == before
    other.release()
    bench.draw("State", "Orsk")


def test_a_refused_second_opening_does_not_loosen_the_hold_of_the_first(project, path) -> None:
    """Closing any handle of the file would drop SQLite's own locks on it in this process."""
    with pytest.raises(ProjectLockedError):
        Project.open(path)
    with project.change("look") as scope:
        scope.connection.exec_driver_sql("UPDATE label SET definition = definition")
        code = "import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=0).execute('BEGIN IMMEDIATE')"
        run = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=False)
    assert "database is locked" in run.stderr
