"""Mentions of those who speak: what holds a claim is an actor, even where nothing else tells so.

The source comes from the structure of the cue. A name there that the pipeline did not tag ("Vask said") and a noun that
elsewhere would be too vague ("a source said", "residents fear") are mentions; numbers, polls and papers are none.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nlp.mentions.descriptions import describe
from nlp.mentions.gazetteer import load_gazetteer
from nlp.mentions.names import ADJECTIVE
from nlp.mentions.records import Mention
from nlp.mentions.trimming import trimmed_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from spacy.tokens import Doc, Span, Token

    from nlp.mentions.gazetteer import Gazetteer

REASON = "speaks"
#: A name of two words is hardly ever anything but a person or an organisation; one word may be.
_SCORES = {True: 0.65, False: 0.55}
#: What the pipeline calls entities of these kinds is sometimes the name of a paper or a firm, never of the others.
_NAMELIKE = frozenset({"", "PERSON", "ORG", "GPE", "LOC", "FAC", "NORP", "PRODUCT", "WORK_OF_ART", "EVENT", "LAW"})
#: How the names of peoples end that are the same for one and for many ("the Chinese", "the British", "the French").
_PEOPLES = ("ese", "sh", "ch", "ss")


def with_speakers(doc: Doc, mentions: Iterable[Mention], heads_cp: Iterable[int], offset_cp: int) -> list[Mention]:
    """Return the mentions with those that speak marked, and with those added that are mentions because they speak.

    `heads_cp` are where the heads of the sources begin in this part, which begins at `offset_cp` of its document.
    """
    found = list(mentions)
    for head_cp in sorted(set(heads_cp)):
        holding = [place for place, item in enumerate(found) if item.start_cp <= head_cp + offset_cp < item.end_cp]
        if holding:
            place = min(holding, key=lambda at: found[at].end_cp - found[at].start_cp)
            found[place] = _speaking(found[place], doc, head_cp)
        else:
            found += [_moved(item, offset_cp) for item in _mentions_at(doc, head_cp)]
    return found


def _speaking(item: Mention, doc: Doc, head_cp: int) -> Mention:
    """Mark a mention; what looks like an adjective and speaks is a people, one of it, or a name ("Cuban said")."""
    head = _token_at(doc, head_cp)
    if item.is_actor or head is None or item.reason != ADJECTIVE:
        return replace(item, speaks=True) if item.is_actor else item
    is_people = head.pos_ == "ADJ" or (_has_article(head) and head.text.endswith(_PEOPLES))
    code = "group" if is_people else "person"
    return replace(
        item, code=code, is_actor=True, is_plural=is_people, score=_SCORES[False], reason=REASON, speaks=True
    )


def _mentions_at(doc: Doc, head_cp: int) -> list[Mention]:
    head = _token_at(doc, head_cp)
    if head is None:
        return []
    gazetteer = load_gazetteer()
    apposed = next((item for item in head.children if item.dep_ == "appos" and item.pos_ == "PROPN"), None)
    if head.pos_ == "PROPN" or (head.text[0].isupper() and head.i > head.sent.start and len(head) > 1):
        name = _name(head, gazetteer)
        return [name] if name is not None else []
    if head.pos_ != "NOUN":
        return []
    if apposed is not None and apposed.ent_type_ == "" and (name := _name(apposed, gazetteer)) is not None:
        return [name]
    described = describe(head, gazetteer)
    return [described] if described is not None else []


def _token_at(doc: Doc, at_cp: int) -> Token | None:
    span = doc.char_span(at_cp, at_cp + 1, alignment_mode="expand")
    return None if span is None else span[0]


def _name(head: Token, gazetteer: Gazetteer) -> Mention | None:
    """Return the name with this head, if it looks like that of an actor."""
    span = _extent(head, gazetteer)
    if span is None or head.ent_type_ not in _NAMELIKE or span[-1].text in gazetteer.things:
        return None
    code = _code(span, gazetteer)
    if code is None or not any(token.text[0].isupper() for token in span):
        return None
    return Mention(
        span.start_char,
        span.end_char,
        code,
        span.text,
        _SCORES[len(span) > 1],
        is_plural=head.tag_ == "NNPS",
        reason=REASON,
        speaks=True,
    )


def _extent(head: Token, gazetteer: Gazetteer) -> Span | None:
    """Return the capitalised words around a head, without titles: "Foreign Minister [Ilse Maro]"."""
    doc, first, last = head.doc, head.i, head.i
    while first > head.sent.start and _belongs(doc[first - 1]):
        first -= 1
    while last + 1 < head.sent.end and _belongs(doc[last + 1]) and not doc[last + 1].is_ancestor(head):
        last += 1
    after = doc[last + 1 : last + 3]
    if len(after) == 2 and after[0].lower_ in {"of", "for"} and after[1].pos_ == "PROPN" and after[0].head.i == head.i:
        last += 2
    return trimmed_name(doc[first : last + 1], "PERSON", gazetteer)


def _belongs(token: Token) -> bool:
    return token.pos_ == "PROPN" and token.text[0].isupper() and token.ent_type_ not in {"DATE", "TIME"}


def _code(span: Span, gazetteer: Gazetteer) -> str | None:
    known = gazetteer.code(span.text)
    if known is not None:
        return known
    last = span[-1].lemma_.lower()
    heads = gazetteer.heads.get(last, ()) or gazetteer.speakers.get(last, ())
    if "organisation" in heads or span[-1].text in gazetteer.bodies or _is_acronym(span.text):
        return "organisation"
    if span[-1].tag_ == "NNPS":
        return "group"
    return "organisation" if _has_article(span.root) else "person"


def _is_acronym(name: str) -> bool:
    return len(name) > 1 and name.isupper() and name.isalnum()


def _has_article(head: Token) -> bool:
    return any(item.lower_ == "the" and item.i < head.i for item in head.children)


def _moved(item: Mention, by_cp: int) -> Mention:
    return replace(item, start_cp=item.start_cp + by_cp, end_cp=item.end_cp + by_cp)
