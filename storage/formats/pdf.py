"""PDF documents, by PDFium (pypdfium2, Apache and BSD): text in the order of reading, pages kept. Reads only.

Compared on pages of two columns, pdfminer.six orders as well but takes three times as long, and pypdf follows the order
in which the file was written, as PDFium does; so the order is made here (`pdf_layout`). PDFium runs in a process of its
own, which is ended when it gets nowhere.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import IO, Any

from storage.errors import RefusedInputError
from storage.formats.dates import iso_date
from storage.formats.exchange import ExchangeDocument, ExchangeStretch, LeftOut
from storage.formats.incoming import document, read_all, refuse_wrong_kind
from storage.formats.naming import display_name, given_by_a_person, title_of
from storage.formats.pdf_layout import Paragraph
from storage.formats.pdf_text import Page, text_of
from storage.formats.stopping import stop_if_wished

_MAX_PDF_BYTES = 256 * 1024 * 1024
_MAX_PAGES = 20_000
_MAX_TEXT_CP = 32 * 1024 * 1024

#: A page takes 0.05 s. Longer than this without a new one, and it goes round in circles.
PATIENCE_S = 60.0

#: How often an analyst's wish to stop is looked for meanwhile.
_ASK_EVERY_S = 0.1

#: -P keeps the current folder off the import path: a folder of documents may hold a storage.py.
_COMMAND: tuple[str, ...] = ("-m", "storage.formats.pdf_pages")

_MADE_DATE = re.compile(r"D:(\d{4})(\d{2})(\d{2})")


def read(path: Path, *, encoding: str | None = None) -> Iterator[ExchangeDocument | LeftOut]:
    """Yield the one document of a PDF file, and pages without text with a word on why."""
    with path.open("rb") as stream:
        yield from read_stream(stream, display_name(path), encoding=encoding)


def read_stream(stream: IO[bytes], name: str, *, encoding: str | None = None) -> Iterator[ExchangeDocument | LeftOut]:
    """Yield the one document of a stream. Its stretches hold the numbers of pages and mark running heads and feet.

    `encoding` has no say: a PDF has none. Pages that were scanned are left out, by number.

    Raises:
        RefusedInputError: no PDF, damaged, protected, without any text, or going round in circles.
    """
    del encoding
    data = read_all(stream, name, _MAX_PDF_BYTES)
    refuse_wrong_kind(data, name, b"%PDF-", "a PDF document")
    told = _told(data, name)
    about = next(told)
    pages = list(told)
    text, stretches = text_of([_page(page) for page in pages])
    if not text:
        raise RefusedInputError(
            f"{name} has no text on any of its {len(pages):,} pages: it was scanned. Run text recognition (OCR) on "
            "it and import the result."
        )
    for reason, numbers in _unread(pages).items():
        yield LeftOut(f"{name}, page{'s' * (len(numbers) > 1)} {_listed(numbers)}", reason)
    meta = about["meta"]
    yield document(
        name,
        text,
        extraction="text of a PDF in the order of reading, by PDFium",
        title=given_by_a_person(meta.get("Title", "")) or title_of(text[_body_cp(stretches) :], fallback=""),
        source=given_by_a_person(meta.get("Author", "")),
        meta={
            "pages": len(pages),
            "created": _day(meta.get("CreationDate", "")),
            "pages_without_text": sorted(number for numbers in _unread(pages).values() for number in numbers),
        },
        stretches=stretches,
    )


def _page(said: dict[str, Any]) -> Page:
    return Page(said["label"], [Paragraph(*values) for values in said.get("paragraphs", ())])


def _unread(pages: list[dict[str, Any]]) -> dict[str, list[int]]:
    """Return why pages were not read, and their numbers as counted from 1."""
    reasons = {
        "pictures": "It holds pictures but no text: run text recognition (OCR) on it and import the result.",
        "broken": "It is damaged.",
        "too_large": "It holds more letters than any page to read has.",
    }
    unread: dict[str, list[int]] = {}
    for number, page in enumerate(pages, start=1):
        for key, reason in reasons.items():
            if page.get(key):
                unread.setdefault(reason, []).append(number)
    return unread


def _told(data: bytes, name: str) -> Iterator[dict[str, Any]]:
    """Yield what the other process tells: first of the document, then of each page."""
    length_cp = count = 0
    total = None
    with _process() as process, closing(_Lines(process)) as lines:
        with suppress(BrokenPipeError):
            _pipe(process.stdin).write(data)
            _pipe(process.stdin).close()
        for line in lines:
            said = json.loads(line)
            if total is None:
                total = _checked_total(said, name)
            else:
                count += 1
                length_cp += len(line)
            if length_cp > 2 * _MAX_TEXT_CP:
                raise RefusedInputError(f"{name} has more text than Sayso takes as one document: split it.")
            yield said
        if total is None or count < total:
            raise RefusedInputError(_ended_early(name, count, is_stuck=lines.is_stuck))


def _checked_total(said: dict[str, Any], name: str) -> int:
    """Return how many pages there are."""
    if said.get("error") == "password":
        raise RefusedInputError(f"{name} is protected by a password: save it without one and import that.")
    if "error" in said or not said["pages"]:
        raise RefusedInputError(f"{name} is damaged or was cut off: it has no pages that can be read. Get it anew.")
    if said["pages"] > _MAX_PAGES:
        raise RefusedInputError(f"{name} has {said['pages']:,} pages, more than Sayso takes at once: split it.")
    return int(said["pages"])


def _ended_early(name: str, count: int, *, is_stuck: bool) -> str:
    where = f"on page {count + 1:,}" if count else "before its first page"
    if is_stuck:
        return f"{name} was given up {where}: reading it went on for {PATIENCE_S:.0f} seconds without end."
    return f"{name} is damaged {where}, so that reading it broke off: get it anew, or print it to a new PDF."


def _process() -> subprocess.Popen[bytes]:
    """Start the process that reads."""
    root = str(Path(__file__).resolve().parent.parent.parent)
    search = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    return subprocess.Popen(
        [sys.executable, "-P", *_COMMAND],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": search, "PYTHONIOENCODING": "utf-8"},
    )


class _Lines:
    """The whole lines that a process writes, until it ends or nothing comes for `PATIENCE_S`.

    A thread reads ahead of who asks; to be closed, which ends the process, whatever it does.
    """

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._read: SimpleQueue[bytes] = SimpleQueue()
        self.is_stuck = False
        self._thread = threading.Thread(target=self._pump, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the process and the thread."""
        self._process.kill()
        self._thread.join()

    def __iter__(self) -> Iterator[bytes]:
        """Yield line after line.

        Raises:
            Stopped: by wish of the analyst.
        """
        step_s = min(_ASK_EVERY_S, PATIENCE_S)
        waited_s = 0.0
        while not self.is_stuck:
            try:
                line = self._read.get(timeout=step_s)
            except Empty:
                stop_if_wished()
                waited_s += step_s
                self.is_stuck = waited_s >= PATIENCE_S
                continue
            if not line.endswith(b"\n"):  # the end, or the process died while it was telling
                return
            waited_s = 0.0
            stop_if_wished()
            yield line

    def _pump(self) -> None:
        for line in _pipe(self._process.stdout):
            self._read.put(line)
        self._read.put(b"")


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None  # noqa: S101  (asked for when the process was started)
    return stream


def _body_cp(stretches: Iterable[ExchangeStretch]) -> int:
    """Return where the text begins after the running heads that it begins with."""
    begin_cp = 0
    for stretch in stretches:
        if stretch.kind == "excluded" and stretch.start_cp <= begin_cp + 2:
            begin_cp = stretch.end_cp
    return begin_cp


def _day(said: str) -> str | None:
    found = _MADE_DATE.match(said)
    return iso_date("-".join(found.groups())) if found else None


def _listed(numbers: list[int]) -> str:
    """Return numbers as people write them: 1–3, 7."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] + 1 == number:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)
