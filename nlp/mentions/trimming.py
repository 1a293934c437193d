"""The right ends of a name: without article, titles, possessive, open brackets and line breaks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import regex

from nlp.mentions.persons import PARTICLES

if TYPE_CHECKING:
    from spacy.tokens import Span, Token

    from nlp.mentions.gazetteer import Gazetteer

_POSSESSIVES = frozenset({"'s", "’s", "'", "’", "`s"})
#: A letter or digit, marks on it included: "é" may be two characters.
_ENDS_WORD = regex.compile(r"[^\W_]\p{M}*$")
_CLOSING = {"(": ")", "[": "]", "“": "”", "„": "“", "«": "»"}
_ASKING = frozenset(
    {
        "Are",
        "Can",
        "Could",
        "Did",
        "Do",
        "Does",
        "Had",
        "Has",
        "Have",
        "Is",
        "May",
        "Should",
        "Was",
        "Were",
        "Will",
        "Would",
    }
)


def trimmed_name(entity: Span, label: str, gazetteer: Gazetteer) -> Span | None:
    """Return an entity as a name should stand, or None if nothing that looks like a name is left."""
    doc = entity.doc
    start, end = entity.start, _end(entity)
    while start < end and (_leads(doc[start], label, gazetteer) or doc[start + 1 : end][:1].text == ")"):
        start += 1  # "(U) Ministry of ..."
    while end > start and _trails(doc[end - 1]):
        end -= 1
    if label == "PERSON" and start < end:
        start, end = _whole_person(entity, start, end, gazetteer)
    return doc[start:end] if start < end else None


def _end(entity: Span) -> int:
    """Return where a name must end: before a line break, a slash, or a bracket or quotation that it does not close."""
    words = [token.text for token in entity]
    for at, word in enumerate(words):
        if "\n" in word or "\t" in word or word == "/":
            return entity.start + at
        if at and (word == '"' or (word in _CLOSING and _CLOSING[word] not in words[at:])):
            return entity.start + at
    return entity.end


def _leads(token: Token, label: str, gazetteer: Gazetteer) -> bool:
    if token.pos_ == "DET" or token.lower_ in {"the", "a", "an"} or token.is_punct or token.is_space:
        return True
    return label == "PERSON" and (token.text in gazetteer.titles or _asks(token))


def _trails(token: Token) -> bool:
    if token.text in _POSSESSIVES or (token.is_lower and token.pos_ in {"DET", "ADP", "CCONJ"}):
        return True
    is_abbreviated = token.text.endswith(".") and len(token) > 1
    return _ENDS_WORD.search(token.text) is None and not is_abbreviated


def _asks(token: Token) -> bool:
    """Tell whether a word opens a question: "Will Mina Corvo come?"."""
    return token.text in _ASKING and token.is_sent_start is True and token.sent[-1].text == "?"


def _whole_person(entity: Span, start: int, end: int, gazetteer: Gazetteer) -> tuple[int, int]:
    """Return the ends of a person's name with the first name before it and the surname after its particles."""
    doc = entity.doc
    before = doc[start - 1] if start else None
    if start == entity.start and before is not None and not before.ent_type_ and before.text in gazetteer.given:
        start -= 1
    if doc[end - 1].lower_ in PARTICLES and end - start > 1:
        after = end
        while after < len(doc) and doc[after].lower_ in PARTICLES:
            after += 1
        if after < len(doc) and doc[after].text[0].isupper():
            end = after + 1
    return start, end
