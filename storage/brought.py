"""Codebook and registry that a file brings along with its documents, and what becomes of them in a project.

What the project lacks is added as the file describes it, and what it has stays as it is. In a new project, in which
nobody has touched the starter codebook yet, the file's codebook takes its place.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import replace
from operator import itemgetter
from typing import TypeVar

from storage.codebook_file import CodebookFile, format_codebook
from storage.codebook_reading import read_codebook
from storage.codebook_rules import folded
from storage.codebook_usage import is_used
from storage.codebooks import STARTERS, starter
from storage.entities import FIELD, LABEL, LINK_TYPE, Entity
from storage.formats.exchange import ExchangeProject
from storage.operations.codebook import field_image, label_image
from storage.operations.codebook_import import merge_codebook
from storage.project import ChangeScope
from storage.records import ActorRecord, Codebook, FieldRecord, LabelKind, LabelRecord, LinkTypeRecord


class Brought:
    """What one file brings along. `actor_ids` are the project's actors by the file's ids, as far as they are known.

    `is_first`: the project never had a document or an actor, so that their ids are free.
    """

    def __init__(
        self, project: ExchangeProject, own: Codebook, registry: Sequence[ActorRecord], *, is_first: bool
    ) -> None:
        self.is_restoring = is_first and not registry and bool(project.codebook.labels) and _is_starter(own)
        self.actors = {str(actor.id): actor for actor in project.actors}
        self.actor_ids = _same_actors(project.actors, registry)
        self._codebook = project.codebook
        self._starter = set(_rows(own)) if self.is_restoring else set()
        self._missing = _with_settings(project.codebook) if self.is_restoring else _missing(project.codebook, own)
        self._labels = {(label.kind, label.name): label for label in project.codebook.labels}
        self._link_types = {link_type.code: link_type for link_type in project.codebook.link_types}
        self._fields = {(field.kind, field.name): field for field in project.codebook.fields}

    def label(self, kind: LabelKind, name: str) -> LabelRecord | None:
        """Return a label as the file describes it."""
        return self._labels.get((kind, name))

    def link_type(self, code: str) -> LinkTypeRecord | None:
        """Return a link type as the file describes it."""
        return self._link_types.get(code)

    def field(self, kind: LabelKind, name: str) -> FieldRecord | None:
        """Return a field as the file describes it."""
        return self._fields.get((kind, name))

    def type_of(self, actor: ActorRecord) -> str | None:
        """Return the name of an actor's type."""
        return None if actor.label_id is None else self._codebook.label(actor.label_id).name

    def settle(self, scope: ChangeScope, new_actor: Callable[[ActorRecord], int]) -> None:
        """Bring what no document named, and keys, codes and settings, within the action that shows the documents."""
        for actor_id, actor in self.actors.items():
            if actor_id not in self.actor_ids:
                self.actor_ids[actor_id] = new_actor(actor)
        if self.is_restoring:
            _drop_unused(scope, self._codebook, self._starter)
        merge_codebook(scope, self._missing)
        if self.is_restoring:
            _make_same(scope, self._codebook)


def _is_starter(codebook: Codebook) -> bool:
    return any(_entries(codebook) == _entries(starter(name).codebook) for name in STARTERS)


def _entries(codebook: Codebook) -> str:
    """Return labels, link types and fields; the least scores of suggestions are set when a project is made."""
    return format_codebook(CodebookFile(Codebook(codebook.labels, codebook.link_types, codebook.fields)))


def _with_settings(codebook: Codebook) -> Codebook:
    """Return a codebook that says how suggestions of each label are treated, also where that is as usual."""
    return replace(codebook, settings={label.id: codebook.settings_of(label.id) for label in codebook.labels})


def _same_actors(actors: Sequence[ActorRecord], registry: Sequence[ActorRecord]) -> dict[str, int]:
    """Return those of the registry that have the same names; of several of one name each is one of the file's."""
    by_name: dict[str, list[int]] = {}
    for own in sorted(registry, key=lambda actor: -actor.id):
        by_name.setdefault(own.name, []).append(own.id)
    found = {}
    for actor in sorted(actors, key=lambda actor: actor.id):
        if by_name.get(actor.name):
            found[str(actor.id)] = by_name[actor.name].pop()
    return found


def _missing(codebook: Codebook, own: Codebook) -> Codebook:
    """Return what a codebook has and the project's own one lacks."""
    labels, link_types, fields = _names(own)
    kept = tuple(label for label in codebook.labels if (label.kind, folded(label.name)) not in labels)
    return Codebook(
        kept,
        tuple(link_type for link_type in codebook.link_types if link_type.code not in link_types),
        tuple(field for field in codebook.fields if (field.kind, folded(field.name)) not in fields),
        {label.id: codebook.settings[label.id] for label in kept if label.id in codebook.settings},
    )


_Placed = TypeVar("_Placed", LabelRecord, FieldRecord)
_Named = set[tuple[LabelKind, str]]


def _names(codebook: Codebook) -> tuple[_Named, set[str], _Named]:
    labels = {(label.kind, folded(label.name)) for label in codebook.labels}
    fields = {(field.kind, folded(field.name)) for field in codebook.fields}
    return labels, {link_type.code for link_type in codebook.link_types}, fields


def _rows(codebook: Codebook) -> Iterator[tuple[Entity, int]]:
    yield from ((LABEL, label.id) for label in codebook.labels)
    yield from ((LINK_TYPE, link_type.id) for link_type in codebook.link_types)
    yield from ((FIELD, field.id) for field in codebook.fields)


def _drop_unused(scope: ChangeScope, wanted: Codebook, starter: Collection[tuple[Entity, int]]) -> None:
    """Remove what the starter has and the file's codebook has not; what was added meanwhile stays."""
    for entity, row_id in _rows(_missing(read_codebook(scope.connection), wanted)):
        if (entity, row_id) in starter and not is_used(scope.connection, entity, row_id):
            scope.journal.delete(entity, row_id)


def _make_same(scope: ChangeScope, wanted: Codebook) -> None:
    """Give entries the words, choices and order that they have in the file; what it lacks comes last.

    A merge keeps what the file leaves empty. Keys and codes are those that it granted.
    """
    own, journal = read_codebook(scope.connection), scope.journal
    for position, label, same in _ranked(own.labels, wanted.labels):
        described = replace(same or label, key=label.key, code=label.code, position=position)
        journal.update(LABEL, label.id, label_image(described))
    for position, field, told in _ranked(own.fields, wanted.fields):
        journal.update(FIELD, field.id, field_image(replace(told or field, position=position)))
    definitions = {link_type.code: link_type.definition for link_type in wanted.link_types}
    for link_type in own.link_types:
        definition = definitions.get(link_type.code, link_type.definition)
        journal.update(LINK_TYPE, link_type.id, {"definition": definition})


def _ranked(own: Sequence[_Placed], wanted: Sequence[_Placed]) -> Iterator[tuple[int, _Placed, _Placed | None]]:
    """Yield entries in the order of the file with their positions from 0, each with how the file describes it."""
    places = {(entry.kind, folded(entry.name)): place for place, entry in enumerate(wanted)}
    found = [(places.get((entry.kind, folded(entry.name)), len(wanted)), entry) for entry in own]
    for position, (place, entry) in enumerate(sorted(found, key=itemgetter(0))):
        yield position, entry, wanted[place] if place < len(wanted) else None
