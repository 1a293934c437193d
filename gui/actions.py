"""The commands of the table as actions: with keys, tied to what they do, in the menus of the menu bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence

from gui.commands import BLOCKS, COMMAND_BY_ID, COMMANDS, SUBMENUS, Command, Scope, default_keys, key_conflicts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from PySide6.QtWidgets import QMenu, QMenuBar, QWidget


def build_actions(
    window: QWidget,
    view: QWidget,
    handlers: Mapping[str, Callable[[], object]],
    *,
    keys: Mapping[str, Sequence[str]] | None = None,
) -> dict[str, QAction]:
    """Make the actions of all commands that have a handler, and add them to the window or to the view.

    The handler of a toggle or a choice reads its action's `isChecked()`. `keys` overrides the default keys.

    Raises:
        KeyError: a handler's id is not in the table.
        ValueError: two commands would answer to one key.
    """
    in_force = default_keys() | {ident: tuple(own) for ident, own in (keys or {}).items()}
    if unknown := handlers.keys() - COMMAND_BY_ID.keys():
        raise KeyError(min(unknown))
    if conflicts := key_conflicts(in_force):
        raise ValueError(f"Two commands for one key: {conflicts[0]}.")
    actions: dict[str, QAction] = {}
    choices: dict[str, QActionGroup] = {}
    for command in COMMANDS:
        if command.id not in handlers:
            continue
        owner = view if command.scope is Scope.VIEW else window
        action = _build_action(command, owner, in_force[command.id], handlers[command.id])
        actions[command.id] = action
        if command.choice:
            if command.choice not in choices:
                choices[command.choice] = QActionGroup(window)
            choices[command.choice].addAction(action)
    return actions


def _build_action(command: Command, owner: QWidget, keys: Sequence[str], handler: Callable[[], object]) -> QAction:
    action = QAction(command.text, owner)
    action.setObjectName(command.id)
    action.setShortcuts([QKeySequence(key) for key in keys])
    is_view = command.scope is Scope.VIEW
    context = Qt.ShortcutContext.WidgetShortcut if is_view else Qt.ShortcutContext.WindowShortcut
    action.setShortcutContext(context)
    action.setAutoRepeat(command.is_repeated)
    action.setCheckable(command.is_toggle or bool(command.choice))
    action.setStatusTip(command.help)
    action.setToolTip(command.help)
    action.setMenuRole(QAction.MenuRole.NoRole)
    action.triggered.connect(lambda _is_checked=False: handler())
    owner.addAction(action)
    return action


def build_menus(menu_bar: QMenuBar, actions: Mapping[str, QAction]) -> dict[str, QMenu]:
    """Fill a menu bar from the table: one menu a group, with a line between its blocks; long blocks are submenus."""
    menus: dict[str, QMenu] = {}
    for block in BLOCKS:
        members = [actions[command.id] for command in block if command.id in actions]
        if not members:
            continue
        group, title = block[0].group, SUBMENUS.get(block[0].id)
        menu = menus.get(group)
        if menu is None:
            menu = menus[group] = menu_bar.addMenu(f"&{group}")
        elif title is None:
            menu.addSeparator()
        (menu if title is None else menu.addMenu(title)).addActions(members)
    return menus
