"""A file that is one JSON value, read whole."""

from __future__ import annotations

from pathlib import Path

from storage.formats.foreign import read_bounded
from storage.formats.json_lines import parsed
from storage.formats.naming import display_name

_MARK = b"\xef\xbb\xbf"


def read_json(path: Path) -> object:
    """Return what a JSON file says.

    Raises:
        RefusedInputError: it is larger than 256 MB, or no JSON in UTF-8.
        OSError: it cannot be read.
    """
    return parsed_json(read_bounded(path), display_name(path))


def parsed_json(data: bytes, name: str) -> object:
    """Return what the bytes of a JSON file say; `name` is the file's.

    Raises:
        RefusedInputError: they are no JSON in UTF-8.
    """
    return parsed(data.removeprefix(_MARK), name)
