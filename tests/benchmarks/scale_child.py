"""Work on a big project in the real window and tell what each step took: `python scale_child.py PROJECT EXPORT`.

Prints a line of JSON for each step: its name, seconds, the processor time of the window's thread (which other programs
on the machine do not change) and the memory of the process afterwards.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

_PATIENCE_S = 900


def _rss_mb() -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def _peak_mb() -> float:
    return next(int(li.split()[1]) / 1024 for li in Path("/proc/self/status").read_text().splitlines() if "VmHWM" in li)


def _tell(step: str, seconds: float, **more: float) -> None:
    print(
        json.dumps({"step": step, "seconds": seconds, "rss_mb": _rss_mb(), "peak_mb": _peak_mb(), **more}), flush=True
    )


class Bench:
    """The window with someone at the keyboard who holds a stopwatch."""

    def __init__(self) -> None:
        from PySide6.QtWidgets import QApplication

        from gui.frame import Frame
        from gui.main_window import MainWindow
        from gui.settings import Settings

        self.app = QApplication([])
        settings = Settings()
        self.frame = Frame(settings)
        self.window = MainWindow(self.app, settings, worker_command=["/bin/false"])
        self.frame.setCentralWidget(self.window)
        self.frame.resize(1440, 900)
        self.frame.show()
        self.app.processEvents()

    def step(self, name: str, work: Callable[[], object], until: Callable[[], object] = lambda: True) -> None:
        """Do something and wait until it is so."""
        began, used = time.perf_counter(), time.thread_time()
        work()
        self._wait(until)
        _tell(name, time.perf_counter() - began, cpu=time.thread_time() - used)

    def keys(self, name: str, key: str, times: int = 40) -> None:
        """Press a key again and again; told is the 95th percentile of a press, painted."""
        timed = [self._timed(key) for _ in range(times)]
        wall, cpu = (sorted(values) for values in zip(*timed, strict=True))
        at = int(0.95 * (times - 1))
        _tell(name, wall[at], cpu=cpu[at], median=wall[times // 2])

    def rest(self, name: str, seconds: float) -> None:
        """Let what was put off happen; told is the longest that one round of events took."""
        end, longest, most = time.perf_counter() + seconds, 0.0, 0.0
        while time.perf_counter() < end:
            began, used = time.perf_counter(), time.thread_time()
            self.app.processEvents()
            longest = max(longest, time.perf_counter() - began)
            most = max(most, time.thread_time() - used)
            time.sleep(0.002)
        _tell(name, longest, cpu=most)

    def _timed(self, key: str) -> tuple[float, float]:
        from PySide6.QtGui import QKeySequence
        from PySide6.QtTest import QTest
        from PySide6.QtWidgets import QApplication

        combined = QKeySequence(key)[0]
        began, used = time.perf_counter(), time.thread_time()
        QTest.keyClick(QApplication.focusWidget() or self.window.view, combined.key(), combined.keyboardModifiers())
        self.app.processEvents()
        return time.perf_counter() - began, time.thread_time() - used

    def _wait(self, is_so: Callable[[], object]) -> None:
        deadline = time.monotonic() + _PATIENCE_S
        while not is_so():
            if time.monotonic() > deadline:
                raise TimeoutError
            self.app.processEvents()
            time.sleep(0.001)


def main(path: Path, target: Path) -> None:
    """Go through the steps."""
    bench = Bench()
    _tell("window", 0)
    window, view = bench.window, bench.window.view
    bench.step("open", lambda: window.flows.open_path(path), lambda: not view.page.is_empty)
    bench.rest("longest pause after opening", 1.0)
    view.setFocus()
    bench.keys("next document", "Ctrl+PgDown")
    bench.keys("accept", "Return")
    bench.rest("longest pause after deciding", 1.0)
    bench.keys("undo", "Ctrl+Z", 10)
    bench.step("find a document", lambda: window.documents.filter.setText("0000777"))
    bench.step("list all again", window.documents.filter.clear)
    bench.step("find anything", window.help.show_palette)
    bench.keys("leave it", "Esc", 1)
    from storage import queries
    from storage.search import find
    from storage.search_index import update_index
    from storage.search_query import SearchQuery, needle_of

    project = window.flows.session.project
    bench.step("index the rest of the texts", lambda: update_index(project))
    bench.step("search a word that is everywhere", lambda: find(project, needle_of(SearchQuery("harbour"))))
    bench.step("search words of one document", lambda: find(project, needle_of(SearchQuery("0000777"))))
    bench.step("equal mentions", window.side.open_equal)
    bench.step("registry", window.side.show_actors)
    bench.step("list", lambda: queries.document_items(project))
    from storage.exporting import export_documents
    from storage.formats import jsonl

    bench.step("export JSONL", lambda: jsonl.write(export_documents(project), target))
    bench.step("close", bench.frame.close)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
