"""The words that are never suggested, each for one label, and the way to take that back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QWidget,
)

from gui.widgets.dialog_parts import dialog_column
from gui.widgets.keys import KeyButton
from gui.widgets.text import plain_label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gui.session import Session
    from storage.records import BlockedRecord, Changes, Codebook


class BlockedDialog(QDialog):
    """Lists blocked words, newest first. `unblock_requested` carries the ids of those to be suggested again."""

    unblock_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Words never suggested")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(460, 420)
        self.list = QListWidget()
        self.list.setProperty("role", "boxed")
        self.list.setAccessibleName("Words never suggested")
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self._say = plain_label("", "muted", is_wrapped=True)
        self.again = KeyButton("Suggest again", "Del")
        self.again.clicked.connect(self._unblock)
        shut = QPushButton("Close")
        shut.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        buttons.addWidget(self.again)
        buttons.addStretch()
        buttons.addWidget(shut)
        layout = dialog_column(self)
        layout.addWidget(self._say)
        layout.addWidget(self.list, 1)
        layout.addLayout(buttons)

    def show_words(self, records: Sequence[BlockedRecord], codebook: Codebook) -> None:
        """List these words."""
        names = {label.id: label.name for label in codebook.labels}
        self.list.clear()
        for record in records:
            item = QListWidgetItem(f"{record.words} — {names.get(record.label_id, 'a label that is gone')}")
            item.setData(Qt.ItemDataRole.UserRole, record.id)
            self.list.addItem(item)
        if records:
            self.list.setCurrentRow(0)
        self.again.setEnabled(bool(records))
        self._say.setText(
            "Taken back, they are suggested again at the next look (F5); what was rejected with them stays rejected."
            if records
            else "No words are blocked. X on a suggestion never suggests its words again."
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take back by Delete or Backspace."""
        if event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self._unblock()
        else:
            super().keyPressEvent(event)

    def _unblock(self) -> None:
        ids = [item.data(Qt.ItemDataRole.UserRole) for item in self.list.selectedItems()]
        if ids:
            self.unblock_requested.emit(ids)


def open_blocked(parent: QWidget, session: Session) -> BlockedDialog:
    """Show the blocked words of a project; they follow what is committed."""
    from storage.blocked import blocked_words
    from storage.operations.bulk import unblock_words

    dialog = BlockedDialog(parent)

    def refresh() -> None:
        dialog.show_words(session.ask(blocked_words) or [], session.codebook)

    def follow(changes: Changes) -> None:
        if changes.are_blocked_words_changed or changes.is_codebook_changed:
            refresh()

    dialog.unblock_requested.connect(lambda ids: session.do(unblock_words, ids))
    session.changed.connect(follow)
    dialog.finished.connect(lambda _result: session.changed.disconnect(follow))
    refresh()
    dialog.open()
    return dialog
