"""The change log written anew: from its first entry to its last it must make exactly the rows that there are.

Memory is bounded: beyond a number of rows they wait in a scratch file in the project's own folder, private and removed
in the end, never in the system's folder for temporary files.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from sqlalchemy import String, select, type_coerce
from sqlalchemy.engine import Connection

from storage import tables as t
from storage.batches import batch_images
from storage.driver import open_raw
from storage.durable import create_private, new_part
from storage.engine import compact_json
from storage.entities import BATCH, DOCUMENT, ENTITIES, Entity, Image, chunks
from storage.findings import Finding, Repair
from storage.keys import Key
from storage.project import Project

#: So many rows are held before they go to the scratch file: about 50 MB.
MOST_HELD = 50_000
#: More problems than these of one log tell nothing new.
MOST_FINDINGS = 100
#: Entries of this name mend rows that were damaged behind the log's back: what they found is not what the log made.
REPAIR = "repair"

_PART = 900
#: What tells a person which row it is.
_TELLING = ("quote", "title", "name", "words")
_CREATE = (
    "CREATE TABLE image (entity TEXT, id INTEGER, document_id INTEGER, image TEXT, PRIMARY KEY (entity, id)) "
    "WITHOUT ROWID"
)
_SETS, _CHANGES = t.ChangeSet.__table__.c, t.Change.__table__.c
_Key = tuple[str, int]


class ImageStore:
    """Images by entity and id; `None` stands for a row that was removed. To be closed in the end."""

    def __init__(self, project_path: Path, key: Key | None = None, most_held: int = MOST_HELD) -> None:
        self._path = new_part(project_path)
        self._key = key
        self._most_held = most_held
        self._held: dict[_Key, Image | None] = {}
        self._scratch: sqlite3.Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._scratch is not None:
            self._scratch.close()
        with suppress(OSError):
            self._path.unlink(missing_ok=True)

    def get(self, entity: str, row_id: int) -> Image | None:
        """Return the image of a row, `None` if there is none."""
        key = (entity, row_id)
        if key in self._held or self._scratch is None:
            return self._held.get(key)
        found = self._scratch.execute("SELECT image FROM image WHERE entity = ? AND id = ?", key).fetchone()
        return None if found is None else json.loads(found[0])

    def put(self, entity: str, row_id: int, image: Image | None) -> None:
        """Keep the image of a row, or that it is gone."""
        self._held[entity, row_id] = image
        if len(self._held) >= self._most_held:
            self._flush()

    def drop_documents(self, document_ids: set[int]) -> None:
        """Forget the rows that the database removes together with documents."""
        for key, image in self._held.items():
            if image is not None and image.get("document_id") in document_ids:
                self._held[key] = None
        if self._scratch is not None:
            self._scratch.execute("CREATE INDEX IF NOT EXISTS of_document ON image (document_id)")
            self._scratch.executemany("DELETE FROM image WHERE document_id = ?", [(n,) for n in document_ids])

    def ids(self, entity: str) -> Iterator[int]:
        """Yield the ids of the rows of an entity, in no order."""
        yield from (row_id for (name, row_id), image in self._held.items() if name == entity and image is not None)
        if self._scratch is not None:
            query = "SELECT id FROM image WHERE entity = ? AND id > ? ORDER BY id LIMIT ?"
            last = -1
            while rows := self._scratch.execute(query, (entity, last, _PART)).fetchall():
                yield from (row_id for (row_id,) in rows if (entity, row_id) not in self._held)
                last = rows[-1][0]

    def _flush(self) -> None:
        if self._scratch is None:
            self._scratch = open_raw(create_private(self._path), key=self._key)
            self._scratch.execute("PRAGMA journal_mode = OFF")
            self._scratch.execute("PRAGMA synchronous = OFF")
            self._scratch.execute(_CREATE)
            with suppress(OSError):  # where the system allows it the file has no name any more, and goes with us
                self._path.unlink()
        self._scratch.execute("BEGIN")
        gone = [key for key, image in self._held.items() if image is None]
        self._scratch.executemany("DELETE FROM image WHERE entity = ? AND id = ?", gone)
        rows = (
            (*key, image.get("document_id"), compact_json(image))
            for key, image in self._held.items()
            if image is not None
        )
        self._scratch.executemany("INSERT OR REPLACE INTO image VALUES (?, ?, ?, ?)", rows)
        self._scratch.execute("COMMIT")
        self._held.clear()


class Replay:
    """One pass through the log. `store` holds the rows that it makes; `problems` what in it cannot be."""

    def __init__(self, store: ImageStore) -> None:
        self.store = store
        self.problems: list[str] = []

    def run(self, connection: Connection, progress: Callable[[int, int], None]) -> None:
        """Write the whole log, in the state that the connection's transaction sees. Streams; told in entries."""
        columns = (_CHANGES.entity, _CHANGES.row_id, _SETS.id, _SETS.operation)
        images = (type_coerce(_CHANGES.before, String), type_coerce(_CHANGES.after, String))
        query = select(*columns, *images).join_from(t.ChangeSet, t.Change).order_by(_CHANGES.set_id, _CHANGES.position)
        last = connection.execute(select(_SETS.id).order_by(_SETS.id.desc()).limit(1)).scalar() or 0
        told = 0
        for name, row_id, set_id, operation, before, after in connection.execution_options(yield_per=500).execute(
            query
        ):
            if set_id != told:
                progress(set_id, last)
                told = set_id
            if name not in ENTITIES:
                self._complain(set_id, operation, f"changes “{name}”, which this version does not know")
                continue
            old, new = (None if value is None else json.loads(value) for value in (before, after))
            self.write(Step(set_id, operation, name), row_id, old, new)

    def write(self, step: Step, row_id: int | None, before: Any, after: Any) -> None:  # noqa: ANN401
        """Write one change of the log; `row_id` is `None` for a batch of rows."""
        if row_id is not None:
            self._write_row(step, row_id, before, after)
        elif after is not None:
            for image in batch_images(after):
                self._write_row(step, image["id"], None, image)
        else:
            for image in batch_images(before):
                self._write_row(step, image["id"], image, None)
        if step.entity == DOCUMENT.name and after is None:
            gone = {row_id} if row_id is not None else {image["id"] for image in batch_images(before)}
            self.store.drop_documents(gone)

    def _write_row(self, step: Step, row_id: int, before: Image | None, after: Image | None) -> None:
        current = self.store.get(step.entity, row_id)
        if before is None:
            if current is not None and not step.is_repair:
                self._complain(step.set_id, step.operation, f"adds {step.entity} {row_id}, which is there already")
            self.store.put(step.entity, row_id, after)
            return
        if current is None:
            if not step.is_repair:
                self._complain(step.set_id, step.operation, f"changes {step.entity} {row_id}, which is not there")
            current = {}
        elif step.is_exact and any(current[name] != value for name, value in before.items() if name in current):
            self._complain(step.set_id, step.operation, f"found {step.entity} {row_id} otherwise than it was left")
        self.store.put(step.entity, row_id, None if after is None else current | after)

    def _complain(self, set_id: int, operation: str, what: str) -> None:
        if len(self.problems) < MOST_FINDINGS:
            self.problems.append(f"The change log is not whole: its entry {set_id} ({operation}) {what}.")


