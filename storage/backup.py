"""Verified snapshots of a project, in the folder `NAME.sayso-backups` beside it.

A snapshot is made by SQLite's backup interface from one consistent state, while work goes on; it is checked page by
page, flushed to the disk and only then given its name. Names tell serial number, time (UTC) and reason:
`0007 2026-05-04T09-30-00Z work.sayso`. What may go, and when, says `storage.thinning`.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from storage.driver import open_raw
from storage.durable import create_private, flush_file, private_folder, put_in_place
from storage.errors import EnvironmentProblem, StorageFullError
from storage.keys import Key, database_errors
from storage.thinning import Reason, beyond, superfluous

#: One step copies 1 MB; the pause lets decisions have the disk.
_STEP_PAGES, _PAUSE_S = 256, 0.002
#: What was copied goes to the disk in portions, so that no commit waits for a long flush: 32 MB.
_STEPS_PER_FLUSH = 32
#: How often SQLite asks whether a check is still wanted, in its own instructions: a few milliseconds.
_CHECK_STEPS = 200_000

#: All backups of a project together take no more than this, or than this many times the newest.
MOST_BYTES, MOST_TIMES = 2 << 30, 20
#: Room that a backup leaves on the drive.
_ROOM_BYTES = 50 << 20
#: A copy that was begun and not finished within this time belongs to a program that died.
_STALE_S = 3_600

#: How the reasons of backups read.
REASONS = {
    Reason.OPEN: "when it was opened",
    Reason.WORK: "during work",
    Reason.IMPORT: "before an import",
    Reason.BULK: "before a bulk action",
    Reason.UPGRADE: "before an upgrade",
    Reason.RESTORE: "before a restore",
    Reason.REPAIR: "before a repair",
    Reason.PASSPHRASE: "before the passphrase changed",
    Reason.HAND: "on request",
}

_NAME = re.compile(r"(\d{4,9}) (\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2})Z ([a-z]+)\.sayso")
_TIME = "%Y-%m-%dT%H-%M-%S"


@dataclass(frozen=True, slots=True)
class Backup:
    """One snapshot of a project. `at` is UTC by the clock of the time, `serial` counts up whatever the clock does."""

    path: Path
    serial: int
    at: datetime
    reason: Reason
    size: int


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What came of a wish for a backup: `made` is `None` when nothing had changed since the last or it was stopped."""

    made: Backup | None = None
    removed: tuple[Backup, ...] = ()
    notice: str = ""


class BackupError(StorageFullError):
    """No backup could be made; the project itself is as it was."""


class _StoppedError(Exception):
    """Nobody wants the backup any more."""


def backup_folder(project_path: Path) -> Path:
    """Return the folder of a project's backups, whether or not it is there."""
    return project_path.with_name(project_path.name + "-backups")


def backups_of(project_path: Path) -> list[Backup]:
    """Return the backups of a project, newest first. Files of other names are not ours."""
    found = []
    with suppress(OSError), os.scandir(backup_folder(project_path)) as entries:
        for entry in entries:
            named = _NAME.fullmatch(entry.name)
            if named is None or not entry.is_file(follow_symlinks=False):
                continue
            with suppress(ValueError, OSError):  # no such day, no such reason, just gone
                at = datetime.strptime(named[2], _TIME).replace(tzinfo=UTC)
                size = entry.stat().st_size
                found.append(Backup(Path(entry.path), int(named[1]), at, Reason(named[3]), size))
    return sorted(found, key=lambda backup: (backup.serial, backup.at), reverse=True)


