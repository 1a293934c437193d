"""Putting a project back as a backup has it; the present is kept first, whatever state it is in.

Nothing of the present is overwritten: it becomes a backup of its own, or, where it cannot be read any more, its
files are set aside under another name.
"""

from __future__ import annotations

import os
import secrets
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from shutil import copyfile
from sqlite3 import Connection, OperationalError

from storage.backup import BackupError, back_up, backup_folder, copy_database, verified
from storage.driver import attach, open_raw, uri_of
from storage.durable import create_private, new_part, private_folder, put_in_place
from storage.engine import APPLICATION_ID, SCHEMA_VERSION
from storage.errors import ProjectOpenError
from storage.keys import Key, database_errors, driver
from storage.lock import WriterLock
from storage.opening import real_path
from storage.thinning import Reason

#: More titles than these make a list that nobody reads.
MOST_TITLES = 20

_SIDES = ("-wal", "-shm", "-journal")
#: `{0}` is the name under which a database is attached.
_LISTED = "removed_at IS NULL AND batch_id IN (SELECT id FROM {0}.import_batch WHERE state = 'present')"
_DECIDED = (
    "SELECT id, document_id, label_id, state, start_cp, end_cp, quote, actor_id, note FROM {0}.span "  # noqa: S608
    "WHERE state <> 'suggested' AND document_id IN (SELECT id FROM {0}.document WHERE " + _LISTED + ")"
)
_TITLES = "SELECT id, title, sha256 FROM {0}.document WHERE " + _LISTED  # noqa: S608


class RestoreError(ProjectOpenError):
    """A backup could not be put back; the project is as it was."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a project file holds. `last_change` is UTC, "" if nothing was ever changed."""

    documents: int
    decisions: int
    last_change: str
    version: int


@dataclass(frozen=True, slots=True)
class Difference:
    """What the present has that a backup lacks (`added`), and the other way round (`lost`).

    A decision that was changed since counts on both sides. Titles are given up to `MOST_TITLES`.
    """

    documents_added: int
    documents_lost: int
    decisions_added: int
    decisions_lost: int
    titles_added: tuple[str, ...]
    titles_lost: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Restored:
    """Where the state before the restoring is now; `None` if there was no file."""

    path: Path
    present_kept_at: Path | None


def contents_of(path: Path, key: Key | None = None) -> Contents:
    """Return what a backup holds.

    Raises:
        RestoreError: it cannot be read.
    """
    try:
        with closing(open_raw(path, "still", key)) as connection:
            ask = connection.execute
            documents = ask(f"SELECT count(*) FROM ({_TITLES.format('main')})").fetchone()[0]  # noqa: S608
            decisions = ask(f"SELECT count(*) FROM ({_DECIDED.format('main')})").fetchone()[0]  # noqa: S608
            last = ask("SELECT at FROM change_set ORDER BY id DESC LIMIT 1").fetchone()
            version = ask("PRAGMA user_version").fetchone()[0]
    except database_errors() as error:
        raise RestoreError(f"The backup “{path.name}” cannot be read: {error}. Choose another one.") from error
    return Contents(documents, decisions, last[0] if last else "", version)


def difference(project_path: Path, backup: Path, key: Key | None = None) -> Difference | None:
    """Compare the present state of a project, open or not, with a backup; `None` where one cannot be read.

    Cost: both are read once, about a second for 200,000 spans. For a thread of its own.
    """
    with closing(driver(key).connect(":memory:", uri=True, isolation_level=None)) as connection:
        try:
            connection.execute("PRAGMA trusted_schema = 0")
            attach(connection, "present", uri_of(project_path, "rw"), key)
            attach(connection, "backup", uri_of(backup, "still"), key)
            connection.execute("PRAGMA query_only = 1")
            connection.execute("BEGIN")
            documents = [_only_in(connection, _TITLES, *sides) for sides in _BOTH_WAYS]
            decisions = [_only_in(connection, _DECIDED, *sides) for sides in _BOTH_WAYS]
            connection.execute("ROLLBACK")
        except database_errors():
            return None
    titles = [tuple(str(row[1]) for row in rows[:MOST_TITLES]) for rows in documents]
    return Difference(
        documents_added=len(documents[0]),
        documents_lost=len(documents[1]),
        decisions_added=len(decisions[0]),
        decisions_lost=len(decisions[1]),
        titles_added=titles[0],
        titles_lost=titles[1],
    )


