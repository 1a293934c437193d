"""Offsets of other tools made fragments: counted in another unit, with white space at the ends, out of order.

Tools count a text's code points, its UTF-16 units (all that are written in JavaScript or Java), its graphemes, or take
a carriage return with its line feed for one character. Where a file also holds the words, they tell which it was.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from enum import StrEnum

from storage.errors import RefusedInputError
from storage.formats.json_object import named
from storage.formats.units import Utf16Offsets
from storage.records import Fragment
from storage.text import is_grapheme_boundary, quote_of, snap

#: Ranges as a file has them, in whatever unit.
Ranges = Sequence[tuple[int, int]]


class Unit(StrEnum):
    """What a tool counts."""

    CODE_POINT = "Unicode code points"
    UTF16 = "UTF-16 units"
    GRAPHEME = "characters as one sees them"
    LINE_END = "code points, line ends as one"


class Offsets:
    """Turns offsets in one unit into code points of one text. Building it takes O(n) only where the units differ."""

    def __init__(self, text: str, unit: Unit) -> None:
        self._text = text
        self._u16 = Utf16Offsets(text) if unit is Unit.UTF16 else None
        self._cuts = _cuts(text, unit)

    def ranges(self, ranges: Ranges) -> list[tuple[int, int]] | None:
        """Return the ranges in code points; None if one is empty, outside the text or ends within a character."""
        found = []
        for start, end in ranges:
            start_cp, end_cp = self._at(start), self._at(end)
            if start_cp is None or end_cp is None or start_cp >= end_cp:
                return None
            found.append((start_cp, end_cp))
        return found

    def _at(self, position: int) -> int | None:
        if self._u16 is not None:
            return self._u16.to_cp(position)
        if self._cuts is None:
            return position if 0 <= position <= len(self._text) else None
        return self._cuts[position] if 0 <= position < len(self._cuts) else None


def placed(text: str, ranges: Ranges, *, where: str) -> tuple[Fragment, ...]:
    """Return fragments for ranges of code points in any order: whole graphemes, no white space at the ends, disjoint.

    Ranges that overlap become one. `where` begins the sentence of a refusal.

    Raises:
        RefusedInputError: a range is empty or outside the text, or there is nothing but white space in all of them.
    """
    found: list[Fragment] = []
    for start, end in sorted(ranges):
        if not 0 <= start < end <= len(text):
            raise RefusedInputError(
                f"{where}: the span from {start:,} to {end:,} is empty or outside the text of {len(text):,} "
                "characters: it belongs to another version of the text, so export both anew."
            )
        fragment = snap(text, start, end)
        if fragment is not None:
            found.append(fragment)
    if not found:
        raise RefusedInputError(
            f"{where}: the span {_shown(ranges)} covers nothing but white space: correct it, or take it out."
        )
    return merged(found)


def merged(fragments: Iterable[Fragment]) -> tuple[Fragment, ...]:
    """Return fragments in the order of the text, those that overlap as one."""
    found: list[Fragment] = []
    for start_cp, end_cp in sorted(fragments):
        if found and start_cp < found[-1].end_cp:
            found[-1] = Fragment(found[-1].start_cp, max(end_cp, found[-1].end_cp))
        else:
            found.append(Fragment(start_cp, end_cp))
    return tuple(found)


def is_quote(text: str, ranges: Ranges, quote: str) -> bool:
    """Say whether words of a file are those at these ranges of code points; white space never counts."""
    return _squeezed(quote_of(text, ranges)) == _squeezed(quote)


def unit_of_quotes(text: str, spans: Iterable[tuple[Ranges, str]], units: Sequence[Unit]) -> Unit | None:
    """Return the first unit in which all ranges have the words that the file holds for them; None if none fits."""
    spans = list(spans)
    for unit in units:
        offsets = Offsets(text, unit)
        if all((found := offsets.ranges(ranges)) and is_quote(text, found, quote) for ranges, quote in spans):
            return unit
    return None


def likely_unit(text: str, ranges: Ranges, units: Sequence[Unit]) -> Unit:
    """Return the unit in which most ranges hold whole characters and no white space at their ends; of equals the first.

    For files that hold no words to compare with. Offsets counted in another unit soon hit a blank or half a character.
    """
    if text.isascii() and "\r\n" not in text:
        return units[0]
    best, most = units[0], -1
    for unit in units:
        offsets = Offsets(text, unit)
        clean = sum(_is_clean(text, found[0]) for one in ranges if (found := offsets.ranges([one])))
        if clean > most:
            best, most = unit, clean
        if clean == len(ranges):
            break
    return best


def refuse_quote(where: str, text: str, ranges: Ranges, quote: str) -> RefusedInputError:
    """Return the refusal of a span whose words are not those at its place."""
    is_inside = all(0 <= start < end <= len(text) for start, end in ranges)
    there = f"has {named(quote_of(text, ranges))} there" if is_inside else f"ends at {len(text):,}"
    reason = _difference(text, quote_of(text, ranges) if is_inside else "", quote)
    return RefusedInputError(f"{where}: the span {_shown(ranges)} says {named(quote)}, but the text {there}: {reason}.")


def _difference(text: str, there: str, quote: str) -> str:
    """Return why words may not be those of the text, and what to do."""
    composed = [unicodedata.normalize("NFC", _squeezed(words)) for words in (text, there, quote)]
    is_plain = all(unicodedata.is_normalized("NFC", words) for words in (text, quote))
    if not is_plain and (composed[1] == composed[2] or (quote not in text and composed[2] in composed[0])):
        return (
            "accents are characters of their own in one and not in the other (Unicode normalisation, NFC and "
            "NFD); annotate and export the same file"
        )
    return (
        "the text was changed, or offsets were counted otherwise (line ends, emoji); export both anew from the tool "
        "that wrote them"
    )


def _shown(ranges: Ranges) -> str:
    return "; ".join(f"{start:,}-{end:,}" for start, end in ranges)


def _squeezed(words: str) -> str:
    return "".join(words.split())


def _is_clean(text: str, place: tuple[int, int]) -> bool:
    start, end = place
    is_bare = text[start].isspace() or text[end - 1].isspace()
    return not is_bare and is_grapheme_boundary(text, start) and is_grapheme_boundary(text, end)


def _cuts(text: str, unit: Unit) -> Sequence[int] | None:
    """Return the code point at each offset of a unit of several code points; None where it is the offset itself."""
    if unit is Unit.GRAPHEME and not (text.isascii() and "\r\n" not in text):
        import regex  # noqa: PLC0415  (40 ms, needed by few files)

        return [0, *(match.end() for match in regex.finditer(r"\X", text))]
    if unit is Unit.LINE_END and "\r\n" in text:
        return [0, *(match.end() for match in re.finditer(r"\r\n|.", text, re.DOTALL))]
    return None
