"""What the menus of the moment show: labels by the names of this project, commands that fit what is clicked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from gui.widgets.text import without_mnemonic

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QWidget

    from storage.records import Codebook

_ON_SPAN = ("span.accept", "span.reject", "link.speaker", "link.target", "mention.actor", "span.note", "span.discuss")
_ON_TEXT = ("edit.copy", "sentence.accept", "sentence.reject", "sentence.reviewed", "document.reviewed", "text.exclude")
_DIGITS = tuple(f"label.{digit}" for digit in range(1, 10))

#: What can be done without a project.
_ALWAYS = (
    "project.new",
    "project.open",
    "project.recent",
    "project.sample",
    "project.quit",
    "theme.",
    "font.",
    "help.",
    "keys.",
)


def enable_commands(actions: Mapping[str, QAction], codebook: Codebook | None) -> None:
    """Enable what can be done with this project's codebook, or without a project; name the digits' labels.

    What is a setting of the project shows how it is set.
    """
    for ident, action in actions.items():
        action.setEnabled(codebook is not None or ident.startswith(_ALWAYS))
    for ident in _DIGITS:
        digit = ident.rpartition(".")[2]
        label = codebook.by_key(digit) if codebook is not None else None
        actions[ident].setText(without_mnemonic(label.name) if label else f"Label {digit}")
        actions[ident].setEnabled(label is not None)
    actions["suggest.memory"].setChecked(codebook is not None and codebook.is_remembering)


def context_menu(parent: QWidget, actions: Mapping[str, QAction], *, on_span: bool, has_selection: bool) -> QMenu:
    """Return the menu for a span under the mouse, or for the text where there is none."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.addActions([actions[ident] for ident in (_ON_SPAN if on_span else _ON_TEXT)])
    if on_span or has_selection:
        menu.addSeparator()
        menu.addActions([actions[ident] for ident in _DIGITS if actions[ident].isEnabled()])
        menu.addAction(actions["label.choose"])
    return menu
