"""Writing documents of files as rows in bulk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import count, islice
from typing import Any

from sqlalchemy import select

from storage import tables as t
from storage.codebook_usage import USERS, is_used
from storage.entities import (
    BATCH,
    DOCUMENT,
    ENTITIES,
    LINK,
    REVIEWED,
    SPAN,
    STRETCH,
    Entity,
    Row,
    chunks,
    one_of,
    run_many,
)
from storage.errors import InvalidEditError
from storage.formats.exchange import ExchangeDocument, ExchangeLink, ExchangeSpan
from storage.names import Names
from storage.project import ChangeScope
from storage.records import LabelKind, Origin, State
from storage.stretches import check_stretches
from storage.text import check_fragments, quote_of

#: The plain words of enumerations: looking them up takes a quarter of the time of `.value`.
_WORDS_OF: dict[State | Origin, str] = {item: item.value for item in (*State, *Origin)}

#: The operation under which everything is staged.
STAGING = "stage import"

#: Ids go through signals as 32-bit numbers; as many again are left for what is added later.
_LARGEST_KEPT_ID = 1_000_000_000
_MOST_FIGURES = len(str(_LARGEST_KEPT_ID))


class Writer:
    """Collects the rows of some documents and writes them in bulk within one transaction."""

    def __init__(self, scope: ChangeScope, names: Names, batch_id: int, *, are_ids_kept: bool) -> None:
        self._scope = scope
        self._names = names
        self._batch_id = batch_id
        self._are_ids_kept = are_ids_kept
        self._documents: list[tuple[ExchangeDocument, str, int]] = []

    def add(self, document: ExchangeDocument, sha256: str, position: int) -> None:
        """Take a document, the hash of its text and its place in the list for the next `write`."""
        self._documents.append((document, sha256, position))

    def write(self) -> list[int]:
        """Write the documents and return their ids.

        Raises:
            InvalidEditError: a span or a link breaks a rule; the transaction is to be rolled back.
        """
        documents = [document for document, _, _ in self._documents]
        ids = self._ids(DOCUMENT, [document.id for document in documents])
        span_ids = iter(self._ids(SPAN, [span.id for document in documents for span in document.spans]))
        link_ids = iter(self._ids(LINK, [link.id for document in documents for link in document.links]))
        pairs = list(zip(self._documents, ids, strict=True))
        rows: dict[Entity, list[Row]] = {DOCUMENT: [], SPAN: [], LINK: [], REVIEWED: [], STRETCH: []}
        for (document, sha256, position), row_id in pairs:
            rows[DOCUMENT].append(self._document_row(document, sha256, position, row_id))
            new_ids = list(islice(span_ids, len(document.spans)))
            check_links(document)
            self._names.read_as(document.project)
            rows[SPAN] += self.span_rows(document, new_ids, row_id)
            if document.links:
                local = dict(zip([span.id for span in document.spans], new_ids, strict=True))
                kinds = {span.id: span.kind for span in document.spans}
                for link in document.links:
                    rows[LINK].append(self.link_row(link, next(link_ids), row_id, local, kinds))
            rows[REVIEWED] += self._reviewed_rows(document, row_id)
            rows[STRETCH] += self._stretch_rows(document, row_id)
        for entity in (entity for entity in (REVIEWED, STRETCH) if rows[entity]):
            first = self._scope.journal.reserve(entity, len(rows[entity]))
            rows[entity] = [(first + n, *row[1:]) for n, row in enumerate(rows[entity])]
        for entity, found in rows.items():
            self._scope.journal.insert_rows(entity, found)
            if entity is DOCUMENT:
                texts = [(row_id, document.text) for (document, _, _), row_id in pairs]
                run_many(self._scope.connection, t.DocumentText.__table__, texts)
        return ids

    def _ids(self, entity: Entity, wanted: Sequence[str | None]) -> list[int]:
        """Return an id for each row: the file's own where they are kept and free, new ones otherwise."""
        if not wanted:
            return []
        if not self._are_ids_kept:
            first = self._scope.journal.reserve(entity, len(wanted))
            return list(range(first, first + len(wanted)))
        numbers = [_number(text) for text in wanted]
        last = self._scope.journal.reserve(entity, 0) - 1
        free = set(numbers) - {0}
        free -= _taken(self._scope, entity, {number for number in free if number <= last})
        ids: list[int] = []
        for number in numbers:
            ids.append(number if number in free else 0)
            free.discard(number)
        self._scope.journal.reserve(entity, max(0, max(ids, default=0) - last))
        fresh = count(self._scope.journal.reserve(entity, ids.count(0)))
        return [number or next(fresh) for number in ids]

    def _document_row(self, document: ExchangeDocument, sha256: str, position: int, row_id: int) -> Row:
        return DOCUMENT.row(
            {
                "id": row_id,
                "batch_id": self._batch_id,
                "title": document.title,
                "source": document.source,
                "date": document.date,
                "language": document.language,
                "encoding": document.encoding,
                "length_cp": len(document.text),
                "sha256": sha256,
                "meta": dict(document.meta),
                "imported_at": self._scope.at,
                "removed_at": None,
                "position": position,
            }
        )

    def span_rows(self, document: ExchangeDocument, row_ids: Iterable[int], document_id: int) -> Iterator[Row]:
        """Yield spans in the order of `SPAN.names`; the busiest place of an import, hence no dict and few calls."""
        text, names, at = document.text, self._names, self._scope.at
        for span, row_id in zip(document.spans, row_ids, strict=True):
            fragments, kind, actor, fields = span.fragments, span.kind, span.actor, span.fields
            check_fragments(text, fragments)
            quote = quote_of(text, fragments)
            if actor and kind is not LabelKind.ACTOR:
                raise InvalidEditError(f"the {kind} “{quote[:60]}” has an actor: only mentions do")
            label_id = names.label(kind, span.label)
            analyst_id, decided_at = self.decision(span)
            yield (
                row_id,
                document_id,
                label_id,
                _WORDS_OF[span.state],
                _WORDS_OF[span.origin],
                fragments[0][0],
                fragments[-1][1],
                quote,
                span.score,
                self._run(span),
                span.reason,
                names.actor(actor, label_id, span.actor_id) if actor else None,
                analyst_id,
                span.note,
                span.is_flagged,
                at,
                decided_at,
                fragments,
                {str(names.field(kind, name)): value for name, value in fields.items()} if fields else {},
            )

    def link_row(
        self,
        link: ExchangeLink,
        row_id: int,
        document_id: int,
        local: dict[str, int],
        kinds: dict[str, LabelKind],
    ) -> Row:
        """Return a link as a row; `local` gives the spans' ids by those of the file, `kinds` what they are."""
        analyst_id, decided_at = self.decision(link)
        return LINK.row(
            {
                "id": row_id,
                "document_id": document_id,
                "type_id": self._names.link_type(link.type, kinds[link.from_id], kinds[link.to_id]),
                "from_id": local[link.from_id],
                "to_id": local[link.to_id],
                "state": link.state.value,
                "origin": link.origin.value,
                "score": link.score,
                "run_id": self._run(link),
                "analyst_id": analyst_id,
                "decided_at": decided_at,
            }
        )

    def _run(self, item: ExchangeSpan | ExchangeLink) -> int | None:
        is_proposed = item.suggester is not None or item.origin is Origin.SUGGESTER
        return self._names.run(item.suggester) if is_proposed else None

    def decision(self, item: ExchangeSpan | ExchangeLink) -> tuple[int | None, str | None]:
        """Return who decided, and when."""
        if item.state is State.SUGGESTED:
            return None, None
        return self._names.analyst(item.analyst), item.decided_at or self._scope.at

    def _reviewed_rows(self, document: ExchangeDocument, document_id: int) -> list[Row]:
        """Return stretches that neither overlap nor touch, as marking them one by one would have made; ids to come."""
        merged: list[list[int]] = []
        for start, end in sorted(document.reviewed):
            if merged and start <= merged[-1][1]:
                merged[-1][1] = max(merged[-1][1], end)
            else:
                merged.append([start, end])
        return [(0, document_id, start, end, self._scope.analyst_id, self._scope.at) for start, end in merged]

    def _stretch_rows(self, document: ExchangeDocument, document_id: int) -> list[Row]:
        """Return pages and excluded parts in text order; ids to come. A file, no analyst, says so."""
        check_stretches(len(document.text), [(s.kind, s.start_cp, s.end_cp) for s in document.stretches])
        ordered = sorted(document.stretches, key=lambda s: (s.start_cp, s.end_cp, s.kind))
        return [(0, document_id, s.kind, s.start_cp, s.end_cp, s.value, None, self._scope.at) for s in ordered]


