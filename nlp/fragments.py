"""Clean ranges of a text, so that they can be the fragments of a span. Needs no pipeline."""

from __future__ import annotations

from typing import TYPE_CHECKING

import regex

from nlp.suggestion import Range

if TYPE_CHECKING:
    from collections.abc import Iterable

_GRAPHEME = regex.compile(r"\X")
#: No code point below this one joins another one, but for the line feed after a carriage return.
_FIRST_JOINING = "\u0300"


def clean_fragments(text: str, ranges: Iterable[Range]) -> tuple[Range, ...]:
    """Return the ranges sorted and disjoint, without white space at their ends, cutting no grapheme.

    Ranges that touch or overlap become one; what is left empty is dropped. Offsets are code points.
    """
    found: list[Range] = []
    for start, end in sorted(ranges):
        piece = _clean(text, max(start, 0), min(end, len(text)))
        if piece is None:
            continue
        if found and piece.start_cp <= found[-1].end_cp:
            found[-1] = Range(found[-1].start_cp, max(found[-1].end_cp, piece.end_cp))
        else:
            found.append(piece)
    return tuple(found)


def _clean(text: str, start: int, end: int) -> Range | None:
    """Move the start to the next grapheme and the end behind the last one, then trim, until nothing moves."""
    while start < end:
        before = (start, end)
        start, end = _boundary_at_or_after(text, start), _boundary_at_or_after(text, end)
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        if (start, end) == before:
            return Range(start, end)
        if end < before[1] and not _is_boundary(text, end):
            # A blank with a combining mark: neither its blank nor its mark may stand at the end.
            return _clean(text, start, end - 1)
    return None


def _is_boundary(text: str, position: int) -> bool:
    return _boundary_at_or_after(text, position) == position


def _boundary_at_or_after(text: str, position: int) -> int:
    if position <= 0 or position >= len(text):
        return position
    before, after = text[position - 1], text[position]
    if before < _FIRST_JOINING and after < _FIRST_JOINING:
        return position + 1 if before == "\r" and after == "\n" else position
    match = _GRAPHEME.match(text, position - 1)
    return int(match.end()) if match else position
