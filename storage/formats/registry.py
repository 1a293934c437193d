"""Finding a format: by name, by extension, or by what a file holds."""

from __future__ import annotations

from pathlib import Path

from storage.formats.catalogue import FORMATS
from storage.formats.interface import Format

#: How much of a file a recogniser sees.
HEAD_BYTES = 64 * 1024


def read_formats() -> tuple[Format, ...]:
    """Return the formats that can be imported, in the order in which to offer them."""
    return tuple(format_ for format_ in FORMATS if format_.can_read)


def write_formats() -> tuple[Format, ...]:
    """Return the formats that can be exported, in the order in which to offer them."""
    return tuple(format_ for format_ in FORMATS if format_.can_write)


def formats_of(extension: str) -> tuple[Format, ...]:
    """Return the formats that read files with this extension, in any case, in the order in which they are asked."""
    return tuple(format_ for format_ in read_formats() if extension.lower() in format_.extensions)


def format_named(name: str) -> Format:
    """Return the format with this name; `KeyError` if there is none."""
    for format_ in FORMATS:
        if format_.name == name:
            return format_
    raise KeyError(name)


def format_for(path: Path) -> Format | None:
    """Return the format that reads a file, by its extension in any case and, where several share it, by its content.

    None if there is none. A folder is of a format only if that recognises it; otherwise it is searched through. A
    format that is written as a folder may also read single files of it, by their extension.
    """
    is_folder = path.is_dir()
    extension = path.suffix.lower()
    sharing = [
        format_ for format_ in read_formats() if (format_.is_folder if is_folder else extension in format_.extensions)
    ]
    asked = [format_ for format_ in sharing if format_.is_recognised]
    if asked:
        head = b"" if is_folder else _head(path)
        for format_ in asked:
            if format_.recogniser().recognises(path, head):
                return format_
    # What is in an unknown folder is looked at file by file.
    return None if is_folder else next((format_ for format_ in sharing if not format_.is_recognised), None)


def _head(path: Path) -> bytes:
    """Return the beginning of a file, nothing if it cannot be read: whoever reads it next says why."""
    if not path.is_file():  # a pipe would wait for a writer
        return b""
    try:
        with path.open("rb") as stream:
            return stream.read(HEAD_BYTES)
    except OSError:
        return b""
