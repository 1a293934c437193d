"""What keeps a project safe, on screen: its backups, and putting one back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from gui.dialogs.files import PROJECT_SUFFIX
from gui.dialogs.message import MessageDialog, problem_dialog
from gui.latest import Latest
from gui.tasks import Task

if TYPE_CHECKING:
    from gui.dialogs.restore import BackupsDialog
    from gui.keeper import Keeper
    from gui.project_flows import ProjectFlows
    from storage.backup import Backup, BackupReport
    from storage.restore import Contents, Restored


class Care(QObject):
    """Shows backups and restores them, for the open project or for one that does not open. `told` is one sentence."""

    told = Signal(str)

    def __init__(self, window: QWidget, flows: ProjectFlows, keeper: Keeper) -> None:
        super().__init__(window)
        self._window = window
        self._flows = flows
        self._keeper = keeper
        self._task: Task | None = None

    def show_backups(self) -> None:
        """List the backups of the open project."""
        if self._flows.session is not None:
            self.show_backups_of(self._flows.session.project.path)

    def show_backups_of(self, project: Path) -> None:
        """List the backups of a project, open or not."""
        from gui.dialogs.restore import BackupsDialog

        is_open = self._flows.session is not None and self._flows.session.project.path == project
        dialog = BackupsDialog(self._window, project.name.removesuffix(PROJECT_SUFFIX), can_back_up=is_open)
        reading, comparing = Latest(dialog), Latest(dialog)

        def refresh() -> None:
            _list_backups(dialog, project, reading)

        def follow(report: BackupReport) -> None:
            if report.made is not None:
                refresh()

        dialog.chosen.connect(lambda backup: _compare(dialog, project, backup, comparing))
        dialog.backup_requested.connect(lambda: self._keeper.keep("hand"))
        dialog.restore_requested.connect(lambda backup: self.restore(project, backup.path))
        self._keeper.backed_up.connect(follow)
        for latest in (reading, comparing):
            dialog.finished.connect(latest.finish)
        dialog.finished.connect(lambda _result: self._keeper.backed_up.disconnect(follow))
        refresh()
        dialog.open()

    def restore(self, path: Path, backup: Path) -> None:
        """Put a backup in the place of a project and open it; a project that is open is closed meanwhile."""
        from storage.restore import restore

        session = self._flows.session
        if session is not None and session.project.path == path:
            if not self._flows.may_leave(lambda: self.restore(path, backup)):
                return
            self._flows.close()
        waiting = MessageDialog(self._window, "Restoring …", "The backup is checked and put in place.")
        waiting.main_button.hide()
        waiting.open()
        self._task = task = Task(lambda _task: restore(path, backup), self)
        task.succeeded.connect(self._restored)
        task.failed.connect(lambda sentence: self._not_restored(path, sentence))
        task.finished.connect(waiting.accept)
        task.finished.connect(self._end)
        task.start()

    def finish(self) -> None:
        """Wait for what is under way: the program is about to end, and a restore is not given up half way."""
        if self._task is not None:
            self._task.wait()

    def _restored(self, done: Restored) -> None:
        if self._flows.open_path(done.path):
            self.told.emit("Restored. What was there before is among the backups.")

    def _not_restored(self, path: Path, sentence: str) -> None:
        if path.exists():
            self._flows.open_path(path)
        problem_dialog(self._window, sentence).open()

    def _end(self) -> None:
        if self._task is not None:
            self._task.deleteLater()
            self._task = None


def _list_backups(dialog: BackupsDialog, project: Path, reading: Latest) -> None:
    from storage.backup import backups_of
    from storage.restore import RestoreError, contents_of

    backups = backups_of(project)

    def contents(path: Path) -> Contents | None:
        try:
            return contents_of(path)
        except RestoreError:
            return None

    dialog.set_backups(backups)
    reading.start(lambda _proceed: [contents(backup.path) for backup in backups], dialog.show_contents)


def _compare(dialog: BackupsDialog, project: Path, backup: Backup, comparing: Latest) -> None:
    from storage.restore import difference

    comparing.start(
        lambda _proceed: difference(project, backup.path), lambda found: dialog.show_difference(backup, found)
    )
