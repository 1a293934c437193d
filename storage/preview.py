"""What an import would bring and what an export would lose, told before anything is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from storage import tables as t
from storage.errors import RefusedInputError
from storage.exporting import ALL_STATES, written
from storage.formats.exchange import ExchangeDocument, LeftOut
from storage.formats.interface import Format
from storage.formats.losses import Losses
from storage.formats.mapping import Arrival
from storage.formats.stopping import Stopped, stoppable
from storage.intake import Intake, Told
from storage.project import Project
from storage.queries import codebook, is_listed
from storage.records import LabelKind, State
from storage.text import check_text, sha256_of

if TYPE_CHECKING:
    from storage.formats.columns import ColumnMapping

#: How many documents a preview shows.
SHOWN_DOCUMENTS = 20

_SHOWN_CP = 200


@dataclass(frozen=True, slots=True)
class DocumentPreview:
    """The first lines of a document that would come in."""

    title: str
    where: str
    beginning: str
    spans: int
    links: int


@dataclass(slots=True)
class ImportPreview:
    """What an import would bring. `labels` counts spans by what files call them and their (guessed) kind.

    `present` are documents that would be left out, since the project has their text already or another of the files
    does; `joining` those whose labels would be added to such a text. `fresh` are the hashes of the texts of one file.
    """

    formats: Counter[str] = field(default_factory=Counter)
    documents: int = 0
    present: int = 0
    joining: int = 0
    fresh: set[str] = field(default_factory=set)
    labels: Counter[tuple[LabelKind, str]] = field(default_factory=Counter)
    arrived: Counter[tuple[LabelKind, str, State]] = field(default_factory=Counter)
    links: Counter[str] = field(default_factory=Counter)
    first: list[DocumentPreview] = field(default_factory=list)
    report: Told = field(default_factory=Told)

    def look(self, document: ExchangeDocument) -> None:
        """Count the labels of a document as its file has them.

        Raises:
            RefusedInputError: its text is none that can come in.
        """
        check_text(document.text, where=document.where or f"“{document.title}”")
        self.labels.update((span.kind, span.label) for span in document.spans)

    def take(self, document: ExchangeDocument, known: Mapping[str, bool], *, is_joining: bool) -> None:
        """Count a document as it would come in; `known` are the hashes of texts, and whether the project has them."""
        sha256 = sha256_of(document.text)
        if sha256 not in known and sha256 not in self.fresh:
            self.fresh.add(sha256)
            self.documents += 1
        elif is_joining and known.get(sha256) and document.spans:
            self.joining += 1
        else:
            self.present += 1
            return
        self.arrived.update((span.kind, span.label, span.state) for span in document.spans)
        self.links.update(link.type for link in document.links)
        if len(self.first) < SHOWN_DOCUMENTS:
            beginning = " ".join(document.text[: 2 * _SHOWN_CP].split())[:_SHOWN_CP]
            shown = DocumentPreview(document.title, document.where, beginning, len(document.spans), len(document.links))
            self.first.append(shown)

    def add(self, other: ImportPreview) -> None:
        """Add what another file would bring."""
        self.documents += other.documents
        self.present += other.present
        self.joining += other.joining
        self.labels += other.labels
        self.arrived += other.arrived
        self.links += other.links
        self.first += other.first[: SHOWN_DOCUMENTS - len(self.first)]

    def to_json(self) -> dict[str, Any]:
        """Return the preview as JSON holds it."""
        return {
            "formats": dict(self.formats),
            "documents": self.documents,
            "present": self.present,
            "joining": self.joining,
            "found": [{"kind": kind, "label": name, "spans": n} for (kind, name), n in sorted(self.labels.items())],
            "spans": [
                {"kind": kind, "label": name, "state": state, "spans": count}
                for (kind, name, state), count in sorted(self.arrived.items())
            ],
            "links": dict(self.links),
            "losses": self.report.losses.to_json(),
            "refused": self.report.refused.to_json(),
            "guessed": self.report.guessed.to_json(),
        }

    def to_lines(self) -> list[str]:
        """Return the preview as lines for a terminal."""
        files = ", ".join(f"{count:,} as {name}" for name, count in self.formats.items())
        lines = [f"Would import {self.documents:,} documents; files: {files or 'none'}."]
        if self.present:
            lines.append(f"  {self.present:,} more would be left out: their texts are there already")
        if self.joining:
            lines.append(f"  labels of {self.joining:,} more would be added to texts that are there already")
        lines += [
            f"  {kind} “{name}”: {count:,} {state}" for (kind, name, state), count in sorted(self.arrived.items())
        ]
        lines += [f"  links “{name}”: {count:,}" for name, count in sorted(self.links.items())]
        lines += [f"Would be lost: {told}" if told[0] != " " else told for told in self.report.losses.to_lines()]
        lines += self.report.refused.to_lines("Not imported: ")
        return lines + self.report.guessed.to_lines("Encoding guessed: ")


def preview_import(
    project: Project,
    paths: Iterable[Path],
    *,
    format_: Format | None = None,
    arrival: Arrival | None = None,
    columns: ColumnMapping | None = None,
    is_joining: bool = False,
    progress: Callable[[int, int, str], None] = lambda _done, _total, _name: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> ImportPreview:
    """Read everything that an import would read, and write nothing. Stops early, incomplete, when cancelled.

    Rules that only staging checks may still refuse a file.
    """
    preview = ImportPreview()
    known = _hashes(project)
    intake = Intake(codebook(project), paths, format_, arrival, columns, progress)
    with stoppable(is_cancelled), suppress(Stopped):
        for file in intake.files(preview.report):
            one = ImportPreview(report=preview.report)
            try:
                for document in intake.documents(file, preview.report, one.look):
                    one.take(document, known, is_joining=is_joining)
            except RefusedInputError as error:
                preview.report.refused.add(LeftOut(str(file.path), str(error)))
                continue
            preview.formats[file.format.name] += 1
            preview.add(one)
            known |= dict.fromkeys(one.fresh, False)
    return preview


def _hashes(project: Project) -> dict[str, bool]:
    with project.reading() as connection:
        return dict.fromkeys(connection.execute(select(t.Document.sha256).where(is_listed())).scalars(), True)


def preview_export(
    project: Project,
    format_: Format,
    include: Collection[State] = ALL_STATES,
    *,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> tuple[Counter[tuple[LabelKind, str, State]], Losses]:
    """Return how many spans of each kind, label and state a format would get, and what it has no place for.

    Reads every document once, one lot at a time; stops early, incomplete, when cancelled. What a writer itself has to
    change (a character that XML cannot hold, say) is only known when it has written.
    """
    losses = Losses()
    counts: Counter[tuple[LabelKind, str, State]] = Counter()
    documents, _ = written(project, format_, losses, include=include)
    for document in documents:
        if is_cancelled():
            break
        counts.update((span.kind, span.label, span.state) for span in document.spans)
    return counts, losses
