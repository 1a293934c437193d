"""The program: one QApplication, one window, first painted, then filled."""

from __future__ import annotations

import logging
import signal
import socket
import sys
from pathlib import Path
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from gui.frame import Frame
from gui.settings import Settings, theme_choice
from gui.theme import resolve_theme

_log = logging.getLogger(__name__)


def run(project: Path | None, *, is_sample: bool = False) -> int:
    """Show the window and work until it is closed.

    The window is painted before SQLAlchemy is imported: the analyst sees it at once.
    """
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)  # noqa: S101  (narrows the type)
    app.setApplicationName("Sayso")
    app.setDesktopFileName("sayso")
    settings = Settings()
    frame = Frame(settings, resolve_theme(theme_choice(settings)).background)
    watcher = _quit_on_signals(frame)
    frame.show()
    app.processEvents()  # the first paint
    QTimer.singleShot(0, frame, lambda: _fill(app, frame, settings, project, is_sample=is_sample))
    code = app.exec()
    watcher.setEnabled(False)
    return code


def _fill(app: QApplication, frame: Frame, settings: Settings, project: Path | None, *, is_sample: bool) -> None:
    """Load the rest of the program into the frame and open what is to be opened."""
    from gui.main_window import MainWindow

    window = MainWindow(app, settings)
    frame.setCentralWidget(window)
    QTimer.singleShot(0, window, lambda: window.open_first(project, is_sample=is_sample))


def _quit_on_signals(window: QWidget) -> QSocketNotifier:
    """Close cleanly when the session ends or someone asks the process to.

    Python runs signal handlers only between its own instructions; the notifier wakes it out of Qt's event loop.
    """
    reading, writing = socket.socketpair()
    for end in (reading, writing):
        end.setblocking(False)
    signal.set_wakeup_fd(writing.fileno(), warn_on_full_buffer=False)

    def close(_number: int, _frame: FrameType | None) -> None:
        QTimer.singleShot(0, window, window.close)

    for name in ("SIGTERM", "SIGINT", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None:
            signal.signal(number, close)
    notifier = QSocketNotifier(reading.fileno(), QSocketNotifier.Type.Read, window)
    notifier.activated.connect(lambda *_: _drain(reading))
    notifier.setProperty("sockets", _Keeper(reading, writing))
    return notifier


def _drain(end: socket.socket) -> None:
    try:
        end.recv(64)
    except BlockingIOError:
        _log.debug("woken without a signal")


class _Keeper(QObject):
    """Keeps both ends of the pair open as long as the notifier lives."""

    def __init__(self, *ends: socket.socket) -> None:
        super().__init__()
        self._ends = ends
