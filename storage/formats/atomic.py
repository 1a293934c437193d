"""Files and folders that appear whole or not at all: exports are written beside their target and renamed."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, BinaryIO, TextIO, cast

from storage.durable import flush_file, flush_folder, new_part
from storage.errors import StorageFullError
from storage.formats.naming import display_name

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
#: What drives say of what is written in the middle of it; other errors may be about what is read for it.
_OF_WRITING = _FULL | {errno.EIO, errno.EROFS, errno.EACCES, errno.EPERM}
_SQLITE = b"SQLite format 3\x00"


@contextmanager
def atomic_writer(path: Path) -> Iterator[TextIO]:
    """Yield a UTF-8 text stream whose content becomes the file `path` when the block ends without an exception.

    The content goes to a hidden file in the same folder, is flushed to the disk and renamed; line ends are written
    as they come. A former file keeps its permissions, and stays as it was if anything fails; a link is followed.

    Raises:
        StorageFullError: the disk is full, the folder is missing or may not be written to, `path` is a folder or a
            project.
    """
    with _atomic_file(path, is_text=True) as stream:
        yield cast("TextIO", stream)


@contextmanager
def atomic_bytes_writer(path: Path) -> Iterator[BinaryIO]:
    """Yield a stream of bytes (that can seek) whose content becomes the file `path`, as `atomic_writer` does."""
    with _atomic_file(path, is_text=False) as stream:
        yield cast("BinaryIO", stream)


@contextmanager
def atomic_folder(path: Path) -> Iterator[Path]:
    """Yield a new folder that becomes `path`, with all its files on the disk, when the block ends without an exception.

    It is made hidden beside `path` and renamed. An empty folder may be there; one with something in it is left alone,
    since files of an earlier export would stay among the new ones.

    Raises:
        StorageFullError: as `atomic_writer`, or `path` is a file or a folder that is not empty.
    """
    target = Path(os.path.realpath(path))
    part = new_part(target)
    with _told_plainly(path):
        if target.exists() and not target.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
        if target.is_dir() and any(target.iterdir()):
            raise OSError(errno.ENOTEMPTY, "the folder is there already and is not empty")
        part.mkdir()
    try:
        with _told_plainly(path, only=_OF_WRITING):
            yield part
        with _told_plainly(path):
            if hasattr(os, "sync"):
                os.sync()  # all at once, several times as fast as one by one; what went wrong each file tells by itself
            for file in part.rglob("*"):
                if file.is_dir():
                    flush_folder(file)
                else:
                    flush_file(file)
            flush_folder(part)
            if os.name == "nt" and target.exists():  # elsewhere an empty folder is replaced
                target.rmdir()
            part.rename(target)
            flush_folder(target.parent)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise


@contextmanager
def _atomic_file(path: Path, *, is_text: bool) -> Iterator[IO[str] | IO[bytes]]:
    target = Path(os.path.realpath(path))
    if _is_project(target):
        raise StorageFullError(
            f"“{display_name(path)}” was not written: it is a project, and all its documents and decisions would be "
            "lost. Choose another name."
        )
    part = new_part(target)
    with _told_plainly(path):
        if target.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if target.exists() and not target.is_file():  # a device or a pipe, which the file would take the place of
            raise OSError(errno.EINVAL, "it is a device and not a file")
        stream: IO[str] | IO[bytes] = part.open("x", encoding="utf-8", newline="") if is_text else part.open("x+b")
    try:
        with _told_plainly(path, only=_OF_WRITING):
            yield stream
        with _told_plainly(path):
            stream.flush()
            os.fsync(stream.fileno())
            stream.close()
            _put_in_place(part, target)
    except BaseException:
        with suppress(OSError):  # closing writes what is left, and fails again on a full disk
            stream.close()
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise


def _is_project(target: Path) -> bool:
    """Whether a file is a project or a part of one that is open."""
    if not target.is_file():
        return False
    if target.name.endswith((".sayso", "-wal", "-shm")):  # one that is encrypted does not begin as SQLite's do
        return True
    if any(target.with_name(target.name + suffix).exists() for suffix in ("-wal", ".lock")):
        return True  # open, perhaps in this very process, where reading it would drop SQLite's locks
    with suppress(OSError), target.open("rb") as file:
        return file.read(len(_SQLITE)) == _SQLITE
    return False


def _put_in_place(part: Path, target: Path) -> None:
    if target.exists():
        shutil.copymode(target, part)
    part.replace(target)
    flush_folder(target.parent)


@contextmanager
def _told_plainly(path: Path, *, only: set[int] | None = None) -> Iterator[None]:
    """Turn what the system reports into a sentence; with `only`, no more than these error numbers."""
    try:
        yield
    except OSError as error:
        if only is not None and error.errno not in only:
            raise
        name = display_name(path)
        if error.errno in _FULL:
            why, advice = "the disk is full", "free some space or choose another place"
        else:
            why, advice = (error.strerror or str(error)).lower(), "choose another place or name"
        raise StorageFullError(
            f"“{name}” was not written: {why}. What was there before is unchanged; {advice} and try again."
        ) from error
