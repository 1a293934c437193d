"""Names of actors: from the pipeline's entities, put right, and from the list of known names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nlp.mentions.headings import Headings
from nlp.mentions.records import Mention
from nlp.mentions.roles import is_place
from nlp.mentions.trimming import trimmed_name
from nlp.mentions.untagged import untagged_names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc, Span, Token

    from nlp.mentions.gazetteer import Gazetteer

#: The reason given for a name that stands as an adjective: never an actor, in whatever role it is taken elsewhere.
ADJECTIVE = "adjective"
_CODES = {"PERSON": "person", "ORG": "organisation", "GPE": "state", "NORP": "group"}
#: How pipelines of other languages call the same kinds of entity.
_SAME_KINDS = {
    "PER": "PERSON",
    "PRS": "PERSON",
    "PS": "PERSON",
    "persName": "PERSON",
    "ORGANIZATION": "ORG",
    "OG": "ORG",
    "orgName": "ORG",
    "GPE_ORG": "ORG",
    "GPE_LOC": "GPE",
    "NAT_REL_POL": "NORP",
}
#: Where a pipeline knows places only, one that acts as a subject is taken for a state.
_PLACES = frozenset({"LOC", "LC", "placeName", "geogName"})
_SUBJECTS = frozenset({"nsubj", "nsubj:pass", "sb", "nsubjpass"})
_KNOWN_SCORE, _UNTAGGED_SCORE = 0.9, 0.65
_SCORES = {"PERSON": 0.85, "ORG": 0.7, "GPE": 0.75, "NORP": 0.7}
_DIRECTIONS = frozenset({"west"})


def names_of(doc: Doc, gazetteer: Gazetteer) -> Iterator[Mention]:
    """Yield the names in a document in no particular order; they do not overlap."""
    taken: set[int] = set()
    headings = Headings(doc)
    for span, code in _known(doc, headings, gazetteer):
        if not taken & set(range(span.start, span.end)):
            taken.update(range(span.start, span.end))
            yield _mention(span, code, _KNOWN_SCORE, gazetteer, is_known=True)
    for entity in doc.ents:
        label = _kind(entity)
        if label not in _CODES:
            continue
        if label == "NORP" and doc.lang_ == "en" and entity[-1].tag_ not in {"NNS", "NNPS"}:
            yield Mention(
                entity.start_char, entity.end_char, "group", entity.text, 0.0, is_actor=False, reason=ADJECTIVE
            )
            continue
        if headings.hold(entity):
            continue
        trimmed = trimmed_name(entity, label, gazetteer)
        if trimmed is None or taken & set(range(trimmed.start, trimmed.end)) or not _is_name(trimmed, label, gazetteer):
            continue
        taken.update(range(trimmed.start, trimmed.end))
        yield _mention(trimmed, _CODES[label], _SCORES[label], gazetteer, is_known=False)
    if doc.lang_ == "en" and doc.has_annotation("DEP"):
        for span, label in untagged_names(doc, taken, gazetteer):
            yield _mention(span, _CODES[label], _UNTAGGED_SCORE, gazetteer, is_known=False)


def _kind(entity: Span) -> str:
    """Return the kind of an entity as the English pipeline calls it."""
    label = _SAME_KINDS.get(entity.label_, entity.label_)
    if entity.doc.lang_ != "en" and label in _PLACES and entity.root.dep_ in _SUBJECTS:
        return "GPE"
    return label


def _known(doc: Doc, headings: Headings, gazetteer: Gazetteer) -> Iterator[tuple[Span, str]]:
    """Yield the known names, the longest at each place, unless they are part of a longer name."""
    index = 0
    while index < len(doc):
        token = doc[index]
        found = _known_at(doc, index, gazetteer) if token.text[:1].isupper() else None
        if found is not None:
            span, code = found
            if not _is_inside_name(span, headings, gazetteer):
                yield span, code
            index = span.end
            continue
        if token.text in _DIRECTIONS and _is_the_west(token):
            yield doc[index : index + 1], "state"
        index += 1


def _known_at(doc: Doc, index: int, gazetteer: Gazetteer) -> tuple[Span, str] | None:
    words = tuple(token.text for token in doc[index : index + gazetteer.longest])
    for length in range(len(words), 0, -1):
        code = gazetteer.names.get(words[:length]) or gazetteer.capitals_of.get(words[:length])
        if code is not None:
            return doc[index : index + length], code
    return None


def _is_inside_name(span: Span, headings: Headings, gazetteer: Gazetteer) -> bool:
    """Tell whether a known name is only a part of another name ("Beijing Winter Olympics", "New York Times")."""
    doc = span.doc
    entity = _entity_around(span)
    if entity is not None and not headings.hold(entity):
        outer = trimmed_name(entity, entity[0].ent_type_, gazetteer)
        if outer is None or (outer.start == span.start and outer.end == span.end):
            return False
        rest = [token for token in outer if not span.start <= token.i < span.end]
        return any(token.pos_ == "PROPN" and token.text not in {"-", "/"} for token in rest)
    after = doc[span.end] if span.end < len(doc) else None
    return entity is None and after is not None and after.pos_ == "PROPN" and after.text in gazetteer.things


def _entity_around(span: Span) -> Span | None:
    """Return the longer entity that holds a span, if one does (`doc.ents` would walk through the whole document)."""
    doc, start, end = span.doc, span.start, span.end
    while start > 0 and doc[start].ent_iob_ == "I":
        start -= 1
    while end < len(doc) and doc[end].ent_iob_ == "I":
        end += 1
    is_one = all(token.ent_iob_ == "I" for token in doc[start + 1 : end])
    return doc[start:end] if is_one and end - start > len(span) else None


def _is_the_west(token: Token) -> bool:
    if token.i == 0 or token.nbor(-1).lower_ != "the" or token.pos_ not in {"NOUN", "PROPN"}:
        return False
    return token.dep_ not in {"compound", "amod"} and not any(item.lower_ == "of" for item in token.children)


def _is_name(span: Span, label: str, gazetteer: Gazetteer) -> bool:
    if span.doc.lang_ != "en":
        return any(token.text[0].isupper() for token in span) or not span.text.isascii()
    if not any(token.text[0].isupper() for token in span):
        return False
    root = span.root
    if label == "NORP":
        return span[-1].tag_ in {"NNS", "NNPS"} and root.dep_ not in {"compound", "amod"}
    if span[-1].text in gazetteer.things or root.dep_ == "amod" or root.pos_ in {"ADJ", "ADV", "VERB"}:
        return False
    if len(span) == 1 and root.i + 1 < len(span.doc) and root.nbor(1).text == "-" and root.dep_ == "amod":
        return False
    return not (root.ent_type_ == "GPE" and root.dep_ == "compound" and _names_a_thing(root.head, gazetteer))


def _names_a_thing(head: Token, gazetteer: Gazetteer) -> bool:
    return head.pos_ == "PROPN" and head.text in gazetteer.things


def _mention(span: Span, code: str, score: float, gazetteer: Gazetteer, *, is_known: bool) -> Mention:
    at_place = is_place(span.root, gazetteer)
    return Mention(
        span.start_char,
        span.end_char,
        code,
        span.text,
        score,
        is_actor=not (at_place and code == "state"),
        is_plural=code == "group" or span.root.tag_ in {"NNS", "NNPS"},
        reason="known name" if is_known else "name",
        at_place=at_place,
    )
