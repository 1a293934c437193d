"""The entries of the codebook in sections, and how they are told: plain data for the panel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from storage.records import FieldRecord, LabelKind, LabelRecord, LinkTypeRecord

if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage.records import Codebook

Entry = LabelRecord | LinkTypeRecord | FieldRecord

KIND_NAMES = {LabelKind.ACTOR: "actor", LabelKind.CLAIM: "claim", LabelKind.CUE: "cue"}


@dataclass(frozen=True, slots=True)
class Section:
    """Entries of one sort. `blank` is the draft of a new one, `empty` what stands where there are none."""

    title: str
    blank: Entry
    entries: tuple[Entry, ...]
    empty: str

    @property
    def noun(self) -> str:
        """What one of the entries is called."""
        return noun_of(self.blank)


def sections(codebook: Codebook) -> Iterator[Section]:
    """Yield the sections of the panel in their order."""
    empty = {
        LabelKind.ACTOR: "No labels for mentions of actors.",
        LabelKind.CLAIM: "No labels for claims.",
        LabelKind.CUE: "No labels for words that signal a claim.",
    }
    for kind, title in ((LabelKind.ACTOR, "Actors"), (LabelKind.CLAIM, "Claims"), (LabelKind.CUE, "Cues")):
        labels = tuple(label for label in codebook.labels if label.kind is kind)
        yield Section(f"Labels: {title}", LabelRecord(0, kind, ""), labels, empty[kind])
    yield Section(
        "Link types",
        LinkTypeRecord(0, "", "", LabelKind.CLAIM, LabelKind.ACTOR),
        codebook.link_types,
        "Nothing joins spans: no speakers, no targets.",
    )
    yield Section("Fields", FieldRecord(0, "", LabelKind.CLAIM), codebook.fields, "Spans have no fields.")


def noun_of(entry: Entry) -> str:
    """Return what sort of entry this is, in words."""
    match entry:
        case LabelRecord(kind=kind):
            return f"{KIND_NAMES[kind]} label"
        case LinkTypeRecord():
            return "link type"
        case FieldRecord():
            return "field"


def detail_of(entry: Entry) -> str:
    """Return what stands at the right of an entry's name."""
    match entry:
        case LabelRecord():
            return ""
        case LinkTypeRecord(from_kind=start, to_kind=end):
            return f"{KIND_NAMES[start]} → {KIND_NAMES[end]}"
        case FieldRecord(kind=kind, type=type_):
            return f"{type_.value}, {KIND_NAMES[kind]}"


def is_same_entry(one: Entry | None, other: Entry | None) -> bool:
    """Whether two records are of the same entry, however they differ."""
    return one is not None and other is not None and (type(one), one.id) == (type(other), other.id)


def find_entry(codebook: Codebook, entry: Entry) -> Entry | None:
    """Return the record of the same entry in a codebook, if it is still there."""
    everything: tuple[Entry, ...] = (*codebook.labels, *codebook.link_types, *codebook.fields)
    return next((other for other in everything if is_same_entry(entry, other)), None)
