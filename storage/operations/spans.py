"""Decisions on spans: draw, accept, reject, delete, relabel, resize, and what is noted on them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select

from storage import tables as t
from storage.entities import LINK, SPAN, Image
from storage.errors import InvalidEditError, StaleEditError
from storage.project import ChangeScope, Project
from storage.records import Changes, Fragment, LabelKind, Origin, State
from storage.text import check_fragments, quote_of

_SPAN = t.Span.__table__.c
_LINK = t.Link.__table__.c
_LABEL = t.Label.__table__.c


def draw(
    project: Project,
    document_id: int,
    label_id: int,
    fragments: Sequence[Fragment],
    *,
    actor_id: int | None = None,
    took_ms: int | None = None,
) -> Changes:
    """Add a confirmed span of the analyst's own, or confirm the span that stands there with this label."""
    with project.change("draw", document_id=document_id, took_ms=took_ms) as scope:
        text = text_of(scope, document_id)
        check_fragments(text, fragments)
        twin = _twin(scope, document_id, label_id, fragments)
        if twin is not None:
            _confirm(scope, [twin])
        else:
            _new_span(scope, document_id, label_id, fragments, text, actor_id)
    return scope.changes


def accept(project: Project, span_ids: Iterable[int], *, took_ms: int | None = None) -> Changes:
    """Confirm spans. A claim brings its undecided links and what they point to: the card is accepted as shown."""
    with project.change("accept", took_ms=took_ms) as scope:
        _confirm(scope, span_ids)
    return scope.changes


def reject(project: Project, span_ids: Iterable[int], *, took_ms: int | None = None) -> Changes:
    """Reject spans, the links that touch them, and cues that then signal no other claim."""
    with project.change("reject", took_ms=took_ms) as scope:
        for span_id in _existing(scope, span_ids):
            _reject(scope, span_id)
    return scope.changes


def remove(project: Project, span_ids: Iterable[int], *, took_ms: int | None = None) -> Changes:
    """Take confirmed spans away: drawn ones are deleted, those that a suggester proposed are rejected.

    A rejection is data: what was proposed and taken away is not proposed again.
    """
    with project.change("delete", took_ms=took_ms) as scope:
        for span_id in _existing(scope, span_ids):
            row = _row(scope, span_id)
            if row.origin == Origin.SUGGESTER:
                _reject(scope, span_id)
            else:
                scope.journal.delete(SPAN, span_id)
    return scope.changes


def relabel(project: Project, span_id: int, label_id: int, *, took_ms: int | None = None) -> Changes:
    """Give a span another label and confirm it; links that the new kind cannot carry are removed.

    Where a span of that label stands on the same fragments already, that one is confirmed instead and this one
    rejected (or deleted, when an analyst drew it).
    """
    with project.change("relabel", took_ms=took_ms) as scope:
        row = _row(scope, span_id)
        fragments = fragments_of(scope, span_id)
        twin = _twin(scope, row.document_id, label_id, fragments)
        if twin is not None and twin != span_id:
            _confirm(scope, [twin])
            if row.origin == Origin.SUGGESTER:
                _reject(scope, span_id)
            else:
                scope.journal.delete(SPAN, span_id)
        else:
            if kind_of(scope, row.label_id) != kind_of(scope, label_id):
                _drop_links(scope, span_id)
            scope.journal.update(SPAN, span_id, {"label_id": label_id} | decided(scope, State.CONFIRMED, row))
            _confirm(scope, [span_id])
    return scope.changes


def resize(project: Project, span_id: int, fragments: Sequence[Fragment], *, took_ms: int | None = None) -> Changes:
    """Give a span other fragments and confirm it."""
    with project.change("resize", took_ms=took_ms) as scope:
        row = _row(scope, span_id)
        text = text_of(scope, row.document_id)
        check_fragments(text, fragments)
        scope.journal.update(SPAN, span_id, _placed(fragments, text) | decided(scope, State.CONFIRMED, row))
        _confirm(scope, [span_id])
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
    with project.change("set field") as scope:
        image = scope.journal.read(SPAN, span_id, ["fields"])
        if image is None:
            raise StaleEditError("This span is no longer there; the field was not set.")
        fields = {key: text for key, text in image["fields"].items() if key != str(field_id)}
        if value:
            fields[str(field_id)] = value
        scope.journal.update(SPAN, span_id, {"fields": fields})
    return scope.changes


def set_actor(project: Project, span_ids: Iterable[int], actor_id: int | None) -> Changes:
    """Point mentions to an actor of the registry (or to none) and confirm those that are undecided."""
    with project.change("link actor") as scope:
        for span_id in _existing(scope, span_ids):
            row = _row(scope, span_id)
            if kind_of(scope, row.label_id) != LabelKind.ACTOR:
                raise InvalidEditError("only mentions point to actors")
            scope.journal.update(SPAN, span_id, {"actor_id": actor_id} | decided(scope, State.CONFIRMED, row))
    return scope.changes


# -- shared with the other operations ---------------------------------------------------------------------------------


def text_of(scope: ChangeScope, document_id: int) -> str:
    """Return the exact text of a document."""
    query = select(t.DocumentText.text).where(t.DocumentText.document_id == document_id)
    text = scope.connection.execute(query).scalar()
    if text is None:
        raise StaleEditError("This document is no longer in the project; nothing was changed.")
    return text


