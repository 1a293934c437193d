"""Mentions that are equal to one: the same words, or the same actor, in a document or in the whole project."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import select

from storage import tables as t
from storage.entities import chunks
from storage.errors import StaleEditError
from storage.project import Project
from storage.queries import is_hidden, spans_by_id
from storage.records import Fragment, Sameness, SpanRecord, State
from storage.search import MOST_HITS, Hit, Mark, Proceed, find, hit_of, texts_of
from storage.search_query import SearchQuery, needle_of
from storage.stretch_queries import excluded_in
from storage.stretches import touches_any

_SPAN = t.Span.__table__.c
_COLUMNS = (_SPAN.document_id, _SPAN.start_cp, _SPAN.end_cp, _SPAN.id, _SPAN.label_id, _SPAN.state)
_REVIEWED = t.Reviewed.__table__.c


@dataclass(frozen=True, slots=True)
class EqualOnes:
    """The spans equal to one, itself among them, and the places with its words that no span of its kind touches.

    Spans that were rejected are left out: they are decided, and what was rejected is not offered again. So are
    suggestions that are hidden for their score: nobody decides on what is not seen.
    """

    span: SpanRecord
    hits: tuple[Hit, ...] = ()
    bare: tuple[Hit, ...] = ()
    is_capped: bool = False
    is_stopped: bool = False


class _Neighbour(NamedTuple):
    """A span of the kind in question."""

    start_cp: int
    end_cp: int
    id: int
    label_id: int
    state: State
    is_hidden: bool


def equal_ones(
    project: Project,
    span_id: int,
    sameness: Sameness,
    *,
    document_id: int | None = None,
    proceed: Proceed = lambda _done, _total: True,
) -> EqualOnes:
    """Return what is equal to a span in one document or, without `document_id`, in the project, in reading order.

    Costs a search for its words, not a look at every span. May run in any thread.

    Raises:
        StaleEditError: the span is gone.
    """
    span = spans_by_id(project, [span_id]).get(span_id)
    if span is None:
        raise StaleEditError("This span is no longer there.")
    if sameness is Sameness.ACTOR:
        return _of_actor(project, span, document_id)
    query = SearchQuery(span.quote, is_literal=True, is_case_sensitive=sameness is Sameness.EXACT)
    needle = needle_of(query)
    assert needle is not None  # noqa: S101  (narrows the type: a quote is never blank)
    found = find(project, needle, document_id=document_id, proceed=proceed)
    hits, bare = _sorted_out(project, span, found.hits)
    if not any(hit.mark and hit.mark.span_id == span_id for hit in hits):
        hits = _put_in(hits, _lines_of(project, [span]))  # it has several fragments
    return EqualOnes(span, tuple(hits), tuple(bare), found.is_capped, found.is_stopped)


def _sorted_out(project: Project, span: SpanRecord, found: Sequence[Hit]) -> tuple[list[Hit], list[Hit]]:
    """Return the hits on which a span of the same kind stands, and those that none touches."""
    ids = {hit.document_id for hit in found}
    neighbours, (reviewed, excluded) = _neighbours(project, span, ids), _closed(project, ids)
    hits: list[Hit] = []
    bare: list[Hit] = []
    for hit in found:
        around = neighbours.get(hit.document_id, _NONE)
        mark, is_touched = around.at(hit.start_cp, hit.end_cp, span.label_id)
        if mark is not None and mark.state != State.REJECTED:
            hits.append(hit._replace(mark=mark))
        elif not is_touched and not (
            _is_within(reviewed.get(hit.document_id, ()), hit)
            or touches_any(excluded.get(hit.document_id, ()), hit.start_cp, hit.end_cp)
        ):
            bare.append(hit._replace(mark=None))
    return hits, bare


class _Neighbours:
    """The spans of one kind in one document; O(log n) for what stands on or touches a place."""

    def __init__(self, spans: Iterable[_Neighbour]) -> None:
        self._spans = sorted(spans)
        self._starts = [span.start_cp for span in self._spans]
        self._far: list[int] = []
        for span in self._spans:
            if span.state != State.REJECTED and not span.is_hidden:
                self._far.append(max(span.end_cp, self._far[-1] if self._far else 0))
            else:
                self._far.append(self._far[-1] if self._far else 0)

    def at(self, start_cp: int, end_cp: int, label_id: int) -> tuple[Mark | None, bool]:
        """Return the span on exactly this place, rather of this label and confirmed, and whether anything touches it.

        A span that was rejected touches only the place it stands on, if it has this label. So does one that is hidden,
        which is not returned.
        """
        order = {State.CONFIRMED: 0, State.SUGGESTED: 1, State.REJECTED: 2}
        first = bisect_left(self._starts, start_cp)
        last = bisect_right(self._starts, start_cp)
        same = [
            span
            for span in self._spans[first:last]
            if span.end_cp == end_cp and (span.label_id == label_id or span.state != State.REJECTED)
        ]
        if same:
            best = min(
                same, key=lambda s: (s.is_hidden, s.state == State.REJECTED, s.label_id != label_id, order[s.state])
            )
            if best.is_hidden:
                return None, True
            return Mark(best.id, best.label_id, best.state), True
        before = bisect_left(self._starts, end_cp)
        return None, before > 0 and self._far[before - 1] > start_cp


_NONE = _Neighbours(())


def _neighbours(project: Project, span: SpanRecord, document_ids: Iterable[int]) -> dict[int, _Neighbours]:
    found: dict[int, list[_Neighbour]] = {}
    states = {state.value: state for state in State}
    with project.reading() as connection:
        kind = select(t.Label.kind).where(t.Label.id == span.label_id).scalar_subquery()
        labels = connection.execute(select(t.Label.id).where(t.Label.kind == kind)).scalars().all()
        for chunk in chunks(document_ids):
            rows = connection.execute(
                select(*_COLUMNS, is_hidden()).where(_SPAN.document_id.in_(chunk), _SPAN.label_id.in_(labels))
            )
            for document_id, start, end, ident, label_id, state, is_low in rows:
                neighbour = _Neighbour(start, end, ident, label_id, states[state], bool(is_low))
                found.setdefault(document_id, []).append(neighbour)
    return {document_id: _Neighbours(spans) for document_id, spans in found.items()}


def _closed(
    project: Project, document_ids: Iterable[int]
) -> tuple[dict[int, list[Fragment]], dict[int, list[tuple[int, int]]]]:
    """Return what is reviewed and what is excluded in these documents."""
    stretches: dict[int, list[Fragment]] = {}
    excluded: dict[int, list[tuple[int, int]]] = {}
    with project.reading() as connection:
        for chunk in chunks(document_ids):
            query = select(_REVIEWED.document_id, _REVIEWED.start_cp, _REVIEWED.end_cp)
            for document_id, start, end in connection.execute(query.where(_REVIEWED.document_id.in_(chunk))):
                stretches.setdefault(document_id, []).append(Fragment(start, end))
            excluded |= excluded_in(connection, chunk)
    return stretches, excluded


def _is_within(stretches: Sequence[Fragment], hit: Hit) -> bool:
    return any(start <= hit.start_cp and hit.end_cp <= end for start, end in stretches)


def _put_in(hits: Sequence[Hit], lines: Sequence[Hit]) -> list[Hit]:
    """Return the hits with the one line of the span itself at its place in its document."""
    for line in lines:
        same = [n for n, hit in enumerate(hits) if hit.document_id == line.document_id]
        after = [n for n in same if hits[n].start_cp > line.start_cp]
        at = after[0] if after else same[-1] + 1 if same else 0
        return [*hits[:at], line, *hits[at:]]
    return list(hits)


def _of_actor(project: Project, span: SpanRecord, document_id: int | None) -> EqualOnes:
    """Return the mentions of the same actor; only the span itself if it has none."""
    condition = (_SPAN.actor_id == span.actor_id) if span.actor_id is not None else (_SPAN.id == span.id)
    query = select(_SPAN.id).where(condition, _SPAN.state != State.REJECTED.value, ~is_hidden())
    if document_id is not None:
        query = query.where(_SPAN.document_id == document_id)
    with project.reading() as connection:
        ids = connection.execute(query.order_by(_SPAN.id).limit(MOST_HITS)).scalars().all()
    hits = _lines_of(project, spans_by_id(project, ids).values())
    return EqualOnes(span, tuple(hits), is_capped=len(ids) == MOST_HITS)


def _lines_of(project: Project, spans: Iterable[SpanRecord]) -> list[Hit]:
    """Return spans as lines of a concordance, in reading order."""
    in_document: dict[int, list[SpanRecord]] = {}
    for span in spans:
        in_document.setdefault(span.document_id, []).append(span)
    return [
        hit_of(document_id, title, text, span.fragments, Mark(span.id, span.label_id, span.state))
        for document_id, title, text in texts_of(project, list(in_document))
        for span in sorted(in_document[document_id], key=lambda span: span.fragments)
    ]
