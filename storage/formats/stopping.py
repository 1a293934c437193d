"""Stopping in the middle of a file: whoever reads says when, and a reader that takes long over one document asks.

Known by the context and no parameter, which the readers of twenty formats would hand on for the sake of a few.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_is_wished: ContextVar[Callable[[], bool] | None] = ContextVar("is_stop_wished", default=None)


class Stopped(Exception):  # noqa: N818  (a wish of the analyst, no error)
    """The analyst wants no more of it."""


@contextmanager
def stoppable(is_wished: Callable[[], bool]) -> Iterator[None]:
    """Let `stop_if_wished` ask this within the block, in this thread."""
    token = _is_wished.set(is_wished)
    try:
        yield
    finally:
        _is_wished.reset(token)


def stop_if_wished() -> None:
    """Go on, or raise `Stopped` where whoever reads wishes it."""
    is_wished = _is_wished.get()
    if is_wished is not None and is_wished():
        raise Stopped
