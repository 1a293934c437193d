"""The change log: every write goes through a `Journal`, which records the values before and after.

An entity is a table together with the child rows that belong to it (a span with its fragments and fields), seen as
one image: a dict of plain JSON values. An update records only the columns that changed. Undo writes a set's images
backwards through a journal of its own, so that an undo is itself in the log and can be inverted again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Table, bindparam, delete, insert, select, text, update
from sqlalchemy.engine import Connection

from storage import tables as t
from storage.errors import StaleEditError
from storage.records import Changes

Image = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Children:
    """Rows of a child table as one value of the parent's image."""

    table: Table
    parent: str
    to_value: Callable[[Sequence[Any]], Any]
    to_rows: Callable[[Any], list[Image]]

    def read(self, connection: Connection, row_id: int) -> Any:  # noqa: ANN401  (any JSON value)
        """Return the value that the rows of this parent make."""
        order = list(self.table.primary_key.columns)
        rows = connection.execute(select(self.table).where(self.table.c[self.parent] == row_id).order_by(*order))
        return self.to_value(rows.all())

    def write(self, connection: Connection, values: Iterable[tuple[int, Any]]) -> None:
        """Add the rows of new parents."""
        rows = [{self.parent: row_id} | row for row_id, value in values for row in self.to_rows(value)]
        if rows:
            connection.execute(insert(self.table), rows)

    def replace(self, connection: Connection, row_id: int, value: Any) -> None:  # noqa: ANN401
        """Put the rows of one parent in place of those that stand there."""
        connection.execute(delete(self.table).where(self.table.c[self.parent] == row_id))
        self.write(connection, [(row_id, value)])


@dataclass(frozen=True, slots=True, eq=False)
class Entity:
    """A table that the change log covers, with its child rows."""

    name: str
    table: Table
    children: Mapping[str, Children] = field(default_factory=dict)
    is_in_document: bool = False


def _table(model: type[t.Base]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)  # noqa: S101  (narrows the type; a mapped class always has one)
    return table


_FRAGMENTS = Children(
    _table(t.Fragment),
    "span_id",
    lambda rows: [[row.start_cp, row.end_cp] for row in rows],
    lambda value: [{"position": n, "start_cp": s, "end_cp": e} for n, (s, e) in enumerate(value)],
)
_FIELDS = Children(
    _table(t.SpanField),
    "span_id",
    lambda rows: {str(row.field_id): row.value for row in rows},
    lambda value: [{"field_id": int(key), "value": text} for key, text in value.items()],
)
_ALIASES = Children(
    _table(t.ActorAlias),
    "actor_id",
    lambda rows: [row.alias for row in rows],
    lambda value: [{"alias": alias, "folded": fold(alias)} for alias in value],
)

BATCH: Final = Entity("import_batch", _table(t.ImportBatch))
DOCUMENT: Final = Entity("document", _table(t.Document))
LABEL: Final = Entity("label", _table(t.Label))
LINK_TYPE: Final = Entity("link_type", _table(t.LinkType))
FIELD: Final = Entity("field", _table(t.Field))
ACTOR: Final = Entity("actor", _table(t.Actor), {"aliases": _ALIASES})
SPAN: Final = Entity("span", _table(t.Span), {"fragments": _FRAGMENTS, "fields": _FIELDS}, is_in_document=True)
LINK: Final = Entity("link", _table(t.Link), is_in_document=True)
REVIEWED: Final = Entity("reviewed", _table(t.Reviewed), is_in_document=True)
ENTITIES: Final = {
    entity.name: entity for entity in (BATCH, DOCUMENT, LABEL, LINK_TYPE, FIELD, ACTOR, SPAN, LINK, REVIEWED)
}


def fold(name: str) -> str:
    """Return the form in which names are compared: case and runs of white space do not count."""
    return " ".join(name.casefold().split())


