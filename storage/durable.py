"""Files that nobody else may read and that survive a power cut: private modes, flushed contents, flushed names."""

from __future__ import annotations

import hashlib
import logging
import os
import re
import secrets
import shutil
import socket
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path

_log = logging.getLogger(__name__)

#: Some systems name no such flag, and cannot flush a folder either.
_FOLDER_FLAGS = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0)


#: A name for work in progress tells machine and process; of a database in progress SQLite has files beside it.
_PART = re.compile(r"\.sayso-([0-9a-f]{8})-(\d+)-[0-9a-f]{8}\.part(-wal|-shm|-journal)?")


def new_part(target: Path) -> Path:
    """Return a hidden name beside a file or folder, for what is to be put in its place; none else gets this name.

    What processes of this machine left there that died meanwhile goes.
    """
    if not _PART.fullmatch(target.parent.name):  # within work in progress there are no leftovers, but many files
        _remove_leftovers(target.parent)
    return target.with_name(f".sayso-{_machine()}-{os.getpid()}-{secrets.token_hex(4)}.part")


def _remove_leftovers(folder: Path) -> None:
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            named = _PART.fullmatch(entry.name)
            if named is None or named[1] != _machine() or _is_alive(int(named[2])):
                continue
            if entry.is_dir(follow_symlinks=False):
                shutil.rmtree(entry.path, ignore_errors=True)
            else:
                with suppress(OSError):
                    Path(entry.path).unlink()


@cache
def _machine() -> str:
    """Return what tells where the number of a process counts: each container or sandbox numbers its own."""
    processes = ""
    with suppress(OSError):
        processes = str(Path("/proc/self/ns/pid").readlink())
    place = f"{socket.gethostname()} {sys.platform} {processes}"
    return hashlib.sha256(place.encode("utf-8", "replace")).hexdigest()[:8]


def _is_alive(process_id: int) -> bool:
    if sys.platform == "win32":  # asking there would end the process
        return True
    try:
        os.kill(process_id, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True


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
    """Wait until the names in a folder are on the disk, where the system can do that.

    Where it cannot, what was done stands all the same: only a power cut now could bring the former name back.
    """
    if not hasattr(os, "O_DIRECTORY"):
        return
    try:
        fd = os.open(path, _FOLDER_FLAGS)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)
    except OSError as error:
        _log.warning("the names in a folder could not be flushed: %s", error.strerror)


def put_in_place(part: Path, target: Path) -> None:
    """Flush a file that was written beside its target and give it the target's name, durably."""
    flush_file(part)
    part.replace(target)
    flush_folder(target.parent)
