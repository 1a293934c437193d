"""Cut long texts into parts that fit a pipeline, at places where nothing is torn apart."""

from __future__ import annotations

from collections.abc import Iterator

import regex

from nlp.suggestion import Range

#: Parse and memory stay linear up to any length, but a batch of such parts must stay small: 20,000 characters
#: are about 4,000 words, one second of work and 60 MB. (spaCy refuses texts over 1,000,000 characters.)
MAX_PART_CP = 20_000

# A cut after white space is one between graphemes unless an extending character follows (UAX 29, GB9 and GB9a)
# and no line feed belongs to a carriage return before it (GB3).
_FRESH = r"(?![\p{GCB=Extend}\p{GCB=ZWJ}\p{GCB=SpacingMark}]|(?<=\r)\n)"
_NEWLINE = r"(?:\r\n|[\n\r\u0085\u2028\u2029])"
_STOP = r"[.!?…][\"'”’»)\]]*"
#: Where to cut, best first: each pattern ends at the cut.
_CUTS = tuple(
    regex.compile(f"(?:{pattern}){_FRESH}")
    for pattern in (
        rf"{_NEWLINE}[^\S\r\n]*{_NEWLINE}\s*",
        rf"{_STOP}[^\S\r\n]*{_NEWLINE}\s*",
        rf"{_STOP}\s+|[。！？][”’」』）]*\s*",
        rf"{_NEWLINE}\s*",
        r"\s+",
    )
)
_BOUNDARY = regex.compile(_FRESH)
_GRAPHEME = regex.compile(r"\X")


def iter_parts(text: str, max_cp: int = MAX_PART_CP) -> Iterator[Range]:
    """Yield ranges of at most about `max_cp` code points that cover the text without gap or overlap.

    A part ends at the end of a paragraph where there is one in its last three quarters, else of a sentence,
    else at white space, else between graphemes. Only a single grapheme longer than `max_cp` makes a part longer.
    O(n), lazy.
    """
    start = 0
    while len(text) - start > max_cp:
        cut = _cut_before(text, start, start + max_cp)
        yield Range(start, cut)
        start = cut
    if start < len(text):
        yield Range(start, len(text))


def _cut_before(text: str, start: int, limit: int) -> int:
    """Return where the part that begins at `start` should end, at `limit` or before it where possible."""
    earliest = start + (limit - start) // 4
    for pattern in _CUTS:
        last: int | None = None
        for match in pattern.finditer(text, earliest, limit):
            last = match.end()
        # `finditer` takes the end of its window for the end of the text: white space may go on behind it.
        if last == limit and not _is_fresh(text, limit):
            continue
        if last is not None:
            return last
    return _grapheme_end(text, start, limit)


def _is_fresh(text: str, place: int) -> bool:
    """Whether a cut at `place`, known to stand behind white space or a full stop, tears no grapheme."""
    return _BOUNDARY.match(text, place) is not None


def _grapheme_end(text: str, start: int, limit: int) -> int:
    """Return the end of the last grapheme from `start` that ends at `limit` or before it, or of the first one."""
    end: int = start
    for match in _GRAPHEME.finditer(text, start):
        if match.end() > limit and end > start:
            break
        end = match.end()
        if end >= limit:
            break
    return end
