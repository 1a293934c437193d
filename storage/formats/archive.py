"""ZIP archives of documents, one archive within another at most. Reads only; nothing is unpacked to the disk.

Each file of an archive comes in or is left out by name, like the files of a folder. The names of members are shown and
never used as paths.
"""

from __future__ import annotations

import io
import re
import stat
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path, PurePosixPath
from typing import IO

from storage.errors import RefusedInputError
from storage.formats.exchange import ExchangeDocument, LeftOut
from storage.formats.interface import Format, StreamReader
from storage.formats.naming import display_name, showable
from storage.formats.registry import HEAD_BYTES, formats_of
from storage.formats.zipped import MAX_UNPACKED_BYTES, check_unpacked_size, is_encrypted, open_zip, read_member

#: Members up to here come in or stay out alone; larger tables are read as a stream, and a broken one takes the archive
#: with it.
_IN_MEMORY_BYTES = 64 * 1024 * 1024
_MAX_MEMBER_BYTES = 256 * 1024 * 1024
_DEEPEST = 1
_SEPARATORS = re.compile(r"[/\\]")
_DRIVE = re.compile(r"[A-Za-z]:")
_HIDDEN = (".", "__MACOSX", "~$", "Thumbs.db")
_PROJECTS = (".sayso", ".sayso-wal", ".sayso-shm")

_Read = ExchangeDocument | LeftOut


def read(path: Path, *, encoding: str | None = None) -> Iterator[_Read]:
    """Yield the documents of all members, in the order of their names, and what was left out."""
    with path.open("rb") as stream:
        yield from read_stream(stream, display_name(path), encoding=encoding)


def read_stream(stream: IO[bytes], name: str, *, encoding: str | None = None) -> Iterator[_Read]:
    """Yield the documents of all members of a stream that can seek. `encoding` is that of all texts in it.

    Raises:
        RefusedInputError: no ZIP, damaged, a bomb, or without any document.
    """
    yield from _Archive(encoding).documents(stream, name, depth=0)


class _Archive:
    """Reads an archive with all that is in it, within one bound for the bytes that come out."""

    def __init__(self, encoding: str | None) -> None:
        self._encoding = encoding
        self._unpacked_bytes = 0

    def documents(self, stream: IO[bytes], name: str, depth: int) -> Iterator[_Read]:
        count = 0
        passed_over: Counter[str] = Counter()
        with closing(open_zip(stream, name, "a ZIP archive")) as archive:
            check_unpacked_size(archive, name)
            members = [member for member in archive.infolist() if not _is_passed_over(member)]
            for member in sorted(members, key=lambda member: (member.filename.casefold(), member.filename)):
                format_ = _format_of(member.filename)
                if format_ is None:
                    passed_over[PurePosixPath(member.filename).suffix.lower() or "no extension"] += 1
                    continue
                for read_one in self._member(archive, member, f"{name}/{showable(member.filename)}", format_, depth):
                    count += 1
                    yield read_one
        if passed_over:
            yield LeftOut(name, _passed_over_sentence(passed_over))
        if not count and not depth:
            raise RefusedInputError(f"{name} holds no document of a kind that Sayso reads.")

    def _member(
        self, archive: zipfile.ZipFile, member: zipfile.ZipInfo, where: str, format_: Format, depth: int
    ) -> Iterator[_Read]:
        problem = _problem(member) or self._bound_problem(member)
        if problem:
            yield LeftOut(where, problem)
        elif format_.name == _ZIP and depth >= _DEEPEST:
            yield LeftOut(where, "It is an archive within an archive within an archive: unpack it and import that.")
        elif format_.name == _ZIP or member.file_size <= _IN_MEMORY_BYTES or format_.name not in _STREAMED:
            yield from self._whole(archive, member, where, format_, depth)
        else:
            yield from self._streamed(archive, member, where, format_.stream_reader())

    def _whole(
        self, archive: zipfile.ZipFile, member: zipfile.ZipInfo, where: str, format_: Format, depth: int
    ) -> Iterator[_Read]:
        """Yield what a member holds, or that it was left out: nothing of it comes in before all of it was read."""
        try:
            data = read_member(archive, member, where, _MAX_MEMBER_BYTES)
            if format_.name == _ZIP:
                yield from self.documents(io.BytesIO(data), where, depth + 1)
                return
            other = _recognised(member.filename, data)
            if other is not None and other.is_read_from_archives:
                format_ = other
            elif other is not None:
                yield LeftOut(where, f"It is a file of {other.title}: unpack the archive and import it.")
                return
            read_ones = list(format_.stream_reader().read_stream(io.BytesIO(data), where, encoding=self._encoding))
        except RefusedInputError as error:
            yield LeftOut(where, str(error))
            return
        yield from read_ones

    def _streamed(
        self, archive: zipfile.ZipFile, member: zipfile.ZipInfo, where: str, reader: StreamReader
    ) -> Iterator[_Read]:
        try:
            with archive.open(member) as stream:
                yield from reader.read_stream(stream, where, encoding=self._encoding)
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise RefusedInputError(f"{where} is damaged and cannot be unpacked: get it anew.") from error

    def _bound_problem(self, member: zipfile.ZipInfo) -> str | None:
        """Count what a member unpacks to; archives in an archive have one bound together."""
        self._unpacked_bytes += member.file_size
        if self._unpacked_bytes > MAX_UNPACKED_BYTES:
            return f"The archive unpacks to more than {MAX_UNPACKED_BYTES // 2**30} GB by then: split it."
        return None


