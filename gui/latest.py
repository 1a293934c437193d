"""Work off the window's thread of which only the latest counts: a search while its words are still being typed."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Any

from PySide6.QtCore import QObject, Signal

from gui.tasks import Task

#: Progress is told so often at most: each telling is an event for the window.
_TELL_EVERY_S = 0.05


class Latest(QObject):
    """Runs one job at a time as far as anyone can see: a new one makes the former stop and its result forgotten.

    `ended` tells that nothing is awaited any more; `progressed` carries done and total; `failed` one sentence.
    """

    ended = Signal()
    progressed = Signal(int, int)
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._running: set[Task] = set()
        self._task: Task | None = None

    @property
    def is_busy(self) -> bool:
        """Whether a result is still to come."""
        return self._task is not None

    def start(self, job: Callable[[Callable[[int, int], bool]], Any], then: Callable[[Any], object]) -> None:
        """Run a job and hand its result to `then` in this thread.

        The job gets a function to be told how many of how many steps are done, which returns whether to go on.
        """
        self.forget()
        task = Task(lambda task: job(_teller(task)), self)
        task.succeeded.connect(lambda result: self._settle(task, lambda: then(result)))
        task.failed.connect(lambda sentence: self._settle(task, lambda: self.failed.emit(sentence)))
        task.progressed.connect(lambda done, total: self._tell(task, done, total))
        task.finished.connect(lambda: self._finished(task))
        self._task = task
        self._running.add(task)
        task.start()

    def stop(self) -> None:
        """Ask the job to stop; what it has so far is its result."""
        if self._task is not None:
            self._task.cancel()

    def forget(self) -> None:
        """Stop the job and forget its result."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
            self.ended.emit()

    def finish(self) -> None:
        """Forget the job and wait until no thread runs any more: the project is about to be closed."""
        self.forget()
        for task in list(self._running):
            task.cancel()
            task.wait()

    def _settle(self, task: Task, tell: Callable[[], object]) -> None:
        if task is self._task:
            self._task = None
            self.ended.emit()
            tell()

    def _tell(self, task: Task, done: int, total: int) -> None:
        if task is self._task:
            self.progressed.emit(done, total)

    def _finished(self, task: Task) -> None:
        self._running.discard(task)
        task.deleteLater()


def _teller(task: Task) -> Callable[[int, int], bool]:
    told = monotonic()

    def proceed(done: int, total: int) -> bool:
        nonlocal told
        if monotonic() - told > _TELL_EVERY_S:
            told = monotonic()
            task.report(done, total)
        return not task.is_cancelled()

    return proceed
