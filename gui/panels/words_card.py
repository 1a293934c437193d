"""The card of words that belong to no actor yet: who may be called so, and what can be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gui.theme import scaled_font
from gui.widgets.keys import KeyButton
from gui.widgets.text import ElidedLabel, framed, plain_label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.registry_records import WordGroup


class WordsCard(QWidget):
    """Shows a group of mentions by their words."""

    decided = Signal()
    other_requested = Signal()
    create_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = ElidedLabel("")
        self._words.setFont(scaled_font(self.font(), 1.06, weight=self.font().Weight.DemiBold))
        self._text = plain_label("", "muted", is_wrapped=True)
        self.decide = KeyButton("Link", "↵", is_primary=True)
        self.other = KeyButton("Other", "A")
        self.create_new = KeyButton("New", "N")
        frame = framed("card", "Words of no actor")
        buttons = QHBoxLayout()
        buttons.setSpacing(6)
        for button in (self.decide, self.other, self.create_new):
            buttons.addWidget(button)
        buttons.addStretch()
        inner = QVBoxLayout(frame)
        inner.setContentsMargins(12, 9, 12, 9)
        inner.setSpacing(5)
        inner.addWidget(self._words)
        inner.addWidget(self._text)
        inner.addLayout(buttons)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(frame)
        self.decide.clicked.connect(lambda _is_checked=False: self.decided.emit())
        self.other.clicked.connect(lambda _is_checked=False: self.other_requested.emit())
        self.create_new.clicked.connect(lambda _is_checked=False: self.create_requested.emit())

    def show_words(self, group: WordGroup, names: Sequence[str]) -> None:
        """Show words and the names of the actors so called."""
        self._words.set_full_text(f"“{group.words}”")
        self._text.setText(f"{_says(group)} {_who(names)}")
        self.decide.set_label("Link" if len(names) == 1 else "Which?" if names else "Create")
        self.other.setVisible(len(names) < 2)
        self.create_new.setVisible(bool(names))


def _says(group: WordGroup) -> str:
    one = group.mentions == 1
    says = f"{group.mentions:,} mention{'' if one else 's'} say{'s' * one} this"
    return f"{says}, {group.undecided:,} undecided." if group.undecided else f"{says}."


def _who(names: Sequence[str]) -> str:
    if not names:
        return "No actor is called so."
    if len(names) == 1:
        return f"{names[0]} is called so."
    return f"{', '.join(names[:-1])} and {names[-1]} are called so."
