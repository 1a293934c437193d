"""The plain documents that formats read and write: labels by name, links by local ids, no database ids.

A reader yields `ExchangeDocument`s, a writer takes an iterable of them; `storage.transfer` joins both to a project.
All offsets are code points of `text`, half-open.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from storage.records import Fragment, LabelKind, Origin, State


@dataclass(frozen=True, slots=True)
class ExchangeSpan:
    """A span as files hold it. `id` is unique within its document; `label` is the label's name."""

    id: str
    kind: LabelKind
    label: str
    fragments: tuple[Fragment, ...]
    state: State = State.CONFIRMED
    origin: Origin = Origin.IMPORT
    quote: str | None = None
    suggester: str | None = None
    score: float | None = None
    reason: str = ""
    actor: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    is_flagged: bool = False
    analyst: str | None = None
    decided_at: str | None = None


@dataclass(frozen=True, slots=True)
class ExchangeLink:
    """A link between two spans of the same document, by their local ids. `type` is the link type's code."""

    id: str
    type: str
    from_id: str
    to_id: str
    state: State = State.CONFIRMED
    origin: Origin = Origin.IMPORT
    suggester: str | None = None
    score: float | None = None
    analyst: str | None = None
    decided_at: str | None = None


@dataclass(frozen=True, slots=True)
class ExchangeStretch:
    """What is known of a part of a text that is no annotation: `page` (its number), `excluded` (why).

    Stretches of one kind do not overlap.
    """

    kind: str
    start_cp: int
    end_cp: int
    value: str = ""


@dataclass(frozen=True, slots=True)
class ExchangeDocument:
    """One document with everything in it. `where` names file (and line) for messages."""

    title: str
    text: str
    id: str | None = None
    source: str = ""
    date: str | None = None
    language: str = ""
    encoding: str = ""
    sha256: str | None = None
    meta: Mapping[str, Any] = field(default_factory=dict)
    spans: tuple[ExchangeSpan, ...] = ()
    links: tuple[ExchangeLink, ...] = ()
    reviewed: tuple[Fragment, ...] = ()
    stretches: tuple[ExchangeStretch, ...] = ()
    where: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file, or a part of one (a row, a member of an archive), that was not imported, and why.

    A reader yields one instead of a document where the rest of the file is sound without it.
    """

    where: str
    reason: str
