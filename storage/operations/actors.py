"""The registry of actors."""

from __future__ import annotations

from storage.entities import ACTOR
from storage.errors import InvalidEditError
from storage.operations.shared import kind_of
from storage.operations.spans import point_to
from storage.project import Project
from storage.records import Changes, LabelKind


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
    # In the order in which the database returns them, so that the log and the rows agree.
    others = sorted({" ".join(alias.split()) for alias in aliases} - {"", name})
    with project.change("create actor") as scope:
        if label_id is not None and kind_of(scope, label_id) != LabelKind.ACTOR:
            raise InvalidEditError("the type of an actor is a label of kind actor")
        actor_id = scope.journal.insert(ACTOR, {"name": name, "label_id": label_id, "notes": "", "aliases": others})
        point_to(scope, mention_ids, actor_id)
    return scope.changes
