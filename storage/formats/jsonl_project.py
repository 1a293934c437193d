"""The key `project` of the first line of a JSON Lines file: codebook and registry of the project it was written from.

It holds `sayso` (the version of this key), `codebook` (the text of a codebook file) and `registry` (each actor with
`id`, `name`, `type`, `aliases` and `notes`). Other programs may pass it over; files without it are read as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from storage.errors import RefusedInputError
from storage.formats.exchange import ExchangeProject
from storage.formats.json_object import JsonObject, named
from storage.records import ActorRecord, Codebook, LabelKind

if TYPE_CHECKING:
    from storage.formats.interface import WriteContext

PROJECT: Final = "project"
_MARK, _VERSION = "sayso", 1


def is_project(data: object) -> bool:
    """Whether the value of a key tells of a project of Sayso, and not whatever others keep under that name."""
    return isinstance(data, dict) and _MARK in data


def project_to_json(context: WriteContext) -> dict[str, Any]:
    """Return codebook and registry as the key holds them."""
    from storage.codebook_file import (  # noqa: PLC0415  (which needs the formats)
        CodebookFile,
        format_codebook,
        parse_codebook,
    )

    codebook = format_codebook(CodebookFile(context.codebook))
    types = {label.id: label.name for label in context.codebook.labels}
    try:
        parse_codebook(codebook, "codebook")
    except RefusedInputError as error:  # a name that only a file of another tool can have brought in
        context.losses.add("codebook entries", f"no codebook file can hold them ({error})")
        codebook, types = "", {}
    return {
        _MARK: _VERSION,
        "codebook": codebook,
        "registry": [
            {
                "id": actor.id,
                "name": actor.name,
                "type": None if actor.label_id is None else types.get(actor.label_id),
                "aliases": actor.aliases,
                "notes": actor.notes,
            }
            for actor in context.actors()
        ],
    }


def project_from(data: object, where: str) -> ExchangeProject:
    """Return what the value of the key tells of a project.

    Raises:
        RefusedInputError: something is missing, of the wrong type, or contradicts the rest; naming it.
    """
    from storage.codebook_file import parse_codebook  # noqa: PLC0415

    told = JsonObject(data, where, PROJECT)
    version = told.rest.pop(_MARK)
    if version != _VERSION:
        told.refuse(_MARK, f"is {named(version)}; this program reads {_VERSION}: get a newer one")
    book = told.optional("codebook")
    codebook = parse_codebook(book, f"{where}, codebook").codebook if book else Codebook()
    types = {label.name: label.id for label in codebook.labels if label.kind == LabelKind.ACTOR}
    actors = told.items("registry", lambda item: _actor(item, types))
    if len({actor.id for actor in actors}) < len(actors):
        raise RefusedInputError(f"{where}: two actors of the registry have the same id: give each its own.")
    return ExchangeProject(codebook, actors)


def _actor(item: JsonObject, types: Mapping[str, int]) -> ActorRecord:
    actor_id = item.offset("id")
    if not 0 < actor_id <= _LARGEST_ID:
        item.refuse("id", f"is {actor_id}, which is none that Sayso gives")
    name = item.required("name")
    type_ = item.optional("type")
    if type_ is not None and type_ not in types:
        item.refuse("type", f"is {named(type_)}, which is no actor's label of the codebook")
    aliases = item.list_of("aliases")
    if not all(isinstance(alias, str) and alias.strip() for alias in aliases):
        item.refuse("aliases", "must be strings that are not blank")
    further = tuple(sorted(set(aliases) - {name}))  # in the order in which the database returns them
    return ActorRecord(actor_id, name, types[type_] if type_ else None, item.optional("notes") or "", further)


#: Ids go through signals as 32-bit numbers; as many again are left for what is added later.
_LARGEST_ID = 1_000_000_000
