"""Rows of Excel workbooks (XLSX), by openpyxl (MIT), which streams them. Formulas count as what they came to."""

from __future__ import annotations

import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from typing import IO, TYPE_CHECKING, Any
from xml.etree.ElementTree import ParseError

from storage.errors import RefusedInputError
from storage.formats.columns import Row, Table, unique_names
from storage.formats.zipped import check_unpacked_size, open_zip

if TYPE_CHECKING:
    from openpyxl.workbook.workbook import Workbook

#: Texts of a workbook stand in one part that is held in memory.
_MAX_SHARED_BYTES = 256 * 1024 * 1024
_SHARED = "xl/sharedStrings.xml"
_MAX_ROWS = 1_048_576

#: What openpyxl raises on files that break its expectations.
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, ParseError, SyntaxError, EOFError, OSError),
    *(KeyError, ValueError, TypeError, IndexError, AttributeError, NotImplementedError, AssertionError),
)


def open_table(stream: IO[bytes], name: str) -> Table:
    """Return the rows of the first sheet that has any, and of every further sheet with the same head.

    Raises:
        RefusedInputError: no workbook, protected, damaged, a bomb, or empty; while rows are read also at the row.
    """
    with open_zip(stream, name, "an Excel workbook (XLSX)") as archive:
        check_unpacked_size(archive, name)
        shared = next((member for member in archive.infolist() if member.filename == _SHARED), None)
        if shared is not None and shared.file_size > _MAX_SHARED_BYTES:
            raise RefusedInputError(f"{name} unpacks to more text than Sayso takes at once: save it as CSV.")
    stream.seek(0)
    book = _opened(stream, name)
    sheets = _sheets(book, name)
    first = next(sheets, None)
    if first is None:
        raise RefusedInputError(f"{name} has no row: there is nothing to label, so leave it out.")
    return Table(first[1], _rows(first, sheets, name))


def _opened(stream: IO[bytes], name: str) -> Workbook:
    import openpyxl  # noqa: PLC0415  (takes 0.2 s)

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and validations, which nobody asks for here
            return openpyxl.load_workbook(stream, read_only=True, data_only=True, keep_links=False)
    except _BROKEN as error:
        raise RefusedInputError(
            f"{name} is not an Excel workbook (XLSX), or is damaged: save it anew, or as CSV."
        ) from error


_Sheet = tuple[str, tuple[str, ...], Iterator[tuple[int, tuple[Any, ...]]]]


def _sheets(book: Workbook, name: str) -> Iterator[_Sheet]:
    """Yield title, head and further rows of each sheet that has a head."""
    for sheet in book.worksheets:
        sheet.reset_dimensions()  # what files say of their size is often wrong
        rows = _cells(sheet.iter_rows(values_only=True), name, sheet.title)
        head = next(rows, None)
        if head is not None:
            last = max(at for at, cell in enumerate(head[1], start=1) if cell not in {None, ""})
            yield sheet.title, unique_names(head[1][:last]), rows


def _cells(rows: Iterable[tuple[Any, ...]], name: str, sheet: str) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Yield the rows that are not blank with their numbers; carriage returns stand as `_x000D_` in the file."""
    from openpyxl.utils.escape import unescape  # noqa: PLC0415

    number = 0
    try:
        for number, cells in enumerate(rows, start=1):
            if number > _MAX_ROWS:  # the library makes up every row that a number leaves out
                raise RefusedInputError(f"{name}, sheet “{sheet}”: has rows beyond the last that Excel knows: damaged.")
            if any(cell not in {None, ""} for cell in cells):
                yield number, tuple(unescape(cell) if isinstance(cell, str) else cell for cell in cells)
    except _BROKEN as error:
        raise RefusedInputError(f"{name}, sheet “{sheet}”: damaged after row {number:,}: save it anew.") from error


def _rows(first: _Sheet, others: Iterator[_Sheet], name: str) -> Iterator[Row]:
    columns = first[1]
    for title, head, rows in [first]:
        yield from _named(title, head, rows, name)
    for title, head, rows in others:
        if head == columns:
            yield from _named(title, head, rows, name)


def _named(
    title: str, columns: tuple[str, ...], rows: Iterator[tuple[int, tuple[Any, ...]]], name: str
) -> Iterator[Row]:
    for number, cells in rows:
        if any(cell not in {None, ""} for cell in cells[len(columns) :]):
            raise RefusedInputError(
                f"{name}, sheet “{title}”, row {number:,}: a cell stands beyond the last column of the head."
            )
        yield Row(f"sheet “{title}”, row {number:,}", dict(zip(columns, cells, strict=False)))
