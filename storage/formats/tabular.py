"""Tables: CSV, TSV, XLSX, Parquet, and JSON of other programs; each row is a document. Reads only."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from storage.errors import RefusedInputError
from storage.formats import rows_csv, rows_json, rows_parquet, rows_xlsx
from storage.formats.columns import ColumnMapping, Table, TablePreview, documents_of, guess_mapping, preview
from storage.formats.exchange import ExchangeDocument, LeftOut
from storage.formats.incoming import read_all
from storage.formats.naming import display_name

#: Workbooks and Parquet files are read in any order, from memory where they come out of an archive.
_MAX_PACKED_BYTES = 256 * 1024 * 1024

_GUESSED_FROM = 20


def read(
    path: Path, *, encoding: str | None = None, mapping: ColumnMapping | None = None
) -> Iterator[ExchangeDocument | LeftOut]:
    """Yield a document for each row of a file; without a mapping the columns are guessed by `guess_mapping`."""
    with path.open("rb") as stream:
        yield from read_stream(stream, display_name(path), encoding=encoding, mapping=mapping)


def read_stream(
    stream: IO[bytes], name: str, *, encoding: str | None = None, mapping: ColumnMapping | None = None
) -> Iterator[ExchangeDocument | LeftOut]:
    """Yield a document for each row of a stream that can seek. Memory holds a few rows, of an XLSX all its words.

    `encoding` overrules what would be found in CSV.

    Raises:
        RefusedInputError: no such table, broken (where, it says), or no telling which column holds the text.
    """
    if mapping is None:
        guessed_from = preview(_table(stream, name, encoding), _GUESSED_FROM)
        mapping = guess_mapping(guessed_from.columns, guessed_from.rows)
        stream.seek(0)
    yield from documents_of(_table(stream, name, encoding), mapping, name)


def peek(path: Path, *, encoding: str | None = None, count: int = 20) -> TablePreview:
    """Return the columns of a file and its first rows, for a person to say which is which.

    Raises:
        RefusedInputError: no such table, or broken in its first rows.
        OSError: the file cannot be read (`folder.told_plainly` turns it into a sentence).
    """
    with path.open("rb") as stream:
        return preview(_table(stream, display_name(path), encoding), count)


def _table(stream: IO[bytes], name: str, encoding: str | None) -> Table:
    ending = PurePosixPath(name).suffix.lower()
    if ending in {".xlsx", ".xlsm", ".parquet", ".pq"}:
        seekable = stream if isinstance(stream, io.BufferedReader) else _in_memory(stream, name)
        if ending.startswith(".xls"):
            return rows_xlsx.open_table(seekable, name)
        return rows_parquet.open_table(seekable, name)
    if ending in {".json", ".jsonl", ".ndjson"}:
        return rows_json.open_table(stream, name)
    if ending == ".xls":
        raise RefusedInputError(f"{name} is a workbook of an old Excel: save it as XLSX or CSV and import that.")
    return rows_csv.open_table(stream, name, encoding)


def _in_memory(stream: IO[bytes], name: str) -> IO[bytes]:
    """Return a stream that jumps about at no cost; within an archive each jump back unpacks it from its beginning."""
    return io.BytesIO(read_all(stream, name, _MAX_PACKED_BYTES))
