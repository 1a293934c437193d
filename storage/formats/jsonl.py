"""JSON Lines: one document a line, with everything in it. Reads and writes; a round trip loses nothing.

A line that Sayso writes has the keys `id`, `title`, `text`, `sha256`, `language`, `source`, `date`, `encoding`, `meta`,
`spans`, `links`, `reviewed` and, where there are any, `stretches` (pages and excluded parts), in this order. Offsets
are code points, half-open. A span's `quote` is its fragments joined by one blank; an empty value may be left out. On
reading, any further key of a line goes into `meta`, so that lines of `text` and whatever else describe documents too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TextIO

from storage.errors import RefusedInputError
from storage.formats.atomic import atomic_writer
from storage.formats.exchange import ExchangeDocument, ExchangeLink, ExchangeSpan, ExchangeStretch
from storage.formats.jsonl_line import document_from, named
from storage.formats.naming import display_name
from storage.text import lone_surrogate, quote_of, sha256_of

if TYPE_CHECKING:
    from storage.formats.registry import WriteContext

#: A line takes several times its size in memory; the largest text (64 MB) with 100,000 spans fits.
MAX_LINE_BYTES = 256 * 1024 * 1024

_ESCAPES_OF_HARM = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
_ESCAPED_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
_MARK = b"\xef\xbb\xbf"
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")

#: JSON allows them bare, but they end lines for many programs that read "lines".
_LINE_ENDS = {end: f"\\u{ord(end):04x}" for end in "\x85\u2028\u2029"}


def read(path: Path, *, encoding: str | None = None) -> Iterator[ExchangeDocument]:
    """Yield the documents of a JSON Lines file one by one; empty lines are passed over.

    Memory holds one line and the ids. `encoding` has no say: JSON is UTF-8.

    Raises:
        RefusedInputError: at the first line that is broken, naming it and why; also when there is no document at all.
        OSError: the file cannot be read (`folder.read_file` turns it into a sentence).
    """
    del encoding
    name = display_name(path)
    lines_by_id: dict[str, int] = {}
    count = 0
    with path.open("rb") as stream:
        for number, line in _lines(stream, name):
            where = f"{name}, line {number:,}"
            document = _document(line, where, f"{Path(name).stem}, line {number:,}")
            if document.id is not None:
                first = lines_by_id.setdefault(document.id, number)
                if first != number:
                    raise RefusedInputError(
                        f"{where}: the id {named(document.id)} is that of line {first:,} too: give each its own."
                    )
            count += 1
            yield document
    if not count:
        raise RefusedInputError(f"{name} is empty: there is nothing to import, so leave it out.")


def write(documents: Iterable[ExchangeDocument], path: Path, context: WriteContext | None = None) -> int:
    """Write a JSON Lines file, whole or not at all; return the number of documents.

    Raises:
        StorageFullError: the file cannot be written.
    """
    del context
    with atomic_writer(path) as stream:
        return write_lines(documents, stream)


def write_lines(documents: Iterable[ExchangeDocument], stream: TextIO) -> int:
    """Write one line per document to a UTF-8 stream that leaves line ends alone; return their number."""
    count = 0
    for document in documents:
        line = json.dumps(_document_to_json(document), ensure_ascii=False, allow_nan=False)
        for end, escape in _LINE_ENDS.items():
            line = line.replace(end, escape)
        stream.write(line)
        stream.write("\n")
        count += 1
    return count


def _lines(stream: IO[bytes], name: str) -> Iterator[tuple[int, bytes]]:
    """Yield the lines that are not empty with their numbers, from 1. Nothing but a line feed ends a line."""
    number = 0
    while line := stream.readline(MAX_LINE_BYTES + 1):
        number += 1
        if number == 1:
            if line.startswith(_WIDE_MARKS):
                raise RefusedInputError(f"{name} begins with the mark of UTF-16 or UTF-32: save it as UTF-8.")
            line = line.removeprefix(_MARK)
        if len(line) > MAX_LINE_BYTES:
            raise RefusedInputError(
                f"{name}, line {number:,}: longer than {MAX_LINE_BYTES // 2**20} MB, the most for one document."
            )
        if line.strip():
            yield number, line.rstrip(b"\r\n")


def _document(line: bytes, where: str, fallback_title: str) -> ExchangeDocument:
    try:
        return document_from(_parse(line, where), where=where, fallback_title=fallback_title)
    except RecursionError as error:
        raise RefusedInputError(f"{where}: it has lists within lists without end, as no document does.") from error


def _parse(line: bytes, where: str) -> object:
    """Return what the JSON of one line says."""
    try:
        data: object = json.loads(line.decode("utf-8"), parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        raise RefusedInputError(
            f"{where}: not UTF-8 at byte {error.start + 1:,} of the line: save the file as UTF-8."
        ) from error
    except json.JSONDecodeError as error:
        raise RefusedInputError(
            f"{where}: not JSON at character {error.colno:,} ({error.msg.lower()}): correct the line, or take it out."
        ) from error
    except ValueError as error:
        raise RefusedInputError(
            f"{where}: it has a number that JSON does not have (NaN, Infinity) or of thousands of digits."
        ) from error
    if _ESCAPES_OF_HARM.search(line):
        _refuse_harmful_strings(data, where)
    return data


def _refuse_constant(constant: str) -> None:
    raise ValueError(constant)


def _refuse_harmful_strings(data: object, where: str) -> None:
    """Refuse NUL characters and halves of characters anywhere in the line, which only escapes can bring in."""
    for key, value in data.items() if isinstance(data, dict) else [("", data)]:
        plain = json.dumps({key: value}, ensure_ascii=False)
        pos_cp = lone_surrogate(plain)
        if pos_cp is not None:
            what = f"half a character (\\u{ord(plain[pos_cp]):04x})"
        elif _ESCAPED_NUL.search(plain):
            what = "a NUL character (\\u0000)"
        else:
            continue
        shown = key.encode("utf-8", "replace").decode("utf-8")
        raise RefusedInputError(f"{where}: “{shown}” has {what}, which no text has: write the file anew, as UTF-8.")


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
        "meta": dict(document.meta),
        "spans": [_span_to_json(span, document.text) for span in document.spans],
        "links": [_link_to_json(link) for link in document.links],
        "reviewed": document.reviewed,
    }
    if document.stretches:
        data["stretches"] = [_stretch_to_json(stretch) for stretch in document.stretches]
    return data


def _span_to_json(span: ExchangeSpan, text: str) -> dict[str, Any]:
    return {
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
        "fields": dict(span.fields),
        "note": span.note,
        "analyst": span.analyst,
        "decided_at": span.decided_at,
        "reason": span.reason,
        "flagged": span.is_flagged,
    }


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
