"""The lines of the codebook panel: one an entry, opened, moved and removed by key or menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from gui.panels.codebook_data import detail_of, noun_of
from gui.theme import scaled_font
from gui.widgets.label_line import LabelLine
from gui.widgets.text import heading, plain_label, set_plain_tooltip
from gui.widgets.tool_buttons import tool_button
from storage.records import FieldRecord, LabelRecord

if TYPE_CHECKING:
    from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QPaintEvent

    from gui.panels.codebook_data import Entry, Section

_CAP_PX = 24.0
_SWATCH_PX = 15.0


class EntryRow(LabelLine):
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

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the line."""
        label = self.entry if isinstance(self.entry, LabelRecord) else None
        self.paint_line(label, self.entry.name, detail_of(self.entry), right_font=scaled_font(self.font(), 0.92))


class SectionRows(QWidget):
    """A section: heading with a button to add, and its lines."""

    add_requested = Signal(object)
    entry_requested = Signal(object)
    remove_requested = Signal(object)
    move_requested = Signal(object, int)

    def __init__(self, section: Section) -> None:
        super().__init__()
        self.rows = [self._row(entry, section) for entry in section.entries]
        article = "an" if section.noun.startswith("a") else "a"
        self.add = tool_button("+", f"Add {article} {section.noun}", name=f"New {section.noun}")
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
