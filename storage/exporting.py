"""Reading documents out of a project for files, lot after lot, so that memory does not grow with their number."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Dialect, Row, Select, String, bindparam, func, literal_column, select
from sqlalchemy.engine import Connection

from storage import tables as t
from storage.engine import compact_json
from storage.formats.exchange import ExchangeDocument, ExchangeLink, ExchangeSpan, ExchangeStretch
from storage.formats.interface import Format, WriteContext
from storage.formats.losses import Losses, reduced
from storage.formats.naming import showable
from storage.history import change_sets
from storage.project import Project
from storage.queries import actors, codebook, document_records, is_listed, misplaced, verify_text
from storage.records import DocumentRecord, Fragment, LabelKind, Origin, State
from storage.text import quote_of

ALL_STATES = frozenset(State)

#: What one lot holds at most: enough that the cost of its dozen statements is small, and so few that its objects die
#: young, before the garbage collector has looked at them over and over (measured: 200 documents take a third longer).
_LOT_DOCUMENTS = 64
_LOT_CP = 2_000_000

_DOCUMENT = t.Document.__table__.c
_TEXT = t.DocumentText.__table__.c
_SPAN = t.Span.__table__.c
_FRAGMENT = t.Fragment.__table__.c
_FIELD = t.SpanField.__table__.c
_LINK = t.Link.__table__.c
_REVIEWED = t.Reviewed.__table__.c
_STRETCH = t.Stretch.__table__.c

_STATES = {state.value: state for state in State}
_ORIGINS = {origin.value: origin for origin in Origin}
#: Some ids, as JSON: so each statement is the same text for any number of them, and is made once.
_IDS = select(func.json_each(bindparam("ids", type_=String)).table_valued("value").c.value)
_TEXTS = select(_TEXT.document_id, _TEXT.text).where(_TEXT.document_id.in_(_IDS))
_SPANS = (
    select(
        _SPAN.document_id,
        _SPAN.id,
        _SPAN.label_id,
        _SPAN.state,
        _SPAN.origin,
        _SPAN.quote,
        _SPAN.run_id,
        _SPAN.score,
        _SPAN.reason,
        _SPAN.actor_id,
        _SPAN.note,
        _SPAN.is_flagged,
        _SPAN.analyst_id,
        _SPAN.decided_at,
        # Most spans have one fragment, which then ends where the span does: those of the others are read apart.
        _FRAGMENT.start_cp,
        _FRAGMENT.end_cp,
        _SPAN.end_cp.label("last_cp"),
    )
    .select_from(t.Span.__table__)
    .outerjoin(t.Fragment.__table__, (_FRAGMENT.span_id == _SPAN.id) & (_FRAGMENT.position == literal_column("0")))
    .where(_SPAN.document_id.in_(_IDS))
    .order_by(_SPAN.id)
)
_FRAGMENTS = (
    select(_FRAGMENT.span_id, _FRAGMENT.start_cp, _FRAGMENT.end_cp)
    .where(_FRAGMENT.span_id.in_(_IDS))
    .order_by(_FRAGMENT.span_id, _FRAGMENT.position)
)
_FIELD_VALUES = (
    select(_FIELD.span_id, _FIELD.field_id, _FIELD.value)
    .join(t.Span.__table__, _SPAN.id == _FIELD.span_id)
    .where(_SPAN.document_id.in_(_IDS))
    .order_by(_FIELD.field_id)
)
_LINKS = (
    select(
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
    .where(_LINK.document_id.in_(_IDS))
    .order_by(_LINK.id)
)
_REVIEWED_PARTS = (
    select(_REVIEWED.document_id, _REVIEWED.start_cp, _REVIEWED.end_cp)
    .where(_REVIEWED.document_id.in_(_IDS))
    .order_by(_REVIEWED.start_cp)
)
_STRETCHES = (
    select(_STRETCH.document_id, _STRETCH.kind, _STRETCH.start_cp, _STRETCH.end_cp, _STRETCH.value)
    .where(_STRETCH.document_id.in_(_IDS))
    .order_by(_STRETCH.start_cp, _STRETCH.end_cp, _STRETCH.kind)
)


def count_documents(project: Project) -> int:
    """Return how many documents an export would hold."""
    return sum(len(lot) for lot in _lots(project))


def export_documents(project: Project, include: Collection[State] = ALL_STATES) -> Iterator[ExchangeDocument]:
    """Yield every document in list order with its spans and links in these states.

    A link whose span is not included is left out with it. Each lot of documents is read at one consistent state.

    Raises:
        ProjectOpenError: a text or a span is not what was stored: the file is damaged.
    """
    for document_ids in _lots(project):
        with project.reading() as connection:
            documents = list(_read_lot(connection, document_ids, frozenset(include)))
        yield from documents


def written(
    project: Project,
    format_: Format,
    losses: Losses,
    *,
    include: Collection[State] = ALL_STATES,
    options: Mapping[str, str] | None = None,
) -> tuple[Iterator[ExchangeDocument], WriteContext]:
    """Return what a format's writer takes: the documents without what it cannot hold, and the context.

    The losses are complete when the documents were all read and written.
    """
    context = WriteContext(
        project_name=showable(project.name),
        codebook=codebook(project),
        actors=lambda: actors(project),
        decisions=lambda: change_sets(project),
        losses=losses,
        options={option.name: option.choices[0] for option in format_.options} | dict(options or {}),
    )
    return reduced(export_documents(project, include), format_.holds, "this format", losses), context


def _lots(project: Project) -> Iterator[list[int]]:
    query = select(_DOCUMENT.id, _DOCUMENT.length_cp).where(is_listed()).order_by(_DOCUMENT.position, _DOCUMENT.id)
    with project.reading() as connection:
        listed = connection.execute(query).all()
    lot: list[int] = []
    size_cp = 0
    for document_id, length_cp in listed:
        if lot and (size_cp + length_cp > _LOT_CP or len(lot) == _LOT_DOCUMENTS):
            yield lot
            lot, size_cp = [], 0
        lot.append(document_id)
        size_cp += length_cp
    if lot:
        yield lot


def _read_lot(
    connection: Connection, document_ids: Sequence[int], include: frozenset[State]
) -> Iterator[ExchangeDocument]:
    names = _Names(connection)
    records = {record.id: record for record in document_records(connection, document_ids)}
    texts = dict(_rows(connection, _TEXTS, document_ids))
    for record in records.values():
        verify_text(record, texts.get(record.id, ""))
    spans: dict[int, list[ExchangeSpan]] = {document_id: [] for document_id in document_ids}
    is_all = include >= ALL_STATES
    for document_id, span in _spans(connection, document_ids, names):
        if span.quote != quote_of(texts[document_id], span.fragments):
            raise misplaced(records[document_id], span.quote or "", span.fragments)
        if is_all or span.state in include:
            spans[document_id].append(span)
    links = _links(connection, document_ids, names, include)
    reviewed: dict[int, list[Fragment]] = {}
    for document_id, start, end in _rows(connection, _REVIEWED_PARTS, document_ids):
        reviewed.setdefault(document_id, []).append(Fragment(start, end))
    stretches = _stretches(connection, document_ids)
    for document_id in document_ids:
        if document_id not in records:  # removed for good since the list was made
            continue
        found, kept = spans[document_id], links.get(document_id, [])
        if kept:
            ids = {span.id for span in found}
            kept = [link for link in kept if link.from_id in ids and link.to_id in ids]
        yield _document(
            records[document_id],
            texts[document_id],
            found,
            kept,
            reviewed.get(document_id, []),
            stretches.get(document_id, []),
        )


class _Names:
    """The names behind ids, as they are at one moment."""

    def __init__(self, connection: Connection) -> None:
        run = connection.execute
        self.labels: Mapping[int, tuple[LabelKind, str]] = {
            row_id: (LabelKind(kind), name)
            for row_id, kind, name in run(select(t.Label.id, t.Label.kind, t.Label.name))
        }
        self.link_types = _pairs(run(select(t.LinkType.id, t.LinkType.code)).all())
        self.fields = _pairs(run(select(t.Field.id, t.Field.name)).all())
        self.actors = _pairs(run(select(t.Actor.id, t.Actor.name)).all())
        self.analysts = _pairs(run(select(t.Analyst.id, t.Analyst.name)).all())
        self.runs = _pairs(run(select(t.SuggesterRun.id, t.SuggesterRun.suggester)).all())


def _pairs(rows: Sequence[Row[int, str]]) -> dict[int | None, str]:
    return {row_id: name for row_id, name in rows}  # noqa: C416  (rows are no pairs to a type checker)


def _rows(connection: Connection, query: Select[Any], ids: Sequence[int]) -> list[Any]:
    """Return what a query of this module finds for some ids, as the driver's own tuples: half the time of rows."""
    cursor = connection.connection.cursor()
    try:
        cursor.execute(_sql(query, connection.dialect), (compact_json(ids),))
        return list(cursor.fetchall())
    finally:
        cursor.close()


