"""The codes of REFI-QDA: labels as a tree under one code for each kind, in projects (.qdpx) and codebooks (.qdc)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from storage.codebook_file import CodebookFile
from storage.codebook_rules import COLOURS
from storage.errors import RefusedInputError
from storage.formats.atomic import atomic_writer
from storage.formats.mapping import guess_kind
from storage.formats.naming import display_name
from storage.formats.xml_file import attributes, escaped, subtrees
from storage.records import Codebook, LabelKind, LabelRecord

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

ORIGIN = "Sayso"
#: All ids are made of this and of what they stand for, so that two exports of one project agree.
SPACE = uuid.UUID("0b1f4f3e-6f5c-5c1e-9d4e-53617973736f")

_CODEBOOK = "urn:QDA-XML:codebook:1.0"
_MOST_BYTES = 16 * 1024 * 1024
_MOST_DEEP = 50
_PARENTS = {LabelKind.ACTOR: "Actors", LabelKind.CLAIM: "Claims", LabelKind.CUE: "Cues"}
#: The inks of the light theme, as other programs paint them.
_INKS = {
    "blue": "#2457c5",
    "teal": "#0b6e62",
    "violet": "#6a3fb5",
    "orange": "#945600",
    "yellow": "#a97d00",
    "rose": "#b1335d",
    "green": "#2a7134",
    "brown": "#7a4f2a",
    "grey": "#5f636a",
}


def guid(*parts: str) -> str:
    """Return the id of something, the same each time."""
    return str(uuid.uuid5(SPACE, "\x1f".join(parts)))


def code_guid(kind: LabelKind, name: str) -> str:
    """Return the id of the code of a label."""
    return guid("label", kind.value, name)


def codes_xml(labels: Iterable[LabelRecord]) -> Iterator[str]:
    """Yield the codes of labels, those of a kind under one that marks nothing by itself."""
    by_kind: dict[LabelKind, list[LabelRecord]] = {}
    for label in labels:
        by_kind.setdefault(label.kind, []).append(label)
    for kind, several in by_kind.items():
        parent = {"guid": guid("kind", kind.value), "name": _PARENTS[kind], "isCodable": "false"}
        yield f"<Code{attributes(parent)}>\n"
        for label in several:
            known = {"guid": code_guid(kind, label.name), "name": label.name, "isCodable": "true"}
            known["color"] = _INKS.get(label.colour, _INKS["grey"])
            about = "\n\n".join(part for part in (label.definition, label.examples) if part)
            inner = f"<Description>{escaped(about)}</Description>" if about else ""
            yield f"<Code{attributes(known)}>{inner}</Code>\n"
        yield "</Code>\n"


@dataclass(frozen=True, slots=True)
class Code:
    """One code of a file that marks text."""

    guid: str
    kind: LabelKind
    name: str
    colour: str
    definition: str


def codes_of(codes: Iterable[Element], where: str) -> Mapping[str, Code]:
    """Return the codes of a tree by id. Where two have one name, their parents' names tell them apart.

    A code that marks nothing by itself is a heading: it is left out, and says the kind of those below it.

    Raises:
        RefusedInputError: two codes have one id, or a code has no name.
    """
    found: dict[str, Code] = {}
    paths: dict[str, str] = {}
    todo: list[tuple[Element, str, LabelKind | None, int]] = [(code, "", None, 0) for code in codes]
    todo.reverse()
    while todo:
        element, path, kind, depth = todo.pop()
        if depth > _MOST_DEEP:
            raise RefusedInputError(f"{where}: its codes lie within codes without end.")
        id_, name = plain_guid(element.get("guid")), " ".join(element.get("name", "").split())
        if not name:
            raise RefusedInputError(f"{where}: the code {id_ or '?'} has no name.")
        inner = list(children(element, "Code"))
        if element.get("isCodable", "true") in {"true", "1"} or not inner:
            if id_ in paths:
                raise RefusedInputError(f"{where}: the codes “{paths[id_]}” and “{name}” have one id.")
            paths[id_] = f"{path}{name}"
            colour = _nearest(element.get("color", ""))
            found[id_] = Code(id_, kind or guess_kind(f"{path} {name}"), name, colour, text_of(element, "Description"))
            below = kind
        else:
            below = kind or _heading(id_, name)
        heading = "" if _heading(id_, name) else f"{path}{name}: "
        todo += [(code, heading, below, depth + 1) for code in reversed(inner)]
    names: dict[tuple[LabelKind, str], list[str]] = {}
    for code in found.values():
        names.setdefault((code.kind, code.name.casefold()), []).append(code.guid)
    twice = {id_ for ids in names.values() if len(ids) > 1 for id_ in ids}
    return {
        id_: Code(id_, code.kind, paths[id_] if id_ in twice else code.name, code.colour, code.definition)
        for id_, code in found.items()
    }


def _heading(id_: str, name: str) -> LabelKind | None:
    """Return the kind that a heading of Sayso's own codebooks stands for."""
    return next((kind for kind in LabelKind if id_ == guid("kind", kind.value) or name == _PARENTS[kind]), None)


