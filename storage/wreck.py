"""Reading what can be read of a damaged project file: around pages that are torn, without a sound first page.

Works on a private copy, which may be mended so that SQLite opens it. Every row that cannot be read is passed over.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from shutil import copyfile
from typing import Any, Self

from storage.driver import open_raw
from storage.durable import create_private, new_part
from storage.keys import Key, database_errors, mend_pages

#: How many ids one statement asks for; where it fails, each half is asked for by itself.
_SPAN_OF_IDS = 2_048
#: Where neither the table nor the counter of ids tells where the last row is.
_LAST_ID = 1 << 20

#: Tables whose rows have the ids of another one's.
_COUNTED_BY = {"document_text": "document"}

_PAGE = 4_096
_MAGIC = b"SQLite format 3\x00"
#: The tables without which nothing is worth reading.
_NEEDED = {"document", "document_text", "label", "span"}

Values = dict[str, Any]


@dataclass(slots=True)
class Wreck:
    """The copy of a damaged file, opened. `unread` counts by table the ids at which reading failed.

    `pages_from`: the backup of which an encrypted one took pages, since it could not be read without.
    """

    path: Path
    connection: sqlite3.Connection
    pages_from: Path | None = None
    unread: dict[str, int] = field(default_factory=dict)

    @classmethod
    def open(cls, broken: Path, donors: Iterable[Path], folder: Path, key: Key | None = None) -> Self | None:
        """Copy a damaged file into a folder and open the copy; `None` if nothing of it can be read.

        Where its first page is lost, those of `donors` are tried: other states of the same project, or a new one, in
        which the tables begin on the same pages. With the key of an encrypted file the copy is encrypted as well, and
        donors are backups that have this key: each torn page is taken from them, not only the first.

        Raises:
            OSError: the file cannot be read, or the folder cannot be written to.
        """
        copy = create_private(new_part(folder / broken.name))
        for mend, donor in _ways(donors, key):
            copyfile(broken, copy)
            log = broken.with_name(broken.name + "-wal")
            if log.exists():
                copyfile(log, copy.with_name(copy.name + "-wal"))
            with suppress(*database_errors(OSError)):
                mend(copy)
                connection = open_raw(copy, key=key)
                if _is_readable(connection):
                    return cls(copy, connection, donor)
                connection.close()
        _remove(copy)
        return None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()
        _remove(self.path)

    def columns(self, table: str) -> list[str]:
        """Return the names of a table's columns, none if there is no such table."""
        try:
            return [row[1] for row in self.connection.execute(f'PRAGMA table_info("{table}")')]
        except database_errors():
            return []

    def rows(self, table: str, key: str = "rowid", first: int = 1, last: int | None = None) -> Iterator[list[Values]]:
        """Yield the rows of a table that can be read, by name of column, in portions of ascending keys."""
        names = self.columns(table)
        if not names:
            return
        last = self._last(table, key) if last is None else last
        for start in range(first, last + 1, _SPAN_OF_IDS):
            portion = self._read(table, key, start, min(start + _SPAN_OF_IDS - 1, last))
            if portion:
                yield [dict(zip(names, row, strict=True)) for row in portion]

    def _read(self, table: str, key: str, first: int, last: int) -> list[tuple[Any, ...]]:
        query = f'SELECT * FROM "{table}" WHERE {key} BETWEEN ? AND ? ORDER BY {key}'  # noqa: S608  (our own names)
        try:
            return self.connection.execute(query, (first, last)).fetchall()
        except database_errors():
            if first == last:
                self.unread[table] = self.unread.get(table, 0) + 1
                return []
        middle = (first + last) // 2
        return self._read(table, key, first, middle) + self._read(table, key, middle + 1, last)

    def _last(self, table: str, key: str) -> int:
        """Return the largest key: as the table tells, else the counter of ids, else as large as it may well be."""
        with suppress(*database_errors()):
            found = self.connection.execute(f'SELECT max({key}) FROM "{table}"').fetchone()  # noqa: S608
            return int(found[0] or 0)
        with suppress(*database_errors()):
            query = "SELECT max(seq) FROM sqlite_sequence WHERE name = ?"
            found = self.connection.execute(query, (_COUNTED_BY.get(table, table),)).fetchone()
            return int(found[0] or 0)
        return _LAST_ID


def _is_readable(connection: sqlite3.Connection) -> bool:
    """Whether the list of tables can be read, and something of those that matter."""
    connection.text_factory = lambda data: data.decode("utf-8", "replace")
    try:
        connection.execute("PRAGMA writable_schema = 1")  # lets SQLite read a file whose end is missing
        connection.execute("PRAGMA cell_size_check = 0")
        names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    except database_errors():
        return False
    if not names >= _NEEDED:
        return False
    for table in ("label", "document", "change"):
        with suppress(*database_errors()):
            if connection.execute(f'SELECT * FROM "{table}" LIMIT 1').fetchone() is not None:  # noqa: S608
                return True
    return False


def _ways(donors: Iterable[Path], key: Key | None) -> Iterator[tuple[Callable[[Path], object], Path | None]]:
    """Yield what may make a copy readable, the gentlest first, with the backup whose rows it brings in."""
    if key is not None:
        yield lambda copy: mend_pages(copy, key), None
        yield from ((partial(mend_pages, key=key, donor=donor), donor) for donor in donors)
    else:
        yield _as_it_is, None
        yield _with_a_header, None
        yield from ((_with_page_of(donor), None) for donor in donors)


def _as_it_is(_copy: Path) -> None:
    """Leave the copy alone."""


def _with_a_header(copy: Path) -> None:
    """Write the hundred bytes that every file of ours begins with, by https://www.sqlite.org/fileformat2.html."""
    header = bytearray(100)
    header[:16] = _MAGIC
    header[16:18] = _PAGE.to_bytes(2, "big")
    header[18:24] = bytes((1, 1, 0, 64, 32, 32))
    header[28:32] = (copy.stat().st_size // _PAGE).to_bytes(4, "big")
    header[44:48] = (4).to_bytes(4, "big")
    header[56:60] = (1).to_bytes(4, "big")
    with copy.open("r+b") as file:
        file.write(header)
    _drop_log(copy)


def _with_page_of(donor: Path) -> Callable[[Path], None]:
    """Return what puts the first page of another file into the copy."""

    def mend(copy: Path) -> None:
        with donor.open("rb") as file:
            page = bytearray(file.read(_PAGE))
        page[18:20] = bytes((1, 1))
        page[28:32] = (copy.stat().st_size // _PAGE).to_bytes(4, "big")
        with copy.open("r+b") as file:
            file.write(page)
        _drop_log(copy)

    return mend


def _drop_log(copy: Path) -> None:
    copy.with_name(copy.name + "-wal").unlink(missing_ok=True)


def _remove(copy: Path) -> None:
    for suffix in ("", "-wal", "-shm", "-journal"):
        with suppress(OSError):
            copy.with_name(copy.name + suffix).unlink(missing_ok=True)


def text_in(path: Path, document_id: int, key: Key | None = None) -> str | None:
    """Return what a sound file has as the text of a document."""
    with suppress(*database_errors()), closing(open_raw(path, "still", key)) as connection:
        row = connection.execute("SELECT text FROM document_text WHERE document_id = ?", (document_id,)).fetchone()
        return row[0] if row is not None and isinstance(row[0], str) else None
    return None
