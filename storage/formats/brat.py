"""brat's standoff format: a folder of texts (.txt) and annotations (.ann). Reads and writes.

Offsets count the code points of the file as it stands, line ends as they are; where the words in the annotations say
that a tool counted otherwise (line ends as one, UTF-16 units, no BOM), its offsets are converted. How annotations
become spans and links is told in `brat_spans`, how a project is written in `brat_writing`.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path

from storage.errors import RefusedInputError
from storage.formats.brat_config import Names, read_names
from storage.formats.brat_folder import Pair, has_annotations, others, pairs, person_of
from storage.formats.brat_rows import parse
from storage.formats.brat_spans import spans_and_links
from storage.formats.brat_writing import write
from storage.formats.decoding import MAX_TEXT_BYTES, decode
from storage.formats.exchange import ExchangeDocument, LeftOut
from storage.formats.naming import date_in, display_name

__all__ = ["read", "recognises", "write"]


def recognises(path: Path, head: bytes) -> bool:
    """Say whether a folder is one of brat (`brat_folder.has_annotations`), or a file holds annotations."""
    del head
    return has_annotations(path) if path.is_dir() else path.suffix.lower() == ".ann"


def read(path: Path, *, encoding: str | None = None) -> Iterator[ExchangeDocument | LeftOut]:
    """Yield the documents of a folder by name, or the one of an .ann file; titles are names of files.

    Texts without annotations come along, files that are neither are left out, as are texts that are broken or have
    broken annotations, unless no other is there. Spans bear the name of who annotated,
    where several people did. `encoding` is that of the texts; annotations are UTF-8.

    Raises:
        RefusedInputError: nothing is sound: an annotation without a text, or one that is wrong, naming file and line.
        OSError: a file cannot be read.
    """
    if path.is_dir():
        names = read_names(path)
        found = pairs(path)
        yield from (LeftOut(display_name(other), "no text or annotation of brat") for other in others(path))
    else:
        names = read_names(path.parent)
        found = iter([_pair_of(path)])
    is_empty = True
    broken: list[LeftOut] = []
    for pair in found:
        try:
            document = _document(pair, names, encoding)
        except RefusedInputError as error:
            broken.append(LeftOut(display_name(pair.text), str(error)))
        else:
            is_empty = False
            yield document
    if is_empty and broken:
        raise RefusedInputError(broken[0].reason)
    if is_empty:
        raise RefusedInputError(f"{display_name(path)} holds no text (.txt) with annotations (.ann).")
    yield from broken


def _pair_of(annotation: Path) -> Pair:
    text, person = annotation.with_suffix(".txt"), None
    if not text.is_file() and (found := person_of(annotation)):
        text, person = found
    return Pair(text, [(person, annotation)])


def _document(pair: Pair, names: Names, encoding: str | None) -> ExchangeDocument:
    name = display_name(pair.text)
    if not pair.text.is_file():
        raise RefusedInputError(f"{display_name(pair.annotations[0][1])} has no text beside it: {name} is missing.")
    data = _read(pair.text, name)
    decoded = decode(data, where=name, encoding=encoding)
    has_mark = data.startswith(codecs.BOM_UTF8)
    spans, links = [], []
    for number, (analyst, path) in enumerate(pair.annotations):
        prefix = "" if len(pair.annotations) == 1 else f"{analyst or number}:"
        shown = display_name(path)
        rows = parse(_annotations(path, shown), shown)
        more = spans_and_links(decoded.text, rows, names, has_mark=has_mark, prefix=prefix, analyst=analyst)
        spans += more[0]
        links += more[1]
    return ExchangeDocument(
        title=Path(name).stem,
        text=decoded.text,
        date=date_in(name),
        encoding=decoded.encoding,
        meta={"file": name} | ({"encoding_is_guess": True} if decoded.is_guess else {}),
        spans=tuple(spans),
        links=tuple(links),
        where=name,
    )


def _annotations(path: Path, name: str) -> str:
    try:
        return _read(path, name).decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise RefusedInputError(
            f"{name} is not UTF-8 at byte {error.start + 1:,}, as brat's annotations are: save it as UTF-8."
        ) from error


def _read(path: Path, name: str) -> bytes:
    with path.open("rb") as stream:
        data = stream.read(MAX_TEXT_BYTES + 1)
    if len(data) > MAX_TEXT_BYTES:
        raise RefusedInputError(f"{name} is larger than {MAX_TEXT_BYTES // 2**20} MB, the most for one document.")
    return data