_BOTH_WAYS = (("present", "backup"), ("backup", "present"))


def _only_in(connection: Connection, query: str, there: str, not_there: str) -> list[tuple[object, ...]]:
    return connection.execute(f"{query.format(there)} EXCEPT {query.format(not_there)}").fetchall()


def restore(project_path: Path, backup: Path, key: Key | None = None) -> Restored:
    """Put a backup in the place of a project that nobody has open, and keep what was there.

    Works for a project that is damaged, or gone. The new file stands there whole or not at all. `key` is that of the
    backup; a present that it does not open is set aside as it is.

    Raises:
        RestoreError: the backup is damaged, no project, or of a newer version; or the drive refuses.
        ProjectLockedError: the project is open.
    """
    path = real_path(project_path)
    lock = WriterLock(path)
    lock.acquire()
    part = new_part(path)
    try:
        _copy_checked(backup, part, key)
        kept = _keep_present(path, key)
        put_in_place(part, path)
    except database_errors(OSError) as error:
        why = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise RestoreError(f"“{path.name}” was not restored from “{backup.name}”: {why}.") from error
    finally:
        part.unlink(missing_ok=True)
        lock.release()
    return Restored(path, kept)


def _copy_checked(backup: Path, part: Path, key: Key | None) -> None:
    with closing(open_raw(backup, "still", key)) as source:
        mark, version = (source.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version"))
        if mark != APPLICATION_ID:
            raise RestoreError(f"“{backup.name}” is no Sayso project. Choose another backup.")
        if version > SCHEMA_VERSION:
            raise RestoreError(f"“{backup.name}” was written by a newer version of Sayso. Update Sayso to restore it.")
        copy_database(source, part, key)
    verified(part, key)


def _keep_present(path: Path, key: Key | None) -> Path | None:
    """Make a backup of what stands there; where that fails, set the files aside as they are."""
    aside = _place_aside(path)
    log, log_aside = (place.with_name(place.name + "-wal") for place in (path, aside))
    if log.exists():  # SQLite empties a log that it cannot make sense of
        copyfile(log, create_private(log_aside))
    if not path.exists():
        _remove_sides(path)  # what the log of a lost file holds would be written into the restored one
        return None
    try:
        made = back_up(path, Reason.RESTORE, key=key, is_forced=True).made
        assert made is not None  # noqa: S101  (forced, and nobody stops it)
        fold_whole_log(path, key)
        _remove_sides(path)
    except database_errors(BackupError):
        _set_aside(path, aside)
        return aside
    log_aside.unlink(missing_ok=True)
    return made.path


def fold_whole_log(path: Path, key: Key | None) -> None:
    """Write all that the log beside a file holds into it: what the log is removed for must not lack in the file.

    Raises:
        sqlite3.Error: the file cannot be read or written, or another program reads it.
    """
    with closing(open_raw(path, key=key)) as connection:
        if connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
            raise OperationalError("another program reads it")


def _place_aside(path: Path) -> Path:
    """Return a free name for a project that cannot be read, among its backups where that can be."""
    stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%SZ")
    try:
        folder = private_folder(backup_folder(path))
    except OSError:
        folder = path.parent
    return folder / f"damaged {stamp} {secrets.token_hex(2)} {path.name}"


def _set_aside(path: Path, aside: Path) -> None:
    """Give a project that cannot be read another name; its log was copied there before."""
    try:
        os.link(path, aside)  # so that the project's own name is never without a file
    except OSError:
        path.rename(aside)
    _remove_sides(path)


def _remove_sides(path: Path) -> None:
    for side in _SIDES:
        path.with_name(path.name + side).unlink(missing_ok=True)