def remove_staged(scope: ChangeScope, batch_id: int | None = None) -> None:
    """Remove what an import staged and never published: of this one, or of any that a crash left."""
    batch, document = t.ImportBatch.__table__.c, t.Document.__table__.c
    staged = select(batch.id).where(batch.state == "staged")
    if batch_id is not None:
        staged = staged.where(batch.id == batch_id)
    for row_id in scope.connection.execute(staged).scalars().all():
        ids = scope.connection.execute(select(document.id).where(document.batch_id == row_id)).scalars().all()
        unstage(scope, row_id, ids)
        scope.journal.delete(BATCH, row_id)


def unstage(scope: ChangeScope, batch_id: int, document_ids: Sequence[int]) -> None:
    """Remove some documents of a staged import, and what it added to codebook and registry and nothing uses now."""
    scope.journal.delete_many(DOCUMENT, document_ids)
    _forget(scope, _names_added_since(scope, batch_id))


def _names_added_since(scope: ChangeScope, batch_id: int) -> list[tuple[Entity, int]]:
    """Return what staging added to codebook and registry since a batch began, newest first, as the log tells."""
    change, entry = t.Change.__table__.c, t.ChangeSet.__table__.c
    began = select(change.set_id).where(change.entity == BATCH.name, change.row_id == batch_id).limit(1)
    added = (
        select(change.entity, change.row_id)
        .join(t.ChangeSet.__table__, entry.id == change.set_id)
        .where(
            entry.operation == STAGING,
            entry.id >= began.scalar_subquery(),
            change.entity.in_([entity.name for entity in USERS]),
            change.row_id.is_not(None),
            change.before.is_(None),
        )
        .order_by(change.id.desc())
    )
    return [(ENTITIES[name], row_id) for name, row_id in scope.connection.execute(added)]


