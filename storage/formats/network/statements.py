"""Who says what about whom, with which stance and when: one statement a claim, read off the documents."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from storage.formats.exchange import ExchangeDocument, ExchangeSpan
from storage.formats.losses import Losses, place
from storage.records import ActorRecord, Codebook, FieldRecord, FieldType, LabelKind

_FOR = {"for", "pro", "yes", "support", "supports", "agree", "agrees", "agreement", "positive", "approval", "favour"}
_AGAINST = {
    "against", "con", "no", "criticism", "opposes", "oppose", "opposition", "disagree", "disagrees", "disagreement",
    "negative", "disapproval", "rejection",
}  # fmt: skip


_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Party:
    """Who speaks or is spoken of: an actor of the registry, or the words of a mention without one.

    `key` tells actors of one name apart: `a:ID` (or `a:NAME` where a file has no ids), `m:WORDS`. Parties are equal if
    it is.
    """

    key: str
    name: str = field(compare=False)
    is_registered: bool = field(compare=False)
    type: str = field(compare=False)


@dataclass(frozen=True, slots=True)
class Statement:
    """One claim of one speaker. `sign` is 1 for, -1 against, 0 neither or not said; `day` is ISO or None."""

    speaker: Party
    label: str
    concept: str | None
    targets: tuple[Party, ...]
    sign: int
    day: str | None
    document: int


class Reader:
    """Reads the statements of documents, counts mentions, and tells the losses of what has no place in a network."""

    def __init__(self, codebook: Codebook, losses: Losses, registry: Iterable[ActorRecord] = ()) -> None:
        self._losses = losses
        self._ids = _ids_of_names(registry)
        self._stance = stance_field(codebook)
        self._concept = concept_field(codebook)
        self._day = _named(codebook, FieldType.DATE)
        self.mentions: dict[str, int] = {}
        self.documents = 0

    def read(self, documents: Iterable[ExchangeDocument]) -> Iterator[Statement]:
        """Yield the statements of documents one by one."""
        for document in documents:
            self.documents += 1
            spans = {span.id: span for span in document.spans}
            ends: dict[tuple[str, str], list[ExchangeSpan]] = {}
            for link in document.links:
                ends.setdefault((link.from_id, link.type), []).append(spans[link.to_id])
            for span in document.spans:
                if span.kind == LabelKind.ACTOR:
                    key = self._party(span).key
                    self.mentions[key] = self.mentions.get(key, 0) + 1
                elif span.kind == LabelKind.CLAIM:
                    yield from self._statements(document, span, ends)

    def _statements(
        self, document: ExchangeDocument, claim: ExchangeSpan, ends: Mapping[tuple[str, str], list[ExchangeSpan]]
    ) -> Iterator[Statement]:
        speakers = ends.get((claim.id, "speaker"), [])
        if not speakers:
            self._losses.add("claims without a speaker", "a network joins who speaks", where=place(document, claim))
        targets = tuple(dict.fromkeys(self._party(span) for span in ends.get((claim.id, "target"), [])))
        day = _day(claim.fields.get(self._day.name) if self._day else None) or _day(document.date)
        concept = claim.fields.get(self._concept.name) if self._concept else None
        sign = sign_of(claim.fields.get(self._stance.name)) if self._stance else 0
        for speaker in dict.fromkeys(self._party(span) for span in speakers):
            yield Statement(
                speaker, clean(claim.label), clean(concept or "") or None, targets, sign, day, self.documents
            )

    def _party(self, mention: ExchangeSpan) -> Party:
        """Return whom a mention names; words that are the name of one actor mean that one."""
        type_ = clean(mention.label)
        words = mention.actor or " ".join((mention.quote or "").split())
        name = clean(words)
        if mention.actor:
            return Party(f"a:{mention.actor_id or name}", name, is_registered=True, type=type_)
        if words in self._ids:
            return Party(f"a:{self._ids[words]}", name, is_registered=True, type=type_)
        return Party(f"m:{name}", name, is_registered=False, type=type_)


def _ids_of_names(registry: Iterable[ActorRecord]) -> dict[str, int]:
    """Return the actors whose name no other one has."""
    actors = list(registry)
    counts = Counter(actor.name for actor in actors)
    return {actor.name: actor.id for actor in actors if counts[actor.name] == 1}


def clean(words: str) -> str:
    """Return words that XML can hold: the control characters that it forbids become U+FFFD."""
    return _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", words)


def sign_of(value: str | None) -> int:
    """Return 1 for a value like “for” or “agreement”, -1 for one like “against”, 0 for any other."""
    word = (value or "").strip().casefold()
    return (word in _FOR) - (word in _AGAINST)


def stance_field(codebook: Codebook) -> FieldRecord | None:
    """Return the field of claims that tells a stance: the first with a choice for and one against."""
    for found in codebook.fields:
        signs = {sign_of(choice) for choice in found.choices}
        if found.kind == LabelKind.CLAIM and {1, -1} <= signs:
            return found
    return None


def concept_field(codebook: Codebook) -> FieldRecord | None:
    """Return the field of claims in which analysts word what is claimed: the first that is free text."""
    return _named(codebook, FieldType.TEXT)


def _named(codebook: Codebook, type_: FieldType) -> FieldRecord | None:
    return next((field for field in codebook.fields if field.kind == LabelKind.CLAIM and field.type == type_), None)


def _day(value: str | None) -> str | None:
    """Return an ISO date (a year or a month begins on its first day), None where there is none."""
    if not value:
        return None
    full = {4: f"{value}-01-01", 7: f"{value}-01"}.get(len(value), value)
    try:
        return date.fromisoformat(full[:10]).isoformat()
    except ValueError:
        return None
