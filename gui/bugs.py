"""Our own mistakes: logged, owned up to in a dialog whose report can be copied, and survived.

A report tells the kind of the error and the lines of code it came through. Neither its message nor any value is in
it: both may quote a document, and nothing of a document leaves the machine by way of a bug report.
"""

from __future__ import annotations

import logging
import sys
import traceback
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, QTimer, Signal, qVersion
from PySide6.QtWidgets import QWidget

_log = logging.getLogger(__name__)
_ROOT = Path(__file__).resolve().parent.parent
_MOST_FRAMES = 30


def bug_report(error: BaseException) -> str:
    """Return kinds of error, frames and versions, as plain text without anything of a document."""
    import platform

    from gui.version import program_version

    lines = [
        f"Sayso {program_version()}, Python {platform.python_version()}, Qt {qVersion()}, {platform.platform()}",
        "",
    ]
    for cause in _chain(error):
        lines.append(f"{type(cause).__module__}.{type(cause).__qualname__}")
        lines += [f"  {_place(frame)}" for frame in traceback.extract_tb(cause.__traceback__)[-_MOST_FRAMES:]]
    return "\n".join(lines)


def _chain(error: BaseException) -> list[BaseException]:
    """Return an error and what led to it, the first cause last; each once."""
    chain: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in chain:
        chain.append(cause)
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return chain


def _place(frame: traceback.FrameSummary) -> str:
    """Return file, line and function; of files that are not ours only the last parts, as homes have names."""
    path = Path(frame.filename)
    shown = path.relative_to(_ROOT) if path.is_relative_to(_ROOT) else Path(*path.parts[-3:])
    return f"{shown.as_posix()}:{frame.lineno} in {frame.name}"


class BugCatcher(QObject):
    """Takes what no code caught, from slots and from threads, and shows it one at a time.

    `caught` carries the report. It is emitted in the thread of this object whichever thread failed.
    """

    caught = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._is_telling = False
        self.caught.connect(self._tell)

    def install(self) -> None:
        """Take over Python's hook for errors that nobody caught."""
        sys.excepthook = self.take

    def take(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Log an error and tell of it; an interrupt from the terminal closes the window."""
        if issubclass(kind, KeyboardInterrupt):
            QTimer.singleShot(0, self._window, self._window.close)
            return
        report = bug_report(error.with_traceback(trace))
        _log.error("an error that nobody caught\n%s", report)
        self.caught.emit(report)

    def _tell(self, report: str) -> None:
        if self._is_telling:
            return
        from gui.dialogs.message import bug_dialog

        self._is_telling = True
        dialog = bug_dialog(self._window, report)
        dialog.finished.connect(self._told)
        dialog.open()

    def _told(self, _result: int) -> None:
        self._is_telling = False
