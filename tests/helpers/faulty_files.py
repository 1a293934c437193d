"""A file system whose n-th call fails: opening, flushing, renaming, as on a drive that fills up or breaks just then."""

from __future__ import annotations

import errno
import io
import itertools
import os
from collections.abc import Iterator
from contextlib import contextmanager

#: What systems report, by turns.
_ERRORS = (errno.ENOSPC, errno.EIO, errno.EROFS, errno.EACCES)
#: What changes something on the disk. Opening counts where it makes a file, or opens one to be written or flushed.
_CALLS = ("fsync", "replace", "rename", "link", "mkdir", "open")


class FaultyFiles:
    """Counts what is asked of the file system; `failing` lets one call of it fail, and only that."""

    def __init__(self, monkeypatch) -> None:
        self._left: int | None = None
        self._errno = 0
        self.failed = ""
        for name in _CALLS:
            monkeypatch.setattr(os, name, self._counted(name, getattr(os, name)))
        real = io.open

        def opened(file, mode="r", *args, **more):
            if set(mode) & set("wxa+"):
                self._look_at("open", file)
            return real(file, mode, *args, **more)

        monkeypatch.setattr(io, "open", opened)

    def _counted(self, name, real):
        def call(*args, **more):
            self._look_at(name, args[0])
            return real(*args, **more)

        return call

    def _look_at(self, name: str, what: object) -> None:
        if self._left is None:
            return
        self._left -= 1
        if self._left == 0:
            self._left = None
            self.failed = f"{name} {what}"
            raise OSError(self._errno, os.strerror(self._errno))

    @contextmanager
    def failing(self, number: int, error: int) -> Iterator[None]:
        """Let the `number`-th call from now on fail, and only it."""
        self._left, self._errno, self.failed = number, error, ""
        try:
            yield
        finally:
            self._left = None


def each_error() -> Iterator[tuple[int, int]]:
    """Yield 1, 2, 3, ... each with the next error of a system."""
    return zip(itertools.count(1), itertools.cycle(_ERRORS))
