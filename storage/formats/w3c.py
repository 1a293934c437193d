"""W3C Web Annotations as JSON-LD: a folder with each document as a text and, beside it, a page of annotations of it.

A selector counts code points, as the recommendation wants, and repeats the words; where a program counted UTF-16, the
words tell. What the vocabulary has no word for (kind, state, fields, reviewed stretches) stands as one JSON value
under `sayso`, which other programs pass over.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote as percent_encoded

from storage.formats.atomic import atomic_folder
from storage.formats.exchange import ExchangeDocument, ExchangeLink, ExchangeSpan, LeftOut
from storage.formats.foreign import holds_only, read_each
from storage.formats.naming import FileNames
from storage.formats.w3c_reading import documents_of
from storage.records import Fragment, Origin, State
from storage.text import sha256_of

if TYPE_CHECKING:
    from storage.formats.interface import WriteContext

CONTEXT = ["http://www.w3.org/ns/anno.jsonld", {"sayso": {"@id": "urn:x-sayso:data", "@type": "@json"}}]
_AROUND_CP = 32


def recognises(path: Path, head: bytes) -> bool:
    """Say whether a folder holds pages of annotations and their texts and nothing else; by name where it is a file."""
    if not path.is_dir():
        return b"anno.jsonld" in head or b"ns/oa" in head or b'"Annotation"' in head
    stems = {file.stem for file in path.glob("*.jsonld")}
    return holds_only(path, [".jsonld"], also=[f"{stem}.txt" for stem in stems])


def read(path: Path, *, encoding: str | None = None) -> Iterator[ExchangeDocument | LeftOut]:
    """Yield the documents that a page of annotations, or each page in a folder, speaks of.

    A text comes from the page itself or from a file in the same folder; nothing is fetched. `encoding` is that of the
    texts. Without a position, the words of a selector are looked for.

    Raises:
        RefusedInputError: a page is no JSON, its text is not there, or a selector finds nothing or too much.
        OSError: a file cannot be read.
    """
    yield from read_each(path, lambda file: documents_of(file, encoding), ".jsonld")


def write(documents: Iterable[ExchangeDocument], path: Path, context: WriteContext) -> int:
    """Write a folder of two files a document, whole or not at all; return how many documents.

    Raises:
        StorageFullError: the folder cannot be written, or is not empty.
    """
    del context
    names, written = FileNames(), 0
    with atomic_folder(path) as folder:
        for document in documents:
            written += 1
            stem = names.of(document.title)
            mark = "\ufeff" if document.text.startswith("\ufeff") else ""  # readers take one away
            with (folder / f"{stem}.txt").open("w", encoding="utf-8", newline="") as stream:
                stream.write(mark + document.text)
            with (folder / f"{stem}.jsonld").open("w", encoding="utf-8", newline="") as stream:
                page = _Page(document, f"{stem}.txt").to_json()
                json.dump(page, stream, ensure_ascii=False, allow_nan=False, indent=1)
    return written


class _Page:
    """Makes the annotations of one document; the same document makes the same page each time."""

    def __init__(self, document: ExchangeDocument, file_name: str) -> None:
        self._document = document
        self._source = percent_encoded(file_name)
        self._space = uuid.uuid5(uuid.NAMESPACE_OID, f"{document.id}:{sha256_of(document.text)}")

    def to_json(self) -> dict[str, Any]:
        """Return the whole page."""
        document = self._document
        about = {
            "title": document.title,
            "source": document.source,
            "date": document.date,
            "language": document.language,
            "encoding": document.encoding,
            "meta": dict(document.meta),
            "reviewed": document.reviewed,
            "stretches": [
                {"kind": part.kind, "start": part.start_cp, "end": part.end_cp, "value": part.value}
                for part in document.stretches
            ],
        }
        return {
            "@context": CONTEXT,
            "id": self._space.urn,
            "type": "AnnotationPage",
            "sayso": {name: value for name, value in about.items() if value},
            "items": [
                *(self._of_span(span) for span in document.spans),
                *(self._of_link(link) for link in document.links),
            ],
        }

    def _id(self, kind: str, local: str) -> str:
        return uuid.uuid5(self._space, f"{kind}:{local}").urn

    def _of_span(self, span: ExchangeSpan) -> dict[str, Any]:
        bodies = [("classifying", span.label), ("identifying", span.actor), ("commenting", span.note)]
        own = {"kind": span.kind.value, **_decision(span), "reason": span.reason, "flagged": span.is_flagged}
        own["fields"] = dict(span.fields)
        targets = [self._target(fragment) for fragment in span.fragments]
        return {
            "id": self._id("span", span.id),
            "type": "Annotation",
            "motivation": "classifying",
            "body": [_textual(purpose, value) for purpose, value in bodies if value],
            "target": targets[0] if len(targets) == 1 else {"type": "Composite", "items": targets},
            **_people(span),
            "sayso": {name: value for name, value in own.items() if value or (name == "score" and value is not None)},
        }

    def _of_link(self, link: ExchangeLink) -> dict[str, Any]:
        end = {"type": "SpecificResource", "source": self._id("span", link.to_id), "purpose": "linking"}
        own = {name: value for name, value in _decision(link).items() if value is not None}
        return {
            "id": self._id("link", link.id),
            "type": "Annotation",
            "motivation": "linking",
            "body": [end, _textual("tagging", link.type)],
            "target": self._id("span", link.from_id),
            **_people(link),
            **({"sayso": own} if own else {}),
        }

    def _target(self, fragment: Fragment) -> dict[str, Any]:
        text = self._document.text
        start_cp, end_cp = fragment
        words = {
            "type": "TextQuoteSelector",
            "exact": text[start_cp:end_cp],
            "prefix": text[max(start_cp - _AROUND_CP, 0) : start_cp],
            "suffix": text[end_cp : end_cp + _AROUND_CP],
        }
        position = {"type": "TextPositionSelector", "start": start_cp, "end": end_cp}
        return {"type": "SpecificResource", "source": self._source, "selector": [position, words]}


def _textual(purpose: str, value: str) -> dict[str, str]:
    return {"type": "TextualBody", "purpose": purpose, "value": value}


def _people(item: ExchangeSpan | ExchangeLink) -> dict[str, Any]:
    """Return who decided and when, and what proposed it, in the words of the recommendation."""
    found: dict[str, Any] = {}
    if item.analyst:
        found["creator"] = {"type": "Person", "name": item.analyst}
    if item.decided_at:
        found["created"] = item.decided_at
    if item.suggester:
        found["generator"] = {"type": "Software", "name": item.suggester}
    return found


def _decision(item: ExchangeSpan | ExchangeLink) -> dict[str, Any]:
    return {
        "state": None if item.state == State.CONFIRMED else item.state.value,
        "origin": None if item.origin == Origin.IMPORT else item.origin.value,
        "score": item.score,
    }
