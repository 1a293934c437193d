"""What a format is: what it holds, what its module offers, and what a writer is told of a project."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol, cast

from storage.formats.exchange import ExchangeDocument, LeftOut
from storage.formats.losses import Losses
from storage.records import ActorRecord, ChangeSetRecord, Codebook

if TYPE_CHECKING:
    from storage.formats.columns import ColumnMapping, TablePreview


class Reader(Protocol):
    """What the module of a format with `can_read` offers."""

    def read(self, path: Path, *, encoding: str | None = None) -> Iterator[ExchangeDocument | LeftOut]:
        """Yield the documents of a file one by one; raise `RefusedInputError` at the first that is broken.

        What can be left out alone (a row without text, a picture in an archive) is yielded as such, with its reason.
        Labels have the kind that `mapping.guess_kind` tells where the format does not say it.
        """


class TableReader(Protocol):
    """What the module of a format with `takes_columns` offers."""

    def read(
        self, path: Path, *, encoding: str | None = None, mapping: ColumnMapping | None = None
    ) -> Iterator[ExchangeDocument | LeftOut]:
        """Yield a document for each row; without a mapping the columns are guessed."""

    def peek(self, path: Path, *, encoding: str | None = None, count: int = 20) -> TablePreview:
        """Return the columns and first rows of a file."""


class StreamReader(Protocol):
    """What the module of a format offers that is also read out of archives."""

    def read_stream(
        self, stream: IO[bytes], name: str, *, encoding: str | None = None
    ) -> Iterator[ExchangeDocument | LeftOut]:
        """Yield the documents of a stream that can seek; `name` is the file's as it is shown."""


class Recogniser(Protocol):
    """What the module of a format with `is_recognised` offers."""

    def recognises(self, path: Path, head: bytes) -> bool:
        """Say whether a file is of this format, by path and first `HEAD_BYTES` (none of a folder); never raise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteContext:
    """What a writer may need of a project besides its documents, and where it tells what it could not express."""

    project_name: str = ""
    codebook: Codebook = field(default_factory=Codebook)
    actors: Callable[[], Iterable[ActorRecord]] = tuple
    decisions: Callable[[], Iterable[ChangeSetRecord]] = tuple
    losses: Losses = field(default_factory=Losses)
    options: Mapping[str, str] = field(default_factory=dict)


class Writer(Protocol):
    """What the module of a format with `can_write` offers."""

    def write(self, documents: Iterable[ExchangeDocument], path: Path, context: WriteContext) -> int:
        """Write the documents to a file (or new folder), whole or not at all, and return how many there were.

        They hold nothing but what the format declares (`losses.reduced`).
        """


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a format can hold of a project besides titles, texts and contiguous confirmed spans that do not overlap."""

    overlap: bool = False
    fragments: bool = False
    links: bool = False
    fields: bool = False
    negatives: bool = False
    unreviewed: bool = False
    actors: bool = False
    notes: bool = False
    decisions: bool = False  # who decided and when, score, reason, suggester
    metadata: bool = False  # source, date, language and what else is known of a document
    reviewed: bool = False
    stretches: bool = False  # page numbers and excluded parts


#: All of it.
EVERYTHING = Capabilities(**{item.name: True for item in fields(Capabilities)})


class Group(StrEnum):
    """Under which heading a format is offered."""

    DOCUMENTS = "Documents"
    EVERYTHING = "Sayso"
    TRAINING = "Training data"
    TOOLS = "Other tools"
    TABLES = "Tables"
    NETWORKS = "Networks"
    REPORTS = "Reports"


@dataclass(frozen=True, slots=True)
class FormatOption:
    """A choice that a writer offers; it finds the value in `WriteContext.options`. The first of `choices` is usual."""

    name: str
    title: str
    choices: tuple[str, ...]
    help: str = ""


@dataclass(frozen=True, slots=True)
class Format:
    """One file format. `extensions` are lower case with their dot; the first is given to new files.

    `takes_columns`: its reader is a `TableReader`. `tells_kinds`: its files say which labels are of actors, claims and
    cues. `is_summary`: it counts what `holds` names instead of keeping it. `remark` is one sentence on what is special
    or lost, for help and documentation.
    """

    name: str
    title: str
    extensions: tuple[str, ...]
    group: Group
    can_read: bool = True
    can_write: bool = True
    holds: Capabilities = Capabilities()
    is_folder: bool = False
    is_recognised: bool = False
    is_read_from_archives: bool = False  # of those that are recognised; all others are
    tells_kinds: bool = False
    is_summary: bool = False
    module: str | None = None
    remark: str = ""
    options: tuple[FormatOption, ...] = ()
    takes_columns: bool = False

    def reader(self) -> Reader:
        """Return the module that reads, imported, or what was provided instead; `LookupError` if there is neither."""
        if self.name in _PROVIDED:
            return _PROVIDED[self.name]
        if not self.can_read or self.module is None:
            raise LookupError(f"{self.name} is not read here")
        return cast("Reader", importlib.import_module(self.module))

    def table_reader(self) -> TableReader:
        """Import and return the module that reads tables; `LookupError` if its files are none."""
        if not self.takes_columns or self.module is None:
            raise LookupError(f"{self.name} has no columns")
        return cast("TableReader", importlib.import_module(self.module))

    def stream_reader(self) -> StreamReader:
        """Import and return the module that reads streams; `LookupError` if there is none."""
        if not self.can_read or self.module is None or (self.is_recognised and not self.is_read_from_archives):
            raise LookupError(f"{self.name} is not read from archives")
        return cast("StreamReader", importlib.import_module(self.module))

    def recogniser(self) -> Recogniser:
        """Import and return the module that tells its files from others; `LookupError` if there is none."""
        if not self.is_recognised or self.module is None:
            raise LookupError(f"{self.name} is known by its extension only")
        return cast("Recogniser", importlib.import_module(self.module))

    def writer(self) -> Writer:
        """Import and return the module that writes; `LookupError` if there is none."""
        if not self.can_write or self.module is None:
            raise LookupError(f"{self.name} is not written here")
        return cast("Writer", importlib.import_module(self.module))


#: Readers of formats that only others can read (`provide_reader`).
_PROVIDED: dict[str, Reader] = {}


def provide_reader(name: str, reader: Reader) -> None:
    """Let a format be read by something outside of `storage`, from now on."""
    _PROVIDED[name] = reader