def _nearest(colour: str) -> str:
    """Return the colour of labels that is nearest to one in `#rrggbb`."""
    digits = colour.removeprefix("#")
    digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    try:
        wanted = [int(digits[place : place + 2], 16) for place in (0, 2, 4)]
    except ValueError:
        return "grey"

    def distance(name: str) -> int:
        ink = _INKS[name]
        return sum((int(ink[place : place + 2], 16) - part) ** 2 for place, part in zip((1, 3, 5), wanted, strict=True))

    return min((name for name in COLOURS if name in _INKS), key=distance)


def plain_guid(value: str | None) -> str:
    """Return an id as it is compared: in small letters, without braces."""
    return (value or "").strip("{} ").lower()


def children(element: Element, name: str) -> Iterator[Element]:
    """Yield the children of an element with this name, in whatever namespace."""
    return (child for child in element if child.tag.rpartition("}")[2] == name)


def text_of(element: Element, name: str) -> str:
    """Return the text of the first child of this name, "" if there is none."""
    return next((child.text or "" for child in children(element, name)), "")


# -- codebooks --------------------------------------------------------------------------------------------------------


def write_qdc(path: Path, book: CodebookFile) -> None:
    """Write a codebook for other programs: labels with their definitions and colours, nothing else.

    Raises:
        StorageFullError: it cannot be written there.
    """
    with atomic_writer(path) as stream:
        stream.write('<?xml version="1.0" encoding="UTF-8"?>\n')
        stream.write(f'<CodeBook xmlns="{_CODEBOOK}" origin="{ORIGIN}">\n<Codes>\n')
        stream.writelines(codes_xml(book.codebook.labels))
        stream.write("</Codes>\n</CodeBook>\n")


def read_qdc(path: Path) -> CodebookFile:
    """Read the codes of a codebook, or of a project that is not packed (.qde), as labels.

    Raises:
        RefusedInputError: it cannot be read, or is no codebook.
    """
    name = display_name(path)
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise RefusedInputError(f"“{name}” is larger than any codebook: {path.stat().st_size:,} bytes.")
        with path.open("rb") as stream:
            codes = [code for element in subtrees(stream, _is_codes, name) for code in children(element, "Code")]
    except OSError as error:
        raise RefusedInputError(f"“{name}” cannot be read: {(error.strerror or str(error)).lower()}.") from error
    if not codes:
        raise RefusedInputError(f"“{name}” holds no codes: it is not a codebook of REFI-QDA.")
    labels = [
        LabelRecord(number, code.kind, code.name, None, code.colour, None, code.definition, "", number - 1)
        for number, code in enumerate(codes_of(codes, name).values(), start=1)
    ]
    return CodebookFile(Codebook(labels=tuple(labels)), Path(name).stem)


def _is_codes(name: str, _depth: int) -> bool:
    return name.rpartition("}")[2] == "Codes"
