"""A driver of SQLite whose n-th word to the database fails, as on a disk that is full or breaks just then."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

#: What drives and systems do, by turns: full, failing writes and flushes, read-only all of a sudden.
FAULTS = (
    (sqlite3.SQLITE_FULL, "database or disk is full", "the disk is full"),
    (sqlite3.SQLITE_IOERR_WRITE, "disk I/O error", "drive reported an error"),
    (sqlite3.SQLITE_IOERR_FSYNC, "disk I/O error", "drive reported an error"),
    (sqlite3.SQLITE_READONLY, "attempt to write a readonly database", "cannot be written to"),
)


class FaultyDriver:
    """Counts what is said to the database; `failing` lets one word of it fail. To be installed ahead of the project."""

    def __init__(self, monkeypatch) -> None:
        self._left: int | None = None
        self._error = sqlite3.OperationalError()
        self.count = 0
        real, driver = sqlite3.connect, self

        class Cursor(sqlite3.Cursor):
            def execute(self, statement, *args):
                driver._look_at(statement)
                return super().execute(statement, *args)

            def executemany(self, statement, *args):
                driver._look_at(statement)
                return super().executemany(statement, *args)

        class Connection(sqlite3.Connection):
            def cursor(self, *_args):
                return super().cursor(Cursor)

            def commit(self) -> None:
                driver._look_at("COMMIT")
                super().commit()

        monkeypatch.setattr(sqlite3, "connect", lambda *args, **more: real(*args, **more, factory=Connection))

    def _look_at(self, statement: str) -> None:
        if statement.startswith("ROLLBACK"):
            return
        self.count += 1
        if self._left is not None:
            self._left -= 1
            if self._left == 0:
                self._left = None
                raise self._error

    @contextmanager
    def failing(self, number: int, fault: tuple[int, str, str]) -> Iterator[None]:
        """Let the `number`-th word from now on fail, and only it."""
        self._error = sqlite3.OperationalError(fault[1])
        self._error.sqlite_errorcode = fault[0]
        self._left = number
        try:
            yield
        finally:
            self._left = None

    @property
    def has_failed(self) -> bool:
        """Whether the word that was to fail was said; asked within `failing`."""
        return self._left is None


def each_fault() -> Iterator[tuple[int, tuple[int, str, str]]]:
    """Yield 1, 2, 3, ... each with the next kind of fault."""
    return zip(itertools.count(1), itertools.cycle(FAULTS))
