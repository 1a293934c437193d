"""Actions on many things at once: off the window's thread, one after the other, a backup before each."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gui.latest import Latest
from storage.records import Changes

if TYPE_CHECKING:
    from gui.session import Session
    from storage.project import Project


class Sweep(QObject):
    """Runs operations of one session that may take a second; `told` carries what came of each, in a sentence."""

    told = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._session: Session | None = None
        self._work = Latest(self)
        self._work.failed.connect(self.told)

    @property
    def is_busy(self) -> bool:
        """Whether an operation is under way."""
        return self._work.is_busy

    def work_on(self, session: Session | None) -> None:
        """Change another project from now on; `None` ahead of closing one waits for what is under way."""
        if session is not self._session:
            self._work.finish()
            self._session = session

    def do(
        self,
        operation: Callable[[Project], Changes],
        said: Callable[[Changes], str],
        then: Callable[[], object] = lambda: None,
    ) -> None:
        """Run an operation, tell everyone what it changed, tell of it as `said` words it, and go on with `then`."""
        session = self._session
        if session is None:
            return
        if self.is_busy:
            self.told.emit("What was done before is still being saved; try again in a moment.")
            return

        def done(changes: Changes) -> None:
            session.announce(changes)
            self.told.emit(said(changes) if changes.set_id is not None else "Nothing was to change.")
            then()

        session.sweeping.emit()
        self._work.start(lambda _proceed: operation(session.project), done)
