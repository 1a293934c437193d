"""What happens to projects as wholes: new, open, close, drop, and the list of recent ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRectF, Signal
from PySide6.QtWidgets import QWidget

from gui.dialogs.files import PROJECT_SUFFIX, FilePicker, QtFilePicker, with_project_suffix
from gui.dialogs.message import OpenElsewhereDialog, problem_dialog
from gui.panels.welcome import RecentProject
from gui.session import Session
from gui.settings import Settings
from storage.errors import (
    EnvironmentProblem,
    PassphraseNeededError,
    ProjectDamagedError,
    ProjectLockedError,
    WrongPassphraseError,
)

if TYPE_CHECKING:
    from PySide6.QtCore import QRect

    from gui.panels.picker import Picker
    from storage.keys import Key


class ProjectFlows(QObject):
    """Opens and closes the one session.

    `session_closing` comes before a session is closed; `session_opened` carries the new one, or `None` when the
    project was closed and none follows. `import_requested` carries paths that were dropped on an open project,
    `backups_requested` that of a project which does not open but has backups, `salvage_requested` of a damaged one.
    `told` carries a sentence for the status bar; `left` tells that the list of recent ones was left without a choice.
    """

    session_closing = Signal()
    session_opened = Signal(object)
    import_requested = Signal(list)
    backups_requested = Signal(object)
    salvage_requested = Signal(object)
    told = Signal(str)
    left = Signal()

    def __init__(self, window: QWidget, settings: Settings, files: FilePicker | None = None) -> None:
        super().__init__(window)
        self._window = window
        self._settings = settings
        self.files: FilePicker = files or QtFilePicker()
        self.session: Session | None = None
        #: Asked before a session is closed: whether it may be; if not, whoever was asked may call its argument later.
        self.may_leave: Callable[[Callable[[], object]], bool] = lambda _leave: True

    @cached_property
    def _recent_picker(self) -> Picker:
        from gui.panels.picker import Picker

        picker = Picker(self._window)
        picker.picked.connect(lambda number: self.open_path(Path(self.recent()[number].location)))
        picker.cancelled.connect(self.left)
        return picker

    def new(self) -> None:
        """Ask for a place and a codebook to begin with, and make a project there."""
        from gui.dialogs.new_project import NewProjectDialog
        from storage.codebooks import starters

        dialog = NewProjectDialog(self._window, starters(), self.files, self._folder())
        dialog.create_requested.connect(
            lambda path, codebook, passphrase: self._switch(
                lambda: Session.create(path, codebook=codebook, passphrase=passphrase)
            )
        )
        dialog.open()

    def create(self, path: Path) -> bool:
        """Make a project file and open it; tell why where that fails."""
        return self._switch(lambda: Session.create(with_project_suffix(path)))

    def open(self) -> None:
        """Ask for a project file and open it."""
        path = self.files.open_project(self._window, self._folder())
        if path is not None:
            self.open_path(path)

    def open_path(self, path: Path, passphrase: str | Key | None = None) -> bool:
        """Open a project file; ask for the passphrase of an encrypted one; tell why where that fails."""
        if self.session is not None and _is_same(path, self.session.project.path):
            return True
        return self._switch(lambda: Session.open(path, passphrase=passphrase), path)

    def open_sample(self) -> None:
        """Open the sample project, made on first use."""
        from gui.sample import open_sample, sample_path

        if self.session is None or not _is_same(sample_path(), self.session.project.path):
            self._switch(open_sample, sample_path())

    def take_dropped(self, paths: Sequence[Path]) -> None:
        """Open a dropped project; import anything else, into a new project where none is open."""
        projects = [path for path in paths if path.suffix.lower() == PROJECT_SUFFIX]
        if projects:
            self.open_path(projects[0])
        elif paths and (self.session is not None or self._make_room()):
            self.import_requested.emit(list(paths))

    def close(self) -> None:
        """Close the project and show the welcome page."""
        if self.session is not None and self.may_leave(self.close):
            self._leave()
            self._settings.store("last", "")
            self.session_opened.emit(None)

    def finish(self) -> bool:
        """Close the project for the end of the program, if it may be; the next start opens it again."""
        if self.session is not None:
            if not self.may_leave(self._window.window().close):
                return False
            self._leave()
        return True

    def recent(self) -> list[RecentProject]:
        """Return the projects opened lately, as the welcome page shows them."""
        return [
            RecentProject(
                name=entry.path.name.removesuffix(PROJECT_SUFFIX),
                folder=str(entry.path.parent),
                opened=_day(entry.opened_at),
                location=str(entry.path),
                is_missing=not is_there(entry.path),
            )
            for entry in self._settings.recent()
        ]

    def choose_recent(self, below: QRect) -> None:
        """Ask, below a part of the window, which of the projects opened lately to open."""
        from gui.panels.picker import PickerEntry

        entries = [
            PickerEntry(number, project.name, project.folder)
            for number, project in enumerate(self.recent())
            if not project.is_missing
        ]
        if entries:
            self._recent_picker.ask("Open recent", entries, QRectF(below))
        else:
            self.told.emit("No other project was opened lately.")

    def _make_room(self) -> bool:
        """Make the project that dropped documents go into."""
        path = self.files.new_project(self._window, self._folder())
        return path is not None and self.create(path)

    def _folder(self) -> Path:
        """Return where projects were kept last; the sample's hidden folder is no place for them."""
        from gui.sample import sample_path

        hidden = sample_path().parent
        folders = (entry.path.parent for entry in self._settings.recent())
        return next((folder for folder in folders if folder != hidden and is_there(folder)), Path.home())

    def _switch(self, opening: Callable[[], Session], path: Path | None = None) -> bool:
        """Open another project first, and close the present one only when that worked."""
        if self.session is not None and not self.may_leave(lambda: self._switch(opening, path)):
            return False
        try:
            session = opening()
        except (PassphraseNeededError, WrongPassphraseError) as problem:
            self._ask_passphrase(problem, path)
            return False
        except ProjectLockedError as problem:
            self._tell_locked(str(problem), path)
            return False
        except EnvironmentProblem as problem:
            self._tell_problem(problem, path)
            return False
        if self.session is not None:
            self._leave()
        self.session = session
        self._settings.note_opened(session.project.path)
        self._settings.store("last", str(session.project.path))
        self._settings.save()
        self.session_opened.emit(session)
        return True

    def _ask_passphrase(self, problem: EnvironmentProblem, path: Path | None) -> None:
        from gui.dialogs.passphrase import PassphraseDialog

        assert path is not None  # noqa: S101  (what is just made asks for nothing)
        warning = str(problem) if isinstance(problem, WrongPassphraseError) else ""
        dialog = PassphraseDialog(self._window, path.name.removesuffix(PROJECT_SUFFIX), warning=warning)
        dialog.given.connect(lambda passphrase: self.open_path(path, passphrase))
        dialog.open()

    def _tell_locked(self, sentence: str, path: Path | None) -> None:
        dialog = OpenElsewhereDialog(self._window, sentence)
        if path is not None:
            dialog.retry_requested.connect(lambda: self.open_path(path))
        dialog.other_requested.connect(self.open)
        dialog.open()

    def _tell_problem(self, problem: EnvironmentProblem, path: Path | None) -> None:
        """Tell why a project does not open, and offer what can be done: its backups, and saving what can be read."""
        from storage.backup import backups_of

        dialog = problem_dialog(self._window, str(problem))
        offers = []
        if path is not None and isinstance(problem, ProjectDamagedError):
            offers.append(("Save what can be read …", self.salvage_requested))
        if path is not None and backups_of(path):
            offers.append(("Restore a backup …", self.backups_requested))
        for text, signal in offers:
            button = dialog.add_button(text)
            button.clicked.connect(dialog.reject)
            button.clicked.connect(lambda _is_checked=False, wish=signal: wish.emit(path))
        dialog.open()

    def _leave(self) -> None:
        assert self.session is not None  # noqa: S101  (callers looked)
        self.session_closing.emit()
        self.session.close()
        self.session.deleteLater()
        self.session = None


def is_there(path: Path) -> bool:
    """Return whether a file is there, as far as we may look."""
    try:
        return path.exists()
    except OSError:  # a folder that is closed to us
        return False


def _is_same(path: Path, other: Path) -> bool:
    try:
        return path.samefile(other)
    except OSError:
        return False


def _day(stamp: str) -> str:
    try:
        local = datetime.fromisoformat(stamp).astimezone()
    except ValueError:
        return ""
    return f"{local.day} {local:%B %Y, %H:%M}"
