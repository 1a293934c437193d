"""The program: one QApplication, one window, first painted, then filled."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from gui.frame import Frame
from gui.quick_start import make_imports_quick, starting
from gui.settings import Settings

#: How long a thread at work keeps Python to itself while the window wants it, a tenth of the usual: beside one, a
#: commit took 8 to 16 ms, and takes 3.
_SWITCH_SECONDS = 0.0005


def run(project: Path | None, *, is_sample: bool = False) -> int:
    """Show the window and work until it is closed.

    The frame is painted before anything else is imported: the analyst sees at once that the program has started.
    """
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)  # noqa: S101  (narrows the type)
    app.setApplicationName("Sayso")
    app.setDesktopFileName("sayso")
    sys.setswitchinterval(_SWITCH_SECONDS)
    settings = Settings()
    frame = Frame(settings)
    frame.show()
    app.processEvents()  # the first paint
    make_imports_quick()
    QTimer.singleShot(0, frame, lambda: _fill(app, frame, settings, project, is_sample=is_sample))
    return app.exec()


def _fill(app: QApplication, frame: Frame, settings: Settings, project: Path | None, *, is_sample: bool) -> None:
    """Load the rest of the program into the frame and open what is to be opened."""
    with starting():
        from gui.bugs import BugCatcher
        from gui.logs import log_to_file
        from gui.main_window import MainWindow
        from gui.signals import SessionEnd, close_on_signals

        log_to_file()
        BugCatcher(frame).install()
        window = MainWindow(app, settings)
        frame.setCentralWidget(window)
        close_on_signals(frame)
        SessionEnd(app, window.keep_all, window)
        window.open_first(project, is_sample=is_sample)  # before the welcome page would be painted
