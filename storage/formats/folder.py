"""Finding the files of an import, and reading each as what its name says it is.

Whatever is wrong with a file is told by its name and a sentence; nothing else stops.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from storage.errors import RefusedInputError
from storage.formats.exchange import ExchangeDocument, LeftOut
from storage.formats.interface import Format
from storage.formats.naming import display_name
from storage.formats.own_files import is_side_file, written_by_sayso
from storage.formats.registry import format_for, formats_of

if TYPE_CHECKING:
    from storage.formats.columns import ColumnMapping

#: A folder's and a file's identity on this machine: device and inode.
_Identity = tuple[int, int]

#: A project is opened, not imported; SQLite and the writer's lock keep files beside it.
_PROJECT_ENDINGS = (".sayso", ".sayso-wal", ".sayso-shm", ".sayso-journal", ".sayso.lock")

#: What to do with kinds of files that people have and Sayso does not read.
_HINTS = {
    "; save it as DOCX": (".doc", ".dot", ".wps", ".wpd", ".pages"),
    "; save it as XLSX or CSV": (".xls", ".xlsb", ".ods", ".numbers"),
    "; save it as PDF": (".ppt", ".pptx", ".odp", ".key", ".ps", ".djvu", ".mobi", ".azw", ".azw3"),
    "; save the mail as EML": (".msg", ".pst", ".mbox"),
    "; save the page as HTML": (".mht", ".mhtml", ".webarchive"),
    "; unpack it, or pack it as ZIP": (".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz"),
    "; run text recognition (OCR) on it": (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".gif", ".bmp", ".heic"),
}


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file (or folder, if the format is one) that can be read by this format."""

    path: Path
    format: Format


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file or folder that is not read. `reason` ends the sentence that the name begins."""

    path: Path
    reason: str

    def __str__(self) -> str:
        return f"{display_name(self.path)}: {self.reason}"


def find_files(paths: Iterable[Path], format_: Format | None = None) -> Iterator[FoundFile | Refusal]:
    """Yield the files to read, folders searched through and sorted by name, and whatever is left out with its reason.

    Hidden files and folders, projects and reports of exports within a folder are passed over silently, links are
    followed, and no folder or file is yielded twice (which also ends loops of links). Lazy: memory grows with the
    largest folder only.
    """
    seen: set[_Identity] = set()
    for path in paths:
        todo = [path]
        while todo:
            current = todo.pop()
            if current != path and is_side_file(current):
                continue
            found = _look_at(current, seen, format_)
            if format_ is not None and current != path and not _is_of(format_, found):
                continue
            if isinstance(found, list):
                todo.extend(reversed(found))
            elif found is not None:
                yield found


def read_file(
    path: Path, *, format_: Format | None = None, encoding: str | None = None, columns: ColumnMapping | None = None
) -> Iterator[ExchangeDocument | LeftOut]:
    """Yield the documents of one file, by this format or the one that its name and content tell, and what was left out.

    A file that turns out to be broken raises where it breaks, after the documents ahead of it: whoever reads drops
    those, so that the file comes in whole or not at all. `encoding` overrules what would be found in a text,
    `columns` what the columns of a table seem to be.

    Raises:
        RefusedInputError: naming the file (and line) and saying why, whatever is wrong with it.
    """
    try:
        format_ = format_ or format_for(path)
        if (format_ is None or not format_.is_folder) and not stat.S_ISREG(path.stat().st_mode):
            raise RefusedInputError(f"{display_name(path)} is not a file but a folder or a device.")
        if format_ is None:
            raise RefusedInputError(f"{display_name(path)} is {_not_read(path)}.")
        if format_.takes_columns:
            yield from format_.table_reader().read(path, encoding=encoding, mapping=columns)
        else:
            yield from format_.reader().read(path, encoding=encoding)
    except OSError as error:
        raise RefusedInputError(f"{display_name(path)} was not read: {_reason(error)}.") from error


def _is_of(format_: Format, found: FoundFile | Refusal | list[Path] | None) -> bool:
    """Return whether what was found in a folder is wanted where only one format is."""
    return not isinstance(found, FoundFile | Refusal) or found.path.suffix.lower() in format_.extensions


def _look_at(path: Path, seen: set[_Identity], wanted: Format | None) -> FoundFile | Refusal | list[Path] | None:
    """Return what a path is; for a folder, what is in it; None for what was there before."""
    try:
        status = path.stat()
        identity = (status.st_dev, status.st_ino)
        if identity in seen:
            return None
        seen.add(identity)
        if stat.S_ISDIR(status.st_mode):
            return _look_into(path, wanted)
    except OSError as error:
        return Refusal(path, _reason(error))
    if not stat.S_ISREG(status.st_mode):
        return Refusal(path, "not a file but a device, a pipe or a socket")
    format_ = wanted or format_for(path)
    return FoundFile(path, format_) if format_ else Refusal(path, _not_read(path))


def _look_into(folder: Path, wanted: Format | None) -> FoundFile | Refusal | list[Path]:
    """Return what a folder is, by this format or its own, and what is in it where that is none."""
    if wanted is None and (reason := written_by_sayso(folder)):
        return Refusal(folder, reason)
    format_ = wanted or format_for(folder)
    return FoundFile(folder, format_) if format_ and format_.is_folder else _entries(folder)


def _entries(folder: Path) -> list[Path]:
    """Return what is in a folder, without hidden things, sorted as people sort: capitals do not matter."""
    with os.scandir(folder) as entries:
        names = [entry.name for entry in entries if not _is_passed_over(entry.name)]
    return [folder / name for name in sorted(names, key=lambda name: (name.casefold(), name))]


def _is_passed_over(name: str) -> bool:
    """Return whether a name in a folder is hidden, an editor's lock, names of tags (`hf_tokens`), or of a project."""
    return name.startswith((".", "~$")) or name == "dataset_info.json" or name.lower().endswith(_PROJECT_ENDINGS)


def _not_read(path: Path) -> str:
    extension = display_name(path.with_name(path.suffix)) if path.suffix else "no extension"
    if extension.lower() == ".sayso":
        return "a Sayso project: open it instead"
    tools = [format_.title for format_ in formats_of(path.suffix)]
    if tools:  # the extension is known, but nobody recognised the file as theirs
        return f"a {extension} file, but of none of the programs whose files Sayso knows by it: {'; '.join(tools)}"
    hint = next((hint for hint, endings in _HINTS.items() if extension.lower() in endings), "")
    return f"not a kind of file that Sayso reads: {extension}{hint}"


def _reason(error: OSError) -> str:
    """Return why the system refused, in words that help."""
    if isinstance(error, PermissionError):
        return "you have no permission to read it; ask for it, or copy it to a folder of yours"
    if isinstance(error, FileNotFoundError):
        return "it is not there (moved, renamed or deleted)"
    if error.errno == errno.ELOOP:
        return "it is a link that leads back to itself"
    return f"the system says “{error.strerror or error}”"
