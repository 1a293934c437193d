"""HTML made plain: the words that a page shows, in paragraphs. Nothing is fetched, nothing is run.

This is for HTML that is all text (chapters of a book, bodies of mails); of pages of the web `storage.formats.html`
takes the main text only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress

from lxml import etree

from storage.errors import RefusedInputError
from storage.formats.decoding import Decoded, decode

#: What is not shown as text, or only in its place (frames, pictures, forms to fill in).
_LEFT_OUT = {
    *("head", "script", "style", "template", "noscript", "iframe", "object", "embed", "svg", "math", "canvas"),
    *("audio", "video", "select", "textarea", "button", "input", "datalist", "title", "meta", "link"),
}
_BLOCKS = {
    *("address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt"),
    *("fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html"),
    *("legend", "li", "main", "menu", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot"),
    *("th", "thead", "tr", "ul"),
}
_CELLS = {"td", "th"}
_WHITE = re.compile("[ \t\r\n\f]+")
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([-\w.:]{1,40})""", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"""^\s*<\?xml[^>]{0,100}?encoding\s*=\s*["']([-\w.:]{1,40})["']""")
_BLANKS = re.compile(" {2,}")
#: Stands for a blank of `pre` until the others have collapsed; no text has it.
_KEPT_BLANK = "\x1c"
_HEAD_BYTES = 4096
_CLOSED_AT_ONCE = re.compile(
    r"<(?!(?:area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr)\b)([A-Za-z][\w:.-]*)([^<>]*)/>",
    re.IGNORECASE,
)


def decode_markup(data: bytes, *, where: str, encoding: str | None = None) -> Decoded:
    """Return the text of an HTML file, in the encoding that the analyst or the file itself names, or that is found.

    What a file says of itself is often wrong (UTF-8 under the name of Latin-1 above all): it counts where it fits.

    Raises:
        RefusedInputError: as `decoding.decode` does.
    """
    if encoding:
        return decode(data, where=where, encoding=encoding)
    head = data[:_HEAD_BYTES]
    found = _XML_ENCODING.search(head) or _CHARSET.search(head)
    named = found[1].decode("ascii").lower() if found else ""
    # The same rule as in browsers: nobody who writes Latin-1 means its control characters.
    named = {"iso-8859-1": "windows-1252", "latin1": "windows-1252", "ascii": "windows-1252"}.get(named, named)
    named = "" if named in {"utf-7", "unicode-1-1-utf-7"} else named
    if named and named not in {"utf-8", "utf8"} and not named.startswith("utf-16") and not _is_utf8(data):
        with suppress(RefusedInputError):  # a wrong or unknown name; what is really wrong with the file is said below
            return decode(data, where=where, encoding=named)
    return decode(data, where=where)


def _is_utf8(data: bytes) -> bool:
    if data.isascii():
        return False  # UTF-7 and the like; plain ASCII is the same in both
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def parse_html(text: str, where: str, *, is_xml: bool = False) -> etree._Element:
    """Return the root of an HTML text, whatever its mistakes. `is_xml`: it closes empty elements as XML does.

    Raises:
        RefusedInputError: nothing can be made of it.
    """
    if is_xml:  # HTML takes `<title/>` for a title that goes on to the end of the file
        text = _CLOSED_AT_ONCE.sub(r"<\1\2></\1>", text)
    parser = etree.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=False, encoding="utf-8")
    try:
        root: etree._Element = etree.fromstring(text.encode("utf-8"), parser)
    except etree.XMLSyntaxError as error:
        raise RefusedInputError(f"{where} cannot be read as HTML: {error.msg or 'it is empty'}.") from error
    if not etree.iselement(root):  # None of nothing but comments, which the stubs do not tell
        raise RefusedInputError(f"{where} has no text: there is nothing to label, so leave it out.")
    return root


def paragraphs_of(root: etree._Element) -> list[str]:
    """Return the paragraphs below an element, without blank ones; rows of tables as lines of cells parted by tabs.

    White space collapses but in `pre`; scripts, styles, forms, pictures, and what is hidden, are left out.
    """
    writer = _Writer()
    for action, element in _walk(root):
        writer.take(action, element)
    return writer.paragraphs()


def _walk(root: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    """Yield the beginning and end of each element that is shown, without recursion: pages nest without limit."""
    stack: list[tuple[str, etree._Element]] = [("start", root)]
    while stack:
        action, element = stack.pop()
        if action == "start" and _is_left_out(element):
            yield "tail", element
            continue
        yield action, element
        if action == "start":
            stack.append(("end", element))
            stack += [("start", child) for child in reversed(element)]


def _is_left_out(element: etree._Element) -> bool:
    return (
        element.tag in _LEFT_OUT
        or "hidden" in element.attrib
        or "display:none" in (element.get("style") or "").replace(" ", "").lower()
    )


class _Writer:
    """Gathers what is shown; a block's beginning and end end the paragraph ahead of it."""

    def __init__(self) -> None:
        self._done: list[str] = []
        self._rows: list[str] = []
        self._row: list[str] = []
        self._parts: list[str] = []
        self._table_depth = 0
        self._pre_depth = 0

    def take(self, action: str, element: etree._Element) -> None:
        """Take the beginning ("start"), the end ("end") or the mere end of what is left out ("tail")."""
        tag = element.tag
        if action == "start":
            self._begin(str(tag))
            self._add(element.text)
            return
        if action == "end":
            self._end(str(tag))
        self._add(element.tail)

    def paragraphs(self) -> list[str]:
        """Return what was gathered."""
        self._break()
        return self._done

    def _begin(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._break()
        if tag == "br":
            self._parts.append("\n")
        self._table_depth += tag == "table"
        self._pre_depth += tag == "pre"

    def _end(self, tag: str) -> None:
        if tag in _CELLS and self._table_depth:
            self._row.append(self._taken(" "))
        elif tag == "caption" and self._table_depth:
            self._rows.append(self._taken(" "))
        elif tag == "tr" and self._table_depth:
            self._rows.append("\t".join(self._row).rstrip())
            self._row = []
        elif tag == "table" and self._table_depth:
            self._break()
            self._table_depth -= 1
            if not self._table_depth:
                self._keep("\n".join(filter(str.strip, self._rows)))
                self._rows = []
        elif tag in _BLOCKS:
            self._break()
        self._pre_depth -= tag == "pre" and self._pre_depth > 0

    def _add(self, text: str | None) -> None:
        if text:
            self._parts.append(text.replace(" ", _KEPT_BLANK) if self._pre_depth else _WHITE.sub(" ", text))

    def _break(self) -> None:
        """End a paragraph; within a table a blank will do."""
        if self._table_depth:
            self._parts.append(" ")
        else:
            self._keep(self._taken("\n"))

    def _taken(self, line_end: str) -> str:
        lines = (_BLANKS.sub(" ", line).strip(" ") for line in "".join(self._parts).split("\n"))
        self._parts = []
        return line_end.join(lines).replace(_KEPT_BLANK, " ").strip()

    def _keep(self, paragraph: str) -> None:
        if paragraph.strip():
            self._done.append(paragraph)
