"""Asks how an entry of the codebook that is in use shall go: what would happen, and whether its spans move."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QRadioButton, QWidget

from gui.widgets.choice import ChoiceBox
from gui.widgets.dialog_parts import dialog_column
from gui.widgets.text import plain_label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.records import LabelRecord


class RemovalDialog(QDialog):
    """`confirmed` carries the id of the label that the spans move to, or `None`. Shown by `open()`.

    Without `targets` nothing can move, and there is only the question.
    """

    confirmed = Signal(object)

    def __init__(
        self,
        parent: QWidget | None,
        title: str,
        consequences: str,
        targets: Sequence[LabelRecord] = (),
        spans: str = "",
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(460)
        self.consequences = plain_label(consequences, is_wrapped=True)
        self.move_spans = QRadioButton(f"Move {spans} to")
        self.delete_spans = QRadioButton(f"Delete {spans} with it")
        self.target = ChoiceBox("Label to move to")
        for label in targets:
            self.target.addItem(label.name, label.id)
        self.remove = QPushButton("Remove")
        self.remove.setAutoDefault(False)
        self.cancel = QPushButton("Keep it")
        self.cancel.setDefault(True)
        self._lay_out(title, has_targets=bool(targets))
        self.remove.clicked.connect(self._confirm)
        self.cancel.clicked.connect(self.reject)
        self.target.activated.connect(lambda: self.move_spans.setChecked(True))

    def _confirm(self) -> None:
        target: int | None = self.target.currentData() if self.move_spans.isChecked() else None
        self.accept()
        self.confirmed.emit(target)

    def _lay_out(self, title: str, *, has_targets: bool) -> None:
        move = QHBoxLayout()
        move.setSpacing(8)
        move.addWidget(self.move_spans)
        move.addWidget(self.target, 1)
        for widget in (self.move_spans, self.delete_spans, self.target):
            widget.setVisible(has_targets)
        (self.move_spans if has_targets else self.delete_spans).setChecked(True)
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.remove)
        layout = dialog_column(self, title)
        layout.addWidget(self.consequences)
        layout.addLayout(move)
        layout.addWidget(self.delete_spans)
        layout.addWidget(plain_label("Ctrl+Z brings everything back.", "muted"))
        layout.addStretch()
        layout.addLayout(buttons)
        (self.move_spans if has_targets else self.cancel).setFocus()
