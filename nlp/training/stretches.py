"""Decide which stretches of a document become training texts, and what in them is complete."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import regex

from nlp.parts import iter_parts
from nlp.suggestion import Range, TrainingDocument, TrainingSpan

#: About 1,000 tokens, the largest batch of the training configuration.
MAX_STRETCH_CP = 5_000
#: How far to look for the end of a sentence; longer ones are cut.
_SENTENCE_CP = 1_000
_SENTENCE_END = regex.compile(r"(?:[.!?…][\"'”’»)\]]*\s+|[。！？][”’」』）]*|[\n\r\u0085\u2028\u2029]+)")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a document that becomes one training text. `complete` are the reviewed ranges within it."""

    start_cp: int
    end_cp: int
    complete: tuple[Range, ...]


def extent(span: TrainingSpan) -> Range:
    """Return the range from a span's first character to its last, gaps included."""
    return Range(span.fragments[0].start_cp, span.fragments[-1].end_cp)


def find_stretches(document: TrainingDocument, *, only_reviewed: bool) -> Iterator[Stretch]:
    """Yield the stretches of a document that hold something to learn, in the order of the text.

    These are the reviewed ones and, unless `only_reviewed`, the sentences with decided spans outside them. Long ones
    are cut between sentences, but never inside a decided span. What is left between them says nothing. Excluded parts
    are in none, nor are decided spans that reach into one.
    """
    text = document.text
    excluded = left_out(document)
    complete = merged(text, without((_clipped(text, item) for item in document.reviewed), excluded))
    extents = {extent(span) for span in (*document.confirmed, *document.rejected)}
    decided = sorted(item for item in extents if not touches(item, excluded))
    wanted = list(complete)
    if not only_reviewed:
        around = [_sentences_around(text, item) for item in decided if not _is_inside(item, complete)]
        wanted += without(around, excluded)
    for whole in merged(text, wanted):
        for start, end in _cut(text, whole, decided):
            inside = (Range(max(start, a), min(end, b)) for a, b in complete if a < end and start < b)
            yield Stretch(start, end, tuple(inside))


def merged(text: str, ranges: Iterable[Range]) -> list[Range]:
    """Return the union of ranges, joined where only white space lies between them, without white space at the ends."""
    result: list[Range] = []
    for start, end in sorted(ranges):
        if result and (start <= result[-1].end_cp or text[result[-1].end_cp : start].isspace()):
            result[-1] = Range(result[-1].start_cp, max(result[-1].end_cp, end))
        else:
            result.append(Range(start, end))
    return [item for item in (_trimmed(text, *item) for item in result) if item.start_cp < item.end_cp]


def left_out(document: TrainingDocument) -> list[Range]:
    """Return the excluded parts of a document, sorted."""
    return sorted(_clipped(document.text, item) for item in document.excluded)


def without(ranges: Iterable[Range], excluded: Sequence[Range]) -> Iterator[Range]:
    """Yield what remains of ranges when the excluded ones (sorted, disjoint) are cut out of them."""
    for start, end in ranges:
        rest = start
        for first, last in excluded[max(0, bisect_right(excluded, (start, start)) - 1) :]:
            if first >= end:
                break
            if rest < first:
                yield Range(rest, first)
            rest = max(rest, last)
        if rest < end:
            yield Range(rest, end)


def touches(item: Range, excluded: Sequence[Range]) -> bool:
    """Whether a range shares a character with one of the excluded ones (sorted, disjoint)."""
    before = bisect_left(excluded, (item.end_cp, 0)) - 1
    return before >= 0 and excluded[before].end_cp > item.start_cp


def _clipped(text: str, item: Range) -> Range:
    return Range(max(item.start_cp, 0), min(item.end_cp, len(text)))


def _trimmed(text: str, start: int, end: int) -> Range:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    return Range(start, max(start, end - (len(piece) - len(piece.rstrip()))))


def _is_inside(item: Range, ranges: Sequence[Range]) -> bool:
    """Whether one of the sorted, disjoint ranges holds the item."""
    index = bisect_right(ranges, item.start_cp, key=lambda found: found.start_cp) - 1
    return index >= 0 and item.end_cp <= ranges[index].end_cp


def _sentences_around(text: str, item: Range) -> Range:
    """Return the sentence or sentences that hold a range."""
    start = earliest = max(0, item.start_cp - _SENTENCE_CP)
    for match in _SENTENCE_END.finditer(text, earliest, item.start_cp):
        start = match.end()
    return Range(start, _sentence_end(text, item.end_cp))


def _sentence_end(text: str, place: int) -> int:
    """Return the end of the sentence that holds the character before `place`, white space behind it included."""
    latest = min(len(text), place + _SENTENCE_CP)
    found = _SENTENCE_END.search(text, max(place - 1, 0), latest)
    return max(found.end(), place) if found else latest


def _cut(text: str, whole: Range, decided: Sequence[Range]) -> Iterator[Range]:
    """Cut a range into stretches; a cut that would fall inside a decided span is made behind its sentence."""
    start = whole.start_cp
    while start < whole.end_cp:
        ahead = text[start : min(whole.end_cp, start + 2 * MAX_STRETCH_CP)]
        end = start + next(iter_parts(ahead, MAX_STRETCH_CP)).end_cp
        while end < whole.end_cp and (crossed := [b for a, b in decided if a < end < b]):
            end = min(_sentence_end(text, max(crossed)), whole.end_cp)
        stretch = _trimmed(text, start, end)
        if stretch.start_cp < stretch.end_cp:
            yield stretch
        start = end
