"""The key sheet (F1): every command with its keys, from the one table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gui.commands import COMMANDS, GROUPS, native_keys
from gui.widgets.keys import KeyCap
from gui.widgets.scrolled import scrolled
from gui.widgets.text import heading, plain_label, set_plain_tooltip

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QAction

#: Groups by column, so that the columns end at about the same height.
COLUMNS = (("Decide", "Label", "Suggest"), ("Move",), ("Project", "Edit", "View", "Help"))


def sheet_rows(group: str, actions: Mapping[str, QAction]) -> list[tuple[list[str], str, str]]:
    """Return (keys, text, help) of the commands of a group that have keys; the digits of labels as one row.

    A label command that answers to another key than its digit has a row of its own.
    """
    rows: list[tuple[list[str], str, str]] = []
    has_labels = False
    for command in COMMANDS:
        action = actions.get(command.id)
        if command.group != group or action is None:
            continue
        keys = native_keys(key.toString() for key in action.shortcuts())
        if command.id.startswith("label.") and tuple(keys) == command.keys:
            if not has_labels:
                rows.append((["1 … 9"], "Give a label", "Label the selected words, or the focused span anew."))
            has_labels = True
        elif keys:
            rows.append((keys[:1], action.text().replace("&&", "&").removesuffix(" …"), command.help))
    return rows


class KeySheet(QDialog):
    """Shows all keys in three columns; any key that closes a dialog closes it."""

    change_requested = Signal()

    def __init__(self, parent: QWidget | None, actions: Mapping[str, QAction]) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(1080, 700)
        body = QWidget()
        columns = QHBoxLayout(body)
        columns.setContentsMargins(24, 20, 24, 20)
        columns.setSpacing(40)
        named = {group for column in COLUMNS for group in column}
        rest = tuple(group for group in GROUPS if group not in named)
        for groups in (*COLUMNS[:-1], COLUMNS[-1] + rest):
            columns.addLayout(self._column(groups, actions), 1)
        area = scrolled(body)
        area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # the arrows scroll
        area.setAccessibleName("Keys")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(area)
        layout.addLayout(self._bottom())

    def _bottom(self) -> QHBoxLayout:
        self.change = QPushButton("Change keys …")
        self.change.setAutoDefault(False)
        self.change.clicked.connect(self._ask_to_change)
        bottom = QHBoxLayout()
        bottom.setContentsMargins(24, 8, 24, 12)
        bottom.addStretch()
        bottom.addWidget(self.change)
        return bottom

    def _ask_to_change(self) -> None:
        self.accept()
        self.change_requested.emit()

    def _column(self, groups: tuple[str, ...], actions: Mapping[str, QAction]) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(8)
        for group in groups:
            rows = sheet_rows(group, actions)
            if not rows:
                continue
            column.addWidget(heading(group))
            grid = QGridLayout()
            grid.setHorizontalSpacing(10)
            grid.setVerticalSpacing(5)
            grid.setColumnStretch(0, 1)
            for row, (keys, text, say) in enumerate(rows):
                label = plain_label(text)
                set_plain_tooltip(label, say)
                grid.addWidget(label, row, 0)
                grid.addWidget(KeyCap(keys[0]), row, 1, Qt.AlignmentFlag.AlignRight)
            column.addLayout(grid)
            column.addSpacing(12)
        column.addStretch()
        return column
