"""Token classification as Hugging Face's `datasets` has it, in JSON Lines. Reads and writes.

A row has `tokens` and as many `ner_tags` (BIO); Sayso adds `text` and `offsets` (code points of each token), so that
the text comes back exactly. Tags that are numbers need their names, which `dataset_info.json` beside the file holds.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storage.formats import bio, json_metadata
from storage.formats.atomic import atomic_writer
from storage.formats.exchange import ExchangeDocument
from storage.formats.json_lines import Line, first_object, line_of, read_objects
from storage.formats.json_object import named
from storage.formats.naming import title_of
from storage.formats.words import words
from storage.text import check_text

if TYPE_CHECKING:
    from storage.formats.interface import WriteContext

_TOKENS = ("tokens", "words")
_TAGS = ("ner_tags", "tags", "labels", "ner")
#: Beside what is read here, what the classic sets hold for other tasks.
_OURS = ("id", "text", "offsets", "pos_tags", "chunk_tags")
_INFO = "dataset_info.json"
_MAX_INFO_BYTES = 4 * 1024 * 1024


def recognises(path: Path, head: bytes) -> bool:
    """Say whether the first line has words and as many tags."""
    row = first_object(path, head)
    tokens = next((row[key] for key in _TOKENS if key in row), None)
    tags = next((row[key] for key in _TAGS if key in row), None)
    return (
        isinstance(tokens, list)
        and isinstance(tags, list)
        and len(tokens) == len(tags)
        and all(isinstance(token, str) for token in tokens)
        and all(isinstance(tag, str | int) for tag in tags)
    )


def read(path: Path, *, encoding: str | None = None) -> Iterator[ExchangeDocument]:
    """Yield one document for each row. Memory holds one row.

    Raises:
        RefusedInputError: naming the line and what is wrong there.
        OSError: the file cannot be read.
    """
    del encoding
    names: list[str] | None = None
    for line in read_objects(path):
        tokens, tags = _column(line, _TOKENS), _column(line, _TAGS)
        if len(tokens) != len(tags):
            line.data.refuse(_TAGS[0], f"has {len(tags):,} tags for {len(tokens):,} tokens")
        if names is None and any(type(tag) is int for tag in tags):
            names = _names(path, line)
        text, places = _text(line, tokens)
        check_text(text, where=line.where)
        about = json_metadata.heard(line.data.rest, left_out=_OURS, where=line.where)
        title = about.pop("title", "")
        yield ExchangeDocument(
            title=title if title.strip() else title_of(text, line.title),
            text=text,
            spans=bio.spans(text, places, bio.stretches(_tag(line, tag, names) for tag in tags)),
            where=line.where,
            **about,
        )


def _column(line: Line, keys: Sequence[str]) -> list[Any]:
    """Return the list under the first of the keys that is there, and take it out."""
    key = next((key for key in keys if key in line.data.rest), keys[0])
    value = line.data.rest.pop(key, None)
    if not isinstance(value, list):
        line.data.refuse(key, f"must be a list, not {named(value)}")
    if key in _TOKENS and not all(isinstance(token, str) for token in value):
        line.data.refuse(key, "must be a list of words")
    return value


def _tag(line: Line, tag: object, names: Sequence[str] | None) -> str:
    if isinstance(tag, str):
        return tag
    if type(tag) is not int or names is None or not 0 <= tag < len(names):
        line.data.refuse(_TAGS[0], f"has {named(tag)}, which is no tag and not the number of one")
    return names[tag]


def _names(path: Path, line: Line) -> list[str]:
    """Return what the numbers of tags mean."""
    names: object = None
    with suppress(OSError, ValueError, KeyError, TypeError, AttributeError, StopIteration, RecursionError):
        with path.with_name(_INFO).open("rb") as stream:
            features = json.loads(stream.read(_MAX_INFO_BYTES))["features"]
        feature = next(features[key] for key in _TAGS if key in features)
        names = feature.get("feature", feature)["names"]
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        line.data.refuse(
            _TAGS[0],
            f"has numbers, whose names should stand in {_INFO} beside the file: put it there, or save tags as names",
        )
    return names


def _text(line: Line, tokens: Sequence[str]) -> tuple[str, Sequence[tuple[int, int]]]:
    """Return the text and where its tokens stand: as the row says, found one after the other, or joined by blanks."""
    text = line.data.rest.get("text")
    if not isinstance(text, str):
        return bio.joined([tokens])
    offsets = line.data.ranges("offsets", len(text))
    places = offsets or _found(line, text, tokens)
    if len(places) != len(tokens):
        line.data.refuse("offsets", f"has {len(places):,} places for {len(tokens):,} tokens")
    for token, place in zip(tokens, places, strict=True):
        if text[slice(*place)] != token:
            line.data.refuse("offsets", f"leads to {named(text[slice(*place)])}, where the token is {named(token)}")
    return text, places


def _found(line: Line, text: str, tokens: Sequence[str]) -> list[tuple[int, int]]:
    places = []
    at_cp = 0
    for token in tokens:
        start = text.find(token, at_cp)
        if start < 0:
            line.data.refuse("tokens", f"has {named(token)}, which the text does not have there")
        at_cp = start + len(token)
        places.append((start, at_cp))
    return places


def write(documents: Iterable[ExchangeDocument], path: Path, context: WriteContext) -> int:
    """Write a row for each document, whole or not at all; return the number of documents.

    With the option `rows` = `lines` each line of a text is a row, since models read no more than some hundred words at
    once; a line break within a span does not count.

    Raises:
        StorageFullError: the file cannot be written.
    """
    is_by_line = context.options.get("rows") == "lines"
    count = 0
    with atomic_writer(path) as stream:
        for document in documents:
            for row in _rows(count, document, is_by_line=is_by_line):
                stream.write(line_of(row))
            count += 1
    return count


def _rows(number: int, document: ExchangeDocument, *, is_by_line: bool) -> Iterator[dict[str, Any]]:
    text = document.text
    found = words(text, [fragment for span in document.spans for fragment in span.fragments])
    tags = bio.tags(found, document.spans, {span.label: span.label for span in document.spans})
    starts = sorted(bio.line_starts(document, found)) if is_by_line else []
    for line, (first, last) in enumerate(pairwise([0, *starts, len(found)])):
        # A row by itself begins with its first word; the whole text is kept as it stands.
        begin, end = (found[first].start_cp, found[last - 1].end_cp) if is_by_line and found else (0, len(text))
        yield {
            "id": f"{number}-{line}" if is_by_line else str(number),
            "title": document.title,
            "tokens": [text[start:stop] for start, stop in found[first:last]],
            "ner_tags": tags[first:last],
            "text": text[begin:end],
            "offsets": [(start - begin, stop - begin) for start, stop in found[first:last]],
        }
