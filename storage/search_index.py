"""The full-text index: which documents may hold certain words.

SQLite's FTS5 without contents of its own, so that it takes `spaced` text and a third of the room of the texts. It lags
behind: an import writes nothing to it (indexing takes four times as long as inserting), `update_index` follows in
short steps, and a search reads the texts that are not in it yet. So the index makes a search faster, never wrong; if
it is damaged or missing it is made anew. No triggers: a project that holds any is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import Select, delete, exists, select, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from storage import tables as t
from storage.entities import run_many
from storage.project import Project
from storage.queries import is_listed
from storage.search_words import spaced

_NAME = "document_fts"
_CREATE = (
    "CREATE VIRTUAL TABLE document_fts USING fts5(text, content='', columnsize=0, "
    "tokenize='unicode61 remove_diacritics 2')"
)
_IS_SOUND = text("SELECT sql FROM sqlite_master WHERE name = :name")
_MATCH = text("SELECT rowid FROM document_fts WHERE document_fts MATCH :match")

#: What one step may index before it commits and lets decisions through: about 5 ms of work.
_STEP_CP = 64_000

_DOCUMENT = t.Document.__table__.c
_INDEXED = t.IndexedDocument.__table__


def update_index(project: Project, proceed: Callable[[int, int], bool] = lambda _done, _total: True) -> int:
    """Index the listed documents that are not in the index; return how many those were.

    One short transaction each few documents, so that decisions get in between. `proceed` is told how many of how
    many are done, and ends the work by returning `False`. May run in any thread.

    Raises:
        StorageFullError: the disk refuses; what is indexed so far stays.
        StaleEditError: the project was closed.
    """
    with project.reading() as connection:
        is_whole, can_be_dropped = _answers(connection, '"a" *'), _can_be_dropped(connection)
    if not is_whole:
        if not can_be_dropped:
            return 0  # a search reads every text then
        make_anew(project)
    with project.reading() as connection:
        rows = connection.execute(_unindexed()).all()
    done = 0
    for portion in _portions([(row.id, row.length_cp) for row in rows]):
        if not proceed(done, len(rows)):
            break
        with project.change("index texts", is_undoable=False) as scope:
            _add(scope.connection, portion)
        done += len(portion)
    return done


def candidates(project: Project, match: str | None, document_id: int | None = None) -> list[tuple[int, str, int]]:
    """Return id, title and length of the documents that may answer to an FTS5 expression, in list order.

    Those that are not indexed yet are among them; `None` asks for all. A damaged index tells nothing: all, too.
    """
    query = select(_DOCUMENT.id, _DOCUMENT.title, _DOCUMENT.length_cp).where(is_listed())
    query = query.order_by(_DOCUMENT.position, _DOCUMENT.id)
    if document_id is not None:
        query = query.where(_DOCUMENT.id == document_id)
    elif match is not None:
        query = _narrowed(project, query, match)
    with project.reading() as connection:
        return [(row.id, row.title, row.length_cp) for row in connection.execute(query)]


def _narrowed(project: Project, query: Select[Any], match: str) -> Select[Any]:
    matching = _MATCH.bindparams(match=match).columns(t.Document.id).scalar_subquery()
    indexed = exists(_INDEXED.c.document_id).where(_INDEXED.c.document_id == _DOCUMENT.id)
    with project.reading() as connection:
        if not _answers(connection, match):
            return query
    return query.where(_DOCUMENT.id.in_(matching) | ~indexed)


def _unindexed() -> Select[Any]:
    indexed = exists(_INDEXED.c.document_id).where(_INDEXED.c.document_id == _DOCUMENT.id)
    return select(_DOCUMENT.id, _DOCUMENT.length_cp).where(is_listed(), ~indexed).order_by(_DOCUMENT.id)


def _portions(documents: Sequence[tuple[int, int]]) -> Iterator[list[int]]:
    portion: list[int] = []
    size_cp = 0
    for document_id, length_cp in documents:
        if portion and size_cp + length_cp > _STEP_CP:
            yield portion
            portion, size_cp = [], 0
        portion.append(document_id)
        size_cp += length_cp
    if portion:
        yield portion


def _add(connection: Connection, document_ids: Sequence[int]) -> None:
    texts = t.DocumentText.__table__.c
    present = select(_INDEXED.c.document_id)
    rows = connection.execute(
        select(texts.document_id, texts.text).where(
            texts.document_id.in_(document_ids), texts.document_id.not_in(present)
        )
    ).all()
    if rows:
        fields = [{"id": row.document_id, "text": spaced(row.text)} for row in rows]
        connection.execute(text("INSERT INTO document_fts (rowid, text) VALUES (:id, :text)"), fields)
        run_many(connection, _INDEXED, [(row.document_id,) for row in rows])


def _answers(connection: Connection, match: str) -> bool:
    """Whether the index is there, undamaged as far as this question goes, and ours: a stranger's file may have any."""
    found = connection.execute(_IS_SOUND, {"name": _NAME}).scalar()
    if found is None or "".join(found.split()) != "".join(_CREATE.split()):
        return False
    try:
        connection.execute(_MATCH, {"match": match}).first()
    except DBAPIError:
        return False
    return True


def _can_be_dropped(connection: Connection) -> bool:
    """Whether the index can be opened at all: SQLite cannot drop one that it cannot open."""
    if connection.execute(_IS_SOUND, {"name": _NAME}).scalar() is None:
        return True
    try:
        connection.execute(text(f"SELECT rowid FROM {_NAME} LIMIT 0")).first()  # noqa: S608  (our own name)
    except DBAPIError:
        return False
    return True


def make_anew(project: Project) -> None:
    """Put an empty index in the place of the one there is; `update_index` fills it."""
    with project.change("make index", is_undoable=False) as scope:
        scope.connection.execute(text(f"DROP TABLE IF EXISTS {_NAME}"))
        scope.connection.execute(text(_CREATE))
        scope.connection.execute(delete(_INDEXED))
