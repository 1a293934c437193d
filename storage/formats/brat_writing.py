"""A folder for brat: a text and an .ann file for each document, and the configuration with which brat shows them.

A span is a text-bound annotation with its fragments, a link a relation, fields are attributes, a note a note, and the
actor of a mention a reference to a database named after the project. With the option `claims` = `events`, a claim
with its cues, speakers and targets is an event instead, as in PARC and PolNeAR.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from typing import TYPE_CHECKING
from urllib.parse import quote

from storage.formats.atomic import atomic_folder
from storage.formats.brat_config import FLAGGED, Types
from storage.formats.brat_rows import quoted
from storage.formats.brat_spans import EVENT_FIELD
from storage.formats.exchange import ExchangeDocument, ExchangeLink, ExchangeSpan
from storage.formats.naming import FileNames
from storage.records import Fragment, LabelKind

if TYPE_CHECKING:
    from pathlib import Path

    from storage.formats.interface import WriteContext

#: Which roles of an event the links of a claim are.
_ROLES = {"cue": "Cue", "speaker": "Source", "target": "Target"}


def write(documents: Iterable[ExchangeDocument], path: Path, context: WriteContext) -> int:
    """Write a new folder, whole or not at all; return the number of documents.

    Raises:
        StorageFullError: the folder is there already and not empty, or cannot be written.
    """
    types = Types(context.losses)
    names = FileNames()
    has_events = context.options.get("claims") == "events"
    number = 0
    with atomic_folder(path) as folder:
        for document in documents:
            number += 1
            stem = names.of(document.title).replace(" ", "_")
            rows = _Rows(document, types, has_events=has_events)
            _write(folder / f"{stem}.txt", document.text)
            _write(folder / f"{stem}.ann", "".join(f"{row}\n" for row in rows.rows()))
        _write(folder / "annotation.conf", types.annotation_conf())
        _write(folder / "visual.conf", types.visual_conf())
    return number


def _write(path: Path, text: str) -> None:
    with path.open("x", encoding="utf-8", newline="") as stream:
        stream.write(text)


class _Rows:
    """Writes the rows of one document."""

    def __init__(self, document: ExchangeDocument, types: Types, *, has_events: bool) -> None:
        self._document = document
        self._types = types
        self._ids = {span.id: f"T{number}" for number, span in enumerate(document.spans, start=1)}
        self._spans = {span.id: span for span in document.spans}
        self._in_events: dict[str, list[ExchangeLink]] = {}
        if has_events:
            for link in document.links:
                if link.type in _ROLES and self._spans[link.from_id].kind is LabelKind.CLAIM:
                    self._in_events.setdefault(link.from_id, []).append(link)

    def rows(self) -> Iterator[str]:
        """Yield the rows: spans, events, relations, and what is said of spans."""
        for span in self._document.spans:
            yield self._text_bound(self._ids[span.id], self._label(span), span.fragments)
        yield from self._events()
        yield from self._relations()
        yield from self._remarks()

    def _label(self, span: ExchangeSpan) -> str:
        return self._types.label(span.kind, span.label)

    def _text_bound(self, row_id: str, type_: str, fragments: Iterable[Fragment]) -> str:
        """Return the row of a span. Its words are on one line, as brat has them: white space is written as blanks."""
        text = self._document.text
        ranges = ";".join(f"{start} {end}" for start, end in fragments)
        words = " ".join(" ".join(text[start:end].split()) for start, end in fragments)
        return f"{row_id}\t{type_} {ranges}\t{words}"

    def _events(self) -> Iterator[str]:
        triggers = count(len(self._ids) + 1)
        for number, (claim_id, links) in enumerate(self._in_events.items(), start=1):
            claim = self._spans[claim_id]
            cues = [self._spans[link.to_id] for link in links if link.type == "cue"]
            has_source = any(link.type == "speaker" for link in links)
            usual = "Attribution" if has_source else "Attribution-no-source"
            arguments = dict(_numbered([("Content", claim_id), *((_ROLES[x.type], x.to_id) for x in links)]))
            type_ = self._types.event(
                claim.fields.get(EVENT_FIELD, usual), [role.rstrip("0123456789") for role in arguments]
            )
            trigger = f"T{next(triggers)}"
            yield self._text_bound(trigger, type_, (cues[0] if cues else claim).fragments)
            told = " ".join(f"{role}:{self._ids[span_id]}" for role, span_id in arguments.items())
            yield f"E{number}\t{type_}:{trigger} {told}"

    def _relations(self) -> Iterator[str]:
        inside = {link.id for links in self._in_events.values() for link in links}
        links = (link for link in self._document.links if link.id not in inside)
        for number, link in enumerate(links, start=1):
            ends = self._label(self._spans[link.from_id]), self._label(self._spans[link.to_id])
            type_ = self._types.link(link.type, *ends)
            yield f"R{number}\t{type_} Arg1:{self._ids[link.from_id]} Arg2:{self._ids[link.to_id]}\t"

    def _remarks(self) -> Iterator[str]:
        numbers = {letter: count(1) for letter in "AN#"}
        for span in self._document.spans:
            row_id = self._ids[span.id]
            for name, value in self._fields(span).items():
                type_ = self._types.field(name, value)
                yield f"A{next(numbers['A'])}\t{type_} {row_id} {quoted(value)}"
            if span.is_flagged:
                yield f"A{next(numbers['A'])}\t{FLAGGED} {row_id}"
            if span.actor is not None:
                key = quote(span.actor, safe="")
                yield f"N{next(numbers['N'])}\tReference {row_id} Sayso:{key}\t{quoted(span.actor)}"
            if span.note:
                yield f"#{next(numbers['#'])}\tAnnotatorNotes {row_id}\t{quoted(span.note)}"

    def _fields(self, span: ExchangeSpan) -> Mapping[str, str]:
        """Return the values that are attributes; that of an event is its type."""
        left_out = {EVENT_FIELD} if span.id in self._in_events else set()
        return {name: value for name, value in span.fields.items() if value and name not in left_out}


def _numbered(arguments: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield the arguments of an event with the roles that come several times numbered, as brat wants them."""
    seen: dict[str, int] = {}
    for role, span_id in arguments:
        seen[role] = seen.get(role, 0) + 1
        yield role if seen[role] == 1 else f"{role}{seen[role]}", span_id
