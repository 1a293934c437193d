"""The backups of a project: when, why, what is in them, what differs from the present; and putting one back."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from gui.widgets.dialog_parts import dialog_column
from gui.widgets.text import plain_label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.backup import Backup
    from storage.restore import Contents, Difference

_COLUMNS = ("When", "Made", "Documents", "Decisions", "Last change", "Size")
_UNREAD = "…"


class BackupsDialog(QDialog):
    """Lists backups, newest first, and tells of the chosen one what differs from the present. Shown by `open()`.

    `chosen` carries the backup whose difference is to be told, `backup_requested` asks for a new one, and
    `restore_requested` carries the backup to put back, after the question whether to.
    """

    chosen = Signal(object)
    backup_requested = Signal()
    restore_requested = Signal(object)

    def __init__(self, parent: QWidget | None, name: str, *, can_back_up: bool) -> None:
        super().__init__(parent)
        self.setWindowTitle("Backups")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(820, 520)
        self._backups: list[Backup] = []
        self.say = plain_label("", "muted", is_wrapped=True)
        self.table = _table()
        self.differs = plain_label("", is_wrapped=True)
        self.differs.setMinimumHeight(3 * QFontMetrics(self.font()).lineSpacing())
        self.differs.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.make = QPushButton("Back up now")
        self.make.setAutoDefault(False)
        self.make.setVisible(can_back_up)
        self.restore = QPushButton("Restore this one …")
        self.restore.setDefault(True)
        self.shut = QPushButton("Close")
        self.shut.setAutoDefault(False)
        self._lay_out(name)
        self.table.currentCellChanged.connect(lambda row, *_: self._choose(row))
        self.make.clicked.connect(lambda _is_checked=False: self.backup_requested.emit())
        self.restore.clicked.connect(self._ask)
        self.shut.clicked.connect(self.reject)
        self.table.setFocus()

    @property
    def current(self) -> Backup | None:
        """The backup chosen."""
        row = self.table.currentRow()
        return self._backups[row] if 0 <= row < len(self._backups) else None

    def set_backups(self, backups: Sequence[Backup]) -> None:
        """List these, the newest chosen; what they hold is told later."""
        from storage.backup import REASONS

        self._backups = list(backups)
        self.table.setRowCount(len(backups))
        for row, backup in enumerate(backups):
            cells = (_when(backup.at), REASONS[backup.reason], _UNREAD, _UNREAD, _UNREAD, _size(backup.size))
            for column, text in enumerate(cells):
                self.table.setItem(row, column, _cell(text, is_number=column in {2, 3, 5}))
        self.restore.setEnabled(bool(backups))
        self.differs.setText("")
        self.say.setText(
            "Each is a whole project of its own, checked when it was made. Restoring keeps the present as another one."
            if backups
            else "There is no backup yet. One is made a moment after a project is opened and every few minutes of work."
        )
        if backups:
            self.table.setCurrentCell(0, 0)
            self._choose(0)

    def show_contents(self, contents: Sequence[Contents | None]) -> None:
        """Tell what the backups hold, in their order; `None` for one that cannot be read."""
        for row, found in enumerate(contents[: len(self._backups)]):
            texts = ["cannot be read", "", ""]
            if found is not None:
                texts = [f"{found.documents:,}", f"{found.decisions:,}", _moment(found.last_change)]
            for column, text in enumerate(texts, 2):
                self.table.setItem(row, column, _cell(text, is_number=column < 4))

    def show_difference(self, backup: Backup, found: Difference | None) -> None:
        """Tell what differs between a backup and the present, if it is still the one chosen."""
        if backup == self.current:
            self.differs.setText(difference_told(found))

    def _choose(self, row: int) -> None:
        if 0 <= row < len(self._backups):
            self.differs.setText("Comparing with the present …")
            self.chosen.emit(self._backups[row])

    def _ask(self) -> None:
        from gui.dialogs.message import MessageDialog

        backup = self.current
        if backup is None:
            return
        question = MessageDialog(
            self,
            f"Go back to {_when(backup.at)}?",
            "The project becomes what it was then. What is there now is kept as a backup first, so this can be taken "
            "back by restoring that one.",
        )
        question.main_button.setText("Restore")
        keep = question.add_button("Leave it")
        keep.clicked.connect(question.reject)
        question.accepted.connect(lambda: self._finish(backup))
        question.open()

    def _finish(self, backup: Backup) -> None:
        self.accept()
        self.restore_requested.emit(backup)

    def _lay_out(self, name: str) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self.make)
        buttons.addStretch()
        buttons.addWidget(self.shut)
        buttons.addWidget(self.restore)
        layout = dialog_column(self, f"Backups of {name}")
        layout.addWidget(self.say)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.differs)
        layout.addLayout(buttons)


def difference_told(found: Difference | None) -> str:
    """Return what restoring would take away and bring back, in a few sentences."""
    if found is None:
        return "The present state cannot be read, so nothing can be compared. It is set aside as it is."
    if not any((found.documents_added, found.documents_lost, found.decisions_added, found.decisions_lost)):
        return "It holds the same documents and decisions as the present."
    lines = []
    if found.documents_added or found.decisions_added:
        lines.append("Restoring takes away what came since: " + _counts(found.documents_added, found.decisions_added))
    if found.documents_lost or found.decisions_lost:
        lines.append("Restoring brings back what is gone: " + _counts(found.documents_lost, found.decisions_lost))
    titles = [*(f"− {title}" for title in found.titles_added), *(f"+ {title}" for title in found.titles_lost)]
    if titles:
        more = found.documents_added + found.documents_lost - 3
        lines.append(" · ".join(titles[:3]) + (f" · and {more:,} more" if more > 0 else ""))
    return "\n".join(lines)


def _counts(documents: int, decisions: int) -> str:
    parts = [
        f"{count:,} {noun}{'s' * (count != 1)}" for count, noun in ((documents, "document"), (decisions, "decision"))
    ]
    return " and ".join(part for part, count in zip(parts, (documents, decisions), strict=True) if count) + "."


def _table() -> QTableWidget:
    table = QTableWidget(0, len(_COLUMNS))
    table.setProperty("role", "boxed")
    table.setAccessibleName("Backups")
    table.setHorizontalHeaderLabels(list(_COLUMNS))
    table.verticalHeader().hide()
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    header = table.horizontalHeader()
    header.setHighlightSections(False)
    header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
    for column in (2, 3, 5):
        _align_right(table.horizontalHeaderItem(column))
    for column in (0, 1, 4):
        item = table.horizontalHeaderItem(column)
        if item is not None:
            item.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return table


def _cell(text: str, *, is_number: bool) -> QTableWidgetItem:
    item = QTableWidgetItem(text)
    if is_number:
        _align_right(item)
    return item


def _align_right(item: QTableWidgetItem | None) -> None:
    if item is not None:
        item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


def _when(at: datetime) -> str:
    local = at.astimezone()
    return f"{local.day} {local:%b %Y, %H:%M:%S}"


def _moment(stamp: str) -> str:
    try:
        return _when(datetime.fromisoformat(stamp))
    except ValueError:  # never changed
        return "—"


def _size(count: int) -> str:
    return f"{count / (1 << 20):,.1f} MB"
