"""Frozen records: what `storage` hands out and takes in. Free of SQLAlchemy and of Qt.

All offsets are Unicode code points of the document's text, half-open `[start_cp, end_cp)`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from storage.lazy import LazyMeta


class LabelKind(StrEnum):
    """What a label's spans are: mentions of actors, claims, or cues."""

    ACTOR = "actor"
    CLAIM = "claim"
    CUE = "cue"


class State(StrEnum):
    """Where a span or a link stands: proposed and undecided, or decided one way."""

    SUGGESTED = "suggested"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


class Origin(StrEnum):
    """Where a span or a link came from."""

    SUGGESTER = "suggester"
    HUMAN = "human"
    IMPORT = "import"


class StretchKind(StrEnum):
    """What is known of a part of a text: it is left out of the work, or it is a page of what the text came from."""

    EXCLUDED = "excluded"
    PAGE = "page"


class Sameness(StrEnum):
    """When two mentions are equal: white space never counts, case only in `EXACT`; `ACTOR` looks at no words."""

    EXACT = "exact"
    FOLDED = "folded"
    ACTOR = "actor"


class FieldType(StrEnum):
    """What a codebook field holds."""

    CHOICE = "choice"
    TEXT = "text"
    DATE = "date"
    NUMBER = "number"


class Fragment(NamedTuple):
    """One contiguous part of a span."""

    start_cp: int
    end_cp: int


@dataclass(frozen=True, slots=True)
class LabelRecord:
    """A category of the codebook. `code` is what suggesters call it; `key` the digit that applies it."""

    id: int
    kind: LabelKind
    name: str
    code: str | None = None
    colour: str = "grey"
    key: str | None = None
    definition: str = ""
    examples: str = ""
    position: int = 0


@dataclass(frozen=True, slots=True)
class LinkTypeRecord:
    """A type of link of the codebook: from spans of one kind to spans of another."""

    id: int
    code: str
    name: str
    from_kind: LabelKind
    to_kind: LabelKind
    definition: str = ""


@dataclass(frozen=True, slots=True)
class FieldRecord:
    """An attribute of the codebook that spans of one kind carry."""

    id: int
    name: str
    kind: LabelKind
    type: FieldType = FieldType.CHOICE
    choices: tuple[str, ...] = ()
    definition: str = ""
    position: int = 0


@dataclass(frozen=True, slots=True)
class LabelSettings:
    """How suggestions of one label are treated.

    Those of a score below `least_score` are hidden and do not count as undecided. `is_remembered`: words confirmed
    under the label are suggested wherever else they stand.
    """

    least_score: float = 0.0
    is_remembered: bool = True


_DEFAULT_SETTINGS = LabelSettings()


@dataclass(frozen=True, slots=True)
class Codebook:
    """The labels, link types and fields of a project, in their order, and how suggestions are made and shown.

    `settings` has the labels that differ from the defaults. `cue_kinds` are the kinds of cue that make a claim, in the
    words of the suggesters; `None`: all of them. `is_remembering`: confirmed words are remembered at all.
    """

    labels: tuple[LabelRecord, ...] = ()
    link_types: tuple[LinkTypeRecord, ...] = ()
    fields: tuple[FieldRecord, ...] = ()
    settings: Mapping[int, LabelSettings] = field(default_factory=dict)
    cue_kinds: tuple[str, ...] | None = None
    is_remembering: bool = True

    def settings_of(self, label_id: int) -> LabelSettings:
        """Return how suggestions of a label are treated."""
        return self.settings.get(label_id, _DEFAULT_SETTINGS)

    def label(self, label_id: int) -> LabelRecord:
        """Return the label with this id; `KeyError` if there is none."""
        for label in self.labels:
            if label.id == label_id:
                return label
        raise KeyError(label_id)

    def by_key(self, key: str) -> LabelRecord | None:
        """Return the label that this digit applies, if any."""
        return next((label for label in self.labels if label.key == key), None)


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """A document without its text."""

    id: int
    title: str
    length_cp: int
    sha256: str
    source: str = ""
    date: str | None = None
    language: str = ""
    encoding: str = ""
    meta: Mapping[str, Any] = field(default_factory=dict)
    imported_at: str = ""
    position: int = 0


