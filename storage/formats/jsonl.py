"""JSON Lines: one document a line, with everything in it. Reads and writes; a round trip loses nothing.

A line that Sayso writes has the keys `id`, `title`, `text`, `sha256`, `language`, `source`, `date`, `encoding`, `meta`,
`spans`, `links`, `reviewed` and, where there are any, `stretches` (pages and excluded parts), in this order. Offsets
are code points, half-open. A span's `quote` is its fragments joined by one blank; an empty value may be left out. On
reading, any further key of a line goes into `meta`, so that lines of `text` and whatever else describe documents too.
The first line has `project` besides, codebook and registry (`jsonl_project`), unless the option says without.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TextIO

from storage.errors import RefusedInputError
from storage.formats.atomic import atomic_writer
from storage.formats.exchange import ExchangeDocument, ExchangeLink, ExchangeProject, ExchangeSpan, ExchangeStretch
from storage.formats.json_lines import check_numbers, line_of, parsed, raw_lines
from storage.formats.json_object import named
from storage.formats.jsonl_line import document_from
from storage.formats.jsonl_project import PROJECT, is_project, project_from, project_to_json
from storage.formats.naming import display_name
from storage.text import quote_of, sha256_of

if TYPE_CHECKING:
    from storage.formats.interface import WriteContext


def read(path: Path, *, encoding: str | None = None) -> Iterator[ExchangeDocument]:
    """Yield the documents of a JSON Lines file one by one; empty lines are passed over.

    Memory holds one line and the ids. `encoding` has no say: JSON is UTF-8.

    Raises:
        RefusedInputError: at the first line that is broken, naming it and why; also when there is no document at all.
        OSError: the file cannot be read (`folder.read_file` turns it into a sentence).
    """
    with path.open("rb") as stream:
        yield from read_stream(stream, display_name(path), encoding=encoding)


def read_stream(stream: IO[bytes], name: str, *, encoding: str | None = None) -> Iterator[ExchangeDocument]:
    """Yield the documents of a stream of JSON Lines, as `read` does those of a file."""
    del encoding
    lines_by_id: dict[str, int] = {}
    project: ExchangeProject | None = None
    count = 0
    for number, line in raw_lines(stream, name):
        where = f"{name}, line {number:,}"
        data = parsed(line, where)
        if isinstance(data, dict) and is_project(data.get(PROJECT)):
            project = project_from(data.pop(PROJECT), where)
        document = _document(data, where, f"{Path(name).stem}, line {number:,}")
        if document.id is not None:
            first = lines_by_id.setdefault(document.id, number)
            if first != number:
                raise RefusedInputError(
                    f"{where}: the id {named(document.id)} is that of line {first:,} too: give each its own."
                )
        count += 1
        yield document if project is None else replace(document, project=project)
    if not count:
        raise RefusedInputError(f"{name} is empty: there is nothing to import, so leave it out.")


def write(documents: Iterable[ExchangeDocument], path: Path, context: WriteContext | None = None) -> int:
    """Write a JSON Lines file, whole or not at all; return the number of documents.

    Raises:
        StorageFullError: the file cannot be written.
    """
    is_with = context is not None and context.options.get("project") == "with"
    with atomic_writer(path) as stream:
        return write_lines(documents, stream, context if is_with else None)


def write_lines(documents: Iterable[ExchangeDocument], stream: TextIO, project: WriteContext | None = None) -> int:
    """Write one line per document to a UTF-8 stream that leaves line ends alone; return their number."""
    count = 0
    for count, document in enumerate(documents, 1):
        data = _document_to_json(document)
        if project is not None and count == 1:
            data[PROJECT] = project_to_json(project)
        stream.write(line_of(data))
    return count


def _document(data: object, where: str, fallback_title: str) -> ExchangeDocument:
    try:
        return document_from(data, where=where, fallback_title=fallback_title)
    except RecursionError as error:
        raise RefusedInputError(f"{where}: it has lists within lists without end, as no document does.") from error


def _document_to_json(document: ExchangeDocument) -> dict[str, Any]:
    data = {
        "id": document.id,
        "title": document.title,
        "text": document.text,
        "sha256": document.sha256 or sha256_of(document.text),
        "language": document.language,
        "source": document.source,
        "date": document.date,
        "encoding": document.encoding,
        "meta": _checked(dict(document.meta)),
        "spans": [_span_to_json(span, document.text) for span in document.spans],
        "links": [_link_to_json(link) for link in document.links],
        "reviewed": document.reviewed,
    }
    if document.stretches:
        data["stretches"] = [_stretch_to_json(stretch) for stretch in document.stretches]
    return data


def _checked(meta: dict[str, Any]) -> dict[str, Any]:
    if meta:
        check_numbers(meta)
    return meta


def _span_to_json(span: ExchangeSpan, text: str) -> dict[str, Any]:
    data = {
        "id": span.id,
        "kind": span.kind,
        "label": span.label,
        "fragments": span.fragments,
        "quote": quote_of(text, span.fragments),
        "state": span.state,
        "origin": span.origin,
        "suggester": span.suggester,
        "score": span.score,
        "actor": span.actor,
        "fields": span.fields,
        "note": span.note,
        "analyst": span.analyst,
        "decided_at": span.decided_at,
        "reason": span.reason,
        "flagged": span.is_flagged,
    }
    if span.actor_id is not None:
        data["actor_id"] = span.actor_id
    return data


def _link_to_json(link: ExchangeLink) -> dict[str, Any]:
    return {
        "id": link.id,
        "type": link.type,
        "from": link.from_id,
        "to": link.to_id,
        "state": link.state,
        "score": link.score,
        "origin": link.origin,
        "suggester": link.suggester,
        "analyst": link.analyst,
        "decided_at": link.decided_at,
    }


def _stretch_to_json(stretch: ExchangeStretch) -> dict[str, Any]:
    return {"kind": stretch.kind, "start": stretch.start_cp, "end": stretch.end_cp, "value": stretch.value}
