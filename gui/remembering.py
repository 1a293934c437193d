"""Memory beside the work: after each decision, confirmed words are found in all documents, off the window's thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gui.tasks import Task
from gui.timers import single_shot
from storage.records import Changes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gui.session import Session
    from storage.memory import Recalled

#: After a decision: the next key comes first, and a run of decisions is followed once.
SOON_MS = 150
#: After other suggesters stored something, which they do several times a second.
LATER_MS = 1_500
#: So many documents take a while.
LONG = 100

_ON = "Words that you confirm are suggested wherever else they stand."
_OFF = "Confirmed words are no longer looked for elsewhere; what was suggested for that reason and is undecided goes."


class Remembering(QObject):
    """Follows one session: what people confirmed, took back or switched off is spread, taken back, switched off.

    `told` carries a sentence where something was found; `problem_met` one where it could not be stored; `progressed`
    documents done and in all, of longer work alone, and twice 0 at its end.
    """

    told = Signal(str)
    problem_met = Signal(str)
    progressed = Signal(int, int)
    _committed = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session: Session | None = None
        self._task: Task | None = None
        self._on_screen: int | None = None
        self._is_held = False
        self._is_due = False
        #: The entries of the change log to look at, or `None`: look at everything.
        self._sets: set[int] | None = None
        self._timer = single_shot(self, SOON_MS, self._begin)
        self._committed.connect(self._announce)

    @property
    def is_busy(self) -> bool:
        """Whether anything is being done, or will be in a moment."""
        return self._task is not None or self._timer.isActive()

    def work_on(self, session: Session | None) -> None:
        """Follow another project; what is under way for the last one is given up, and done when it is opened again."""
        self._timer.stop()
        self._give_up()
        if self._session is not None:
            self._session.changed.disconnect(self._follow)
        self._session, self._sets = session, None
        self._on_screen = None
        if session is not None:
            session.changed.connect(self._follow)
            self._soon(LATER_MS)

    def put_first(self, document_id: int) -> None:
        """Take this document ahead of the others: it is on screen."""
        self._on_screen = document_id

    def switch(self, *, is_on: bool) -> None:
        """Remember confirmed words in this project, or take back what is suggested for that reason."""
        if self._session is not None:
            from storage.operations.settings import set_remembering

            self._session.do(set_remembering, is_on=is_on)
            self.told.emit(_ON if is_on else _OFF)

    def stop(self) -> None:
        """Give up what is under way; it is done after the next decision, or when the project is opened again."""
        if self._task is not None:
            self._task.cancel()

    def hold(self, *, is_held: bool) -> None:
        """Do nothing for a while, or go on with what came up meanwhile."""
        self._is_held = is_held
        if is_held:
            self._is_due = self._is_due or self.is_busy
            self._timer.stop()
            if self._task is not None:
                self._task.cancel()
        elif self._is_due:
            self._soon(0)

    def _follow(self, changes: Changes) -> None:
        """Look again after whatever may have changed what is remembered, or where it may be suggested."""
        if changes.operation == "remember":
            return
        is_of_suggesters = changes.operation == "suggest"
        is_decision = not (
            is_of_suggesters
            or changes.are_settings_changed
            or changes.is_codebook_changed
            or changes.are_blocked_words_changed
            or changes.are_documents_listed_anew
        )
        if not is_decision or changes.set_id is None:
            self._sets = None
        elif self._sets is not None:
            self._sets.add(changes.set_id)
        if changes.spans or changes.are_settings_changed or changes.is_codebook_changed or changes.actors:
            self._soon(LATER_MS if is_of_suggesters else SOON_MS)
        elif changes.are_documents_listed_anew or changes.are_blocked_words_changed:
            self._soon(SOON_MS)

    def _soon(self, wait_ms: int) -> None:
        self._is_due = True
        if self._is_held or self._task is not None or self._session is None:
            return
        if not self._timer.isActive() or wait_ms < LATER_MS:
            self._timer.start(wait_ms)

    def _begin(self) -> None:
        if self._session is None or self._task is not None or self._is_held:
            return
        from storage.memory import recall

        session, first, sets = self._session, self._on_screen, self._sets
        self._is_due, self._sets = False, set()

        def work(task: Task) -> Recalled:
            return recall(
                session.project,
                sets=sets,
                first=first,
                proceed=lambda done, total: _proceed(task, done, total),
                announce=lambda changes: self._committed.emit(session, changes),
            )

        task = Task(work, self)
        task.succeeded.connect(self._tell)
        task.failed.connect(self._fail)
        task.progressed.connect(lambda done, total, _what: self.progressed.emit(done, total))
        task.finished.connect(lambda: self._ended(task))
        self._task = task
        task.start()

    def _announce(self, session: Session, changes: Changes) -> None:
        if session is self._session:
            session.announce(changes)

    def _tell(self, done: Recalled) -> None:
        if not done.is_whole:
            self._sets = None
        if self._session is not None and done.added:
            self.told.emit(_sentence(done.added))

    def _fail(self, sentence: str) -> None:
        self._sets = None
        self.problem_met.emit(sentence)

    def _ended(self, task: Task) -> None:
        self.progressed.emit(0, 0)
        if task is self._task:
            self._task = None
            task.deleteLater()
            if self._is_due:
                self._soon(SOON_MS)

    def _give_up(self) -> None:
        """Stop and wait, since the project is about to be closed: a portion of the work takes some milliseconds."""
        task, self._task = self._task, None
        self._is_due = False
        if task is not None:
            task.cancel()
            task.wait()
            task.deleteLater()


def _proceed(task: Task, done: int, total: int) -> bool:
    if total >= LONG:
        task.report(done, total)
    return not task.is_cancelled()


def _sentence(added: Mapping[str, int]) -> str:
    total = sum(added.values())
    places = f"{total:,} more place{'s' * (total != 1)}"
    if len(added) == 1:
        (words,) = added
        return f"“{words}” is suggested at {places}, since you confirmed it."
    return f"{len(added):,} names that you confirmed are suggested at {places}."
