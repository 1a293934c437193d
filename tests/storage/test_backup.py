"""Backups are whole, sound, private, made while work goes on, and never of a state that one holds already."""

from __future__ import annotations

import os
import sqlite3
import stat
import threading
from contextlib import closing
from datetime import UTC, datetime

import pytest

from storage import backup as module
from storage import queries
from storage.backup import BackupError, Snapshot, back_up, backup_folder, backups_of
from storage.doctor import check
from storage.project import Project
from storage.thinning import Reason


def test_a_backup_is_a_sound_private_project_of_the_present_state(bench, path, tmp_path) -> None:
    bench.draw("State", "Orsk")
    report = back_up(path, Reason.HAND)
    assert report.made == backups_of(path)[0]
    assert (report.made.serial, report.made.reason, report.made.size) == (
        1,
        Reason.HAND,
        report.made.path.stat().st_size,
    )
    assert stat.S_IMODE(report.made.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(backup_folder(path).stat().st_mode) == 0o700
    assert [entry.name for entry in backup_folder(path).iterdir()] == [report.made.path.name]
    with Project.open(report.made.path) as copy:
        assert queries.document_content(copy, bench.document_id).spans == bench.spans
        assert check(copy) == []


def test_what_is_only_in_the_log_of_writes_is_in_the_backup(bench, path) -> None:
    bench.draw("State", "Orsk")
    assert path.with_name(path.name + "-wal").stat().st_size > 0
    made = back_up(path, Reason.WORK).made
    with closing(sqlite3.connect(f"{made.path.as_uri()}?immutable=1", uri=True)) as copy:
        assert copy.execute("SELECT quote FROM span").fetchall() == [("Orsk",)]


def test_nothing_is_made_while_nothing_has_changed_unless_it_is_forced(bench, path) -> None:
    assert back_up(path, Reason.OPEN).made is not None
    bench.project.store_setting("place", 3)  # no annotation
    assert back_up(path, Reason.WORK) == module.BackupReport()
    bench.draw("State", "Orsk")
    bench.undo()
    assert back_up(path, Reason.WORK).made.serial == 2
    assert back_up(path, Reason.HAND, is_forced=True).made.serial == 3


def test_a_damaged_backup_does_not_keep_a_new_one_from_being_made(bench, path) -> None:
    made = back_up(path, Reason.OPEN).made
    made.path.write_bytes(b"nothing of use")
    assert back_up(path, Reason.WORK).made.serial == 2


def test_work_goes_on_meanwhile_and_the_copy_is_of_the_moment_that_was_asked_for(bench, path, monkeypatch) -> None:
    bench.add("Long", "Velmar waits. " * 40_000)
    begun, drawn = threading.Event(), threading.Event()
    monkeypatch.setattr(module, "_STEP_PAGES", 16)

    def wait(_seconds: float) -> None:
        begun.set()
        assert drawn.wait(60)

    monkeypatch.setattr(module.time, "sleep", wait)
    reports = []
    with Snapshot(path) as snapshot:
        bench.draw("State", "Velmar")
        thread = threading.Thread(target=lambda: reports.append(snapshot.save(Reason.WORK)))
        thread.start()
        assert begun.wait(60)
        bench.draw("State", "Orsk")  # does not wait for the backup, which waits for it
        drawn.set()
        thread.join()
    with Project.open(reports[0].made.path) as copy:
        assert queries.document_content(copy, bench.document_id).spans == ()
        assert len(queries.document_items(copy)) == 2


def test_a_backup_that_is_stopped_leaves_nothing(bench, path) -> None:
    with Snapshot(path) as snapshot:
        assert snapshot.save(Reason.WORK, is_stopped=lambda: True) == module.BackupReport()
    assert list(backup_folder(path).iterdir()) == []


def test_a_copy_that_is_not_sound_is_no_backup(bench, path, monkeypatch) -> None:
    real = module.copy_database

    def damage(source, target, key, is_stopped) -> None:
        real(source, target, key, is_stopped)
        with target.open("r+b") as file:
            file.seek(4096 * 3)
            file.write(b"\xff" * 4096)

    monkeypatch.setattr(module, "copy_database", damage)
    with pytest.raises(BackupError, match=r"could be made .* is damaged .* may be damaged: check it"):
        back_up(path, Reason.WORK)
    assert backups_of(path) == list(backup_folder(path).iterdir()) == []


def test_without_a_folder_or_room_the_reason_is_told(bench, path, monkeypatch) -> None:
    monkeypatch.setattr(module, "_ROOM_BYTES", 1 << 62)
    with pytest.raises(BackupError, match="No space left on device"):
        back_up(path, Reason.WORK)
    monkeypatch.undo()
    backup_folder(path).rmdir()
    backup_folder(path).write_text("a file", encoding="utf-8")
    with pytest.raises(BackupError, match="Not a directory"):
        back_up(path, Reason.WORK)


def test_backups_are_listed_by_number_and_other_files_are_left_alone(bench, path) -> None:
    folder = backup_folder(path)
    folder.mkdir()
    names = [
        "0002 2026-01-01T10-00-00Z work.sayso",
        "0003 2020-01-01T10-00-00Z open.sayso",
        "0004 2026-13-01T10-00-00Z open.sayso",
        "0005 2026-01-01T10-00-00Z mischief.sayso",
        "notes.txt",
    ]
    for name in names:
        (folder / name).write_bytes(b"x")
    listed = backups_of(path)
    assert [backup.serial for backup in listed] == [3, 2]
    assert listed[1].at == datetime(2026, 1, 1, 10, tzinfo=UTC)
    assert back_up(path, Reason.OPEN).made.serial == 4
    assert {name for name in names if (folder / name).exists()} == {*names}


def test_older_backups_are_thinned_and_too_many_are_told(bench, path, monkeypatch) -> None:
    folder = backup_folder(path)
    folder.mkdir()
    for number in range(1, 9):
        (folder / f"{number:04} 2020-01-{number:02}T10-00-00Z work.sayso").write_bytes(b"x" * 1000)
    report = back_up(path, Reason.OPEN)
    assert [backup.serial for backup in report.removed] == [1, 2, 3]
    assert report.notice == ""
    monkeypatch.setattr(module, "MOST_BYTES", 1)
    monkeypatch.setattr(module, "MOST_TIMES", 1)
    report = back_up(path, Reason.OPEN, is_forced=True)
    assert "so the oldest were removed (1)" in report.notice
    assert [backup.serial for backup in backups_of(path)] == [10, 9, 8]


def test_what_a_program_that_died_left_behind_is_cleared_away(bench, path) -> None:
    folder = backup_folder(path)
    folder.mkdir()
    old, young = folder / ".old.part", folder / ".young.part"
    for part in (old, young):
        part.write_bytes(b"x")
    os.utime(old, (1_000, 1_000))
    back_up(path, Reason.OPEN)
    assert (old.exists(), young.exists()) == (False, True)


def test_whatever_stands_beside_an_open_project_is_for_its_owner_only(path, request) -> None:
    former = os.umask(0)
    try:
        request.getfixturevalue("bench").draw("State", "Orsk")
        back_up(path, Reason.HAND)
        beside = [*path.parent.iterdir(), *backup_folder(path).iterdir()]
    finally:
        os.umask(former)
    modes = {entry.name: stat.S_IMODE(entry.stat().st_mode) for entry in beside}
    assert {f"{path.name}{suffix}" for suffix in ("", "-wal", "-shm", ".lock", "-backups")} < modes.keys()
    assert {mode for name, mode in modes.items() if not name.endswith("-backups")} == {0o600}
    assert modes[f"{path.name}-backups"] == 0o700
