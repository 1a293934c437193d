"""The change log: every write goes through a `Journal`, which records the values before and after.

An update records only the columns that changed. Rows added or removed by the thousand are logged as one batch. Undo
writes a set's images backwards through a journal of its own, so that an undo is itself in the log and can be inverted
again. Along with the rows, each document's progress is counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import delete, select, text
from sqlalchemy.engine import Connection

from storage.batches import batch_images, packed
from storage.entities import (
    ACTOR,
    BATCH,
    BLOCKED,
    DOCUMENT,
    ENTITIES,
    FIELD,
    LABEL,
    LABEL_SETTING,
    LINK,
    LINK_TYPE,
    OPTION,
    REVIEWED,
    SPAN,
    STRETCH,
    Entity,
    Image,
    Row,
    change_many,
    chunks,
    one_of,
)
from storage.errors import StaleEditError
from storage.progress_count import ProgressCount
from storage.records import Changes, State

_LAST_ID = text("SELECT seq FROM sqlite_sequence WHERE name = :n")
_FIRST_IDS = text("INSERT INTO sqlite_sequence (name, seq) VALUES (:n, :seq)")
_MORE_IDS = text("UPDATE sqlite_sequence SET seq = :seq WHERE name = :n")


class Journal:
    """Writes within one transaction, and the log of what they did. Not to be kept beyond the transaction."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.changes: list[Image] = []
        self._touched: dict[str, set[int]] = {}
        self._documents: set[int] = set()
        self._progress = ProgressCount(connection)

    def insert(self, entity: Entity, image: Image) -> int:
        """Add one row and return its id, a new one unless the image has an `id`."""
        row_id: int = image.get("id") or self.reserve(entity, 1)
        image = image | {"id": row_id}
        self._write(entity, [entity.row(image)])
        self._log(entity, row_id, None, image, image.get("document_id"))
        return row_id

    def insert_rows(self, entity: Entity, rows: Sequence[Row]) -> None:
        """Add rows (in the order of `entity.names`) that have ids from `reserve`, logged as one batch."""
        if rows:
            self._write(entity, rows)
            self._log_batch(entity, rows, is_added=True)

    def reserve(self, entity: Entity, count: int) -> int:
        """Return the first of `count` consecutive ids that were never given to a row of this table.

        SQLite's own counter is raised, so that the ids stay taken.
        """
        name = entity.table.name
        found = self.connection.execute(_LAST_ID, {"n": name}).scalar()
        if count:
            raised = {"n": name, "seq": (found or 0) + count}
            self.connection.execute(_FIRST_IDS if found is None else _MORE_IDS, raised)
        return (found or 0) + 1

    def update(self, entity: Entity, row_id: int, values: Image) -> bool:
        """Set columns or child values of one row; return whether anything changed.

        Raises:
            StaleEditError: the row is gone.
        """
        return self.update_many(entity, {row_id: values}) > 0

    def update_many(self, entity: Entity, values: Mapping[int, Image]) -> int:
        """Set the same columns or child values of many rows, each logged by itself; return how many changed.

        Three statements for all of them, but one for each child value.

        Raises:
            StaleEditError: a row is gone.
        """
        names = list(next(iter(values.values()), ()))
        columns = [name for name in names if name not in entity.children]
        found = entity.read(self.connection, list(values), {*names, *entity.all_counted} if names else ["id"])
        if len(found) < len(values):
            raise StaleEditError("What you were about to change is no longer there; nothing was changed.")
        counted = self._progress.columns(entity)
        changed: list[Row] = []
        for row_id, wanted in values.items():
            current = found[row_id]
            after = {name: wanted[name] for name in names if current[name] != wanted[name]}
            if not after:
                continue
            changed.append((*[wanted[name] for name in columns], row_id))
            for name in entity.children.keys() & after.keys():
                entity.children[name].replace(self.connection, row_id, after[name])
            if not after.keys().isdisjoint(counted):
                self._progress.change(entity, current, current | after)
            before = {name: current[name] for name in after}
            self._log(entity, row_id, before, after, current.get("document_id"))
        if changed and columns:
            change_many(self.connection, entity.table, columns, changed)
        return len(changed)

    def delete(self, entity: Entity, row_id: int) -> None:
        """Remove one row; what hangs on it goes or lets go first, each logged.

        That is the links of a span, the settings of a label; the mentions of an actor stay and point to none.

        Raises:
            StaleEditError: the row is gone.
        """
        image = self.image(entity, row_id)
        if image is None:
            raise StaleEditError("What you were about to remove is no longer there; nothing was changed.")
        if entity is SPAN:
            for link_id in self._links_at([row_id]):
                self.delete(LINK, link_id)
        elif entity is LABEL:
            setting = LABEL_SETTING.table.c
            found = self.connection.execute(select(setting.id).where(setting.label_id == row_id)).scalars().all()
            self.delete_many(LABEL_SETTING, found)
        elif entity is ACTOR:
            mentions = select(SPAN.table.c.id).where(SPAN.table.c.actor_id == row_id).order_by(SPAN.table.c.id)
            found = self.connection.execute(mentions).scalars().all()
            self.update_many(SPAN, {span_id: {"actor_id": None} for span_id in found})
        self.connection.execute(delete(entity.table).where(entity.table.c.id == row_id))
        self._progress.change(entity, image, None)
        self._log(entity, row_id, image, None, image.get("document_id"))

    def delete_many(self, entity: Entity, row_ids: Sequence[int]) -> None:
        """Remove rows, logged as one batch; the links of removed spans go first, as a batch of their own.

        What the database removes with a document is not logged row by row.
        """
        if entity is SPAN:
            self.delete_many(LINK, self._links_at(row_ids))
        images = entity.read(self.connection, row_ids, entity.names)
        for chunk in chunks(images):
            self.connection.execute(delete(entity.table).where(one_of(entity.table.c.id, chunk)))
        if images:
            rows = [entity.row(image) for image in images.values()]
            self._progress.count(entity, rows, -1)
            self._log_batch(entity, rows, is_added=False)

    def image(self, entity: Entity, row_id: int) -> Image | None:
        """Return the whole row with its child values, or `None` if there is none."""
        return self.read(entity, row_id, entity.names)

    def read(self, entity: Entity, row_id: int, names: Iterable[str]) -> Image | None:
        """Return some columns and child values of a row (and its document), or `None` if there is none."""
        return entity.read(self.connection, [row_id], names).get(row_id)

    def revert(self, changes: Sequence[Any]) -> None:
        """Write the images of logged changes backwards, newest first.

        Raises:
            StaleEditError: what a change left behind was changed since, by something that cannot be undone.
        """
        for (name, is_update), run in groupby(reversed(changes), lambda change: (change.entity, _is_update(change))):
            if is_update:
                for portion in _portions(run):
                    self._revert_updates(ENTITIES[name], portion)
            else:
                for change in run:
                    self._revert_one(ENTITIES[name], change)

    def finish(self) -> None:
        """Write the progress of the documents that were counted; to be called once, ahead of the log."""
        self._progress.write()

    def summary(self, set_id: int, operation: str) -> Changes:
        """Return what was touched, for the views."""

        def ids(entity: Entity) -> frozenset[int]:
            return frozenset(self._touched.get(entity.name, ()))

        return Changes(
            set_id=set_id,
            operation=operation,
            documents=frozenset(self._documents) | self._progress.moved | ids(DOCUMENT),
            spans=ids(SPAN),
            links=ids(LINK),
            actors=ids(ACTOR),
            reviewed=ids(REVIEWED),
            stretches=ids(STRETCH),
            is_codebook_changed=any(e.name in self._touched for e in (LABEL, LINK_TYPE, FIELD)),
            are_settings_changed=any(e.name in self._touched for e in (LABEL_SETTING, OPTION)),
            are_blocked_words_changed=BLOCKED.name in self._touched,
            are_documents_listed_anew=any(e.name in self._touched for e in (BATCH, DOCUMENT)),
        )

    def _revert_one(self, entity: Entity, change: Any) -> None:  # noqa: ANN401  (a row of the driver)
        if change.row_id is None and change.before is not None:
            self.insert_rows(entity, self._returning(entity, batch_images(change.before)))
        elif change.row_id is None:
            self.delete_many(entity, [image["id"] for image in reversed(batch_images(change.after))])
        elif change.before is None:
            self.delete(entity, change.row_id)
        elif self._returning(entity, [change.before]):
            self.insert(entity, change.before)

    def _returning(self, entity: Entity, images: Sequence[Image]) -> list[Row]:
        """Return the rows of images; a proposed link stays away with an end that its suggester took back."""
        if entity is LINK:
            ends = {image[end] for image in images for end in ("from_id", "to_id")}
            there = SPAN.read(self.connection, list(ends), ["id"])
            images = [
                image
                for image in images
                if image["state"] != State.SUGGESTED or {image["from_id"], image["to_id"]} <= there.keys()
            ]
        # In today's order of columns, which may not be the one that the log was written in.
        return [entity.row(image) for image in images]

    def _links_at(self, span_ids: Iterable[int]) -> list[int]:
        """Return the links that begin or end at one of these spans, by id."""
        ends = LINK.table.c
        found: set[int] = set()
        for chunk in chunks(span_ids):
            for end in (ends.from_id, ends.to_id):
                found.update(row.id for row in self.connection.execute(select(ends.id).where(one_of(end, chunk))))
        return sorted(found)

    def _revert_updates(self, entity: Entity, changes: Sequence[Any]) -> None:
        """Set the former values of rows, each once and all of the same columns."""
        found = entity.read(self.connection, [change.row_id for change in changes], changes[0].after)
        for change in changes:
            current = found.get(change.row_id)
            if current is None or any(current[key] != value for key, value in change.after.items()):
                raise StaleEditError("This cannot be undone: what it left behind has been changed since.")
        self.update_many(entity, {change.row_id: change.before for change in changes})

    def _write(self, entity: Entity, rows: Sequence[Row]) -> None:
        entity.write(self.connection, rows)
        if entity is DOCUMENT:
            self._progress.begin([row[0] for row in rows])
        self._progress.count(entity, rows, 1)

    def _log(
        self, entity: Entity, row_id: int, before: Image | None, after: Image | None, document_id: int | None
    ) -> None:
        self._touched.setdefault(entity.name, set()).add(row_id)
        if document_id is not None:
            self._documents.add(document_id)
        self.changes.append({"entity": entity.name, "row_id": row_id, "before": before, "after": after})

    def _log_batch(self, entity: Entity, rows: Sequence[Row], *, is_added: bool) -> None:
        self._touched.setdefault(entity.name, set()).update([row[0] for row in rows])
        if entity.is_in_document:
            place = entity.names.index("document_id")
            self._documents.update([row[place] for row in rows])
        batch = packed(entity, rows)
        before, after = (None, batch) if is_added else (batch, None)
        self.changes.append({"entity": entity.name, "row_id": None, "before": before, "after": after})


def _is_update(change: Any) -> bool:  # noqa: ANN401  (a row of the driver)
    return change.row_id is not None and change.before is not None and change.after is not None


def _portions(changes: Iterable[Any]) -> Iterator[list[Any]]:
    """Cut a run of updates into such as can be written at once: the same columns of rows that are all different."""
    portion: list[Any] = []
    seen: set[int] = set()
    for change in changes:
        if portion and (change.row_id in seen or change.after.keys() != portion[0].after.keys()):
            yield portion
            portion, seen = [], set()
        portion.append(change)
        seen.add(change.row_id)
    if portion:
        yield portion
