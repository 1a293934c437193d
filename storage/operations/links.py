"""Links between spans: who says it, about whom, with which words."""

from __future__ import annotations

from sqlalchemy import select

from storage import tables as t
from storage.entities import LINK, SPAN, Image, chunks, one_of
from storage.errors import InvalidEditError, StaleEditError
from storage.operations.shared import AnyRow, decide, decision, links_on, rows_of, take_away
from storage.project import ChangeScope, Project
from storage.records import Changes, Origin, State

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
        wanted = list(dict.fromkeys(link_ids))
        query = select(_LINK.id, _LINK.state, _LINK.origin)
        found = [
            row for chunk in chunks(wanted) for row in scope.connection.execute(query.where(one_of(_LINK.id, chunk)))
        ]
        if len(found) < len(wanted):
            raise StaleEditError("This link is no longer there; nothing was changed.")
        take_away(scope, found)
    return scope.changes


def _connect(
    project: Project, type_code: str, from_id: int, to_id: int, *, is_only: bool, took_ms: int | None
) -> Changes:
    if from_id == to_id:
        raise InvalidEditError("a link joins two different spans")
    with project.change("link", took_ms=took_ms) as scope:
        ends = rows_of(scope, [from_id, to_id])
        type_id = _check_ends(scope, type_code, ends[from_id], ends[to_id])
        existing = [link for link in links_on(scope, [from_id], outgoing_only=True) if link.type_id == type_id]
        if is_only:
            take_away(scope, [link for link in existing if link.to_id != to_id and link.state != State.REJECTED])
        twin = next((link for link in existing if link.to_id == to_id), None)
        if twin is None:
            _new_link(scope, ends[from_id].document_id, type_id, from_id, to_id)
        else:
            decide(scope, LINK, [twin], State.CONFIRMED)
        decide(scope, SPAN, ends.values(), State.CONFIRMED)
    return scope.changes


def _new_link(scope: ChangeScope, document_id: int, type_id: int, from_id: int, to_id: int) -> None:
    values: Image = {
        "document_id": document_id,
        "type_id": type_id,
        "from_id": from_id,
        "to_id": to_id,
        "origin": Origin.HUMAN.value,
        "score": None,
        "run_id": None,
    }
    scope.journal.insert(LINK, values | decision(scope, State.CONFIRMED))


def _check_ends(scope: ChangeScope, type_code: str, start: AnyRow, end: AnyRow) -> int:
    """Return the id of the link type, if it may join these spans."""
    link_type = scope.connection.execute(
        select(_TYPE.id, _TYPE.from_kind, _TYPE.to_kind).where(_TYPE.code == type_code)
    ).one_or_none()
    if link_type is None:
        raise StaleEditError(f"The codebook has no link type “{type_code}” any more; nothing was changed.")
    if start.document_id != end.document_id:
        raise InvalidEditError("a link joins two spans of one document")
    if (start.kind, end.kind) != (link_type.from_kind, link_type.to_kind):
        raise InvalidEditError(f"a link “{type_code}” goes from {link_type.from_kind} to {link_type.to_kind}")
    return int(link_type.id)
