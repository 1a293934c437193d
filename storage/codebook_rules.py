"""What a codebook may hold: names, colours, keys and codes that are free, choices that differ.

Pure functions on records, so that a form can tell why something is refused before anything is written. Imports
nothing of `storage` but `records`, `errors` and `text`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from math import isfinite

from storage.errors import RefusedInputError
from storage.records import Codebook, FieldRecord, FieldType, LabelKind, LabelRecord, LinkTypeRecord
from storage.text import lone_surrogate

#: The colours that labels can have; the window has inks for each, in light and dark.
COLOURS = ("blue", "teal", "violet", "orange", "yellow", "rose", "green", "brown", "grey")

#: The keys that labels can have.
KEYS = tuple("123456789")

LONGEST_NAME = 100
LONGEST_TEXT = 20_000

_CODE = re.compile(r"[a-z][a-z0-9_-]{0,59}")


def tidy(name: str) -> str:
    """Return a name without white space around it, each run inside as one blank."""
    return " ".join(name.split())


def folded(name: str) -> str:
    """Return the form in which names are compared: case and runs of white space do not count."""
    return tidy(name).casefold()


def is_same_name(one: str, other: str) -> bool:
    """Whether two names differ by nothing but case and white space."""
    return folded(one) == folded(other)


def code_from(name: str, taken: Iterable[str]) -> str:
    """Return a code made of a name that nothing else has."""
    words = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")
    code = words[:40] if words[:1].isalpha() else f"type-{words[:40]}".rstrip("-")
    others = set(taken)
    return next(c for n in range(1, len(others) + 2) if (c := code if n == 1 else f"{code}-{n}") not in others)


def free_colour(codebook: Codebook, kind: LabelKind) -> str:
    """Return the colour that the fewest labels have, the first of those; grey for cues."""
    if kind is LabelKind.CUE:
        return "grey"
    used = [label.colour for label in codebook.labels]
    return min(COLOURS[:-1], key=used.count)


def free_key(codebook: Codebook) -> str | None:
    """Return the first key that no label has."""
    return next((key for key in KEYS if codebook.by_key(key) is None), None)


def check_label(codebook: Codebook, label: LabelRecord) -> LabelRecord:
    """Return a new or changed label as it can be stored; the label with its id in the codebook is the former one.

    Raises:
        RefusedInputError: it cannot be stored; the text says why and names the label that stands against it.
    """
    former = next((other for other in codebook.labels if other.id == label.id), None)
    name = _checked_name(label.name, former.name if former else "", "label")
    label = replace(label, name=name, code=label.code or None, key=label.key or None)
    check_texts(label.definition, label.examples)
    others = [other for other in codebook.labels if other.id != label.id]
    for other in others:
        if other.kind is label.kind and is_same_name(other.name, label.name):
            raise RefusedInputError(f"There is a label “{other.name}” of kind {other.kind} already.")
        if label.key is not None and other.key == label.key:
            raise RefusedInputError(
                f"The key {label.key} belongs to “{other.name}”. Give that label another key, or none, first."
            )
        if label.code is not None and other.code == label.code:
            raise RefusedInputError(f"The code “{label.code}” belongs to “{other.name}”: suggestions come under that.")
    check_look(label)
    return label


def check_look(label: LabelRecord) -> None:
    """Refuse a colour, key or code of a shape that no label can have."""
    if label.colour not in COLOURS:
        raise RefusedInputError(f"The colour “{label.colour}” is none of {', '.join(COLOURS)}.")
    if label.key is not None and label.key not in KEYS:
        raise RefusedInputError(f"The key “{label.key}” is none of 1 to 9.")
    if label.code is not None:
        check_code(label.code)


def check_link_type(codebook: Codebook, link_type: LinkTypeRecord) -> LinkTypeRecord:
    """Return a new or changed link type as it can be stored.

    Raises:
        RefusedInputError: it cannot be stored; the text says why.
    """
    former = next((other for other in codebook.link_types if other.id == link_type.id), None)
    name = _checked_name(link_type.name, former.name if former else "", "link type")
    link_type = replace(link_type, name=name)
    check_texts(link_type.definition)
    if former is None or former.code != link_type.code:  # a code that came with an import may be of any shape
        check_code(link_type.code)
    for other in codebook.link_types:
        if other.id == link_type.id:
            continue
        if other.code == link_type.code:
            raise RefusedInputError(f"The code “{other.code}” belongs to the link type “{other.name}”.")
        if is_same_name(other.name, link_type.name):
            raise RefusedInputError(f"There is a link type “{other.name}” already.")
    return link_type


def check_field(codebook: Codebook, field: FieldRecord) -> FieldRecord:
    """Return a new or changed field as it can be stored: choices tidied, and none unless it is a choice.

    Raises:
        RefusedInputError: it cannot be stored; the text says why.
    """
    choices = tuple(choice for choice in map(tidy, field.choices) if choice)
    former = next((other for other in codebook.fields if other.id == field.id), None)
    name = _checked_name(field.name, former.name if former else "", "field")
    field = replace(field, name=name, choices=choices)
    check_texts(field.definition, *choices)
    if field.type is not FieldType.CHOICE:
        field = replace(field, choices=())
    for number, choice in enumerate(field.choices):
        if any(is_same_name(choice, earlier) for earlier in field.choices[:number]):
            raise RefusedInputError(f"The choice “{choice}” stands there twice.")
    for other in codebook.fields:
        if other.id != field.id and other.kind is field.kind and is_same_name(other.name, field.name):
            raise RefusedInputError(f"There is a field “{other.name}” of {other.kind} spans already.")
    return field


def renamed_choices(before: FieldRecord, after: FieldRecord) -> Mapping[str, str]:
    """Return the choices that got another name: new words in the place of old ones, in a list as long as before."""
    if len(before.choices) != len(after.choices):
        return {}
    pairs = zip(before.choices, after.choices, strict=True)
    return {old: new for old, new in pairs if old not in after.choices and new not in before.choices}


def fits(field: FieldRecord, value: str) -> bool:
    """Whether a value can stand in a field."""
    match field.type:
        case FieldType.CHOICE:
            return value in field.choices
        case FieldType.DATE:
            return _is_date(value)
        case FieldType.NUMBER:
            return _is_number(value)
        case FieldType.TEXT:
            return True


def check_code(code: str) -> None:
    """Refuse a code that is not one short word of plain letters."""
    if not _CODE.fullmatch(code):
        raise RefusedInputError(
            f"The code “{code}” is not one word of small letters a-z, digits, “-” and “_” that begins with a letter."
        )


def check_texts(*texts: str) -> None:
    """Refuse words that cannot be stored."""
    for text in texts:
        if "\0" in text or lone_surrogate(text) is not None:
            raise RefusedInputError("The text holds a character that is none (NUL or half a character).")
        if len(text) > LONGEST_TEXT:
            raise RefusedInputError(f"The text is longer than {LONGEST_TEXT:,} characters.")


def _checked_name(name: str, former: str, what: str) -> str:
    """Return a name tidied, or as it was: what came with an import need not follow the rules."""
    if name and name == former:
        return name
    name = tidy(name)
    if not name:
        raise RefusedInputError(f"A {what} has a name.")
    if len(name) > LONGEST_NAME:
        raise RefusedInputError(f"The name “{name[:40]}…” is longer than {LONGEST_NAME} characters.")
    check_texts(name)
    return name


def _is_date(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_number(value: str) -> bool:
    try:
        return isfinite(float(value))
    except ValueError:
        return False
