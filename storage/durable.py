"""Files that nobody else may read and that survive a power cut: private modes, flushed contents, flushed names."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

#: Some systems name no such flag, and cannot flush a folder either.
_FOLDER_FLAGS = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0)


def create_private(path: Path) -> Path:
    """Make an empty file that only its owner may read, whatever the umask says, and return it.

    Raises:
        OSError: it cannot be made, or something of that name is there already.
    """
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    return path


def private_folder(path: Path) -> Path:
    """Make a folder that only its owner may enter, unless it is there, and return it.

    Raises:
        OSError: it cannot be made, or a file of that name is there.
    """
    with suppress(FileExistsError):
        path.mkdir(mode=0o700)
    if not path.is_dir():
        raise NotADirectoryError(20, os.strerror(20), str(path))
    return path


def flush_file(path: Path) -> None:
    """Wait until what was written to a file is on the disk. Never for a live database: closing drops its locks."""
    fd = os.open(path, os.O_RDWR)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def flush_folder(path: Path) -> None:
    """Wait until the names in a folder are on the disk, where the system can do that."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    fd = os.open(path, _FOLDER_FLAGS)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def put_in_place(part: Path, target: Path) -> None:
    """Flush a file that was written beside its target and give it the target's name, durably."""
    flush_file(part)
    part.replace(target)
    flush_folder(target.parent)
