"""Rows that were added or removed by the thousand, as one value of the change log."""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from storage.entities import Entity, Image, Row


def packed(entity: Entity, rows: Sequence[Row]) -> Image:
    """Return rows as one value of the log, column by column; what is the same in all of them is said once.

    Of spans most have one fragment, from their start to their end: only others are listed, with their place.
    """
    fixed: Image = {}
    columns: dict[str, Sequence[Any]] = {}
    parts: dict[str, Any] = {}
    for place, name in enumerate(entity.names):
        values = list(map(itemgetter(place), rows))
        child = entity.children.get(name)
        may_be_fixed = name != "id" and child is None and values[0] == values[-1]
        if child is not None and child.ends is not None:
            parts[name] = [child.ends, [(n, value) for n, value in enumerate(values) if len(value) != 1]]
        elif may_be_fixed and values.count(values[0]) == len(values):
            fixed[name] = values[0]
        else:
            columns[name] = values
    return {"fixed": fixed, "columns": columns, "parts": parts} if parts else {"fixed": fixed, "columns": columns}


def batch_images(batch: Image) -> list[Image]:
    """Return the images of a batch in the change log."""
    if "rows" in batch:  # as the first two schemas wrote them
        return [batch["fixed"] | dict(zip(batch["columns"], row, strict=True)) for row in batch["rows"]]
    names = list(batch["columns"])
    images: list[Image] = [
        batch["fixed"] | dict(zip(names, values, strict=True))
        for values in zip(*batch["columns"].values(), strict=True)
    ]
    for name, ((start, end), others) in batch.get("parts", {}).items():
        for image in images:
            image[name] = [[image[start], image[end]]]
        for n, value in others:
            images[n][name] = value
    return images
