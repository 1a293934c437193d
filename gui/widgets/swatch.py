"""The sign of a label as a widget, and a row of them to choose a colour from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from gui.theme import current_theme
from gui.widgets.paint import paint_focus_ring, paint_swatch, painting
from gui.widgets.painted import PaintedButton
from gui.widgets.text import plain_tooltip
from storage.records import LabelKind

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QPaintEvent

SWATCH_PX = 15


class Swatch(QWidget):
    """The sign of a label. Decoration: the name beside it says the same."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind, self._colour = LabelKind.ACTOR, "grey"
        self.setFixedSize(SWATCH_PX, SWATCH_PX + 3)

    def show_label(self, kind: LabelKind, colour: str) -> None:
        """Show the sign of a label of this kind and colour."""
        self._kind, self._colour = kind, colour
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the sign."""
        theme = current_theme()
        painter = QPainter(self)
        paint_swatch(painter, QRectF(self.rect()), self._kind, theme.label(self._colour))
        painter.end()


class _ColourButton(PaintedButton):
    """One colour of the row."""

    def __init__(self, colour: str) -> None:
        super().__init__()
        self.colour = colour
        self.kind = LabelKind.ACTOR
        self.setCheckable(True)
        self.setAccessibleName(colour)
        self.setToolTip(plain_tooltip(colour))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the arrows to the group, which moves the choice."""
        if event.key() in {Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down}:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """Ask for a small square."""
        return QSize(26, 26)

    def minimumSizeHint(self) -> QSize:
        """Allow a narrow panel."""
        return QSize(20, 26)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the sign; a ring tells the choice."""
        theme, rect = current_theme(), QRectF(self.rect())
        painter = QPainter(self)
        with painting(painter):
            sign = QRectF(rect.center().x() - SWATCH_PX / 2, 0, SWATCH_PX, rect.height())
            paint_swatch(painter, sign, self.kind, theme.label(self.colour))
            if self.isChecked():
                paint_focus_ring(painter, rect, theme, 6, colour=theme.accent if self.hasFocus() else theme.edge)
        painter.end()


class ColourRow(QWidget):
    """One of the colours that labels can have; arrows move the choice, the name is told beside the field."""

    colour_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Colour")
        self._group = QButtonGroup(self)
        self.buttons = {colour: _ColourButton(colour) for colour in current_theme().labels}
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(1)
        for button in self.buttons.values():
            self._group.addButton(button)
            layout.addWidget(button)
            button.clicked.connect(lambda _is_checked=False, chosen=button.colour: self.colour_chosen.emit(chosen))

    @property
    def colour(self) -> str:
        """The colour chosen."""
        return next((colour for colour, button in self.buttons.items() if button.isChecked()), "grey")

    def show_colour(self, kind: LabelKind, colour: str) -> None:
        """Show the choice, as signs of labels of this kind."""
        for button in self.buttons.values():
            button.kind = kind
            button.update()
        self.buttons.get(colour, self.buttons["grey"]).setChecked(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the choice by the arrows."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        buttons = list(self.buttons.values())
        here = list(self.buttons).index(self.colour)
        chosen = buttons[(here + step) % len(buttons)]
        chosen.setFocus(Qt.FocusReason.OtherFocusReason)
        chosen.click()
