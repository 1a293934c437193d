"""Put cues, quotations and the parse together into attributions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nlp.attribution.records import Attribution
from nlp.suggestion import Range

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_SPEECH = frozenset(
    "say tell add argue claim warn announce insist believe think deny stress note suggest".split()
)


def find_attributions(doc: Doc) -> list[Attribution]:
    """Return the attributed claims of a parsed document, in the order of their cues."""
    if not doc.has_annotation("DEP"):
        return []
    return [found for token in doc if token.lemma_ in _SPEECH for found in _of_verb(token)]


def _of_verb(verb: Token) -> list[Attribution]:
    clause = next((child for child in verb.children if child.dep_ == "ccomp"), None)
    subject = next((child for child in verb.children if child.dep_ in {"nsubj", "nsubjpass"}), None)
    if clause is None:
        return []
    source = (_subtree(subject),) if subject is not None else ()
    cue = (Range(verb.idx, verb.idx + len(verb)),)
    return [Attribution((_subtree(clause),), source, cue, pattern="clause", cue_lemma=verb.lemma_)]


def _subtree(token: Token) -> Range:
    last = token.doc[token.right_edge.i]
    return Range(token.left_edge.idx, last.idx + len(last))
