"""Rows of JSON and JSON Lines that other programs wrote: each item or line an object, its keys the columns."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import IO, Any

from storage.errors import RefusedInputError
from storage.formats.columns import Row, Table
from storage.formats.json_array import array_items
from storage.formats.json_lines import parsed, raw_lines
from storage.formats.json_object import named

#: So many lines are looked at for columns, at most this many bytes of them.
_HEAD_LINES = 100


def open_table(stream: IO[bytes], name: str) -> Table:
    """Return the table of a JSON Lines file, or of an array in a JSON file.

    Keys within keys are columns of their own, named with a point.

    Raises:
        RefusedInputError: a line is not JSON or not an object, as soon as it is read.
    """
    rows = _items(stream, name) if name.lower().endswith(".json") else _rows(stream, name)
    first = list(itertools.islice(rows, _HEAD_LINES))
    if not first:
        raise RefusedInputError(f"{name} is empty: there is nothing to import, so leave it out.")
    columns = dict.fromkeys(key for row in first for key in row.cells)
    return Table(tuple(columns), itertools.chain(first, rows), "utf-8")


def _rows(stream: IO[bytes], name: str) -> Iterator[Row]:
    for number, line in raw_lines(stream, name):
        where = f"{name}, line {number:,}"
        value = parsed(line, where)
        if not isinstance(value, dict):
            raise RefusedInputError(f"{where}: must be an object with keys, not {named(value)}.")
        yield Row(f"line {number:,}", dict(_flat(value)))


def _items(stream: IO[bytes], name: str) -> Iterator[Row]:
    """Yield the items of an array, or of the one array of objects that an object holds, as services answer."""
    for where, item in array_items(stream, name, "item"):
        lists = [value for value in item.rest.values() if _are_objects(value)] if where == name else []
        if len(lists) == 1:
            yield from (Row(f"item {at:,}", dict(_flat(row))) for at, row in enumerate(lists[0], start=1))
        else:
            yield Row(where.removeprefix(f"{name}, ") if where != name else "item 1", dict(_flat(item.rest)))


def _are_objects(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


def _flat(value: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, item in value.items():
        if isinstance(item, dict) and item and prefix.count(".") < 3:
            yield from _flat(item, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", item
