"""The lines of the codebook panel: one an entry, opened, moved and removed by key or menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QFontMetricsF, QPainter
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from gui.panels.codebook_data import detail_of, noun_of
from gui.theme import current_theme, scaled_font
from gui.widgets.paint import keycap_width, paint_focus_ring, paint_keycap, paint_swatch, painting
from gui.widgets.painted import PaintedButton
from gui.widgets.text import heading, on_one_line, plain_label, set_plain_tooltip
from storage.records import FieldRecord, LabelRecord

if TYPE_CHECKING:
    from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QPaintEvent

    from gui.panels.codebook_data import Entry, Section

_CAP_PX = 24.0
_SWATCH_PX = 15.0


class EntryRow(PaintedButton):
    """A line with key, sign, name and detail. A click, Enter or F2 opens it."""

    add_requested = Signal()
    remove_requested = Signal()
    move_requested = Signal(int)

    def __init__(self, entry: Entry) -> None:
        super().__init__()
        self.entry = entry
        self.can_move = isinstance(entry, LabelRecord | FieldRecord)
        set_plain_tooltip(self, entry.definition)
        key = f", key {entry.key}" if isinstance(entry, LabelRecord) and entry.key else ""
        self.setAccessibleName(", ".join(part for part in (entry.name, noun_of(entry), detail_of(entry)) if part) + key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open, add, remove, move."""
        key, modifiers = event.key(), event.modifiers()
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(key))
        if step is not None and modifiers & Qt.KeyboardModifier.AltModifier:
            if self.can_move:
                self.move_requested.emit(step)
        elif key == Qt.Key.Key_F2:
            self.click()
        elif key in {Qt.Key.Key_Plus, Qt.Key.Key_Insert}:
            self.add_requested.emit()
        elif key == Qt.Key.Key_Delete:
            self.remove_requested.emit()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer the same by a menu."""
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def menu(self) -> QMenu:
        """Return the menu of this entry."""
        menu = QMenu(self)
        menu.addAction(self._action(menu, "Change …\tEnter", self.click))
        menu.addAction(self._action(menu, f"New {noun_of(self.entry)} …\t+", self.add_requested.emit))
        if self.can_move:
            menu.addAction(self._action(menu, "Move up\tAlt+Up", lambda: self.move_requested.emit(-1)))
            menu.addAction(self._action(menu, "Move down\tAlt+Down", lambda: self.move_requested.emit(1)))
        menu.addSeparator()
        menu.addAction(self._action(menu, "Remove …\tDel", self.remove_requested.emit))
        return menu

    @staticmethod
    def _action(menu: QMenu, text: str, do: object) -> QAction:
        action = QAction(text, menu)
        action.triggered.connect(do)
        return action

    def sizeHint(self) -> QSize:
        """Ask for one line."""
        return QSize(200, round(self.fontMetrics().height() * 1.1 + 8))

    def minimumSizeHint(self) -> QSize:
        """Allow a narrow panel."""
        return QSize(110, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the line."""
        theme, rect = current_theme(), QRectF(self.rect())
        align = Qt.AlignmentFlag.AlignVCenter
        painter = QPainter(self)
        with painting(painter):
            if self.underMouse():
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(theme.hover))
                painter.drawRoundedRect(rect, 6, 6)
            left = self._paint_sign(painter, rect)
            detail = detail_of(self.entry)
            small = scaled_font(self.font(), 0.92)
            width = QFontMetricsF(small).horizontalAdvance(detail) + 8 if detail else 4
            painter.setFont(small)
            painter.setPen(QColor(theme.muted))
            painter.drawText(rect.adjusted(0, 0, -6, 0), align | Qt.AlignmentFlag.AlignRight, detail)
            painter.setFont(self.font())
            painter.setPen(QColor(theme.ink))
            room = rect.adjusted(left, 0, -width - 4, 0)
            name = on_one_line(self.entry.name)
            cut = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, int(room.width()))
            painter.drawText(room, align, cut)
            if self.hasFocus():
                paint_focus_ring(painter, rect, theme, 6)
        painter.end()

    def _paint_sign(self, painter: QPainter, rect: QRectF) -> float:
        """Paint key and sign of a label and return where the name begins."""
        label, theme = self.entry, current_theme()
        if not isinstance(label, LabelRecord):
            return 10.0
        if label.key:
            width = keycap_width(self.font(), label.key)
            cap = QRectF(6 + (_CAP_PX - width) / 2, 0, width, rect.height())
            paint_keycap(painter, cap, label.key, theme, self.font())
        swatch = QRectF(_CAP_PX + 13, 0, _SWATCH_PX, rect.height())
        paint_swatch(painter, swatch, label.kind, theme.label(label.colour))
        return swatch.right() + 9


class SectionRows(QWidget):
    """A section: heading with a button to add, and its lines."""

    add_requested = Signal(object)
    entry_requested = Signal(object)
    remove_requested = Signal(object)
    move_requested = Signal(object, int)

    def __init__(self, section: Section) -> None:
        super().__init__()
        self.rows = [self._row(entry, section) for entry in section.entries]
        self.add = QToolButton()
        self.add.setText("+")
        self.add.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.add.setAccessibleName(f"New {section.noun}")
        set_plain_tooltip(self.add, f"Add a {section.noun}" if section.noun[0] != "a" else f"Add an {section.noun}")
        self.add.clicked.connect(lambda: self.add_requested.emit(section.blank))
        title = heading(section.title)
        title.setContentsMargins(8, 0, 0, 0)
        top = QHBoxLayout()
        top.setContentsMargins(0, 0, 0, 0)
        top.addWidget(title, 1)
        top.addWidget(self.add)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 8)
        layout.setSpacing(0)
        layout.addLayout(top)
        for row in self.rows:
            layout.addWidget(row)
        if not self.rows:
            empty = plain_label(section.empty, "muted", is_wrapped=True)
            empty.setContentsMargins(10, 2, 8, 2)
            layout.addWidget(empty)

    def _row(self, entry: Entry, section: Section) -> EntryRow:
        row = EntryRow(entry)
        row.clicked.connect(lambda: self.entry_requested.emit(entry))
        row.add_requested.connect(lambda: self.add_requested.emit(section.blank))
        row.remove_requested.connect(lambda: self.remove_requested.emit(entry))
        row.move_requested.connect(lambda step: self.move_requested.emit(entry, step))
        return row