class Journal:
    """Writes within one transaction, and the log of what they did. Not to be kept beyond the transaction."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self.changes: list[Image] = []
        self._touched: dict[str, set[int]] = {}
        self._documents: set[int] = set()

    def insert(self, entity: Entity, image: Image) -> int:
        """Add one row and return its id, a new one unless the image has an `id`."""
        row_id: int = image.get("id") or self.reserve(entity, 1)
        image = image | {"id": row_id}
        self._write(entity, [image])
        self._log(entity, row_id, None, image)
        return row_id

    def insert_many(self, entity: Entity, images: list[Image]) -> None:
        """Add rows that have ids from `reserve`, logged as one batch: cheap for thousands."""
        if images:
            self._write(entity, images)
            self._log(entity, None, None, images)

    def reserve(self, entity: Entity, count: int) -> int:
        """Return the first of `count` consecutive ids that were never given to a row of this table.

        SQLite's own counter is raised, so that the ids stay taken.
        """
        name = entity.table.name
        found = self.connection.execute(text("SELECT seq FROM sqlite_sequence WHERE name = :n"), {"n": name}).scalar()
        statement = (
            "INSERT INTO sqlite_sequence (name, seq) VALUES (:n, :seq)"
            if found is None
            else "UPDATE sqlite_sequence SET seq = :seq WHERE name = :n"
        )
        self.connection.execute(text(statement), {"n": name, "seq": (found or 0) + count})
        return (found or 0) + 1

    def update(self, entity: Entity, row_id: int, values: Image) -> bool:
        """Set columns (or child values) of one row; return whether anything changed.

        Raises:
            StaleEditError: the row is gone.
        """
        current = self.read(entity, row_id, values.keys())
        if current is None:
            raise StaleEditError("What you were about to change is no longer there; nothing was changed.")
        after = {key: value for key, value in values.items() if current[key] != value}
        if not after:
            return False
        columns = {key: value for key, value in after.items() if key not in entity.children}
        if columns:
            self.connection.execute(
                update(entity.table).where(entity.table.c.id == bindparam("row_id")),
                {"row_id": row_id, **columns},
            )
        for key, children in entity.children.items():
            if key in after:
                children.replace(self.connection, row_id, after[key])
        self._log(entity, row_id, {key: current[key] for key in after}, after, current.get("document_id"))
        return True

    def delete(self, entity: Entity, row_id: int) -> None:
        """Remove one row; the links of a removed span go first, each logged.

        Raises:
            StaleEditError: the row is gone.
        """
        image = self.image(entity, row_id)
        if image is None:
            raise StaleEditError("What you were about to remove is no longer there; nothing was changed.")
        if entity is SPAN:
            ends = LINK.table.c
            links = select(ends.id).where((ends.from_id == row_id) | (ends.to_id == row_id)).order_by(ends.id)
            for link_id in self.connection.execute(links).scalars().all():
                self.delete(LINK, link_id)
        self.connection.execute(delete(entity.table).where(entity.table.c.id == row_id))
        self._log(entity, row_id, image, None)

    def delete_many(self, entity: Entity, row_ids: Sequence[int]) -> None:
        """Remove rows, logged as one batch; what the database removes with a document is not logged row by row."""
        images = [image for row_id in row_ids if (image := self.image(entity, row_id)) is not None]
        if images:
            self.connection.execute(
                delete(entity.table).where(entity.table.c.id == bindparam("row_id")),
                [{"row_id": image["id"]} for image in images],
            )
            self._log(entity, None, images, None)

    def image(self, entity: Entity, row_id: int) -> Image | None:
        """Return the whole row with its child values, or `None` if there is none."""
        names = [column.name for column in entity.table.columns]
        return self.read(entity, row_id, [*names, *entity.children])

    def read(self, entity: Entity, row_id: int, names: Iterable[str]) -> Image | None:
        """Return some columns and child values of a row (and its document), or `None` if there is none."""
        names = list(names)
        wanted = [name for name in names if name not in entity.children]
        if entity.is_in_document and "document_id" not in wanted:
            wanted.append("document_id")
        columns = [entity.table.c[name] for name in wanted or ["id"]]
        row = self.connection.execute(select(*columns).where(entity.table.c.id == row_id)).one_or_none()
        if row is None:
            return None
        image = dict(row._mapping)  # noqa: SLF001  (SQLAlchemy's public API despite its name)
        for name in names:
            if name in entity.children:
                image[name] = entity.children[name].read(self.connection, row_id)
        return image

    def revert(self, changes: Sequence[Any]) -> None:
        """Write the images of logged changes backwards, newest first.

        Raises:
            StaleEditError: what a change left behind was changed since, by something that cannot be undone.
        """
        for change in reversed(changes):
            entity = ENTITIES[change.entity]
            if change.row_id is None and change.before is not None:
                self.insert_many(entity, change.before)
            elif change.row_id is None:
                for image in reversed(change.after):
                    self.delete(entity, image["id"])
            elif change.before is None:
                self.delete(entity, change.row_id)
            elif change.after is None:
                self.insert(entity, change.before)
            else:
                current = self.read(entity, change.row_id, change.after.keys())
                if current is None or any(current[key] != value for key, value in change.after.items()):
                    raise StaleEditError("This cannot be undone: what it left behind has been changed since.")
                self.update(entity, change.row_id, change.before)

    def summary(self, set_id: int, operation: str) -> Changes:
        """Return what was touched, for the views."""

        def ids(entity: Entity) -> frozenset[int]:
            return frozenset(self._touched.get(entity.name, ()))

        return Changes(
            set_id=set_id,
            operation=operation,
            documents=frozenset(self._documents) | ids(DOCUMENT),
            spans=ids(SPAN),
            links=ids(LINK),
            actors=ids(ACTOR),
            reviewed=ids(REVIEWED),
            is_codebook_changed=any(e.name in self._touched for e in (LABEL, LINK_TYPE, FIELD)),
            are_documents_listed_anew=any(e.name in self._touched for e in (BATCH, DOCUMENT)),
        )

    def _write(self, entity: Entity, images: list[Image]) -> None:
        names = {column.name for column in entity.table.columns}
        self.connection.execute(
            insert(entity.table),
            [{key: value for key, value in image.items() if key in names} for image in images],
        )
        for key, children in entity.children.items():
            children.write(self.connection, ((image["id"], image[key]) for image in images if image.get(key)))

    def _log(
        self,
        entity: Entity,
        row_id: int | None,
        before: Image | list[Image] | None,
        after: Image | list[Image] | None,
        document_id: int | None = None,
    ) -> None:
        shown = after or before or {}
        images = shown if isinstance(shown, list) else [shown]
        touched = self._touched.setdefault(entity.name, set())
        touched.update([row_id] if row_id is not None else [image["id"] for image in images])
        if entity.is_in_document:
            self._documents.update({document_id} if document_id else {image["document_id"] for image in images})
        self.changes.append({"entity": entity.name, "row_id": row_id, "before": before, "after": after})