@lru_cache(maxsize=32)
def _sql(query: Select[Any], dialect: Dialect) -> str:
    return str(query.compile(dialect=dialect))


def _spans(connection: Connection, document_ids: Sequence[int], names: _Names) -> Iterator[tuple[int, ExchangeSpan]]:
    """Yield the spans of a lot by id, each with its document."""
    values: dict[int, dict[str, str]] = {}
    for span_id, field_id, value in _rows(connection, _FIELD_VALUES, document_ids):
        values.setdefault(span_id, {})[names.fields[field_id]] = value
    rows = _rows(connection, _SPANS, document_ids)
    split = _fragments(connection, [row[1] for row in rows if row[-1] != row[-2]])
    for (
        document_id, row_id, label_id, state, origin, quote, run_id, score, reason, actor_id,
        note, is_flagged, analyst_id, decided_at, start, end, last,
    ) in rows:  # fmt: skip
        yield (
            document_id,
            ExchangeSpan(
                str(row_id),
                *names.labels[label_id],
                (Fragment(start, end),) if end == last else split.get(row_id, ()),
                _STATES[state],
                _ORIGINS[origin],
                quote,
                names.runs.get(run_id),
                score,
                reason,
                names.actors.get(actor_id),
                values.get(row_id, {}),
                note,
                bool(is_flagged),
                names.analysts.get(analyst_id),
                decided_at,
                None if actor_id is None else str(actor_id),
            ),
        )


