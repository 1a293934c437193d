"""The reads: Core tuples turned into frozen records, indexed, and paged where there may be many."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, String, false, func, select, type_coerce
from sqlalchemy.engine import Connection

from storage import tables as t
from storage.codebook_reading import read_codebook
from storage.entities import among_asked, asked_for, chunks, one_of
from storage.errors import ProjectOpenError, StaleEditError
from storage.lazy import LazyMeta
from storage.project import Project
from storage.records import (
    ActorRecord,
    Codebook,
    DocumentContent,
    DocumentItem,
    DocumentRecord,
    Fragment,
    LinkRecord,
    Origin,
    ReviewedRecord,
    SpanRecord,
    State,
)
from storage.stretch_queries import read_stretches
from storage.text import quote_of, sha256_of

_DOCUMENT = t.Document.__table__.c
_SPAN = t.Span.__table__.c
_LINK = t.Link.__table__.c
_FRAGMENT = t.Fragment.__table__.c
_REVIEWED = t.Reviewed.__table__.c
_PROGRESS = t.DocumentProgress.__table__.c

_DOCUMENT_COLUMNS = (
    _DOCUMENT.id,
    _DOCUMENT.title,
    _DOCUMENT.length_cp,
    _DOCUMENT.sha256,
    _DOCUMENT.source,
    _DOCUMENT.date,
    _DOCUMENT.language,
    _DOCUMENT.encoding,
    _DOCUMENT.imported_at,
    _DOCUMENT.position,
    type_coerce(_DOCUMENT.meta, String).label("meta"),
)
#: How many rows of a long list are held beside what is made of them.
_ROWS_AT_ONCE = 1_000

#: In the order of `DocumentItem`.
_ITEM_COLUMNS = (
    _DOCUMENT.id,
    _DOCUMENT.title,
    _DOCUMENT.length_cp,
    _DOCUMENT.sha256,
    _DOCUMENT.position,
    _DOCUMENT.source,
    _DOCUMENT.date,
    _DOCUMENT.language,
    _DOCUMENT.encoding,
    _DOCUMENT.imported_at,
    type_coerce(_DOCUMENT.meta, String).label("meta"),
    _PROGRESS.undecided,
    _PROGRESS.decided,
    _PROGRESS.reviewed_cp,
)
_SPAN_COLUMNS = (
    _SPAN.id,
    _SPAN.document_id,
    _SPAN.label_id,
    _SPAN.state,
    _SPAN.origin,
    _SPAN.quote,
    _SPAN.score,
    _SPAN.run_id,
    _SPAN.reason,
    _SPAN.actor_id,
    _SPAN.analyst_id,
    _SPAN.note,
    _SPAN.is_flagged,
    _SPAN.created_at,
    _SPAN.decided_at,
)
_LINK_COLUMNS = (
    _LINK.id,
    _LINK.document_id,
    _LINK.type_id,
    _LINK.from_id,
    _LINK.to_id,
    _LINK.state,
    _LINK.origin,
    _LINK.score,
    _LINK.run_id,
    _LINK.analyst_id,
    _LINK.decided_at,
)


def is_listed() -> ColumnElement[bool]:
    """Return the condition that a document was imported for good and not removed."""
    present = select(t.ImportBatch.id).where(t.ImportBatch.state == "present")
    return _DOCUMENT.removed_at.is_(None) & _DOCUMENT.batch_id.in_(present)


def is_hidden() -> ColumnElement[bool]:
    """Return the condition that a span is a suggestion of a lower score than its label asks for."""
    setting = t.LabelSetting.__table__.c
    least = select(setting.least_score).where(setting.label_id == _SPAN.label_id).scalar_subquery()
    return (_SPAN.state == State.SUGGESTED.value) & func.coalesce(_SPAN.score < least, false())


def codebook(project: Project) -> Codebook:
    """Return the labels, link types and fields in their order."""
    with project.reading() as connection:
        return read_codebook(connection)


def document_items(project: Project, document_ids: Collection[int] | None = None) -> list[DocumentItem]:
    """Return the lines of the document list in its order: all, or those of these documents.

    Cost: one scan of small rows, since progress is counted along with each change: about 45 ms for 10,000 documents,
    however many spans they have.
    """
    with project.reading() as connection:
        if document_ids is None:
            return _items(connection.execute(_items_query(), execution_options={"yield_per": _ROWS_AT_ONCE}))
        items = [
            item
            for chunk in chunks(document_ids)
            for item in _items(connection.execute(_items_query(is_one=len(chunk) == 1), asked_for(chunk)))
        ]
    return sorted(items, key=lambda item: (item.position, item.id))


def _items(rows: Iterable[Any]) -> list[DocumentItem]:
    """Return rows as lines; what many documents have in common (all texts but title, hash, metadata) is kept once."""
    known: dict[str | None, Any] = {}
    share = known.setdefault
    return [
        DocumentItem(
            id_,
            title,
            length_cp,
            sha256,
            position,
            share(source, source),
            share(date, date),
            share(language, language),
            share(encoding, encoding),
            share(at, at),
            meta,
            *counts,
        )
        for id_, title, length_cp, sha256, position, source, date, language, encoding, at, meta, *counts in rows
    ]


@cache
def _items_query(*, is_one: bool | None = None) -> Select[Any]:
    """Return what lists documents: all of them, or one or several that are asked for."""
    query = select(*_ITEM_COLUMNS).join(t.DocumentProgress, _PROGRESS.document_id == _DOCUMENT.id).where(is_listed())
    if is_one is not None:
        query = query.where(among_asked(_DOCUMENT.id, is_one=is_one))
    return query.order_by(_DOCUMENT.position, _DOCUMENT.id)


def document_content(project: Project, document_id: int) -> DocumentContent:
    """Return everything that the view of a document needs, its text checked against its hash and the quotes.

    Raises:
        StaleEditError: the document is no longer in the project.
        ProjectOpenError: the text is not what was imported: the file is damaged.
    """
    with project.reading() as connection:
        content = read_content(connection, document_id)
    verify_text(content.document, content.text)
    for span in content.spans:
        if span.quote != quote_of(content.text, span.fragments):
            raise misplaced(content.document, span.quote, span.fragments)
    return content


def read_content(connection: Connection, document_id: int) -> DocumentContent:
    """Return what the file holds of a document, nothing of it checked.

    Raises:
        StaleEditError: the document is no longer in the project.
    """
    record = next(iter(document_records(connection, [document_id])), None)
    if record is None:
        raise StaleEditError("This document is no longer in the project.")
    text = connection.execute(select(t.DocumentText.text).where(t.DocumentText.document_id == document_id)).scalar()
    spans = _spans(connection, "document_id", [document_id])
    links = connection.execute(select(*_LINK_COLUMNS).where(_LINK.document_id == document_id).order_by(_LINK.id)).all()
    reviewed = _reviewed(connection.execute, document_id)
    stretches = read_stretches(connection, document_id)
    return DocumentContent(record, text or "", spans, tuple(_link(row) for row in links), reviewed, stretches)


def document_record(project: Project, document_id: int) -> DocumentRecord:
    """Return what is known about a document.

    Raises:
        StaleEditError: the document is no longer in the project.
    """
    with project.reading() as connection:
        found = document_records(connection, [document_id])
    if not found:
        raise StaleEditError("This document is no longer in the project.")
    return found[0]


def document_records(connection: Connection, document_ids: Sequence[int]) -> list[DocumentRecord]:
    """Return what is known about those of these few documents that exist."""
    rows = connection.execute(select(*_DOCUMENT_COLUMNS).where(one_of(_DOCUMENT.id, document_ids)))
    return [_document(row) for row in rows.all()]


def verify_text(record: DocumentRecord, text: str) -> None:
    """Check a text against its hash.

    Raises:
        ProjectOpenError: it is not what was imported: the file is damaged.
    """
    if sha256_of(text) != record.sha256:
        raise ProjectOpenError(
            f"The text of “{record.title}” is not what was imported: the project file is damaged. "
            "Nothing was changed; run the check of the project."
        )


def misplaced(record: DocumentRecord, quote: str, fragments: Sequence[Fragment]) -> ProjectOpenError:
    """Return the problem of a span whose words do not stand where its fragments are."""
    where = ", ".join(f"{start}-{end}" for start, end in fragments) or "nowhere"
    return ProjectOpenError(
        f"In “{record.title}” the span “{quote[:60]}” does not stand where the project says ({where}). "
        "Nothing was changed; run the check of the project."
    )


def document_text(project: Project, document_id: int) -> str:
    """Return the exact text of a document.

    Raises:
        StaleEditError: the document is no longer in the project.
    """
    with project.reading() as connection:
        query = select(t.DocumentText.text).where(t.DocumentText.document_id == document_id)
        text = connection.execute(query).scalar()
    if text is None:
        raise StaleEditError("This document is no longer in the project.")
    return text


def spans_by_id(project: Project, span_ids: Iterable[int]) -> dict[int, SpanRecord]:
    """Return those of these spans that exist."""
    found: dict[int, SpanRecord] = {}
    with project.reading() as connection:
        for chunk in chunks(span_ids):
            found |= {span.id: span for span in _spans(connection, "id", chunk)}
    return found


def links_by_id(project: Project, link_ids: Iterable[int]) -> dict[int, LinkRecord]:
    """Return those of these links that exist."""
    found: dict[int, LinkRecord] = {}
    with project.reading() as connection:
        for chunk in chunks(link_ids):
            for row in connection.execute(_links_query(is_one=len(chunk) == 1), asked_for(chunk)):
                found[row.id] = _link(row)
    return found


@cache
def _links_query(*, is_one: bool) -> Select[Any]:
    return select(*_LINK_COLUMNS).where(among_asked(_LINK.id, is_one=is_one))


def reviewed_in(project: Project, document_id: int) -> tuple[ReviewedRecord, ...]:
    """Return the reviewed stretches of a document, in text order."""
    with project.reading() as connection:
        return _reviewed(connection.execute, document_id)


def fields_of(project: Project, span_ids: Iterable[int]) -> dict[int, dict[int, str]]:
    """Return the field values of spans, by span and field id; spans without values are left out."""
    values: dict[int, dict[int, str]] = {}
    with project.reading() as connection:
        for chunk in chunks(span_ids):
            query = select(t.SpanField.span_id, t.SpanField.field_id, t.SpanField.value)
            for span_id, field_id, value in connection.execute(query.where(t.SpanField.span_id.in_(chunk))):
                values.setdefault(span_id, {})[field_id] = value
    return values


def actors(project: Project) -> list[ActorRecord]:
    """Return the registry, by name."""
    with project.reading() as connection:
        aliases: dict[int, list[str]] = {}
        for actor_id, alias in connection.execute(select(t.ActorAlias.actor_id, t.ActorAlias.alias).order_by("alias")):
            aliases.setdefault(actor_id, []).append(alias)
        columns = (t.Actor.id, t.Actor.name, t.Actor.label_id, t.Actor.notes)
        rows = connection.execute(select(*columns).order_by(t.Actor.name, t.Actor.id)).all()
    return [ActorRecord(*row, aliases=tuple(aliases.get(row.id, ()))) for row in rows]


def mentions_of(project: Project, actor_id: int) -> tuple[int, int]:
    """Return how many mentions in how many documents point to an actor."""
    query = (
        select(func.count(), func.count(_SPAN.document_id.distinct()))
        .select_from(t.Span)
        .join(t.Document, _DOCUMENT.id == _SPAN.document_id)
        .where(_SPAN.actor_id == actor_id, _SPAN.state != State.REJECTED.value, is_listed())
    )
    with project.reading() as connection:
        spans, documents = connection.execute(query).one()
    return spans, documents


def languages_of_documents(project: Project) -> dict[int, str]:
    """Return the language of each listed document by its id, in list order; about 100 bytes a document."""
    query = select(_DOCUMENT.id, _DOCUMENT.language).where(is_listed()).order_by(_DOCUMENT.position, _DOCUMENT.id)
    with project.reading() as connection:
        return {document_id: sys.intern(language) for document_id, language in connection.execute(query)}


def count_undecided(project: Project) -> int:
    """Return how many suggestions of listed documents wait for a decision."""
    query = (
        select(func.coalesce(func.sum(_PROGRESS.undecided), 0))
        .join(t.Document.__table__, _DOCUMENT.id == _PROGRESS.document_id)
        .where(is_listed())
    )
    with project.reading() as connection:
        return int(connection.execute(query).scalar_one())


def documents_to_suggest(project: Project, suggester: str, version: str, model: str | None = None) -> list[int]:
    """Return the documents that this version of a suggester has not read (with this model), in list order."""
    run = t.SuggesterRun
    same = (run.suggester == suggester) & (run.version == version)
    if model is not None:
        same &= run.model == model
    read = select(t.DocumentRun.document_id).join(run, run.id == t.DocumentRun.run_id).where(same)
    query = select(_DOCUMENT.id).where(is_listed(), _DOCUMENT.id.not_in(read))
    with project.reading() as connection:
        return list(connection.execute(query.order_by(_DOCUMENT.position, _DOCUMENT.id)).scalars())


def _document(row: Sequence[Any]) -> DocumentRecord:
    id_, title, length_cp, sha256, source, date, language, encoding, imported_at, position, meta = row
    return DocumentRecord(
        id_, title, length_cp, sha256, source, date, language, encoding, LazyMeta(meta), imported_at, position
    )


def _spans(connection: Connection, by: str, values: Sequence[int]) -> tuple[SpanRecord, ...]:
    """Return the spans that have one of these values in the column `by`, by id."""
    pieces, spans = _span_queries(by, is_one=len(values) == 1)
    fragments: dict[int, list[Fragment]] = {}
    for span_id, start, end in connection.execute(pieces, asked_for(values)):
        fragments.setdefault(span_id, []).append(Fragment(start, end))
    states, origins = {s.value: s for s in State}, {o.value: o for o in Origin}
    return tuple(
        SpanRecord(row[0], row[1], row[2], states[row[3]], origins[row[4]], tuple(fragments.get(row[0], ())), *row[5:])
        for row in connection.execute(spans, asked_for(values))
    )


@cache
def _span_queries(by: str, *, is_one: bool) -> tuple[Select[Any], Select[Any]]:
    """Return what reads the fragments of spans, and the spans."""
    condition = among_asked(_SPAN[by], is_one=is_one)
    pieces = select(_FRAGMENT.span_id, _FRAGMENT.start_cp, _FRAGMENT.end_cp)
    joined = pieces.join(t.Span.__table__, _SPAN.id == _FRAGMENT.span_id).where(condition)
    return (
        joined.order_by(_FRAGMENT.span_id, _FRAGMENT.position),
        select(*_SPAN_COLUMNS).where(condition).order_by(_SPAN.id),
    )


def _link(row: Any) -> LinkRecord:  # noqa: ANN401  (a row of the driver)
    id_, document_id, type_id, from_id, to_id, state, origin, *rest = row
    return LinkRecord(id_, document_id, type_id, from_id, to_id, State(state), Origin(origin), *rest)


def _reviewed(execute: Any, document_id: int) -> tuple[ReviewedRecord, ...]:  # noqa: ANN401
    columns = (
        _REVIEWED.id,
        _REVIEWED.document_id,
        _REVIEWED.start_cp,
        _REVIEWED.end_cp,
        _REVIEWED.analyst_id,
        _REVIEWED.at,
    )
    query = select(*columns).where(_REVIEWED.document_id == document_id).order_by(_REVIEWED.start_cp)
    return tuple(ReviewedRecord(*row) for row in execute(query))