_ZIP = "zip"
#: Formats of which a file holds many documents and is never read as a whole.
_STREAMED = {"jsonl", "table"}


def _is_passed_over(member: zipfile.ZipInfo) -> bool:
    """Return whether a member is a folder, hidden, or what systems and editors leave behind, as in a folder."""
    parts = [part for part in _SEPARATORS.split(member.filename) if part not in {"", ".", ".."}]
    return member.is_dir() or not parts or any(part.startswith(_HIDDEN) for part in parts)


def _problem(member: zipfile.ZipInfo) -> str | None:
    """Return why a member is not read, whatever is in it."""
    parts = _SEPARATORS.split(member.filename)
    if ".." in parts or not parts[0] or _DRIVE.match(parts[0]):
        return "Its name leads out of the archive, as only names do that are made to do harm: it was not read."
    if stat.S_ISLNK(member.external_attr >> 16):
        return "It is a link to another file, and no file itself."
    if is_encrypted(member):
        return "It is protected by a password: unpack the archive with it and import that."
    return None


def _format_of(name: str) -> Format | None:
    """Return the format that reads a member by its name alone, None if none does or it cannot read from an archive."""
    if name.lower().endswith(_PROJECTS):
        return None
    of_name = [format_ for format_ in formats_of(PurePosixPath(name).suffix) if format_.module is not None]
    known = next((format_ for format_ in of_name if not format_.is_recognised), None)
    return known or next((format_ for format_ in of_name if format_.is_read_from_archives), None)


def _recognised(name: str, data: bytes) -> Format | None:
    """Return the format of another tool that a member shows itself to be of, if any."""
    path = Path(showable(PurePosixPath(name).name))
    asked = (format_ for format_ in formats_of(path.suffix) if format_.is_recognised)
    return next((format_ for format_ in asked if format_.recogniser().recognises(path, data[:HEAD_BYTES])), None)


def _passed_over_sentence(passed_over: Counter[str]) -> str:
    kinds = ", ".join(f"{count:,} {showable(kind)[:20]}" for kind, count in passed_over.most_common(10))
    total = sum(passed_over.values())
    files = "1 file is" if total == 1 else f"{total:,} files are"
    return f"{files} not of a kind that Sayso reads from an archive ({kinds})."
