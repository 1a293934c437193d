"""REFI-QDA projects (.qdpx), which NVivo, ATLAS.ti, MAXQDA, QualCoder and others exchange.

A ZIP of `project.qde` (XML) and the plain text of each source. A span is a selection with one coding; the selections
of a split span are joined by links “continued by”, as ATLAS.ti calls them. Who a mention is about is a case, and so is
a span with fields, whose variables they are. Positions are code points.
"""

from __future__ import annotations

import json
import re
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO, TYPE_CHECKING, TextIO

from storage.formats.atomic import atomic_bytes_writer
from storage.formats.exchange import ExchangeDocument, ExchangeLink, ExchangeSpan, LeftOut
from storage.formats.naming import display_name
from storage.formats.refi_codes import ORIGIN, code_guid, codes_xml, guid
from storage.formats.refi_reading import CONTINUED, DOCUMENT_VARIABLES, FLAGGED, NAMESPACE, read_project
from storage.formats.xml_file import NOT_IN_XML, attributes, escaped
from storage.records import LabelRecord, Origin
from storage.text import sha256_of

if TYPE_CHECKING:
    from storage.formats.interface import WriteContext

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?")
_NAME_CP = 100
#: One date for all members: the same project makes the same bytes.
_WHEN = (1980, 1, 1, 0, 0, 0)


def read(path: Path, *, encoding: str | None = None) -> Iterator[ExchangeDocument | LeftOut]:
    """Yield the text sources of a project one by one, and the plain texts that go with its PDF files.

    A source that is no text, or whose text is not in the project, is left out by name. Codings of whole sources and
    selections without a code are not taken over; `meta` of a document says so.

    Raises:
        RefusedInputError: it is no project of REFI-QDA, a text is missing, or selections do not fit it.
        OSError: the file cannot be read.
    """
    with path.open("rb") as stream:
        yield from read_stream(stream, display_name(path), encoding=encoding)


def read_stream(stream: IO[bytes], name: str, *, encoding: str | None = None) -> Iterator[ExchangeDocument | LeftOut]:
    """Yield the documents of a stream that can seek, as `read` does; `name` is the file's."""
    del encoding  # the standard wants UTF-8
    yield from read_project(stream, name)


def write(documents: Iterable[ExchangeDocument], path: Path, context: WriteContext) -> int:
    """Write a project, whole or not at all; return how many documents it holds.

    The parts of `project.qde` are collected in files without a name beside `path`, since cases and users come first
    there; memory grows with the number of labels, actors and analysts only.

    Raises:
        StorageFullError: the file cannot be written.
    """
    written = 0
    with ExitStack() as stack, atomic_bytes_writer(path) as stream:
        archive = stack.enter_context(zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, allowZip64=True))
        parts = _Parts(context, stack, path.absolute().parent)
        for document in documents:
            written += 1
            member = parts.add(document)
            archive.writestr(_member(f"Sources/{member}"), document.text.encode("utf-8"))
        with archive.open(_member("project.qde"), "w", force_zip64=True) as qde:
            for chunk in parts.xml():
                qde.write(chunk)
        archive.close()
    return written


def _member(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _WHEN)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


