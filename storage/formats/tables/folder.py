"""Passing documents through to sheets of any kind, one document at a time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from typing import TYPE_CHECKING, Protocol

from storage.formats.exchange import ExchangeDocument
from storage.formats.tables.rows import ACTORS, DECISIONS, Cell, Rows, Table

if TYPE_CHECKING:
    from storage.formats.interface import WriteContext

#: Spreadsheets run a cell that begins so as a formula, from a text that may come from anybody (OWASP, CSV injection).
_FORMULA = re.compile(r"'*[=+\-@\t\r]")


class Sheet(Protocol):
    """Takes the rows of one table."""

    def add(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Write rows."""


def write_tables(
    documents: Iterable[ExchangeDocument],
    context: WriteContext,
    opened: Callable[[Table], AbstractContextManager[Sheet]],
) -> int:
    """Write the four tables through what `opened` gives for each, and return the number of documents."""
    rows = Rows(context.codebook)
    with ExitStack() as stack:
        spans = stack.enter_context(opened(rows.spans_table()))
        claims = stack.enter_context(opened(rows.claims_table()))
        count = 0
        for document in documents:
            count += 1
            of_spans, of_claims = rows.take(document)
            spans.add(of_spans)
            claims.add(of_claims)
        stack.enter_context(opened(ACTORS)).add(rows.actors(context.actors()))
        stack.enter_context(opened(DECISIONS)).add(rows.decisions(context.decisions()))
    return count


def harmless(rows: Iterable[Sequence[Cell]]) -> Iterator[list[Cell]]:
    """Yield rows in which no cell is taken for a formula: such texts get one apostrophe more in front.

    Taking one apostrophe off each cell that has apostrophes before one of `= + - @`, tab or return undoes it.
    """
    for row in rows:
        yield [f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell for cell in row]
