"""OpenDocument texts (ODT): paragraphs, headings, lists, tables, footnotes. Reads only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from lxml import etree

from storage.errors import RefusedInputError
from storage.formats.exchange import ExchangeDocument
from storage.formats.incoming import document, joined
from storage.formats.naming import display_name, given_by_a_person
from storage.formats.package import Package

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_META = "{urn:oasis:names:tc:opendocument:xmlns:meta:1.0}"
_DC = "{http://purl.org/dc/elements/1.1/}"

_PARAGRAPHS = {_TEXT + "p", _TEXT + "h"}
#: Notes in the margin, deleted text, lists of contents that repeat the headings, fields' declarations.
_LEFT_OUT = {_OFFICE + "annotation", _OFFICE + "annotation-end", _OFFICE + "forms"} | {
    _TEXT + name
    for name in ("tracked-changes", "table-of-content", "sequence-decls", "variable-decls", "user-field-decls")
}
_CHARACTERS = {_TEXT + "tab": "\t", _TEXT + "line-break": "\n"}

_WHITE = re.compile("[ \t\r\n]+")

#: More blanks in a row than any text has.
_MOST_BLANKS = 1_000


def read(path: Path, *, encoding: str | None = None) -> Iterator[ExchangeDocument]:
    """Yield the one document of an ODT file."""
    with path.open("rb") as stream:
        yield from read_stream(stream, display_name(path), encoding=encoding)


def read_stream(stream: IO[bytes], name: str, *, encoding: str | None = None) -> Iterator[ExchangeDocument]:
    """Yield the one document of a stream. Notes stand at the end, each with the mark that it has in the text.

    `encoding` has no say: XML tells its own. Comments, deleted text, headers and footers are not read.

    Raises:
        RefusedInputError: it is no OpenDocument text, damaged, protected or made to do harm, or has no text.
    """
    del encoding
    package = Package(stream, name, "an OpenDocument text")
    if "META-INF/manifest.xml" in package and b"encryption-data" in package.data("META-INF/manifest.xml"):
        raise RefusedInputError(f"{name} is protected by a password: save it without one and import that.")
    body = package.xml("content.xml").find(f"{_OFFICE}body/{_OFFICE}text")
    if body is None:
        raise RefusedInputError(f"{name} is an OpenDocument file but not a text (a table or slides?): save it as text.")
    walker = _Walker()
    paragraphs = [*walker.blocks(body), *walker.notes()]
    root = package.optional_xml("meta.xml")
    meta = root.find(f"{_OFFICE}meta") if root is not None else None
    yield document(
        name,
        joined(paragraphs),
        extraction="paragraphs, tables and notes of an OpenDocument text",
        title=_named(meta, _DC + "title"),
        source=_named(meta, _META + "initial-creator") or _named(meta, _DC + "creator"),
        language=_said(meta, _DC + "language"),
        meta={"created": _said(meta, _META + "creation-date"), "modified": _said(meta, _DC + "date")},
    )


def _said(root: etree._Element | None, tag: str) -> str:
    return (root.findtext(tag) or "").strip() if root is not None else ""


def _named(root: etree._Element | None, tag: str) -> str:
    return given_by_a_person(_said(root, tag))


class _Walker:
    """Goes through the blocks of a document and gathers its notes."""

    def __init__(self) -> None:
        self._notes: list[etree._Element] = []

    def blocks(self, parent: etree._Element) -> Iterator[str]:
        """Yield the paragraphs and tables within an element, each with the frames anchored in it after it."""
        for child in parent:
            if child.tag in _PARAGRAPHS:
                frames: list[etree._Element] = []
                yield "".join(self._inline(child, frames))
                for frame in frames:
                    yield from self.blocks(frame)
            elif child.tag == _TABLE + "table":
                yield "\n".join(filter(str.strip, self._rows(child)))
            elif child.tag not in _LEFT_OUT:
                yield from self.blocks(child)

    def notes(self) -> Iterator[str]:
        """Yield the notes gathered so far, and those within them."""
        for number, note in enumerate(self._notes, start=1):
            body = note.find(_TEXT + "note-body")
            yield f"[{number}] {joined(self.blocks(body)) if body is not None else ''}"

    def _rows(self, table: etree._Element) -> Iterator[str]:
        for row in table.iter(_TABLE + "table-row"):
            if next(row.iterancestors(_TABLE + "table")) is table:
                cells = row.iterchildren(_TABLE + "table-cell")
                yield "\t".join(" ".join(" ".join(self.blocks(cell)).split()) for cell in cells)

    def _inline(self, parent: etree._Element, frames: list[etree._Element]) -> Iterator[str]:
        # White space collapses as in HTML; what stands for more has elements of its own.
        yield _collapsed(parent.text)
        for child in parent:
            tag = child.tag
            if tag == _TEXT + "s":
                count = child.get(_TEXT + "c", "1")
                yield " " * min(int(count) if count.isdecimal() else 1, _MOST_BLANKS)
            elif tag in _CHARACTERS:
                yield _CHARACTERS[tag]
            elif tag == _TEXT + "note":
                self._notes.append(child)
                yield f"[{len(self._notes)}]"
            elif tag == _DRAW + "text-box":
                frames.append(child)
            elif tag not in _LEFT_OUT:
                yield from self._inline(child, frames)
            yield _collapsed(child.tail)


def _collapsed(text: str | None) -> str:
    return _WHITE.sub(" ", text or "")
