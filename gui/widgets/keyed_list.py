"""A list that is worked by single keys, with a menu of the same actions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, QItemSelection, QModelIndex, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAction, QContextMenuEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QListView, QMenu, QWidget

from gui.widgets.text import without_mnemonic

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


@dataclass(frozen=True, slots=True)
class ListAction:
    """Something to do with the rows chosen. `keys` are in Qt's notation, parted by blanks; the first is shown.

    `is_offered` tells whether it can be done now; one without text stands in no menu.
    """

    text: str
    keys: str
    run: Callable[[], object]
    is_offered: Callable[[], bool] = lambda: True


class KeyedList(QListView):
    """A list view of equal rows. `moved` tells that another row, or none, became the current one."""

    moved = Signal()
    left = Signal()
    passed_top = Signal()

    def __init__(self, name: str, model: QAbstractListModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions: tuple[ListAction, ...] = ()
        self._runs: dict[str, ListAction] = {}
        self.setAccessibleName(name)
        self.setModel(model)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.selectionModel().currentChanged.connect(lambda _current, _previous: self.moved.emit())

    def set_list_actions(self, actions: Sequence[ListAction]) -> None:
        """Offer these actions by key and in the menu, in their order."""
        self._actions = tuple(actions)
        self._runs = {QKeySequence(key).toString(): action for action in actions for key in action.keys.split()}

    @property
    def row(self) -> int | None:
        """The current row."""
        index = self.currentIndex()
        return index.row() if index.isValid() else None

    def chosen_rows(self) -> list[int]:
        """Return the rows selected, in their order."""
        return sorted(index.row() for index in self.selectionModel().selectedIndexes())

    def go_to(self, row: int | None) -> None:
        """Make a row the current one and bring it into sight."""
        if row is None:
            self.clearSelection()
            self.setCurrentIndex(QModelIndex())
        else:
            index = self.model().index(row, 0)
            self.setCurrentIndex(index)
            self.scrollTo(index)

    def enter(self) -> None:
        """Put the keyboard into the list, on a row."""
        if self.row is None and self.model().rowCount():
            self.go_to(0)
        self.setFocus(Qt.FocusReason.TabFocusReason)

    def menu(self) -> QMenu:
        """Return the menu of what can be done now."""
        menu = QMenu(self)
        for item in self._actions:
            if item.text and item.is_offered():
                key = QKeySequence(item.keys.split()[0]).toString(QKeySequence.SequenceFormat.NativeText)
                key = key.replace("Return", "Enter")
                action = QAction(f"{without_mnemonic(item.text)}\t{key}", menu)
                action.triggered.connect(lambda _is_checked=False, chosen=item: chosen.run())
                menu.addAction(action)
        return menu

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        """Repaint: the ground of rows tells which are chosen."""
        super().selectionChanged(selected, deselected)
        self.viewport().update()

    def keyboardSearch(self, _search: str) -> None:
        """Leave letters to the actions; the search line finds."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Run the action of a key; leave by Escape, upwards from the first row by Up."""
        action = self._runs.get(QKeySequence(event.keyCombination()).toString())
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif action is not None:
            if action.is_offered() and not event.isAutoRepeat():
                action.run()
        elif event.key() == Qt.Key.Key_Up and not event.modifiers() and self.row in {0, None}:
            self.passed_top.emit()
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Show the menu at the mouse, or at the current row by the menu key."""
        is_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        at = self.viewport().mapToGlobal(self._below_current()) if is_key else event.globalPos()
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(at)

    def minimumSizeHint(self) -> QSize:
        """Allow a narrow panel."""
        return QSize(120, 80)

    def _below_current(self) -> QPoint:
        return self.visualRect(self.currentIndex()).bottomLeft()
