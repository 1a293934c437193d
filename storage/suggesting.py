"""Storing what a suggester proposes, without ever touching what a person decided."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple, Protocol

from sqlalchemy import delete, insert, select

from storage import tables as t
from storage.blocked import blocked_keys
from storage.entities import DOCUMENT, LINK, SPAN, Image, Row, fold
from storage.errors import InvalidEditError
from storage.memory_entries import worn_out
from storage.operations.shared import links_on, text_of
from storage.project import ChangeScope, Project
from storage.records import Changes, Origin, State
from storage.standing import MEMORY, Place, Standing, Twins, closed_test, standing_spans, touched_by_people
from storage.text import check_fragments, quote_of

#: The operation under which suggestions are stored.
SUGGESTING = "suggest"

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


class _Placed(NamedTuple):
    """The span that a proposed one has become, or is."""

    id: int
    kind: str


def store_suggestions(project: Project, proposal: Proposal, *, language: str = "") -> Changes:
    """Put a proposal in place of the undecided suggestions of the same suggester in this document.

    Suggestions that stand already keep their id. What a person decided, linked, noted or ever touched stays; what
    was rejected (same fragments and label), or stood there until an analyst moved or relabelled it, is not added
    again, nor are blocked words, words rejected under the label at several places and confirmed at none, anything in
    reviewed stretches, anything that reaches into excluded ones, or for codes that no label of the codebook has.
    Not an entry for undo: it is no action of the analyst. `language` is noted for a document that has none.

    Raises:
        StaleEditError: the document is no longer in the project.
        InvalidEditError: a proposed span breaks a rule; nothing of the proposal was stored.
    """
    document_id = proposal.document_id
    with project.change(SUGGESTING, document_id=document_id, is_undoable=False) as scope:
        run_id = run_for(scope, proposal.suggester, proposal.version, proposal.model)
        standing = standing_spans(scope.connection, document_id)
        is_closed = closed_test(scope.connection, document_id)
        placed = _place_spans(scope, proposal, standing, is_closed, run_id)
        touched = touched_by_people(scope.connection, LINK, document_id)
        _clear_stale(scope, proposal.suggester, standing, placed, touched)
        closed = {span.id for span in standing if is_closed(span.place)}
        _place_links(scope, proposal, placed, touched, closed, run_id)
        _note_run(scope, document_id, run_id, proposal.suggester)
        if language and not _is_language_settled(scope, document_id):
            scope.journal.update(DOCUMENT, document_id, {"language": language})
        if scope.journal.changes:
            _let_memory_read(scope, document_id)
    # One more thing known of a document is no reason to list all of them again.
    return replace(scope.changes, are_documents_listed_anew=False)


def _is_language_settled(scope: ChangeScope, document_id: int) -> bool:
    """Tell whether a document has a language, or a person ever changed it: then undo and redo are theirs alone."""
    document = t.Document.__table__.c
    if scope.connection.execute(select(document.language).where(document.id == document_id)).scalar_one():
        return True
    change, sets = t.Change.__table__.c, t.ChangeSet.__table__.c
    query = (
        select(change.before)
        .join(t.ChangeSet.__table__, sets.id == change.set_id)
        .where(change.entity == DOCUMENT.name, change.row_id == document_id, sets.is_undoable)
    )
    return any("language" in (before or {}) for before in scope.connection.execute(query).scalars())


def run_for(scope: ChangeScope, suggester: str, version: str, model: str) -> int:
    """Return the run of this version of a suggester, entering a new one if need be."""
    run = t.SuggesterRun
    same = (run.suggester == suggester) & (run.version == version) & (run.model == model)
    found = scope.connection.execute(select(run.id).where(same)).scalar()
    if found is not None:
        return found
    values = {"suggester": suggester, "version": version, "model": model, "started_at": scope.at}
    return int(scope.connection.execute(insert(run).values(**values).returning(run.id)).scalar_one())


def _note_run(scope: ChangeScope, document_id: int, run_id: int, suggester: str) -> None:
    """Note that this run has read a document; what an earlier one of the suggester proposed stands there no more."""
    run, read = t.SuggesterRun, t.DocumentRun
    runs = select(run.id).where(run.suggester == suggester)
    scope.connection.execute(delete(read).where(read.document_id == document_id, read.run_id.in_(runs)))
    scope.connection.execute(insert(read).values(document_id=document_id, run_id=run_id, finished_at=scope.at))


def _let_memory_read(scope: ChangeScope, document_id: int) -> None:
    """Let memory look at a document again: remembered words stand where nothing else is proposed."""
    run, read = t.SuggesterRun, t.DocumentRun
    runs = select(run.id).where(run.suggester == MEMORY)
    scope.connection.execute(delete(read).where(read.document_id == document_id, read.run_id.in_(runs)))


def _place_spans(
    scope: ChangeScope,
    proposal: Proposal,
    standing: Sequence[Standing],
    is_closed: Callable[[Place], bool],
    run_id: int,
) -> dict[int, _Placed]:
    """Add the proposed spans that are new, and return where each proposed key that was not refused stands."""
    text = text_of(scope, proposal.document_id)
    labels = {row.code: row for row in scope.connection.execute(select(t.Label.code, t.Label.id, t.Label.kind))}
    actors = set(scope.connection.execute(select(t.Actor.id)).scalars())
    twins, refused = Twins(scope.connection, proposal.document_id, standing), _refused_words(scope, proposal, text)
    placed: dict[int, _Placed] = {}
    renewed: dict[int, Image] = {}
    new: dict[tuple[int, Place], Row] = {}
    first = scope.journal.reserve(SPAN, 0)
    for span in proposal.spans:
        label = labels.get(span.code)
        if label is None:
            continue
        place = tuple((start, end) for start, end in span.fragments)
        actor_id = span.actor_id if span.actor_id in actors else None
        twin = twins.find(label.id, label.kind, place)
        if twin is not None:
            if twin.state != State.REJECTED:
                placed[span.key] = _Placed(twin.id, twin.kind)
            if twin.state == State.SUGGESTED and twin.suggester == proposal.suggester and not twin.is_touched:
                renewed[twin.id] = {"run_id": run_id, "score": span.score, "reason": span.reason, "actor_id": actor_id}
        elif not is_closed(place) and not refused(label.id, place):
            check_fragments(text, place)
            _check_score(span.score)
            row = _row(scope, proposal.document_id, label.id, span, place, text, run_id, actor_id)
            row_id = new.setdefault((label.id, place), (first + len(new), *row))[0]
            placed[span.key] = _Placed(row_id, label.kind)
    scope.journal.update_many(SPAN, renewed)
    scope.journal.reserve(SPAN, len(new))
    scope.journal.insert_rows(SPAN, list(new.values()))
    return placed


def _refused_words(scope: ChangeScope, proposal: Proposal, text: str) -> Callable[[int, Place], bool]:
    """Return the test whether words are blocked for a label, or were rejected under it again and again."""
    blocked = blocked_keys(scope.connection)
    worn = worn_out(scope.connection, [quote_of(text, span.fragments) for span in proposal.spans])

    def is_refused(label_id: int, place: Place) -> bool:
        if not blocked and not worn:
            return False
        words = quote_of(text, place)
        return (label_id, fold(words)) in blocked or (label_id, words) in worn

    return is_refused


def _check_score(score: float) -> None:
    if not 0 <= score <= 1:
        raise InvalidEditError(f"a score lies between 0 and 1, not at {score}")


def _row(
    scope: ChangeScope,
    document_id: int,
    label_id: int,
    span: ProposedSpan,
    place: Place,
    text: str,
    run_id: int,
    actor_id: int | None,
) -> Row:
    """Return a new suggestion in the order of `SPAN.names`, without its id."""
    return (
        document_id,
        label_id,
        State.SUGGESTED.value,
        Origin.SUGGESTER.value,
        place[0][0],
        place[-1][1],
        quote_of(text, place),
        span.score,
        run_id,
        span.reason,
        actor_id,
        None,
        "",
        False,
        scope.at,
        None,
        place,
        {},
    )


def _clear_stale(
    scope: ChangeScope,
    suggester: str,
    standing: Sequence[Standing],
    placed: Mapping[int, _Placed],
    touched_links: Collection[int],
) -> None:
    """Remove the undecided suggestions that are proposed no more and that nobody ever touched, with their links."""
    kept = {span.id for span in placed.values()}
    stale = {
        span.id
        for span in standing
        if span.state == State.SUGGESTED and span.suggester == suggester and not span.is_touched
    } - kept
    for link in links_on(scope, stale):
        if link.state != State.SUGGESTED or link.id in touched_links:
            stale -= {link.from_id, link.to_id}
    scope.journal.delete_many(SPAN, sorted(stale))


def _place_links(
    scope: ChangeScope,
    proposal: Proposal,
    placed: Mapping[int, _Placed],
    touched: Collection[int],
    closed: Collection[int],
    run_id: int,
) -> None:
    """Add the proposed links that are new, and drop undecided ones that are proposed no more.

    A claim whose links of a type were decided by a person gets no further proposals of that type, nor does one in a
    reviewed stretch get any (those are `closed`).
    """
    rows = scope.connection.execute(
        select(_LINK.id, _LINK.from_id, _LINK.to_id, _LINK.type_id, _LINK.state, t.SuggesterRun.suggester)
        .select_from(t.Link.__table__)
        .outerjoin(t.SuggesterRun, t.SuggesterRun.id == _LINK.run_id)
        .where(_LINK.document_id == proposal.document_id)
    ).all()
    wanted = _wanted_links(scope, proposal, placed)
    stale = [
        row.id
        for row in rows
        if row.state == State.SUGGESTED
        and row.suggester == proposal.suggester
        and row.id not in touched
        and (row.from_id, row.to_id, row.type_id) not in wanted
    ]
    scope.journal.delete_many(LINK, stale)
    present = {(row.from_id, row.to_id, row.type_id) for row in rows}
    settled = {(row.from_id, row.type_id) for row in rows if row.state == State.CONFIRMED}
    new = [
        (start, end, type_id)
        for start, end, type_id in wanted
        if (start, end, type_id) not in present and (start, type_id) not in settled and start not in closed
    ]
    first = scope.journal.reserve(LINK, len(new))
    common: Image = {"document_id": proposal.document_id, "run_id": run_id, "analyst_id": None, "decided_at": None}
    common |= {"state": State.SUGGESTED.value, "origin": Origin.SUGGESTER.value}
    images = [
        common | {"id": first + n, "from_id": key[0], "to_id": key[1], "type_id": key[2], "score": wanted[key]}
        for n, key in enumerate(new)
    ]
    scope.journal.insert_rows(LINK, [LINK.row(image) for image in images])


def _wanted_links(
    scope: ChangeScope, proposal: Proposal, placed: Mapping[int, _Placed]
) -> dict[tuple[int, int, int], float]:
    """Return start, end and type of the proposed links whose ends stand and are of the kinds that the type joins."""
    link_type = t.LinkType
    query = select(link_type.code, link_type.id, link_type.from_kind, link_type.to_kind)
    types = {row.code: row for row in scope.connection.execute(query)}
    wanted: dict[tuple[int, int, int], float] = {}
    for link in proposal.links:
        start, end, found = placed.get(link.from_key), placed.get(link.to_key), types.get(link.code)
        if start is None or end is None or found is None or start.id == end.id:
            continue
        _check_score(link.score)
        if (start.kind, end.kind) == (found.from_kind, found.to_kind):
            wanted.setdefault((start.id, end.id, found.id), link.score)
    return wanted
