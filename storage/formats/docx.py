"""Word documents (DOCX): paragraphs, tables, text boxes, footnotes and endnotes. Reads only.

The XML is read here and not by a library: python-docx passes over content controls, insertions, text boxes and
footnotes, and what a reader does not see an analyst does not miss until it is too late.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO

from lxml import etree

from storage.formats.exchange import ExchangeDocument
from storage.formats.incoming import document, joined
from storage.formats.naming import display_name, given_by_a_person
from storage.formats.package import Package, parse_xml

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
#: What Word writes as “Strict Open XML Document” differs in this name alone, as far as texts go.
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_TERMS = "{http://purl.org/dc/terms/}"

_MAIN = "word/document.xml"
_NOTES = (("footnote", "word/footnotes.xml"), ("endnote", "word/endnotes.xml"))

#: What was deleted or moved away is no longer said; instructions and properties are not text.
_LEFT_OUT = {_W + name for name in ("del", "moveFrom", "instrText", "delText", "pPr", "rPr", "tblPr", "sectPr")}
_CHARACTERS = {
    _W + "tab": "\t",
    _W + "ptab": "\t",
    _W + "br": "\n",
    _W + "cr": "\n",
    _W + "noBreakHyphen": "\N{NON-BREAKING HYPHEN}",
}


def read(path: Path, *, encoding: str | None = None) -> Iterator[ExchangeDocument]:
    """Yield the one document of a DOCX file."""
    with path.open("rb") as stream:
        yield from read_stream(stream, display_name(path), encoding=encoding)


def read_stream(stream: IO[bytes], name: str, *, encoding: str | None = None) -> Iterator[ExchangeDocument]:
    """Yield the one document of a stream. Notes stand at the end, each with the mark that it has in the text.

    `encoding` has no say: XML tells its own. Comments, hidden and deleted text, headers and footers are
    not read.

    Raises:
        RefusedInputError: it is no Word document, damaged, protected or made to do harm, or has no text.
    """
    del encoding
    package = Package(stream, name, "a Word document")
    body = _xml(package, _MAIN)
    walker = _Walker()
    paragraphs = list(walker.blocks(body))
    for kind, part in _NOTES:
        if part in package:
            paragraphs += walker.notes(_xml(package, part), kind)
    core = package.optional_xml("docProps/core.xml")
    yield document(
        name,
        joined(paragraphs),
        extraction="paragraphs, tables and notes of a Word document",
        title=_named(core, _DC + "title"),
        source=_named(core, _DC + "creator"),
        language=_said(core, _DC + "language"),
        meta={"created": _said(core, _TERMS + "created"), "modified": _said(core, _TERMS + "modified")},
    )


def _xml(package: Package, part: str) -> etree._Element:
    data = package.data(part).replace(_STRICT, _W[1:-1].encode())
    return parse_xml(data, f"{package.name}: its part “{part}”")


def _said(root: etree._Element | None, tag: str) -> str:
    return (root.findtext(tag) or "").strip() if root is not None else ""


def _named(root: etree._Element | None, tag: str) -> str:
    return given_by_a_person(_said(root, tag))


def _is_hidden(run: etree._Element) -> bool:
    """Say whether a run is written so that nobody sees it."""
    hidden = run.find(f"{_W}rPr/{_W}vanish")
    return hidden is not None and hidden.get(_W + "val") not in {"0", "false", "off"}


class _Walker:
    """Goes through the blocks of a document and numbers the notes that its text refers to."""

    def __init__(self) -> None:
        self._marks: dict[tuple[str, str], str] = {}

    def blocks(self, parent: etree._Element) -> Iterator[str]:
        """Yield the paragraphs and tables within an element, each with the text boxes anchored in it after it."""
        for child in parent:
            tag = child.tag
            if tag == _W + "p":
                boxes: list[etree._Element] = []
                yield "".join(self._inline(child, boxes))
                for box in boxes:
                    yield from self.blocks(box)
            elif tag == _W + "tbl":
                yield "\n".join(filter(str.strip, self._rows(child)))
            elif tag not in _LEFT_OUT:
                yield from self.blocks(child)

    def notes(self, root: etree._Element, kind: str) -> Iterator[str]:
        """Yield the notes that the text refers to, in the order of the file."""
        for note in root:
            mark = self._marks.get((kind, note.get(_W + "id", "")))
            if mark is not None:
                yield f"{mark} {joined(self.blocks(note))}"

    def _rows(self, table: etree._Element) -> Iterator[str]:
        for row in table.iterchildren(_W + "tr", _W + "sdt"):
            cells = [cell for cell in row.iter(_W + "tc") if next(cell.iterancestors(_W + "tbl")) is table]
            yield "\t".join(" ".join(" ".join(self.blocks(cell)).split()) for cell in cells)

    def _inline(self, parent: etree._Element, boxes: list[etree._Element]) -> Iterator[str]:
        for child in parent:
            tag = child.tag
            if tag == _W + "t":
                yield child.text or ""
            elif tag in _CHARACTERS:
                yield _CHARACTERS[tag]
            elif tag in {_W + "footnoteReference", _W + "endnoteReference"}:
                yield self._mark(tag.removeprefix(_W).removesuffix("Reference"), child.get(_W + "id", ""))
            elif tag == _W + "txbxContent":
                boxes.append(child)
            elif tag == _MC + "AlternateContent":  # the same content twice, for new and for old programs
                yield from self._inline(next(iter(child), child), boxes)
            elif tag not in _LEFT_OUT and not _is_hidden(child):
                yield from self._inline(child, boxes)

    def _mark(self, kind: str, note_id: str) -> str:
        return self._marks.setdefault((kind, note_id), f"[{len(self._marks) + 1}]")
