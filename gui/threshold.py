"""How likely a suggestion must be to be shown and to count: a least score for each label, kept in the project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gui.bridge import with_cues
from gui.tasks import Task
from gui.timers import single_shot
from storage.records import Changes, LabelKind, State

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gui.document.view import DocumentView
    from gui.session import Session

_STEP, _HIGHEST = 0.05, 0.95
#: A slider tells of every step; what it comes to rest at is stored.
STORE_MS = 200


class Threshold(QObject):
    """Hides suggestions of a lower score than their label asks for: they are neither painted nor visited nor counted.

    Cues go with claims: they are shown from the lowest score on that a label of claims asks for. The text follows at
    once; the project a moment later, in a thread, since documents by the thousand are counted anew. `told` says how
    many suggestions of the document stay.
    """

    told = Signal(str)
    problem_met = Signal(str)

    def __init__(self, view: DocumentView, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self._session: Session | None = None
        self._moved: dict[int, float] = {}
        self._task: Task | None = None
        self._timer = single_shot(self, STORE_MS, self._store)

    @property
    def is_storing(self) -> bool:
        """Whether a score was moved that is not stored yet."""
        return bool(self._moved) or self._task is not None

    def work_on(self, session: Session | None) -> None:
        """Take over what this project hides; to be called with `None` before it is closed."""
        if session is self._session:
            return
        self.flush()
        if self._session is not None:
            self._session.changed.disconnect(self._follow)
        self._session = session
        if session is not None:
            session.changed.connect(self._follow)
        self._show()

    def least_scores(self) -> dict[int, float]:
        """Return the least score of each label of actors and claims, as it is shown now."""
        if self._session is None:
            return {}
        codebook = self._session.codebook
        labels = (label.id for label in codebook.labels if label.kind is not LabelKind.CUE)
        return {ident: self._moved.get(ident, codebook.settings_of(ident).least_score) for ident in labels}

    def set_least_scores(self, scores: Mapping[int, float]) -> None:
        """Show from now on what has at least these scores."""
        if self._session is not None:
            self._moved |= with_cues(self._session.codebook, self.least_scores() | dict(scores))
            self._show()
            self._timer.start()

    def raise_by_a_step(self) -> None:
        """Hide more: suggestions of the focused one's label, of all labels where none is focused."""
        self._move(_STEP)

    def lower_by_a_step(self) -> None:
        """Show more again."""
        self._move(-_STEP)

    def clear(self) -> None:
        """Hide no suggestion for its score."""
        self._set(dict.fromkeys(self.least_scores(), 0.0))

    def reset(self) -> None:
        """Hide what is right less often than in nine of ten cases, as far as that was measured."""
        from nlp.calibration import default_least_score

        if self._session is not None:
            known = {label.id: label.code for label in self._session.codebook.labels}
            self._set({ident: default_least_score(known[ident]) for ident in self.least_scores()})

    def flush(self, _result: int = 0) -> None:
        """Store what was moved, now."""
        self._timer.stop()
        task, self._task = self._task, None
        if task is not None:
            task.wait()
            task.deleteLater()
        moved, self._moved = self._moved, {}
        if moved and self._session is not None:
            from storage.operations.settings import set_least_scores

            self._session.do(set_least_scores, moved)

    # -- inside -------------------------------------------------------------------------------------------------------

    def _move(self, step: float) -> None:
        now = self.least_scores()
        chosen = self._chosen() or now
        self._set({ident: min(max(round(now[ident] + step, 2), 0.0), _HIGHEST) for ident in chosen if ident in now})

    def _chosen(self) -> list[int]:
        """Return the label of the focused suggestion; for a cue, those of claims."""
        span = self._view.focused_span
        if span is None or self._session is None:
            return []
        labels = self._session.codebook.labels
        is_cue = self._session.codebook.label(span.label_id).kind is LabelKind.CUE
        return [label.id for label in labels if label.kind is LabelKind.CLAIM] if is_cue else [span.label_id]

    def _set(self, scores: Mapping[int, float]) -> None:
        if self._session is not None:
            self.set_least_scores(scores)
            self.told.emit(self._sentence(scores))

    def _show(self) -> None:
        least: dict[int, float] = {}
        if self._session is not None:
            codebook = self._session.codebook
            least = {label.id: codebook.settings_of(label.id).least_score for label in codebook.labels} | self._moved
        self._view.set_least_scores({label_id: score for label_id, score in least.items() if score > 0})

    def _follow(self, changes: Changes) -> None:
        if changes.are_settings_changed or changes.is_codebook_changed:
            self._show()

    def _store(self) -> None:
        if self._session is None or not self._moved or self._task is not None:
            return
        from storage.operations.settings import set_least_scores

        session, moved = self._session, dict(self._moved)
        task = Task(lambda _task: set_least_scores(session.project, moved), self)
        task.succeeded.connect(lambda changes: self._stored(task, session, moved, changes))
        task.failed.connect(self._give_up)
        task.finished.connect(lambda: self._ended(task))
        self._task = task
        task.start()

    def _stored(self, task: Task, session: Session, moved: Mapping[int, float], changes: Changes) -> None:
        """Let go of what is stored, but of what was moved on meanwhile."""
        if task is self._task:
            self._moved = {ident: score for ident, score in self._moved.items() if moved.get(ident) != score}
        session.announce(changes)

    def _give_up(self, sentence: str) -> None:
        """Go back to what the project holds."""
        self._moved = {}
        self._show()
        self.problem_met.emit(sentence)

    def _ended(self, task: Task) -> None:
        if task is self._task:
            self._task = None
            task.deleteLater()
            if self._moved:
                self._timer.start()

    def _sentence(self, scores: Mapping[int, float]) -> str:
        assert self._session is not None  # noqa: S101  (told only while a project is open)
        index, codebook = self._view.page.index, self._session.codebook
        here = [s for s in index.spans.values() if s.state is State.SUGGESTED and s.label_id in scores]
        staying = sum(not index.is_unlikely(span) for span in here)
        who = f"“{codebook.label(next(iter(scores))).name}”" if len(scores) == 1 else "Suggestions"
        least = set(scores.values())
        if least == {0.0}:
            what = "of every score are shown"
        else:
            what = (
                f"below {least.pop():.0%} are hidden"
                if len(least) == 1
                else "below the score of their label are hidden"
            )
        return f"{who} {what}: {staying:,} of {len(here):,} suggestions stay here."