class DocumentItem(NamedTuple):
    """A line of the document list: what is known of the document and how far the work on it has come.

    One flat tuple, since a list may hold 100,000 of them: a third of the memory of records within records.
    """

    id: int
    title: str
    length_cp: int
    sha256: str
    position: int = 0
    source: str = ""
    date: str | None = None
    language: str = ""
    encoding: str = ""
    imported_at: str = ""
    meta: str = "{}"
    undecided: int = 0
    decided: int = 0
    reviewed_cp: int = 0

    @property
    def document(self) -> DocumentRecord:
        """The document alone."""
        return DocumentRecord(
            self.id,
            self.title,
            self.length_cp,
            self.sha256,
            self.source,
            self.date,
            self.language,
            self.encoding,
            LazyMeta(self.meta),
            self.imported_at,
            self.position,
        )

    @property
    def is_reviewed(self) -> bool:
        """Whether every character of the document was declared complete."""
        return self.reviewed_cp >= self.length_cp


@dataclass(frozen=True, slots=True)
class SpanRecord:
    """One labelled stretch of one document. `fragments` are sorted, disjoint and never empty."""

    id: int
    document_id: int
    label_id: int
    state: State
    origin: Origin
    fragments: tuple[Fragment, ...]
    quote: str
    score: float | None = None
    run_id: int | None = None
    reason: str = ""
    actor_id: int | None = None
    analyst_id: int | None = None
    note: str = ""
    is_flagged: bool = False
    created_at: str = ""
    decided_at: str | None = None

    @property
    def start_cp(self) -> int:
        """Where the first fragment begins."""
        return self.fragments[0].start_cp

    @property
    def end_cp(self) -> int:
        """Where the last fragment ends."""
        return self.fragments[-1].end_cp


@dataclass(frozen=True, slots=True)
class LinkRecord:
    """A directed, typed connection between two spans of one document."""

    id: int
    document_id: int
    type_id: int
    from_id: int
    to_id: int
    state: State
    origin: Origin
    score: float | None = None
    run_id: int | None = None
    analyst_id: int | None = None
    decided_at: str | None = None


@dataclass(frozen=True, slots=True)
class ActorRecord:
    """An entry of the project's registry."""

    id: int
    name: str
    label_id: int | None = None
    notes: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BlockedRecord:
    """Words that a label is never suggested for again."""

    id: int
    label_id: int
    words: str
    analyst_id: int
    at: str


@dataclass(frozen=True, slots=True)
class ReviewedRecord:
    """A stretch that an analyst declared complete: nothing else is to be found there."""

    id: int
    document_id: int
    start_cp: int
    end_cp: int
    analyst_id: int
    at: str


@dataclass(frozen=True, slots=True)
class StretchRecord:
    """What is known of a part of a text that is no annotation: `value` is the page's number, or why it is excluded.

    `analyst_id` is None where a file said so. Stretches of one kind do not overlap.
    """

    id: int
    document_id: int
    kind: StretchKind
    start_cp: int
    end_cp: int
    value: str = ""
    analyst_id: int | None = None
    at: str = ""


@dataclass(frozen=True, slots=True)
class DocumentContent:
    """All that the view of one document needs, read in one go."""

    document: DocumentRecord
    text: str
    spans: tuple[SpanRecord, ...]
    links: tuple[LinkRecord, ...]
    reviewed: tuple[ReviewedRecord, ...]
    stretches: tuple[StretchRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """What one committed operation changed, by kind and id; views refresh from it.

    `documents` lists every document in which anything changed, `spans` and `links` all that were
    added, changed or removed. `are_settings_changed`: of labels, or options of the suggesters. `set_id` is the entry
    in the change log, `None` when nothing happened.
    """

    set_id: int | None = None
    operation: str = ""
    documents: frozenset[int] = frozenset()
    spans: frozenset[int] = frozenset()
    links: frozenset[int] = frozenset()
    actors: frozenset[int] = frozenset()
    reviewed: frozenset[int] = frozenset()
    stretches: frozenset[int] = frozenset()
    is_codebook_changed: bool = False
    are_settings_changed: bool = False
    are_blocked_words_changed: bool = False
    are_documents_listed_anew: bool = False


@dataclass(frozen=True, slots=True)
class ChangeSetRecord:
    """An entry of the change log: one operation of one analyst at one moment."""

    id: int
    operation: str
    at: str
    analyst_id: int | None
    document_id: int | None
    status: str
    took_ms: int | None = None


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One version of one suggester with one model, as used in this project."""

    id: int
    suggester: str
    version: str
    model: str
    started_at: str
