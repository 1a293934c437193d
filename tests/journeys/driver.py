"""Start the real program and let a script work it: `python tests/journeys/driver.py SCRIPT [ARGUMENT ...]`.

The script is a Python file with `play(person)`, called when the window is shown, and may have `ARGUMENTS`, what the
program is started with. What it tells by `person.tell(...)` goes to standard output as JSON, one line each. Whatever
it raises ends the program with exit code 70; so does a script that has not ended the program itself.
"""

from __future__ import annotations

import json
import os
import runpy
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

FAILED = 70
_PATIENCE_S = 150


class Person:
    """Someone at the keyboard: presses keys on what has the focus, and waits for what is to be seen."""

    def __init__(self, window: Any, arguments: list[str]) -> None:
        self.window = window
        self.arguments = arguments

    def wait(self, is_so: Callable[[], object], what: str = "") -> None:
        """Let the program work until something is so."""
        from PySide6.QtCore import QEventLoop
        from PySide6.QtWidgets import QApplication

        deadline = time.monotonic() + _PATIENCE_S
        while not is_so():
            if time.monotonic() > deadline:
                raise TimeoutError(f"waited in vain for {what or is_so}")
            QApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 50)

    def press(self, *keys: str) -> None:
        """Press keys, "Ctrl+Z" or "Tab" each, and let the program act on each."""
        from PySide6.QtGui import QKeySequence
        from PySide6.QtTest import QTest
        from PySide6.QtWidgets import QApplication

        for key in keys:
            combined = QKeySequence(key)[0]
            QTest.keyClick(self._keyboard(), combined.key(), combined.keyboardModifiers())
            QApplication.processEvents()

    def type(self, text: str) -> None:
        """Type words."""
        from PySide6.QtTest import QTest
        from PySide6.QtWidgets import QApplication

        QTest.keyClicks(self._keyboard(), text)
        QApplication.processEvents()

    def tell(self, **facts: object) -> None:
        """Tell the test what is on screen."""
        print(json.dumps(facts, ensure_ascii=False), flush=True)

    def screen(self) -> dict[str, object]:
        """Return what the window shows once memory, which follows each decision by itself, has come to rest."""
        memory = self.window.suggesting.memory
        self.wait(lambda: not memory.is_busy, "memory to rest")
        window, view = self.window, self.window.view
        span = view.focused_span
        return {
            "title": window.window().windowTitle(),
            "document": view.page.document.title,
            "focus": None if span is None else [span.quote, span.state.value],
            "scroll": view.first_visible_cp(),
            "cursor": view.cursor_cp,
            "size": [window.window().width(), window.window().height()],
            "saved": window.status._saved.text(),
            "decided": window.status._decided.text(),
            "states": {str(s.id): [s.quote, s.state.value] for s in view.page.index.spans.values()},
        }

    def _keyboard(self) -> Any:
        from PySide6.QtWidgets import QApplication

        if QApplication.activeWindow() is None:  # offscreen no window manager gives the keyboard back
            self.window.window().activateWindow()
            QApplication.processEvents()
        return QApplication.focusWidget() or QApplication.activeWindow() or self.window


def main(arguments: list[str]) -> int:
    """Run the program with the script; return its exit code."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    import main as program

    script = runpy.run_path(arguments[0])
    app = QApplication([])
    failures: list[BaseException] = []
    timer = QTimer()
    timer.setInterval(20)

    def begin() -> None:
        from gui.main_window import MainWindow

        windows = [w.centralWidget() for w in app.topLevelWidgets() if hasattr(w, "centralWidget") and w.isVisible()]
        windows = [window for window in windows if isinstance(window, MainWindow)]
        if not windows:
            return
        timer.stop()
        person = Person(windows[0], arguments[1:])
        try:
            person.wait(lambda: windows[0].flows.session is not None or windows[0].welcome.isVisible())
            script["play"](person)
            if person.window.isVisible():
                raise AssertionError("the script left the program running")
        except BaseException as error:  # noqa: BLE001  (told below, as this program's failure)
            failures.append(error)
            app.exit(FAILED)

    timer.timeout.connect(begin)
    timer.start()
    wanted = [argument.format(*arguments[1:]) for argument in script.get("ARGUMENTS", [])]
    code = program.main(wanted)
    for error in failures:
        traceback.print_exception(error)
    sys.stderr.flush()
    if failures:
        os._exit(FAILED)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
