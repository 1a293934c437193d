"""The panel that finds words in all documents and lists the hits, to be labelled or rejected many at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QProgressBar, QToolButton, QVBoxLayout, QWidget

from gui.panels.find import FindQuery
from gui.timers import single_shot
from gui.widgets.concordance import ConcordanceList
from gui.widgets.find_line import FindLine
from gui.widgets.keys import KeyButton
from gui.widgets.text import heading, plain_label, set_invalid, set_plain_tooltip, set_role, without_mnemonic
from gui.widgets.tool_buttons import switch_button

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.records import Codebook
    from storage.search import Found, Hit

#: Typing is waited for this long before it is looked for.
TYPING_MS = 220


class SearchPanel(QWidget):
    """Words, switches, hits. `search_requested` carries a `FindQuery` and whether only this document is meant.

    `label_requested` carries a label id and the hits chosen, `take_away_requested` the hits; `key_pressed` a digit.
    """

    search_requested = Signal(object, bool)
    stop_requested = Signal()
    hit_requested = Signal(object)
    label_requested = Signal(int, object)
    key_pressed = Signal(str)
    take_away_requested = Signal(object)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = FindLine("Words, “a phrase”, begin*, AND OR NOT", "Find in all documents", is_cleared_first=False)
        self.case = switch_button(self, "Aa", "Case and accents matter", "Alt+C")
        self.regex = switch_button(self, ".*", "The text is a pattern (regular expression)", "Alt+R")
        self.here = switch_button(self, "This document", "Only in the document on screen", "Alt+D")
        for switch in (self.case, self.regex, self.here):
            switch.toggled.connect(self._ask)
        self.list = ConcordanceList("Hits")
        self.label_button = self._build_label_button()
        self.reject = KeyButton("Reject", "⌫")
        set_plain_tooltip(self.reject, "Reject the chosen hits that are undecided suggestions (Backspace)")
        self._told = plain_label("", "muted", is_wrapped=True)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._stop = QToolButton()
        self._stop.setText("Stop")
        self._stop.setAccessibleName("Stop the search")
        self._typing = single_shot(self, TYPING_MS, self._ask)
        self._lay_out()
        self._connect()
        self.show_work(is_busy=False)
        self._show_choice()

    def open(self, words: str = "") -> None:
        """Put the keyboard into the line; `words` (the selection) replace what was looked for."""
        if words:
            self.line.setText(f'"{words}"' if " " in words else words)
            self._ask()
        self.line.selectAll()
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def query(self) -> FindQuery:
        """Return what is looked for."""
        return FindQuery(self.line.text(), is_regex=self.regex.isChecked(), is_case_sensitive=self.case.isChecked())

    def set_codebook(self, codebook: Codebook) -> None:
        """Offer these labels."""
        self.list.hits.set_codebook(codebook)
        menu = QMenu(self.label_button)
        for label in codebook.labels:
            key = f"\t{label.key}" if label.key else ""
            action = menu.addAction(without_mnemonic(label.name) + key)
            action.triggered.connect(lambda _checked=False, ident=label.id: self._label(ident))
        former = self.label_button.menu()
        self.label_button.setMenu(menu)
        if former is not None:
            former.deleteLater()

    def show_found(self, found: Found) -> None:
        """List the hits of a search, and say how many there are and whether these are all."""
        set_invalid(self.line, is_invalid=False)
        self.list.show_hits(found.hits)
        self._say(_summary(found) if self.line.text().strip() or found.hits else "")
        self._show_choice()

    def show_marks(self, hits: Sequence[Hit]) -> None:
        """Show what stands on the listed hits now."""
        self.list.hits.replace(hits)

    def show_problem(self, sentence: str) -> None:
        """Say why nothing could be looked for."""
        set_invalid(self.line, is_invalid=True)
        self.list.show_hits(())
        self._say(sentence, is_warning=True)
        self._show_choice()

    def show_work(self, *, is_busy: bool, done: int = 0, total: int = 0) -> None:
        """Show how far the search is, once it takes long enough to tell."""
        self._bar.setVisible(is_busy and total > 0)
        self._stop.setVisible(is_busy and total > 0)
        self._bar.setRange(0, max(total, 1))
        self._bar.setValue(done)

    def _lay_out(self) -> None:
        switches = QHBoxLayout()
        switches.setSpacing(4)
        for button in (self.case, self.regex, self.here):
            switches.addWidget(button)
        switches.addStretch()
        work = QHBoxLayout()
        work.addWidget(self._bar, 1)
        work.addWidget(self._stop)
        actions = QHBoxLayout()
        actions.setSpacing(6)
        actions.addWidget(self.label_button)
        actions.addWidget(self.reject)
        actions.addStretch()
        self._hint = plain_label("Space chooses, Ctrl+A all, 1 – 9 labels, Enter opens", "small", is_wrapped=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 8, 10)
        layout.setSpacing(7)
        layout.addWidget(heading("Find in the project"))
        layout.addWidget(self.line)
        layout.addLayout(switches)
        layout.addWidget(self._told)
        layout.addLayout(work)
        layout.addWidget(self.list, 1)
        layout.addLayout(actions)
        layout.addWidget(self._hint)

    def _connect(self) -> None:
        self.line.textChanged.connect(self._typing.start)
        self.line.entered.connect(self._enter_line)
        self.line.went_down.connect(self.list.setFocus)
        self.line.left.connect(self.left)
        self._stop.clicked.connect(self.stop_requested)
        self.reject.clicked.connect(self._take_away)
        self.list.entered_row.connect(self._request)
        self.list.row_clicked.connect(self._request)
        self.list.key_pressed.connect(self.key_pressed)
        self.list.take_away_pressed.connect(self._take_away)
        self.list.left.connect(self.left)
        self.list.hits.ticks_changed.connect(self._show_choice)

    def _build_label_button(self) -> QToolButton:
        button = QToolButton()
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setText("Label …")
        return button

    def _enter_line(self) -> None:
        """Look at once; when the hits are there already, go to them."""
        if self._typing.isActive():
            self._ask()
        elif self.list.hits.rowCount():
            self.list.setFocus(Qt.FocusReason.TabFocusReason)

    def _ask(self) -> None:
        self._typing.stop()
        self.search_requested.emit(self.query(), self.here.isChecked())

    def _request(self, row: int) -> None:
        if row >= 0:
            self.hit_requested.emit(self.list.hits.hits[row])

    def _label(self, label_id: int) -> None:
        if self.list.chosen:
            self.label_requested.emit(label_id, self.list.chosen)

    def _take_away(self) -> None:
        if self.list.chosen:
            self.take_away_requested.emit(self.list.chosen)

    def _show_choice(self) -> None:
        count, has_hits = len(self.list.hits.ticked), bool(self.list.hits.rowCount())
        self.label_button.setText(f"Label {count:,} …" if count else "Label …")
        self.label_button.setAccessibleName(f"Label {count:,} chosen hits" if count else "Label the current hit")
        self.reject.set_label(f"Reject {count:,}" if count else "Reject")
        for widget in (self.label_button, self.reject):
            widget.setEnabled(has_hits)
        self._hint.setVisible(has_hits)

    def _say(self, text: str, *, is_warning: bool = False) -> None:
        set_role(self._told, "warning" if is_warning else "muted")
        self._told.setText(text)
        self._told.setVisible(bool(text))


def _summary(found: Found) -> str:
    if not found.hits:
        return "Stopped before anything was found." if found.is_stopped else "Nothing found."
    hits = f"{len(found.hits):,} hit{'s' * (len(found.hits) != 1)}"
    where = f"in {found.documents:,} document{'s' * (found.documents != 1)}"
    if found.is_capped:
        return f"The first {hits} {where}; there may be more."
    return f"{hits} {where}, as far as it got." if found.is_stopped else f"{hits} {where}."
