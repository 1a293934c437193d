"""What the change log covers: tables together with the child rows that belong to them, each seen as one image.

An image is a dict of plain JSON values (a span with its fragments and fields). Thousands of rows at once travel as
`Row`s instead, tuples in the order of `Entity.names`: a tenth of the work of dicts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from operator import itemgetter
from typing import Any, Final, NamedTuple, cast

from sqlalchemy import JSON, ColumnElement, Dialect, Select, Table, bindparam, delete, insert, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from storage import tables as t
from storage.engine import compact_json
from storage.records import State

Image = dict[str, Any]
Row = tuple[Any, ...]

#: How many ids one statement names; SQLite allows 32,766 variables, older builds 999.
_CHUNK = 900


@dataclass(frozen=True, slots=True)
class Children:
    """Rows of a child table as one value of the parent's image. The table is `parent` and `columns`, in this order."""

    table: Table
    parent: str
    columns: tuple[str, ...]
    empty: Any
    to_value: Callable[[Sequence[Any]], Any]
    to_rows: Callable[[Iterable[tuple[int, Any]]], Iterable[Row]]
    #: The columns of the parent between which its only child row lies, where it has just one.
    ends: tuple[str, str] | None = None

    def read(self, connection: Connection, row_ids: Sequence[int]) -> dict[int, Any]:
        """Return the value of each parent that has child rows."""
        parent = self.table.c[self.parent]
        columns = [self.table.c[name] for name in self.columns]
        rows: dict[int, list[Any]] = {}
        for chunk in chunks(row_ids):
            query = select(parent, *columns).where(one_of(parent, chunk)).order_by(*self.table.primary_key.columns)
            for row_id, *values in connection.execute(query).all():
                rows.setdefault(row_id, []).append(values)
        return {row_id: self.to_value(found) for row_id, found in rows.items()}

    def write(self, connection: Connection, values: Iterable[tuple[int, Any]]) -> None:
        """Add the rows of new parents."""
        run_many(connection, self.table, self.to_rows(values))

    def replace(self, connection: Connection, row_id: int, value: Any) -> None:  # noqa: ANN401  (any JSON value)
        """Put the rows of one parent in place of those that stand there."""
        connection.execute(delete(self.table).where(self.table.c[self.parent] == row_id))
        self.write(connection, [(row_id, value)])


class Progress(NamedTuple):
    """How far the work on a document has come, or what one row adds to that."""

    undecided: int = 0
    decided: int = 0
    reviewed_cp: int = 0


