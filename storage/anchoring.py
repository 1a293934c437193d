"""Finding a span's words again in a text where they no longer stand at its offsets.

Pure. All offsets are code points, half-open.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from storage.errors import InvalidEditError
from storage.records import Fragment
from storage.text import check_fragments, quote_of

#: Words that stand in a text more often than this are looked at only near their former place.
_MOST_PLACES = 10_000


def anchored(text: str, quote: str, fragments: Sequence[Sequence[int]], start_cp: int) -> tuple[Fragment, ...] | None:
    """Return where a quote stands, as fragments that may make a span; `None` if it is nowhere to be found.

    The place nearest to `start_cp`, where the span began, is taken. A quote of several fragments is cut where their
    lengths say; its parts are looked for one after the other. Cost: a few searches through the text.
    """
    lengths = [end - start for start, end in fragments]
    pieces = _pieces(quote, lengths) or [quote]
    for first_cp in sorted(_places(text, pieces[0]), key=lambda place: abs(place - start_cp)):
        found = [Fragment(first_cp, first_cp + len(pieces[0]))]
        for piece in pieces[1:]:
            next_cp = text.find(piece, found[-1].end_cp)
            if next_cp < 0:
                break
            found.append(Fragment(next_cp, next_cp + len(piece)))
        if len(found) == len(pieces) and _may_stand(text, quote, found):
            return tuple(found)
    return None


def _pieces(quote: str, lengths: Sequence[int]) -> list[str] | None:
    """Cut a quote into parts of these lengths, each followed by one blank; `None` where they do not fit it."""
    if len(lengths) < 2 or sum(lengths) + len(lengths) - 1 != len(quote):
        return None
    pieces, at = [], 0
    for length in lengths:
        pieces.append(quote[at : at + length])
        at += length + 1
    return pieces


def _places(text: str, words: str) -> Iterator[int]:
    place = text.find(words) if words else -1
    for _ in range(_MOST_PLACES):
        if place < 0:
            return
        yield place
        place = text.find(words, place + 1)


def _may_stand(text: str, quote: str, fragments: Sequence[Fragment]) -> bool:
    try:
        check_fragments(text, fragments)
    except InvalidEditError:
        return False
    return quote_of(text, fragments) == quote
