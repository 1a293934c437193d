"""Timers that run out once."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


def single_shot(owner: QObject, wait_ms: int, then: Callable[[], object]) -> QTimer:
    """Return a timer that is not started yet; each start puts off what it then does."""
    timer = QTimer(owner)
    timer.setSingleShot(True)
    timer.setInterval(wait_ms)
    timer.timeout.connect(then)
    return timer
