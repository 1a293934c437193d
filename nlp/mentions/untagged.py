"""Names that the pipeline leaves untagged and that their form gives away: behind a title or a first name, acronyms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nlp.mentions.evidence import is_acronym
from nlp.mentions.persons import PARTICLES

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from spacy.tokens import Doc, Span, Token

    from nlp.mentions.gazetteer import Gazetteer

_ACTING = frozenset({"nsubj", "nsubjpass", "poss"})
_SHORTEST_ACRONYM = 3


def untagged_names(doc: Doc, taken: Container[int], gazetteer: Gazetteer) -> Iterator[tuple[Span, str]]:
    """Yield names outside the tokens in `taken`, with their kind of entity; English only."""
    index = 0
    while index < len(doc):
        token = doc[index]
        found = None if index in taken else _person_at(token, taken, gazetteer)
        if found is not None:
            yield found, "PERSON"
            index = found.end
            continue
        if index not in taken and _is_acting_acronym(token, gazetteer):
            yield doc[index : index + 1], "ORG"
        index += 1


def _person_at(token: Token, taken: Container[int], gazetteer: Gazetteer) -> Span | None:
    """Return the name that begins here, if a form of address stands before it or it begins with a first name."""
    doc, index = token.doc, token.i
    is_addressed = index > 0 and doc[index - 1].text in gazetteer.forms_of_address
    is_given = token.text in gazetteer.given
    if not (is_addressed or is_given) or token.text in gazetteer.titles or token.text == "-":
        return None
    end = index
    while end < len(doc) and end not in taken and (_is_capital(doc[end]) or _leads_on(doc[end], taken)):
        end += 1
    words = end - index
    if words == 0 or (not is_addressed and words == 1) or doc[index].text in gazetteer.bodies:
        return None
    return doc[index:end]


def _leads_on(token: Token, taken: Container[int]) -> bool:
    """Tell whether a particle or a hyphen stands within a name."""
    after = token.i + 1
    is_hyphen = token.text == "-" and token.i > 0 and not (token.whitespace_ or token.nbor(-1).whitespace_)
    if not (is_hyphen or token.lower_ in PARTICLES) or after >= len(token.doc) or after in taken:
        return False
    return _is_capital(token.doc[after]) or token.doc[after].lower_ in PARTICLES


def _is_capital(token: Token) -> bool:
    return token.text[0].isupper() and token.pos_ in {"PROPN", "NOUN", "ADJ", "X"} and not token.ent_type_


def _is_acting_acronym(token: Token, gazetteer: Gazetteer) -> bool:
    """Tell whether an acronym does something, owns something, or has a spokesman, fighters and the like."""
    if (
        len(token) < _SHORTEST_ACRONYM
        or not is_acronym(token.text)
        or token.text in gazetteer.no_names
        or token.ent_type_
    ):
        return False
    after = token.nbor(1) if token.i + 1 < len(token.doc) else None
    if after is None or after.is_upper:
        return False  # in a heading all words are in capitals
    if token.dep_ in _ACTING:
        return True
    return token.dep_ == "compound" and token.head.i == after.i and after.lemma_.lower() in gazetteer.heads
