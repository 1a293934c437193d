"""The codebook: labels, link types and fields added, changed and put in order.

Spans and links point to ids, so a new name shows everywhere at once. What breaks a rule of the codebook raises
`RefusedInputError` with the reason. Removing is in `storage.operations.codebook_removal`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from sqlalchemy import func, select

from storage import tables as t
from storage.codebook_reading import read_codebook
from storage.codebook_rules import check_field, check_label, check_link_type, fits, renamed_choices
from storage.entities import FIELD, LABEL, LINK_TYPE, SPAN, Entity, Image
from storage.errors import RefusedInputError, StaleEditError
from storage.project import ChangeScope, Project
from storage.records import Changes, FieldRecord, FieldType, LabelRecord, LinkTypeRecord

_LINK = t.Link.__table__.c
_VALUE = t.SpanField.__table__.c

_Placed = TypeVar("_Placed", LabelRecord, FieldRecord)
_Entry = TypeVar("_Entry", LabelRecord, LinkTypeRecord, FieldRecord)


def add_label(project: Project, label: LabelRecord) -> Changes:
    """Add a label at the end of its kind; its id and position are given here."""
    with project.change("add label") as scope:
        codebook = read_codebook(scope.connection)
        label = check_label(codebook, replace(label, id=0, position=len(codebook.labels)))
        scope.journal.insert(LABEL, label_image(label))
    return scope.changes


def change_label(project: Project, label: LabelRecord) -> Changes:
    """Make a label like this record; its kind and position stay."""
    with project.change("change label") as scope:
        codebook = read_codebook(scope.connection)
        former = _entry(codebook.labels, label.id)
        label = check_label(codebook, replace(label, kind=former.kind, position=former.position))
        scope.journal.update(LABEL, label.id, label_image(label))
    return scope.changes


def move_label(project: Project, label_id: int, step: int) -> Changes:
    """Move a label before (-1) or after (1) its neighbour of the same kind; at the end of them it stays."""
    with project.change("move label") as scope:
        _move(scope, LABEL, read_codebook(scope.connection).labels, label_id, step)
    return scope.changes


def add_link_type(project: Project, link_type: LinkTypeRecord) -> Changes:
    """Add a link type; its id is given here."""
    with project.change("add link type") as scope:
        link_type = check_link_type(read_codebook(scope.connection), replace(link_type, id=0))
        scope.journal.insert(LINK_TYPE, link_type_image(link_type))
    return scope.changes


def change_link_type(project: Project, link_type: LinkTypeRecord) -> Changes:
    """Make a link type like this record; the kinds that it joins change only while there are no links of it."""
    with project.change("change link type") as scope:
        codebook = read_codebook(scope.connection)
        former = _entry(codebook.link_types, link_type.id)
        link_type = check_link_type(codebook, link_type)
        if (link_type.from_kind, link_type.to_kind) != (former.from_kind, former.to_kind):
            count = scope.connection.execute(select(func.count()).where(_LINK.type_id == link_type.id)).scalar_one()
            if count:
                raise RefusedInputError(
                    f"There are {count:,} links “{former.name}” from {former.from_kind} to {former.to_kind}. "
                    "Add another link type for other kinds of spans."
                )
        scope.journal.update(LINK_TYPE, link_type.id, link_type_image(link_type))
    return scope.changes


def add_field(project: Project, field: FieldRecord) -> Changes:
    """Add a field at the end of its kind; its id and position are given here."""
    with project.change("add field") as scope:
        codebook = read_codebook(scope.connection)
        field = check_field(codebook, replace(field, id=0, position=len(codebook.fields)))
        scope.journal.insert(FIELD, field_image(field))
    return scope.changes


def change_field(project: Project, field: FieldRecord) -> Changes:
    """Make a field like this record; its kind and position stay.

    A choice that got another name in its place gets it on every span. Refused is what values on spans would not
    fit: a choice taken away, another type.
    """
    with project.change("change field") as scope:
        codebook = read_codebook(scope.connection)
        former = _entry(codebook.fields, field.id)
        field = check_field(codebook, replace(field, kind=former.kind, position=former.position))
        if (field.type, field.choices) != (former.type, former.choices):
            renamed = renamed_choices(former, field)
            _check_values(scope, former, field, renamed)
            _rename_values(scope, field.id, renamed)
        scope.journal.update(FIELD, field.id, field_image(field))
    return scope.changes


def move_field(project: Project, field_id: int, step: int) -> Changes:
    """Move a field before (-1) or after (1) its neighbour of the same kind; at the end of them it stays."""
    with project.change("move field") as scope:
        _move(scope, FIELD, read_codebook(scope.connection).fields, field_id, step)
    return scope.changes


# -- images -----------------------------------------------------------------------------------------------------------


def label_image(label: LabelRecord) -> Image:
    """Return a label as the change log sees it, without its id."""
    names = ("name", "code", "colour", "key", "definition", "examples", "position")
    return {name: getattr(label, name) for name in names} | {"kind": label.kind.value}


def link_type_image(link_type: LinkTypeRecord) -> Image:
    """Return a link type as the change log sees it, without its id."""
    kinds = {"from_kind": link_type.from_kind.value, "to_kind": link_type.to_kind.value}
    return {name: getattr(link_type, name) for name in ("code", "name", "definition")} | kinds


def field_image(field: FieldRecord) -> Image:
    """Return a field as the change log sees it, without its id."""
    own = {"kind": field.kind.value, "type": field.type.value, "choices": list(field.choices)}
    return {name: getattr(field, name) for name in ("name", "definition", "position")} | own


# -- inside -----------------------------------------------------------------------------------------------------------


def _entry(entries: Sequence[_Entry], row_id: int) -> _Entry:
    found = next((entry for entry in entries if entry.id == row_id), None)
    if found is None:
        raise StaleEditError("This is no longer in the codebook; nothing was changed.")
    return found


def _move(scope: ChangeScope, entity: Entity, entries: Sequence[_Placed], row_id: int, step: int) -> None:
    entry = _entry(entries, row_id)
    kin = [other.id for other in entries if other.kind is entry.kind]
    place = kin.index(row_id)
    if not 0 <= place + step < len(kin):
        return
    order = [other.id for other in entries]
    here, there = order.index(row_id), order.index(kin[place + step])
    order.insert(there, order.pop(here))
    scope.journal.update_many(entity, {other: {"position": number} for number, other in enumerate(order)})


def _check_values(scope: ChangeScope, former: FieldRecord, field: FieldRecord, renamed: Mapping[str, str]) -> None:
    """Refuse a change that leaves values on spans which the field cannot have, but could before."""
    query = select(_VALUE.value, func.count()).where(_VALUE.field_id == field.id).group_by(_VALUE.value)
    for value, count in scope.connection.execute(query.order_by(_VALUE.value)).all():
        if field.type is former.type and not fits(former, value):
            continue
        if not fits(field, renamed.get(value, value)):
            spans = f"{count:,} span{'s' * (count != 1)}"
            if field.type is FieldType.CHOICE:
                raise RefusedInputError(
                    f"“{value}” is the value of {spans}. Rename it in its place in the list, "
                    "or change those spans first."
                )
            raise RefusedInputError(f"“{value}” is the value of {spans}, and no {field.type}.")


def _rename_values(scope: ChangeScope, field_id: int, renamed: Mapping[str, str]) -> None:
    for old, new in renamed.items():
        query = select(_VALUE.span_id).where(_VALUE.field_id == field_id, _VALUE.value == old)
        ids = scope.connection.execute(query.order_by(_VALUE.span_id)).scalars().all()
        found = SPAN.read(scope.connection, ids, ["fields"])
        changed = {row_id: {"fields": image["fields"] | {str(field_id): new}} for row_id, image in found.items()}
        scope.journal.update_many(SPAN, changed)
