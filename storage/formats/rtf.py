"""Rich Text (RTF): the text with its tables and notes, without its looks. Reads only.

The reader is our own: striprtf drops footnotes and text boxes in silence, and its patterns take hours on files made for
it. This one looks at each byte once. Rules: Rich Text Format Specification 1.9.1.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO

from storage.errors import RefusedInputError
from storage.formats.exchange import ExchangeDocument
from storage.formats.incoming import document, joined, read_all, refuse_wrong_kind
from storage.formats.naming import display_name, given_by_a_person
from storage.formats.rtf_words import CELL_END, PARAGRAPH_END, ROW_END, RtfReader, is_codec

_MAX_RTF_BYTES = 64 * 1024 * 1024


def read(path: Path, *, encoding: str | None = None) -> Iterator[ExchangeDocument]:
    """Yield the one document of an RTF file."""
    with path.open("rb") as stream:
        yield from read_stream(stream, display_name(path), encoding=encoding)


def read_stream(stream: IO[bytes], name: str, *, encoding: str | None = None) -> Iterator[ExchangeDocument]:
    """Yield the one document of a stream; notes stand at its end. `encoding` overrules the code page that it names.

    Raises:
        RefusedInputError: it is no RTF, too large, in an unknown encoding, or has no text.
    """
    data = read_all(stream, name, _MAX_RTF_BYTES)
    refuse_wrong_kind(data, name, b"{\\rtf", "a Rich Text document")
    if encoding and not is_codec(encoding):
        raise RefusedInputError(f"{name} cannot be read as “{encoding}”: there is no such text encoding.")
    reader = RtfReader(data, encoding)
    reader.read()
    paragraphs = [*_paragraphs(reader.text)]
    for number, note in enumerate(reader.notes, start=1):
        paragraphs.append(f"[{number}] {joined(_paragraphs(note))}")
    yield document(
        name,
        joined(paragraphs),
        extraction="text, tables and notes of a Rich Text document",
        title=given_by_a_person(reader.about["title"]),
        source=given_by_a_person(reader.about["author"]),
        encoding=reader.code_page,
    )


def _paragraphs(text: str) -> Iterator[str]:
    """Yield the paragraphs of a text with the marks of `rtf_words`; the rows of a table make one."""
    for paragraph in text.split(PARAGRAPH_END):
        *rows, rest = paragraph.split(ROW_END)
        yield "\n".join("\t".join(" ".join(cell.split()) for cell in row.split(CELL_END)).rstrip("\t") for row in rows)
        yield rest.replace(CELL_END, "\t")
