"""Storing what a suggester proposes, without ever touching what a person decided."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import delete, insert, select

from storage import tables as t
from storage.entities import LINK, SPAN, Image
from storage.operations.shared import text_of
from storage.project import ChangeScope, Project
from storage.records import Changes, Fragment, Origin, State
from storage.text import check_fragments, quote_of

#: Where a span stands: its fragments as pairs of code points.
Place = tuple[tuple[int, int], ...]

_SPAN = t.Span.__table__.c
_FRAGMENT = t.Fragment.__table__.c
_LINK = t.Link.__table__.c


class ProposedSpan(Protocol):
    """A span as a suggester proposes it; `code` is a label code, `key` is unique within the proposal."""

    @property
    def key(self) -> int: ...
    @property
    def code(self) -> str: ...
    @property
    def fragments(self) -> Sequence[tuple[int, int]]: ...
    @property
    def score(self) -> float: ...
    @property
    def actor_id(self) -> int | None: ...
    @property
    def reason(self) -> str: ...


class ProposedLink(Protocol):
    """A link between two proposed spans, by their keys."""

    @property
    def code(self) -> str: ...
    @property
    def from_key(self) -> int: ...
    @property
    def to_key(self) -> int: ...
    @property
    def score(self) -> float: ...


class Proposal(Protocol):
    """All that one suggester proposes for one document."""

    @property
    def document_id(self) -> int: ...
    @property
    def suggester(self) -> str: ...
    @property
    def version(self) -> str: ...
    @property
    def model(self) -> str: ...
    @property
    def spans(self) -> Sequence[ProposedSpan]: ...
    @property
    def links(self) -> Sequence[ProposedLink]: ...


@dataclass(frozen=True, slots=True)
class _Standing:
    """A span that the document has already."""

    place: Place
    id: int
    label_id: int
    kind: str
    state: str
    run_id: int | None
    suggester: str | None
    is_noted: bool


def store_suggestions(project: Project, proposal: Proposal) -> Changes:
    """Put a proposal in place of the undecided suggestions of the same suggester in this document.

    Suggestions that stand already keep their id. What a person decided, linked, noted or ever touched stays; what
    was rejected (same fragments and label) is not added again, nor is anything in reviewed stretches or for codes
    that no label of the codebook has. Not an entry for undo: it is no action of the analyst.
    """
    with project.change("suggest", document_id=proposal.document_id, is_undoable=False) as scope:
        run_id = run_for(scope, proposal.suggester, proposal.version, proposal.model)
        standing = _standing(scope, proposal.document_id)
        ids = _place_spans(scope, proposal, standing, run_id)
        _clear_stale(scope, proposal.suggester, standing, kept=frozenset(ids.values()))
        _place_links(scope, proposal, ids, run_id)
        _note_run(scope, proposal.document_id, run_id)
    return scope.changes


def run_for(scope: ChangeScope, suggester: str, version: str, model: str) -> int:
    """Return the run of this version of a suggester, entering a new one if need be."""
    run = t.SuggesterRun
    same = (run.suggester == suggester) & (run.version == version) & (run.model == model)
    found = scope.connection.execute(select(run.id).where(same)).scalar()
    if found is not None:
        return found
    values = {"suggester": suggester, "version": version, "model": model, "started_at": scope.at}
    return int(scope.connection.execute(insert(run).values(**values).returning(run.id)).scalar_one())


def _note_run(scope: ChangeScope, document_id: int, run_id: int) -> None:
    run = t.DocumentRun
    scope.connection.execute(delete(run).where(run.document_id == document_id, run.run_id == run_id))
    scope.connection.execute(insert(run).values(document_id=document_id, run_id=run_id, finished_at=scope.at))


def _standing(scope: ChangeScope, document_id: int) -> list[_Standing]:
    in_document = _SPAN.document_id == document_id
    fragments: dict[int, list[tuple[int, int]]] = {}
    for span_id, start, end in scope.connection.execute(
        select(_FRAGMENT.span_id, _FRAGMENT.start_cp, _FRAGMENT.end_cp)
        .where(_FRAGMENT.span_id.in_(select(_SPAN.id).where(in_document)))
        .order_by(_FRAGMENT.span_id, _FRAGMENT.position)
    ):
        fragments.setdefault(span_id, []).append((start, end))
    run, label = t.SuggesterRun, t.Label
    rows = scope.connection.execute(
        select(
            _SPAN.id,
            _SPAN.label_id,
            label.kind,
            _SPAN.state,
            _SPAN.run_id,
            run.suggester,
            (_SPAN.note != "") | _SPAN.is_flagged,
        )
        .select_from(t.Span.__table__)
        .join(label, label.id == _SPAN.label_id)
        .outerjoin(run, run.id == _SPAN.run_id)
        .where(in_document)
        .order_by(_SPAN.id)
    )
    return [_Standing(tuple(fragments[row[0]]), *row) for row in rows]


def _place_spans(scope: ChangeScope, proposal: Proposal, standing: list[_Standing], run_id: int) -> dict[int, int]:
    """Add the proposed spans that are new and return the span id of each proposed key that has one."""
    text = text_of(scope, proposal.document_id)
    labels = {row.code: row for row in scope.connection.execute(select(t.Label.code, t.Label.id, t.Label.kind))}
    by_label = {(span.label_id, span.place): span for span in standing}
    confirmed = {(span.kind, span.place): span for span in standing if span.state == State.CONFIRMED}
    is_reviewed = _reviewed_test(scope, proposal.document_id)
    ids: dict[int, int] = {}
    images: list[Image] = []
    for span in proposal.spans:
        label = labels.get(span.code)
        if label is None:
            continue
        place = tuple((start, end) for start, end in span.fragments)
        twin = by_label.get((label.id, place)) or confirmed.get((label.kind, place))
        if twin is not None:
            if twin.state != State.REJECTED:
                ids[span.key] = twin.id
            if twin.state == State.SUGGESTED and twin.run_id != run_id and twin.suggester == proposal.suggester:
                values = {"run_id": run_id, "score": span.score, "reason": span.reason}
                scope.journal.update(SPAN, twin.id, values)
        elif not is_reviewed(place):
            check_fragments(text, [Fragment(*pair) for pair in place])
            images.append(_image(scope, proposal.document_id, span, label.id, place, text, run_id))
            ids[span.key] = -len(images)  # its place in `images` until ids are reserved below
    first = scope.journal.reserve(SPAN, len(images)) if images else 0
    for n, image in enumerate(images):
        image["id"] = first + n
    scope.journal.insert_rows(SPAN, [SPAN.row(image) for image in images])
    return {key: span_id if span_id > 0 else first - span_id - 1 for key, span_id in ids.items()}


def _image(
    scope: ChangeScope, document_id: int, span: ProposedSpan, label_id: int, place: Place, text: str, run_id: int
) -> Image:
    return {
        "document_id": document_id,
        "label_id": label_id,
        "state": State.SUGGESTED.value,
        "origin": Origin.SUGGESTER.value,
        "start_cp": place[0][0],
        "end_cp": place[-1][1],
        "quote": quote_of(text, [Fragment(*pair) for pair in place]),
        "score": span.score,
        "run_id": run_id,
        "reason": span.reason,
        "actor_id": span.actor_id,
        "analyst_id": None,
        "note": "",
        "is_flagged": False,
        "created_at": scope.at,
        "decided_at": None,
        "fragments": [list(pair) for pair in place],
        "fields": {},
    }


def _reviewed_test(scope: ChangeScope, document_id: int) -> Callable[[Place], bool]:
    stretches = scope.connection.execute(
        select(t.Reviewed.start_cp, t.Reviewed.end_cp).where(t.Reviewed.document_id == document_id)
    ).all()

    def is_reviewed(place: Place) -> bool:
        return any(start <= place[0][0] and place[-1][1] <= end for start, end in stretches)

    return is_reviewed


def _place_links(scope: ChangeScope, proposal: Proposal, ids: dict[int, int], run_id: int) -> None:
    """Add the proposed links that are new, and drop undecided ones that are proposed no more.

    A claim whose links of a type were decided by a person gets no further proposals of that type.
    """
    types = {row.code: row.id for row in scope.connection.execute(select(t.LinkType.code, t.LinkType.id))}
    rows = scope.connection.execute(
        select(_LINK.id, _LINK.from_id, _LINK.to_id, _LINK.type_id, _LINK.state, t.SuggesterRun.suggester)
        .select_from(t.Link.__table__)
        .outerjoin(t.SuggesterRun, t.SuggesterRun.id == _LINK.run_id)
        .where(_LINK.document_id == proposal.document_id)
    ).all()
    present = {(row.from_id, row.to_id, row.type_id) for row in rows}
    settled = {(row.from_id, row.type_id) for row in rows if row.state == State.CONFIRMED}
    wanted: dict[tuple[int, int, int], float] = {}
    for link in proposal.links:
        ends = (ids.get(link.from_key), ids.get(link.to_key), types.get(link.code))
        if None not in ends and ends[0] != ends[1]:
            wanted.setdefault(ends, link.score)  # type: ignore[arg-type]  # no part is None, as just checked
    stale = [
        row.id
        for row in rows
        if row.state == State.SUGGESTED
        and row.suggester == proposal.suggester
        and (row.from_id, row.to_id, row.type_id) not in wanted
    ]
    scope.journal.delete_many(LINK, stale)
    new = [key for key in wanted if key not in present and (key[0], key[2]) not in settled]
    first = scope.journal.reserve(LINK, len(new)) if new else 0
    images = [
        {
            "id": first + n,
            "document_id": proposal.document_id,
            "type_id": type_id,
            "from_id": from_id,
            "to_id": to_id,
            "state": State.SUGGESTED.value,
            "origin": Origin.SUGGESTER.value,
            "score": wanted[from_id, to_id, type_id],
            "run_id": run_id,
            "analyst_id": None,
            "decided_at": None,
        }
        for n, (from_id, to_id, type_id) in enumerate(new)
    ]
    scope.journal.insert_rows(LINK, [LINK.row(image) for image in images])


def _clear_stale(scope: ChangeScope, suggester: str, standing: list[_Standing], *, kept: frozenset[int]) -> None:
    """Remove the undecided suggestions that are proposed no more and that nobody ever touched."""
    stale = [
        span.id
        for span in standing
        if span.state == State.SUGGESTED and span.suggester == suggester and not span.is_noted and span.id not in kept
    ]
    untouched = [span_id for span_id in stale if not _was_touched(scope, span_id)]
    links = [
        link_id
        for span_id in untouched
        for link_id in scope.connection.execute(
            select(_LINK.id).where((_LINK.from_id == span_id) | (_LINK.to_id == span_id))
        ).scalars()
    ]
    scope.journal.delete_many(LINK, list(dict.fromkeys(links)))
    scope.journal.delete_many(SPAN, untouched)


def _was_touched(scope: ChangeScope, span_id: int) -> bool:
    """Whether a person's action stands in the log of this span, undone or not, or on one of its links."""
    change, entry = t.Change.__table__.c, t.ChangeSet.__table__.c
    by_person = (
        select(change.id)
        .join(t.ChangeSet.__table__, entry.id == change.set_id)
        .where(change.entity == SPAN.name, change.row_id == span_id, entry.operation != "suggest")
    )
    linked = select(_LINK.id).where(
        ((_LINK.from_id == span_id) | (_LINK.to_id == span_id)) & (_LINK.state != State.SUGGESTED.value)
    )
    return any(scope.connection.execute(query.limit(1)).first() is not None for query in (by_person, linked))