@dataclass(frozen=True, eq=False)
class Entity:
    """A table that the change log covers, with its child rows, and what its rows add to their document's progress.

    `progress` is given the score that suggestions of each label need to count, and the values of `counted`; those of
    `scored` follow where a label needs one.
    """

    name: str
    table: Table
    children: Mapping[str, Children] = field(default_factory=dict)
    is_in_document: bool = False
    counted: tuple[str, ...] = ()
    scored: tuple[str, ...] = ()
    progress: Callable[..., Progress] | None = None

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The names of the table's columns."""
        return tuple(column.name for column in self.table.columns)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the values of an image: columns, then children."""
        return (*self.columns, *self.children)

    @cached_property
    def all_counted(self) -> tuple[str, ...]:
        """The names of all values that progress may depend on."""
        return (*self.counted, *self.scored)

    def row(self, image: Image) -> Row:
        """Return a complete image as a row."""
        return tuple([image[name] for name in self.names])

    def complete(self, image: Image) -> Image:
        """Return an image with all values: what an older version of the program did not know gets its default."""
        columns = self.table.columns
        defaults: Image = {name: getattr(columns[name].default, "arg", None) for name in self.columns}
        # A default that is made anew for each row, such as an empty list, takes SQLAlchemy's context.
        defaults = {name: value(None) if callable(value) else value for name, value in defaults.items()}
        defaults |= {name: child.empty for name, child in self.children.items()}
        return {name: image.get(name, defaults[name]) for name in self.names}

    def write(self, connection: Connection, rows: Sequence[Row]) -> None:
        """Add rows with their children."""
        run_many(connection, self.table, map(itemgetter(slice(len(self.columns))), rows))
        for place, children in enumerate(self.children.values(), len(self.columns)):
            children.write(connection, map(itemgetter(0, place), rows))

    def read(self, connection: Connection, row_ids: Sequence[int], names: Iterable[str]) -> dict[int, Image]:
        """Return columns and child values of those of these rows that exist, and the document that they are in."""
        names = list(names)
        wanted = [name for name in names if name not in self.children]
        if self.is_in_document and "document_id" not in wanted:
            wanted.append("document_id")
        images: dict[int, Image] = {}
        for chunk in chunks(row_ids):
            query = _read_query(self.table, tuple(wanted), is_one=len(chunk) == 1)
            for row_id, *values in connection.execute(query, asked_for(chunk)).all():
                images[row_id] = dict(zip(wanted, values, strict=True))
        for name in names:
            if name in self.children:
                children = self.children[name]
                values_by_id = children.read(connection, list(images))
                for row_id, image in images.items():
                    image[name] = values_by_id.get(row_id, children.empty)
        return images


def one_of(column: ColumnElement[int], values: Sequence[int]) -> ColumnElement[bool]:
    """Return the condition that a column has one of a few values; one value makes the cheaper statement."""
    return column == values[0] if len(values) == 1 else column.in_(values)


def among_asked(column: ColumnElement[int], *, is_one: bool) -> ColumnElement[bool]:
    """Return the condition of `one_of` for a statement that is built once; `asked_for` gives it the values.

    Building a statement takes five times as long as SQLite takes to answer it, and a key press asks ten.
    """
    return column == bindparam("asked") if is_one else column.in_(bindparam("asked", expanding=True))


def asked_for(values: Sequence[int]) -> dict[str, Any]:
    """Return the parameters of a statement with `among_asked`, of one value or of several."""
    return {"asked": values[0] if len(values) == 1 else values}


def chunks(ids: Iterable[int]) -> Iterable[Sequence[int]]:
    """Yield ids in portions that one statement can name."""
    ordered = list(dict.fromkeys(ids))
    return (ordered[start : start + _CHUNK] for start in range(0, len(ordered), _CHUNK))


def run_many(connection: Connection, table: Table, rows: Iterable[Row]) -> None:
    """Insert tuples of all columns in the table's order, by the driver itself: four times as fast as from dicts.

    Raises:
        DBAPIError: as any other statement does.
    """
    for place, column in enumerate(table.columns):
        if isinstance(column.type, JSON):
            is_null = column.type.none_as_null
            rows = [(*row[:place], _json(row[place], is_null=is_null), *row[place + 1 :]) for row in rows]
    _run(connection, _insert_sql(table, connection.dialect), rows)


def change_many(connection: Connection, table: Table, names: Sequence[str], rows: Iterable[Row]) -> None:
    """Set columns of rows; each tuple holds the values of these columns, then the row's id.

    Raises:
        DBAPIError: as any other statement does.
    """
    for place, name in enumerate(names):
        if isinstance(table.c[name].type, JSON):
            rows = [(*row[:place], compact_json(row[place]), *row[place + 1 :]) for row in rows]
    _run(connection, _update_sql(table, tuple(names), connection.dialect), rows)


def _json(value: Any, *, is_null: bool) -> str | None:  # noqa: ANN401  (any JSON value)
    return None if value is None and is_null else compact_json(value)


def _run(connection: Connection, statement: str, rows: Iterable[Row]) -> None:
    cursor = connection.connection.cursor()
    try:
        # The driver takes any iterable, so that no second list is held; its type says less.
        cursor.executemany(statement, cast("Sequence[Row]", rows))
    except connection.dialect.loaded_dbapi.Error as error:
        raise DBAPIError.instance(statement, None, error, connection.dialect.loaded_dbapi.Error) from error
    finally:
        cursor.close()


@lru_cache(maxsize=128)
def _read_query(table: Table, names: tuple[str, ...], *, is_one: bool) -> Select[Any]:
    return select(table.c.id, *(table.c[name] for name in names)).where(among_asked(table.c.id, is_one=is_one))


@lru_cache(maxsize=64)
def _insert_sql(table: Table, dialect: Dialect) -> str:
    return str(insert(table).compile(dialect=dialect, column_keys=[column.name for column in table.columns]))


@lru_cache(maxsize=64)
def _update_sql(table: Table, names: tuple[str, ...], dialect: Dialect) -> str:
    changed = update(table).where(table.c.id == bindparam("row_id"))
    # In this order: the driver's parameters have no names.
    in_order = changed.ordered_values(*((name, bindparam(f"new_{name}")) for name in names))
    return str(in_order.compile(dialect=dialect))


def fold(name: str) -> str:
    """Return the form in which names are compared: case and runs of white space do not count."""
    return " ".join(name.casefold().split())


def _span_progress(
    least: Mapping[int, float], state: str, label_id: int | None = None, score: float | None = None
) -> Progress:
    if state != State.SUGGESTED:
        return Progress(decided=1)
    is_hidden = label_id is not None and score is not None and score < least.get(label_id, 0.0)
    return Progress() if is_hidden else Progress(undecided=1)


def _reviewed_progress(_least: Mapping[int, float], start_cp: int, end_cp: int) -> Progress:
    return Progress(reviewed_cp=end_cp - start_cp)


_FRAGMENTS = Children(
    t.Fragment.__table__,
    "span_id",
    ("position", "start_cp", "end_cp"),
    [],
    lambda rows: [[start, end] for _, start, end in rows],
    lambda values: ((row_id, n, start, end) for row_id, value in values for n, (start, end) in enumerate(value)),
    ("start_cp", "end_cp"),
)
_FIELDS = Children(
    t.SpanField.__table__,
    "span_id",
    ("field_id", "value"),
    {},
    lambda rows: {str(field_id): value for field_id, value in rows},
    lambda values: ((row_id, int(field_id), text) for row_id, value in values for field_id, text in value.items()),
)
_ALIASES = Children(
    t.ActorAlias.__table__,
    "actor_id",
    ("alias", "folded"),
    [],
    lambda rows: [alias for alias, _ in rows],
    lambda values: ((row_id, alias, fold(alias)) for row_id, value in values for alias in value),
)

BATCH: Final = Entity("import_batch", t.ImportBatch.__table__)
DOCUMENT: Final = Entity("document", t.Document.__table__)
LABEL: Final = Entity("label", t.Label.__table__)
LABEL_SETTING: Final = Entity("label_setting", t.LabelSetting.__table__, counted=("label_id", "least_score"))
OPTION: Final = Entity("suggest_option", t.SuggestOption.__table__)
LINK_TYPE: Final = Entity("link_type", t.LinkType.__table__)
FIELD: Final = Entity("field", t.Field.__table__)
ACTOR: Final = Entity("actor", t.Actor.__table__, {"aliases": _ALIASES})
BLOCKED: Final = Entity("blocked_words", t.BlockedWords.__table__)
SPAN: Final = Entity(
    "span",
    t.Span.__table__,
    {"fragments": _FRAGMENTS, "fields": _FIELDS},
    is_in_document=True,
    counted=("state",),
    scored=("label_id", "score"),
    progress=_span_progress,
)
LINK: Final = Entity("link", t.Link.__table__, is_in_document=True)
REVIEWED: Final = Entity(
    "reviewed",
    t.Reviewed.__table__,
    is_in_document=True,
    counted=("start_cp", "end_cp"),
    progress=_reviewed_progress,
)
STRETCH: Final = Entity("stretch", t.Stretch.__table__, is_in_document=True)
ENTITIES: Final = {
    entity.name: entity
    for entity in (
        BATCH,
        DOCUMENT,
        LABEL,
        LABEL_SETTING,
        OPTION,
        LINK_TYPE,
        FIELD,
        ACTOR,
        BLOCKED,
        SPAN,
        LINK,
        REVIEWED,
        STRETCH,
    )
}
