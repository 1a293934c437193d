"""Taking documents in: staged in small transactions while others write, then made visible by one.

An import action is whole or not there at all. Each file is whole or refused: what a file staged before it was
refused is removed again. A crash leaves only staged rows, which the next opening removes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Self

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from storage import tables as t
from storage.brought import Brought
from storage.entities import ACTOR, BATCH
from storage.errors import InvalidEditError, RefusedInputError
from storage.formats.exchange import ExchangeDocument, ExchangeProject, LeftOut, LeftOutList
from storage.formats.interface import Format
from storage.formats.mapping import Arrival
from storage.formats.stopping import Stopped, stoppable
from storage.intake import Intake, Told
from storage.joining import Joined, Joiner
from storage.names import Names
from storage.project import Project
from storage.queries import actors, codebook, is_listed
from storage.records import Changes
from storage.staging import STAGING, Writer, remove_staged, unstage
from storage.text import check_text, sha256_of

if TYPE_CHECKING:
    from storage.formats.columns import ColumnMapping

#: A document and the hash of its text.
_Hashed = tuple[ExchangeDocument, str]

#: A transaction takes at most so much, so that an analyst who decides meanwhile never waits long for the lock.
_CHUNK_CP = 2_000_000
_CHUNK_SPANS = 5_000
_CHUNK_DOCUMENTS = 200


@dataclass(slots=True)
class ImportReport(Told):
    """What came in and what did not."""

    documents: int = 0
    files: int = 0
    skipped: LeftOutList = field(default_factory=LeftOutList)
    joined: Joined = field(default_factory=Joined)
    is_cancelled: bool = False
    changes: Changes = field(default_factory=Changes)


class Importer:
    """One import action. Use as a context manager: without `publish`, everything staged is removed again."""

    def __init__(self, project: Project, *, is_joining: bool = False) -> None:
        self._project = project
        self._is_joining = is_joining
        self._known: dict[str, tuple[int, str]] = {}
        self._brought: dict[ExchangeProject, Brought] = {}
        self._joiner = Joiner()
        self._are_ids_kept = self._is_new = False
        self._batch_id = 0
        self._position = 0
        self._is_published = False
        self.staged = 0
        self.joined = Joined()

    def __enter__(self) -> Self:
        self._project.is_bulk = True
        try:
            self._begin()
        except BaseException:
            self._project.is_bulk = False
            raise
        return self

    def _begin(self) -> None:
        with self._project.change(STAGING, is_undoable=False) as scope:
            values = {"state": "staged", "at": scope.at, "analyst_id": scope.analyst_id}
            self._batch_id = scope.journal.insert(BATCH, values)
            row = t.Document.__table__.c
            listed = scope.connection.execute(select(row.sha256, row.id, row.title).where(is_listed()))
            self._known = {row.sha256: (row.id, row.title) for row in listed}
            self._position = scope.connection.execute(select(func.max(row.position))).scalar() or 0
            # Ids of a file are kept where none were ever given, so that an export reads back as it was.
            self._are_ids_kept = scope.connection.execute(select(func.max(row.id))).scalar() is None
            self._is_new = self._are_ids_kept and scope.journal.reserve(ACTOR, 0) == 1

    def __exit__(self, *_: object) -> None:
        try:
            if not self._is_published:  # a fault from then on must not be told as one of the import, which is there
                with self._project.change("drop staged import", is_undoable=False) as scope:
                    remove_staged(scope, self._batch_id)
        finally:
            self._project.is_bulk = False

    def add_file(self, where: str, documents: Iterable[ExchangeDocument]) -> LeftOutList:
        """Stage all documents of a file and return those left out because the project has their text already.

        Raises:
            RefusedInputError: the file was refused; nothing of it is staged.
        """
        skipped = LeftOutList()
        added: list[int] = []
        hashes: list[str] = []
        waiting = len(self._joiner)
        brought = set(self._brought)
        try:
            for chunk in _chunks(self._fresh(documents, skipped, hashes)):
                added += self._stage(chunk)
        except BaseException as error:
            for sha256 in hashes:
                self._known.pop(sha256, None)
            if added:
                self._unstage(added)
            self._joiner.drop_after(waiting)
            self._brought = {project: found for project, found in self._brought.items() if project in brought}
            if isinstance(error, InvalidEditError):
                raise RefusedInputError(f"“{where}” was not imported: {error}.") from error
            if isinstance(error, IntegrityError):  # a rule of the database that no reader has looked at
                raise RefusedInputError(f"“{where}” was not imported: {error.orig}.") from error
            raise
        self.staged += len(added)
        return skipped

    def publish(self) -> Changes:
        """Make everything staged visible at once, as one action that can be undone; no changes if nothing is new."""
        if not self.staged and not len(self._joiner):
            return Changes()
        self._project.fold_log()
        with self._project.change("import") as scope:
            names = Names(scope, self._brought)
            self.joined = self._joiner.write(scope, names)
            if self.staged or scope.journal.changes:
                for project, brought in self._brought.items():
                    names.read_as(project)
                    brought.settle(scope, names.new_actor)
                # What an undo leads back to must not be "staged", which the next opening clears away.
                batch = t.ImportBatch
                scope.connection.execute(update(batch).where(batch.id == self._batch_id).values(state="removed"))
                scope.journal.update(BATCH, self._batch_id, {"state": "present"})
        self._is_published = scope.changes.set_id is not None
        return scope.changes

    def _fresh(
        self, documents: Iterable[ExchangeDocument], skipped: LeftOutList, hashes: list[str]
    ) -> Iterator[_Hashed]:
        for document in documents:
            check_text(document.text, where=document.where or f"“{document.title}”")
            sha256 = sha256_of(document.text)
            if sha256 in self._known:
                document_id, title = self._known[sha256]
                if self._is_joining and document_id and document.spans:
                    self._know_project(document.project)
                    self._joiner.take(document_id, document)
                    continue
                reason = f"The project has this text already, as “{title}”."
                if document.spans:
                    reason += f" Its {len(document.spans)} spans were left out with it."
                skipped.add(LeftOut(document.where or document.title, reason))
                continue
            self._know_project(document.project)
            self._known[sha256] = 0, document.title
            hashes.append(sha256)
            yield document, sha256

    def _know_project(self, project: ExchangeProject | None) -> None:
        """Compare what a file tells of its project with this one, once."""
        if project is not None and project not in self._brought:
            own, registry = codebook(self._project), actors(self._project)
            is_first = self._is_new and not self._brought
            self._brought[project] = Brought(project, own, registry, is_first=is_first)

    def _stage(self, documents: list[_Hashed]) -> list[int]:
        with self._project.change(STAGING, is_undoable=False) as scope:
            writer = Writer(scope, Names(scope, self._brought), self._batch_id, are_ids_kept=self._are_ids_kept)
            for document, sha256 in documents:
                self._position += 1
                writer.add(document, sha256, self._position)
            return writer.write()

    def _unstage(self, document_ids: list[int]) -> None:
        with self._project.change("drop staged import", is_undoable=False) as scope:
            unstage(scope, self._batch_id, document_ids)


def import_paths(
    project: Project,
    paths: Iterable[Path],
    *,
    format_: Format | None = None,
    arrival: Arrival | None = None,
    columns: ColumnMapping | None = None,
    is_joining: bool = False,
    progress: Callable[[int, int, str], None] = lambda _done, _total, _name: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> ImportReport:
    """Import files and folders as one action; each file whole or not at all, the refused ones listed.

    `format_` overrules what extensions and content tell; `arrival` says what labels become and as what spans count,
    `columns` what the columns of tables are. With `is_joining` the labels of texts that the project has already are
    added to those.
    `progress` is told files done, files found, and the name of the one being read. When cancelled, the files that
    were read so far are kept out as well.
    """
    report = ImportReport()
    intake = Intake(codebook(project), paths, format_, arrival, columns, progress)
    with stoppable(is_cancelled), Importer(project, is_joining=is_joining) as importer:
        try:
            for file in intake.files(report):
                try:
                    report.skipped.extend(importer.add_file(file.path.name, intake.documents(file, report)))
                    report.files += 1
                except RefusedInputError as error:
                    report.refused.add(LeftOut(str(file.path), str(error)))
        except Stopped:
            report.is_cancelled = True
            return report
        report.changes = importer.publish()
        report.documents, report.joined = importer.staged, importer.joined
    return report


def _chunks(documents: Iterable[_Hashed]) -> Iterator[list[_Hashed]]:
    chunk: list[_Hashed] = []
    size_cp = spans = 0
    for document, sha256 in documents:
        chunk.append((document, sha256))
        size_cp += len(document.text)
        spans += len(document.spans)
        if size_cp >= _CHUNK_CP or spans >= _CHUNK_SPANS or len(chunk) >= _CHUNK_DOCUMENTS:
            yield chunk
            chunk, size_cp, spans = [], 0, 0
    if chunk:
        yield chunk
