"""How likely a suggestion must be to be shown: a score for actors and one for claims, kept in the project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from storage.records import LabelKind, State

if TYPE_CHECKING:
    from gui.document.view import DocumentView
    from gui.session import Session

#: The setting of a project that holds the scores by kind.
SETTING = "threshold"

_STEP, _HIGHEST = 0.05, 0.95
_NAMES = {LabelKind.ACTOR: "Actors", LabelKind.CLAIM: "Claims"}


class Threshold(QObject):
    """Hides suggestions of a lower score: they are neither painted nor visited, and stay undecided.

    Cues go with claims. `told` says how many suggestions of the document stay.
    """

    told = Signal(str)

    def __init__(self, view: DocumentView, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self._session: Session | None = None
        self._least: dict[LabelKind, float] = {}

    def work_on(self, session: Session | None) -> None:
        """Take over what this project hides."""
        if session is not self._session:
            self._session = session
            self._least = _read(session.kept(SETTING)) if session is not None else {}
            self._show()

    def raise_by_a_step(self) -> None:
        """Hide more: suggestions of the focused one's kind, of all kinds where none is focused."""
        self._move(_STEP)

    def lower_by_a_step(self) -> None:
        """Show more again."""
        self._move(-_STEP)

    def clear(self) -> None:
        """Hide no suggestion for its score."""
        self._set(dict.fromkeys(_NAMES, 0.0))

    def _move(self, step: float) -> None:
        kinds = self._kinds()
        self._set({kind: min(max(round(self._least.get(kind, 0.0) + step, 2), 0.0), _HIGHEST) for kind in kinds})

    def _set(self, scores: dict[LabelKind, float]) -> None:
        if self._session is None:
            return
        self._least |= scores
        self._session.keep(SETTING, {kind.value: score for kind, score in self._least.items()})
        self._show()
        self.told.emit(" ".join(self._sentence(kind) for kind in scores))

    def _kinds(self) -> list[LabelKind]:
        span = self._view.focused_span
        if span is None or self._session is None:
            return list(_NAMES)
        return [_group(self._session.codebook.label(span.label_id).kind)]

    def _show(self) -> None:
        labels = self._session.codebook.labels if self._session is not None else ()
        least = {label.id: self._least.get(_group(label.kind), 0.0) for label in labels}
        self._view.set_least_scores({label_id: score for label_id, score in least.items() if score > 0})

    def _sentence(self, kind: LabelKind) -> str:
        assert self._session is not None  # noqa: S101  (told only while a project is open)
        index, codebook = self._view.page.index, self._session.codebook
        of_kind = [
            span
            for span in index.spans.values()
            if span.state is State.SUGGESTED and codebook.label(span.label_id).kind is kind
        ]
        staying = sum(index.is_shown(span) for span in of_kind)
        least = self._least[kind]
        what = f"below {least:.0%} are hidden" if least else "of every score are shown"
        return f"{_NAMES[kind]} {what}: {staying:,} of {len(of_kind):,} suggestions stay here."


def _group(kind: LabelKind) -> LabelKind:
    return LabelKind.CLAIM if kind is LabelKind.CUE else kind


def _read(kept: object) -> dict[LabelKind, float]:
    """Read what was kept in a project, which may come from a stranger."""
    if not isinstance(kept, dict):
        return {}
    scores = {kind: kept.get(kind.value) for kind in _NAMES}
    return {kind: score for kind, score in scores.items() if isinstance(score, float) and 0 <= score <= _HIGHEST}
