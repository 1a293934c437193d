"""One writer per project: a lock file beside it that tells who holds it.

SQLite before 3.51.3 has a WAL-reset bug with two writing connections, and two windows on one project would
overwrite each other's view. The operating system's lock vanishes with its process, so a dead holder never
blocks; the file's content only serves the message.
"""

from __future__ import annotations

import getpass
import json
import os
import socket
import sys
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from storage.errors import ProjectLockedError, ProjectOpenError

#: Windows locks are mandatory, so the locked byte lies far behind the content that others must read.
_LOCKED_BYTE = 1 << 30

if sys.platform == "win32":
    import msvcrt

    def _take(fd: int) -> None:
        os.lseek(fd, _LOCKED_BYTE, os.SEEK_SET)
        msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(fd: int) -> None:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)


class WriterLock:
    """The right to write to one project file, held until `release` or the end of the process."""

    def __init__(self, project_path: Path) -> None:
        self.path = project_path.with_name(project_path.name + ".lock")
        self._fd: int | None = None

    def acquire(self) -> None:
        """Take the lock.

        Raises:
            ProjectLockedError: another program holds it; the text names user, host and process.
            ProjectOpenError: the folder cannot be written to.
        """
        while self._fd is None:
            fd = self._open()
            try:
                _take(fd)
            except OSError as error:
                os.close(fd)
                raise ProjectLockedError(self._refusal()) from error
            if self._is_current(fd):
                self._fd = fd
            else:  # the last holder removed this file between our opening and our locking it
                os.close(fd)
        os.ftruncate(self._fd, 0)
        os.lseek(self._fd, 0, os.SEEK_SET)
        os.write(self._fd, json.dumps(_holder()).encode())

    def _open(self) -> int:
        try:
            return os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise ProjectOpenError(
                f"The folder “{self.path.parent}” cannot be written to ({error.strerror}), so the project cannot be "
                "opened for work. Copy the project to a folder of your own and open it there."
            ) from error

    def _is_current(self, fd: int) -> bool:
        try:
            return os.path.samestat(os.fstat(fd), self.path.stat())
        except OSError:
            return False

    def release(self) -> None:
        """Give the lock back and remove its file; does nothing when not held."""
        if self._fd is None:
            return
        # The name goes first: whoever opens the path from now on makes a new file with a lock of its own.
        with suppress(OSError):
            self.path.unlink()
        os.close(self._fd)
        self._fd = None

    def _refusal(self) -> str:
        name = self.path.name.removesuffix(".lock")
        try:
            holder = json.loads(self.path.read_text(encoding="utf-8"))
            who = f"{holder['user']} on {holder['host']} (process {holder['pid']}, since {holder['since']})"
        except (OSError, ValueError, KeyError, TypeError):
            who = "another program"
        return f"“{name}” is open elsewhere: {who}. Close it there first; nothing was changed."


def _holder() -> dict[str, str | int]:
    return {
        "user": user_name(),
        "host": socket.gethostname(),
        "pid": os.getpid(),
        "since": datetime.now().astimezone().isoformat(timespec="minutes"),
    }


def user_name() -> str:
    """Return the name of the person at this machine, or "analyst" where the system knows none."""
    try:
        return getpass.getuser() or "analyst"
    except (OSError, KeyError):  # no such entry in the user database, as in a container
        return "analyst"
