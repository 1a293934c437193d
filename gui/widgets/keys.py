"""Key caps, and buttons that show the key which does the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QWidget,
)

from gui.theme import current_theme, scaled_font
from gui.widgets.paint import (
    keycap_height,
    keycap_width,
    paint_cut,
    paint_focus_ring,
    paint_hover,
    paint_keycap,
    painting,
)
from gui.widgets.painted import PaintedButton
from gui.widgets.text import on_one_line, plain_tooltip

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QPaintEvent

GAP_PX = 7


class KeyCap(QWidget):
    """The picture of a key. Decoration: screen readers hear the key from the button it belongs to."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_text(text)

    def set_text(self, text: str) -> None:
        """Show another key."""
        self._text = text
        self.setAccessibleName(f"Key {text}")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Ask for the size of the cap."""
        return QSize(round(keycap_width(self.font(), self._text)), round(keycap_height(self.font()) + 2))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the cap."""
        painter = QPainter(self)
        paint_keycap(painter, QRectF(self.rect()), self._text, current_theme(), self.font())
        painter.end()


class KeyButton(QPushButton):
    """A push button with a key cap at its right."""

    def __init__(self, text: str, key: str, *, is_primary: bool = False) -> None:
        super().__init__(text)
        self._key = key
        self._is_primary = is_primary
        if is_primary:
            self.setProperty("role", "primary")
        self.setAccessibleName(f"{text} ({key})")
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Click by Enter as well as by the space bar."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        else:
            super().keyPressEvent(event)

    def set_label(self, text: str) -> None:
        """Rename the button."""
        self.setText(text)
        self.setAccessibleName(f"{text} ({self._key})")
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Ask for room for text and cap."""
        hint = super().sizeHint()
        return QSize(hint.width() + GAP_PX + round(keycap_width(self.font(), self._key)) - 8, hint.height())

    def minimumSizeHint(self) -> QSize:
        """Give up the margins, but neither text nor key."""
        cap_width = round(keycap_width(self.font(), self._key))
        text_width = self.fontMetrics().horizontalAdvance(self.text())
        return QSize(text_width + GAP_PX + cap_width + 12, super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the button as the style has it, then text and cap side by side."""
        painter = QStylePainter(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        theme = current_theme()
        text_width = self.fontMetrics().horizontalAdvance(self.text())
        cap_width = keycap_width(self.font(), self._key)
        left = (self.width() - text_width - GAP_PX - cap_width) / 2
        is_on_accent = self._is_primary and self.isEnabled()
        painter.setPen(QColor(theme.page if is_on_accent else theme.ink if self.isEnabled() else theme.muted))
        painter.drawText(QRectF(left, 0, text_width + 1, self.height()), Qt.AlignmentFlag.AlignVCenter, self.text())
        cap = QRectF(left + text_width + GAP_PX, 0, cap_width, self.height())
        paint_keycap(painter, cap, self._key, theme, self.font(), is_on_accent=is_on_accent)
        painter.end()


class RowButton(PaintedButton):
    """A line "name, value, key" that does something when clicked or entered."""

    NAME_PX = 84

    def __init__(self, name: str, key: str, placeholder: str = "") -> None:
        super().__init__()
        self._name = name
        self._key = key
        self._value = ""
        self._placeholder = placeholder
        self.set_value("")

    @property
    def value(self) -> str:
        """What is shown at the right of the name."""
        return self._value

    def set_value(self, value: str) -> None:
        """Show a value; an empty one shows what could stand here."""
        self._value = on_one_line(value)
        self.setAccessibleName(f"{self._name}: {self._value or self._placeholder} ({self._key})")
        self.setToolTip(plain_tooltip(self._value))
        self.update()

    def sizeHint(self) -> QSize:
        """Ask for one line."""
        return QSize(200, round(self.fontMetrics().height() * 1.15 + 10))

    def minimumSizeHint(self) -> QSize:
        """Allow a narrow panel."""
        return QSize(self.NAME_PX + 60, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint name, value and key."""
        theme = current_theme()
        rect = QRectF(self.rect())
        painter = QPainter(self)
        with painting(painter):
            if self.underMouse():
                paint_hover(painter, rect, theme)
            align = Qt.AlignmentFlag.AlignVCenter
            painter.setPen(QColor(theme.muted))
            painter.drawText(rect.adjusted(4, 0, 0, 0), align, self._name)
            cap_width = keycap_width(self.font(), self._key)
            room = QRectF(self.NAME_PX, 0, rect.width() - self.NAME_PX - cap_width - 10, rect.height())
            if self._value:
                painter.setFont(scaled_font(self.font(), 1, weight=self.font().Weight.DemiBold))
            ink = theme.ink if self._value else theme.muted
            paint_cut(painter, room, self._value or self._placeholder, ink)
            cap = QRectF(rect.right() - cap_width - 2, 0, cap_width, rect.height())
            paint_keycap(painter, cap, self._key, theme, self.font())
            if self.hasFocus():
                paint_focus_ring(painter, rect, theme, 5)
        painter.end()
