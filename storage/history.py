"""Undo and redo, across documents and restarts, from the images in the change log."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from storage import tables as t
from storage.entities import ENTITIES, LINK, SPAN
from storage.errors import StaleEditError
from storage.project import ChangeScope, Project
from storage.records import Changes, ChangeSetRecord, State

_SETS = t.ChangeSet.__table__.c
_RECORD = (
    _SETS.id,
    _SETS.operation,
    _SETS.at,
    _SETS.analyst_id,
    _SETS.document_id,
    _SETS.status,
    _SETS.took_ms,
)


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
        except IntegrityError as error:
            raise StaleEditError(f"“{entry.operation}” cannot be taken back: what it needs is gone since.") from error

        def move(set_id: int) -> None:
            scope.connection.execute(
                update(t.ChangeSet).where(t.ChangeSet.id == entry.id).values(status=becomes, effect_id=set_id)
            )

        scope.after_set = move
    return scope.changes


def _make_room(scope: ChangeScope, changes: Sequence[Any]) -> None:
    """Remove undecided suggestions that came to stand where a span or link is about to return: people outrank them."""
    for change in changes:
        if change.after is not None or change.row_id is None:
            continue
        image = change.before
        if change.entity == LINK.name:
            columns: tuple[str, ...] = ("from_id", "to_id", "type_id")
        elif change.entity == SPAN.name:
            columns = ("document_id", "start_cp", "end_cp", "label_id")
        else:
            continue
        entity = ENTITIES[change.entity]
        query = select(entity.table.c.id).where(
            entity.table.c.state == State.SUGGESTED.value, *(entity.table.c[name] == image[name] for name in columns)
        )
        for row_id in scope.connection.execute(query).scalars().all():
            found = scope.journal.image(entity, row_id) or {}
            if found.get("fragments") == image.get("fragments"):  # both have none if they are links
                scope.journal.delete(entity, row_id)


def seal(project: Project) -> None:
    """Make what was done so far the ground that undo does not go below, as for a project that comes ready made."""
    with project.change("seal") as scope:
        scope.connection.execute(update(t.ChangeSet).values(is_undoable=False))
