"""The bar to find words or a pattern in the document. Asks and shows; searching is the view's."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QToolButton, QWidget

from gui.widgets.text import ElidedLabel, plain_label, set_invalid
from gui.widgets.tool_buttons import switch_button, tool_button


@dataclass(frozen=True, slots=True)
class FindQuery:
    """What to look for, and how. An empty text looks for nothing."""

    text: str
    is_regex: bool = False
    is_whole_words: bool = False
    is_case_sensitive: bool = False


class FindBar(QFrame):
    """One line: words, three switches, "3 of 17", back and on. Enter goes on, Escape closes."""

    query_changed = Signal(object)
    next_requested = Signal()
    previous_requested = Signal()
    list_requested = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "bar")
        self.line = QLineEdit()
        self.line.setPlaceholderText("Find in this document")
        self.line.setAccessibleName("Find in this document")
        self.line.setMinimumWidth(180)
        self.case = switch_button(self, "Aa", "Upper and lower case matter", "Alt+C")
        self.words = switch_button(self, "Words", "Whole words only", "Alt+W")
        self.regex = switch_button(self, ".*", "The text is a pattern (regular expression)", "Alt+R")
        for switch in (self.case, self.words, self.regex):
            switch.toggled.connect(self._tell)
        self._count = plain_label("", "muted")
        self._error = ElidedLabel("", "warning")
        self.previous = self._button("↑", "Previous hit (Shift+Enter)", self.previous_requested)
        self.next = self._button("↓", "Next hit (Enter)", self.next_requested)
        self.list_all = self._button("List", "List all hits, to label them (Alt+L)", self.list_requested)
        listing = QShortcut(QKeySequence("Alt+L"), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        listing.activated.connect(self.list_all.click)
        self.shut = self._button("✕", "Close (Esc)", self.closed)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 6, 10, 6)
        layout.setSpacing(5)
        layout.addWidget(self.line, 2)
        for widget in (self.case, self.words, self.regex):
            layout.addWidget(widget)
        layout.addSpacing(8)
        layout.addWidget(self._count)
        layout.addWidget(self._error, 3)
        for button in (self.previous, self.next, self.list_all, self.shut):
            layout.addWidget(button)
        self.line.textChanged.connect(self._tell)
        self.show_matches(0, 0)

    def open(self, text: str = "") -> None:
        """Show the bar and put the keyboard into it; `text` (the selection) replaces what was looked for."""
        self.show()
        if text:
            self.line.setText(text)
        self.line.selectAll()
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def query(self) -> FindQuery:
        """Return what is looked for."""
        return FindQuery(self.line.text(), self.regex.isChecked(), self.words.isChecked(), self.case.isChecked())

    def show_matches(self, current: int, total: int) -> None:
        """Show that the view is at hit `current` (from 1; 0 is none) of `total`."""
        set_invalid(self.line, is_invalid=False)
        self._error.set_full_text("")
        if not self.line.text():
            self._count.setText("")
        elif total:
            self._count.setText(f"{current:,} of {total:,}" if current else f"{total:,} hits")
        else:
            self._count.setText("not found")
        for button in (self.previous, self.next, self.list_all):
            button.setEnabled(total > 0)

    def show_error(self, text: str) -> None:
        """Show what is wrong with the pattern."""
        set_invalid(self.line, is_invalid=True)
        self._count.setText("")
        self._error.set_full_text(text)
        for button in (self.previous, self.next, self.list_all):
            button.setEnabled(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go on by Enter, back by Shift+Enter, close by Escape."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            is_back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            (self.previous if is_back else self.next).click()
        elif event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def _button(self, text: str, say: str, told: SignalInstance) -> QToolButton:
        button = tool_button(text, say, name=say)
        button.clicked.connect(lambda _is_checked=False: told.emit())
        return button

    def _tell(self) -> None:
        self.query_changed.emit(self.query())
