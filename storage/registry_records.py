"""What the registry's reads hand out. Free of SQLAlchemy and of Qt; offsets are code points."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from storage.records import State


class ActorEntry(NamedTuple):
    """A line of the registry, as finding and listing need it."""

    id: int
    name: str
    label_id: int | None = None
    aliases: tuple[str, ...] = ()


class MentionCount(NamedTuple):
    """How many mentions that nobody rejected point to an actor, and in how many documents they stand."""

    mentions: int = 0
    documents: int = 0


@dataclass(frozen=True, slots=True)
class WordGroup:
    """Mentions without an actor that say the same words, case and white space aside.

    `words` are as most of them write it, `forms` all ways. `label_id` is their most frequent type. `candidates` are
    the actors so called: one is a proposal, several are a question, none means that the registry lacks them.
    """

    words: str
    forms: tuple[str, ...]
    label_id: int
    mentions: int
    undecided: int = 0
    candidates: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class RegistrySurvey:
    """How the registry stands to the mentions of the whole project, at one moment."""

    counts: dict[int, MentionCount] = field(default_factory=dict)
    groups: tuple[WordGroup, ...] = ()


class MentionPlaces(NamedTuple):
    """Mentions in the order of documents and text, and in how many documents they stand."""

    span_ids: list[int]
    documents: int


class MentionLine(NamedTuple):
    """A mention within its sentence or so: what stands left and right of it in the text, white space levelled."""

    span_id: int
    document_id: int
    title: str
    left: str
    words: str
    right: str
    label_id: int
    state: State
    actor_id: int | None
