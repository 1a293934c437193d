"""Plain text and Markdown, both taken as text: one file is one document. Reads only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from storage.formats.decoding import MAX_TEXT_BYTES, decode
from storage.formats.exchange import ExchangeDocument
from storage.formats.incoming import read_all
from storage.formats.naming import date_in, display_name, title_of


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
    yield ExchangeDocument(
        title=title_of(decoded.text, fallback=Path(name).stem),
        text=decoded.text,
        date=date_in(name),
        encoding=decoded.encoding,
        meta=meta,
        where=name,
    )
