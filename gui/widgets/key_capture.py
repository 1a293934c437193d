"""A field that takes the next key press, whatever it is, as the key for something."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QKeyCombination, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeySequence, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.theme import current_theme
from gui.widgets.paint import painting

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QKeyEvent, QPaintEvent

_MODIFIER_KEYS = frozenset(
    {
        Qt.Key.Key_Shift,
        Qt.Key.Key_Control,
        Qt.Key.Key_Alt,
        Qt.Key.Key_Meta,
        Qt.Key.Key_AltGr,
        Qt.Key.Key_CapsLock,
        Qt.Key.Key_NumLock,
        Qt.Key.Key_unknown,
    }
)


class KeyCapture(QWidget):
    """Waits for one key while it has the focus. Escape, or going elsewhere, leaves everything as it was."""

    key_pressed = Signal(str)  # in Qt's portable notation
    cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, on=False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def ask(self, text: str) -> None:
        """Show what the key is for and wait for it."""
        self._text = text
        self.setAccessibleName(text)
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.update()

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002, FBT001, ARG002  (Qt's signature)
        """Take Tab like any other key."""
        return False

    def event(self, event: QEvent) -> bool:
        """Take keys that are shortcuts elsewhere."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tell of a key that is more than a modifier."""
        key = Qt.Key(event.key())
        if key in _MODIFIER_KEYS:
            return
        if key == Qt.Key.Key_Escape and not event.modifiers():
            self.cancelled.emit()
            return
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if key == Qt.Key.Key_Backtab:
            key = Qt.Key.Key_Tab
        self.key_pressed.emit(QKeySequence(QKeyCombination(modifiers, key)).toString())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Stop waiting."""
        super().focusOutEvent(event)
        self.cancelled.emit()

    def sizeHint(self) -> QSize:
        """Ask for one line with room around it."""
        return QSize(200, round(self.fontMetrics().height() + 16))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the question in a frame that shows the focus."""
        theme = current_theme()
        painter = QPainter(self)
        with painting(painter):
            painter.setPen(QPen(QColor(theme.accent), 2))
            painter.setBrush(QColor(theme.page))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)
            painter.setPen(QColor(theme.ink))
            room = QRectF(self.rect()).adjusted(12, 0, -12, 0)
            text = self.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideRight, int(room.width()))
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()
