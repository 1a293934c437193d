"""A text cut into words for formats that label words: exact offsets, and cut wherever a span begins or ends."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from storage.records import Fragment

_PLAIN = re.compile(r"\w+|[^\w\s]")


class Token(NamedTuple):
    """A stretch of the text; `has_space`: one blank stands between it and the next."""

    start_cp: int
    end_cp: int
    has_space: bool


def words(text: str, spans: Iterable[tuple[int, int]] = ()) -> list[Fragment]:
    """Return the words and signs of a text, none of them white space, each of whole graphemes. O(n).

    `spans` begin and end where words do, whatever they cut.
    """
    cuts = sorted({edge for span in spans for edge in span})
    found: list[Fragment] = []
    next_cut = 0
    for start, end in _plain(text) if text.isascii() else _of_graphemes(text):
        while next_cut < len(cuts) and cuts[next_cut] <= start:
            next_cut += 1
        if next_cut == len(cuts) or cuts[next_cut] >= end:
            found.append(Fragment(start, end))
            continue
        edges = [start]
        while next_cut < len(cuts) and cuts[next_cut] < end:
            edges.append(cuts[next_cut])
            next_cut += 1
        found += [Fragment(*edge) for edge in pairwise([*edges, end])]
    return found


def tokens(text: str, spans: Iterable[tuple[int, int]] = ()) -> list[Token]:
    """Return words and white space as spaCy has them: one blank after a word belongs to it, all else is a token."""
    found: list[Token] = []
    at_cp = 0
    for start, end in [*words(text, spans), (len(text), len(text))]:
        if at_cp < start:
            has_space = text[start - 1] == " " and start - at_cp > 1
            found.append(Token(at_cp, start - has_space, has_space))
        if start < end:
            has_space = text.startswith(" ", end)
            found.append(Token(start, end, has_space))
            at_cp = end + has_space
    return found


def _plain(text: str) -> Iterator[tuple[int, int]]:
    return (match.span() for match in _PLAIN.finditer(text))


def _of_graphemes(text: str) -> Iterator[tuple[int, int]]:
    """Yield words of graphemes that begin with a letter or digit, and each other grapheme by itself."""
    import regex  # noqa: PLC0415  (40 ms)

    begin = -1
    end = 0
    for match in regex.finditer(r"\X", text):
        start, end = match.span()
        first = text[start]
        is_word = first.isalnum() or first == "_"
        if begin >= 0 and not is_word:
            yield begin, start
            begin = -1
        if is_word and begin < 0:
            begin = start
        elif not is_word and not first.isspace():
            yield start, end
    if begin >= 0:
        yield begin, end