class _Parts:
    """Collects the sections of a project while documents go by."""

    def __init__(self, context: WriteContext, stack: ExitStack, folder: Path) -> None:
        self._context = context
        self._labels = {(label.kind, label.name): label for label in context.codebook.labels}
        self._variables: dict[str, None] = {}
        self._users: dict[str, None] = {}
        self._actors: dict[str, list[str]] = {}
        self._is_flagged = False

        def spool() -> TextIO:
            file = tempfile.TemporaryFile("w+", encoding="utf-8", newline="", dir=folder)  # noqa: SIM115  (the stack's)
            return stack.enter_context(file)

        self._cases, self._sources, self._links = spool(), spool(), spool()

    def add(self, document: ExchangeDocument) -> str:
        """Take a document in and return the name of its text's file."""
        self._document = document
        self._key = f"{document.id}:{sha256_of(document.text)}:{document.title}"
        source = guid("source", self._key)
        known = {
            "guid": source,
            "name": self._fit(document.title, "titles"),
            "plainTextPath": f"internal://{source}.txt",
        }
        out = self._sources
        out.write(f"<TextSource{attributes(known)}>\n")
        for span in document.spans:
            self._add_span(span, out)
        values = {
            "source": document.source,
            "date": document.date,
            "language": document.language,
            "encoding": document.encoding,
            "metadata": json.dumps(dict(document.meta)) if document.meta else "",
        }
        for name, value in values.items():
            if value:
                out.write(self._value(DOCUMENT_VARIABLES[name], value))
        out.write("</TextSource>\n")
        for link in document.links:
            self._add_link(link)
        return f"{source}.txt"

    def xml(self) -> Iterator[bytes]:
        """Yield the whole of `project.qde`."""
        known = {"name": self._fit(self._context.project_name or "Project", "titles"), "origin": ORIGIN}
        yield f'<?xml version="1.0" encoding="UTF-8"?>\n<Project xmlns="{NAMESPACE}"{attributes(known)}>\n'.encode()
        users = (f"<User{attributes({'guid': guid('user', user), 'name': user})}/>\n" for user in self._users)
        yield from _section("Users", users)
        if self._labels:
            yield b"<CodeBook>\n"
            yield from _section("Codes", codes_xml(self._labels.values()))
            yield b"</CodeBook>\n"
        kinds = {"guid": "", "name": "", "typeOfVariable": "Text"}
        variables = (
            f"<Variable{attributes(kinds | {'guid': guid('variable', name), 'name': name})}/>\n"
            for name in self._variables
        )
        yield from _section("Variables", variables)
        yield from _section("Cases", _joined(self._actor_cases(), _lines(self._cases)))
        yield from _section("Sources", _lines(self._sources))
        if self._is_flagged:
            note = {"guid": guid("note", FLAGGED), "name": FLAGGED}
            about = "<PlainTextContent>Somebody wants to come back to these.</PlainTextContent>"
            yield from _section("Notes", [f"<Note{attributes(note)}>{about}</Note>\n"])
        yield from _section("Links", _lines(self._links))
        yield b"</Project>\n"

    def _add_span(self, span: ExchangeSpan, out: TextIO) -> None:
        text = self._document.text
        label = (span.kind, span.label)
        if label not in self._labels:
            self._labels[label] = LabelRecord(0, span.kind, span.label)
        if span.score is not None or span.reason or span.suggester or span.origin == Origin.SUGGESTER:
            why = "REFI-QDA knows who coded and when, and no machine"
            self._context.losses.add("scores, reasons and suggesters", why)
        by = self._by(span)
        for number, (start_cp, end_cp) in enumerate(span.fragments):
            name = " ".join(text[start_cp:end_cp].split())
            name = name if len(name) <= _NAME_CP else name[: _NAME_CP - 1] + "…"
            place = {"guid": self._selection(span.id, number), "name": name}
            place |= {"startPosition": str(start_cp), "endPosition": str(end_cp)}
            out.write(f"<PlainTextSelection{attributes(place | by)}>\n")
            if span.note and number == 0:
                out.write(f"<Description>{escaped(self._fit(span.note, 'notes'))}</Description>\n")
            coding = {"guid": guid("coding", self._key, span.id, str(number))} | by
            code = attributes({"targetGUID": code_guid(*label)})
            out.write(f"<Coding{attributes(coding)}><CodeRef{code}/></Coding>\n")
            if span.is_flagged and number == 0:
                self._is_flagged = True
                out.write(f"<NoteRef{attributes({'targetGUID': guid('note', FLAGGED)})}/>\n")
            out.write("</PlainTextSelection>\n")
            if number:
                ends = (self._selection(span.id, number - 1), place["guid"])
                self._write_link(guid("part", *ends), CONTINUED, *ends)
        if span.actor:
            self._actors.setdefault(span.actor, []).append(self._selection(span.id, 0))
        if span.fields:
            self._add_case(span)

    def _add_case(self, span: ExchangeSpan) -> None:
        start_cp, end_cp = span.fragments[0]
        name = " ".join(self._document.text[start_cp:end_cp].split())[:_NAME_CP]
        case = {"guid": guid("case", self._key, span.id), "name": f"{span.label}: {name}"}
        self._cases.write(f"<Case{attributes(case)}>\n")
        for field, value in span.fields.items():
            self._cases.write(self._value(field, self._fit(value, "fields")))
        self._cases.write(f"<SelectionRef{attributes({'targetGUID': self._selection(span.id, 0)})}/>\n</Case>\n")

    def _actor_cases(self) -> Iterator[str]:
        for actor, selections in self._actors.items():
            yield f"<Case{attributes({'guid': guid('actor', actor), 'name': actor})}>\n"
            for selection in selections:
                yield f"<SelectionRef{attributes({'targetGUID': selection})}/>\n"
            yield "</Case>\n"

    def _add_link(self, link: ExchangeLink) -> None:
        ends = self._selection(link.from_id, 0), self._selection(link.to_id, 0)
        self._write_link(guid("link", self._key, link.id), link.type, *ends)
        if link.analyst or link.score is not None or link.suggester:
            why = "REFI-QDA keeps for codings only who made them"
            self._context.losses.add("links that tell who made them", why)

    def _write_link(self, id_: str, name: str, origin: str, target: str) -> None:
        known = {"guid": id_, "name": name, "direction": "OneWay", "originGUID": origin, "targetGUID": target}
        self._links.write(f"<Link{attributes(known)}/>\n")

    def _value(self, variable: str, value: str) -> str:
        self._variables[variable] = None
        ref = attributes({"targetGUID": guid("variable", variable)})
        return f"<VariableValue><VariableRef{ref}/><TextValue>{escaped(value)}</TextValue></VariableValue>\n"

    def _by(self, span: ExchangeSpan) -> dict[str, str]:
        """Return who coded and when, as attributes."""
        found = {}
        if span.analyst:
            self._users[span.analyst] = None
            found["creatingUser"] = guid("user", span.analyst)
        if span.decided_at and _MOMENT.fullmatch(span.decided_at):
            found["creationDateTime"] = span.decided_at
        return found

    def _selection(self, span_id: str, number: int) -> str:
        return guid("selection", self._key, span_id, str(number))

    def _fit(self, value: str, what: str) -> str:
        """Count characters that XML cannot hold; they are replaced when the value is escaped."""
        if NOT_IN_XML.search(value):
            self._context.losses.add(f"control characters in {what}", "XML cannot hold them")
        return value


def _joined(*parts: Iterable[str]) -> Iterator[str]:
    for part in parts:
        yield from part


def _lines(spool: IO[str]) -> Iterator[str]:
    spool.seek(0)
    yield from spool


def _section(name: str, lines: Iterable[str]) -> Iterator[bytes]:
    """Yield a section of the project, nothing if it is empty: the standard has no empty ones."""
    is_open = False
    for line in lines:
        if not is_open:
            yield f"<{name}>\n".encode()
            is_open = True
        yield line.encode()
    if is_open:
        yield f"</{name}>\n".encode()
