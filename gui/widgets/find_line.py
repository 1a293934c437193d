"""A line to find something in the list below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QKeyEvent


class FindLine(QLineEdit):
    """Tells of Down, Enter and Escape; where it is cleared by Escape first, only an empty line is left by it.

    `deserted` tells that the keyboard went elsewhere, in whichever way.
    """

    went_down = Signal()
    entered = Signal()
    left = Signal()
    deserted = Signal()

    def __init__(self, placeholder: str, name: str, *, is_cleared_first: bool = True) -> None:
        super().__init__()
        self._is_cleared_first = is_cleared_first
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(name)
        self.setClearButtonEnabled(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hand on the keys that lead out of the line."""
        key = event.key()
        if key == Qt.Key.Key_Down:
            self.went_down.emit()
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.entered.emit()
        elif key == Qt.Key.Key_Escape and self._is_cleared_first and self.text():
            self.clear()
        elif key == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell that the keyboard goes elsewhere."""
        super().focusOutEvent(event)
        self.deserted.emit()
