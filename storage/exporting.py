"""Reading documents out of a project for files, one after the other, so that memory does not grow with them."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqlalchemy import select

from storage import tables as t
from storage.formats.exchange import ExchangeDocument, ExchangeLink, ExchangeSpan
from storage.project import Project
from storage.queries import actors, analysts, codebook, document_content, fields_of, is_listed, runs
from storage.records import Codebook, DocumentContent, Fragment, LinkRecord, SpanRecord, State

ALL_STATES = frozenset(State)


def count_documents(project: Project) -> int:
    """Return how many documents an export would hold."""
    return len(_listed(project))


def export_documents(project: Project, include: Collection[State] = ALL_STATES) -> Iterator[ExchangeDocument]:
    """Yield every document in list order with its spans and links in these states.

    A link whose span is not included is left out with it. Each document is read whole and consistently.

    Raises:
        ProjectOpenError: a text or a span is not what was stored: the file is damaged.
    """
    reader = _Reader(project, frozenset(include))
    for document_id in _listed(project):
        yield reader.read(document_id)


def _listed(project: Project) -> list[int]:
    query = select(t.Document.id).where(is_listed()).order_by(t.Document.position, t.Document.id)
    with project.reading() as connection:
        return list(connection.execute(query).scalars())


class _Reader:
    """The names behind the ids of one project, read once."""

    def __init__(self, project: Project, include: frozenset[State]) -> None:
        self._project = project
        self._include = include
        self._codebook: Codebook = codebook(project)
        self._labels = {label.id: label for label in self._codebook.labels}
        self._link_types = {link_type.id: link_type.code for link_type in self._codebook.link_types}
        self._fields = {field.id: field.name for field in self._codebook.fields}
        self._actors = {actor.id: actor.name for actor in actors(project)}
        self._analysts = analysts(project)
        self._runs = {run.id: run.suggester for run in runs(project).values()}

    def read(self, document_id: int) -> ExchangeDocument:
        """Return one document as files hold it."""
        content = document_content(self._project, document_id)
        spans = [span for span in content.spans if span.state in self._include]
        fields = fields_of(self._project, [span.id for span in spans])
        ids = {span.id for span in spans}
        links = [
            link for link in content.links if link.state in self._include and link.from_id in ids and link.to_id in ids
        ]
        return self._document(
            content,
            tuple(self._span(span, fields.get(span.id, {})) for span in spans),
            tuple(self._link(link) for link in links),
        )

    def _document(
        self, content: DocumentContent, spans: tuple[ExchangeSpan, ...], links: tuple[ExchangeLink, ...]
    ) -> ExchangeDocument:
        record = content.document
        return ExchangeDocument(
            title=record.title,
            text=content.text,
            id=str(record.id),
            source=record.source,
            date=record.date,
            language=record.language,
            encoding=record.encoding,
            sha256=record.sha256,
            meta=record.meta,
            spans=spans,
            links=links,
            reviewed=tuple(Fragment(stretch.start_cp, stretch.end_cp) for stretch in content.reviewed),
            where=record.title,
        )

    def _span(self, span: SpanRecord, fields: dict[int, str]) -> ExchangeSpan:
        label = self._labels[span.label_id]
        return ExchangeSpan(
            id=str(span.id),
            kind=label.kind,
            label=label.name,
            fragments=span.fragments,
            state=span.state,
            origin=span.origin,
            quote=span.quote,
            suggester=self._runs.get(span.run_id) if span.run_id is not None else None,
            score=span.score,
            reason=span.reason,
            actor=self._actors.get(span.actor_id) if span.actor_id is not None else None,
            fields={self._fields[field_id]: value for field_id, value in fields.items()},
            note=span.note,
            is_flagged=span.is_flagged,
            analyst=self._analysts.get(span.analyst_id) if span.analyst_id is not None else None,
            decided_at=span.decided_at,
        )

    def _link(self, link: LinkRecord) -> ExchangeLink:
        return ExchangeLink(
            id=str(link.id),
            type=self._link_types[link.type_id],
            from_id=str(link.from_id),
            to_id=str(link.to_id),
            state=link.state,
            origin=link.origin,
            suggester=self._runs.get(link.run_id) if link.run_id is not None else None,
            score=link.score,
            analyst=self._analysts.get(link.analyst_id) if link.analyst_id is not None else None,
            decided_at=link.decided_at,
        )
