"""Removing entries of the codebook with what hangs on them, each as one action that one undo takes back whole."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from storage import tables as t
from storage.entities import ACTOR, BLOCKED, FIELD, LABEL, LINK, LINK_TYPE, SPAN
from storage.errors import InvalidEditError, StaleEditError
from storage.operations.shared import hand_over, kind_of, links_on, rows_of
from storage.project import ChangeScope, Project
from storage.records import Changes, State

_SPAN = t.Span.__table__.c
_LINK = t.Link.__table__.c
_VALUE = t.SpanField.__table__.c
_ACTOR = t.Actor.__table__.c
_BLOCKED = t.BlockedWords.__table__.c

#: Which of two spans stays where they become one: what a person decided, acceptance first.
_WEIGHT = {State.CONFIRMED: 2, State.REJECTED: 1, State.SUGGESTED: 0}


def remove_label(project: Project, label_id: int, *, move_to: int | None = None) -> Changes:
    """Remove a label: its spans go over to another label of its kind, or are deleted with it and their links.

    Moved spans keep everything. Where one comes to stand on exactly the fragments of a span of the other label, the
    two become one: what was decided stays, notes, fields, actor and links are joined. Actors whose type the label
    was get the other one as type, or none; the words that it is never suggested for go the way of the spans. The
    code goes over too if the other label has none, so that suggestions keep coming.
    """
    with project.change("remove label") as scope:
        kind = kind_of(scope, label_id)
        _refuse_during_import(scope)
        if move_to is None:
            _delete_spans(scope, label_id)
        else:
            if move_to == label_id or kind_of(scope, move_to) != kind:
                raise InvalidEditError("spans move to another label of the same kind")
            _join_twins(scope, label_id, move_to)
            ids = scope.connection.execute(select(_SPAN.id).where(_SPAN.label_id == label_id)).scalars().all()
            scope.journal.update_many(SPAN, {span_id: {"label_id": move_to} for span_id in ids})
        _move_blocked(scope, label_id, move_to)
        query = select(_ACTOR.id).where(_ACTOR.label_id == label_id).order_by(_ACTOR.id)
        actors = scope.connection.execute(query).scalars().all()
        scope.journal.update_many(ACTOR, {actor_id: {"label_id": move_to} for actor_id in actors})
        code = (scope.journal.read(LABEL, label_id, ["code"]) or {})["code"]
        scope.journal.delete(LABEL, label_id)
        if move_to is not None and (scope.journal.read(LABEL, move_to, ["code"]) or {})["code"] is None:
            scope.journal.update(LABEL, move_to, {"code": code})
    return scope.changes


def remove_link_type(project: Project, type_id: int) -> Changes:
    """Remove a link type and all links of it."""
    with project.change("remove link type") as scope:
        _refuse_during_import(scope)
        links = select(_LINK.id).where(_LINK.type_id == type_id).order_by(_LINK.id)
        scope.journal.delete_many(LINK, scope.connection.execute(links).scalars().all())
        scope.journal.delete(LINK_TYPE, type_id)
    return scope.changes


def remove_field(project: Project, field_id: int) -> Changes:
    """Remove a field and its values on all spans."""
    with project.change("remove field") as scope:
        _refuse_during_import(scope)
        spans = select(_VALUE.span_id).where(_VALUE.field_id == field_id).order_by(_VALUE.span_id)
        found = SPAN.read(scope.connection, scope.connection.execute(spans).scalars().all(), ["fields"])
        left = {
            span_id: {"fields": {key: value for key, value in image["fields"].items() if key != str(field_id)}}
            for span_id, image in found.items()
        }
        scope.journal.update_many(SPAN, left)
        scope.journal.delete(FIELD, field_id)
    return scope.changes


def _refuse_during_import(scope: ChangeScope) -> None:
    """Refuse while an import knows the codebook by the ids that it had when it began."""
    staged = select(t.ImportBatch.id).where(t.ImportBatch.state == "staged")
    if scope.connection.execute(staged).first() is not None:
        raise StaleEditError("An import is under way that may use this. Remove it when the import has ended.")


def _delete_spans(scope: ChangeScope, label_id: int) -> None:
    query = select(_SPAN.id).where(_SPAN.label_id == label_id).order_by(_SPAN.id)
    spans = scope.connection.execute(query).scalars().all()
    # The links go first and are logged: the database would take them along without a word.
    scope.journal.delete_many(LINK, [link.id for link in links_on(scope, spans)])
    scope.journal.delete_many(SPAN, spans)


def _move_blocked(scope: ChangeScope, label_id: int, target_id: int | None) -> None:
    """Let the words that a label is never suggested for be those of another one, or nobody's."""
    query = select(_BLOCKED.id, _BLOCKED.folded).where(_BLOCKED.label_id == label_id).order_by(_BLOCKED.id)
    rows = scope.connection.execute(query).all()
    theirs = select(_BLOCKED.folded).where(_BLOCKED.label_id == target_id)
    known = set(scope.connection.execute(theirs).scalars()) if target_id is not None else {row.folded for row in rows}
    scope.journal.delete_many(BLOCKED, [row.id for row in rows if row.folded in known])
    kept = [row.id for row in rows if row.folded not in known]
    scope.journal.update_many(BLOCKED, {row_id: {"label_id": target_id} for row_id in kept})


def _join_twins(scope: ChangeScope, label_id: int, target_id: int) -> None:
    """Make one of each span that stands exactly where a span of the target label stands, and that span."""
    for span_id, twin_id in _twins(scope, label_id, target_id):
        rows = rows_of(scope, [span_id, twin_id])
        mine, theirs = rows[span_id], rows[twin_id]
        is_mine_kept = _WEIGHT[State(mine.state)] > _WEIGHT[State(theirs.state)]
        kept, dropped = (mine, theirs) if is_mine_kept else (theirs, mine)
        hand_over(scope, dropped, kept)
        scope.journal.delete(SPAN, dropped.id)


def _twins(scope: ChangeScope, label_id: int, target_id: int) -> Sequence[tuple[int, int]]:
    """Return pairs of a span and one of the target label on the same fragments, each in one pair at most."""
    other = t.Span.__table__.alias()
    query = (
        select(_SPAN.id, other.c.id, other.c.state)
        .join(
            other,
            (other.c.document_id == _SPAN.document_id)
            & (other.c.start_cp == _SPAN.start_cp)
            & (other.c.end_cp == _SPAN.end_cp),
        )
        .where(_SPAN.label_id == label_id, other.c.label_id == target_id)
    )
    rows = scope.connection.execute(query).all()
    candidates = sorted((row[0], -_WEIGHT[State(row[2])], row[1]) for row in rows)
    images = SPAN.read(scope.connection, [row[n] for row in rows for n in (0, 1)], ["fragments"])
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for span_id, _weight, twin_id in candidates:
        is_free = span_id not in pairs and twin_id not in taken
        if is_free and images[span_id]["fragments"] == images[twin_id]["fragments"]:
            pairs[span_id] = twin_id
            taken.add(twin_id)
    return list(pairs.items())
