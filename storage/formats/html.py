"""Pages of the web (HTML): their main text, without navigation, adverts and notes on cookies. Reads only.

trafilatura finds the main text. It did best in the comparisons of its field (Barbaresi 2021, Bevendorff et al.
2023), is kept up, and under the Apache licence; it works on a string and is never asked to fetch anything.
"""

from __future__ import annotations

import logging
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

from lxml import etree

from storage.errors import RefusedInputError
from storage.formats.dates import iso_date
from storage.formats.exchange import ExchangeDocument
from storage.formats.incoming import document, joined, read_all
from storage.formats.libraries import without_threads
from storage.formats.markup import decode_markup, paragraphs_of, parse_html
from storage.formats.naming import display_name

if TYPE_CHECKING:
    from trafilatura.settings import Document

#: Pages beyond this are archives of many, and finding a main text in them takes minutes.
_MAX_PAGE_BYTES = 8 * 1024 * 1024

#: The time for a main text grows with the square of the elements: 2 s for 5,000 paragraphs, minutes for 100,000.
_MOST_ELEMENTS = 30_000

#: A page is one of links where more than this share of what it shows stands in links.
_MOST_IN_LINKS = 0.7
_FEW_IN_LINKS = 0.3

#: What stands around a main text. Where there is none of it, a page is all text.
_AROUND = ("a", "nav", "aside", "footer", "header", "form", "button")

_LIBRARIES = ("trafilatura", "htmldate", "justext", "courlan", "dateparser")
_NESTING = {"list", "quote", "div", "main"}
_LINE_BREAK = "\v"
_WHITE = re.compile("[ \t\r\n\f]+")


def read(path: Path, *, encoding: str | None = None) -> Iterator[ExchangeDocument]:
    """Yield the one document of an HTML file."""
    with path.open("rb") as stream:
        yield from read_stream(stream, display_name(path), encoding=encoding)


def read_stream(stream: IO[bytes], name: str, *, encoding: str | None = None) -> Iterator[ExchangeDocument]:
    """Yield the one document of a stream; `meta` says how its text was found.

    A page without links, menus and the like has nothing around its text and is taken whole, as is one with few words in
    links in which no main text is found (a note of two lines, say).

    Raises:
        RefusedInputError: too large, no text, or no main text (a page of links, or one that only a script fills).
    """
    data = read_all(stream, name, _MAX_PAGE_BYTES)
    decoded = decode_markup(data, where=name, encoding=encoding)
    root = parse_html(decoded.text, name, is_xml=decoded.text[:200].lstrip().startswith("<?xml"))
    shown = joined(paragraphs_of(root))
    elements = sum(1 for _ in root.iter())
    found = _main_text(decoded.text) if shown and elements <= _MOST_ELEMENTS else None
    in_links = _in_links_cp(root) / max(len(shown), 1)
    text, extraction = joined(_paragraphs(getattr(found, "body", None))), "main text, found by trafilatura"
    if next(root.iter(*_AROUND), None) is None:
        text, extraction = shown, "all text of a page that has no links"
    elif not text and in_links <= _FEW_IN_LINKS:
        text, extraction = shown, "all text of a page in which no main text was found"
    if not text and elements > _MOST_ELEMENTS:
        raise RefusedInputError(
            f"{name} has {elements:,} elements, too many to tell a main text from links and menus: split it, or save "
            "its text as a text file and import that."
        )
    if not text or in_links > _MOST_IN_LINKS:
        raise RefusedInputError(
            f"{name} has no main text that could be told from links and menus: save what you want to label as a text "
            "file and import that."
        )
    meta: dict[str, Any] = {"url": _url(root), "author": getattr(found, "author", None)}
    if decoded.is_guess:
        meta["encoding_is_guess"] = True
    yield document(
        name,
        text,
        extraction=extraction,
        title=_title(getattr(found, "title", None) or "", root, text),
        source=getattr(found, "sitename", None) or getattr(found, "author", None),
        date=iso_date(getattr(found, "date", None)),
        language=_language(root),
        encoding=decoded.encoding,
        meta=meta,
    )


def _main_text(text: str) -> Document | None:
    """Return what trafilatura makes of a page, None if it finds nothing."""
    with without_threads():
        from trafilatura import bare_extraction  # noqa: PLC0415  (0.4 s, of which an import of texts knows nothing)

    for name in _LIBRARIES:  # what they log may hold words of the page
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # so may their warnings
        try:
            found = bare_extraction(
                text,
                include_comments=False,
                include_tables=True,
                with_metadata=True,
                date_extraction_params={"original_date": True, "extensive_search": False, "max_date": "2199-12-31"},
            )
        except Exception:  # noqa: BLE001  (whatever a stranger's page makes it stumble over)
            return None
    return cast("Document | None", found)


def _paragraphs(body: etree._Element | None) -> Iterator[str]:
    """Yield the paragraphs of a main text: its elements have neither attributes nor styles that matter here."""
    for element in body if body is not None else ():
        if element.tag == "table":
            rows = ("\t".join(_words(cell) for cell in row.iter("cell")) for row in element.iter("row"))
            yield "\n".join(row for row in rows if row.strip())
        elif element.tag in _NESTING and len(element):
            yield _collapsed(element.text or "")
            yield from _paragraphs(element)
        else:
            yield _collapsed("".join(_inline(element)))
        yield _collapsed(element.tail or "")


def _inline(element: etree._Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag == "lb":
            yield _LINE_BREAK
        yield from _inline(child)
        yield child.tail or ""


def _words(element: etree._Element) -> str:
    return " ".join(" ".join(map(str, element.itertext())).split())


def _collapsed(text: str) -> str:
    """Return a paragraph with one blank between words, and line ends only where the page has them."""
    return "\n".join(" ".join(_WHITE.sub(" ", line).split(" ")).strip() for line in text.split(_LINE_BREAK)).strip()


def _in_links_cp(root: etree._Element) -> int:
    return sum(len(_words(link)) for link in root.iter("a"))


def _title(found: str, root: etree._Element, text: str) -> str:
    """Return the title that was found if it is that of the page or stands in its text, and not in a menu."""
    of_page = " ".join((root.findtext(".//title") or "").split())
    return found if found and (found in of_page or found in text) else of_page


def _url(root: etree._Element) -> str:
    """Return the address that the page gives as its own."""
    for link in root.iter("link"):
        if (link.get("rel") or "").lower() == "canonical":
            return link.get("href") or ""
    return ""


def _language(root: etree._Element) -> str:
    return root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or root.get("xml:lang") or ""
