"""Files that appear whole or not at all: exports are written beside their target and renamed."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from storage.errors import StorageFullError
from storage.formats.naming import display_name

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
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
    target = Path(os.path.realpath(path))
    if _is_project(target):
        raise StorageFullError(
            f"“{display_name(path)}” was not written: it is a project, and all its documents and decisions would be "
            "lost. Choose another name."
        )
    part = target.with_name(f".sayso-{secrets.token_hex(8)}.part")
    with _told_plainly(path):
        if target.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        stream = part.open("x", encoding="utf-8", newline="")
    try:
        with _told_plainly(path, only=_FULL):
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
    if target.name.endswith(("-wal", "-shm")):
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
    if hasattr(os, "O_DIRECTORY"):  # elsewhere a rename is durable or cannot be made so
        folder = os.open(target.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


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
