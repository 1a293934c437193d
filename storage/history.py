"""Undo and redo, across documents and restarts, from the images in the change log."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.engine import Connection

from storage import tables as t
from storage.project import Project
from storage.records import Changes, ChangeSetRecord

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
        rows = select(t.Change.entity, t.Change.row_id, t.Change.before, t.Change.after).where(
            t.Change.set_id == holder
        )
        scope.journal.revert(scope.connection.execute(rows.order_by(t.Change.position)).all())

        def move(set_id: int) -> None:
            scope.connection.execute(
                update(t.ChangeSet).where(t.ChangeSet.id == entry.id).values(status=becomes, effect_id=set_id)
            )

        scope.after_set = move
    return scope.changes


def seal(project: Project) -> None:
    """Make what was done so far the ground that undo does not go below, as for a project that comes ready made."""
    with project.change("seal") as scope:
        scope.connection.execute(update(t.ChangeSet).values(is_undoable=False))
