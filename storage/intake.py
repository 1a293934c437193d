"""What an import and its preview share: files found, read one after the other, and what is told of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from storage.formats.exchange import ExchangeDocument, LeftOut, LeftOutList
from storage.formats.folder import FoundFile, find_files, read_file
from storage.formats.foreign import NOT_IMPORTED
from storage.formats.interface import Format
from storage.formats.losses import Losses
from storage.formats.mapping import Arrival, arriving
from storage.formats.stopping import stop_if_wished
from storage.records import Codebook

if TYPE_CHECKING:
    from storage.formats.columns import ColumnMapping


@dataclass(slots=True)
class Told:
    """What does not come in as it stands in its file."""

    refused: LeftOutList = field(default_factory=LeftOutList)
    guessed: LeftOutList = field(default_factory=LeftOutList)
    losses: Losses = field(default_factory=Losses)


@dataclass(frozen=True, slots=True)
class Intake:
    """Files and folders to read, and how; see `importing.import_paths`."""

    codebook: Codebook
    paths: Iterable[Path]
    format_: Format | None
    arrival: Arrival | None
    columns: ColumnMapping | None
    progress: Callable[[int, int, str], None]

    def files(self, told: Told) -> Iterator[FoundFile]:
        """Yield the files to read, each told to `progress`, and at last that there are no more.

        Raises:
            Stopped: by wish of the analyst.
        """
        found = list(find_files(self.paths, self.format_))
        for number, item in enumerate(found):
            self.progress(number, len(found), item.path.name)
            stop_if_wished()
            if isinstance(item, FoundFile):
                yield item
            else:
                told.refused.add(LeftOut(str(item.path), item.reason))
        self.progress(len(found), len(found), "")

    def documents(
        self, file: FoundFile, told: Told, look: Callable[[ExchangeDocument], None] = lambda _: None
    ) -> Iterator[ExchangeDocument]:
        """Yield the documents of a file as they are to come in; `look` sees each as the file has it.

        Raises:
            RefusedInputError: the file is broken.
            Stopped: by wish of the analyst.
        """
        found = self._read(file, told, look)
        are_told = file.format.tells_kinds
        return arriving(found, self.arrival or Arrival(), self.codebook, told.losses, are_kinds_told=are_told)

    def _read(
        self, file: FoundFile, told: Told, look: Callable[[ExchangeDocument], None]
    ) -> Iterator[ExchangeDocument]:
        for item in read_file(file.path, format_=file.format, columns=self.columns):
            stop_if_wished()
            if isinstance(item, LeftOut):
                told.refused.add(item)
                continue
            if item.meta.get("encoding_is_guess"):
                told.guessed.add(LeftOut(item.where or item.title, f"read as {item.encoding} (a guess)"))
            if untaken := item.meta.get(NOT_IMPORTED):
                what = "documents of whose files not everything came in"
                told.losses.add(what, f"see “{NOT_IMPORTED}” in their metadata", where=f"{item.title}: {untaken}")
            look(item)
            yield item
