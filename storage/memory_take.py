"""Taking memory's suggestions away again: those that it took over go back to what they were, the others are deleted."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from storage import tables as t
from storage.entities import LINK, SPAN, Entity, Image, chunks
from storage.operations.shared import links_on
from storage.project import ChangeScope
from storage.records import State
from storage.standing import MACHINE, MEMORY

_SPAN = t.Span.__table__.c
#: What memory changes on a suggestion that it takes over.
TAKEN = ("label_id", "actor_id", "run_id", "score", "reason")


def retract(scope: ChangeScope, span_ids: Collection[int]) -> None:
    """Take undecided suggestions of memory away, with their undecided links.

    What carries a note or a flag, what an undo or a redo may come back to, and what has a link like that, stays.
    """
    free = set(span_ids) - _noted(scope, span_ids) - _in_undo(scope, SPAN, span_ids)
    links = links_on(scope, free)
    held = _in_undo(scope, LINK, [link.id for link in links])
    for link in links:
        if link.state != State.SUGGESTED or link.id in held:
            free -= {link.from_id, link.to_id}
    former = _former(scope, free)
    scope.journal.update_many(SPAN, former)
    gone = free - former.keys()
    scope.journal.delete_many(LINK, [link.id for link in links if {link.from_id, link.to_id} & gone])
    scope.journal.delete_many(SPAN, sorted(gone))


def _noted(scope: ChangeScope, span_ids: Collection[int]) -> set[int]:
    images = SPAN.read(scope.connection, list(span_ids), ["note", "is_flagged"])
    return {span_id for span_id, image in images.items() if image["note"] or image["is_flagged"]}


def _in_undo(scope: ChangeScope, entity: Entity, row_ids: Collection[int]) -> set[int]:
    """Return the rows that an action changed which stands or can be done again: they must be there for it."""
    change, entry = t.Change, t.ChangeSet
    query = (
        select(change.row_id)
        .join(entry, entry.id == change.set_id)
        .where(change.entity == entity.name, entry.is_undoable, entry.status != "discarded")
    )
    found: set[int] = set()
    for chunk in chunks(row_ids):
        rows = scope.connection.execute(query.where(change.row_id.in_(chunk))).scalars()
        found.update(row_id for row_id in rows if row_id is not None)
    return found


def _former(scope: ChangeScope, span_ids: Collection[int]) -> dict[int, Image]:
    """Return what the suggestions were that memory took over from another suggester, as the log tells."""
    change, entry = t.Change, t.ChangeSet
    images = SPAN.read(scope.connection, list(span_ids), [*TAKEN, "document_id", "fragments"])
    others = _runs_of_others(scope)
    query = (
        select(change.row_id, change.before)
        .join(entry, entry.id == change.set_id)
        .where(change.entity == SPAN.name, change.before.is_not(None), change.after.is_not(None))
        .where(entry.operation.in_(MACHINE))
        .order_by(change.id.desc())
    )
    former: dict[int, Image] = {}
    for chunk in chunks(span_ids):
        for span_id, before in scope.connection.execute(query.where(change.row_id.in_(chunk))).all():
            if span_id not in former:
                images[span_id] |= before
                if images[span_id]["run_id"] in others:
                    former[span_id] = images[span_id]
    return {span_id: _restored(scope, image) for span_id, image in former.items() if _is_free(scope, span_id, image)}


def _runs_of_others(scope: ChangeScope) -> set[int]:
    run = t.SuggesterRun
    return set(scope.connection.execute(select(run.id).where(run.suggester != MEMORY)).scalars())


def _restored(scope: ChangeScope, image: Image) -> Image:
    actor = select(t.Actor.id).where(t.Actor.id == image["actor_id"])
    is_there = scope.connection.execute(actor).first() is not None
    return {name: image[name] for name in TAKEN} | {"actor_id": image["actor_id"] if is_there else None}


def _is_free(scope: ChangeScope, span_id: int, image: Image) -> bool:
    """Whether the label of a former suggestion is still there, and no other span with it in its place."""
    if scope.connection.execute(select(t.Label.id).where(t.Label.id == image["label_id"])).first() is None:
        return False
    (start_cp, *_), *_rest = image["fragments"]
    rows = scope.connection.execute(
        select(_SPAN.id).where(
            _SPAN.document_id == image["document_id"],
            _SPAN.start_cp == start_cp,
            _SPAN.end_cp == image["fragments"][-1][1],
            _SPAN.label_id == image["label_id"],
            _SPAN.id != span_id,
        )
    )
    return rows.first() is None
