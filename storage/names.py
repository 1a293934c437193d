"""The names that files use, as ids of the project; what it lacks is added."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import select

from storage import tables as t
from storage.brought import Brought
from storage.entities import ACTOR, FIELD, LABEL, LINK_TYPE, Entity, Image, fold
from storage.errors import InvalidEditError
from storage.formats.exchange import ExchangeProject
from storage.operations.codebook import field_image, label_image, link_type_image
from storage.project import ChangeScope, analyst_named
from storage.records import ActorRecord, FieldRecord, FieldType, LabelKind, LabelRecord, LinkTypeRecord
from storage.suggesting import run_for

#: Colours for labels that a file brings along, in turn.
_COLOURS = ("green", "rose", "brown", "blue", "teal", "violet", "orange", "yellow")


class Names:
    """The ids of labels, link types, fields, actors, analysts and runs by the names that files use, in one transaction.

    What a file names and the project does not have is added, as the codebook and registry that the file brings along
    describe it. A name that stands there exactly so comes before one that differs in case or white space.
    """

    def __init__(self, scope: ChangeScope, brought: Mapping[ExchangeProject, Brought] | None = None) -> None:
        self._scope = scope
        self._all_brought = brought or {}
        self._brought: Brought | None = None
        self._ids: dict[tuple[str, ...], int] = {}
        self._ends: dict[str, tuple[str, ...]] = {}
        self._counts = {LABEL: 0, FIELD: 0}
        self._actors: set[int] | None = None
        run = scope.connection.execute
        for row_id, kind, name in run(select(t.Label.id, t.Label.kind, t.Label.name)).all():
            self._know(("label", kind), name, row_id)
            self._counts[LABEL] += 1
        for row_id, kind, name in run(select(t.Field.id, t.Field.kind, t.Field.name)).all():
            self._know(("field", kind), name, row_id)
            self._counts[FIELD] += 1
        link = t.LinkType
        for row_id, code, *kinds in run(select(link.id, link.code, link.from_kind, link.to_kind)).all():
            self._ids["link_type", code] = row_id
            self._ends[code] = tuple(kinds)

    def read_as(self, project: ExchangeProject | None) -> None:
        """Understand the names that follow as those of this project."""
        self._brought = self._all_brought.get(project) if project is not None else None

    def label(self, kind: LabelKind, name: str) -> int:
        """Return the label of this kind and name, added if the codebook lacks it."""
        found = self._ids.get(("label", kind, name)) or self._folded(("label", kind), name)
        if found is not None:
            return found
        position = self._count(LABEL)
        colour = "grey" if kind == LabelKind.CUE else _COLOURS[position % len(_COLOURS)]
        described = self._brought.label(kind, name) if self._brought else None
        # A key or a code may belong to another label: `Brought.settle` gives what is free.
        label = replace(described or LabelRecord(0, kind, name, colour=colour), code=None, key=None, position=position)
        return self._know(("label", kind), name, self._scope.journal.insert(LABEL, label_image(label)))

    def link_type(self, code: str, from_kind: LabelKind, to_kind: LabelKind) -> int:
        """Return the link type of this code, added for these kinds of ends if the codebook lacks it.

        Raises:
            InvalidEditError: the codebook has it for other kinds of ends.
        """
        ends = self._ends.setdefault(code, (from_kind.value, to_kind.value))
        if ends != (from_kind, to_kind):
            raise InvalidEditError(
                f"a link “{code}” goes from {ends[0]} to {ends[1]}, not from {from_kind} to {to_kind}"
            )
        key = ("link_type", code)
        if key not in self._ids:
            link_type = self._brought.link_type(code) if self._brought else None
            if link_type is None or (link_type.from_kind, link_type.to_kind) != (from_kind, to_kind):
                link_type = LinkTypeRecord(0, code, code.capitalize(), from_kind, to_kind)
            self._ids[key] = self._scope.journal.insert(LINK_TYPE, link_type_image(link_type))
        return self._ids[key]

    def field(self, kind: LabelKind, name: str) -> int:
        """Return the field of this kind of span and name, added as free text if the codebook lacks it."""
        found = self._ids.get(("field", kind, name)) or self._folded(("field", kind), name)
        if found is not None:
            return found
        described = self._brought.field(kind, name) if self._brought else None
        field = replace(described or FieldRecord(0, name, kind, FieldType.TEXT), position=self._count(FIELD))
        return self._know(("field", kind), name, self._scope.journal.insert(FIELD, field_image(field)))

    def actor(self, name: str, label_id: int, actor_id: str | None = None) -> int:
        """Return the actor that a file has under this id or name, added with this type if the registry lacks it."""
        if self._brought is not None and actor_id is not None and actor_id in self._brought.actors:
            found = self._brought.actor_ids.get(actor_id)
            if (
                found is None or found not in self._known_actors()
            ):  # not yet, or no more: others may write between two transactions
                found = self._brought.actor_ids[actor_id] = self.new_actor(self._brought.actors[actor_id])
            return found
        self._known_actors()
        found = self._ids.get(("actor", name)) or self._folded(("actor",), name)
        if found is not None:
            return found
        image: Image = {"name": name, "label_id": label_id, "notes": "", "aliases": []}
        return self._know_actor(name, self._scope.journal.insert(ACTOR, image))

    def new_actor(self, actor: ActorRecord) -> int:
        """Add an actor as the registry that is read has it."""
        assert self._brought is not None  # noqa: S101  (whose registry it is)
        self._known_actors()
        type_ = self._brought.type_of(actor)
        image: Image = {
            "name": actor.name,
            "label_id": None if type_ is None else self.label(LabelKind.ACTOR, type_),
            "notes": actor.notes,
            "aliases": list(actor.aliases),
        }
        if self._brought.is_restoring and self._scope.journal.read(ACTOR, actor.id, ["id"]) is None:
            image["id"] = actor.id
        return self._know_actor(actor.name, self._scope.journal.insert(ACTOR, image))

    def analyst(self, name: str | None) -> int:
        """Return the analyst of this name; the one at work where the file names none."""
        if not name:
            return self._scope.analyst_id
        key = ("analyst", name)
        if key not in self._ids:
            self._ids[key] = analyst_named(self._scope.connection, name)
        return self._ids[key]

    def run(self, suggester: str | None) -> int:
        """Return the run for suggestions that a file brings along; their version is not known."""
        key = ("run", suggester or "import")
        if key not in self._ids:
            self._ids[key] = run_for(self._scope, key[1], "", "")
        return self._ids[key]

    def _known_actors(self) -> set[int]:
        """Read the registry, once it is asked for: it may hold thousands, and most files of a folder name none."""
        if self._actors is None:
            self._actors = set()
            query = select(t.Actor.id, t.Actor.name).order_by(t.Actor.id)
            for row_id, name in self._scope.connection.execute(query).all():
                self._know_actor(name, row_id)
        return self._actors

    def _know_actor(self, name: str, row_id: int) -> int:
        self._known_actors().add(row_id)
        return self._know(("actor",), name, row_id)

    def _know(self, key: tuple[str, ...], name: str, row_id: int) -> int:
        """Remember a name; of several that are equal, the oldest is meant."""
        self._ids.setdefault((*key, name), row_id)
        self._ids.setdefault((*key, "folded", fold(name)), row_id)
        return row_id

    def _folded(self, key: tuple[str, ...], name: str) -> int | None:
        found = self._ids.get((*key, "folded", fold(name)))
        if found is not None:
            self._ids[*key, name] = found
        return found

    def _count(self, entity: Entity) -> int:
        self._counts[entity] += 1
        return self._counts[entity] - 1
