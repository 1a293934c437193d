"""What a document has already when suggestions come in: spans, what people did to them, what is closed to them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from sys import maxsize

from sqlalchemy import BindParameter, Select, bindparam, exists, select
from sqlalchemy import text as sql
from sqlalchemy.engine import Connection

from storage import tables as t
from storage.entities import SPAN, Entity
from storage.queries import is_hidden
from storage.records import State
from storage.stretch_queries import excluded_in
from storage.stretches import touches_any

#: The suggester that brings confirmed words to all documents, and the version of its rules.
MEMORY, MEMORY_VERSION = "memory", "1"
#: The operations that are no person's.
MACHINE = frozenset({"suggest", "remember"})

#: Where a span stands: its fragments as pairs of code points.
Place = tuple[tuple[int, int], ...]

_SPAN = t.Span.__table__.c
_FRAGMENT = t.Fragment.__table__.c

# Asked for one document after the other, by the thousand: making such a statement takes longer than running it.
_HERE: BindParameter[int] = bindparam("document")
_FRAGMENTS_IN = (
    select(_FRAGMENT.span_id, _FRAGMENT.start_cp, _FRAGMENT.end_cp)
    .where(_FRAGMENT.span_id.in_(select(_SPAN.id).where(_SPAN.document_id == _HERE)))
    .order_by(_FRAGMENT.span_id, _FRAGMENT.position)
)
_SPANS_IN = (
    select(
        _SPAN.id,
        _SPAN.label_id,
        t.Label.kind,
        _SPAN.state,
        t.SuggesterRun.suggester,
        _SPAN.actor_id,
        _SPAN.reason,
        ((_SPAN.note != "") | _SPAN.is_flagged).label("is_noted"),
        is_hidden(),
    )
    .select_from(t.Span.__table__)
    .join(t.Label, t.Label.id == _SPAN.label_id)
    .outerjoin(t.SuggesterRun, t.SuggesterRun.id == _SPAN.run_id)
    .where(_SPAN.document_id == _HERE)
    .order_by(_SPAN.id)
)
_OF_MEMORY_IN = (
    select(_SPAN.id)
    .join(t.SuggesterRun, t.SuggesterRun.id == _SPAN.run_id)
    .where(_SPAN.document_id == _HERE, _SPAN.state == State.SUGGESTED.value, t.SuggesterRun.suggester == MEMORY)
    .limit(1)
)
#: By an index of these changes alone, whatever else was decided in the document.
_MOVED_IN = (
    select(t.Change.row_id, t.Change.before)
    .where(sql(t.MOVED), t.Change.row_id.in_(select(_SPAN.id).where(_SPAN.document_id == _HERE)))
    .order_by(t.Change.id.desc())
)
_REVIEWED_IN = (
    select(t.Reviewed.start_cp, t.Reviewed.end_cp).where(t.Reviewed.document_id == _HERE).order_by(t.Reviewed.start_cp)
)


@dataclass(frozen=True, slots=True)
class Standing:
    """A span that the document has already.

    `is_touched`: a person's action stands in its log, undone or not. `is_hidden`: its score is too low to be shown.
    """

    place: Place
    id: int
    label_id: int
    kind: str
    state: str
    suggester: str | None
    is_touched: bool
    actor_id: int | None = None
    reason: str = ""
    is_hidden: bool = False


def standing_spans(connection: Connection, document_id: int) -> list[Standing]:
    """Return the spans of a document, by id."""
    here = {"document": document_id}
    places: dict[int, list[tuple[int, int]]] = {}
    for span_id, start, end in connection.execute(_FRAGMENTS_IN, here).all():
        places.setdefault(span_id, []).append((start, end))
    touched = touched_by_people(connection, SPAN, document_id)
    rows = connection.execute(_SPANS_IN, here).all()
    return [
        Standing(
            tuple(places.get(span_id, ())),
            span_id,
            label_id,
            kind,
            state,
            suggester,
            is_touched=is_noted or span_id in touched,
            actor_id=actor_id,
            reason=reason,
            is_hidden=bool(is_low),
        )
        for span_id, label_id, kind, state, suggester, actor_id, reason, is_noted, is_low in rows
    ]


def has_memory(connection: Connection, document_id: int) -> bool:
    """Whether an undecided suggestion of memory stands in a document."""
    return connection.execute(_OF_MEMORY_IN, {"document": document_id}).first() is not None


def touched_by_people(connection: Connection, entity: Entity, document_id: int) -> set[int]:
    """Return the spans or links of a document in whose log a person's action stands, undone or not."""
    return set(connection.execute(_touched_in(entity), {"document": document_id}).scalars())


@cache
def _touched_in(entity: Entity) -> Select[int]:
    change, entry, row = t.Change, t.ChangeSet, entity.table.c
    by_people = (
        exists()
        .where(change.entity == entity.name, change.row_id == row.id, change.row_id.is_not(None))
        .where(entry.id == change.set_id, entry.operation.not_in(MACHINE))
        .correlate(entity.table)
    )
    return select(row.id).where(row.document_id == _HERE, by_people)


class Twins:
    """The standing spans by where they stand or once stood."""

    def __init__(self, connection: Connection, document_id: int, standing: Sequence[Standing]) -> None:
        order = {State.SUGGESTED: 0, State.REJECTED: 1, State.CONFIRMED: 2}
        ordered = sorted(standing, key=lambda span: order[State(span.state)])
        self._here = {(span.label_id, span.place): span for span in ordered}
        self._confirmed = {(span.kind, span.place): span for span in ordered if span.state == State.CONFIRMED}
        self._remembered = {
            (span.kind, span.place): span
            for span in ordered
            if span.state == State.SUGGESTED and span.suggester == MEMORY
        }
        self._former = _former_places(connection, document_id, [span for span in standing if span.is_touched])

    def find(self, label_id: int, kind: str, place: Place) -> Standing | None:
        """Return the span that a proposal is about.

        That with its label there now, else what a person confirmed or memory proposes there of its kind, else what
        was rejected there, or stood there once.
        """
        exact = self._here.get((label_id, place))
        if exact is not None and exact.state != State.REJECTED:
            return exact
        better = self._confirmed.get((kind, place)) or self._remembered.get((kind, place))
        return better or exact or self._former.get((label_id, place))


def _former_places(
    connection: Connection, document_id: int, spans: Sequence[Standing]
) -> dict[tuple[int, Place], Standing]:
    """Return the labels and places that spans had before people changed them, as the log tells."""
    by_id = {span.id: span for span in spans}
    state = {span.id: (span.label_id, span.place) for span in spans}
    former = {}
    for span_id, before in connection.execute(_MOVED_IN, {"document": document_id}).all():
        if span_id in by_id:
            label_id, place = state[span_id]
            place = tuple((start, end) for start, end in before.get("fragments", place))
            state[span_id] = (before.get("label_id", label_id), place)
            former[state[span_id]] = by_id[span_id]
    return former


def closed_test(connection: Connection, document_id: int) -> Callable[[Place], bool]:
    """Return the test whether a place lies within a reviewed stretch, or reaches into an excluded one; O(log n)."""
    done = [(start, end) for start, end in connection.execute(_REVIEWED_IN, {"document": document_id})]
    left_out = excluded_in(connection, [document_id]).get(document_id, [])

    def is_closed(place: Place) -> bool:
        if not place:
            return False
        if any(touches_any(left_out, *fragment) for fragment in place):
            return True
        at = bisect_right(done, (place[0][0], maxsize)) - 1
        return at >= 0 and place[-1][1] <= done[at][1]

    return is_closed
