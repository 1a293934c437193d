"""Tell whether the name of a state or city stands for an actor or for a place, by what governs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Token

    from nlp.mentions.gazetteer import Gazetteer


def is_place(head: Token, gazetteer: Gazetteer) -> bool:
    """Tell whether the phrase with this head is where something is, goes or comes from, and does not act."""
    if not head.dep:  # no parse
        return head.i > 0 and head.nbor(-1).lower_ in gazetteer.places.get(head.doc.lang_, ())
    token = _first_conjunct(head)
    if token.dep_ in {"pobj", "pcomp"}:
        return _is_place_after(token.head, gazetteer)
    if token.dep_ == "dobj":
        return token.head.lemma_.lower() in gazetteer.visiting
    if token.dep_ in {"appos", "npadvmod"}:
        # "Changchun, China": the state that a town lies in.
        return token.head.ent_type_ in {"GPE", "LOC", "FAC"}
    return False


def _first_conjunct(token: Token) -> Token:
    while token.dep_ == "conj" and token.head is not token and token.head.pos_ == token.pos_:
        token = token.head
    return token


def _is_place_after(preposition: Token, gazetteer: Gazetteer) -> bool:
    word = preposition.lower_
    if word in gazetteer.place:
        return True
    if word in gazetteer.way:
        return preposition.head.lemma_.lower() in gazetteer.motion
    return False
