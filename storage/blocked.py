"""The words that an analyst never wants to see suggested again, each for one label."""

from __future__ import annotations

from sqlalchemy import literal_column, select
from sqlalchemy.engine import Connection

from storage import tables as t
from storage.entities import fold
from storage.project import Project
from storage.records import BlockedRecord

_BLOCKED = t.BlockedWords.__table__.c
_SPAN = t.Span.__table__.c


def blocked_words(project: Project) -> list[BlockedRecord]:
    """Return the blocked words, newest first."""
    query = select(_BLOCKED.id, _BLOCKED.label_id, _BLOCKED.words, _BLOCKED.analyst_id, _BLOCKED.at)
    with project.reading() as connection:
        return [BlockedRecord(*row) for row in connection.execute(query.order_by(_BLOCKED.id.desc()))]


def blocked_keys(connection: Connection) -> frozenset[tuple[int, str]]:
    """Return label id and folded words of each, for a proposal to be compared with."""
    return frozenset(
        (row.label_id, row.folded) for row in connection.execute(select(_BLOCKED.label_id, _BLOCKED.folded))
    )


def undecided_with(connection: Connection, label_id: int, words: str) -> list[int]:
    """Return the undecided suggestions of these words, case and white space aside, with this label.

    By an index that holds the words of all that is undecided: 10 ms for 100,000 of them.
    """
    query = select(_SPAN.id, _SPAN.quote).where(
        _SPAN.state == literal_column("'suggested'"),  # bound, it would not let SQLite use the partial index
        _SPAN.label_id == label_id,
        _SPAN.quote.like(_like(words), escape="\\"),
    )
    folded = fold(words)
    return sorted(row.id for row in connection.execute(query) if fold(row.quote) == folded)


def _like(words: str) -> str:
    """Return a pattern for LIKE that lets through at least what folds to the same: SQLite folds ASCII alone."""

    def part(character: str) -> str:
        if character.isspace() or not character.isascii():
            return "%"
        return f"\\{character}" if character in "%_\\" else character

    return "".join(map(part, words))
