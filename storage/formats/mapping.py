"""Labels of other tools turned into the codebook's on the way in, and as what imported spans count.

A reader of a foreign format knows labels by name only, so it guesses their kind; the mapping, which the analyst sees
and changes before anything is imported, says what each becomes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from storage.formats.exchange import ExchangeDocument, ExchangeLink, ExchangeSpan
from storage.formats.losses import Losses
from storage.records import Codebook, LabelKind, Origin, State

_CUES = ("cue", "trigger", "reporting verb", "signal")
_CLAIMS = (
    "claim", "content", "quot", "statement", "attribution", "proposition", "opinion", "demand", "speech", "assertion",
    "concept", "argument", "premise", "assessment", "prediction", "accusation", "denial", "promise",
)  # fmt: skip

#: What other tools call the things that suggesters of Sayso know by these codes.
_SYNONYMS = {
    "per": "person", "pers": "person", "people": "person",
    "org": "organisation", "organization": "organisation",
    "gpe": "state", "country": "state", "loc": "state", "location": "state",
    "norp": "group",
    "content": "claim", "quotation": "claim", "quote": "claim", "statement": "claim", "attribution-cue": "cue",
}  # fmt: skip


_Item = TypeVar("_Item", ExchangeSpan, ExchangeLink)


@dataclass(frozen=True, slots=True)
class Target:
    """What a label becomes: a label of this kind and name, added to the codebook if it lacks it."""

    kind: LabelKind
    name: str


@dataclass(frozen=True, slots=True)
class LabelMapping:
    """What becomes of each label that files name: by kind and name, or by name alone (kind None).

    None leaves its spans out. A label that is not named becomes the codebook's of the same name or code if the file
    only let its kind be guessed, and stays as it is otherwise.
    """

    targets: Mapping[tuple[LabelKind | None, str], Target | None] = field(default_factory=dict)

    def of(self, kind: LabelKind, name: str, codebook: Codebook) -> Target | None:
        """Return what a label becomes; `codebook` is empty where the file itself tells kinds."""
        for key in ((kind, name), (None, name)):
            if key in self.targets:
                return self.targets[key]
        return like(kind, name, codebook) or Target(kind, name)


@dataclass(frozen=True, slots=True)
class Arrival:
    """How imported spans and links come in.

    `state` None keeps what the file says; CONFIRMED and SUGGESTED overrule it, but never a rejection. `source` is who
    decided, or which suggester proposed, where the file names nobody.
    """

    mapping: LabelMapping = field(default_factory=LabelMapping)
    state: State | None = None
    source: str = ""


def guess_kind(label: str) -> LabelKind:
    """Return the kind that a foreign label's name suggests; what says nothing else names actors."""
    words = label.replace("_", " ").replace("-", " ").casefold()
    if any(word in words for word in _CUES):
        return LabelKind.CUE
    if any(word in words for word in _CLAIMS):
        return LabelKind.CLAIM
    return LabelKind.ACTOR


def like(kind: LabelKind, name: str, codebook: Codebook) -> Target | None:
    """Return the codebook's label with the same name or code, whatever kind was guessed; None if there is none.

    An exact name comes before case, that before the code; then the same kind before another.
    """
    folded = name.casefold()
    code = _SYNONYMS.get(folded, folded)
    ranked = [
        (rank, label.kind != kind, label.position, label)
        for label in codebook.labels
        for rank, fits in enumerate((label.name == name, label.name.casefold() == folded, label.code == code))
        if fits
    ]
    if not ranked:
        return None
    best = min(ranked, key=lambda item: item[:3])[3]
    return Target(best.kind, best.name)


def parse_target(word: str, label: str) -> Target | None:
    """Return what a word like `Demand`, `claim:Demand` or nothing (leave out) makes of a label.

    Raises:
        ValueError: what stands before the colon is no kind of label.
    """
    kind, colon, name = word.partition(":")
    if colon and kind in {known.value for known in LabelKind}:
        return Target(LabelKind(kind), name.strip() or label)
    if colon:
        raise ValueError(f"“{kind}” is none of {', '.join(known.value for known in LabelKind)}")
    return Target(guess_kind(word), word) if word else None


