"""The starter codebooks, one TOML file each in `storage/starters`, and writing one into a new project."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from storage.codebook_file import QDC_SUFFIX, SUFFIX, CodebookFile, parse_codebook, read_codebook
from storage.errors import EnvironmentProblem

if TYPE_CHECKING:
    from storage.project import Project

#: What a project starts with unless another codebook is asked for.
DEFAULT = "actors-and-claims"

#: The starters in the order in which they are offered.
STARTERS = (DEFAULT, "political-claims", "discourse-network", "plain-ner")


@dataclass(frozen=True, slots=True)
class Starter:
    """A codebook that comes with the program: `name` is for the command line, `title` for the window."""

    name: str
    title: str
    description: str


def starters() -> list[Starter]:
    """Return the starter codebooks in the order in which they are offered."""
    books = ((name, starter(name)) for name in STARTERS)
    return [Starter(name, book.name, book.description) for name, book in books]


def starter(name: str) -> CodebookFile:
    """Return a starter codebook; `KeyError` if there is none of this name."""
    if name not in STARTERS:
        raise KeyError(name)
    return parse_codebook(resources.files("storage").joinpath("starters", name + SUFFIX).read_text("utf-8"), name)


def codebook_named(name: str) -> CodebookFile:
    """Return the codebook that a command line names: a starter, or a file.

    Raises:
        EnvironmentProblem: there is neither.
        RefusedInputError: the file is no codebook; the text says why.
    """
    if name in STARTERS:
        return starter(name)
    path = Path(name)
    if path.suffix.lower() not in {SUFFIX, QDC_SUFFIX} and not path.exists():
        raise EnvironmentProblem(f"“{name}” is neither a file {SUFFIX} nor one of {', '.join(STARTERS)}.")
    return read_codebook(path)


def write_starter(project: Project, book: CodebookFile | None = None) -> None:
    """Write a codebook, by default that for actors and claims, into a new project; no entry for undo."""
    from storage.entities import FIELD, LABEL, LINK_TYPE  # noqa: PLC0415  (the list of starters needs no database)
    from storage.operations.codebook import field_image, label_image, link_type_image  # noqa: PLC0415
    from storage.operations.settings import take_settings  # noqa: PLC0415

    codebook = (book or starter(DEFAULT)).codebook
    with project.change("starter codebook", is_undoable=False) as scope:
        for label in codebook.labels:
            scope.journal.insert(LABEL, label_image(label))
        for link_type in codebook.link_types:
            scope.journal.insert(LINK_TYPE, link_type_image(link_type))
        for field in codebook.fields:
            scope.journal.insert(FIELD, field_image(field))
        take_settings(scope, codebook)
