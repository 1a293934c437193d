"""Plain text and Markdown, both taken as text: one file is one document. Reads only.

What a Markdown file says of itself at its head (front matter) comes in excluded, and becomes title, date and the like.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from storage.formats.dates import iso_date
from storage.formats.decoding import MAX_TEXT_BYTES, decode
from storage.formats.exchange import ExchangeDocument
from storage.formats.front_matter import front_matter
from storage.formats.incoming import language_code, read_all
from storage.formats.naming import date_in, display_name, title_of

_MARKDOWN = (".md", ".markdown")


def read(path: Path, *, encoding: str | None = None) -> Iterator[ExchangeDocument]:
    """Yield the one document of a text file, its text exactly as decoded.

    `meta` keeps the file's name, never its folder (which may tell more than the analyst wants to pass on), and
    `encoding_is_guess` where the encoding was guessed. `encoding` overrules what would be found.

    Raises:
        RefusedInputError: larger than 64 MB, or refused by `decoding.decode`.
        OSError: the file cannot be read (`folder.read_file` turns it into a sentence).
    """
    with path.open("rb") as stream:
        yield from read_stream(stream, display_name(path), encoding=encoding)


def read_stream(stream: IO[bytes], name: str, *, encoding: str | None = None) -> Iterator[ExchangeDocument]:
    """Yield the one document of a stream, as `read` does that of a file."""
    data = read_all(stream, name, MAX_TEXT_BYTES)
    decoded = decode(data, where=name, encoding=encoding)
    meta: dict[str, Any] = {"file": name}
    if decoded.is_guess:
        meta["encoding_is_guess"] = True
    said, stretches = front_matter(decoded.text) if name.lower().endswith(_MARKDOWN) else ({}, ())
    head_cp = stretches[0].end_cp if stretches else 0
    known = {key: said.pop(key) for key in ("title", "published", "date", "source", "language", "lang") if key in said}
    yield ExchangeDocument(
        title=title_of(known.get("title") or decoded.text[head_cp:], fallback=Path(name).stem),
        text=decoded.text,
        date=iso_date(known.get("published")) or iso_date(known.get("date")) or date_in(name),
        source=known.get("source", ""),
        language=language_code(known.get("language") or known.get("lang") or ""),
        encoding=decoded.encoding,
        meta=said | meta,
        stretches=stretches,
        where=name,
    )
