"""Declaring stretches complete, and taking that back."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Row, select

from storage import tables as t
from storage.entities import REVIEWED
from storage.errors import InvalidEditError
from storage.operations.spans import text_of
from storage.project import Project
from storage.records import Changes, Fragment

_REVIEWED = t.Reviewed.__table__.c
_Row = Row[int, int, int]


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
    with project.change(operation, document_id=document_id, took_ms=took_ms) as scope:
        start, end = stretch
        if not 0 <= start < end <= len(text_of(scope, document_id)):
            raise InvalidEditError(f"the stretch {start}-{end} lies outside the text")
        rows = scope.connection.execute(
            select(_REVIEWED.id, _REVIEWED.start_cp, _REVIEWED.end_cp)
            .where(_REVIEWED.document_id == document_id, _REVIEWED.start_cp <= end, _REVIEWED.end_cp >= start)
            .order_by(_REVIEWED.start_cp)
        ).all()
        if is_reviewed and any(row.start_cp <= start and end <= row.end_cp for row in rows):
            return scope.changes
        pieces = _union(rows, start, end) if is_reviewed else _rest(rows, start, end)
        for row in rows:
            scope.journal.delete(REVIEWED, row.id)
        for piece_start, piece_end in pieces:
            scope.journal.insert(
                REVIEWED,
                {
                    "document_id": document_id,
                    "start_cp": piece_start,
                    "end_cp": piece_end,
                    "analyst_id": scope.analyst_id,
                    "at": scope.at,
                },
            )
    return scope.changes


def _union(rows: Sequence[_Row], start: int, end: int) -> list[tuple[int, int]]:
    ranges = [(row.start_cp, row.end_cp) for row in rows]
    return [(min([start, *(s for s, _ in ranges)]), max([end, *(e for _, e in ranges)]))]


def _rest(rows: Sequence[_Row], start: int, end: int) -> list[tuple[int, int]]:
    ranges = [(row.start_cp, row.end_cp) for row in rows]
    pieces = [(s, min(e, start)) for s, e in ranges] + [(max(s, end), e) for s, e in ranges]
    return [(s, e) for s, e in pieces if s < e]
