"""Links between spans: who says it, about whom, with which words."""

from __future__ import annotations

from sqlalchemy import select

from storage import tables as t
from storage.entities import LINK, SPAN
from storage.errors import InvalidEditError, StaleEditError
from storage.operations.spans import decided, kind_of, new_link
from storage.project import ChangeScope, Project
from storage.records import Changes, LabelKind, Origin, State

_SPAN = t.Span.__table__.c
_LINK = t.Link.__table__.c
_TYPE = t.LinkType.__table__.c


def connect(project: Project, type_code: str, from_id: int, to_id: int, *, took_ms: int | None = None) -> Changes:
    """Link two spans of one document. A span under decision at either end is confirmed with it.

    Several speakers or targets may stand side by side; `replace` puts one in place of the others.
    """
    return _connect(project, type_code, from_id, to_id, is_only=False, took_ms=took_ms)


def replace(project: Project, type_code: str, from_id: int, to_id: int, *, took_ms: int | None = None) -> Changes:
    """Link two spans and take the other links of this type from the same span away."""
    return _connect(project, type_code, from_id, to_id, is_only=True, took_ms=took_ms)


def disconnect(project: Project, link_ids: list[int], *, took_ms: int | None = None) -> Changes:
    """Take links away: those that a suggester proposed are rejected, those that an analyst drew deleted."""
    with project.change("unlink", took_ms=took_ms) as scope:
        for link_id in link_ids:
            _take_away(scope, link_id)
    return scope.changes


def _connect(
    project: Project, type_code: str, from_id: int, to_id: int, *, is_only: bool, took_ms: int | None
) -> Changes:
    with project.change("link", took_ms=took_ms) as scope:
        type_id, document_id = _check_ends(scope, type_code, from_id, to_id)
        same_start = select(_LINK.id, _LINK.to_id, _LINK.state).where(
            _LINK.from_id == from_id, _LINK.type_id == type_id
        )
        existing = scope.connection.execute(same_start.order_by(_LINK.id)).all()
        if is_only:
            for link in existing:
                if link.to_id != to_id and link.state != State.REJECTED:
                    _take_away(scope, link.id)
        twin = next((link for link in existing if link.to_id == to_id), None)
        if twin is None:
            new_link(scope, document_id, type_id, from_id, to_id)
        else:
            scope.journal.update(LINK, twin.id, decided(scope, State.CONFIRMED, twin))
        for span_id in (from_id, to_id):
            row = scope.connection.execute(select(_SPAN.id, _SPAN.state).where(_SPAN.id == span_id)).one()
            scope.journal.update(SPAN, span_id, decided(scope, State.CONFIRMED, row))
    return scope.changes


def _take_away(scope: ChangeScope, link_id: int) -> None:
    query = select(_LINK.id, _LINK.state, _LINK.origin).where(_LINK.id == link_id)
    link = scope.connection.execute(query).one_or_none()
    if link is None:
        raise StaleEditError("This link is no longer there; nothing was changed.")
    if link.origin == Origin.SUGGESTER:
        scope.journal.update(LINK, link_id, decided(scope, State.REJECTED, link))
    else:
        scope.journal.delete(LINK, link_id)


def _check_ends(scope: ChangeScope, type_code: str, from_id: int, to_id: int) -> tuple[int, int]:
    link_type = scope.connection.execute(
        select(_TYPE.id, _TYPE.from_kind, _TYPE.to_kind).where(_TYPE.code == type_code)
    ).one_or_none()
    if link_type is None:
        raise StaleEditError(f"The codebook has no link type “{type_code}” any more; nothing was changed.")
    ends = {
        row.id: row
        for row in scope.connection.execute(
            select(_SPAN.id, _SPAN.document_id, _SPAN.label_id).where(_SPAN.id.in_([from_id, to_id]))
        )
    }
    if len(ends) < 2:
        raise StaleEditError("One of the two spans is no longer there; nothing was changed.")
    if ends[from_id].document_id != ends[to_id].document_id:
        raise InvalidEditError("a link joins two spans of one document")
    kinds = (kind_of(scope, ends[from_id].label_id), kind_of(scope, ends[to_id].label_id))
    if kinds != (LabelKind(link_type.from_kind), LabelKind(link_type.to_kind)):
        raise InvalidEditError(f"a link “{type_code}” goes from {link_type.from_kind} to {link_type.to_kind}")
    return link_type.id, ends[from_id].document_id
