"""What the readers of documents share: bounded input, the note on where a text came from, paragraphs made one text.

A reader of a binary format makes a text, which from then on is the immutable text of the document: paragraphs stand
apart by one blank line, the cells of a table's row by tabs, its rows by line ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import IO, Any

from storage.errors import RefusedInputError
from storage.formats.exchange import ExchangeDocument, ExchangeStretch
from storage.formats.naming import date_in, title_of

#: Documents of more bytes are refused: none that people read is larger, and each is held in memory with its parts.
MAX_DOCUMENT_BYTES = 64 * 1024 * 1024

#: A title beyond this is no title, and no list can show it.
_MAX_TITLE_CP = 300

_BETWEEN_PARAGRAPHS = "\n\n"
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_].*)?")


def read_all(stream: IO[bytes], name: str, limit: int = MAX_DOCUMENT_BYTES) -> bytes:
    """Return all bytes of a stream; never reads more than `limit` and one.

    Raises:
        RefusedInputError: there are more.
        OSError: they cannot be read.
    """
    data = stream.read(limit + 1)
    if len(data) > limit:
        raise RefusedInputError(
            f"{name} is larger than {limit // 2**20} MB, the most that Sayso takes as one document: "
            "split it and import the parts."
        )
    return data


def refuse_wrong_kind(data: bytes, name: str, begins: bytes, kind: str) -> None:
    """Refuse a file that is empty or does not begin as its name says. `kind` is “a PDF document”."""
    if not data.strip():
        raise RefusedInputError(f"{name} is empty: there is nothing to label, so leave it out.")
    if begins not in data[:1024]:
        raise RefusedInputError(
            f"{name} is not {kind}, whatever its name says: open it in the program that made it, and save it anew."
        )


def joined(paragraphs: Iterable[str]) -> str:
    """Return paragraphs as one text; those of nothing but white space go, as does white space at their ends."""
    stripped = (paragraph.strip() for paragraph in paragraphs)
    return _BETWEEN_PARAGRAPHS.join(paragraph for paragraph in stripped if paragraph)


def document(
    name: str,
    text: str,
    *,
    extraction: str,
    title: str | None = "",
    source: str | None = "",
    date: str | None = None,
    language: str | None = "",
    encoding: str = "",
    meta: Mapping[str, Any] | None = None,
    stretches: tuple[ExchangeStretch, ...] = (),
    nothing: str = "has no text",
    where: str = "",
    id_: str | None = None,
) -> ExchangeDocument:
    """Return the document of a file from which a text was made.

    What is not known is found where it can be: the title in the first line or the file's name, the date in that name.
    `extraction` says in `meta` how the text was made; `nothing` follows the name where there is none. `where` names
    the place in a file of several.

    Raises:
        RefusedInputError: the text is empty.
    """
    if not text.strip():
        raise RefusedInputError(f"{name} {nothing}: there is nothing to label, so leave it out.")
    kept = {key: value for key, value in (meta or {}).items() if value not in (None, "", [], ())}
    title = " ".join((title or "").split())
    stem = PurePosixPath(name).stem
    return ExchangeDocument(
        id=id_,
        title=title[:_MAX_TITLE_CP] or title_of(text, fallback=f"{stem}{where.removeprefix(name)}"),
        text=text,
        source=" ".join((source or "").split()),
        date=date or date_in(name),
        language=language_code(language or ""),
        encoding=encoding,
        meta={"file": name, "extraction": extraction} | kept,
        stretches=stretches,
        where=where or name,
    )


def language_code(said: str) -> str:
    """Return the language of a tag like en-GB, as the project names it; nothing for what is no tag."""
    found = _LANGUAGE.fullmatch(said.strip())
    return found[1].lower() if found else ""