@dataclass(frozen=True, slots=True)
class Step:
    """Where in the log a row is written: in which entry, of which name, and what it is."""

    set_id: int
    operation: str
    entity: str

    @property
    def is_repair(self) -> bool:
        """Whether this mends what was damaged."""
        return self.operation == REPAIR

    @property
    def is_exact(self) -> bool:
        """Whether the values before are those that the log made. An import says “removed”, for undo, not “staged”."""
        return not self.is_repair and self.entity != BATCH.name


def replay_findings(project: Project, progress: Callable[[int, int], None] = lambda _d, _t: None) -> Iterator[Finding]:
    """Write the log anew and compare the rows that it makes with those that there are, in one consistent state.

    Cost: about 20 µs a logged row, and memory for `MOST_HELD` rows.

    Raises:
        ProjectOpenError: the file is damaged.
    """
    with project.reading() as connection, ImageStore(project.path, project.key) as store:
        replay = Replay(store)
        replay.run(connection, progress)
        yield from map(Finding, replay.problems)
        found = 0
        for entity in ENTITIES.values():
            for finding in _differences(connection, entity, store):
                found += 1
                if found > MOST_FINDINGS:
                    yield Finding("More rows differ from the change log than are listed here.")
                    return
                yield finding


def logged_images(project: Project, wanted: Iterable[_Key]) -> dict[_Key, Image | None]:
    """Return what the log makes of these rows; `None` where it makes none."""
    with project.reading() as connection, ImageStore(project.path, project.key) as store:
        Replay(store).run(connection, lambda _done, _total: None)
        return {key: store.get(*key) for key in wanted}


def _differences(connection: Connection, entity: Entity, store: ImageStore) -> Iterator[Finding]:
    """Compare the rows of one table, in portions; a row that was compared is struck from the store."""
    id_ = entity.table.c.id
    last = -1
    while ids := connection.execute(select(id_).where(id_ > last).order_by(id_).limit(_PART)).scalars().all():
        present = entity.read(connection, ids, entity.names)
        for row_id in ids:
            made = store.get(entity.name, row_id)
            if made is None:
                yield Finding(f"There is {_told(entity, present[row_id])}, of which the change log knows nothing.")
                continue
            store.put(entity.name, row_id, None)
            # Columns that came with a later version of the program are in no older entry of the log.
            differing = [name for name, value in present[row_id].items() if name in made and made[name] != value]
            if differing:
                names = ", ".join(differing)
                sentence = f"{_told(entity, present[row_id])} is not as the change log has it ({names})."
                yield Finding(sentence[0].upper() + sentence[1:], Repair.FROM_LOG, entity.name, row_id)
        last = ids[-1]
    for portion in chunks(store.ids(entity.name)):
        for row_id in portion:
            image = store.get(entity.name, row_id) or {}
            sentence = f"{_told(entity, image | {'id': row_id})} is missing, which the change log has."
            yield Finding(sentence[0].upper() + sentence[1:], Repair.FROM_LOG, entity.name, row_id)


def _told(entity: Entity, image: Image) -> str:
    words = next((str(image[name]) for name in _TELLING if image.get(name)), "")
    more = f" (“{words[:60]}”)" if words else ""
    return f"the {entity.name.replace('_', ' ')} {image['id']}{more}"
