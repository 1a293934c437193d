"""The registry of actors: who is in it, by which names, and which mentions are theirs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from sqlalchemy import select

from storage import tables as t
from storage.entities import ACTOR, SPAN, Image, chunks, fold, one_of
from storage.errors import InvalidEditError, StaleEditError
from storage.operations.aliases import learn_aliases
from storage.operations.shared import AnyRow, decide, kind_of, rows_of
from storage.operations.spans import point_to
from storage.project import ChangeScope, Project
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
    name = _checked_name(name)
    with project.change("create actor") as scope:
        actor_id = _enter(scope, name, label_id, aliases)
        point_to(scope, mention_ids, actor_id)
    return scope.changes


def rename_actor(project: Project, actor_id: int, name: str, *, is_old_kept: bool = True) -> Changes:
    """Give an actor another canonical name; the old one becomes an alias unless it was a mistake."""
    name = _checked_name(name)
    with project.change("rename actor") as scope:
        image = _actor(scope, actor_id)
        kept = [image["name"]] if is_old_kept else []
        scope.journal.update(ACTOR, actor_id, {"name": name, "aliases": _aliases([*image["aliases"], *kept], name)})
    return scope.changes


def set_actor_type(project: Project, actor_id: int, label_id: int | None) -> Changes:
    """Tell what an actor is, by a label of kind actor; its mentions keep their own labels."""
    with project.change("set type of actor") as scope:
        _check_type(scope, label_id)
        _actor(scope, actor_id)
        scope.journal.update(ACTOR, actor_id, {"label_id": label_id})
    return scope.changes


def set_actor_notes(project: Project, actor_id: int, notes: str) -> Changes:
    """Write what is to be remembered about an actor."""
    with project.change("note on actor") as scope:
        _actor(scope, actor_id)
        scope.journal.update(ACTOR, actor_id, {"notes": notes})
    return scope.changes


def add_alias(project: Project, actor_id: int, alias: str) -> Changes:
    """Add a name by which an actor goes as well."""
    alias = _checked_name(alias)
    with project.change("add alias") as scope:
        image = _actor(scope, actor_id)
        scope.journal.update(ACTOR, actor_id, {"aliases": _aliases([*image["aliases"], alias], image["name"])})
    return scope.changes


def remove_alias(project: Project, actor_id: int, alias: str) -> Changes:
    """Take an alias away; mentions that say it stay the actor's.

    Raises:
        StaleEditError: the actor has no such alias.
    """
    with project.change("remove alias") as scope:
        _drop_alias(scope, actor_id, alias)
    return scope.changes


def link_mentions(project: Project, actors: Mapping[int, int]) -> Changes:
    """Point each mention (by span id) to its actor, confirming those that are undecided, as one action.

    A name by which a mention calls its actor becomes an alias.
    """
    with project.change("link mentions") as scope:
        rows = _mentions(scope, actors)
        _check_actors(scope, set(actors.values()))
        scope.journal.update_many(SPAN, {span_id: {"actor_id": actor_id} for span_id, actor_id in actors.items()})
        decide(scope, SPAN, rows, State.CONFIRMED)
        for actor_id in sorted(set(actors.values())):
            learn_aliases(scope, [span_id for span_id, wanted in actors.items() if wanted == actor_id], actor_id)
    return scope.changes


def adopt_words(project: Project, actor_id: int, words: str, span_ids: Iterable[int]) -> Changes:
    """Make words an alias of an actor and point the mentions that say them to it, as one action."""
    words = _checked_name(words)
    with project.change("link mentions") as scope:
        image = _actor(scope, actor_id)
        scope.journal.update(ACTOR, actor_id, {"aliases": _aliases([*image["aliases"], words], image["name"])})
        point_to(scope, span_ids, actor_id)
    return scope.changes


def unlink_mentions(project: Project, span_ids: Iterable[int]) -> Changes:
    """Let mentions belong to no actor; whether they are mentions stays as decided."""
    with project.change("unlink mentions") as scope:
        rows = _mentions(scope, span_ids)
        scope.journal.update_many(SPAN, {row.id: {"actor_id": None} for row in rows})
    return scope.changes


def merge_actors(project: Project, actor_id: int, into_id: int) -> Changes:
    """Make one actor of two: names, aliases, notes and every mention of the first go over to `into_id`.

    Type and name of `into_id` stay; it takes the other's type if it has none.
    """
    if actor_id == into_id:
        raise InvalidEditError("an actor is not merged with itself")
    with project.change("merge actors") as scope:
        gone, kept = _actor(scope, actor_id), _actor(scope, into_id)
        _give_mentions(scope, _all_mentions(scope, actor_id), into_id)
        scope.journal.delete(ACTOR, actor_id)
        values = {
            "label_id": kept["label_id"] if kept["label_id"] is not None else gone["label_id"],
            "notes": "\n".join(dict.fromkeys(text for text in (kept["notes"], gone["notes"]) if text)),
            "aliases": _aliases([*kept["aliases"], gone["name"], *gone["aliases"]], kept["name"]),
        }
        scope.journal.update(ACTOR, into_id, values)
    return scope.changes


def split_mentions(project: Project, span_ids: Collection[int], name: str, *, label_id: int | None = None) -> Changes:
    """Enter an actor in the registry and give it these mentions of others; whether they are mentions stays as decided.

    `changes.actors` holds the new actor alone.
    """
    name = _checked_name(name)
    with project.change("split actor") as scope:
        rows = _mentions(scope, span_ids)
        _give_mentions(scope, [row.id for row in rows], _enter(scope, name, label_id, ()))
    return scope.changes


def split_alias(project: Project, actor_id: int, alias: str) -> Changes:
    """Make an actor of its own of an alias, of the same type, with the mentions that say so, case aside.

    Raises:
        StaleEditError: the actor has no such alias.
    """
    with project.change("split actor") as scope:
        image = _drop_alias(scope, actor_id, alias)
        query = select(_SPAN.id, _SPAN.quote).where(_SPAN.actor_id == actor_id).order_by(_SPAN.id)
        said = [row.id for row in scope.connection.execute(query) if fold(row.quote) == fold(alias)]
        _give_mentions(scope, said, _enter(scope, alias, image["label_id"], ()))
    return scope.changes


def delete_actors(project: Project, actor_ids: Iterable[int]) -> Changes:
    """Take actors out of the registry; their mentions stay, and belong to no actor."""
    with project.change("delete actor") as scope:
        for actor_id in dict.fromkeys(actor_ids):
            scope.journal.delete(ACTOR, actor_id)
    return scope.changes


def _checked_name(name: str) -> str:
    """Return a name with its white space levelled."""
    levelled = " ".join(name.split())
    if not levelled:
        raise InvalidEditError("an actor has a name")
    return levelled


def _aliases(aliases: Iterable[str], name: str) -> list[str]:
    """Return further names, each once, in the order in which the database returns them: log and rows must agree."""
    return sorted({" ".join(alias.split()) for alias in aliases} - {"", name})


def _enter(scope: ChangeScope, name: str, label_id: int | None, aliases: Iterable[str]) -> int:
    _check_type(scope, label_id)
    image: Image = {"name": name, "label_id": label_id, "notes": "", "aliases": _aliases(aliases, name)}
    return scope.journal.insert(ACTOR, image)


def _actor(scope: ChangeScope, actor_id: int) -> Image:
    image = scope.journal.image(ACTOR, actor_id)
    if image is None:
        raise StaleEditError("This actor is no longer in the registry; nothing was changed.")
    return image


def _drop_alias(scope: ChangeScope, actor_id: int, alias: str) -> Image:
    """Take an alias away and return the actor as it was."""
    image = _actor(scope, actor_id)
    if alias not in image["aliases"]:
        raise StaleEditError(f"“{image['name']}” is no longer called “{alias}” too; nothing was changed.")
    scope.journal.update(ACTOR, actor_id, {"aliases": [other for other in image["aliases"] if other != alias]})
    return image


def _check_type(scope: ChangeScope, label_id: int | None) -> None:
    if label_id is not None and kind_of(scope, label_id) != LabelKind.ACTOR:
        raise InvalidEditError("the type of an actor is a label of kind actor")


def _check_actors(scope: ChangeScope, actor_ids: Collection[int]) -> None:
    query = select(t.Actor.id)
    found = sum(
        len(scope.connection.execute(query.where(one_of(t.Actor.__table__.c.id, ids))).all())
        for ids in chunks(actor_ids)
    )
    if found < len(actor_ids):
        raise StaleEditError("This actor is no longer in the registry; nothing was changed.")


def _mentions(scope: ChangeScope, span_ids: Iterable[int]) -> list[AnyRow]:
    rows = list(rows_of(scope, span_ids).values())
    if any(row.kind != LabelKind.ACTOR for row in rows):
        raise InvalidEditError("only mentions point to actors")
    return rows


def _all_mentions(scope: ChangeScope, actor_id: int) -> list[int]:
    """Return every mention of an actor, rejected ones and those of removed documents too."""
    query = select(_SPAN.id).where(_SPAN.actor_id == actor_id).order_by(_SPAN.id)
    return list(scope.connection.execute(query).scalars())


def _give_mentions(scope: ChangeScope, span_ids: Iterable[int], actor_id: int) -> None:
    scope.journal.update_many(SPAN, {span_id: {"actor_id": actor_id} for span_id in span_ids})
