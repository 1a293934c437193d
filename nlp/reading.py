"""The text as the suggesters read it: lines that were only wrapped are joined, invisible characters gone.

A pipeline takes a name that a line break cuts for two names, and one with a hyphen there for none. `Reading` knows the
way back, so that what is found lies in the document's own text, character for character.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import regex

from nlp.fragments import clean_fragments
from nlp.suggestion import Range

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nlp.suggestion import DocumentSuggestions

#: Soft hyphens, zero-width blanks and marks of direction. Joiners stay: emoji and Persian words are made with them.
_INVISIBLE = "\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
#: Numbers of footnotes, glued to the end of a quotation ("for years.”2") or to a name ("Halvek1 has argued").
_FOOTNOTES = r"(?<=[.,][”\"’])\d{1,2}(?![\w%-]|[.,]\d)|(?<=[\p{L}.,”\"’)])[¹²³⁰⁴-⁹]+"
_NUMBERED = regex.compile(r"\b\p{Lu}\p{Ll}{2,}(?P<number>\d{1,2})(?![\w%-]|[.,]\d)")
_EDITS = regex.compile(rf"[{_INVISIBLE}]+|(?<=\w)[ \u00a0]{{2}}(?=\w)|\u00a0|{_FOOTNOTES}")
#: Dots that lead to a page, lines of dashes. To cut a run of 20,000 marks into tokens takes a pipeline a minute.
_RUNS = regex.compile(r"([^\w\s]|_)\1{9,}")
_RUN_LEFT = 3
_LINE = regex.compile(r"[^\r\n]+")
_NEWLINE = regex.compile(r"\r\n|\n|\r")
#: Columns, quoted mail, bullets, numbers and names of speakers begin lines of their own.
_COLUMNS = regex.compile(r"\t|\S {3,}\S")
_OWN_LINE = regex.compile(r"\s*(?:[>•·▪◦●*+#|–—-]|\(?\w{1,3}[.)]\s|[\p{Lu}][\p{L}.’' -]{0,30}:\s)")
_STOPPED = regex.compile(r"[.!?:;…][\"”’»)\]]*\s*$")
_CAPITALISED = regex.compile(r"\b\p{Lu}")
_WORD = regex.compile(r"\b\p{L}")
_HYPHENATED = regex.compile(r"\p{Ll}[-‐\u00ad]$")
#: Text is wrapped from narrow columns to long lines; longer lines are paragraphs, shorter ones addresses or verse.
_NARROWEST, _WIDEST = 36, 130
#: From this share of capitalised words on, a line is a heading or a list of names.
_HEADING = 0.6
#: What may stay free of a line that no stop ends, before a capital and before a small letter.
_RAGGED = (0.25, 0.4)


class Reading:
    """A text made readable, and the places in the text that it was made from. O(n) to make, O(log n) to map."""

    def __init__(self, text: str) -> None:
        self._original = text
        pieces: list[str] = []
        #: From each of these places in the readable text on, the original is that much further.
        self._from: list[int] = [0]
        self._further: list[int] = [0]
        at = length = 0
        edits = (*_wrapped_lines(text), *_small_edits(text))
        for start, end, instead in sorted(edits, key=lambda edit: (edit[0], -edit[1])):
            if start < at:
                continue
            pieces += (text[at:start], instead)
            length += start - at + len(instead)
            at = end
            self._from.append(length)
            self._further.append(at - length)
        self.text = "".join((*pieces, text[at:])) if pieces else text

    def restored(self, found: DocumentSuggestions) -> DocumentSuggestions:
        """Return suggestions for the readable text as suggestions for the original one."""
        if len(self._from) == 1:
            return found
        spans = tuple(
            replace(span, fragments=clean_fragments(self._original, map(self.original, span.fragments)))
            for span in found.spans
        )
        return replace(found, spans=spans)

    def original(self, place: Range) -> Range:
        """Return where a range that is not empty lies in the original text."""
        return Range(self._back(place.start_cp), self._back(place.end_cp - 1) + 1)

    def _back(self, at_cp: int) -> int:
        return at_cp + self._further[bisect_right(self._from, at_cp) - 1]


def _small_edits(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield invisible characters to leave out, and blanks that should be one plain blank."""
    for match in _EDITS.finditer(text):
        yield match.start(), match.end(), " " if match[0][0] in " \u00a0" else ""
    for match in _RUNS.finditer(text):
        yield match.start() + _RUN_LEFT, match.end(), ""
    numbered = list(_NUMBERED.finditer(text))
    times = Counter(match[0] for match in numbered)
    for match in numbered:
        if times[match[0]] == 1:  # what is called so again and again is a name of its own
            yield match.start("number"), match.end(), ""


def _wrapped_lines(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield the line breaks within wrapped paragraphs, and the hyphens before them, with what to read instead."""
    block: list[regex.Match[str]] = []
    for line in _LINE.finditer(text):
        if not line[0].strip():
            continue
        if block and _NEWLINE.fullmatch(text, block[-1].end(), line.start()):
            block.append(line)
            continue
        yield from _joined(text, block)
        block = [line]
    yield from _joined(text, block)


def _joined(text: str, block: Sequence[regex.Match[str]]) -> Iterator[tuple[int, int, str]]:
    """Yield the breaks of one block of lines if it is a wrapped paragraph: where the next word did not fit any more."""
    if len(block) < 2:
        return
    width = max(len(line[0].rstrip()) for line in block)
    if not _NARROWEST <= width <= _WIDEST:
        return
    full = [(one, other) for one, other in pairwise(block) if _is_full(one[0], other[0], width)]
    if not any(_STOPPED.search(one[0]) is None for one, _ in full):
        return  # each line is a sentence
    for one, other in full:
        end = one.start() + len(one[0].rstrip())
        start = other.start() + len(other[0]) - len(other[0].lstrip())
        if _HYPHENATED.search(text, one.start(), end):
            yield end - (1 if text[start].islower() else 0), start, ""
        else:
            yield end, start, " "


def _is_full(line: str, other: str, width: int) -> bool:
    """Tell whether a line goes on in the next one: nothing has ended, or the next word found no room."""
    line, other = line.rstrip(), other.lstrip()
    if _COLUMNS.search(line) or _COLUMNS.search(other) or _OWN_LINE.match(other):
        return False
    is_stopped, is_small = _STOPPED.search(line) is not None, other[0].islower()
    free = width - len(line) - 1
    ragged = 0.0 if is_stopped else _RAGGED[is_small] * width
    if free >= max(len(other.split(maxsplit=1)[0]), ragged):
        return False
    return (is_small and not is_stopped) or not _is_heading(line)


def _is_heading(line: str) -> bool:
    words = len(_WORD.findall(line))
    return words == 0 or len(_CAPITALISED.findall(line)) >= _HEADING * words
