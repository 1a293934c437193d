"""Rows of Parquet files, by pyarrow (Apache): batches are read as they are asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, TYPE_CHECKING, Any

from storage.errors import RefusedInputError
from storage.formats.columns import Row, Table, unique_names
from storage.formats.libraries import without_threads

if TYPE_CHECKING:
    import pyarrow.parquet

_BATCH_ROWS = 200
_MAX_COLUMNS = 10_000


def open_table(stream: IO[bytes], name: str) -> Table:
    """Return the table of a Parquet file; nested values come as lists and dictionaries.

    Raises:
        RefusedInputError: no Parquet file, cut off or damaged; while rows are read also after the last sound one.
    """
    with without_threads():
        import pyarrow as pa  # noqa: PLC0415  (takes 0.1 s and 60 MB)
        import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        file = pq.ParquetFile(stream, pre_buffer=False, buffer_size=1024 * 1024)
        names = file.schema_arrow.names
    except (pa.ArrowException, OSError, ValueError) as error:
        raise RefusedInputError(
            f"{name} is not a Parquet file, or was cut off or damaged: its end does not tell its columns. Get it anew."
        ) from error
    if len(names) > _MAX_COLUMNS:
        raise RefusedInputError(f"{name} has {len(names):,} columns: it is not a table of texts.")
    columns = unique_names(names)
    return Table(columns, _rows(file, columns, name))


def _rows(file: pyarrow.parquet.ParquetFile, columns: tuple[str, ...], name: str) -> Iterator[Row]:
    import pyarrow as pa  # noqa: PLC0415

    number = 0
    try:
        for batch in file.iter_batches(batch_size=_BATCH_ROWS, use_threads=False):
            cells: list[list[Any]] = [column.to_pylist() for column in batch.columns]
            for row in zip(*cells, strict=True):
                number += 1
                yield Row(f"row {number:,}", dict(zip(columns, row, strict=True)))
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        raise RefusedInputError(f"{name} is damaged after row {number:,}: get it anew.") from error
