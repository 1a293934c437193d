"""A folder of CSV files (RFC 4180, UTF-8 with a mark so that Excel reads it as such). Writes only."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from storage.formats.atomic import atomic_folder
from storage.formats.exchange import ExchangeDocument
from storage.formats.tables.folder import harmless, write_tables
from storage.formats.tables.rows import Cell, Table

if TYPE_CHECKING:
    from storage.formats.interface import WriteContext


def write(documents: Iterable[ExchangeDocument], path: Path, context: WriteContext) -> int:
    """Write a new folder with `spans.csv`, `claims.csv`, `actors.csv` and `decisions.csv`, whole or not at all.

    Raises:
        StorageFullError: the folder cannot be written, or is there and not empty.
    """
    with atomic_folder(path) as folder:

        @contextmanager
        def opened(table: Table) -> Iterator[_CsvSheet]:
            with (folder / f"{table.name}.csv").open("w", encoding="utf-8-sig", newline="") as stream:
                yield _CsvSheet(stream, table)

        return write_tables(documents, context, opened)


class _CsvSheet:
    """One file; lines end with CR LF, as RFC 4180 has it, and line breaks within cells stay as they are."""

    def __init__(self, stream: TextIO, table: Table) -> None:
        self._writer = csv.writer(stream)
        self._writer.writerows(harmless([[column.name for column in table.columns]]))

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Write rows."""
        self._writer.writerows(harmless(rows))
