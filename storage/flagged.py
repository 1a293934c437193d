"""What was flagged for discussion, in the order of the project."""

from __future__ import annotations

from sqlalchemy import select

from storage import tables as t
from storage.project import Project
from storage.queries import is_listed
from storage.records import State


def next_flagged(project: Project, document_id: int | None, after_cp: int) -> tuple[int, int] | None:
    """Return document and id of the next span flagged for discussion, round the end of the project.

    The next is the first behind `after_cp` in this document, then in the documents after it, then from the start.
    """
    document, span = t.Document.__table__.c, t.Span.__table__.c
    here = select(document.position, document.id).where(document.id == document_id)
    with project.reading() as connection:
        row = connection.execute(here).one_or_none()
        place = (row.position, row.id, after_cp) if row is not None else (-1, 0, -1)
        flagged = connection.execute(
            select(document.position, document.id, span.start_cp, span.id.label("span_id"))
            .join(t.Document.__table__, document.id == span.document_id)
            .where(is_listed(), span.is_flagged, span.state != State.REJECTED.value)
            .order_by(document.position, document.id, span.start_cp, span.id)
        ).all()
    found = next((row for row in flagged if tuple(row[:3]) > place), flagged[0] if flagged else None)
    return None if found is None else (found.id, found.span_id)
