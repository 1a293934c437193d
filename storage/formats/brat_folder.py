"""Which files of a brat folder belong together.

Texts and annotations stand side by side (`NAME.txt`, `NAME.ann`), or in the folders `text` and `attributions` (or
`annotations`, `ann`). Where several people annotated a text, their names end the files' names (`NAME_1f0c.ann`), or
each has a folder with the same text in it.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from storage.formats.naming import display_name

_ANNOTATOR = re.compile(r"(.+)_([0-9a-f]{4})")
_TEXT_FOLDERS = ("text", "texts", "txt")
_ANNOTATION_FOLDERS = ("attributions", "annotations", "annotation", "ann")


@dataclass(slots=True)
class Pair:
    """A text and its annotation files, each with who made it, where the folder says so."""

    text: Path
    annotations: list[tuple[str | None, Path]] = field(default_factory=list)


def others(folder: Path) -> Iterator[Path]:
    """Yield the files of a folder and of those within it that are neither texts nor annotations nor configuration."""
    yield from _others(folder)
    for inner in _folders(folder):
        yield from others(inner)


def has_annotations(folder: Path) -> bool:
    """Say whether a folder is one of brat: it holds annotations, or several of its folders do and it nothing else.

    Never raises.
    """
    twins = _twin_folders(folder)
    if _annotations(twins[1] if twins else folder):
        return True
    inside = _folders(folder)
    is_pure = not any(True for place in (folder, *inside) for _ in _others(place))
    return is_pure and sum(bool(_annotations(inner)) for inner in inside) > 1


def _annotations(folder: Path) -> list[str]:
    return [name for name in _names(folder) if name.endswith(".ann")]


def _others(folder: Path) -> Iterator[Path]:
    return (folder / name for name in _names(folder) if not name.endswith((".txt", ".ann", ".conf")))


def person_of(annotation: Path) -> tuple[Path, str] | None:
    """Return the text of an annotation file whose name ends with who made it, and who that is; None if it does not."""
    match = _ANNOTATOR.fullmatch(annotation.stem)
    return (annotation.with_name(f"{match[1]}.txt"), match[2]) if match else None


def pairs(folder: Path) -> Iterator[Pair]:
    """Yield the texts of a folder and of those within it by name, each with its annotations.

    Memory holds the names of the files. Texts of one name are read where folders of several people may hold them.
    Annotations without a text have a pair whose text is not there.
    """
    parts = _several_people(folder, [_pairs_of(folder), *(list(_deep(inner)) for inner in _folders(folder))])
    for part in parts:
        yield from part


def _deep(folder: Path) -> Iterator[Pair]:
    if folder.name in (*_TEXT_FOLDERS, *_ANNOTATION_FOLDERS) and _twin_folders(folder.parent):
        return
    yield from _pairs_of(folder)
    for inner in _folders(folder):
        yield from _deep(inner)


def _pairs_of(folder: Path) -> list[Pair]:
    """Return the texts right within a folder, or within its two folders of texts and of annotations."""
    texts, notes = _twin_folders(folder) or (folder, folder)
    found = {name[:-4]: Pair(texts / name) for name in _names(texts) if name.endswith(".txt")}
    for name in _annotations(notes):
        stem = name[:-4]
        match = _ANNOTATOR.fullmatch(stem)
        if stem not in found and match and match[1] in found:
            found[match[1]].annotations.append((match[2], notes / name))
        else:
            found.setdefault(stem, Pair(texts / f"{stem}.txt")).annotations.append((None, notes / name))
    return list(found.values())


def _twin_folders(folder: Path) -> tuple[Path, Path] | None:
    texts = next((folder / name for name in _TEXT_FOLDERS if (folder / name).is_dir()), None)
    notes = next((folder / name for name in _ANNOTATION_FOLDERS if (folder / name).is_dir()), None)
    return (texts, notes) if texts and notes else None


def _several_people(folder: Path, parts: list[list[Pair]]) -> list[list[Pair]]:
    """Join what several folders have of the same text; then each folder's name is that of who annotated."""
    by_name: dict[Path, list[tuple[int, Pair]]] = defaultdict(list)
    for number, part in enumerate(parts[1:], start=1):
        for pair in (pair for pair in part if pair.text.is_file()):
            by_name[Path(*pair.text.relative_to(folder).parts[1:])].append((number, pair))
    people: set[int] = set()
    joined: set[int] = set()
    for same in by_name.values():
        first: dict[str, tuple[int, Pair]] = {}
        for number, pair in same if len(same) > 1 else ():
            kept_number, kept = first.setdefault(_hash(pair.text), (number, pair))
            if kept is not pair:
                people |= {kept_number, number}
                joined.add(id(pair))
                kept.annotations += [(_person(folder, pair), path) for _, path in pair.annotations]
    for number in people:
        for pair in parts[number]:
            pair.annotations = [(who or _person(folder, pair), path) for who, path in pair.annotations]
    return [[pair for pair in part if id(pair) not in joined] for part in parts]


def _person(folder: Path, pair: Pair) -> str:
    return display_name(folder / pair.text.relative_to(folder).parts[0])


def _hash(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _names(folder: Path) -> list[str]:
    """Return the names of the files of a folder in order, none of the hidden."""
    try:
        with os.scandir(folder) as entries:
            return sorted(entry.name for entry in entries if entry.name[0] != "." and entry.is_file())
    except OSError:
        return []


def _folders(folder: Path) -> list[Path]:
    """Return the folders of a folder in order, none of the hidden and no links, which may lead back."""
    try:
        with os.scandir(folder) as entries:
            names = sorted(e.name for e in entries if e.name[0] != "." and e.is_dir(follow_symlinks=False))
    except OSError:
        return []
    return [folder / name for name in names]