def _fragments(connection: Connection, span_ids: Sequence[int]) -> dict[int, tuple[Fragment, ...]]:
    """Return the fragments of spans that have several."""
    found: dict[int, tuple[Fragment, ...]] = {}
    for span_id, start, end in _rows(connection, _FRAGMENTS, span_ids) if span_ids else ():
        found[span_id] = (*found.get(span_id, ()), Fragment(start, end))
    return found


def _links(
    connection: Connection, document_ids: Sequence[int], names: _Names, include: Collection[State]
) -> dict[int, list[ExchangeLink]]:
    """Return the links of a lot in these states by document, each list by id."""
    found: dict[int, list[ExchangeLink]] = {}
    for (
        row_id, document_id, type_id, from_id, to_id, state, origin, score, run_id, analyst_id, decided_at,
    ) in _rows(connection, _LINKS, document_ids):  # fmt: skip
        if _STATES[state] in include:
            link = ExchangeLink(
                id=str(row_id),
                type=names.link_types[type_id],
                from_id=str(from_id),
                to_id=str(to_id),
                state=_STATES[state],
                origin=_ORIGINS[origin],
                suggester=names.runs.get(run_id),
                score=score,
                analyst=names.analysts.get(analyst_id),
                decided_at=decided_at,
            )
            found.setdefault(document_id, []).append(link)
    return found


def _stretches(connection: Connection, document_ids: Sequence[int]) -> dict[int, list[ExchangeStretch]]:
    """Return the pages and excluded parts of a lot by document, each list in text order."""
    found: dict[int, list[ExchangeStretch]] = {}
    for document_id, *values in _rows(connection, _STRETCHES, document_ids):
        found.setdefault(document_id, []).append(ExchangeStretch(*values))
    return found


def _document(
    record: DocumentRecord,
    text: str,
    spans: Sequence[ExchangeSpan],
    links: Sequence[ExchangeLink],
    reviewed: Sequence[Fragment],
    stretches: Sequence[ExchangeStretch],
) -> ExchangeDocument:
    return ExchangeDocument(
        title=record.title,
        text=text,
        id=str(record.id),
        source=record.source,
        date=record.date,
        language=record.language,
        encoding=record.encoding,
        sha256=record.sha256,
        meta=record.meta,
        spans=tuple(spans),
        links=tuple(links),
        reviewed=tuple(reviewed),
        stretches=tuple(stretches),
        where=record.title,
    )
