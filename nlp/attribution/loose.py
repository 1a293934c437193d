"""Readings of verbs whose content the parse has torn off: found by order and commas instead of by dependency.

As with all frames, the lexicon tells for which verbs they hold: mostly those that hardly stand without a clause.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nlp.attribution.records import Frame
from nlp.attribution.tree import child, is_visible, phrase, subject_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Token

_FEWEST_WORDS = 3
#: What may follow a cue that ends its sentence ("... on Saturday", "... in a letter to the League"), in tokens.
_LONGEST_TAIL = 12
#: How far from its cue a clause with "that" may begin, in tokens.
_CLAUSE_REACH = 7
_COMPLEMENTS = ("ccomp", "xcomp")


def loose_frames_of(verb: Token) -> Iterator[Frame]:
    """Yield the words before ", Lund said", and the clause that the parse has put above the cue."""
    if child(verb, *_COMPLEMENTS) is not None:
        return
    yield from _before(verb)
    yield from _after(verb)
    clause = distant_clause(verb)
    if clause is not None:
        yield Frame("distant clause", tuple(phrase(clause)))


def distant_clause(cue: Token) -> Token | None:
    """Return the clause with "that" which follows a cue soon, though the parse has hung it on another word.

    "his claim in March that ...", "has known since the war that ...".
    """
    doc = cue.doc
    for index in range(cue.i + 2, min(cue.i + _CLAUSE_REACH, len(doc))):
        token = doc[index]
        if token.pos_ in {"VERB", "AUX", "PUNCT"}:
            return None
        if token.lower_ == "that" and token.dep_ == "mark" and token.head.head != cue and token.head.i > index:
            return token.head
    return None


def _before(verb: Token) -> Iterator[Frame]:
    subject = subject_of(verb)
    first = verb if subject is None or subject.i > verb.i else subject.left_edge
    sentence = verb.sent
    if first.i <= sentence.start or verb.doc[first.i - 1].text != "," or sentence.end - verb.i > _LONGEST_TAIL:
        return
    if subject is None and not (verb.i + 1 < sentence.end and verb.doc[verb.i + 1].pos_ in {"PROPN", "DET", "PRON"}):
        return
    content = [index for index in range(sentence.start, first.i - 1) if not verb.doc[index].is_space]
    if sum(is_visible(verb.doc[index]) for index in content) >= _FEWEST_WORDS:
        yield Frame("loose before", tuple(content))


def _after(verb: Token) -> Iterator[Frame]:
    head = verb.head
    if head.i <= verb.i or subject_of(verb) is None or head.pos_ not in {"VERB", "AUX"}:
        return
    inside = set(phrase(verb))
    content = [index for index in phrase(head) if index > verb.i and index not in inside]
    if content and not any(token.text == "," for token in verb.doc[verb.i : content[0] + 1]):
        yield Frame("loose after", tuple(content))
