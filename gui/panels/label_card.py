"""A card that tells what a label means, shown while labelling: of the focused span, or of the label pointed at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from gui.panels.codebook_data import KIND_NAMES
from gui.widgets.keys import KeyCap
from gui.widgets.swatch import Swatch
from gui.widgets.text import ElidedLabel, framed, plain_label

if TYPE_CHECKING:
    from storage.records import LabelRecord


class LabelCard(QWidget):
    """Sign, name, kind, key, definition and examples of one label; hidden while there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label: LabelRecord | None = None
        self._swatch = Swatch()
        self._name = ElidedLabel("", "strong")
        self._kind = plain_label("", "muted")
        self._cap = KeyCap("")
        self._definition = plain_label("", is_wrapped=True)
        self._examples = plain_label("", "muted", is_wrapped=True)
        card: QFrame = framed("card", "What the label means")
        top = QHBoxLayout()
        top.setSpacing(7)
        for widget in (self._swatch, self._name, self._kind):
            top.addWidget(widget)
        top.addStretch()
        top.addWidget(self._cap)
        inner = QVBoxLayout(card)
        inner.setContentsMargins(12, 9, 12, 10)
        inner.setSpacing(4)
        inner.addLayout(top)
        inner.addWidget(self._definition)
        inner.addWidget(self._examples)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 4, 12, 12)
        layout.addWidget(card)
        self.hide()

    def show_label(self, label: LabelRecord | None) -> None:
        """Tell about a label, or hide. Costs nothing while the label stays the same from span to span."""
        if label == self._label:
            return
        self._label = label
        self.setVisible(label is not None)
        if label is None:
            return
        self._swatch.show_label(label.kind, label.colour)
        self._name.set_full_text(label.name)
        self._kind.setText(KIND_NAMES[label.kind])
        self._cap.set_text(label.key or "")
        self._cap.setVisible(bool(label.key))
        self._definition.setText(label.definition or "The codebook does not define this label.")
        self._examples.setText(f"For example: {label.examples}")
        self._examples.setVisible(bool(label.examples))

    @property
    def told(self) -> str:
        """All words on the card."""
        words = (self._name.full_text, self._definition.text(), self._examples.text())
        return "\n".join(words) if not self.isHidden() else ""
