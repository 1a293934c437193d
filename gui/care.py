"""What keeps a project safe, on screen: a quick look after opening, the check, backups, restoring and salvage."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from gui.dialogs.files import PROJECT_SUFFIX
from gui.dialogs.message import MessageDialog, problem_dialog
from gui.latest import Latest
from gui.tasks import Task, TaskCancelled
from gui.timers import single_shot
from storage.errors import EnvironmentProblem, PassphraseNeededError, WrongPassphraseError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gui.dialogs.restore import BackupsDialog
    from gui.keeper import Keeper
    from gui.project_flows import ProjectFlows
    from gui.session import Session
    from storage.backup import Backup, BackupReport
    from storage.doctor import Progress
    from storage.findings import Finding
    from storage.keys import Key
    from storage.project import Project
    from storage.repairs import RepairReport
    from storage.restore import Contents
    from storage.salvage import SalvageReport


_RESTORED = "Restored. What was there before is among the backups."
#: Progress is told so often at most.
_TELL_EVERY_S = 0.05
#: A first look at a project that was opened, when the first backup is under way.
LOOK_MS = 8_000
#: Under which the project keeps what a look found when the window closed.
_FOUND_LAST = "found_last"
#: What a look at the end of work may take.
_LAST_LOOK_S = 0.2


class Care(QObject):
    """Shows backups and restores them, checks and salvages, also for a project that does not open.

    `told` is one sentence.
    """

    told = Signal(str)

    def __init__(self, window: QWidget, flows: ProjectFlows, keeper: Keeper) -> None:
        super().__init__(window)
        self._window = window
        self._flows = flows
        self._keeper = keeper
        self._task: Task | None = None
        self._has_changed = False
        #: Whether the window closes, so that nobody would read what is told.
        self.is_ending = False
        self._looking = Latest(self)
        self.look = single_shot(self, LOOK_MS, self._look)

    # -- a quick look, unasked ----------------------------------------------------------------------------------------

    def work_on(self, session: Session | None) -> None:
        """Look after another project; the last one is looked at once more if it was worked on for a while."""
        is_due = self._has_changed and not self.look.isActive()
        self.look.stop()
        self._looking.finish()
        self._has_changed = False
        if session is not None:
            session.changed.connect(self._note_change)
            self.look.start()
        elif is_due and self._flows.session is not None:
            from storage.doctor import quick_check

            project = self._flows.session.project
            found = quick_check(project, _LAST_LOOK_S)
            if found and self.is_ending:
                _keep_for_next_time(project, found)
            else:
                self._tell_findings(found, can_check=False)

    def _note_change(self) -> None:
        self._has_changed = True

    def _look(self) -> None:
        from storage.doctor import quick_check

        session = self._flows.session
        if session is not None:
            project = session.project
            self._looking.start(lambda _proceed: _kept_findings(project) or quick_check(project), self._tell_findings)

    def _tell_findings(self, found: Sequence[Finding], *, can_check: bool = True) -> None:
        if not found:
            return
        dialog = problem_dialog(self._window, found[0].sentence, "\n".join(finding.sentence for finding in found))
        if can_check:
            check = dialog.add_button("Check the project …")
            check.clicked.connect(dialog.reject)
            check.clicked.connect(self.check)
        dialog.open()

    # -- check and repair ---------------------------------------------------------------------------------------------

    def check(self) -> None:
        """Check the open project in full, and offer to mend what can be mended."""
        from gui.dialogs.check import CheckDialog
        from storage.doctor import examine
        from storage.repairs import repair_all

        session = self._flows.session
        if session is None or self._task is not None:
            return
        project = session.project
        dialog = CheckDialog(self._window, project.name)

        def mended(report: RepairReport) -> None:
            dialog.show_result(report.left, report.mended)
            if report.mended:  # views are made anew: what was mended may be what they could not show
                dialog.finished.connect(lambda _result: self._open_anew(project.path))

        def run(job: Callable[[Progress], Any], done: Callable[[Any], object]) -> None:
            task = Task(lambda task: job(_teller(task)), self)
            task.progressed.connect(lambda at, total, what: dialog.show_work(what, at, total))
            task.succeeded.connect(done)
            task.failed.connect(dialog.show_failure)
            task.finished.connect(lambda: self._end(task))
            self._task = task
            task.start()

        dialog.repair_requested.connect(lambda: run(lambda tell: repair_all(project, tell), mended))
        dialog.finished.connect(lambda _result: self._stop())
        run(lambda tell: examine(project, tell), dialog.show_result)
        dialog.open()

    def _open_anew(self, path: Path) -> None:
        session = self._flows.session
        key = session.project.key if session is not None else None
        self._flows.close()
        self._flows.open_path(path, key)

    def _stop(self) -> None:
        """Stop the check; a repair under way ends with what it has begun."""
        if self._task is not None:
            self._task.cancel()
            self._task.wait()

    # -- salvage ------------------------------------------------------------------------------------------------------

    def salvage(self, broken: Path, passphrase: str | None = None) -> None:
        """Ask for a place and save there what can be read of a damaged project, then open that."""
        from storage.salvage import salvage

        if passphrase is None and _needs_passphrase(broken):
            from gui.dialogs.passphrase import PassphraseDialog

            say = "Type the passphrase of the damaged project. The new one gets it as well."
            dialog = PassphraseDialog(self._window, broken.name.removesuffix(PROJECT_SUFFIX), say=say)
            dialog.given.connect(partial(self.salvage, broken))
            dialog.open()
            return
        target = self._flows.files.new_project(self._window, broken.parent)
        if target is None or self._task is not None:
            return
        waiting = self._wait_on("Saving what can be read …", "The damaged project is not changed.")

        def saved(report: SalvageReport) -> None:
            if self._flows.open_path(report.path, passphrase):
                lines = "\n".join(report.lines())
                sentence = f"What could be read is in “{report.path.name}”. Compare it with a backup, if there is one."
                MessageDialog(self._window, "Saved what could be read", sentence, lines).open()

        task = Task(lambda task: salvage(broken, target, _teller(task), passphrase=passphrase), self)
        task.progressed.connect(lambda _at, _total, what: waiting.sentence.setText(f"{what.capitalize()} …"))
        task.succeeded.connect(saved)
        task.failed.connect(lambda sentence: problem_dialog(self._window, sentence).open())
        self._run(task, waiting)

    # -- backups ------------------------------------------------------------------------------------------------------

    def show_backups(self) -> None:
        """List the backups of the open project."""
        if self._flows.session is not None:
            self.show_backups_of(self._flows.session.project.path)

    def show_backups_of(self, project: Path) -> None:
        """List the backups of a project, open or not."""
        from gui.dialogs.restore import BackupsDialog

        session = self._flows.session
        is_open = session is not None and session.project.path == project
        key = session.project.key if session is not None and is_open else None
        dialog = BackupsDialog(self._window, project.name.removesuffix(PROJECT_SUFFIX), can_back_up=is_open)
        reading, comparing = Latest(dialog), Latest(dialog)

        def refresh() -> None:
            _list_backups(dialog, project, reading, key)

        def follow(report: BackupReport) -> None:
            if report.made is not None:
                refresh()

        dialog.chosen.connect(lambda backup: _compare(dialog, project, backup, comparing, key))
        dialog.backup_requested.connect(lambda: self._keeper.keep("hand"))
        dialog.restore_requested.connect(lambda backup: self.restore(project, backup.path))
        self._keeper.backed_up.connect(follow)
        for latest in (reading, comparing):
            dialog.finished.connect(latest.finish)
        dialog.finished.connect(lambda _result: self._keeper.backed_up.disconnect(follow))
        refresh()
        dialog.open()

    def restore(self, path: Path, backup: Path, passphrase: str | None = None) -> None:
        """Put a backup in the place of a project and open it; a project that is open is closed meanwhile."""
        from storage.restore import restore

        session = self._flows.session
        is_open = session is not None and session.project.path == path
        former = session.project.key if session is not None and is_open else None
        is_known, key = self._key_of(backup, passphrase or former, partial(self.restore, path, backup))
        if not is_known or (is_open and not self._flows.may_leave(partial(self.restore, path, backup, passphrase))):
            return
        if is_open:
            self._flows.close()
        waiting = self._wait_on("Restoring …", "The backup is checked and put in place.")
        task = Task(lambda _task: restore(path, backup, key), self)
        task.succeeded.connect(lambda done: self._come_back(done.path, key, _RESTORED))
        task.failed.connect(lambda sentence: self._come_back(path, former, "", sentence))
        self._run(task, waiting)

    def _key_of(
        self, file: Path, passphrase: str | Key | None, again: Callable[[str], object]
    ) -> tuple[bool, Key | None]:
        """Return whether a file can be read, and its key; ask for the passphrase where that is what lacks."""
        from gui.dialogs.passphrase import PassphraseDialog
        from storage.keys import key_for

        try:
            return True, key_for(file, passphrase)
        except (PassphraseNeededError, WrongPassphraseError) as problem:
            warning = str(problem) if isinstance(problem, WrongPassphraseError) else ""
            say = "Type the passphrase that the project had when this backup was made."
            dialog = PassphraseDialog(self._window, "The backup", say=say, warning=warning)
            dialog.given.connect(again)
            dialog.open()
            return False, None
        except (EnvironmentProblem, OSError):  # damaged: what is done with it tells more
            return True, None

    # -- passphrase ---------------------------------------------------------------------------------------------------

    def change_passphrase(self) -> None:
        """Encrypt the open project, or give it another passphrase, or none."""
        from gui.dialogs.passphrase import ChangePassphraseDialog
        from storage.backup import backups_of

        session = self._flows.session
        if session is not None:
            is_encrypted = session.project.key is not None
            project = session.project
            count = len(backups_of(project.path))
            dialog = ChangePassphraseDialog(self._window, project.name, is_encrypted=is_encrypted, backups=count)
            dialog.change_requested.connect(self._write_anew)
            dialog.open()

    def _write_anew(self, former: str | None, new: str | None, is_dropping: bool) -> None:  # noqa: FBT001  (a signal's)
        from storage.passphrase import change_passphrase, drop_former_backups

        session = self._flows.session
        if session is None or not self._flows.may_leave(partial(self._write_anew, former, new, is_dropping)):
            return
        path, key = session.project.path, session.project.key
        self._flows.close()
        waiting = self._wait_on("Writing the project anew …", "A backup is made first.")

        def write(_task: Task) -> str:
            change_passphrase(path, former, new)
            said = "The project is encrypted." if new is not None else "The project is not encrypted any more."
            if not is_dropping:
                return f"{said} Backups made before keep what they had."
            try:
                dropped = drop_former_backups(path, new)
            except EnvironmentProblem as problem:
                return f"{said} The backups made before are still there: {problem}"
            return f"{said} Backups made before were removed ({dropped:,}), and a new one was made."

        task = Task(write, self)
        task.succeeded.connect(lambda said: self._come_back(path, new, said))
        task.failed.connect(lambda sentence: self._come_back(path, key, "", sentence))
        self._run(task, waiting)

    def _come_back(self, path: Path, passphrase: str | Key | None, said: str, problem: str = "") -> None:
        """Open a project again after something was done to its file, and tell what came of it."""
        if path.exists() and self._flows.open_path(path, passphrase) and said:
            self.told.emit(said)
        if problem:
            problem_dialog(self._window, problem).open()

    def _wait_on(self, title: str, sentence: str) -> MessageDialog:
        waiting = MessageDialog(self._window, title, sentence)
        waiting.main_button.hide()
        waiting.open()
        return waiting

    def _run(self, task: Task, waiting: MessageDialog) -> None:
        task.finished.connect(waiting.accept)
        task.finished.connect(lambda: self._end(task))
        self._task = task
        task.start()

    def finish(self) -> None:
        """Wait for what is under way: the program is about to end. A check stops, a restore is finished."""
        self._stop()

    def _end(self, task: Task) -> None:
        task.deleteLater()
        if self._task is task:
            self._task = None


def _keep_for_next_time(project: Project, found: Sequence[Finding]) -> None:
    """Keep within the project what was found while nobody could be told."""
    with suppress(EnvironmentProblem):  # so damaged that it will be told on opening
        project.store_setting(_FOUND_LAST, [finding.sentence for finding in found])


def _kept_findings(project: Project) -> list[Finding]:
    """Return what was found when the project was closed last, once. A stranger may have written it."""
    from storage.findings import Finding

    with suppress(EnvironmentProblem):
        kept = project.setting(_FOUND_LAST)
        if kept:
            project.store_setting(_FOUND_LAST, None)
            sentences = [sentence for sentence in kept if isinstance(sentence, str)] if isinstance(kept, list) else []
            return [Finding(f"Found when this project was closed last: {sentence}") for sentence in sentences]
    return []


def _needs_passphrase(broken: Path) -> bool:
    from storage.salvage import needs_passphrase

    try:
        return needs_passphrase(broken)
    except EnvironmentProblem:  # what is done with it tells more
        return False


def _teller(task: Task) -> Progress:
    """Return what passes progress on, a few times a second, until the task is to stop."""
    told = 0.0

    def tell(what: str, done: int, total: int) -> None:
        nonlocal told
        if task.is_cancelled():
            raise TaskCancelled
        if monotonic() - told > _TELL_EVERY_S or done in {0, total}:
            told = monotonic()
            task.report(done, total, what)

    return tell


def _list_backups(dialog: BackupsDialog, project: Path, reading: Latest, key: Key | None) -> None:
    from storage.backup import backups_of
    from storage.restore import RestoreError, contents_of

    backups = backups_of(project)

    def contents(path: Path) -> Contents | None:
        try:
            return contents_of(path, key)
        except RestoreError:
            return None

    dialog.set_backups(backups)
    reading.start(lambda _proceed: [contents(backup.path) for backup in backups], dialog.show_contents)


def _compare(dialog: BackupsDialog, project: Path, backup: Backup, comparing: Latest, key: Key | None) -> None:
    from storage.restore import difference

    comparing.start(
        lambda _proceed: difference(project, backup.path, key), lambda found: dialog.show_difference(backup, found)
    )
