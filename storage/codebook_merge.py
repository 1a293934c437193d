"""What taking in a codebook file would do to the codebook of a project: a plan to show first and to carry out then.

Pure functions on records. Labels and fields are the same if kind and name are, link types if the code is; case and
white space of names do not count. Nothing is ever taken away by a merge.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from storage.codebook_rules import is_same_name
from storage.records import Codebook, FieldRecord, LabelRecord, LinkTypeRecord

_Entry = TypeVar("_Entry", LabelRecord, LinkTypeRecord, FieldRecord)


@dataclass(frozen=True, slots=True)
class MergePlan:
    """The entries to add (in order) and to change (by their ids), and what is told of them.

    `added`, `changed`, `left` (there and the same, or refused) and `kept` (only in the project) name entries in words,
    with the reason where something does not come as the file has it.
    """

    new: Codebook
    renewed: Codebook
    added: tuple[str, ...]
    changed: tuple[str, ...]
    left: tuple[str, ...]
    kept: tuple[str, ...]

    @property
    def has_effect(self) -> bool:
        """Whether carrying it out would change anything."""
        return bool(self.added or self.changed)


def plan_merge(current: Codebook, incoming: Codebook) -> MergePlan:
    """Return what becomes of a codebook when another one is taken in."""
    plan = _Planner(current)
    plan.take_labels(incoming.labels)
    for link_type in incoming.link_types:
        plan.take_link_type(link_type)
    for field in incoming.fields:
        plan.take_field(field)
    plan.take_settings(incoming)
    return plan.finish()


class _Planner:
    """Goes through the incoming entries and keeps what has been decided so far."""

    def __init__(self, current: Codebook) -> None:
        self._current = current
        self._labels = {label.id: label for label in current.labels}
        self._types = {link_type.id: link_type for link_type in current.link_types}
        self._fields = {field.id: field for field in current.fields}
        self._new: tuple[list[LabelRecord], list[LinkTypeRecord], list[FieldRecord]] = ([], [], [])
        self._seen: set[tuple[type, int]] = set()
        self._added: list[str] = []
        self._changed: list[str] = []
        self._left: list[str] = []

    def take_labels(self, labels: Sequence[LabelRecord]) -> None:
        """Add labels, or change those of their kind and name. Keys and codes that stay with others are not taken."""
        twins = [self._twin(label) for label in labels]
        keys, codes = (_granted(self._current.labels, labels, twins, what) for what in ("key", "code"))
        for number, (incoming, same) in enumerate(zip(labels, twins, strict=True)):
            told = f"{incoming.kind} label “{incoming.name}”"
            notes = [refusal for _value, refusal in (keys[number], codes[number]) if refusal]
            label = replace(incoming, key=keys[number][0], code=codes[number][0])
            if same is None:
                self._new[0].append(replace(label, id=0, position=len(self._labels) + len(self._new[0])))
                self._added.append(_said(told, notes))
            else:
                definition, examples = label.definition or same.definition, label.examples or same.examples
                wanted = replace(label, id=same.id, position=same.position, definition=definition, examples=examples)
                self._labels[same.id] = self._renew(same, wanted, told, notes)

    def take_link_type(self, link_type: LinkTypeRecord) -> None:
        """Add a link type, or change the one of its code."""
        same = next((own for own in self._types.values() if own.code == link_type.code), None)
        told = f"link type “{link_type.name}”"
        if same is None:
            self._new[1].append(replace(link_type, id=0))
            self._added.append(told)
        elif (same.from_kind, same.to_kind) != (link_type.from_kind, link_type.to_kind):
            self._seen.add((LinkTypeRecord, same.id))
            self._left.append(f"{told}: here it goes from {same.from_kind} to {same.to_kind}")
        else:
            wanted = replace(same, name=link_type.name, definition=link_type.definition or same.definition)
            self._types[same.id] = self._renew(same, wanted, told, [])

    def take_field(self, field: FieldRecord) -> None:
        """Add a field, or change the one of its kind and name; choices are joined."""
        same = next(
            (own for own in self._fields.values() if own.kind is field.kind and is_same_name(own.name, field.name)),
            None,
        )
        told = f"{field.kind} field “{field.name}”"
        if same is None:
            self._new[2].append(replace(field, id=0, position=len(self._fields) + len(self._new[2])))
            self._added.append(told)
        elif same.type is not field.type:
            self._seen.add((FieldRecord, same.id))
            self._left.append(f"{told}: here it is a {same.type}, in the file a {field.type}")
        else:
            choices = (*field.choices, *(choice for choice in same.choices if choice not in field.choices))
            definition = field.definition or same.definition
            wanted = replace(same, name=field.name, choices=choices, definition=definition)
            self._fields[same.id] = self._renew(same, wanted, told, [])

    def take_settings(self, incoming: Codebook) -> None:
        """Tell what changes in how suggestions are made and shown; labels that come new bring their own along."""
        for label in incoming.labels:
            same = self._twin(label)
            wanted = incoming.settings.get(label.id)
            if same is not None and wanted is not None and wanted != self._current.settings_of(same.id):
                self._changed.append(f"how suggestions of the {label.kind} label “{label.name}” are treated")
        if incoming.cue_kinds is not None and incoming.cue_kinds != self._current.cue_kinds:
            self._changed.append(f"what counts as a claim: {', '.join(incoming.cue_kinds) or 'no kind of cue'}")
        if self._current.is_remembering and not incoming.is_remembering:
            self._changed.append("confirmed words are no longer looked for elsewhere")

    def finish(self) -> MergePlan:
        """Return the plan."""
        current = self._current
        kept = [f"{own.kind} label “{own.name}”" for own in current.labels if not self._is_seen(own)]
        kept += [f"link type “{own.name}”" for own in current.link_types if not self._is_seen(own)]
        kept += [f"{own.kind} field “{own.name}”" for own in current.fields if not self._is_seen(own)]
        renewed = Codebook(
            _renewed(current.labels, self._labels.values()),
            _renewed(current.link_types, self._types.values()),
            _renewed(current.fields, self._fields.values()),
        )
        new = Codebook(tuple(self._new[0]), tuple(self._new[1]), tuple(self._new[2]))
        return MergePlan(new, renewed, tuple(self._added), tuple(self._changed), tuple(self._left), tuple(kept))

    def _twin(self, label: LabelRecord) -> LabelRecord | None:
        return next(
            (own for own in self._current.labels if own.kind is label.kind and is_same_name(own.name, label.name)),
            None,
        )

    def _renew(self, same: _Entry, wanted: _Entry, told: str, notes: list[str]) -> _Entry:
        self._seen.add((type(same), same.id))
        if wanted == same:
            self._left.append(_said(told, notes))
        else:
            self._changed.append(_said(told, [", ".join(_differences(same, wanted)), *notes]))
        return wanted

    def _is_seen(self, entry: LabelRecord | LinkTypeRecord | FieldRecord) -> bool:
        return (type(entry), entry.id) in self._seen


def _granted(
    current: Sequence[LabelRecord],
    labels: Sequence[LabelRecord],
    twins: Sequence[LabelRecord | None],
    what: str,
) -> list[tuple[str | None, str]]:
    """Return the key (or code) that each incoming label gets, and the refusal where it is not the one wanted.

    What a label of the project keeps cannot be had; who is refused keeps what it had, which may refuse others in turn.
    """
    values: dict[int, str | None] = {}
    refusals: dict[int, str] = {}
    changing = {same.id for label, same in zip(labels, twins, strict=True) if same and getattr(label, what)}
    held = {getattr(own, what): own.name for own in current if own.id not in changing}
    is_settled = False
    while not is_settled:
        is_settled = True
        for number, (label, same) in enumerate(zip(labels, twins, strict=True)):
            wanted, own = getattr(label, what), getattr(same, what, None)
            if number in refusals or wanted is None:
                values.setdefault(number, own)
            elif wanted in held:
                refusals[number] = f"without the {what} {wanted}, which belongs to “{held[wanted]}”"
                values[number] = own
                held[own] = label.name
                is_settled = False
            else:
                values[number] = wanted
    return [(values[number], refusals.get(number, "")) for number in range(len(labels))]


def _renewed(before: Sequence[_Entry], after: Iterable[_Entry]) -> tuple[_Entry, ...]:
    return tuple(new for old, new in zip(before, after, strict=True) if old != new)


def _differences(before: _Entry, after: _Entry) -> list[str]:
    """Return the names of what differs, in the words of the screen."""
    return [name for name in type(before).__slots__ if getattr(before, name) != getattr(after, name)]


def _said(told: str, notes: list[str]) -> str:
    return f"{told}: {'; '.join(notes)}" if notes else told