class Snapshot:
    """One moment of a project, held still from its making on while work goes on, to be saved from any thread.

    To be closed in the end; making one takes a few milliseconds.

    Raises:
        BackupError: the project cannot be read.
    """

    def __init__(self, project_path: Path, key: Key | None = None) -> None:
        self._path = project_path
        self._key = key
        with _told(project_path):
            self._source = open_raw(project_path, key=key)
            try:
                self._source.execute("PRAGMA query_only = 1")
                # Within one transaction the source stays as it is; else each decision would begin the copy anew.
                self._source.execute("BEGIN")
                self._latest = last_change(self._source)
            except BaseException:
                self._source.close()
                raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the moment."""
        self._source.close()

    def save(
        self, reason: Reason, *, is_stopped: Callable[[], bool] = lambda: False, is_forced: bool = False
    ) -> BackupReport:
        """Make a backup, unless the last one holds the same; then thin out the older ones.

        `is_stopped` ends it early; `is_forced` makes it even if nothing has changed. Cost: about 5 ms a megabyte,
        with pauses.

        Raises:
            BackupError: the folder cannot be written to, the drive is full, or the copy is not sound.
        """
        before = backups_of(self._path)
        # What an upgrade keeps is never thinned out: another backup of the same state is no substitute.
        alike = [backup for backup in before if reason is not Reason.UPGRADE or backup.reason is reason]
        if alike and not is_forced and _holds(alike[0].path, self._latest, self._key):
            return BackupReport()
        with _told(self._path):
            folder = private_folder(backup_folder(self._path))
            _remove_stale(folder)
            _check_room(self._source, folder)
            part = folder / f".{secrets.token_hex(8)}.part"
            try:
                copy_database(self._source, part, self._key, is_stopped)
                if verified(part, self._key, is_stopped) != self._latest:
                    raise sqlite3.DatabaseError("the copy is not of the moment that was asked for")
                made = _publish(part, folder, 1 + (before[0].serial if before else 0), reason)
            except _StoppedError:
                return BackupReport()
            finally:
                part.unlink(missing_ok=True)
        return _thin_out(self._path, made)


def back_up(project_path: Path, reason: Reason, *, key: Key | None = None, is_forced: bool = False) -> BackupReport:
    """Make a backup of a project, open or not, as `Snapshot.save` does; an encrypted one's is encrypted as it is.

    Raises:
        BackupError: it could not be made; the project is as it was.
    """
    with Snapshot(project_path, key) as snapshot:
        return snapshot.save(reason, is_forced=is_forced)


def last_change(connection: sqlite3.Connection) -> tuple[object, ...]:
    """Return what tells one state of a project from another: schema and newest entry of the change log."""
    version = connection.execute("PRAGMA user_version").fetchone()
    newest = connection.execute("SELECT id, at FROM change_set ORDER BY id DESC LIMIT 1").fetchone()
    return (*version, *(newest or ()))


def verified(path: Path, key: Key | None = None, is_stopped: Callable[[], bool] = lambda: False) -> tuple[object, ...]:
    """Check every page of a snapshot that nobody writes to, and return its `last_change`.

    Raises:
        sqlite3.Error: it is no sound database of ours.
    """
    with closing(open_raw(path, "still", key)) as connection:
        connection.set_progress_handler(lambda: int(is_stopped()), _CHECK_STEPS)
        try:
            problem = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
        except database_errors():
            if is_stopped():
                raise _StoppedError from None
            raise
        if problem != "ok":
            raise sqlite3.DatabaseError(f"it is damaged ({problem})")
        return last_change(connection)


def copy_database(
    source: sqlite3.Connection, target: Path, key: Key | None = None, is_stopped: Callable[[], bool] = lambda: False
) -> None:
    """Copy a database into a new private file, in steps that leave the disk to others.

    A source that others may write to has to be within a transaction. `key` is that of the copy, which may be another
    than that of the source.

    Raises:
        OSError, sqlite3.Error: as the system reports it; a part of the file may be left.
    """
    create_private(target)
    steps = 0

    def breathe(_status: int, _remaining: int, _total: int) -> None:
        nonlocal steps
        steps += 1
        if is_stopped():
            raise _StoppedError
        if steps % _STEPS_PER_FLUSH == 0:
            flush_file(target)
        time.sleep(_PAUSE_S)

    with closing(open_raw(target, key=key)) as copy:
        copy.execute("PRAGMA journal_mode = OFF")
        copy.execute("PRAGMA synchronous = OFF")
        source.backup(copy, pages=_STEP_PAGES, progress=breathe)
    with closing(open_raw(target, key=key)) as copy:  # one file without a log beside it, whoever reads it later
        copy.execute("PRAGMA journal_mode = DELETE")


def _holds(backup: Path, latest: tuple[object, ...], key: Key | None) -> bool:
    """Whether a backup is of this state."""
    try:
        with closing(open_raw(backup, "still", key)) as connection:
            return last_change(connection) == latest
    except database_errors():
        return False


def _publish(part: Path, folder: Path, serial: int, reason: Reason) -> Backup:
    at = datetime.now(UTC).replace(microsecond=0)
    path = folder / f"{serial:04} {at.strftime(_TIME)}Z {reason.value}.sayso"
    size = part.stat().st_size
    put_in_place(part, path)
    return Backup(path, serial, at, reason, size)


def _thin_out(project_path: Path, made: Backup) -> BackupReport:
    """Remove what the rules give up, and say so where it is for want of room."""
    present = backups_of(project_path)
    old = superfluous(present, made.at)
    most = max(MOST_BYTES, MOST_TIMES * made.size)
    too_many = beyond([backup for backup in present if backup not in old], most)
    removed = []
    for backup in (*old, *too_many):
        with suppress(OSError):  # it stays, and is tried again after the next
            backup.path.unlink()
            removed.append(backup)
    notice = ""
    if too_many:
        notice = (
            f"The backups of “{project_path.name}” took more than {most / (1 << 30):.1f} GB, so the oldest were "
            f"removed ({len(too_many):,}). Copy what you want to keep for ever to another place."
        )
    return BackupReport(made, tuple(removed), notice)


def _check_room(source: sqlite3.Connection, folder: Path) -> None:
    # SQLCipher tells the size of a page as text.
    pages, page_size = (int(source.execute(f"PRAGMA {name}").fetchone()[0]) for name in ("page_count", "page_size"))
    if shutil.disk_usage(folder).free < pages * page_size + _ROOM_BYTES:
        raise OSError(28, os.strerror(28))


def _remove_stale(folder: Path) -> None:
    for part in folder.glob(".*.part"):
        with suppress(OSError):
            if abs(time.time() - part.stat().st_mtime) > _STALE_S:
                part.unlink()


@contextmanager
def _told(project_path: Path) -> Iterator[None]:
    try:
        yield
    except EnvironmentProblem:
        raise
    except database_errors(OSError) as error:
        why = " ".join(((error.strerror if isinstance(error, OSError) else None) or str(error)).split())
        advice = "The project itself is safe as it is; see that its folder can be written to and has room."
        if type(error).__name__ == "DatabaseError":  # of SQLite or SQLCipher, and none that passes, like a full disk
            advice = "The project itself may be damaged: check it (Project > Check, or main.py check)."
        raise BackupError(
            f"No backup of “{project_path.name}” could be made in “{backup_folder(project_path).name}”: {why}. {advice}"
        ) from error
