"""The files beside brat's annotations that say how they are called: `annotation.conf` and `visual.conf`.

brat's names of types are letters, digits, `_` and `-`; the names that people read stand in `visual.conf`. Which labels
are of actors, claims and cues stands in `annotation.conf`, as the headings under which they are listed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from storage.formats.losses import Losses
from storage.formats.mapping import guess_kind
from storage.records import LabelKind

#: Configurations are small; what is larger is none.
_MAX_BYTES = 1024 * 1024

_HEADINGS = {LabelKind.ACTOR: "!Actors", LabelKind.CLAIM: "!Claims", LabelKind.CUE: "!Cues"}
_SECTION = re.compile(r"\[(\w+)\]")
_TYPE = re.compile(r"!?[\w-]+")

#: The attribute that stands for a span's flag.
FLAGGED = "Flagged"


@dataclass(frozen=True, slots=True)
class Names:
    """What types are called where people read them, and the kinds of labels, as far as a folder says so."""

    shown: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, LabelKind] = field(default_factory=dict)

    def of(self, type_: str) -> str:
        """Return the name for people of a type."""
        return self.shown.get(type_, type_)

    def kind(self, type_: str) -> LabelKind:
        """Return the kind of a label, guessed by its name where the folder does not say it."""
        return self.kinds.get(type_) or guess_kind(self.of(type_))


def read_names(folder: Path) -> Names:
    """Return what the configuration in a folder says; nothing where there is none or it cannot be read."""
    names = Names()
    for line in _section(folder / "visual.conf", "labels"):
        type_, *shown = (part.strip() for part in line.split("|"))
        if shown and shown[0]:
            names.shown[type_] = shown[0]
    kind = None
    headings = {heading: kind for kind, heading in _HEADINGS.items()}
    for line in _section(folder / "annotation.conf", "entities"):
        if not line.startswith("\t"):
            kind = headings.get(line.strip())
        elif kind is not None:
            names.kinds[line.strip()] = kind
    return names


def _section(path: Path, name: str) -> list[str]:
    try:
        if path.stat().st_size > _MAX_BYTES:
            return []
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return []
    found, is_inside = [], False
    for line in text.split("\n"):
        if heading := _SECTION.fullmatch(line.strip()):
            is_inside = heading[1] == name
        elif is_inside and line.strip() and not line.lstrip().startswith("#"):
            found.append(line.rstrip("\r"))
    return found


class Types:
    """Gives labels, link types and fields names that brat takes, and remembers them for the configuration."""

    def __init__(self, losses: Losses) -> None:
        self._losses = losses
        self._types: dict[tuple[str, str], str] = {}
        self._taken = {FLAGGED}
        self._values: dict[str, dict[str, None]] = {FLAGGED: {}}
        self._arguments: dict[str, dict[tuple[str, str], None]] = {}
        self._roles: dict[str, dict[str, None]] = {}

    def label(self, kind: LabelKind, name: str) -> str:
        """Return the type of a label."""
        return self._type(kind.value, name)

    def link(self, name: str, from_type: str, to_type: str) -> str:
        """Return the type of a link between spans of these types."""
        type_ = self._type("link", name)
        self._arguments.setdefault(type_, {})[from_type, to_type] = None
        return type_

    def field(self, name: str, value: str) -> str:
        """Return the type of a field, which takes this value."""
        type_ = self._type("field", name)
        self._values.setdefault(type_, {})[value] = None
        return type_

    def event(self, type_: str, roles: Collection[str]) -> str:
        """Return the type of an event with these roles."""
        same = (found for (_, name), found in self._types.items() if name == type_)
        found = next(same, None) or self._type("event", type_)  # the trigger's label has the event's type anyway
        self._roles.setdefault(found, {}).update(dict.fromkeys(roles))
        return found

    def _type(self, group: str, name: str) -> str:
        if (group, name) not in self._types:
            plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
            stem = re.sub(r"[^\w-]+", "_", plain, flags=re.ASCII).strip("_") or group
            found, number = stem, 1
            while found in self._taken:
                number += 1
                found = f"{stem}_{number}"
            self._taken.add(found)
            self._types[group, name] = found
        return self._types[group, name]

    def annotation_conf(self) -> str:
        """Return the content of `annotation.conf`: what may be annotated, labels under the heading of their kind."""
        lines = ["[entities]"]
        for kind, heading in _HEADINGS.items():
            found = [type_ for (group, _), type_ in self._types.items() if group == kind]
            lines += [heading, *(f"\t{type_}" for type_ in found)] if found else []
        lines.append("[relations]")
        for type_, pairs in self._arguments.items():
            lines += [f"{type_}\tArg1:{start}, Arg2:{end}" for start, end in pairs]
        lines += ["<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>", "[events]"]
        lines += [
            f"{type_}\t" + ", ".join(f"{role}*:<ENTITY>" for role in roles) for type_, roles in self._roles.items()
        ]
        lines.append("[attributes]")
        for type_, values in self._values.items():
            listed = "|".join(value for value in values if _TYPE.fullmatch(value))
            lines.append(f"{type_}\tArg:<ENTITY>" + (f", Value:{listed}" if listed else ""))
        return "\n".join([*lines, ""])

    def visual_conf(self) -> str:
        """Return the content of `visual.conf`: what each type is called where people read it."""
        lines = ["[labels]"]
        for (_, name), type_ in self._types.items():
            shown = " ".join(name.replace("|", "¦").split())
            if shown != name:
                self._losses.add(
                    "names with “|” or unusual white space", "brat's configuration has no place for them", where=name
                )
            if name != type_:
                lines.append(f"{type_} | {shown}")
        return "\n".join([*lines, "[drawing]", ""])
