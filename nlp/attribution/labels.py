"""Speakers who stand before a colon: headlines ("Lund: Ford Is Closed") and transcripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nlp.attribution.candidates import Candidate
from nlp.attribution.tree import is_visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nlp.attribution.lexicon import Lexicon
    from nlp.attribution.quotations import Quotations

_LONGEST_LABEL = 8
#: How many tokens of a paragraph, white space among them, may stand before a colon that ends a label.
_FARTHEST = 2 * _LONGEST_LABEL
_FEWEST_WORDS = 3


def label_candidates(quotations: Quotations, lexicon: Lexicon) -> Iterator[Candidate]:
    """Yield what follows a colon at the beginning of a paragraph, where a name stands before the colon."""
    entry = lexicon.phrases.get(":")
    if entry is None:
        return
    doc, paragraph = quotations.doc, quotations.paragraph
    start = 0
    for index in range(len(doc)):
        if index > 0 and paragraph[index] != paragraph[index - 1]:
            start = index
        if doc[index].text != ":" or index - start > _FARTHEST:
            continue
        if index in quotations or not _is_label(quotations, start, index):
            continue
        end = index + 1
        while end < len(doc) and paragraph[end] == paragraph[index]:
            end += 1
        content = {other for other in range(index + 1, end) if not doc[other].is_space}
        if sum(is_visible(doc[other]) for other in content) >= _FEWEST_WORDS:
            source = [other for other in range(start, index) if not doc[other].is_space]
            pattern = "quotation" if min(content) in quotations else "words"
            yield Candidate(doc[index], entry, pattern, content, source, rate=entry.rate(pattern))


def _is_label(quotations: Quotations, start: int, colon: int) -> bool:
    """Tell whether the tokens from the start of a paragraph up to a colon are a name and nothing else."""
    tokens = [token for token in quotations.doc[start:colon] if not token.is_space]
    if not 0 < len(tokens) <= _LONGEST_LABEL or any(token.i in quotations for token in tokens):
        return False
    if any(token.pos_ in {"VERB", "AUX", "ADP", "ADV", "SCONJ"} for token in tokens):
        return False
    return any(token.pos_ == "PROPN" for token in tokens)
