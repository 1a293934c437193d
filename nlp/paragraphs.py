"""A spaCy component that keeps sentences within paragraphs, so that no clause is attached across them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spacy.language import Language

if TYPE_CHECKING:
    from spacy.tokens import Doc

COMPONENT = "sayso_paragraphs"
_FINAL = frozenset({".", "?", "!", ":", ";", "…", '"', "”", "’", "»", "''", "'", ")", "]", "*"})

_STOPS = frozenset({".", "?", "!"})
#: No sentence has so many tokens.
_LONGEST = 400


@Language.component(COMPONENT)
def start_sentences_at_paragraphs(doc: Doc) -> Doc:
    """Let a sentence start after each blank line, and after a line break that follows a sentence's end.

    A single line break within a sentence is a wrapped line and starts nothing; what goes on without any end (tables,
    lists of words) is cut, since rules walk through whole sentences. To be placed before the parser, which keeps the
    starts that it is given.
    """
    last = ""
    breaks = length = 0
    for token in doc:
        if token.is_space:
            breaks += sum(token.text.count(mark) for mark in ("\n", "\u2028", "\u2029"))
            continue
        if breaks > 1 or (breaks == 1 and last in _FINAL) or length == _LONGEST:
            token.is_sent_start = True
            length = 0
        length = 0 if token.text in _STOPS else length + 1
        breaks = 0
        last = token.text
    return doc
