"""One decision on many spans and places at once: hits of a search, equal mentions, words never to be suggested."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from sqlalchemy import Integer, func, select

from storage import tables as t
from storage.blocked import undecided_with
from storage.engine import compact_json
from storage.entities import BLOCKED, SPAN, Image, fold
from storage.errors import InvalidEditError
from storage.operations.shared import (
    AnyRow,
    check_actor,
    confirm,
    decision,
    kind_of,
    reject,
    rows_of,
    text_of,
    was_proposed,
)
from storage.operations.spans import give_label
from storage.project import ChangeScope, Project
from storage.records import Changes, LabelKind, Origin, State
from storage.stretch_queries import excluded_in
from storage.stretches import touches_any
from storage.text import check_fragments

#: A stretch of a document: its id, start and end in code points.
Place = tuple[int, int, int]

_SPAN = t.Span.__table__.c
_FRAGMENT = t.Fragment.__table__.c


def label_many(
    project: Project,
    label_id: int,
    *,
    span_ids: Collection[int] = (),
    places: Iterable[Place] = (),
    actor_id: int | None = None,
    operation: str = "label hits",
    took_ms: int | None = None,
) -> Changes:
    """Give spans this label and confirm them, and label places, as one action.

    The spans named are changed whatever their state: the analyst asked for them. Where at a place a span with this
    label stands it is confirmed, an undecided one of the same kind is relabelled, and one that a person gave another
    label of the kind is left alone; elsewhere a span is drawn, but not in parts that are left out of the work. Mentions
    among them that have no actor yet are pointed to `actor_id`.

    Raises:
        InvalidEditError: a place begins or ends with white space, cuts a grapheme or lies outside its text.
    """
    with project.change(operation, took_ms=took_ms) as scope:
        kind = kind_of(scope, label_id)
        if actor_id is not None and kind != LabelKind.ACTOR:
            raise InvalidEditError("only mentions point to actors")
        check_actor(scope, actor_id)
        standing, bare = _sort_out(scope, label_id, kind, list(dict.fromkeys(places)))
        done = _relabel(scope, list(dict.fromkeys([*span_ids, *standing])), label_id, kind)
        excluded = excluded_in(scope.connection, {place[0] for place in bare})
        taken_in = [place for place in bare if not touches_any(excluded.get(place[0], ()), *place[1:])]
        done += _draw(scope, label_id, taken_in)
        if actor_id is not None:
            images = SPAN.read(scope.connection, done, ["actor_id"])
            lost = {span_id: {"actor_id": actor_id} for span_id, image in images.items() if image["actor_id"] is None}
            scope.journal.update_many(SPAN, lost)
    return scope.changes


def take_away_many(
    project: Project, span_ids: Iterable[int], *, operation: str = "reject hits", took_ms: int | None = None
) -> Changes:
    """Reject these spans, and the links that touch them; those that an analyst drew are deleted."""
    with project.change(operation, took_ms=took_ms) as scope:
        rows = rows_of(scope, span_ids)
        reject(scope, [row.id for row in rows.values() if was_proposed(row)])
        for row in rows.values():
            if not was_proposed(row):
                scope.journal.delete(SPAN, row.id)
    return scope.changes


def block_words(project: Project, label_id: int, words: str, *, took_ms: int | None = None) -> Changes:
    """Never suggest these words for this label again, and reject all that are suggested now; case does not count.

    What is confirmed stays.
    """
    folded = fold(words)
    if not folded:
        raise InvalidEditError("there are no words to block")
    with project.change("never suggest", took_ms=took_ms) as scope:
        kind_of(scope, label_id)  # raises if it is gone
        table = BLOCKED.table.c
        same = select(table.id).where(table.label_id == label_id, table.folded == folded)
        if scope.connection.execute(same).first() is None:
            image: Image = {"label_id": label_id, "words": " ".join(words.split()), "folded": folded}
            scope.journal.insert(BLOCKED, image | {"analyst_id": scope.analyst_id, "at": scope.at})
        reject(scope, undecided_with(scope.connection, label_id, words))
    return scope.changes


def unblock_words(project: Project, blocked_ids: Iterable[int]) -> Changes:
    """Let these words be suggested again, from the next look of the suggesters on; what was rejected stays so."""
    with project.change("suggest again") as scope:
        for blocked_id in dict.fromkeys(blocked_ids):
            scope.journal.delete(BLOCKED, blocked_id)
    return scope.changes


def _relabel(scope: ChangeScope, span_ids: Sequence[int], label_id: int, kind: LabelKind) -> list[int]:
    """Give spans a label and confirm them; return those that stand now."""
    rows = rows_of(scope, span_ids)
    others = {row.id: row for row in rows.values() if row.label_id != label_id}
    slow = _with_twins(scope, list(others), label_id) | {row.id for row in others.values() if row.kind != kind}
    scope.journal.update_many(SPAN, {span_id: {"label_id": label_id} for span_id in others if span_id not in slow})
    for span_id in sorted(slow):
        give_label(scope, span_id, label_id)
    confirm(scope, [span_id for span_id in rows if span_id not in slow])
    return [span_id for span_id in rows if span_id not in slow]


def _with_twins(scope: ChangeScope, span_ids: Sequence[int], label_id: int) -> set[int]:
    """Return those of these spans within whose ends a span of this label may stand: to be looked at one by one."""
    if not span_ids:
        return set()
    ids = func.json_each(compact_json(span_ids)).table_valued("value")
    mine, twin = t.Span.__table__.alias(), t.Span.__table__.alias()
    query = (
        select(mine.c.id)
        .join(ids, ids.c.value == mine.c.id)
        .join(
            twin,
            (twin.c.document_id == mine.c.document_id)
            & (twin.c.start_cp == mine.c.start_cp)
            & (twin.c.end_cp == mine.c.end_cp),
        )
        .where(twin.c.label_id == label_id)
    )
    return set(scope.connection.execute(query).scalars())


def _sort_out(
    scope: ChangeScope, label_id: int, kind: LabelKind, places: Sequence[Place]
) -> tuple[list[int], list[Place]]:
    """Return the spans at these places that are to have the label, and the places where one is to be drawn."""
    at: dict[int, list[AnyRow]] = {}
    for row in _spans_at(scope, kind, places):
        at.setdefault(row.key, []).append(row)
    standing: list[int] = []
    bare: list[Place] = []
    for n, place in enumerate(places):
        same = [row.id for row in at.get(n, ()) if row.label_id == label_id]
        others = [row for row in at.get(n, ()) if row.label_id != label_id and row.state != State.REJECTED]
        if same:
            standing.append(same[0])
        elif not others:
            bare.append(place)
        else:
            standing += [row.id for row in others[:1] if row.state == State.SUGGESTED]
    return standing, bare


def _spans_at(scope: ChangeScope, kind: LabelKind, places: Sequence[Place]) -> Sequence[AnyRow]:
    """Return the spans of a kind that stand with one fragment on these places, confirmed ones first."""
    wanted = func.json_each(compact_json(places)).table_valued("key", "value")
    parts = [func.json_extract(wanted.c.value, f"$[{n}]", type_=Integer) for n in range(3)]
    pieces = select(func.count()).where(_FRAGMENT.span_id == _SPAN.id).scalar_subquery()
    query = (
        select(wanted.c.key, _SPAN.id, _SPAN.label_id, _SPAN.state)
        .join(t.Label, t.Label.id == _SPAN.label_id)
        .where(
            _SPAN.document_id == parts[0],
            _SPAN.start_cp == parts[1],
            _SPAN.end_cp == parts[2],
            pieces == 1,
            t.Label.kind == kind.value,
        )
        .order_by(_SPAN.state, _SPAN.id)
    )
    return scope.connection.execute(query).all()


def _draw(scope: ChangeScope, label_id: int, places: Sequence[Place]) -> list[int]:
    """Draw a confirmed span at each place; return their ids."""
    texts = {document_id: text_of(scope, document_id) for document_id in {place[0] for place in places}}
    first = scope.journal.reserve(SPAN, len(places))
    common: Image = {
        "label_id": label_id,
        "origin": Origin.HUMAN.value,
        "score": None,
        "run_id": None,
        "reason": "",
        "actor_id": None,
        "note": "",
        "is_flagged": False,
        "created_at": scope.at,
        "fields": {},
    }
    common |= decision(scope, State.CONFIRMED)
    rows = []
    for n, (document_id, start_cp, end_cp) in enumerate(places):
        text = texts[document_id]
        check_fragments(text, [(start_cp, end_cp)])
        placed: Image = {"start_cp": start_cp, "end_cp": end_cp, "fragments": [[start_cp, end_cp]]}
        ids = {"id": first + n, "document_id": document_id, "quote": text[start_cp:end_cp]}
        rows.append(SPAN.row(common | placed | ids))
    scope.journal.insert_rows(SPAN, rows)
    return list(range(first, first + len(rows)))
