"""doccano's JSON Lines: texts with labels, or with entities and relations. Reads and writes.

doccano counts in the browser, so offsets are UTF-16 units (v-annotator, `Text.ts`); in projects with "count grapheme
clusters as one character" they are graphemes, and files made by scripts often hold code points. Which it is shows
where spans would begin or end with white space or within a character. Lines of one text (one for each member of a
project) become one document.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from storage.formats import json_metadata
from storage.formats.atomic import atomic_writer
from storage.formats.exchange import ExchangeDocument, ExchangeLink, ExchangeSpan
from storage.formats.json_lines import Line, first_object, line_of, read_groups
from storage.formats.json_object import JsonObject, named
from storage.formats.mapping import guess_kind
from storage.formats.naming import title_of
from storage.formats.offsets import Offsets, Unit, likely_unit, placed
from storage.formats.parts import apart, together
from storage.formats.units import Utf16Offsets
from storage.text import check_text, quote_of

if TYPE_CHECKING:
    from storage.formats.interface import WriteContext

_UNITS = (Unit.UTF16, Unit.CODE_POINT, Unit.GRAPHEME)
_LABELS = ("label", "labels")
_OURS = ("id", "text", "data", "entities", "relations", *_LABELS)


class _Entity(NamedTuple):
    """A span as the file has it: its own id, where messages find it, its range in whatever unit, its label."""

    id: str | None
    where: str
    start: int
    end: int
    label: str


def recognises(path: Path, head: bytes) -> bool:
    """Say whether the first line is a text with labels as triples, or with entities that have offsets."""
    line = first_object(path, head)
    if not isinstance(line.get("text", line.get("data")), str):
        return False
    entities = line.get("entities")
    if isinstance(entities, list) and all(isinstance(item, dict) and "start_offset" in item for item in entities):
        return bool(entities) or "relations" in line
    labels = next((line[key] for key in _LABELS if key in line), None)
    return isinstance(labels, list) and all(_is_triple(item) for item in labels) and "spans" not in line


def read(path: Path, *, encoding: str | None = None) -> Iterator[ExchangeDocument]:
    """Yield one document for each text. The file is read twice.

    Raises:
        RefusedInputError: naming the line and what is wrong there.
        OSError: the file cannot be read.
    """
    del encoding
    for lines in read_groups(path, _text):
        text = _text(lines[0].data)
        check_text(text, where=f"{lines[0].where}: its “text”")
        spans: list[ExchangeSpan] = []
        links: dict[tuple[str, str, str], ExchangeLink] = {}
        abouts = []
        for line in lines:
            ids = _take_spans(line, text, spans)
            _take_links(line, ids, links)
            abouts.append(json_metadata.heard(line.data.rest, left_out=_OURS, where=line.where))
        about = json_metadata.joined(abouts)
        title = about.pop("title", "")
        document = ExchangeDocument(
            title=title if title.strip() else title_of(text, lines[0].title),
            text=text,
            spans=tuple(spans),
            links=tuple(links.values()),
            where=lines[0].where,
            **about,
        )
        yield together(document)


def _text(line: JsonObject) -> str:
    text = line.rest.get("text", line.rest.get("data"))
    if not isinstance(text, str):
        line.refuse("text", f"must be the text of the document, not {named(text)}")
    return text


def _is_triple(item: object) -> bool:
    return isinstance(item, list) and len(item) == 3 and [type(part) for part in item] == [int, int, str]


def _take_spans(line: Line, text: str, spans: list[ExchangeSpan]) -> dict[str, str]:
    """Add the spans of a line, and return their ids by those of the file."""
    entities = [*_triples(line), *_entities(line)]
    ranges = [(entity.start, entity.end) for entity in entities]
    offsets = Offsets(text, likely_unit(text, ranges, _UNITS))
    known = {(span.fragments, span.label): span.id for span in spans}
    ids: dict[str, str] = {}
    for entity in entities:
        place = (entity.start, entity.end)
        fragments = placed(text, offsets.ranges([place]) or [place], where=entity.where)
        key = fragments, entity.label
        if key not in known or (entity.id is not None and known[key] in ids.values()):
            known[key] = str(len(spans) + 1)
            spans.append(
                ExchangeSpan(
                    id=known[key],
                    kind=guess_kind(entity.label),
                    label=entity.label,
                    fragments=fragments,
                    quote=quote_of(text, fragments),
                )
            )
        if entity.id is not None:
            if entity.id in ids:
                line.data.refuse("entities", f"has the id {entity.id} twice")
            ids[entity.id] = known[key]
    return ids


def _triples(line: Line) -> Iterator[_Entity]:
    for key in _LABELS:
        labels = line.data.rest.get(key)
        for index, item in enumerate(labels if isinstance(labels, list) else ()):
            if isinstance(item, str):  # the categories of a whole text are metadata
                line.data.rest.setdefault("categories", []).append(item)
            elif not _is_triple(item) or not item[2].strip():
                line.data.refuse(f"{key}[{index}]", f"must be [start, end, label], not {named(item)}")
            else:
                yield _Entity(None, f"{line.where}, {key}[{index}]", *item)


def _entities(line: Line) -> Iterator[_Entity]:
    for index, item in enumerate(line.data.each("entities")):
        where = f"{line.where}, entities[{index}]"
        key = _key(item, "id") if "id" in item.rest else None
        yield _Entity(key, where, item.offset("start_offset"), item.offset("end_offset"), item.required("label"))


def _take_links(line: Line, ids: dict[str, str], links: dict[tuple[str, str, str], ExchangeLink]) -> None:
    for item in line.data.each("relations"):
        start, end = (_end(item, key, ids) for key in ("from_id", "to_id"))
        if start == end:
            item.refuse("from_id", "and “to_id” are the same span")
        type_ = item.required("type")
        links.setdefault((type_, start, end), ExchangeLink(str(len(links) + 1), type_, start, end))


def _end(item: JsonObject, key: str, ids: dict[str, str]) -> str:
    found = ids.get(_key(item, key))
    if found is None:
        item.refuse(key, f"is {named(item.rest.get(key))}, which is not the id of an entity of this line")
    return found


def _key(item: JsonObject, key: str) -> str:
    value = item.rest.get(key)
    if not isinstance(value, str | int) or isinstance(value, bool):
        item.refuse(key, f"must be a number, not {named(value)}")
    return str(value)


def write(documents: Iterable[ExchangeDocument], path: Path, context: WriteContext) -> int:
    """Write one line for each document, whole or not at all; return the number of documents.

    With the option `shape` = `labels` spans are triples, as in projects without relations, and links are lost.

    Raises:
        StorageFullError: the file cannot be written.
    """
    has_relations = context.options.get("shape") != "labels"
    numbers = count(1)
    written = 0
    with atomic_writer(path) as stream:
        for document in map(apart, documents):
            written += 1
            offsets = Utf16Offsets(document.text)
            ids = {span.id: next(numbers) for span in document.spans}
            entities = [
                {
                    "id": ids[span.id],
                    "label": span.label,
                    "start_offset": offsets.to_u16(span.fragments[0].start_cp),
                    "end_offset": offsets.to_u16(span.fragments[0].end_cp),
                }
                for span in document.spans
            ]
            line: dict[str, Any] = {"id": written, "text": document.text}
            if has_relations:
                line |= {"entities": entities, "relations": _relations(document, ids, numbers)}
            else:
                for link in document.links:
                    context.losses.add(f"“{link.type}” links", "doccano has them in projects with relations only")
                triples = [[item["start_offset"], item["end_offset"], item["label"]] for item in entities]
                line["label"] = sorted(triples, key=lambda triple: (triple[0], triple[1], str(triple[2])))
            stream.write(line_of(json_metadata.told(document) | line | {"Comments": []}))
    return written


def _relations(document: ExchangeDocument, ids: dict[str, int], numbers: Iterator[int]) -> list[dict[str, Any]]:
    return [
        {"id": next(numbers), "from_id": ids[link.from_id], "to_id": ids[link.to_id], "type": link.type}
        for link in document.links
    ]
