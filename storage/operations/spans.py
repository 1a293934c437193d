"""Decisions on spans: draw, accept, reject, delete, relabel, resize, and what is noted on them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from storage import tables as t
from storage.entities import LINK, SPAN, Image
from storage.errors import InvalidEditError, StaleEditError
from storage.operations.aliases import learn_aliases
from storage.operations.shared import (
    AnyRow,
    check_actor,
    check_included,
    confirm,
    decide,
    decision,
    hand_over,
    kind_of,
    links_on,
    rows_of,
    text_of,
    was_proposed,
)
from storage.operations.shared import reject as reject_spans
from storage.project import ChangeScope, Project
from storage.records import Changes, Fragment, LabelKind, Origin, State
from storage.text import check_fragments, quote_of

_SPAN = t.Span.__table__.c


def draw(
    project: Project,
    document_id: int,
    label_id: int,
    fragments: Sequence[Fragment],
    *,
    actor_id: int | None = None,
    took_ms: int | None = None,
) -> Changes:
    """Add a confirmed span of the analyst's own, or confirm the span that stands there with this label.

    Raises:
        ExcludedPartError: the words stand in a part that is left out of the work.
    """
    with project.change("draw", document_id=document_id, took_ms=took_ms) as scope:
        text = text_of(scope, document_id)
        check_fragments(text, fragments)
        check_included(scope, document_id, fragments)
        _check_points(scope, kind_of(scope, label_id), actor_id)
        twin = _twin(scope, document_id, label_id, fragments)
        if twin is None:
            _new_span(scope, document_id, label_id, actor_id, _placed(fragments, text))
        else:
            confirm(scope, [twin])
            if actor_id is not None:
                scope.journal.update(SPAN, twin, {"actor_id": actor_id})
    return scope.changes


def accept(project: Project, span_ids: Iterable[int], *, took_ms: int | None = None) -> Changes:
    """Confirm spans. A claim brings its undecided links and what they point to: the card is accepted as shown."""
    with project.change("accept", took_ms=took_ms) as scope:
        confirm(scope, span_ids)
    return scope.changes


def reject(project: Project, span_ids: Iterable[int], *, took_ms: int | None = None) -> Changes:
    """Reject spans, the links that touch them, and cues that then signal no other claim."""
    with project.change("reject", took_ms=took_ms) as scope:
        reject_spans(scope, span_ids)
    return scope.changes


def remove(project: Project, span_ids: Iterable[int], *, took_ms: int | None = None) -> Changes:
    """Take confirmed spans away: drawn ones are deleted, those that a suggester proposed are rejected.

    A rejection is data: what was proposed and taken away is not proposed again.
    """
    with project.change("delete", took_ms=took_ms) as scope:
        rows = rows_of(scope, span_ids)
        reject_spans(scope, [row.id for row in rows.values() if was_proposed(row)])
        for row in rows.values():
            if not was_proposed(row):
                scope.journal.delete(SPAN, row.id)
    return scope.changes


def relabel(project: Project, span_id: int, label_id: int, *, took_ms: int | None = None) -> Changes:
    """Give a span another label and confirm it.

    Of another kind, it loses its links, fields and actor, which that kind cannot have. Where a span of that label
    stands on the same fragments already, this one gives way to it.
    """
    with project.change("relabel", took_ms=took_ms) as scope:
        give_label(scope, span_id, label_id)
    return scope.changes


def give_label(scope: ChangeScope, span_id: int, label_id: int) -> None:
    """Relabel a span within another operation."""
    row = rows_of(scope, [span_id])[span_id]
    kind = kind_of(scope, label_id)
    twin = None
    if label_id != row.label_id:
        twin = _twin(scope, row.document_id, label_id, _fragments(scope, span_id))
    if twin is not None:
        _give_way(scope, row, twin)
        return
    values: Image = {"label_id": label_id}
    if kind != row.kind:
        for link in links_on(scope, [span_id]):  # no rejection stays either: its kinds would be wrong
            scope.journal.delete(LINK, link.id)
        values |= {"actor_id": None, "fields": {}}
    scope.journal.update(SPAN, span_id, values)
    confirm(scope, [span_id])


def resize(project: Project, span_id: int, fragments: Sequence[Fragment], *, took_ms: int | None = None) -> Changes:
    """Give a span other fragments and confirm it; it gives way to a span of its label that stands there already.

    Raises:
        ExcludedPartError: a fragment would stand in a part that is left out of the work.
    """
    with project.change("resize", took_ms=took_ms) as scope:
        row = rows_of(scope, [span_id])[span_id]
        text = text_of(scope, row.document_id)
        check_fragments(text, fragments)
        check_included(scope, row.document_id, fragments)
        twin = None
        if tuple(fragments) != _fragments(scope, span_id):
            twin = _twin(scope, row.document_id, row.label_id, fragments)
        if twin is not None:
            _give_way(scope, row, twin)
        else:
            scope.journal.update(SPAN, span_id, _placed(fragments, text))
            confirm(scope, [span_id])
    return scope.changes


def annotate(project: Project, span_id: int, *, note: str | None = None, is_flagged: bool | None = None) -> Changes:
    """Set the note of a span, or the flag that asks for a discussion; neither decides on it."""
    with project.change("annotate") as scope:
        values: Image = {}
        if note is not None:
            values["note"] = note
        if is_flagged is not None:
            values["is_flagged"] = is_flagged
        scope.journal.update(SPAN, span_id, values)
    return scope.changes


def set_field(project: Project, span_id: int, field_id: int, value: str) -> Changes:
    """Set a codebook field of a span; an empty value clears it."""
    return set_field_of(project, [span_id], field_id, value)


def set_field_of(project: Project, span_ids: Iterable[int], field_id: int, value: str) -> Changes:
    """Set a codebook field of several spans to one value; an empty one clears it."""
    with project.change("set field") as scope:
        kind = scope.connection.execute(select(t.Field.kind).where(t.Field.id == field_id)).scalar()
        if kind is None:
            raise StaleEditError("This field is no longer in the codebook; nothing was changed.")
        for span_id, row in rows_of(scope, span_ids).items():
            if kind != row.kind:
                raise InvalidEditError(f"a field of {kind} spans is no field of a {row.kind}")
            image = scope.journal.read(SPAN, span_id, ["fields"]) or {}
            fields = {key: text for key, text in image["fields"].items() if key != str(field_id)}
            if value:
                fields[str(field_id)] = value
            scope.journal.update(SPAN, span_id, {"fields": fields})
    return scope.changes


def set_actor(project: Project, span_ids: Iterable[int], actor_id: int | None) -> Changes:
    """Point mentions to an actor of the registry (or to none) and confirm those that are undecided.

    A name by which a mention calls the actor becomes its alias.
    """
    with project.change("link actor") as scope:
        point_to(scope, span_ids, actor_id)
    return scope.changes


def point_to(scope: ChangeScope, span_ids: Iterable[int], actor_id: int | None) -> None:
    """Point mentions to an actor and confirm them, within another operation."""
    rows = rows_of(scope, span_ids)
    check_actor(scope, actor_id)
    if any(row.kind != LabelKind.ACTOR for row in rows.values()):
        raise InvalidEditError("only mentions point to actors")
    scope.journal.update_many(SPAN, {span_id: {"actor_id": actor_id} for span_id in rows})
    decide(scope, SPAN, rows.values(), State.CONFIRMED)
    learn_aliases(scope, rows, actor_id)


def _check_points(scope: ChangeScope, kind: LabelKind, actor_id: int | None) -> None:
    if actor_id is not None and kind != LabelKind.ACTOR:
        raise InvalidEditError("only mentions point to actors")
    check_actor(scope, actor_id)


def _fragments(scope: ChangeScope, span_id: int) -> tuple[Fragment, ...]:
    image = scope.journal.read(SPAN, span_id, ["fragments"])
    return tuple(Fragment(*pair) for pair in image["fragments"]) if image else ()


def _placed(fragments: Sequence[Fragment], text: str) -> Image:
    return {
        "fragments": [list(fragment) for fragment in fragments],
        "start_cp": fragments[0].start_cp,
        "end_cp": fragments[-1].end_cp,
        "quote": quote_of(text, fragments),
    }


def _new_span(scope: ChangeScope, document_id: int, label_id: int, actor_id: int | None, placed: Image) -> None:
    values: Image = {
        "document_id": document_id,
        "label_id": label_id,
        "origin": Origin.HUMAN.value,
        "score": None,
        "run_id": None,
        "reason": "",
        "actor_id": actor_id,
        "note": "",
        "is_flagged": False,
        "created_at": scope.at,
        "fields": {},
    }
    scope.journal.insert(SPAN, values | placed | decision(scope, State.CONFIRMED))


def _twin(scope: ChangeScope, document_id: int, label_id: int, fragments: Sequence[Fragment]) -> int | None:
    """Return the span with this label on exactly these fragments, the confirmed one first."""
    rows = scope.connection.execute(
        select(_SPAN.id)
        .where(
            _SPAN.document_id == document_id,
            _SPAN.label_id == label_id,
            _SPAN.start_cp == fragments[0].start_cp,
            _SPAN.end_cp == fragments[-1].end_cp,
        )
        .order_by(_SPAN.state, _SPAN.id)
    ).scalars()
    return next((span_id for span_id in rows.all() if _fragments(scope, span_id) == tuple(fragments)), None)


def _give_way(scope: ChangeScope, row: AnyRow, twin_id: int) -> None:
    """Confirm the twin in the place of a span, which is rejected or, if an analyst drew it, deleted.

    What the span has and the twin lacks goes over to it: note, flag, and, between spans of one kind, actor, fields
    and links.
    """
    hand_over(scope, row, rows_of(scope, [twin_id])[twin_id])
    if was_proposed(row):
        reject_spans(scope, [row.id])
    else:
        scope.journal.delete(SPAN, row.id)
    confirm(scope, [twin_id])
