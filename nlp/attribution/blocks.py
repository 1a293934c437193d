"""Block quotations: a paragraph without marks after one that ends with a cue and a colon ("Hewitt writes:")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nlp.attribution.candidates import from_frame
from nlp.attribution.records import Frame
from nlp.attribution.tree import child, is_visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from spacy.tokens import Token

    from nlp.attribution.candidates import Candidate
    from nlp.attribution.lexicon import Cue
    from nlp.attribution.quotations import Quotations

PATTERN = "block"
#: How far before its colon a cue may stand, and how many words a quoted paragraph has at least.
_REACH = 12
_FEWEST_WORDS = 8


def block_candidates(quotations: Quotations, entry_of: Callable[[Token], Cue | None]) -> Iterator[Candidate]:
    """Yield the paragraphs that a cue at the end of the paragraph before introduces."""
    doc, paragraph = quotations.doc, quotations.paragraph
    for colon in (token for token in doc if token.text == ":" and token.i not in quotations):
        first = colon.i + 1
        while first < len(doc) and doc[first].is_space:
            first += 1
        if first >= len(doc) or paragraph[first] == paragraph[colon.i] or first in quotations:
            continue
        last = first
        while last + 1 < len(doc) and paragraph[last + 1] == paragraph[first]:
            last += 1
        content = [index for index in range(first, last + 1) if not doc[index].is_space]
        if sum(is_visible(doc[index]) for index in content) < _FEWEST_WORDS:
            continue
        cue = _cue(colon, entry_of)
        if cue is not None and (entry := entry_of(cue)) is not None:
            yield from_frame(cue, entry, Frame(PATTERN, tuple(content)), entry.rate(PATTERN), quotations)


def _cue(colon: Token, entry_of: Callable[[Token], Cue | None]) -> Token | None:
    for index in range(colon.i - 1, max(colon.sent.start, colon.i - _REACH) - 1, -1):
        token = colon.doc[index]
        if token.pos_ == "VERB" and (entry := entry_of(token)) is not None and entry.sense == "speech":
            return token if child(token, "ccomp") is None else None
    return None
