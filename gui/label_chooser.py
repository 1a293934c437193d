"""Choosing a label by its name: codebooks have more labels than there are digits."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from gui.document.view import DocumentView
    from gui.labelling import Labeller
    from gui.panels.picker import Picker
    from gui.session import Session
    from storage.records import LabelKind


class LabelChooser(QObject):
    """Asks with a list beside the text which label the selected words or the focused span get."""

    told = Signal(str)

    def __init__(self, window: QWidget, view: DocumentView, labeller: Labeller) -> None:
        super().__init__(window)
        self._window, self._view, self._labeller = window, view, labeller

    @cached_property
    def picker(self) -> Picker:
        """The list, made when it is first asked for."""
        from gui.panels.picker import Picker

        picker = Picker(self._window)
        picker.picked.connect(self._take)
        picker.cancelled.connect(self._view.setFocus)
        return picker

    def choose(self, session: Session | None) -> None:
        """Ask for a label; where it is the focused span that gets it, those of its kind come first."""
        from gui.panels.picker import PickerEntry, beside

        if session is None:
            return
        span, has_words = self._view.focused_span, bool(self._view.selection() or self._view.name_at_cursor())
        if span is None and not has_words:
            self.told.emit("Select words or focus a span first; then L chooses a label by its name.")
            return
        labels = session.codebook.labels
        kind = session.codebook.label(span.label_id).kind if span is not None and not has_words else None
        entries = [
            PickerEntry(label.id, label.name, _detail(label.kind, label.key), kind=label.kind, colour=label.colour)
            for label in sorted(labels, key=lambda label: label.kind != kind and kind is not None)
        ]
        self.picker.ask("Label", entries, beside(self._window, self._view))

    def _take(self, label_id: int) -> None:
        self._view.setFocus()
        self._labeller.apply_label(label_id)


def _detail(kind: LabelKind, key: str | None) -> str:
    return f"{kind.value} · {key}" if key else kind.value
