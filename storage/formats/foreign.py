"""What the readers of other tools' files share: which files, how much of them, offsets checked, what was left out."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from storage.errors import RefusedInputError
from storage.formats.exchange import ExchangeDocument, LeftOut
from storage.formats.naming import display_name
from storage.records import Fragment
from storage.text import snap

#: A file of one document with all its annotations is several times its text.
MAX_FILE_BYTES = 256 * 1024 * 1024


def files_of(path: Path, *extensions: str) -> list[Path]:
    """Return the file itself, or what a folder holds with one of these extensions (lower case), sorted by name.

    Raises:
        RefusedInputError: the folder holds none.
    """
    if not path.is_dir():
        return [path]
    found = [file for file in path.iterdir() if file.suffix.lower() in extensions and not file.name.startswith(".")]
    if not found:
        raise RefusedInputError(f"{display_name(path)} holds no file {' or '.join(extensions)}.")
    return sorted(found, key=lambda file: (file.name.casefold(), file.name))


def read_each(
    path: Path, read_one: Callable[[Path], Iterator[ExchangeDocument]], *extensions: str
) -> Iterator[ExchangeDocument | LeftOut]:
    """Yield the documents of a file, or of the files of a folder, of which the broken ones are left out by name.

    Raises:
        RefusedInputError: the file is broken, or all of the folder are.
        OSError: one cannot be read.
    """
    files = files_of(path, *extensions)
    if not path.is_dir():
        yield from read_one(path)
        return
    first_refusal: RefusedInputError | None = None
    is_any_sound = False
    for file in files:
        try:
            found = list(read_one(file))
        except RefusedInputError as refusal:
            first_refusal = first_refusal or refusal
            yield LeftOut(display_name(file), str(refusal))
            continue
        is_any_sound = True
        yield from found
    if first_refusal is not None and not is_any_sound:
        raise first_refusal


def holds_only(path: Path, extensions: Iterable[str], also: Iterable[str] = ()) -> bool:
    """Return whether a folder holds nothing but files of these extensions and names, and at least one of the former.

    Hidden files do not count. Never raises.
    """
    try:
        names = [entry.name for entry in path.iterdir() if not entry.name.startswith(".")]
    except OSError:
        return False
    wanted, further = tuple(extensions), set(also)
    marked = [name for name in names if name.lower().endswith(wanted)]
    return bool(marked) and all(name in further for name in set(names) - set(marked))


def read_bounded(path: Path) -> bytes:
    """Return the bytes of a file.

    Raises:
        RefusedInputError: it is larger than `MAX_FILE_BYTES`.
        OSError: it cannot be read.
    """
    with path.open("rb") as stream:
        data = stream.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        raise RefusedInputError(f"{display_name(path)} is larger than {MAX_FILE_BYTES // 2**20} MB: split it.")
    return data


def placed(text: str, start_cp: int | None, end_cp: int | None, where: str, what: str) -> Fragment | None:
    """Return an annotation's range as a fragment: without white space at its ends, with whole graphemes.

    None if it holds nothing but white space. `what` names the annotation in the sentence, `where` the file; an end is
    None where a conversion found that there is no such place.

    Raises:
        RefusedInputError: it is not a range of the text.
    """
    if start_cp is None or end_cp is None or not 0 <= start_cp <= end_cp <= len(text):
        raise RefusedInputError(
            f"{where}: {what} lies outside the text, which has {len(text):,} characters, or begins within one: "
            "text and offsets do not belong together."
        )
    return snap(text, start_cp, end_cp)


def moment(value: str | None, where: str) -> str | None:
    """Return a date and time of ISO 8601 as it was written.

    Raises:
        RefusedInputError: it is none.
    """
    if value is not None:
        try:
            datetime.datetime.fromisoformat(value)
        except ValueError as error:
            raise RefusedInputError(f"{where}: “{value[:40]}” is not a date and time.") from error
    return value or None


#: The metadata of a document that say what of its file did not come in.
NOT_IMPORTED = "not imported"


class NotTaken:
    """Counts what a reader takes from nowhere into Sayso; it is kept with the document, so that it can be seen."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def add(self, what: str, count: int = 1) -> None:
        """Count annotations; `what` is what their tool calls them."""
        self._counts[what] += count

    def meta(self) -> Mapping[str, Any]:
        """Return what to keep in a document's metadata: nothing if nothing was left out."""
        told = ", ".join(f"{what} ({count:,})" for what, count in sorted(self._counts.items()))
        return {NOT_IMPORTED: told} if told else {}