def _forget(scope: ChangeScope, added: Iterable[tuple[Entity, int]]) -> None:
    """Remove those of these names that nothing uses."""
    found = list(added)
    for entity in USERS:  # actors ahead of the labels that are their types
        for row_id in [row_id for kind, row_id in found if kind is entity]:
            is_there = scope.journal.read(entity, row_id, ["id"]) is not None
            if is_there and not is_used(scope.connection, entity, row_id):
                scope.journal.delete(entity, row_id)


def check_links(document: ExchangeDocument) -> None:
    """Refuse ids of spans that stand there twice and links that lead nowhere, to themselves, or stand there twice.

    Raises:
        InvalidEditError: one of these.
    """
    ids = {span.id for span in document.spans}
    if len(ids) < len(document.spans):
        raise InvalidEditError("two of its spans have the same id")
    seen = set()
    for link in document.links:
        key = (link.type, link.from_id, link.to_id)
        if not {link.from_id, link.to_id} <= ids:
            raise InvalidEditError(f"the link “{link.id}” points to a span that is not there")
        if link.from_id == link.to_id or key in seen:
            raise InvalidEditError(f"the link “{link.id}” leads from a span to itself, or is there twice")
        seen.add(key)


def _number(text: str | None) -> int:
    """Return the id that a file's id is in figures, 0 if it is none or too large to keep."""
    if text is None or len(text) > _MOST_FIGURES or not (text.isascii() and text.isdecimal()):
        return 0
    number = int(text)
    return number if number <= _LARGEST_KEPT_ID else 0


def _taken(scope: ChangeScope, entity: Entity, numbers: Iterable[int]) -> set[int]:
    column: Any = entity.table.c.id
    taken: set[int] = set()
    for chunk in chunks(numbers):
        taken.update(scope.connection.execute(select(column).where(one_of(column, chunk))).scalars())
    return taken
