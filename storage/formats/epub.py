"""Books in EPUB: the chapters in the order of reading, as one document. Reads only."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from urllib.parse import unquote

from lxml import etree

from storage.errors import RefusedInputError
from storage.formats.dates import iso_date
from storage.formats.exchange import ExchangeDocument
from storage.formats.incoming import document, joined
from storage.formats.markup import decode_markup, paragraphs_of, parse_html
from storage.formats.naming import display_name
from storage.formats.package import Package

_KIND = "a book in EPUB"
_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_ROOTFILE = "{urn:oasis:names:tc:opendocument:xmlns:container}rootfile"
_OPF = "{http://www.idpf.org/2007/opf}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_ENC = "{http://www.w3.org/2001/04/xmlenc#}"
_CHAPTERS = {"application/xhtml+xml", "text/html", "application/x-dtbook+xml"}

#: A book beyond this is no book: ten times the Bible.
_MAX_TEXT_CP = 50_000_000


def read(path: Path, *, encoding: str | None = None) -> Iterator[ExchangeDocument]:
    """Yield the one document of an EPUB file."""
    with path.open("rb") as stream:
        yield from read_stream(stream, display_name(path), encoding=encoding)


def read_stream(stream: IO[bytes], name: str, *, encoding: str | None = None) -> Iterator[ExchangeDocument]:
    """Yield the one document of a stream: all chapters of the spine but the table of contents.

    `encoding` has no say: each chapter tells its own.

    Raises:
        RefusedInputError: it is no EPUB, damaged, protected by DRM, or has no text.
    """
    del encoding
    package = Package(stream, name, _KIND)
    opf_path = _opf_path(package)
    opf = package.xml(opf_path)
    protected = _protected(package)
    paragraphs: list[str] = []
    length_cp = 0
    for part in _spine(opf, posixpath.dirname(opf_path)):
        if part in protected:
            raise RefusedInputError(f"{name} is protected (DRM) by who sold it: its text cannot be read.")
        where = f"{name}: its chapter “{part}”"
        data = package.data(part)
        if data.strip():
            root = parse_html(decode_markup(data, where=where).text, where, is_xml=True)
            chapter = paragraphs_of(root)
            length_cp += sum(map(len, chapter))
            paragraphs += chapter
        if length_cp > _MAX_TEXT_CP:
            raise RefusedInputError(f"{name} has more text than Sayso takes as one document: split it.")
    metadata = opf.find(_OPF + "metadata")
    yield document(
        name,
        joined(paragraphs),
        extraction="all chapters of a book in EPUB",
        title=_said(metadata, "title"),
        source=_said(metadata, "creator") or _said(metadata, "publisher"),
        date=iso_date(_said(metadata, "date")),
        language=_said(metadata, "language"),
        meta={"publisher": _said(metadata, "publisher"), "identifier": _said(metadata, "identifier")},
        nothing="has no chapters with text (a book of pictures?)",
    )


def _said(metadata: etree._Element | None, name: str) -> str:
    found = metadata.find(f".//{_DC}{name}") if metadata is not None else None
    return "".join(map(str, found.itertext())).strip() if found is not None else ""


def _opf_path(package: Package) -> str:
    rootfile = next(package.xml(_CONTAINER).iter(_ROOTFILE), None)
    path = rootfile.get("full-path") if rootfile is not None else None
    if not path:
        raise RefusedInputError(f"{package.name} is not {_KIND}, or is damaged: it does not say where its content is.")
    return path


def _spine(opf: etree._Element, folder: str) -> Iterator[str]:
    """Yield the parts of the chapters in the order of reading, each once."""
    items = {item.get("id"): item for item in opf.iter(_OPF + "item")}
    seen = set()
    for reference in opf.iter(_OPF + "itemref"):
        item = items.get(reference.get("idref"))
        if item is None or item.get("media-type") not in _CHAPTERS or "nav" in (item.get("properties") or "").split():
            continue
        href = unquote((item.get("href") or "").partition("#")[0])
        part = posixpath.normpath(posixpath.join(folder, href))
        if part not in seen:
            seen.add(part)
            yield part


def _protected(package: Package) -> set[str]:
    """Return the parts that are encrypted; fonts often are, by a method that is no protection of the text."""
    root = package.optional_xml(_ENCRYPTION)
    if root is None:
        return set()
    return {unquote(reference.get("URI", "")) for reference in root.iter(_ENC + "CipherReference")}
