"""Rich Text (RTF), by striprtf (BSD licence, kept up, no dependencies): the text without its looks. Reads only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from storage.errors import RefusedInputError
from storage.formats.exchange import ExchangeDocument
from storage.formats.incoming import document, joined, read_all, refuse_wrong_kind
from storage.formats.naming import display_name

#: Pictures are written out as text in RTF, and every character is looked at.
_MAX_RTF_BYTES = 32 * 1024 * 1024

_CODE_PAGE = re.compile(rb"\\ansicpg(\d{1,5})")


def read(path: Path, *, encoding: str | None = None) -> Iterator[ExchangeDocument]:
    """Yield the one document of an RTF file."""
    with path.open("rb") as stream:
        yield from read_stream(stream, display_name(path), encoding=encoding)


def read_stream(stream: IO[bytes], name: str, *, encoding: str | None = None) -> Iterator[ExchangeDocument]:
    """Yield the one document of a stream. `encoding` overrules the code page that the file names.

    Raises:
        RefusedInputError: it is no RTF, damaged, or has no text.
    """
    from striprtf.striprtf import rtf_to_text  # noqa: PLC0415

    data = read_all(stream, name, _MAX_RTF_BYTES)
    refuse_wrong_kind(data, name, b"{\\rtf", "a Rich Text document")
    found = _CODE_PAGE.search(data[:4096])
    code_page = encoding or (f"cp{int(found[1])}" if found else "cp1252")
    if encoding:
        data = _CODE_PAGE.sub(b"", data, count=1)  # which the library would believe
    try:
        text = rtf_to_text(data.decode("latin-1"), encoding=code_page, errors="replace")
    except (LookupError, ValueError, IndexError, TypeError, OverflowError) as error:
        raise RefusedInputError(
            f"{name} cannot be read as Rich Text ({code_page}): open it in the program that made it, "
            "and save it as DOCX."
        ) from error
    yield document(
        name,
        joined(_whole_characters(text).split("\n")),
        extraction="text of a Rich Text document",
        encoding=code_page,
    )


def _whole_characters(text: str) -> str:
    """Join the halves in which RTF writes emoji and rare characters, and drop NUL, which no text has."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").replace("\0", "")
