"""Title, source, date, language and metadata of a document as keys of a JSON object that another tool passes along."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from storage.errors import RefusedInputError
from storage.formats.exchange import ExchangeDocument

#: Under this key stands what Sayso's own metadata hold beyond the keys that have a meaning.
MORE = "meta"

_KNOWN = ("title", "source", "date", "language")


def told(document: ExchangeDocument) -> dict[str, Any]:
    """Return what is known of a document, without what is empty."""
    values = {key: getattr(document, key) for key in _KNOWN}
    values[MORE] = dict(document.meta)
    return {key: value for key, value in values.items() if value}


def heard(rest: Mapping[str, Any], *, left_out: Collection[str] = (), where: str) -> dict[str, Any]:
    """Return what keys of a file say of a document, as keywords of `ExchangeDocument`.

    What is a string under a known key is that; the rest goes into `meta`, but for keys that begin with `_` (tools keep
    hashes and sessions there), those `left_out`, and what is empty.

    Raises:
        RefusedInputError: a number is too large, or there are lists within lists without end.
    """
    values: dict[str, Any] = {}
    meta: dict[str, Any] = {}
    for key, value in rest.items():
        if key in _KNOWN and isinstance(value, str):
            values[key] = value
        elif key == MORE and isinstance(value, dict):
            meta |= value
        elif not key.startswith("_") and key not in left_out and value not in (None, "", [], {}):
            meta[key] = value
    try:
        json.dumps(meta, allow_nan=False)
    except (ValueError, RecursionError) as error:
        raise RefusedInputError(
            f"{where}: its metadata have a number that is too large, or lists without end."
        ) from error
    return values | {"meta": meta}


def joined(parts: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what several lines say of one document; the first to say something is believed."""
    values: dict[str, Any] = {"meta": {}}
    for part in parts:
        for key, value in part.items():
            if key == "meta":
                values["meta"] = {**value, **values["meta"]}
            else:
                values.setdefault(key, value)
    return values
