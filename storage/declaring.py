"""Declares tables as classes of typed columns, without SQLAlchemy's ORM: it is not used, and takes 0.1 s of each start.

    class Label(Base):
        __tablename__ = "label"
        id = column(int, primary_key=True)
        code = nullable(str, unique=True)

`Label.id` is the column, and statements take `Label` for its table: `select(Label.id).join(Label, ...)`. Columns are
typed as elements of statements: SQLAlchemy types an attribute `Column` of any class as its own `TypedColumns`.
"""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar

from sqlalchemy import JSON, Boolean, Column, ColumnElement, Double, ForeignKey, Integer, MetaData, String, Table
from sqlalchemy.sql.schema import SchemaItem
from sqlalchemy.types import TypeEngine

T = TypeVar("T")

_TYPES: dict[Any, type[TypeEngine[Any]]] = {
    int: Integer,
    str: String,
    float: Double,
    bool: Boolean,
    dict: JSON,
    list: JSON,
}


def column(kind: type[T], refers_to: ForeignKey | None = None, **options: Any) -> ColumnElement[T]:  # noqa: ANN401  (those of `Column`)
    """Return a column that always has a value."""
    return Column(_TYPES[kind], *_given(refers_to), nullable=False, **options)


def nullable(kind: type[T], refers_to: ForeignKey | None = None, **options: Any) -> ColumnElement[T | None]:  # noqa: ANN401
    """Return a column that may be null."""
    return Column(_TYPES[kind], *_given(refers_to), nullable=True, **options)


def _given(refers_to: ForeignKey | None) -> tuple[ForeignKey, ...]:
    return () if refers_to is None else (refers_to,)


class Base:
    """A table; its columns are attributes of the class, in their order. Never instantiated."""

    #: Common naming of constraints, so that migrations can address them.
    metadata: ClassVar[MetaData] = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    __tablename__: ClassVar[str]
    __table_args__: ClassVar[tuple[SchemaItem, ...]] = ()
    #: Whether SQLite keeps the rows under a number of its own.
    __has_rowid__: ClassVar[bool] = True
    __table__: ClassVar[Table]

    def __init_subclass__(cls) -> None:
        columns = {name: value for name, value in vars(cls).items() if isinstance(value, Column)}
        for name, each in columns.items():
            each.name = each.key = name
        cls.__table__ = Table(
            cls.__tablename__,
            Base.metadata,
            *columns.values(),
            *cls.__table_args__,
            sqlite_autoincrement="id" in columns,  # an `id` is never given twice
            sqlite_with_rowid=cls.__has_rowid__,
        )

    @classmethod
    def __clause_element__(cls) -> Table:
        """Return what stands for this class in a statement."""
        return cls.__table__
