"""The plain documents that formats read and write: labels by name, links by local ids, no database ids.

A reader yields `ExchangeDocument`s, a writer takes an iterable of them; `storage.transfer` joins both to a project.
All offsets are code points of `text`, half-open.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from storage.formats.naming import showable
from storage.records import ActorRecord, Codebook, Fragment, LabelKind, Origin, State


@dataclass(frozen=True, slots=True)
class ExchangeSpan:
    """A span as files hold it. `id` is unique within its document; `label` is the label's name.

    `actor_id` tells actors of one name apart, where their registry is known.
    """

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
    actor_id: str | None = field(default=None, compare=False)


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


@dataclass(frozen=True, slots=True, eq=False)
class ExchangeProject:
    """What a file tells of its project beside the documents: codebook and registry.

    Actors have the labels of this codebook as types, and their ids are those that spans name.
    """

    codebook: Codebook
    actors: tuple[ActorRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class ExchangeDocument:
    """One document with everything in it. `where` names file (and line) for messages.

    `project` is the same object for all documents of a file, where it tells of one.
    """

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
    project: ExchangeProject | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file, or a part of one (a row, a member of an archive), that was not imported, and why.

    A reader yields one instead of a document where the rest of the file is sound without it.
    """

    where: str
    reason: str

    def __str__(self) -> str:
        """Return where and why in one sentence, in which the place stands once, as it can be shown."""
        where = showable(self.where)
        name = PurePath(where).name
        if where in self.reason:
            return self.reason
        for begin in ("", "“"):
            if name and self.reason.startswith(begin + name):
                return begin + where + self.reason[len(begin + name) :]
        return f"{where}: {self.reason}"


class LeftOutList:
    """What was left out: all of it counted, the first `MOST` kept with their reasons.

    A table may have a million rows that come twice.
    """

    MOST = 10_000

    def __init__(self, items: Iterable[LeftOut] = ()) -> None:
        self._kept: list[LeftOut] = []
        self.count = 0
        for item in items:
            self.add(item)

    def add(self, item: LeftOut) -> None:
        """Count one more."""
        self.count += 1
        if len(self._kept) < self.MOST:
            self._kept.append(item)

    def extend(self, other: LeftOutList) -> None:
        """Count what another list holds."""
        self._kept += other._kept[: self.MOST - len(self._kept)]
        self.count += other.count

    def __bool__(self) -> bool:
        return self.count > 0

    def __iter__(self) -> Iterator[LeftOut]:
        return iter(self._kept)

    def to_json(self) -> list[dict[str, str]]:
        """Return what is kept as JSON holds it."""
        return [{"where": item.where, "reason": item.reason} for item in self]

    def to_lines(self, begin: str = "", most: int = MOST) -> list[str]:
        """Return a line for each of the first, and one that counts the rest."""
        lines = [f"{begin}{item}" for item in self._kept[:most]]
        more = self.count - len(lines)
        return [*lines, f"… and {more:,} more"] if more else lines
