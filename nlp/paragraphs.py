"""A spaCy component that keeps sentences within paragraphs, so that no clause is attached across them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from spacy.language import Language

if TYPE_CHECKING:
    from spacy.tokens import Doc

COMPONENT = "sayso_paragraphs"
_FINAL = frozenset({".", "?", "!", ":", ";", "…", '"', "”", "’", "»", "''", "'", ")", "]", "*"})


@Language.component(COMPONENT)
def start_sentences_at_paragraphs(doc: Doc) -> Doc:
    """Let a sentence start after each blank line, and after a line break that follows a sentence's end.

    A single line break within a sentence is a wrapped line and starts nothing. To be placed before the
    parser, which keeps the starts that it is given.
    """
    last = ""
    breaks = 0
    for token in doc:
        if token.is_space:
            breaks += sum(token.text.count(mark) for mark in ("\n", "\u2028", "\u2029"))
            continue
        if breaks > 1 or (breaks == 1 and last in _FINAL):
            token.is_sent_start = True
        breaks = 0
        last = token.text
    return doc
