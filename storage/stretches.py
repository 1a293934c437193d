"""Rules of the stretches of a text that are no annotation: pages, and parts that are left out of the work.

Imports nothing of `storage` but `records` and `errors`. All offsets are code points, half-open.
"""

from __future__ import annotations

from collections.abc import Iterable

from storage.errors import InvalidEditError
from storage.records import StretchKind

_KINDS = tuple(kind.value for kind in StretchKind)


def check_stretches(length_cp: int, stretches: Iterable[tuple[str, int, int]]) -> None:
    """Check that these (kind, start, end), in any order, may stand in a text of this length.

    Raises:
        InvalidEditError: a kind is not known; a stretch is empty or outside the text; two of one kind overlap.
    """
    last_end_cp: dict[str, int] = {}
    for kind, start_cp, end_cp in sorted(stretches, key=lambda stretch: stretch[1:]):
        if kind not in _KINDS:
            raise InvalidEditError(
                f"the stretch {start_cp}-{end_cp} is of the kind “{kind}”, not one of {', '.join(_KINDS)}"
            )
        if not 0 <= start_cp < end_cp <= length_cp:
            raise InvalidEditError(
                f"the stretch {start_cp}-{end_cp} ({kind}) is empty or outside the text of {length_cp:,} characters"
            )
        if start_cp < last_end_cp.get(kind, 0):
            raise InvalidEditError(f"the stretch {start_cp}-{end_cp} ({kind}) overlaps another one of its kind")
        last_end_cp[kind] = end_cp
