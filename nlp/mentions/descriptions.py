"""Descriptions of actors without a name of their own: "Velmari officials", "the two countries", "its army"."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nlp.mentions.records import Mention
from nlp.mentions.roles import is_place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc, Token

    from nlp.mentions.gazetteer import Gazetteer

_NAMES = frozenset({"NORP", "GPE", "ORG", "PERSON", "LOC"})
_NOT_REFERRING = frozenset({"attr", "appos", "compound", "npadvmod", "amod", "oprd", "nmod", "dep"})
_ARTICLES = frozenset({"the", "a", "an"})
_INDEFINITE = frozenset({"a", "an", "any", "no", "every", "another", "such", "what", "which"})
_COLLECTIVE = frozenset(
    {"police", "media", "people", "staff", "leadership", "opposition", "troops", "pair", "personnel"}
)
#: Nouns that describe an actor only with a name or a number beside them ("the Velmari side", "both sides").
_WEAK = frozenset(
    {"side", "power", "state", "giant", "neighbour", "neighbor", "body", "force", "group", "class", "service"}
)
_COUNTERPARTS = frozenset({"both", "two", "three", "four", "all"})
_QUANTITIES = frozenset({"million", "thousand", "hundred", "percent"})
_LONGEST_COMPLEMENT = 6
_SCORES = {"name": 0.8, "definite": 0.65, "plain": 0.5}


def descriptions_of(doc: Doc, gazetteer: Gazetteer) -> Iterator[Mention]:
    """Yield the descriptions in a parsed document, in the order of their head nouns."""
    for token in doc:
        if token.pos_ not in {"NOUN", "PROPN"} or token.dep_ in _NOT_REFERRING:
            continue
        codes = gazetteer.heads.get(token.lemma_.lower()) or gazetteer.heads.get(token.lower_)
        if codes is None or (token.pos_ == "PROPN" and token.ent_type_ in {"PERSON", "ORG"}):
            continue
        found = _description(token, codes, gazetteer)
        if found is not None:
            yield found


def describe(head: Token, gazetteer: Gazetteer) -> Mention | None:
    """Return the description with this head that speaks; it need not be definite ("analysts say", "a source said")."""
    word = head.lemma_.lower()
    codes = (*gazetteer.heads.get(word, ()), *gazetteer.speakers.get(word, ()))
    plural = head.tag_ == "NNS" or head.lower_ in _COLLECTIVE
    code = _code(codes, plural=plural) if codes else None
    if code is None or _is_title(head):
        return None
    return replace(_mention(head, code, "plain", plural=plural), speaks=True)


def _description(head: Token, codes: tuple[str, ...], gazetteer: Gazetteer) -> Mention | None:
    plural = head.tag_ in {"NNS", "NNPS"} or head.lower_ in _COLLECTIVE
    code = _code(codes, plural=plural)
    if code is None or _is_title(head) or is_place(head, gazetteer):
        return None
    strength = _strength(head, code, plural=plural)
    if strength is None:
        return None
    return _mention(head, code, strength, plural=plural)


def _mention(head: Token, code: str, strength: str, *, plural: bool) -> Mention:
    first, last = _start(head), _last(head)
    start, end = first.idx, last.idx + len(last)
    text = head.doc[first.i : last.i + 1].text
    return Mention(
        start,
        end,
        code,
        text,
        _SCORES[strength],
        is_name=False,
        is_plural=plural,
        reason="description",
    )


def _code(codes: tuple[str, ...], *, plural: bool) -> str | None:
    if plural:
        # Several organisations are a group; several states stay states ("the two countries").
        return "state" if "state" in codes and "group" not in codes else "group"
    for code in ("state", "person", "organisation", "group"):
        if code in codes:
            return code
    return None


def _is_title(head: Token) -> bool:
    """Tell whether the noun only introduces a name ("defence minister Ilya Brandt")."""
    after = head.nbor(1) if head.i + 1 < len(head.doc) else None
    if after is not None and after.ent_type_ == "PERSON":
        return True
    last = _last(head)
    behind = head.doc[last.i + 1 : last.i + 3]
    if last is not head and len(behind) == 2 and behind[0].text == "," and behind[1].ent_type_ == "PERSON":
        return head.tag_ == "NN"
    return any(item.dep_ == "appos" and item.ent_type_ == "PERSON" and item.i <= head.i + 4 for item in head.children)


def _strength(head: Token, code: str, *, plural: bool) -> str | None:
    """Return how surely the noun phrase refers to an actor, or None where it does not."""
    left = [item for item in head.children if item.i < head.i]
    named = any(item.ent_type_ in _NAMES for item in left if item.dep_ in {"amod", "compound", "poss", "nmod"})
    words = {item.lower_ for item in left}
    if words & _QUANTITIES or (words & _INDEFINITE and not (named and code != "person")):
        return None
    if named:
        return "name"
    definite = any(item.dep_ == "poss" or item.lower_ in {"the", "this", "these", "those"} for item in left)
    counted = bool(words & _COUNTERPARTS)
    if head.lemma_.lower() in _WEAK:
        return "definite" if plural and counted else None
    modified = any(item.dep_ in {"amod", "compound", "nummod"} or item.dep_ == "det" for item in left)
    if plural:
        if definite or counted:
            return "definite"
        return "plain" if code != "state" and (modified or _has_acted(head)) else None
    return "definite" if definite else None


def _last(head: Token) -> Token:
    """Return the last token of the phrase: of "members of the Orsk Front" the last word of the name."""
    of = next((item for item in head.children if item.lower_ == "of" and item.i == head.i + 1), None)
    named = next((item for item in of.children if item.dep_ == "pobj"), None) if of is not None else None
    if named is None or named.ent_type_ not in _NAMES or named.i - head.i > _LONGEST_COMPLEMENT:
        return head
    return named


def _has_acted(head: Token) -> bool:
    """Tell whether somebody did something: "Protesters gathered" are some, "leaders must wait" are all."""
    return head.dep_ in {"nsubj", "nsubjpass"} and head.head.tag_ == "VBD"


def _start(head: Token) -> Token:
    """Return the first token of the phrase after an article."""
    lefts = [
        item
        for item in head.children
        if item.i < head.i
        and item.dep_ in {"amod", "compound", "poss", "nummod", "det", "nmod", "advmod", "quantmod", "predet"}
    ]
    start = min((item.left_edge for item in lefts), key=lambda item: item.i, default=head)
    while start.i < head.i and (start.lower_ in _ARTICLES or start.is_punct or start.is_space):
        start = start.nbor(1)
    return start
