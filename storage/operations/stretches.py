"""Leaving parts of a text out of the work (navigation, adverts, notices), and taking them in again.

An excluded part stays in the text. Suggesters leave it alone, nothing is labelled there, and no training data or
evaluation holds it. What people decided there before stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import Integer, Select, delete, func, select

from storage import tables as t
from storage.engine import compact_json
from storage.entities import SPAN, STRETCH, Image, Row, chunks, one_of
from storage.errors import InvalidEditError, StaleEditError
from storage.operations.shared import AnyRow, links_on
from storage.project import ChangeScope, Project
from storage.queries import is_listed
from storage.records import Changes, Fragment, State, StretchKind

#: A part of a document: its id, start and end in code points.
Place = tuple[int, int, int]

#: Why a part is excluded that was found by its repetition.
REPEATED = "repeated"

_EXCLUDED = StretchKind.EXCLUDED.value
_STRETCH = t.Stretch.__table__.c
_SPAN = t.Span.__table__.c
_FRAGMENT = t.Fragment.__table__.c
_RUN = t.DocumentRun.__table__.c

#: How many parts one statement looks at for the suggestions in them.
_PORTION = 5_000


class _Part(NamedTuple):
    """An excluded part; without an id it is new."""

    id: int | None
    start_cp: int
    end_cp: int
    value: str

    def touches(self, start_cp: int, end_cp: int, value: str) -> bool:
        """Whether a further part becomes one with this one: it overlaps, or lies beside it for the same reason."""
        is_beside = self.start_cp <= end_cp and start_cp <= self.end_cp
        return is_beside and (self.value == value or (self.start_cp < end_cp and start_cp < self.end_cp))


def exclude(
    project: Project, document_id: int, stretch: Fragment, *, reason: str = "", took_ms: int | None = None
) -> Changes:
    """Leave a part of a text out of the work. Undecided suggestions that reach into it go; undo brings them back.

    Those with a note or a flag stay, as does every decision.
    """
    with project.change("exclude", document_id=document_id, took_ms=took_ms) as scope:
        _exclude(scope, [(document_id, *stretch)], reason)
    return scope.changes


def exclude_many(project: Project, places: Iterable[Place], *, reason: str = "", took_ms: int | None = None) -> Changes:
    """Leave parts of many texts out of the work, as one action."""
    with project.change("exclude everywhere", took_ms=took_ms) as scope:
        _exclude(scope, list(dict.fromkeys(places)), reason)
    return scope.changes


def include(project: Project, document_id: int, stretch: Fragment, *, took_ms: int | None = None) -> Changes:
    """Take a part of a text into the work again; what lies before and after it stays excluded.

    The document counts as unread by the suggesters from then on, so that they look at the part.
    """
    with project.change("include", document_id=document_id, took_ms=took_ms) as scope:
        _check(scope, [(document_id, *stretch)])
        start, end = stretch
        rows = [row for row in _excluded(scope, [document_id]) if row.start_cp < end and start < row.end_cp]
        scope.journal.delete_many(STRETCH, [row.id for row in rows])
        for row in rows:
            for piece in ((row.start_cp, min(row.end_cp, start)), (max(row.start_cp, end), row.end_cp)):
                if piece[0] < piece[1]:  # what is left stays as declared: by whom and when
                    left: Image = {"document_id": document_id, "kind": _EXCLUDED, "value": row.value}
                    left |= {"analyst_id": row.analyst_id, "at": row.at}
                    scope.journal.insert(STRETCH, left | {"start_cp": piece[0], "end_cp": piece[1]})
        if rows:
            scope.connection.execute(delete(t.DocumentRun).where(_RUN.document_id == document_id))
    return scope.changes


def _exclude(scope: ChangeScope, places: Sequence[Place], reason: str) -> None:
    _check(scope, places)
    standing: dict[int, list[_Part]] = {place[0]: [] for place in places}
    for row in _excluded(scope, standing):
        standing[row.document_id].append(_Part(row.id, row.start_cp, row.end_cp, row.value))
    gone: list[int] = []
    for document_id, start, end in places:
        gone += _merge(standing[document_id], start, end, reason)
    scope.journal.delete_many(STRETCH, gone)
    new = [(document_id, part) for document_id, parts in standing.items() for part in parts if part.id is None]
    first = scope.journal.reserve(STRETCH, len(new))
    rows: list[Row] = [
        (first + n, document_id, _EXCLUDED, part.start_cp, part.end_cp, part.value, scope.analyst_id, scope.at)
        for n, (document_id, part) in enumerate(new)
    ]
    scope.journal.insert_rows(STRETCH, rows)
    drop_suggestions(scope, [(document_id, part.start_cp, part.end_cp) for document_id, part in new])


def _merge(parts: list[_Part], start: int, end: int, reason: str) -> list[int]:
    """Add a part to those of a document; return the ids of the rows that it takes in."""
    if any(part.start_cp <= start and end <= part.end_cp for part in parts):
        return []
    met = [part for part in parts if part.touches(start, end, reason)]
    values = [reason, *(part.value for part in met)]
    whole = _Part(
        None,
        min([start, *(part.start_cp for part in met)]),
        max([end, *(part.end_cp for part in met)]),
        next(filter(None, values), ""),
    )
    parts[:] = [part for part in parts if part not in met] + [whole]
    return [part.id for part in met if part.id is not None]


def _check(scope: ChangeScope, places: Sequence[Place]) -> None:
    """Refuse parts outside their texts, or of documents that are not listed."""
    lengths: dict[int, int] = {}
    document = t.Document
    for chunk in chunks(place[0] for place in places):
        query = select(document.id, document.length_cp).where(one_of(document.__table__.c.id, chunk), is_listed())
        lengths.update((row.id, row.length_cp) for row in scope.connection.execute(query))
    for document_id, start, end in places:
        if document_id not in lengths:
            raise StaleEditError("This document is no longer in the project; nothing was changed.")
        if not 0 <= start < end <= lengths[document_id]:
            raise InvalidEditError(f"the stretch {start}-{end} lies outside the text")


def _excluded(scope: ChangeScope, document_ids: Iterable[int]) -> Iterator[AnyRow]:
    """Yield the rows of what is excluded in these documents."""
    for chunk in chunks(document_ids):
        query = select(*_STRETCH).where(one_of(_STRETCH.document_id, chunk), _STRETCH.kind == _EXCLUDED)
        yield from scope.connection.execute(query.order_by(_STRETCH.document_id, _STRETCH.start_cp)).all()


def drop_suggestions(scope: ChangeScope, places: Sequence[Place]) -> None:
    """Remove undecided suggestions that reach into these parts, with their undecided links."""
    portions = (places[first : first + _PORTION] for first in range(0, len(places), _PORTION))
    found = {row.id for portion in portions for row in scope.connection.execute(_suggested_in(portion))}
    for link in links_on(scope, found):
        if link.state != State.SUGGESTED:
            found -= {link.from_id, link.to_id}
    scope.journal.delete_many(SPAN, sorted(found))


def _suggested_in(places: Sequence[Place]) -> Select[tuple[int]]:
    wanted = func.json_each(compact_json(places)).table_valued("value")
    document, start, end = (func.json_extract(wanted.c.value, f"$[{n}]", type_=Integer) for n in range(3))
    return (
        select(_SPAN.id)
        .select_from(wanted)
        .join(t.Span.__table__, (_SPAN.document_id == document) & (_SPAN.start_cp < end) & (_SPAN.end_cp > start))
        .join(t.Fragment.__table__, _FRAGMENT.span_id == _SPAN.id)
        .where(
            _SPAN.state == State.SUGGESTED.value,
            _SPAN.note == "",
            ~_SPAN.is_flagged,
            _FRAGMENT.start_cp < end,
            _FRAGMENT.end_cp > start,
        )
        .distinct()
    )
