"""Undo and redo, across documents and restarts, from the images in the change log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import and_, func, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from storage import tables as t
from storage.batches import batch_images
from storage.engine import compact_json
from storage.entities import ENTITIES, LINK, SPAN, STRETCH, Entity, Image
from storage.errors import StaleEditError
from storage.operations.stretches import drop_suggestions
from storage.project import ChangeScope, Project
from storage.records import Changes, ChangeSetRecord, State, StretchKind

_SETS = t.ChangeSet.__table__.c
#: By what a span or a link stands in the place of another one; the last is compared exactly, not looked up.
_PLACES: dict[Entity, tuple[str, ...]] = {
    SPAN: ("document_id", "start_cp", "end_cp", "label_id", "fragments"),
    LINK: ("from_id", "to_id", "type_id", "document_id"),
}
#: How many places one statement looks at.
_PORTION = 5_000
_RECORD = (
    _SETS.id,
    _SETS.operation,
    _SETS.at,
    _SETS.analyst_id,
    _SETS.document_id,
    _SETS.status,
    _SETS.took_ms,
)


def change_sets(project: Project) -> Iterator[ChangeSetRecord]:
    """Yield the whole change log from the first operation on, a thousand entries at a time."""
    last = 0
    while True:
        query = select(*_RECORD).where(_SETS.id > last).order_by(_SETS.id).limit(1_000)
        with project.reading() as connection:
            found = [ChangeSetRecord(*row) for row in connection.execute(query)]
        if not found:
            return
        yield from found
        last = found[-1].id


def next_undo(project: Project) -> ChangeSetRecord | None:
    """Return the operation that `undo` would take back."""
    with project.reading() as connection:
        return _find(connection, "applied")


def next_redo(project: Project) -> ChangeSetRecord | None:
    """Return the operation that `redo` would bring back."""
    with project.reading() as connection:
        return _find(connection, "undone")


def undo(project: Project) -> Changes:
    """Take back the last operation that is not undone; empty changes if there is none.

    Raises:
        StaleEditError: what it left behind was changed since; nothing was changed.
    """
    return _invert(project, "undo", found="applied", becomes="undone")


def redo(project: Project) -> Changes:
    """Bring back the operation that was undone last; empty changes if there is none.

    Raises:
        StaleEditError: as for `undo`.
    """
    return _invert(project, "redo", found="undone", becomes="applied")


def _find(connection: Connection, status: str) -> ChangeSetRecord | None:
    # Operations are undone newest first, so the one undone last is the oldest of those undone.
    order = _SETS.id.desc() if status == "applied" else _SETS.id.asc()
    row = connection.execute(
        select(*_RECORD).where(_SETS.status == status, _SETS.is_undoable).order_by(order).limit(1)
    ).one_or_none()
    return None if row is None else ChangeSetRecord(*row)


def _invert(project: Project, operation: str, *, found: str, becomes: str) -> Changes:
    with project.change(operation) as scope:
        entry = _find(scope.connection, found)
        if entry is None:
            return Changes()
        # The set that holds the entry's effect now: itself, or the last undo or redo of it.
        effect = select(_SETS.effect_id).where(_SETS.id == entry.id)
        holder = scope.connection.execute(effect).scalar() or entry.id
        query = select(t.Change.entity, t.Change.row_id, t.Change.before, t.Change.after)
        rows = scope.connection.execute(query.where(t.Change.set_id == holder).order_by(t.Change.position)).all()
        try:
            _make_room(scope, rows)
            scope.journal.revert(rows)
            drop_suggestions(scope, _excluded_again(rows))
        except IntegrityError as error:
            raise StaleEditError(f"“{entry.operation}” cannot be taken back: what it needs is gone since.") from error

        def move(set_id: int) -> None:
            scope.connection.execute(
                update(t.ChangeSet).where(t.ChangeSet.id == entry.id).values(status=becomes, effect_id=set_id)
            )

        scope.after_set = move
    return scope.changes


def _make_room(scope: ChangeScope, changes: Sequence[Any]) -> None:
    """Remove undecided suggestions that came to stand where spans or links are about to return: people outrank them."""
    returning: dict[Entity, list[Image]] = {SPAN: [], LINK: []}
    for change in changes:
        entity = ENTITIES[change.entity]
        if change.after is None and entity in returning:
            returning[entity] += [change.before] if change.row_id is not None else batch_images(change.before)
    for entity, names in _PLACES.items():
        images = returning[entity]
        wanted = {_place(image, names) for image in images}
        for first in range(0, len(images), _PORTION):
            found = _undecided_at(scope, entity, names[:-1], images[first : first + _PORTION])
            there = entity.read(scope.connection, found, names)
            for row_id in [row_id for row_id, image in there.items() if _place(image, names) in wanted]:
                scope.journal.delete(entity, row_id)


def _undecided_at(scope: ChangeScope, entity: Entity, names: Sequence[str], images: Sequence[Image]) -> Sequence[int]:
    """Return the undecided rows that are the same as one of these images in some columns."""
    wanted = func.json_each(compact_json([[image[name] for name in names] for image in images])).table_valued("value")
    columns = entity.table.c
    is_same = (columns[name] == func.json_extract(wanted.c.value, f"$[{n}]") for n, name in enumerate(names))
    query = select(columns.id).select_from(wanted).join(entity.table, and_(*is_same))
    rows = scope.connection.execute(query.where(columns.state == State.SUGGESTED.value).distinct())
    return rows.scalars().all()


def _place(image: Image, names: Sequence[str]) -> str:
    return compact_json([image[name] for name in names])


def _excluded_again(changes: Sequence[Any]) -> list[tuple[int, int, int]]:
    """Return the parts that are left out of the work once more: suggestions may have come there meanwhile."""
    gone = [change for change in changes if change.entity == STRETCH.name and change.after is None]
    images = [image for c in gone for image in ([c.before] if c.row_id is not None else batch_images(c.before))]
    return [
        (image["document_id"], image["start_cp"], image["end_cp"])
        for image in images
        if image["kind"] == StretchKind.EXCLUDED
    ]


def seal(project: Project) -> None:
    """Make what was done so far the ground that undo does not go below, as for a project that comes ready made."""
    with project.change("seal") as scope:
        scope.connection.execute(update(t.ChangeSet).values(is_undoable=False))