def kind_of(scope: ChangeScope, label_id: int) -> LabelKind:
    """Return the kind of a label."""
    kind = scope.connection.execute(select(_LABEL.kind).where(_LABEL.id == label_id)).scalar()
    if kind is None:
        raise StaleEditError("This label is no longer in the codebook; nothing was changed.")
    return LabelKind(kind)


def fragments_of(scope: ChangeScope, span_id: int) -> tuple[Fragment, ...]:
    """Return the fragments of a span."""
    image = scope.journal.read(SPAN, span_id, ["fragments"])
    return tuple(Fragment(*pair) for pair in image["fragments"]) if image else ()


def decided(scope: ChangeScope, state: State, row: Any) -> Image:  # noqa: ANN401  (a row of the driver)
    """Return the columns of a decision of this analyst now; none where the row stands so already."""
    if row.state == state:
        return {}
    return {"state": state.value, "analyst_id": scope.analyst_id, "decided_at": scope.at}


def new_link(scope: ChangeScope, document_id: int, type_id: int, from_id: int, to_id: int) -> None:
    """Add a confirmed link of the analyst's own."""
    scope.journal.insert(
        LINK,
        {
            "document_id": document_id,
            "type_id": type_id,
            "from_id": from_id,
            "to_id": to_id,
            "origin": Origin.HUMAN.value,
            "score": None,
            "run_id": None,
            "state": State.CONFIRMED.value,
            "analyst_id": scope.analyst_id,
            "decided_at": scope.at,
        },
    )


def _row(scope: ChangeScope, span_id: int) -> Any:  # noqa: ANN401  (a row of the driver)
    row = scope.connection.execute(
        select(_SPAN.id, _SPAN.document_id, _SPAN.label_id, _SPAN.state, _SPAN.origin).where(_SPAN.id == span_id)
    ).one_or_none()
    if row is None:
        raise StaleEditError("This span is no longer there; nothing was changed.")
    return row


def _existing(scope: ChangeScope, span_ids: Iterable[int]) -> list[int]:
    wanted = list(dict.fromkeys(span_ids))
    for span_id in wanted:
        _row(scope, span_id)
    return wanted


def _placed(fragments: Sequence[Fragment], text: str) -> Image:
    return {
        "fragments": [list(fragment) for fragment in fragments],
        "start_cp": fragments[0].start_cp,
        "end_cp": fragments[-1].end_cp,
        "quote": quote_of(text, fragments),
    }


def _new_span(
    scope: ChangeScope,
    document_id: int,
    label_id: int,
    fragments: Sequence[Fragment],
    text: str,
    actor_id: int | None,
) -> None:
    kind_of(scope, label_id)
    scope.journal.insert(
        SPAN,
        {
            "document_id": document_id,
            "label_id": label_id,
            "state": State.CONFIRMED.value,
            "origin": Origin.HUMAN.value,
            "score": None,
            "run_id": None,
            "reason": "",
            "actor_id": actor_id,
            "analyst_id": scope.analyst_id,
            "note": "",
            "is_flagged": False,
            "created_at": scope.at,
            "decided_at": scope.at,
            "fields": {},
        }
        | _placed(fragments, text),
    )


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
    return next((span_id for span_id in rows.all() if fragments_of(scope, span_id) == tuple(fragments)), None)


def _links(scope: ChangeScope, span_id: int, *, outgoing_only: bool = False) -> Sequence[Any]:
    touches = _LINK.from_id == span_id
    if not outgoing_only:
        touches |= _LINK.to_id == span_id
    query = select(_LINK.id, _LINK.from_id, _LINK.to_id, _LINK.state, _LINK.origin).where(touches)
    return scope.connection.execute(query.order_by(_LINK.id)).all()


def _confirm(scope: ChangeScope, span_ids: Iterable[int]) -> None:
    for span_id in dict.fromkeys(span_ids):
        row = _row(scope, span_id)
        scope.journal.update(SPAN, span_id, decided(scope, State.CONFIRMED, row))
        for link in _links(scope, span_id, outgoing_only=True):
            end = _row(scope, link.to_id)
            if link.state != State.SUGGESTED or end.state == State.REJECTED:
                continue
            scope.journal.update(LINK, link.id, decided(scope, State.CONFIRMED, link))
            if end.state == State.SUGGESTED and kind_of(scope, end.label_id) != LabelKind.CLAIM:
                scope.journal.update(SPAN, end.id, decided(scope, State.CONFIRMED, end))


def _reject(scope: ChangeScope, span_id: int) -> None:
    row = _row(scope, span_id)
    cues = [link.to_id for link in _links(scope, span_id, outgoing_only=True) if _is_open_cue(scope, link.to_id)]
    _drop_links(scope, span_id)
    scope.journal.update(SPAN, span_id, decided(scope, State.REJECTED, row))
    for cue_id in cues:
        if all(link.state == State.REJECTED for link in _links(scope, cue_id)):
            scope.journal.update(SPAN, cue_id, decided(scope, State.REJECTED, _row(scope, cue_id)))


def _is_open_cue(scope: ChangeScope, span_id: int) -> bool:
    row = _row(scope, span_id)
    return row.state == State.SUGGESTED and kind_of(scope, row.label_id) == LabelKind.CUE


def _drop_links(scope: ChangeScope, span_id: int) -> None:
    """Reject the links that a suggester proposed on a span, delete those that an analyst drew."""
    for link in _links(scope, span_id):
        if link.origin == Origin.SUGGESTER:
            scope.journal.update(LINK, link.id, decided(scope, State.REJECTED, link))
        else:
            scope.journal.delete(LINK, link.id)
