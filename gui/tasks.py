"""Longer work off the window's thread: import, export, storing what suggesters found."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from PySide6.QtCore import QObject, QThread, Signal

from storage.errors import EnvironmentProblem

_log = logging.getLogger(__name__)
T = TypeVar("T")


class TaskCancelled(Exception):  # noqa: N818  (a wish of the analyst, no error)
    """The analyst stopped the task."""


class Task(QThread):
    """One piece of work on a thread of its own.

    Exactly one of `succeeded` (its result), `cancelled`, and `failed` (one sentence for the analyst) is emitted, in
    the thread of whoever listens. The job gets the task, to report progress and to see whether it is to stop.
    """

    succeeded = Signal(object)
    failed = Signal(str)
    cancelled = Signal()
    progressed = Signal(int, int, str)

    def __init__(self, job: Callable[[Task], object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._job = job
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        """Ask the job to stop at its next step."""
        self._cancelled.set()

    def is_cancelled(self) -> bool:
        """Whether the job is to stop."""
        return self._cancelled.is_set()

    def report(self, done: int, total: int, what: str = "") -> None:
        """Tell how far the job is; called by the job."""
        self.progressed.emit(done, total, what)

    def watch(self, items: Iterable[T], total: int) -> Iterator[T]:
        """Pass items on, reporting how many, until the job is to stop.

        Raises:
            TaskCancelled: the job is to stop; whatever it began is to be given up.
        """
        for number, item in enumerate(items):
            if self.is_cancelled():
                raise TaskCancelled
            self.report(number, total)
            yield item

    def run(self) -> None:
        """Do the job; called by Qt on the new thread."""
        try:
            result = self._job(self)
        except TaskCancelled:
            self.cancelled.emit()
        except EnvironmentProblem as problem:
            self.failed.emit(str(problem))
        except Exception as error:  # noqa: BLE001  (whatever a job raises must not end the program silently)
            from gui.bugs import bug_report

            _log.error("a task failed\n%s", bug_report(error))
            self.failed.emit(
                f"Something went wrong inside Sayso ({type(error).__name__}); what was saved before is safe."
            )
        else:
            self.succeeded.emit(result)
