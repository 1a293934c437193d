"""Small buttons of panels: plain, held down, with a key of their own, with a list of orders."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from gui.widgets.text import set_plain_tooltip

Order = TypeVar("Order", bound=StrEnum)


def tool_button(text: str, say: str, *, name: str = "", role: str = "", is_checkable: bool = False) -> QToolButton:
    """Return a button that Tab reaches; `say` is its tooltip, `name` what a screen reader calls it if not its text."""
    button = QToolButton()
    button.setText(text)
    button.setCheckable(is_checkable)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    button.setAccessibleName(name or text)
    set_plain_tooltip(button, say)
    if role:
        button.setProperty("role", role)
    return button


def switch_button(owner: QWidget, text: str, say: str, key: str) -> QToolButton:
    """Return a button that stays down, also pressed by a key while the keyboard is in `owner`."""
    button = tool_button(text, f"{say} ({key})", name=say, is_checkable=True)
    shortcut = QShortcut(QKeySequence(key), owner, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
    shortcut.activated.connect(button.toggle)
    return button


class OrderButton(QToolButton):
    """Shows in which order a list is, and lets another one be chosen."""

    def __init__(self, name: str, orders: Mapping[Order, str], choose: Callable[[Order], object]) -> None:
        super().__init__()
        self._names = orders
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(name)
        set_plain_tooltip(self, name)
        menu = QMenu(self)
        group = QActionGroup(menu)
        for order, title in orders.items():
            action = QAction(title, group, checkable=True)
            action.setData(order)
            action.triggered.connect(lambda _is_checked=False, chosen=order: choose(chosen))
            menu.addAction(action)
        self.setMenu(menu)
        self.show_order(next(iter(orders)))

    def show_order(self, order: StrEnum) -> None:
        """Tell that the list is in this order."""
        for action in self.menu().actions():
            action.setChecked(action.data() == order)
            if action.isChecked():
                self.setText(f"{action.text()} ▾")
