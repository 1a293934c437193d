"""One writer per project: a lock file beside it that tells who holds it.

SQLite before 3.51.3 has a WAL-reset bug with two writing connections, and two windows on one project would
overwrite each other's view. The operating system's lock vanishes with its process, so a dead holder never
blocks; the file's content only serves the message.
"""

from __future__ import annotations

import errno
import getpass
import json
import os
import socket
import stat
import sys
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from storage.errors import EnvironmentProblem, ProjectLockedError, ProjectOpenError

#: Windows locks are mandatory, so the locked byte lies far behind the content that others must read.
_LOCKED_BYTE = 1 << 30

#: What a system reports when someone else holds the lock; anything else says that it cannot lock there at all.
_HELD = {errno.EAGAIN, errno.EACCES, errno.EDEADLK}

#: A stranger's folder may hold a link under the name of the lock file: it is not followed, nor waited for.
_OPEN_FLAGS = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)

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
            ProjectOpenError: the folder cannot be written to, or its drive knows no locks.
        """
        while self._fd is None:
            fd = self._open()
            try:
                _take(fd)
            except OSError as error:
                os.close(fd)
                raise self._refusal(error) from error
            if self._is_current(fd):
                self._fd = fd
            else:  # the last holder removed this file between our opening and our locking it
                os.close(fd)
        with suppress(OSError):  # the content only serves the message: a full disk does not take the lock away
            os.ftruncate(self._fd, 0)
            os.lseek(self._fd, 0, os.SEEK_SET)
            os.write(self._fd, json.dumps(_holder()).encode())

    def keep(self) -> None:
        """Make sure that the lock still holds: take it anew if someone removed its file meanwhile.

        Raises:
            ProjectLockedError: another program took it first.
            ProjectOpenError: the folder cannot be written to any more.
        """
        if self._fd is not None and not self._is_current(self._fd):
            os.close(self._fd)
            self._fd = None
            self.acquire()

    def _open(self) -> int:
        try:
            fd = os.open(self.path, _OPEN_FLAGS, 0o600)
        except OSError as error:
            raise ProjectOpenError(
                f"The folder “{self.path.parent}” cannot be written to ({error.strerror}), so the project cannot be "
                "opened for work. Copy the project to a folder of your own and open it there."
            ) from error
        if not stat.S_ISREG(os.fstat(fd).st_mode):
            os.close(fd)
            raise ProjectOpenError(f"“{self.path}” should be Sayso’s lock file but is no file at all. Remove it first.")
        return fd

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

    def _refusal(self, error: OSError) -> EnvironmentProblem:
        name = self.path.name.removesuffix(".lock")
        if error.errno not in _HELD:
            return ProjectOpenError(
                f"The drive of “{name}” knows no locks ({error.strerror}), so two programs could write to the project "
                "at once; network drives are often so. Copy the project to a local folder and open it there."
            )
        try:
            holder = json.loads(self.path.read_text(encoding="utf-8"))
            since = holder["since"][:16].replace("T", " ")  # to the minute, as people write it
            who = f"{holder['user']} on {holder['host']} (process {holder['pid']}, since {since})"
        except (OSError, ValueError, KeyError, TypeError):
            who = "another program"
        return ProjectLockedError(f"“{name}” is open elsewhere: {who}. Close it there first; nothing was changed.")


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
        name = getpass.getuser().strip() or "analyst"
        return name.encode("utf-8", "replace").decode()  # an environment may hold bytes that are no text
    except (OSError, KeyError):  # no such entry in the user database, as in a container
        return "analyst"
