"""ZIP files that strangers made: opened, listed and read within bounds. Nothing is ever unpacked to the disk."""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib
from typing import IO

from storage.errors import RefusedInputError

#: The list of members is held in memory, each entry several times its 46 bytes and its name.
_MAX_DIRECTORY_BYTES = 16 * 1024 * 1024

#: All members of one file, unpacked; and the most that a file grows on the way.
MAX_UNPACKED_BYTES = 4 * 1024 * 1024 * 1024
_MAX_RATIO = 200
_ALWAYS_TAKEN_BYTES = 16 * 1024 * 1024

_END = b"PK\x05\x06"
_END_BYTES = 22
_LONGEST_COMMENT = 65_535
_IN_ZIP64 = 0xFFFF_FFFF
_ENCRYPTED = 0x1
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

#: What reading a broken member may raise.
_BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, ValueError, struct.error)


def open_zip(stream: IO[bytes], name: str, kind: str) -> zipfile.ZipFile:
    """Return the open ZIP; `kind` is what the file should be, “a Word document”. The stream must be able to seek.

    Raises:
        RefusedInputError: it is none, is cut off, or lists more members than anybody packs.
    """
    head = stream.read(8)
    if head == _OLD_OFFICE:
        raise RefusedInputError(
            f"{name} is protected by a password or was made by an old Office program (DOC, XLS): "
            "open it there, save it without a password in the present format, and import that."
        )
    _check_directory(stream, name)
    try:
        return zipfile.ZipFile(stream)
    except _BROKEN as error:
        raise RefusedInputError(f"{name} is not {kind}, or was cut off or damaged: get it anew.") from error


def read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, where: str, limit: int) -> bytes:
    """Return the bytes of a member. Never unpacks more than `limit`, whatever the member says of its size.

    Raises:
        RefusedInputError: it is larger, encrypted or damaged.
    """
    if is_encrypted(member):
        raise RefusedInputError(f"{where} is protected by a password: save it without one and import that.")
    if member.file_size > limit:
        raise RefusedInputError(
            f"{where} unpacks to {member.file_size / 2**20:,.0f} MB, and Sayso takes at most {limit / 2**20:,.0f} MB."
        )
    try:
        with archive.open(member) as stream:
            data = stream.read(limit + 1)
    except (*_BROKEN, RuntimeError, OSError) as error:
        raise RefusedInputError(f"{where} is damaged and cannot be unpacked: get it anew.") from error
    if len(data) > limit:
        raise RefusedInputError(f"{where} unpacks to more than it says: it is damaged, or made to do harm.")
    return data


def is_encrypted(member: zipfile.ZipInfo) -> bool:
    """Say whether reading a member takes a password."""
    return bool(member.flag_bits & _ENCRYPTED)


def _check_directory(stream: IO[bytes], name: str) -> None:
    """Refuse a list of members of millions before `zipfile` reads it into memory."""
    size = stream.seek(0, 2)
    stream.seek(max(size - _END_BYTES - _LONGEST_COMMENT, 0))
    tail = stream.read()
    stream.seek(0)
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + _END_BYTES:
        return  # no ZIP, which opening it says better
    directory_bytes = int.from_bytes(tail[at + 12 : at + 16], "little")
    if directory_bytes > _MAX_DIRECTORY_BYTES or directory_bytes == _IN_ZIP64:
        raise RefusedInputError(f"{name} lists more files than Sayso takes at once: split it and import the parts.")


def check_unpacked_size(archive: zipfile.ZipFile, name: str) -> None:
    """Refuse an archive that unpacks to beyond what its size lets one expect (a bomb).

    Text shrinks to a tenth, seldom to a thirtieth; what is made to do harm to a thousandth.
    """
    packed = sum(member.compress_size for member in archive.infolist())
    unpacked = sum(member.file_size for member in archive.infolist())
    if unpacked > _MAX_RATIO * packed + _ALWAYS_TAKEN_BYTES or unpacked > MAX_UNPACKED_BYTES:
        raise RefusedInputError(
            f"{name} unpacks from {packed / 2**20:,.1f} to {unpacked / 2**20:,.0f} MB, as only files do that are made "
            "to do harm: it was not read."
        )
