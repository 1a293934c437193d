"""A folder of Parquet files, typed, for pandas, R, DuckDB and the like. Writes only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storage.formats.atomic import atomic_folder
from storage.formats.exchange import ExchangeDocument
from storage.formats.libraries import without_threads
from storage.formats.tables.folder import write_tables
from storage.formats.tables.rows import Cell, CellType, Table

if TYPE_CHECKING:
    from storage.formats.interface import WriteContext

#: How many rows are held before they are written as one row group.
_GROUP_ROWS = 10_000


def write(documents: Iterable[ExchangeDocument], path: Path, context: WriteContext) -> int:
    """Write a new folder with `spans.parquet`, `claims.parquet` and so on, whole or not at all.

    Raises:
        StorageFullError: the folder cannot be written, or is there and not empty.
    """
    with atomic_folder(path) as folder:

        @contextmanager
        def opened(table: Table) -> Iterator[_ParquetSheet]:
            sheet = _ParquetSheet(folder / f"{table.name}.parquet", table)
            try:
                yield sheet
                sheet.flush()
            finally:
                sheet.close()

        return write_tables(documents, context, opened)


class _ParquetSheet:
    """One file. Cells are text, 64-bit integers, doubles or truth values, each column nullable."""

    def __init__(self, path: Path, table: Table) -> None:
        with without_threads():
            import pyarrow as pa  # noqa: PLC0415  (for exports only)
            from pyarrow import parquet  # noqa: PLC0415

        types: dict[CellType, Any] = {
            CellType.TEXT: pa.string(),
            CellType.INTEGER: pa.int64(),
            CellType.NUMBER: pa.float64(),
            CellType.FLAG: pa.bool_(),
        }
        self._schema = pa.schema([(column.name, types[column.type]) for column in table.columns])
        self._writer = parquet.ParquetWriter(path, self._schema)
        self._rows: list[Sequence[Cell]] = []

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Take rows, and write those that make a group."""
        for row in rows:
            self._rows.append(row)
            if len(self._rows) == _GROUP_ROWS:
                self.flush()

    def flush(self) -> None:
        """Write what is held."""
        import pyarrow as pa  # noqa: PLC0415

        columns = zip(*self._rows, strict=True) if self._rows else [()] * len(self._schema)
        arrays = [pa.array(list(cells), type=field.type) for cells, field in zip(columns, self._schema, strict=True)]
        self._writer.write_table(pa.Table.from_arrays(arrays, schema=self._schema))
        self._rows = []

    def close(self) -> None:
        """End the file."""
        self._writer.close()
