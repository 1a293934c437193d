"""Find the literal source of a cue in the parse: its subject, the subject that it shares, its agent or owner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nlp.attribution.tree import child, is_expletive, is_passive, phrase, subject_of

if TYPE_CHECKING:
    from collections.abc import Container

    from spacy.tokens import Token

_MAX_STEPS = 6


def source_of_verb(verb: Token, inside: Container[int] = ()) -> Token | None:
    """Return the head of the phrase that names who holds what the verb says, or None where no one is named.

    `inside` are tokens that cannot name the source: words of the quotation that the verb introduces.
    """
    if is_passive(verb):
        return _agent(verb)
    token = verb
    for _ in range(_MAX_STEPS):
        subject = subject_of(token, inside)
        if subject is not None and not (token != verb and is_passive(token) and token.dep_ == "conj"):
            return None if is_expletive(subject) and subject.lower_ == "there" else subject
        above = _sharing(token)
        if above is None:
            return None
        if above.pos_ in {"NOUN", "PROPN", "PRON", "DET", "NUM"} and token.dep_ == "acl":
            return above
        token = above
    return None


def _agent(verb: Token) -> Token | None:
    by = child(verb, "agent")
    return child(by, "pobj") if by is not None else None


def _sharing(token: Token) -> Token | None:
    """Return the word whose subject the verb `token` shares, if any."""
    label, head = token.dep_, token.head
    if label == "conj" and head.dep_ == "ccomp" and head.tag_ != token.tag_ == head.head.tag_:
        # "warned that it would snow and vowed to stay": hung into the clause, but of the form of its governor.
        return head.head
    if label in {"conj", "advcl", "xcomp", "acl", "relcl"}:
        return head if head != token else None
    if label in {"pcomp", "prep"} and head != token:
        return head.head if head.dep_ in {"prep", "mark"} and head.head != head else head
    if label in {"ccomp", "dep"} and head != token and head.i < token.i:
        return head
    return None


def source_phrase(head: Token, cue: Token) -> list[int]:
    """Return the tokens of a source, without the cue's own clause where that hangs inside it.

    A relative clause after a comma is left out where it parts the source from the cue.
    """
    without = {item.i for item in head.children if _is_outside(item, head, cue)}
    return phrase(head, without=without)


def _is_outside(item: Token, head: Token, cue: Token) -> bool:
    if item.dep_ in {"punct", "case"}:
        return True
    if item.dep_ in {"acl", "relcl"} and _holds(item, cue):
        return True
    return item.dep_ == "relcl" and cue.i > head.i and _follows_comma(item)


def _follows_comma(item: Token) -> bool:
    first = item.left_edge.i
    return first > 0 and item.doc[first - 1].text == ","


def _holds(item: Token, cue: Token) -> bool:
    return item.i == cue.i or item.is_ancestor(cue)
