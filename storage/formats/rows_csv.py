"""Rows of CSV and TSV files: encoding and dialect are found, cells may hold line ends, memory holds one row."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
from collections.abc import Iterable, Iterator
from typing import IO

from storage.errors import RefusedInputError
from storage.formats.columns import Row, Table, unique_names
from storage.formats.decoding import MAX_TEXT_BYTES, decode

#: The longest line and the longest cell; no text is larger.
_MAX_LINE_CP = MAX_TEXT_BYTES
_MAX_COLUMNS = 10_000
_BLOCK_BYTES = 1024 * 1024
_SAMPLE_BYTES = 256 * 1024
_SAMPLE_RECORDS = 50
_SAMPLE_LINES = 2_000
_WIDE_MARKS = ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_DELIMITERS = ",;\t|"
#: Stands in no text: what is parted by it is a table of one column.
_NO_MARK = "\x1f"


class _Dialect(csv.excel):
    """What Excel and the csv module write; mistakes in quotation marks are told, not smoothed over."""

    strict = True


def open_table(stream: IO[bytes], name: str, encoding: str | None = None) -> Table:
    """Return the table of a CSV file; the stream must be able to seek.

    Raises:
        RefusedInputError: no text, no table, or broken; while rows are read also at the line that is.
    """
    codec, is_guess = (encoding, False) if encoding else _encoding(stream, name)
    stream.seek(0)
    try:
        text = io.TextIOWrapper(stream, encoding=codec, newline="")
    except LookupError:
        raise RefusedInputError(f"{name} cannot be read as “{codec}”: there is no such text encoding.") from None
    lines = _lines(text, name, codec)
    first = list(itertools.islice(lines, _SAMPLE_LINES))
    dialect, skipped = _dialect(first)
    records = _records(itertools.chain(first[skipped:], lines), dialect, name, skipped)
    head = next(records, None)
    if head is None:
        raise RefusedInputError(f"{name} is empty: there is nothing to label, so leave it out.")
    if len(head[1]) > _MAX_COLUMNS:
        raise RefusedInputError(f"{name} has {len(head[1]):,} columns: it is not a table of texts.")
    columns = unique_names(head[1])
    rows = _rows(records, columns, name)
    return Table(columns, rows, "utf-8" if codec == "utf-8-sig" else codec, is_guess)


def _encoding(stream: IO[bytes], name: str) -> tuple[str, bool]:
    """Return the encoding of a whole file, and whether it is a guess. Memory holds a block and a sample."""
    head = stream.read(4)
    for mark, codec in _WIDE_MARKS:
        if head.startswith(mark):
            return codec, False
    stream.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    sample = bytearray()
    is_utf8, line_bytes = True, 0
    while block := stream.read(_BLOCK_BYTES):
        line_bytes = _checked(block, line_bytes, name)
        if is_utf8:
            try:
                decoder.decode(block)
            except UnicodeDecodeError:
                is_utf8 = False
        if len(sample) < _SAMPLE_BYTES and not block.isascii():
            sample += b"\n".join(line for line in block.split(b"\n") if not line.isascii())[: 2 * _SAMPLE_BYTES]
    if is_utf8:
        try:
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            raise RefusedInputError(f"{name} was cut off in the middle of a character: get it anew.") from error
        return "utf-8-sig", False
    return decode(bytes(sample), where=name).encoding, True


def _checked(block: bytes, line_bytes: int, name: str) -> int:
    """Refuse what no text holds; return how long the last line is so far."""
    if b"\0" in block:
        raise RefusedInputError(
            f"{name} is not a table of text: it holds NUL characters. Save it anew, as CSV in UTF-8, and import that."
        )
    last = block.rfind(b"\n")
    length = line_bytes + len(block) if last < 0 else len(block) - last - 1
    if length > _MAX_LINE_CP:
        raise RefusedInputError(
            f"{name} has a line longer than {_MAX_LINE_CP // 2**20} MB: it is not a table of texts."
        )
    return length


def _lines(text: io.TextIOWrapper, name: str, codec: str) -> Iterator[str]:
    number = 0
    try:
        while line := text.readline(_MAX_LINE_CP + 1):
            number += 1
            if len(line) > _MAX_LINE_CP:
                raise RefusedInputError(f"{name}, line {number:,}: longer than {_MAX_LINE_CP // 2**20} MB.")
            yield line
    except UnicodeError as error:
        raise RefusedInputError(
            f"{name} reads as {codec}, but is broken after line {number:,}: it mixes two encodings or was cut off; "
            "save it again as UTF-8."
        ) from error
    finally:
        text.detach()  # the stream is its owner's to close


def _dialect(lines: list[str]) -> tuple[type[csv.Dialect], int]:
    """Return how a table is written, and how many lines ahead of its head say so (`sep=;`)."""
    if lines and lines[0].lower().startswith("sep=") and len(lines[0].rstrip("\r\n")) == 5:
        return _made(lines[0][4]), 1
    made = [_made(mark) for mark in _DELIMITERS]
    if any('\\"' in line for line in lines):
        made += [_made(mark, escape="\\") for mark in _DELIMITERS]
    made += [_made("\t", quoting=csv.QUOTE_NONE), _made(_NO_MARK)]
    return max(made, key=lambda dialect: _fit(lines, dialect)), 0


def _made(mark: str, *, escape: str | None = None, quoting: int = csv.QUOTE_MINIMAL) -> type[csv.Dialect]:
    members = {"delimiter": mark, "escapechar": escape, "doublequote": escape is None, "quoting": quoting}
    return type("_Found", (_Dialect,), members)


def _fit(lines: list[str], dialect: type[csv.Dialect]) -> tuple[bool, bool, float, int]:
    """Return how well a dialect fits the first records: does it part the head, is it kept, how regular, how wide."""
    csv.field_size_limit(_MAX_LINE_CP)
    reader = csv.reader(lines, dialect)
    widths: list[int] = []
    is_kept = True
    try:
        widths += (len(record) for record in itertools.islice(reader, _SAMPLE_RECORDS) if record)
    except csv.Error:  # a cell that the sample cuts off breaks no rule
        is_kept = len(lines) == _SAMPLE_LINES and reader.line_num >= len(lines)
    head = widths[0] if widths else 0
    share = widths.count(head) / len(widths) if widths else 0.0
    # One column is what a mark leaves that is not in the head, however many texts hold it.
    return head > 1, is_kept, share, head


def _records(
    lines: Iterable[str], dialect: type[csv.Dialect], name: str, skipped: int
) -> Iterator[tuple[int, list[str]]]:
    """Yield the records that are not blank with the line each begins on."""
    csv.field_size_limit(_MAX_LINE_CP)
    reader = csv.reader(lines, dialect)
    while True:
        begins = reader.line_num + 1 + skipped
        try:
            record = next(reader, None)
        except csv.Error as error:
            raise RefusedInputError(
                f"{name}, line {begins:,}: its quotation marks are not those of a table ({error}): a mark within a "
                "cell is written twice, and the cell stands between marks."
            ) from error
        if record is None:
            return
        if record:
            yield begins, record


def _rows(records: Iterator[tuple[int, list[str]]], columns: tuple[str, ...], name: str) -> Iterator[Row]:
    for line, cells in records:
        if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
            raise RefusedInputError(
                f"{name}, line {line:,}: {len(cells)} cells, and the head has {len(columns)}: a cell with the mark "
                "that parts cells stands between quotation marks."
            )
        yield Row(f"line {line:,}", dict(zip(columns, cells, strict=False)))
