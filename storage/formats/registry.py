"""The formats that Sayso reads and writes, what each can hold, and where its code is.

The dialogs, the commands and the loss reports derive from this table. A format's module is imported when it is
first used; a format without one (`spacy`) is written elsewhere and only declared here.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast

from storage.formats.exchange import ExchangeDocument


class Reader(Protocol):
    """What the module of a format with `can_read` offers."""

    def read(self, path: Path, *, encoding: str | None = None) -> Iterator[ExchangeDocument]:
        """Yield the documents of a file one by one; raise `RefusedInputError` at the first that is broken."""


class Writer(Protocol):
    """What the module of a format with `can_write` offers."""

    def write(self, documents: Iterable[ExchangeDocument], path: Path) -> int:
        """Write the documents to a file, whole or not at all, and return how many there were."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a format can hold of a project besides texts and contiguous confirmed spans."""

    overlap: bool = False
    fragments: bool = False
    links: bool = False
    fields: bool = False
    negatives: bool = False
    unreviewed: bool = False


@dataclass(frozen=True, slots=True)
class Format:
    """One file format. `extensions` are lower case with their dot; the first is given to new files."""

    name: str
    title: str
    extensions: tuple[str, ...]
    can_read: bool
    can_write: bool
    holds: Capabilities = Capabilities()
    is_folder: bool = False
    module: str | None = None

    def reader(self) -> Reader:
        """Import and return the module that reads; `LookupError` if there is none."""
        if not self.can_read or self.module is None:
            raise LookupError(f"{self.name} is not read here")
        return cast("Reader", importlib.import_module(self.module))

    def writer(self) -> Writer:
        """Import and return the module that writes; `LookupError` if there is none."""
        if not self.can_write or self.module is None:
            raise LookupError(f"{self.name} is not written here")
        return cast("Writer", importlib.import_module(self.module))


FORMATS = (
    Format(
        name="text",
        title="Plain text and Markdown",
        extensions=(".txt", ".md", ".markdown", ".text"),
        can_read=True,
        can_write=False,
        module="storage.formats.plain",
    ),
    Format(
        name="jsonl",
        title="JSON Lines (everything, one document a line)",
        extensions=(".jsonl", ".ndjson"),
        can_read=True,
        can_write=True,
        holds=Capabilities(overlap=True, fragments=True, links=True, fields=True, negatives=True, unreviewed=True),
        module="storage.formats.jsonl",
    ),
    Format(
        name="spacy",
        title="spaCy training data (DocBin, with config and report)",
        extensions=(),
        can_read=False,
        can_write=True,
        # A span of several fragments becomes several spans, links and fields are left out; the report counts them.
        holds=Capabilities(overlap=True, negatives=True, unreviewed=True),
        is_folder=True,
    ),
)


def read_formats() -> tuple[Format, ...]:
    """Return the formats that can be imported, in the order in which to offer them."""
    return tuple(format_ for format_ in FORMATS if format_.can_read)


def write_formats() -> tuple[Format, ...]:
    """Return the formats that can be exported, in the order in which to offer them."""
    return tuple(format_ for format_ in FORMATS if format_.can_write)


def format_named(name: str) -> Format:
    """Return the format with this name; `KeyError` if there is none."""
    for format_ in FORMATS:
        if format_.name == name:
            return format_
    raise KeyError(name)


def format_for(path: Path) -> Format | None:
    """Return the format that reads files of this name, by the extension in any case; None if there is none."""
    extension = path.suffix.lower()
    return next((format_ for format_ in read_formats() if extension in format_.extensions), None)