def arriving(
    documents: Iterable[ExchangeDocument],
    arrival: Arrival,
    codebook: Codebook,
    losses: Losses,
    *,
    are_kinds_told: bool = False,
) -> Iterator[ExchangeDocument]:
    """Yield the documents as they are to come in, and count what the mapping left out. One is held at a time.

    `are_kinds_told` where the format itself says which label is of which kind.

    Links whose ends are no longer of the kinds that the codebook wants for their type are left out. Other tools have
    links of one type between spans of any kinds; the second pair of kinds and those after it get a type of their own.
    """
    if are_kinds_told and arrival == Arrival():
        yield from documents
        return
    known = Codebook() if are_kinds_told else codebook
    targets: dict[tuple[LabelKind, str], Target | None] = {}

    def target(kind: LabelKind, name: str) -> Target | None:
        if (kind, name) not in targets:
            found = arrival.mapping.of(kind, name, known)
            targets[kind, name] = found if found == Target(kind, name) else _of_codebook(found, codebook)
        return targets[kind, name]

    ends = {link_type.code: (link_type.from_kind, link_type.to_kind) for link_type in codebook.link_types}
    of_codebook = frozenset(ends)
    for document in documents:
        spans = []
        for span in document.spans:
            wanted_label = target(span.kind, span.label)
            if wanted_label is None:
                losses.add(f"“{span.label}” spans", "the mapping leaves this label out")
                continue
            spans.append(_decided(_labelled(span, wanted_label, losses), arrival))
        kinds = {span.id: span.kind for span in spans}
        found = (_linked(link, kinds, ends, of_codebook, losses) for link in document.links)
        links = [_decided(link, arrival) for link in found if link is not None]
        # Where labels become others, the codebook that describes them is none to take over.
        project = None if arrival.mapping.targets else document.project
        yield replace(document, spans=tuple(spans), links=tuple(links), project=project)


def _linked(
    link: ExchangeLink,
    kinds: Mapping[str, LabelKind],
    ends: dict[str, tuple[LabelKind, LabelKind]],
    of_codebook: Collection[str],
    losses: Losses,
) -> ExchangeLink | None:
    """Return a link with the type that fits the kinds of its ends, and note them in `ends`; None if it is left out."""
    if link.from_id not in kinds or link.to_id not in kinds:
        losses.add(f"“{link.type}” links", "the span at one end was left out")
        return None
    found = kinds[link.from_id], kinds[link.to_id]
    wanted = ends.setdefault(link.type, found)
    if found == wanted:
        return link
    own_type = f"{link.type} ({' to '.join(found)})"
    if link.type in of_codebook and own_type not in of_codebook:
        why = f"the codebook has them from {wanted[0]} to {wanted[1]}, not from {' to '.join(found)}"
        losses.add(f"“{link.type}” links", why)
        return None
    return replace(link, type=own_type)


def _of_codebook(target: Target | None, codebook: Codebook) -> Target | None:
    """Return the target with the kind that the codebook gives its name, if it has it under one other kind only."""
    if target is None:
        return None
    kinds = {label.kind for label in codebook.labels if label.name == target.name}
    return target if target.kind in kinds or len(kinds) != 1 else Target(kinds.pop(), target.name)


def _labelled(span: ExchangeSpan, target: Target, losses: Losses) -> ExchangeSpan:
    if (span.kind, span.label) == (target.kind, target.name):
        return span
    span = replace(span, kind=target.kind, label=target.name)
    if span.actor is None or target.kind == LabelKind.ACTOR:
        return span
    losses.add("actors' names", f"a {target.kind} has no actor")
    return replace(span, actor=None, actor_id=None)


def _decided(item: _Item, arrival: Arrival) -> _Item:
    changes: dict[str, Any] = {}
    state = item.state
    if arrival.state is not None and state != State.REJECTED:
        state = arrival.state
    if state != item.state:
        changes["state"] = state
    if state == State.SUGGESTED:
        changes |= {"origin": Origin.SUGGESTER, "analyst": None, "decided_at": None}
        changes["suggester"] = item.suggester or arrival.source or None
    elif arrival.source and not item.analyst:
        changes["analyst"] = arrival.source
    return replace(item, **changes) if changes else item
