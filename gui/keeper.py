"""Backups beside the work: after opening, every few minutes of work, and before what changes much at once."""

from __future__ import annotations

from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from gui.tasks import Task
from gui.timers import single_shot
from storage.errors import EnvironmentProblem

if TYPE_CHECKING:
    from gui.session import Session
    from gui.settings import Settings
    from storage.backup import BackupReport, Snapshot
    from storage.keys import Key
    from storage.thinning import Reason

#: The key of the setting, and its default; 0 makes none during work.
MINUTES_KEY, MINUTES = "backup_minutes", 10
#: The first backup waits until the project is on screen and the suggesters have begun.
FIRST_MS = 4_000
#: Bulk actions follow each other; one backup covers those of this time, and each can be undone.
BULK_EVERY_S = 120.0


class Keeper(QObject):
    """Makes backups of the open project in threads, none of which the window waits for.

    A backup is of the moment in which it was asked for; copying it takes its time. `problem_met` carries one sentence,
    once for each opening of a project; `backed_up` the report of each backup.
    """

    problem_met = Signal(str)
    backed_up = Signal(object)

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._path: Path | None = None
        self._key: Key | None = None
        self._task: Task | None = None
        self._waiting: list[tuple[Snapshot, Reason]] = []
        self._has_complained = False
        self._bulk_at = -BULK_EVERY_S
        self.first = single_shot(self, FIRST_MS, self._begin)
        self.regular = QTimer(self)
        self.regular.timeout.connect(lambda: self.keep("work"))

    def work_on(self, session: Session | None) -> None:
        """Keep another project; what is under way for the last one is given up."""
        self.first.stop()
        self.regular.stop()
        self._give_up()
        self._path = session.project.path if session is not None else None
        self._key = session.project.key if session is not None else None
        self._has_complained = False
        self._bulk_at = -BULK_EVERY_S
        if self._path is not None:
            self.first.start()

    def keep(self, reason: str) -> None:
        """Make a backup of this moment, unless nothing has changed since the last; `reason` is one of `Reason`."""
        if self._path is None:
            return
        from storage.backup import Snapshot
        from storage.thinning import Reason

        try:
            snapshot = Snapshot(self._path, self._key)
        except EnvironmentProblem as problem:
            self._complain(str(problem))
            return
        self._waiting.append((snapshot, Reason(reason)))
        self._next()

    def keep_before_bulk(self) -> None:
        """Make a backup before an action that changes much, unless one was made so a moment ago."""
        if monotonic() - self._bulk_at >= BULK_EVERY_S:
            self._bulk_at = monotonic()
            self.keep("bulk")

    @property
    def is_busy(self) -> bool:
        """Whether a backup is being made."""
        return self._task is not None

    def _begin(self) -> None:
        self.keep("open")
        minutes = self._settings.number(MINUTES_KEY, MINUTES)
        if minutes > 0:
            self.regular.start(minutes * 60_000)

    def _next(self) -> None:
        if self._task is not None or not self._waiting:
            return
        snapshot, reason = self._waiting.pop(0)

        def save(task: Task) -> BackupReport:
            with snapshot:
                return snapshot.save(reason, is_stopped=task.is_cancelled, is_forced=reason.value == "hand")

        task = Task(save, self)
        task.succeeded.connect(lambda report: self._made(task, report))
        task.failed.connect(lambda sentence: self._failed(task, sentence))
        task.finished.connect(lambda: self._ended(task))
        self._task = task
        task.start()

    def _made(self, task: Task, report: BackupReport) -> None:
        if task is self._task:
            if report.notice:
                self._complain(report.notice)
            self.backed_up.emit(report)

    def _failed(self, task: Task, sentence: str) -> None:
        if task is self._task:
            self._complain(sentence)

    def _ended(self, task: Task) -> None:
        if task is self._task:
            self._task = None
            task.deleteLater()
            self._next()

    def _give_up(self) -> None:
        """Stop and wait: the project is about to be closed. A thread looks for that each few milliseconds."""
        for snapshot, _reason in self._waiting:
            snapshot.close()
        self._waiting.clear()
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            task.wait()
            task.deleteLater()

    def _complain(self, sentence: str) -> None:
        if not self._has_complained:
            self._has_complained = True
            self.problem_met.emit(sentence)
