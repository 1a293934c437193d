"""What the disk, the system or a damaged file does to the database, told in sentences for the analyst."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from storage.errors import EnvironmentProblem, ProjectDamagedError, ProjectOpenError, StorageFullError
from storage.keys import database_errors

_DAMAGED_ADVICE = "Restore a backup, or save what can be read of it into a new project (salvage)."
_FULL = "the disk is full", "Free some space and try again."
_READ_ONLY = (
    "the file cannot be written to",
    "Check the permissions of the file and its folder, and whether its drive is still there.",
)
_DRIVE = (
    "its drive reported an error, or refused to let the file grow",
    "Check the drive and its free space, then try again.",
)
_BUSY = (
    "another program keeps the file busy",
    "Wait for backups, virus scans and synchronising to end, then try again.",
)
_MEMORY = "there is not enough memory", "Close other programs and try again."
_DAMAGED = "the file is damaged", _DAMAGED_ADVICE

#: What happened and what to do, by the primary codes of https://www.sqlite.org/rescode.html.
_TOLD = {
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_PERM: _READ_ONLY,
    sqlite3.SQLITE_AUTH: _READ_ONLY,
    sqlite3.SQLITE_IOERR: _DRIVE,
    sqlite3.SQLITE_CANTOPEN: _DRIVE,
    sqlite3.SQLITE_NOLFS: _DRIVE,
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
    sqlite3.SQLITE_PROTOCOL: _BUSY,
    sqlite3.SQLITE_NOMEM: _MEMORY,
    sqlite3.SQLITE_TOOBIG: _MEMORY,
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: _DAMAGED,
    sqlite3.SQLITE_FORMAT: _DAMAGED,
}


class Doing(Enum):
    """What was under way, with what is safe now, and the kind of problem that comes of it."""

    OPENING = ("the project was not opened and nothing was changed", ProjectOpenError)
    READING = ("it could not be read just now, and what was saved is safe", ProjectOpenError)
    SAVING = ("the last action was not saved and nothing was changed", StorageFullError)

    def __init__(self, safe: str, kind: type[EnvironmentProblem]) -> None:
        self.safe = safe
        self.kind = kind


@contextmanager
def told_plainly(path: Path, doing: Doing) -> Iterator[None]:
    """Turn what fails in the database into one sentence; our own mistakes pass through as they are."""
    try:
        yield
    except database_errors(DBAPIError, json.JSONDecodeError) as error:
        happened, advice = _told(error)
        if not happened:
            raise
        is_damaged = advice is _DAMAGED_ADVICE and doing.kind is ProjectOpenError
        kind = ProjectDamagedError if is_damaged else doing.kind
        raise kind(f"“{path.name}”: {happened}: {doing.safe}. {advice}") from error


def needs_new_connection(error: BaseException) -> bool:
    """Whether a connection that reported this may be of no more use, as after a drive was gone for a while."""
    return _code(error) not in {None, sqlite3.SQLITE_FULL, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_CONSTRAINT}


def _told(error: Exception) -> tuple[str, str]:
    """Return what happened and what to do; empty strings when it is no fault of the analyst's world."""
    text = str(error).lower()
    if isinstance(error, json.JSONDecodeError) or "could not decode to utf-8" in text:
        return "the file is damaged, something in it cannot be read", _DAMAGED_ADVICE
    if "sql logic error" in text and type(_cause(error)).__module__.startswith("sqlcipher3"):
        return _DAMAGED  # what SQLCipher says of everything once it has met a page whose code does not fit
    if "no such table" in text or "no such column" in text:
        return "the file is damaged, a part of it is missing", _DAMAGED_ADVICE
    return _TOLD.get(_code(error) or sqlite3.SQLITE_OK, ("", ""))


def _code(error: BaseException) -> int | None:
    """Return SQLite's primary code for what happened, `None` if the error is not SQLite's own."""
    extended: int | None = getattr(_cause(error), "sqlite_errorcode", None)
    return None if extended is None else extended & 0xFF


def _cause(error: BaseException) -> BaseException | None:
    """Return the driver's own error."""
    return error.orig if isinstance(error, DBAPIError) else error
