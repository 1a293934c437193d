"""Closing cleanly when the system asks the process to end."""

from __future__ import annotations

import logging
import signal
import socket
from collections.abc import Callable
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QSessionManager
from PySide6.QtWidgets import QWidget

_log = logging.getLogger(__name__)
_SIGNALS = ("SIGTERM", "SIGINT", "SIGHUP")


class _Waker(QSocketNotifier):
    """Wakes Python out of Qt's event loop when a signal comes: its handlers only run between its own instructions."""

    def __init__(self, window: QWidget) -> None:
        self._reading, self._writing = socket.socketpair()
        for end in (self._reading, self._writing):
            end.setblocking(False)
        super().__init__(self._reading.fileno(), QSocketNotifier.Type.Read, window)
        signal.set_wakeup_fd(self._writing.fileno(), warn_on_full_buffer=False)
        self.activated.connect(self._drain)

    def _drain(self) -> None:
        try:
            self._reading.recv(64)
        except BlockingIOError:
            _log.debug("woken without a signal")


class SessionEnd(QObject):
    """Saves what is being typed and the place when the desktop's session ends; every decision is saved already.

    Where words cannot be saved, and the desktop lets the analyst be asked, it asks that the session goes on.
    """

    def __init__(self, app: QGuiApplication, keep_all: Callable[[], bool], parent: QObject) -> None:
        super().__init__(parent)
        self._keep_all = keep_all
        app.commitDataRequest.connect(self.commit, Qt.ConnectionType.DirectConnection)

    def commit(self, manager: QSessionManager) -> None:
        """Save all; called while the desktop waits."""
        if not self._keep_all() and manager.allowsInteraction():
            manager.cancel()


def close_on_signals(window: QWidget) -> None:
    """Close the window, and so keep the place and end the worker, on SIGTERM, SIGINT and SIGHUP."""

    def close(_number: int, _frame: FrameType | None) -> None:
        QTimer.singleShot(0, window, window.close)

    _Waker(window)
    for name in _SIGNALS:
        number = getattr(signal, name, None)
        if number is not None:
            signal.signal(number, close)
