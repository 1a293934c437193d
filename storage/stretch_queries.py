"""Reading the pages and the excluded parts of documents."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import select
from sqlalchemy.engine import Connection

from storage import tables as t
from storage.entities import chunks, one_of
from storage.project import Project
from storage.records import StretchKind, StretchRecord
from storage.stretches import touches_any

_STRETCH = t.Stretch.__table__.c


def stretches_in(project: Project, document_id: int) -> tuple[StretchRecord, ...]:
    """Return the pages and excluded parts of a document, in text order."""
    with project.reading() as connection:
        return read_stretches(connection, document_id)


def read_stretches(connection: Connection, document_id: int) -> tuple[StretchRecord, ...]:
    """Return the pages and excluded parts of a document as a transaction sees them, in text order."""
    query = select(*_STRETCH).where(_STRETCH.document_id == document_id).order_by(_STRETCH.start_cp, _STRETCH.id)
    rows = connection.execute(query).all()
    return tuple(StretchRecord(id_, where, StretchKind(kind), *rest) for id_, where, kind, *rest in rows)


def excluded_in(connection: Connection, document_ids: Iterable[int]) -> dict[int, list[tuple[int, int]]]:
    """Return what is left out of the work in these documents, as (start, end) in text order."""
    found: dict[int, list[tuple[int, int]]] = {}
    query = select(_STRETCH.document_id, _STRETCH.start_cp, _STRETCH.end_cp).order_by(_STRETCH.start_cp)
    for chunk in chunks(document_ids):
        here = query.where(one_of(_STRETCH.document_id, chunk), _STRETCH.kind == StretchKind.EXCLUDED.value)
        for document_id, start, end in connection.execute(here):
            found.setdefault(document_id, []).append((start, end))
    return found


def left_out_among(project: Project, places: Collection[tuple[int, int, int]]) -> set[tuple[int, int, int]]:
    """Return those of these places (document, start, end) that reach into a part that is left out of the work."""
    with project.reading() as connection:
        excluded = excluded_in(connection, {place[0] for place in places})
    return {place for place in places if touches_any(excluded.get(place[0], ()), place[1], place[2])}
