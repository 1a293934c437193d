"""How much the entries of the codebook are used: what removing one would mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.engine import Connection

from storage import tables as t
from storage.entities import ACTOR, FIELD, LABEL, LINK_TYPE, Entity
from storage.project import Project
from storage.records import State

_SPAN = t.Span.__table__.c
_LINK = t.Link.__table__.c
_VALUE = t.SpanField.__table__.c


@dataclass(frozen=True, slots=True)
class Use:
    """How often an entry occurs. `states` counts spans (of a link type: links) by their state.

    `links` counts, by the name of their type, the links that begin or end at a label's spans; `actors` the entries
    of the registry that have a label as their type, `blocked` the words that it is never suggested for; `values` the
    spans with each value of a field.
    """

    states: Mapping[State, int] = field(default_factory=dict)
    documents: int = 0
    links: Mapping[str, int] = field(default_factory=dict)
    actors: int = 0
    blocked: int = 0
    values: Mapping[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """All spans, links or values."""
        return sum(self.states.values())

    @property
    def is_used(self) -> bool:
        """Whether anything would change by the removal of the entry."""
        return bool(self.total or self.actors or self.blocked)


def label_use(project: Project, label_id: int) -> Use:
    """Return how much a label is used, documents that were removed from the lists included."""
    spans = _SPAN.label_id == label_id
    mine = select(_SPAN.id).where(spans)
    links = (
        select(t.LinkType.name, func.count())
        .join(t.Link.__table__, _LINK.type_id == t.LinkType.id)
        .where(or_(_LINK.from_id.in_(mine), _LINK.to_id.in_(mine)))
        .group_by(t.LinkType.id)
        .order_by(t.LinkType.id)
    )
    with project.reading() as connection:
        states = connection.execute(_by_state(_SPAN.state, spans)).all()
        documents = connection.execute(select(func.count(_SPAN.document_id.distinct())).where(spans)).scalar_one()
        joined = connection.execute(links).all()
        actors, blocked = (
            connection.execute(select(func.count()).where(column == label_id)).scalar_one()
            for column in (t.Actor.label_id, t.BlockedWords.label_id)
        )
    return Use(
        {State(state): count for state, count in states},
        documents,
        {row[0]: row[1] for row in joined},
        actors,
        blocked,
    )


def link_type_use(project: Project, type_id: int) -> Use:
    """Return how many links of a type there are."""
    links = _LINK.type_id == type_id
    with project.reading() as connection:
        states = connection.execute(_by_state(_LINK.state, links)).all()
        documents = connection.execute(select(func.count(_LINK.document_id.distinct())).where(links)).scalar_one()
    return Use({State(state): count for state, count in states}, documents)


def field_use(project: Project, field_id: int) -> Use:
    """Return how many spans have a value of a field, and which values."""
    joined = select(_SPAN.state, func.count()).join(t.SpanField.__table__, _VALUE.span_id == _SPAN.id)
    has_value = _VALUE.field_id == field_id
    documents = select(func.count(_SPAN.document_id.distinct())).join(t.SpanField.__table__, _VALUE.span_id == _SPAN.id)
    values = select(_VALUE.value, func.count()).where(has_value).group_by(_VALUE.value).order_by(func.count().desc())
    with project.reading() as connection:
        states = connection.execute(joined.where(has_value).group_by(_SPAN.state)).all()
        count = connection.execute(documents.where(has_value)).scalar_one()
        found = connection.execute(values).all()
    return Use(
        {State(state): number for state, number in states},
        count,
        values={row[0]: row[1] for row in found},
    )


def _by_state(column: ColumnElement[str], condition: ColumnElement[bool]) -> Select[str, int]:
    return select(column, func.count()).where(condition).group_by(column)


#: Where rows of codebook and registry are used.
USERS: Mapping[Entity, Sequence[ColumnElement[Any]]] = {
    ACTOR: (t.Span.actor_id,),
    FIELD: (t.SpanField.field_id,),
    LINK_TYPE: (t.Link.type_id,),
    LABEL: (t.Span.label_id, t.Actor.label_id, t.BlockedWords.label_id),
}


def is_used(connection: Connection, entity: Entity, row_id: int) -> bool:
    """Whether anything refers to an entry of codebook or registry."""
    return any(connection.execute(select(user).where(user == row_id).limit(1)).first() for user in USERS[entity])
