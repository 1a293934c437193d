"""CoNLL-2003 and IOB2: a word with its tag on each line. Reads and writes.

The format holds words, no text: white space is lost. What is read becomes a text with one blank between words and one
line for each sentence. Any number of columns, by blanks or tabs: the first is the word (or its number in the sentence,
and the second the word), the last its tag. Lines that begin with # and end with no tag are remarks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from storage.errors import RefusedInputError
from storage.formats import bio
from storage.formats.atomic import atomic_writer
from storage.formats.decoding import MAX_TEXT_BYTES, decode
from storage.formats.exchange import ExchangeDocument
from storage.formats.json_object import named
from storage.formats.naming import date_in, display_name, title_of
from storage.formats.words import words

if TYPE_CHECKING:
    from storage.formats.interface import WriteContext

_DOCUMENT = "-DOCSTART-"

#: How much of a file tells whether its words are numbered.
_LOOKED_AT_CP = 100_000


def recognises(path: Path, head: bytes) -> bool:
    """Say whether a file is named for the format, or begins as CoNLL-2003 does."""
    is_named = path.suffix.lower() in {".conll", ".iob", ".iob2", ".bio"}
    return is_named or head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(_DOCUMENT.encode())


@dataclass(slots=True)
class _Part:
    """The words and tags of one document, sentence by sentence."""

    number: int
    sentences: list[list[str]] = field(default_factory=lambda: [[]])
    tags: list[str] = field(default_factory=list)


def read(path: Path, *, encoding: str | None = None) -> Iterator[ExchangeDocument]:
    """Yield a document for each `-DOCSTART-`, or one where there is none.

    Raises:
        RefusedInputError: a line without a tag, naming it; no words at all.
        OSError: the file cannot be read.
    """
    name = display_name(path)
    with path.open("rb") as stream:
        data = stream.read(MAX_TEXT_BYTES + 1)
    if len(data) > MAX_TEXT_BYTES:
        raise RefusedInputError(f"{name} is larger than {MAX_TEXT_BYTES // 2**20} MB: split it and import the parts.")
    decoded = decode(data, where=name, encoding=encoding)
    is_empty = True
    for part in _parts(decoded.text, name):
        is_empty = False
        text, places = bio.joined(part.sentences)
        yield ExchangeDocument(
            title=title_of(text, f"{Path(name).stem}, document {part.number:,}"),
            text=text,
            date=date_in(name),
            encoding=decoded.encoding,
            meta={"file": name} | ({"encoding_is_guess": True} if decoded.is_guess else {}),
            spans=bio.spans(text, places, bio.stretches(part.tags)),
            where=f"{name}, document {part.number:,}",
        )
    if is_empty:
        raise RefusedInputError(f"{name} has no words: there is nothing to import, so leave it out.")


def _parts(text: str, name: str) -> Iterator[_Part]:
    """Yield the documents that have words."""
    part = _Part(1)
    word_at = int(_is_numbered(text))
    for number, line in enumerate(text.split("\n"), start=1):
        columns = _columns(line)
        if not any(columns):
            if part.sentences[-1]:
                part.sentences.append([])
        elif columns[0] == _DOCUMENT:
            if part.tags:
                yield part
                part = _Part(part.number + 1)
        elif _is_remark(columns):
            continue
        elif len(columns) < 2 + word_at or not columns[word_at]:
            raise RefusedInputError(f"{name}, line {number:,}: {named(line)} is not a word with its tag.")
        else:
            part.sentences[-1].append(columns[word_at])
            part.tags.append(columns[-1])
    if part.tags:
        part.sentences = [sentence for sentence in part.sentences if sentence]
        yield part


def _columns(line: str) -> list[str]:
    columns = line.rstrip("\r").split("\t") if "\t" in line else line.split()
    return [column.strip() for column in columns]


def _is_remark(columns: list[str]) -> bool:
    """Say whether a line tells of the sentence or file, as CoNLL-U and its like do; a word # has its tag."""
    return columns[0].split(" ")[0] in {"#", "#begin", "#end"} and not bio.is_tag(columns[-1])


def _is_numbered(text: str) -> bool:
    """Say whether the words of the first sentence are numbered from 1 on, before the word."""
    numbers: list[str] = []
    for line in text[:_LOOKED_AT_CP].split("\n"):
        columns = _columns(line)
        if any(columns) and columns[0] != _DOCUMENT and not _is_remark(columns):
            if len(columns) < 3:
                return False
            numbers.append(columns[0])
            if numbers[-1] != str(len(numbers)):
                return False
        elif numbers:
            break
    return len(numbers) > 1


def write(documents: Iterable[ExchangeDocument], path: Path, context: WriteContext) -> int:
    """Write a file with the four columns of CoNLL-2003, whole or not at all; return the number of documents.

    Raises:
        StorageFullError: the file cannot be written.
    """
    count = 0
    labels: dict[str, str] = {}
    with atomic_writer(path) as stream:
        for document in documents:
            count += 1
            for span in document.spans:
                if span.label not in labels:
                    labels[span.label] = _name(span.label, labels, context)
            _write(document, labels, stream)
            context.losses.add("texts' blanks and line breaks", "CoNLL holds words only", where=document.title)
    return count


def _write(document: ExchangeDocument, labels: dict[str, str], stream: TextIO) -> None:
    found = words(document.text, [fragment for span in document.spans for fragment in span.fragments])
    starts = bio.line_starts(document, found, has_sentences=True)
    stream.write(f"{_DOCUMENT} -X- O O\n\n")
    for number, (word, tag) in enumerate(zip(found, bio.tags(found, document.spans, labels), strict=True)):
        blank = "\n" if number in starts else ""
        stream.write(f"{blank}{document.text[slice(*word)]} -X- O {tag}\n")
    stream.write("\n")


def _name(label: str, labels: dict[str, str], context: WriteContext) -> str:
    """Return a label as a column can hold it: without blanks, and told from the others."""
    stem = "_".join(label.split()) or "Label"
    found, number = stem, 1
    while found in labels.values():
        number += 1
        found = f"{stem}_{number}"
    if found != label:
        context.losses.add("labels' names", "CoNLL's columns hold no blanks", where=f"{label}: {found}")
    return found
