"""An Excel workbook with one sheet a table. Writes only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from storage.durable import create_private, new_part
from storage.formats.atomic import atomic_bytes_writer
from storage.formats.exchange import ExchangeDocument
from storage.formats.losses import Losses
from storage.formats.tables.folder import harmless, write_tables
from storage.formats.tables.rows import Cell, CellType, Table

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

    from storage.formats.interface import WriteContext

#: What a sheet and a cell hold at most (Excel specifications and limits).
LAST_ROW = 1_048_576
LONGEST_CELL = 32_767

_WIDE = {"quote", "claim", "document", "note", "notes", "aliases", "reason"}


def write(documents: Iterable[ExchangeDocument], path: Path, context: WriteContext) -> int:
    """Write a workbook, whole or not at all; a table with more rows than a sheet holds goes on in another.

    Rows are streamed to hidden files beside it; memory does not grow with their number.

    Raises:
        StorageFullError: the file cannot be written.
    """
    import openpyxl  # noqa: PLC0415  (for exports only)

    book = openpyxl.Workbook(write_only=True)

    with atomic_bytes_writer(path) as stream, ExitStack() as parts:

        def new_rows() -> Path:
            part = create_private(new_part(path))
            parts.callback(_remove, part)
            return part

        @contextmanager
        def opened(table: Table) -> Iterator[_Sheets]:
            yield _Sheets(book, table, context.losses, new_rows)

        try:
            count = write_tables(documents, context, opened)
            book.save(stream)
        except BaseException:
            _close_sheets(book)
            raise
    return count


def _close_sheets(book: Workbook) -> None:
    """Let go of the rows of an export that failed."""
    for sheet in cast("list[WriteOnlyWorksheet]", book.worksheets):
        if not sheet.closed:
            with suppress(Exception):  # as it may for the same reason; what failed is told
                sheet.close()


def _remove(part: Path) -> None:
    with suppress(OSError):  # where an export fails, openpyxl may still have it open
        part.unlink(missing_ok=True)


class _Sheets:
    """The sheet of a table, and those that follow when it is full."""

    def __init__(self, book: Workbook, table: Table, losses: Losses, new_rows: Callable[[], Path]) -> None:
        from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE  # noqa: PLC0415

        self._book, self._table, self._losses, self._new_rows = book, table, losses, new_rows
        self._illegal = ILLEGAL_CHARACTERS_RE
        self._number = 0
        self._rows = 0
        self._sheet = self._next()

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Write rows."""
        for row in harmless(rows):
            if self._rows == LAST_ROW:
                self._sheet = self._next()
            self._sheet.append([self._held(cell) for cell in row])
            self._rows += 1

    def _next(self) -> WriteOnlyWorksheet:
        from openpyxl.utils import get_column_letter  # noqa: PLC0415
        from openpyxl.worksheet._writer import ALL_TEMP_FILES, WorksheetWriter  # noqa: PLC0415

        self._number += 1
        name = self._table.name if self._number == 1 else f"{self._table.name} {self._number}"
        sheet: Any = self._book.create_sheet(name)  # its stubs lack what it shares with other sheets
        sheet.freeze_panes = "A2"
        for place, column in enumerate(self._table.columns, 1):
            width = 60 if column.name in _WIDE else 20 if column.type == CellType.TEXT else 12
            sheet.column_dimensions[get_column_letter(place)].width = width
        # By itself openpyxl would collect the rows in the system's folder for temporary files.
        sheet._writer = WorksheetWriter(sheet, str(self._new_rows()))  # noqa: SLF001
        ALL_TEMP_FILES.append(sheet._writer.out)  # noqa: SLF001  (of which it takes those that it has read)
        sheet._writer.write_top()  # noqa: SLF001
        sheet.append(next(harmless([[column.name for column in self._table.columns]])))
        self._rows = 1
        return cast("WriteOnlyWorksheet", sheet)

    def _held(self, cell: Cell) -> Cell:
        """Return what a cell can hold of a value."""
        if not isinstance(cell, str):
            return cell
        legal = self._illegal.sub("\N{REPLACEMENT CHARACTER}", cell)
        if legal != cell:
            self._losses.add(
                "cells with control characters", "Excel forbids them: they became U+FFFD", where=legal[:60]
            )
        if len(legal) > LONGEST_CELL:
            why = f"Excel takes {LONGEST_CELL:,} characters a cell: the rest was cut off"
            self._losses.add("long cells", why, where=legal[:60])
            return legal[: LONGEST_CELL - 1] + "…"
        return legal
