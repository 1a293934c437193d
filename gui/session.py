"""The open project as the window sees it: what it holds, the one way to change it, and one signal of changes."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec

from PySide6.QtCore import QObject, Signal

from storage.errors import EnvironmentProblem
from storage.records import Changes, Codebook, DocumentContent, DocumentItem

if TYPE_CHECKING:
    from storage.codebook_file import CodebookFile
    from storage.keys import Key
    from storage.project import Project

_log = logging.getLogger(__name__)

P = ParamSpec("P")


class Session(QObject):
    """One open project. Views read through it and are told by `changed` what to read again.

    `changed` carries the `Changes` of a committed transaction; `problem_met` one sentence for the analyst, and
    `not_saved` the same one when it was a decision that failed. `sweeping` comes before much is changed at once.
    """

    codebook: Codebook
    changed = Signal(object)
    problem_met = Signal(str)
    not_saved = Signal(str)
    sweeping = Signal()

    def __init__(self, project: Project, parent: QObject | None = None) -> None:
        """Take a project over; where it cannot be read it is closed again."""
        super().__init__(parent)
        self.project = project
        self._is_closed = False
        try:
            self.read_codebook()
        except BaseException:
            project.close()
            raise

    @classmethod
    def open(cls, path: Path, parent: QObject | None = None, *, passphrase: str | Key | None = None) -> Session:
        """Open a project file.

        Raises:
            PassphraseNeededError, WrongPassphraseError: it is encrypted, and otherwise.
            EnvironmentProblem: it cannot be opened; the text says why.
        """
        from storage.project import Project

        return cls(Project.open(path, passphrase), parent)

    @classmethod
    def create(
        cls,
        path: Path,
        parent: QObject | None = None,
        *,
        codebook: CodebookFile | None = None,
        passphrase: str | None = None,
    ) -> Session:
        """Make a new project file, with a codebook of the analyst's choice if one is given, and open it.

        With a passphrase it is encrypted.

        Raises:
            EnvironmentProblem: it cannot be made; the text says why.
        """
        from gui.bridge import for_new_project
        from storage.codebooks import DEFAULT, starter
        from storage.project import Project

        book = for_new_project(codebook or starter(DEFAULT))
        return cls(Project.create(path, book, passphrase=passphrase), parent)

    def close(self) -> None:
        """Close the project; everything is already saved. What a thread still tells of it is not passed on."""
        self._is_closed = True
        self.project.close()

    def do(
        self, operation: Callable[Concatenate[Project, P], Changes], *args: P.args, **kwargs: P.kwargs
    ) -> Changes | None:
        """Run one operation and tell everyone what changed; `None` when it was refused (the analyst is told why)."""
        try:
            return self.attempt(operation, *args, **kwargs)
        except EnvironmentProblem as problem:
            self.problem_met.emit(str(problem))
            return None

    def sweep(
        self, operation: Callable[Concatenate[Project, P], Changes], *args: P.args, **kwargs: P.kwargs
    ) -> Changes | None:
        """Run one operation that may change much at once, after saying so; like `do` otherwise."""
        self.sweeping.emit()
        return self.do(operation, *args, **kwargs)

    def attempt(
        self, operation: Callable[Concatenate[Project, P], Changes], *args: P.args, **kwargs: P.kwargs
    ) -> Changes:
        """Run one operation and tell everyone what changed; the caller tells the analyst where it was refused.

        Raises:
            EnvironmentProblem: it was refused; nothing was changed.
        """
        try:
            changes = operation(self.project, *args, **kwargs)
        except EnvironmentProblem as problem:
            _log.warning("refused: %s", type(problem).__name__)
            self.not_saved.emit(str(problem))
            raise
        self.announce(changes)
        return changes

    def announce(self, changes: Changes) -> None:
        """Tell everyone of committed changes, those that another thread made included."""
        if changes.set_id is None or self._is_closed:
            return
        if changes.is_codebook_changed or changes.are_settings_changed or changes.are_documents_listed_anew:
            from storage.queries import codebook

            self.codebook = self.ask(codebook) or self.codebook
        self.changed.emit(changes)

    def ask(self, query: Callable[Concatenate[Project, P], Any], *args: P.args, **kwargs: P.kwargs) -> Any:  # noqa: ANN401
        """Run a query and return its result; `None` when the file could not be read (the analyst is told why).

        A file that cannot be read is tried once more, by a new connection: drives and networks hiccup.
        """
        with suppress(EnvironmentProblem):
            return query(self.project, *args, **kwargs)
        try:
            return query(self.project, *args, **kwargs)
        except EnvironmentProblem as problem:
            self.problem_met.emit(str(problem))
            return None

    def keep(self, key: str, value: object) -> None:
        """Keep a setting in the project; nobody is troubled where that fails, since no decision is lost."""
        try:
            self.project.store_setting(key, value)
        except EnvironmentProblem as problem:
            _log.warning("a setting was not kept: %s", type(problem).__name__)

    def kept(self, key: str) -> object:
        """Return what was kept under a key, `None` if nothing can be read there. A stranger may have written it."""
        try:
            kept: object = self.project.setting(key)
        except EnvironmentProblem as problem:
            _log.warning("a setting was not read: %s", type(problem).__name__)
            return None
        return kept

    def content(self, document_id: int) -> DocumentContent | None:
        """Return everything that the view of a document needs; `None` if it cannot be shown."""
        from storage.queries import document_content

        content: DocumentContent | None = self.ask(document_content, document_id)
        return content

    def items(self, document_ids: frozenset[int] | None = None) -> list[DocumentItem]:
        """Return the lines of the document list: all, or those of these documents."""
        from storage.queries import document_items

        return self.ask(document_items, document_ids) or []

    def read_codebook(self) -> None:
        """Read the codebook anew.

        Raises:
            EnvironmentProblem: it cannot be read; the present one stays.
        """
        from storage.queries import codebook

        self.codebook = codebook(self.project)
