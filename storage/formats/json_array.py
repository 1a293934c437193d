"""The items of a JSON array in a file, one by one: memory holds the largest of them, not the file."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from storage.errors import RefusedInputError
from storage.formats.json_lines import MAX_LINE_BYTES, refuse_harmful_strings
from storage.formats.json_object import JsonObject
from storage.formats.json_strict import DECODER, fault_in
from storage.formats.naming import display_name

_CHUNK_BYTES = 256 * 1024
_BLANKS = re.compile(r"[ \t\r\n]*")
_ESCAPES_OF_HARM = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")


def read_array(path: Path, what: str) -> Iterator[tuple[str, JsonObject]]:
    """Yield the objects of an array, each with how messages name it (`tasks.json, task 12`). O(n).

    Where the file is one object, that is yielded. `what` names an item.

    Raises:
        RefusedInputError: it is no JSON in UTF-8, no array of objects, or an item is larger than 256 MB.
        OSError: the file cannot be read.
    """
    with path.open("rb") as stream:
        yield from array_items(stream, display_name(path), what)


def array_items(stream: IO[bytes], name: str, what: str) -> Iterator[tuple[str, JsonObject]]:
    """Yield the objects of an array in a stream, as `read_array` does those of a file."""
    number = 0
    buffer = _Buffer(stream, name)
    is_array = buffer.starts_with("[")
    is_done = is_array and buffer.starts_with("]")
    while not is_done:
        where = f"{name}, {what} {number + 1:,}" if is_array else name
        buffer.pass_blanks()
        item = buffer.item(where)
        number += 1
        yield where, JsonObject(item, where)
        is_done = not is_array or buffer.starts_with("]")
        if not is_done and not buffer.starts_with(","):
            raise RefusedInputError(f"{name}: after {what} {number:,} it is not JSON or was cut off.")
    buffer.expect_end()


class _Buffer:
    """The part of a file that is looked at; what was read is dropped as soon as it is not needed."""

    def __init__(self, stream: IO[bytes], name: str) -> None:
        self._stream = stream
        self._name = name
        self._decode = codecs.getincrementaldecoder("utf-8")()
        self._text = ""
        self._pos = 0
        self._is_end = False
        self._read(_CHUNK_BYTES)
        self._text = self._text.removeprefix("\ufeff")

    def pass_blanks(self) -> None:
        """Go on to what is no blank, or to the end."""
        self._pos = _after_blanks(self._text, self._pos)
        while self._pos == len(self._text) and not self._is_end:
            self._read(_CHUNK_BYTES)
            self._pos = _after_blanks(self._text, self._pos)

    def starts_with(self, character: str) -> bool:
        """Pass over blanks and a character; say whether it is there."""
        self.pass_blanks()
        is_there = self._text.startswith(character, self._pos)
        self._pos += len(character) if is_there else 0
        return is_there

    def item(self, where: str) -> object:
        """Return the next value. Where it goes on beyond the buffer, as much again is read, so that it stays O(n)."""
        while True:
            try:
                data, end = DECODER.raw_decode(self._text, self._pos)
            except json.JSONDecodeError as error:
                if not self._is_end:
                    self._read(max(_CHUNK_BYTES, len(self._text)))
                    continue
                raise RefusedInputError(f"{where}: it is not JSON or was cut off ({error.msg.lower()}).") from error
            except (ValueError, RecursionError) as error:
                raise RefusedInputError(f"{where}: {fault_in(error)}.") from error
            break
        if _ESCAPES_OF_HARM.search(self._text, self._pos, end):
            refuse_harmful_strings(data, where)
        self._text, self._pos = self._text[end:], 0
        return data

    def expect_end(self) -> None:
        """Refuse whatever follows."""
        self.pass_blanks()
        if self._pos < len(self._text):
            raise RefusedInputError(f"{self._name}: something follows after the end of the JSON.")

    def _read(self, size: int) -> None:
        if len(self._text) > MAX_LINE_BYTES:
            raise RefusedInputError(
                f"{self._name}: one item is larger than {MAX_LINE_BYTES // 2**20} MB, the most for one document, or "
                "the file is not JSON."
            )
        data = self._stream.read(size)
        self._is_end = not data
        try:
            self._text = self._text[self._pos :] + self._decode.decode(data, final=self._is_end)
        except UnicodeDecodeError as error:
            raise RefusedInputError(f"{self._name}: not UTF-8: save the file as UTF-8.") from error
        self._pos = 0


def _after_blanks(text: str, pos: int) -> int:
    match = _BLANKS.match(text, pos)
    return match.end() if match else pos
