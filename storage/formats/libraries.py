"""Loading large libraries so that they start no threads of their own in the window's process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

#: Read once, while they are loaded, by numpy's OpenBLAS (a thread for each core) and by Arrow's memory allocator.
_SETTINGS = {"OPENBLAS_NUM_THREADS": "1", "JE_ARROW_MALLOC_CONF": "background_thread:false"}


@contextmanager
def without_threads() -> Iterator[None]:
    """Let what is imported in this block start no threads; processes that are started later are not concerned."""
    before = {name: os.environ.get(name) for name in _SETTINGS}
    os.environ |= _SETTINGS
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
