"""Rules of the stretches of a text that are no annotation: pages, parts that are left out of the work; paragraphs.

Imports nothing of `storage` but `records` and `errors`. All offsets are code points, half-open.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from storage.errors import InvalidEditError
from storage.records import Fragment, StretchKind

_LINE_END = re.compile("[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
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


def touches_any(ranges: Sequence[tuple[int, int]], start_cp: int, end_cp: int) -> bool:
    """Whether [start, end) shares a character with one of these ranges, which are sorted and disjoint; O(log n)."""
    before = bisect_left(ranges, (end_cp, 0)) - 1
    return before >= 0 and ranges[before][1] > start_cp


def paragraphs(text: str) -> Iterator[Fragment]:
    """Yield the lines of a text that are not blank, without the white space at their ends."""
    start_cp = 0
    for line in text.splitlines(keepends=True):
        words = line.strip()
        if words:
            first_cp = start_cp + len(line) - len(line.lstrip())
            yield Fragment(first_cp, first_cp + len(words))
        start_cp += len(line)


def paragraph_at(text: str, pos_cp: int) -> Fragment | None:
    """Return the paragraph that holds a position or ends there, the white space of its line included; None if blank."""
    for paragraph in paragraphs(text):
        if paragraph.end_cp >= pos_cp:
            is_here = not _LINE_END.search(text, min(pos_cp, paragraph.start_cp), paragraph.start_cp)
            return paragraph if is_here else None
    return None
