"""JSON Lines as such: lines read one by one and parsed with care, and lines written that every program can read."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, NamedTuple

from storage.errors import RefusedInputError
from storage.formats.json_object import JsonObject
from storage.formats.json_strict import DECODER, fault_in
from storage.formats.naming import display_name
from storage.text import lone_surrogate

#: A line takes several times its size in memory; the largest text (64 MB) with 100,000 spans fits.
MAX_LINE_BYTES = 256 * 1024 * 1024

_ESCAPES_OF_HARM = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
_ESCAPED_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
_MARK = b"\xef\xbb\xbf"
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")

#: JSON allows them bare, but they end lines for many programs that read "lines".
_LINE_ENDS = {end: f"\\u{ord(end):04x}" for end in "\x85\u2028\u2029"}


class Line(NamedTuple):
    """One line of a file: its number, how messages name it, a title where it has none, and what it says."""

    number: int
    where: str
    title: str
    data: JsonObject


def read_objects(path: Path) -> Iterator[Line]:
    """Yield the objects of a JSON Lines file one by one; empty lines are passed over. Memory holds one line.

    Raises:
        RefusedInputError: at the first line that is broken or no object; also when there is none at all.
        OSError: the file cannot be read.
    """
    name = display_name(path)
    count = 0
    with path.open("rb") as stream:
        for number, line in raw_lines(stream, name):
            count += 1
            yield _line(name, number, line)
    if not count:
        raise RefusedInputError(f"{name} is empty: there is nothing to import, so leave it out.")


def read_groups(path: Path, key: Callable[[JsonObject], str]) -> Iterator[list[Line]]:
    """Yield the objects of a file, those with the same key together, in the order in which the first of each stands.

    For files in which several lines speak of one text. The file is read twice; memory holds a hash and a place for each
    line and the lines of one group.

    Raises:
        RefusedInputError: as `read_objects`.
        OSError: the file cannot be read.
    """
    name = display_name(path)
    places: dict[bytes, list[tuple[int, int]]] = {}
    with path.open("rb") as stream:
        begin = 0
        for number, raw in raw_lines(stream, name):
            line = _line(name, number, raw)
            digest = hashlib.sha256(key(line.data).encode("utf-8")).digest()
            places.setdefault(digest, []).append((number, begin))
            begin = stream.tell()
        if not places:
            raise RefusedInputError(f"{name} is empty: there is nothing to import, so leave it out.")
        for group in places.values():
            lines = []
            for number, begin in group:
                stream.seek(begin)
                lines.append(_line(name, number, next(raw_lines(stream, name))[1]))
            yield lines


def _line(name: str, number: int, raw: bytes) -> Line:
    where = f"{name}, line {number:,}"
    return Line(number, where, f"{Path(name).stem}, line {number:,}", JsonObject(parsed(raw, where), where))


def first_object(path: Path, head: bytes) -> dict[str, object]:
    """Return the object on the first line that is not empty, {} if it is none; never raise.

    `head` is the beginning of the file; only a first line that goes on beyond it is read again.
    """
    line = next((line for line in head.removeprefix(_MARK).split(b"\n") if line.strip()), b"")
    try:
        if b"\n" not in head[head.find(line) + len(line) :]:
            with path.open("rb") as stream:
                line = next(raw_lines(stream, path.name))[1]
        data = json.loads(line)
    except (ValueError, RecursionError, OSError, StopIteration, RefusedInputError):
        return {}
    return data if isinstance(data, dict) else {}


def line_of(data: object) -> str:
    """Return JSON on one line, with its line feed; nothing within it ends a line for anybody.

    A number that JSON does not have becomes null: see `check_numbers`.
    """
    from msgspec.json import encode  # noqa: PLC0415  (half of a start's time for what only exports need)

    line = encode(data).decode()
    for end, escape in _LINE_ENDS.items():
        line = line.replace(end, escape)
    return line + "\n"


def check_numbers(data: object) -> None:
    """Check that JSON has all numbers in a value.

    Raises:
        ValueError: there is an infinite one, or one that is none.
    """
    json.dumps(data, allow_nan=False)


def raw_lines(stream: IO[bytes], name: str) -> Iterator[tuple[int, bytes]]:
    """Yield the lines that are not empty with their numbers, from 1. Nothing but a line feed ends a line.

    Raises:
        RefusedInputError: the file is in UTF-16 or UTF-32, or a line is longer than `MAX_LINE_BYTES`.
    """
    number = 0
    while line := stream.readline(MAX_LINE_BYTES + 1):
        number += 1
        if number == 1:
            if line.startswith(_WIDE_MARKS):
                raise RefusedInputError(f"{name} begins with the mark of UTF-16 or UTF-32: save it as UTF-8.")
            line = line.removeprefix(_MARK)
        if len(line) > MAX_LINE_BYTES:
            raise RefusedInputError(
                f"{name}, line {number:,}: longer than {MAX_LINE_BYTES // 2**20} MB, the most for one document."
            )
        if line.strip():
            yield number, line.rstrip(b"\r\n")


def parsed(line: bytes, where: str) -> object:
    """Return what the JSON of one line says.

    Raises:
        RefusedInputError: it is no JSON in UTF-8, has numbers that JSON does not have, characters that no text has,
            keys that stand twice in one object, or lists within lists without end.
    """
    try:
        data: object = DECODER.decode(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise RefusedInputError(
            f"{where}: not UTF-8 at byte {error.start + 1:,} of the line: save the file as UTF-8."
        ) from error
    except json.JSONDecodeError as error:
        if error.lineno > 1:  # a file that is one value on many lines
            place = f"line {error.lineno:,}, character {error.colno:,}"
            raise RefusedInputError(f"{where}: not JSON at {place} ({error.msg.lower()}): it was cut off?") from error
        raise RefusedInputError(
            f"{where}: not JSON at character {error.colno:,} ({error.msg.lower()}): correct the line, or take it out."
        ) from error
    except (ValueError, RecursionError) as error:
        raise RefusedInputError(f"{where}: {fault_in(error)}.") from error
    if _ESCAPES_OF_HARM.search(line):
        refuse_harmful_strings(data, where)
    return data


def refuse_harmful_strings(data: object, where: str) -> None:
    """Refuse NUL characters and halves of characters anywhere in a value, which only escapes can bring in.

    Raises:
        RefusedInputError: there is one.
    """
    for key, value in data.items() if isinstance(data, dict) else [("", data)]:
        plain = json.dumps({key: value}, ensure_ascii=False)
        pos_cp = lone_surrogate(plain)
        if pos_cp is not None:
            what = f"half a character (\\u{ord(plain[pos_cp]):04x})"
        elif _ESCAPED_NUL.search(plain):
            what = "a NUL character (\\u0000)"
        else:
            continue
        shown = key.encode("utf-8", "replace").decode("utf-8")
        raise RefusedInputError(f"{where}: “{shown}” has {what}, which no text has: write the file anew, as UTF-8.")
