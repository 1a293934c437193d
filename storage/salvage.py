"""Saving what can be read of a damaged project into a new one, and telling what was lost.

Three sources are put together: the rows of the tables, the change log, which holds every row of the annotation a second
time, and the backups, which hold the texts. The damaged file is not changed.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import JSON, Table
from sqlalchemy.exc import IntegrityError, StatementError

from storage import tables as t
from storage.backup import backups_of
from storage.codebook_file import CodebookFile
from storage.durable import new_part
from storage.entities import DOCUMENT, ENTITIES, Children, Entity, Image, run_many
from storage.errors import PassphraseNeededError, ProjectOpenError, RefusedInputError, WrongPassphraseError
from storage.keys import Key, is_encrypted, is_plain, key_among
from storage.lock import WriterLock
from storage.opening import check_exists, real_path
from storage.project import ChangeScope, Project
from storage.records import Codebook
from storage.replay import ImageStore, Replay, Step
from storage.salvage_rows import Fitting
from storage.text import check_text, sha256_of
from storage.wreck import Values, Wreck, text_in

Progress = Callable[[str, int, int], None]

#: Tables that the log does not cover, on which others depend; in order.
_PLAIN = (t.Analyst.__table__, t.SuggesterRun.__table__)
#: How the tables are called to people.
_NAMES = {
    "label": "labels",
    "link_type": "link types",
    "field": "fields",
    "actor": "actors",
    "document": "documents",
    "span": "spans",
    "link": "links",
    "reviewed": "reviewed stretches",
}


@dataclass(frozen=True, slots=True)
class SalvageReport:
    """What was saved and what not, by table; `notes` tell what to look at."""

    path: Path
    saved: dict[str, int]
    from_log: dict[str, int]
    lost: dict[str, int]
    texts_from_backups: int
    notes: tuple[str, ...]

    def lines(self) -> list[str]:
        """Return the report as sentences."""
        lines = []
        for name, plural in _NAMES.items():
            extra = f", {self.from_log[name]:,} of them from the change log" if self.from_log.get(name) else ""
            if self.saved.get(name) or self.lost.get(name):
                lines.append(f"Saved {self.saved.get(name, 0):,} {plural}{extra}; lost {self.lost.get(name, 0):,}.")
        if self.texts_from_backups:
            lines.append(f"The texts of {self.texts_from_backups:,} documents came from backups.")
        return [*lines, *self.notes]


class SalvageError(ProjectOpenError):
    """Nothing could be saved; no file was made."""


def needs_passphrase(broken: Path) -> bool:
    """Whether a damaged project is encrypted: a file that lost its first page may look like anything, its backups not.

    Raises:
        SalvageError: it cannot be read.
    """
    with _told(broken):
        if is_plain(broken):  # its backups may be of the time when it was encrypted
            return False
        return any(is_encrypted(path) for path in (broken, *(backup.path for backup in backups_of(broken)[:1])))


def salvage(
    broken: Path,
    target: Path,
    progress: Progress = lambda _what, _done, _total: None,
    *,
    passphrase: str | None = None,
) -> SalvageReport:
    """Make a new project of what can be read of a damaged one, which stays as it is.

    An encrypted one needs its passphrase, which the new project gets as well.

    Raises:
        SalvageError: nothing can be read.
        PassphraseNeededError, WrongPassphraseError: it is encrypted, and not with this passphrase.
        ProjectOpenError: there is no such file, or the new one exists already or cannot be made.
        ProjectLockedError: the damaged project is open.
    """
    broken = real_path(broken)
    check_exists(broken)
    lock = WriterLock(broken)
    lock.acquire()
    try:
        backups = [backup.path for backup in backups_of(broken)]
        key = _key_of(broken, backups, passphrase)
        with Project.create(target, CodebookFile(Codebook()), passphrase=passphrase if key else None) as project:
            try:
                return _fill(project, broken, key, backups, progress)
            except BaseException:
                project.close()
                project.path.unlink(missing_ok=True)
                raise
    finally:
        lock.release()


def _key_of(broken: Path, backups: Sequence[Path], passphrase: str | None) -> Key | None:
    """Return the key of a damaged project, `None` if it is not encrypted."""
    if not needs_passphrase(broken):
        return None
    if passphrase is None:
        raise PassphraseNeededError(
            f"“{broken.name}” is encrypted, or no project: give its passphrase to save what can be read."
        )
    with _told(broken):
        key = key_among((broken, *backups), passphrase)
    if key is None:
        raise WrongPassphraseError(
            f"No page of “{broken.name}” can be read with this passphrase. Capitals and blanks count; try again, or "
            "restore a backup."
        )
    return key


@contextmanager
def _told(broken: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise SalvageError(f"“{broken.name}” cannot be read: {error.strerror}.") from error


def _fill(
    project: Project, broken: Path, key: Key | None, backups: Sequence[Path], progress: Progress
) -> SalvageReport:
    folder = project.path.parent
    donors = _donors(backups, folder) if key is None else iter(backups)
    with _told(broken):
        wreck = Wreck.open(broken, donors, folder, key)
    if wreck is None:
        raise SalvageError(
            f"Nothing of “{broken.name}” can be read: the list of its tables is gone. Restore a backup instead."
        )
    with wreck, ImageStore(project.path, project.key) as store:
        progress("reading the change log", 0, 0)
        _read_log(wreck, store)
        return _Salvage(project, wreck, store, lambda row_id: (text_in(place, row_id, key) for place in backups)).run(
            progress
        )


def _donors(backups: Sequence[Path], folder: Path) -> Iterator[Path]:
    """Yield files of which the first page may fit: the backups, then a project made for that."""
    yield from backups
    made = new_part(folder / "project")
    try:
        Project.create(made, CodebookFile(Codebook())).close()
        yield made
    finally:
        made.unlink(missing_ok=True)


def _read_log(wreck: Wreck, store: ImageStore) -> None:
    """Write what can be read of the change log anew; what is missing in it makes gaps, no harm."""
    replay = Replay(store)
    for portion in wreck.rows("change"):
        for row in portion:
            with suppress(ValueError, TypeError, KeyError):  # a value that is torn
                images = (None if row[name] is None else json.loads(row[name]) for name in ("before", "after"))
                if row["entity"] in ENTITIES:
                    replay.write(Step(row["set_id"], "", row["entity"]), row["row_id"], *images)


class _Salvage:
    """Writes one new project, table by table, the tables that others point to first."""

    def __init__(
        self, project: Project, wreck: Wreck, store: ImageStore, kept_texts: Callable[[int], Iterator[str | None]]
    ) -> None:
        self._project = project
        self._wreck = wreck
        self._store = store
        self._kept_texts = kept_texts
        self._saved: Counter[str] = Counter()
        self._from_log: Counter[str] = Counter()
        self._lost: Counter[str] = Counter()
        self._texts_from_backups = 0
        self._titles_changed: list[str] = []

    def run(self, progress: Progress) -> SalvageReport:
        """Save everything that can be saved."""
        with self._project.change("salvage", is_undoable=False) as scope:
            for table in _PLAIN:
                self._save_plain(scope, table)
        for number, entity in enumerate(ENTITIES.values()):
            progress(f"saving {entity.name.replace('_', ' ')}s", number, len(ENTITIES))
            self._save_entity(entity)
        for name, count in self._wreck.unread.items():
            if name in ENTITIES:
                self._lost[name] += max(0, count - self._from_log[name])
        notes = [f"The text of “{title}” is damaged; it was kept as it is." for title in self._titles_changed[:50]]
        if self._wreck.pages_from is not None:
            notes.append(f"Torn pages came from “{self._wreck.pages_from.name}”: what stood on them is as it was then.")
        notes.append("The change log begins anew: undo does not reach back to before the damage.")
        counts = (dict(self._saved), dict(self._from_log), dict(self._lost))
        return SalvageReport(self._project.path, *counts, self._texts_from_backups, tuple(notes))

    def _save_plain(self, scope: ChangeScope, table: Table) -> None:
        names = [column.name for column in table.columns]
        for portion in self._wreck.rows(table.name):
            for row in portion:
                values = {name: row.get(name) for name in names}
                if table.name == "analyst" and row.get("id") == self._project.analyst_id:
                    scope.connection.execute(table.update().where(table.c.id == row["id"]).values(name=row["name"]))
                    continue
                with suppress(IntegrityError, StatementError), scope.connection.begin_nested():
                    scope.connection.execute(table.insert().values(values))

    def _save_entity(self, entity: Entity) -> None:
        seen: set[int] = set()
        for images in self._images(entity):
            seen.update(image["id"] for image in images)
            self._write(entity, images)
        missing = [row_id for row_id in self._store.ids(entity.name) if row_id not in seen]
        images = [image for row_id in missing if (image := self._store.get(entity.name, row_id)) is not None]
        whole = [entity.complete(image) for image in images if _is_whole(entity, image)]
        before = self._saved[entity.name]
        self._write(entity, whole)
        self._from_log[entity.name] = self._saved[entity.name] - before

    def _images(self, entity: Entity) -> Iterator[list[Image]]:
        """Yield the rows of a table as images; child rows that cannot be read are taken from the log."""
        for portion in self._wreck.rows(entity.table.name):
            rows = {row["id"]: row for row in portion if isinstance(row.get("id"), int)}
            for name, children in entity.children.items():
                read = self._children(children, min(rows, default=0), max(rows, default=-1))
                for row_id, row in rows.items():
                    logged = self._store.get(entity.name, row_id) or {}
                    row[name] = read.get(row_id, logged.get(name, children.empty))
            yield [entity.complete(_decoded(entity, row)) for row in rows.values()]

    def _children(self, children: Children, first: int, last: int) -> dict[int, object]:
        found: dict[int, list[tuple[object, ...]]] = {}
        for portion in self._wreck.rows(children.table.name, children.parent, first, last):
            for row in portion:
                found.setdefault(row[children.parent], []).append(tuple(row[name] for name in children.columns))
        return {row_id: children.to_value(rows) for row_id, rows in found.items()}

    # -- writing ------------------------------------------------------------------------------------------------------

    def _write(self, entity: Entity, images: Sequence[Image]) -> None:
        """Add rows in one transaction; rows that break a rule are left out and counted."""
        with self._project.change("salvage", is_undoable=False) as scope:
            fitting = Fitting(scope)
            if entity is DOCUMENT:
                for image in images:
                    self._write_document(scope, fitting, image)
                return
            fitted = [made for image in images if (made := fitting.fitted(entity, image)) is not None]
            self._lost[entity.name] += len(images) - len(fitted)
            self._insert(scope, entity, fitted)

    def _write_document(self, scope: ChangeScope, fitting: Fitting, image: Image) -> None:
        found = self._text(image)
        if found is None:
            self._lost[DOCUMENT.name] += 1
            return
        if sha256_of(found) != image["sha256"]:
            self._titles_changed.append(str(image["title"]))
        before = self._saved[DOCUMENT.name]
        made = fitting.document(image) | {"length_cp": len(found), "sha256": sha256_of(found)}
        self._insert(scope, DOCUMENT, [made])
        if self._saved[DOCUMENT.name] > before:
            run_many(scope.connection, t.DocumentText.__table__, [(image["id"], found)])

    def _insert(self, scope: ChangeScope, entity: Entity, images: Sequence[Image]) -> None:
        """Add rows, all at once if they may stand, else each half by itself."""
        if not images:
            return
        logged = len(scope.journal.changes)
        try:
            with scope.connection.begin_nested():
                scope.journal.insert_rows(entity, [entity.row(image) for image in images])
        except (IntegrityError, StatementError, ValueError, TypeError):
            del scope.journal.changes[logged:]
            if len(images) == 1:
                self._lost[entity.name] += 1
                return
            middle = len(images) // 2
            self._insert(scope, entity, images[:middle])
            self._insert(scope, entity, images[middle:])
        else:
            self._saved[entity.name] += len(images)

    def _text(self, image: Image) -> str | None:
        """Return the text of a document: as imported if anything has it so, else what the damaged file has."""
        wanted, row_id = image["sha256"], image["id"]
        rows = [row for portion in self._wreck.rows("document_text", "rowid", row_id, row_id) for row in portion]
        own = rows[0].get("text") if rows else None
        if isinstance(own, str) and sha256_or_none(own) == wanted:
            return own
        for found in self._kept_texts(row_id):
            if found is not None and sha256_or_none(found) == wanted:
                self._texts_from_backups += 1
                return found
        return own if isinstance(own, str) and _is_text(own) else None


def sha256_or_none(found: str) -> str | None:
    """Return the hash of a text, `None` for one that has none: half a character in it."""
    try:
        return sha256_of(found)
    except UnicodeEncodeError:
        return None


def _is_text(found: str) -> bool:
    try:
        check_text(found)
    except RefusedInputError:
        return False
    return True


def _is_whole(entity: Entity, image: Image) -> bool:
    """Whether the log had all of a row, not only what changed in it later."""
    needed = (column.name for column in entity.table.columns if not column.nullable and column.default is None)
    return all(name in image for name in needed)


def _decoded(entity: Entity, row: Values) -> Image:
    """Return a row as an image: JSON parsed, without columns that this version does not know."""
    image = {name: value for name, value in row.items() if name in entity.names}
    for column in entity.table.columns:
        if isinstance(column.type, JSON) and column.name in image:
            try:
                image[column.name] = json.loads(image[column.name])
            except (ValueError, TypeError):
                del image[column.name]
    return image
