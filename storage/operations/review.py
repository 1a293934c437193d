"""Declaring stretches complete, and taking that back."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select

from storage import tables as t
from storage.entities import REVIEWED, Image
from storage.errors import InvalidEditError
from storage.operations.shared import AnyRow, length_of
from storage.project import ChangeScope, Project
from storage.records import Changes, Fragment

_REVIEWED = t.Reviewed.__table__.c


def mark_reviewed(project: Project, document_id: int, stretch: Fragment, *, took_ms: int | None = None) -> Changes:
    """Declare a stretch complete; stretches that touch it or one another become one."""
    return _change(project, document_id, stretch, is_reviewed=True, took_ms=took_ms)


def unmark_reviewed(project: Project, document_id: int, stretch: Fragment, *, took_ms: int | None = None) -> Changes:
    """Take the declaration back for a stretch; what lies before and after it stays reviewed."""
    return _change(project, document_id, stretch, is_reviewed=False, took_ms=took_ms)


def _change(
    project: Project, document_id: int, stretch: Fragment, *, is_reviewed: bool, took_ms: int | None
) -> Changes:
    operation = "mark reviewed" if is_reviewed else "unmark reviewed"
    start, end = stretch
    with project.change(operation, document_id=document_id, took_ms=took_ms) as scope:
        if not 0 <= start < end <= length_of(scope, document_id):
            raise InvalidEditError(f"the stretch {start}-{end} lies outside the text")
        if is_reviewed:
            _mark(scope, document_id, start, end)
        else:
            _unmark(scope, document_id, start, end)
    return scope.changes


def _mark(scope: ChangeScope, document_id: int, start: int, end: int) -> None:
    rows = _stretches(scope, document_id, _REVIEWED.start_cp <= end, _REVIEWED.end_cp >= start)
    if any(row.start_cp <= start and end <= row.end_cp for row in rows):
        return
    whole = {
        "document_id": document_id,
        "start_cp": min([start, *(row.start_cp for row in rows)]),
        "end_cp": max([end, *(row.end_cp for row in rows)]),
        "analyst_id": scope.analyst_id,
        "at": scope.at,
    }
    scope.journal.delete_many(REVIEWED, [row.id for row in rows])
    scope.journal.insert(REVIEWED, whole)


def _unmark(scope: ChangeScope, document_id: int, start: int, end: int) -> None:
    rows = _stretches(scope, document_id, _REVIEWED.start_cp < end, _REVIEWED.end_cp > start)
    scope.journal.delete_many(REVIEWED, [row.id for row in rows])
    for row in rows:
        for piece in ((row.start_cp, min(row.end_cp, start)), (max(row.start_cp, end), row.end_cp)):
            if piece[0] < piece[1]:  # what is left stays as declared: by whom and when
                left: Image = {"document_id": document_id, "analyst_id": row.analyst_id, "at": row.at}
                scope.journal.insert(REVIEWED, left | {"start_cp": piece[0], "end_cp": piece[1]})


def _stretches(scope: ChangeScope, document_id: int, *conditions: ColumnElement[bool]) -> Sequence[AnyRow]:
    query = select(*_REVIEWED).where(_REVIEWED.document_id == document_id, *conditions)
    return scope.connection.execute(query.order_by(_REVIEWED.start_cp)).all()
