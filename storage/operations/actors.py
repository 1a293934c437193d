"""The registry of actors."""

from __future__ import annotations

from sqlalchemy import select

from storage import tables as t
from storage.entities import ACTOR, SPAN
from storage.errors import InvalidEditError
from storage.operations.spans import decided, kind_of
from storage.project import Project
from storage.records import Changes, LabelKind, State

_SPAN = t.Span.__table__.c


def create_actor(
    project: Project,
    name: str,
    *,
    label_id: int | None = None,
    aliases: tuple[str, ...] = (),
    mention_ids: tuple[int, ...] = (),
) -> Changes:
    """Enter an actor in the registry and point these mentions to it, as one action."""
    name = " ".join(name.split())
    if not name:
        raise InvalidEditError("an actor has a name")
    with project.change("create actor") as scope:
        actor_id = scope.journal.insert(
            ACTOR, {"name": name, "label_id": label_id, "notes": "", "aliases": list(aliases)}
        )
        query = select(_SPAN.id, _SPAN.label_id, _SPAN.state).where(_SPAN.id.in_(mention_ids))
        for row in scope.connection.execute(query).all():
            if kind_of(scope, row.label_id) != LabelKind.ACTOR:
                raise InvalidEditError("only mentions point to actors")
            scope.journal.update(SPAN, row.id, {"actor_id": actor_id} | decided(scope, State.CONFIRMED, row))
    return scope.changes
