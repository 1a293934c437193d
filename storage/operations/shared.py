"""What the operations have in common: looking rows up, deciding on many at once, taking links away."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Row, Select, select

from storage import tables as t
from storage.entities import LINK, SPAN, Entity, Image, among_asked, asked_for, chunks
from storage.errors import ExcludedPartError, StaleEditError
from storage.project import ChangeScope
from storage.queries import is_listed
from storage.records import LabelKind, Origin, State
from storage.stretch_queries import excluded_in
from storage.stretches import touches_any

#: A row of the driver, its columns looked up by name.
AnyRow = Row[*tuple[Any, ...]]

_SPAN = t.Span.__table__.c
_LINK = t.Link.__table__.c
_LABEL = t.Label.__table__.c


def text_of(scope: ChangeScope, document_id: int) -> str:
    """Return the exact text of a listed document."""
    query = (
        select(t.DocumentText.text)
        .join(t.Document, t.Document.id == t.DocumentText.document_id)
        .where(t.DocumentText.document_id == document_id, is_listed())
    )
    text = scope.connection.execute(query).scalar()
    if text is None:
        raise StaleEditError("This document is no longer in the project; nothing was changed.")
    return text


def length_of(scope: ChangeScope, document_id: int) -> int:
    """Return the length of a listed document in code points."""
    length = scope.connection.execute(
        select(t.Document.length_cp).where(t.Document.id == document_id, is_listed())
    ).scalar()
    if length is None:
        raise StaleEditError("This document is no longer in the project; nothing was changed.")
    return length


def kind_of(scope: ChangeScope, label_id: int) -> LabelKind:
    """Return the kind of a label."""
    kind = scope.connection.execute(select(_LABEL.kind).where(_LABEL.id == label_id)).scalar()
    if kind is None:
        raise StaleEditError("This label is no longer in the codebook; nothing was changed.")
    return LabelKind(kind)


def check_actor(scope: ChangeScope, actor_id: int | None) -> None:
    """Refuse an actor that is not in the registry."""
    if actor_id is None:
        return
    if scope.connection.execute(select(t.Actor.id).where(t.Actor.id == actor_id)).first() is None:
        raise StaleEditError("This actor is no longer in the registry; nothing was changed.")


def check_included(scope: ChangeScope, document_id: int, fragments: Iterable[tuple[int, int]]) -> None:
    """Refuse to label words in an excluded part: they would be missing in all that is made of the labels."""
    excluded = excluded_in(scope.connection, [document_id]).get(document_id, [])
    if any(touches_any(excluded, *fragment) for fragment in fragments):
        raise ExcludedPartError(
            "This part of the text is left out of the work, so nothing is labelled there. "
            "To label it, put the cursor there and press Z, which takes it in again."
        )


def rows_of(scope: ChangeScope, span_ids: Iterable[int]) -> dict[int, AnyRow]:
    """Return id, document_id, label_id, kind, state and origin of spans, by id in the order asked for.

    Raises:
        StaleEditError: one is gone.
    """
    wanted = list(dict.fromkeys(span_ids))
    found = {
        row.id: row
        for chunk in chunks(wanted)
        for row in scope.connection.execute(_rows_query(is_one=len(chunk) == 1), asked_for(chunk))
    }
    if len(found) < len(wanted):
        raise StaleEditError("This span is no longer there; nothing was changed.")
    return {span_id: found[span_id] for span_id in wanted}


def links_on(scope: ChangeScope, span_ids: Collection[int], *, outgoing_only: bool = False) -> list[AnyRow]:
    """Return the links that begin at one of these spans or, unless `outgoing_only`, end at one; each once, by id."""
    ends = ("from_id",) if outgoing_only else ("from_id", "to_id")
    found = {
        row.id: row
        for end in ends
        for chunk in chunks(span_ids)
        for row in scope.connection.execute(_links_query(end, is_one=len(chunk) == 1), asked_for(chunk))
    }
    return [found[link_id] for link_id in sorted(found)]


@cache
def _rows_query(*, is_one: bool) -> Select[Any]:
    columns = (_SPAN.id, _SPAN.document_id, _SPAN.label_id, _LABEL.kind, _SPAN.state, _SPAN.origin)
    joined = select(*columns).join(t.Label, _LABEL.id == _SPAN.label_id)
    return joined.where(among_asked(_SPAN.id, is_one=is_one))


@cache
def _links_query(end: str, *, is_one: bool) -> Select[Any]:
    columns = (_LINK.id, _LINK.type_id, _LINK.from_id, _LINK.to_id, _LINK.state, _LINK.origin)
    return select(*columns).where(among_asked(_LINK[end], is_one=is_one))


def was_proposed(row: AnyRow) -> bool:
    """Whether taking this span or link away is a rejection, to be kept as data, and not a deletion."""
    return bool(row.origin == Origin.SUGGESTER or row.state == State.SUGGESTED)


def decision(scope: ChangeScope, state: State) -> Image:
    """Return the columns of a decision of this analyst now."""
    return {"state": state.value, "analyst_id": scope.analyst_id, "decided_at": scope.at}


def decide(scope: ChangeScope, entity: Entity, rows: Iterable[AnyRow], state: State) -> None:
    """Decide on spans or links; who decided so before, and when, stays."""
    scope.journal.update_many(entity, {row.id: decision(scope, state) for row in rows if row.state != state})


def confirm(scope: ChangeScope, span_ids: Iterable[int]) -> None:
    """Confirm spans, their undecided links to spans that are not rejected, and the mentions and cues at their ends."""
    rows = rows_of(scope, span_ids)
    decide(scope, SPAN, rows.values(), State.CONFIRMED)
    links = [link for link in links_on(scope, rows, outgoing_only=True) if link.state == State.SUGGESTED]
    ends = rows_of(scope, [link.to_id for link in links])
    links = [link for link in links if ends[link.to_id].state != State.REJECTED]
    decide(scope, LINK, links, State.CONFIRMED)
    reached = {link.to_id: ends[link.to_id] for link in links if ends[link.to_id].kind != LabelKind.CLAIM}
    decide(scope, SPAN, reached.values(), State.CONFIRMED)


def reject(scope: ChangeScope, span_ids: Iterable[int]) -> None:
    """Reject spans, take away the links that touch them, and reject undecided cues that then signal no claim."""
    rows = rows_of(scope, span_ids)
    links = links_on(scope, rows)
    ends = rows_of(scope, [link.to_id for link in links if link.from_id in rows and link.to_id not in rows])
    take_away(scope, links)
    decide(scope, SPAN, rows.values(), State.REJECTED)
    cues = {row.id for row in ends.values() if row.kind == LabelKind.CUE and row.state == State.SUGGESTED}
    in_use = {link.to_id for link in links_on(scope, cues) if link.state != State.REJECTED}
    decide(scope, SPAN, [ends[span_id] for span_id in sorted(cues - in_use)], State.REJECTED)


def take_away(scope: ChangeScope, links: Sequence[AnyRow]) -> None:
    """Reject the links that a suggester proposed, delete those that an analyst drew."""
    decide(scope, LINK, [link for link in links if was_proposed(link)], State.REJECTED)
    for link in links:
        if not was_proposed(link):
            scope.journal.delete(LINK, link.id)


def hand_over(scope: ChangeScope, row: AnyRow, twin: AnyRow) -> None:
    """Give a span's twin, which stays in its place, what the span has and the twin lacks.

    That is note, flag, and, between spans of one kind, actor, fields and links.
    """
    mine, theirs = (
        scope.journal.read(SPAN, span_id, ["note", "is_flagged", "actor_id", "fields"]) or {}
        for span_id in (row.id, twin.id)
    )
    values: Image = {
        "note": theirs["note"] or mine["note"],
        "is_flagged": theirs["is_flagged"] or mine["is_flagged"],
    }
    if twin.kind == row.kind:
        values["actor_id"] = mine["actor_id"] if theirs["actor_id"] is None else theirs["actor_id"]
        values["fields"] = mine["fields"] | theirs["fields"]
        _move_links(scope, row.id, twin.id)
    scope.journal.update(SPAN, twin.id, values)


def _move_links(scope: ChangeScope, span_id: int, twin_id: int) -> None:
    """Let the links of a span that are not rejected begin or end at its twin, unless that makes one there is."""
    present = {(link.type_id, link.from_id, link.to_id) for link in links_on(scope, [twin_id])}
    for link in links_on(scope, [span_id]):
        ends = [twin_id if end == span_id else end for end in (link.from_id, link.to_id)]
        if link.state != State.REJECTED and ends[0] != ends[1] and (link.type_id, *ends) not in present:
            scope.journal.update(LINK, link.id, {"from_id": ends[0], "to_id": ends[1]})
