"""JSON that can mean one thing only: no NaN, no key that stands twice in an object, no nesting without end."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any


class _TwiceError(ValueError):
    """A key stands twice in one object: readers differ on which of the values counts, and one would be lost."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _TwiceError(Counter(key for key, _ in pairs).most_common(1)[0][0])
    return found


def _refuse_constant(constant: str) -> None:
    raise ValueError(constant)


#: Raises `ValueError` or `RecursionError`, of which `fault_in` tells more.
DECODER = json.JSONDecoder(parse_constant=_refuse_constant, object_pairs_hook=_object)


def fault_in(error: ValueError | RecursionError) -> str:
    """Return what was wrong, as the end of a sentence that the place begins; not for a `json.JSONDecodeError`."""
    if isinstance(error, RecursionError):
        return "it has lists within lists without end, as no document does"
    if isinstance(error, _TwiceError):
        shown = str(error)[:40].encode("utf-8", "replace").decode("utf-8")
        return f"it has the key “{shown}” twice in one object, so that one of the values would be lost: take one out"
    return "it has a number that JSON does not have (NaN, Infinity) or of thousands of digits"
