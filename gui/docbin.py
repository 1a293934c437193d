"""Importing spaCy's DocBin files: read by a process that loads spaCy, one Doc after the other. Free of Qt.

`offer` makes the format known to `storage`, which knows neither spaCy nor `nlp`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nlp
from storage.errors import RefusedInputError
from storage.formats.exchange import ExchangeDocument, ExchangeSpan, LeftOut
from storage.formats.foreign import MAX_FILE_BYTES, NotTaken, placed, read_each
from storage.formats.interface import provide_reader
from storage.formats.json_lines import parsed, raw_lines
from storage.formats.mapping import guess_kind
from storage.formats.naming import date_in, display_name
from storage.records import State
from storage.text import quote_of

#: -P keeps the current folder off the import path: a folder of documents may hold a nlp.py.
_COMMAND = (sys.executable, "-P", "-m", "nlp.docbin_reading")


#: More than this is not kept but read again.
_KEPT_BYTES = 32 * 1024 * 1024


def offer() -> None:
    """Let imports read DocBin files from now on."""
    provide_reader("spacy", DocBinReader())


class DocBinReader:
    """Reads DocBin files, and folders of them.

    What was told of a file is kept for the next time: a look at an import, one more after each change, and the import
    itself read the same files, and spaCy takes seconds to load.
    """

    def __init__(self, command: tuple[str, ...] = _COMMAND) -> None:
        self._command = command
        self._kept: dict[tuple[int, ...], list[tuple[int, bytes]]] = {}
        self._kept_bytes = 0

    def read(self, path: Path, *, encoding: str | None = None) -> Iterator[ExchangeDocument | LeftOut]:
        """Yield each Doc with its entities and span groups as a document; its cuts into words are not kept.

        Raises:
            RefusedInputError: a file is no DocBin, is damaged, or breaks the program that reads it.
            OSError: a file cannot be read.
        """
        del encoding
        yield from read_each(path, self._read_file, ".spacy")

    def _read_file(self, file: Path) -> Iterator[ExchangeDocument]:
        name = display_name(file)
        if file.stat().st_size > MAX_FILE_BYTES:
            raise RefusedInputError(f"{name} is larger than {MAX_FILE_BYTES // 2**20} MB: split it.")
        with file.open("rb"):  # whether it can be read at all is said best by the system
            yield from self._read(file, name)

    def _read(self, file: Path, name: str) -> Iterator[ExchangeDocument]:
        is_whole = False
        for number, line in self._lines(file, name):
            data = parsed(line, f"{name}, document {number:,}")
            if not isinstance(data, dict) or "end" in data:
                is_whole = True
            elif "problem" in data:
                raise RefusedInputError(f"{name} was not read: {data['problem']}")
            else:
                yield document_of(data, name, number)
        if not is_whole:
            raise RefusedInputError(
                f"{name} was not read: the program that reads it broke down, as it does on numbers that cannot be: the "
                "file is damaged, or made to do harm."
            )

    def _lines(self, file: Path, name: str) -> Iterator[tuple[int, bytes]]:
        """Yield what the other process tells of a file, or what it told before if the file is still the same."""
        status = file.stat()
        key = (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
        if key in self._kept:
            yield from self._kept[key]
            return
        lines = []
        room = _KEPT_BYTES - self._kept_bytes
        size = 0
        for number, line in self._told(file, name):
            size += len(line)
            if size <= room:
                lines.append((number, line))
            yield number, line
        if size <= room:
            self._kept[key] = lines
            self._kept_bytes += size

    def _told(self, file: Path, name: str) -> Iterator[tuple[int, bytes]]:
        root = str(Path(nlp.__file__).resolve().parent.parent)
        environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))}
        command = [*self._command, str(file.absolute())]
        quiet, pipe = subprocess.DEVNULL, subprocess.PIPE
        with subprocess.Popen(command, stdin=quiet, stdout=pipe, stderr=quiet, env=environment, cwd=root) as process:
            assert process.stdout is not None  # noqa: S101  (it is a pipe)
            try:
                yield from raw_lines(process.stdout, name)
            finally:
                process.kill()  # no harm where it has ended; the import may have been stopped


def document_of(data: dict[str, Any], name: str, number: int) -> ExchangeDocument:
    """Return the document that a line of `nlp.docbin_reading` describes.

    Raises:
        RefusedInputError: a span is not one of its text.
    """
    text, where = data["text"], f"{name}, document {number:,}"
    not_taken = NotTaken()
    spans: list[ExchangeSpan] = []
    for each in data["spans"]:
        label = " ".join(each["label"].split()) or "span"
        what = f"the span “{label[:40]}” [{each['start']}, {each['end']})"
        fragment = placed(text, each["start"], each["end"], where, what)
        if fragment is None:
            not_taken.add("spans of white space")
            continue
        spans.append(
            ExchangeSpan(
                id=f"s{len(spans) + 1}",
                kind=guess_kind(label),
                label=label,
                fragments=(fragment,),
                state=State.REJECTED if each["is_wrong"] else State.CONFIRMED,
                quote=quote_of(text, (fragment,)),
                fields=each["fields"],
            )
        )
    return ExchangeDocument(
        title=data["title"] or f"{Path(name).stem}, {number:,}",
        text=text,
        date=date_in(name),
        meta={"file": name, **data["meta"], **not_taken.meta()},
        spans=tuple(spans),
        where=where,
    )
