"""Changing keys: every command with its keys, found by typing; conflicts are refused with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QPushButton,
    QStackedLayout,
    QWidget,
)

from gui.commands import COMMANDS, native_keys
from gui.keymap import name_of, with_keypad
from gui.widgets.dialog_parts import dialog_column
from gui.widgets.finder import FinderDelegate, FinderEntry, FinderModel
from gui.widgets.fuzzy import best, fold
from gui.widgets.key_capture import KeyCapture
from gui.widgets.text import framed, plain_label, set_role

if TYPE_CHECKING:
    from gui.keymap import Keymap

_HINT = "Enter changes the key, + adds another one, Delete takes all away, Backspace brings the default back."


class _CommandList(QListView):
    """The list of commands; its keys do what the buttons below it do."""

    def __init__(self, model: FinderModel, editor: KeysEditor) -> None:
        super().__init__()
        self._editor = editor
        self.setModel(model)
        self.setItemDelegate(FinderDelegate(model, self))
        self.setUniformItemSizes(True)
        self.setAccessibleName("Commands")
        self.setProperty("role", "boxed")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Change, add, take away, reset."""
        does = {
            Qt.Key.Key_Return: self._editor.change,
            Qt.Key.Key_Enter: self._editor.change,
            Qt.Key.Key_Plus: self._editor.add,
            Qt.Key.Key_Delete: self._editor.clear,
            Qt.Key.Key_Backspace: self._editor.reset,
        }.get(Qt.Key(event.key()))
        if does is None:
            super().keyPressEvent(event)
        else:
            does()


class KeysEditor(QDialog):
    """Shows the keys in force and changes them at once; shown by `open()`."""

    def __init__(self, parent: QWidget | None, keymap: Keymap) -> None:
        super().__init__(parent)
        self._keymap = keymap
        self._asked = ""
        self._is_adding = False
        self.setWindowTitle("Change keys")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(620, 640)
        self.filter = QLineEdit()
        self.filter.setPlaceholderText("Find a command or a key")
        self.filter.setAccessibleName("Find a command or a key")
        self.model = FinderModel(self)
        self.list = _CommandList(self.model, self)
        self.capture = KeyCapture()
        self.message = plain_label(_HINT, "muted", is_wrapped=True)
        self._buttons = [
            self._button("Change key", self.change),
            self._button("Add a key", self.add),
            self._button("No key", self.clear),
            self._button("Default", self.reset),
        ]
        self._lay_out()
        self.filter.textChanged.connect(self._fill)
        self.list.doubleClicked.connect(self.change)
        self.capture.key_pressed.connect(self._take)
        self.capture.cancelled.connect(self._leave)
        self._keymap.changed.connect(self._refresh)
        self._fill()
        self.filter.setFocus()

    @property
    def command(self) -> str | None:
        """The id of the command under the choice."""
        index = self.list.currentIndex()
        return str(self.model.entry(index.row()).payload) if index.isValid() else None

    def choose(self, ident: str) -> None:
        """Put the choice on a command, if it is listed."""
        for row in range(self.model.rowCount()):
            if self.model.entry(row).payload == ident:
                self.list.setCurrentIndex(self.model.index(row))

    def change(self) -> None:
        """Ask for the key that the command shall have instead of its present ones."""
        self._ask(is_adding=False)

    def add(self) -> None:
        """Ask for a further key."""
        self._ask(is_adding=True)

    def clear(self) -> None:
        """Take all keys of the command away; menus and the palette still have it."""
        if self.command is not None:
            self._tell(self._keymap.set_keys(self.command, ()), f"“{name_of(self.command)}” has no key now.")

    def reset(self) -> None:
        """Give the command its default keys."""
        if self.command is not None:
            self._tell(self._keymap.reset(self.command), f"“{name_of(self.command)}” has its default key.")

    def reset_all(self) -> None:
        """Give all commands their default keys."""
        self._keymap.reset_all()
        self._tell("", "All keys are as the program comes.")

    # -- inside -------------------------------------------------------------------------------------------------------

    def _ask(self, *, is_adding: bool) -> None:
        if self.command is None:
            return
        self._asked, self._is_adding = self.command, is_adding
        self._stack.setCurrentIndex(1)
        self.capture.ask(f"Press the key for “{name_of(self._asked)}” … Escape leaves it as it is")

    def _take(self, key: str) -> None:
        ident = self._asked
        had = self._keymap.keys[ident] if self._is_adding else ()
        refusal = self._keymap.set_keys(ident, (*had, *with_keypad(key)))
        self._leave()
        shown = " / ".join(native_keys(self._keymap.keys[ident]))
        self._tell(refusal, f"“{name_of(ident)}” is {shown} now.")

    def _leave(self) -> None:
        if self._asked:
            self._asked = ""
            self._stack.setCurrentIndex(0)
            self.list.setFocus()

    def _tell(self, refusal: str, done: str) -> None:
        self.message.setText(refusal or done)
        set_role(self.message, "warning" if refusal else "ok")

    def _refresh(self) -> None:
        ident = self.command
        self._fill()
        if ident is not None:
            self.choose(ident)

    def _fill(self) -> None:
        rows = [(fold(" ".join((entry.title, entry.detail, entry.key))), entry) for entry in self._entries()]
        query = self.filter.text().strip()
        self.model.set_entries(best(query, rows, len(rows)) if query else [entry for _name, entry in rows])
        self.list.setCurrentIndex(self.model.index(0))
        for button in self._buttons:
            button.setEnabled(self.model.rowCount() > 0)

    def _entries(self) -> list[FinderEntry]:
        keys = self._keymap.keys
        return [
            FinderEntry(
                name_of(command.id),
                command.id,
                f"{command.group} · changed" if self._keymap.is_own(command.id) else command.group,
                " / ".join(native_keys(keys[command.id])),
            )
            for command in COMMANDS
        ]

    def _button(self, text: str, do: object) -> QPushButton:
        button = QPushButton(text)
        button.setAutoDefault(False)
        button.clicked.connect(do)
        return button

    def _lay_out(self) -> None:
        row = QWidget()
        buttons = QHBoxLayout(row)
        buttons.setContentsMargins(0, 0, 0, 0)
        buttons.setSpacing(6)
        for button in self._buttons:
            buttons.addWidget(button)
        buttons.addStretch()
        buttons.addWidget(self._button("All defaults", self.reset_all))
        under = QWidget()
        self._stack = QStackedLayout(under)
        self._stack.addWidget(row)
        self._stack.addWidget(self.capture)
        close = self._button("Close", self.accept)
        bottom = QHBoxLayout()
        bottom.addWidget(self.message, 1)
        bottom.addWidget(close, 0, Qt.AlignmentFlag.AlignBottom)
        layout = dialog_column(self, "Change keys")
        layout.addWidget(self.filter)
        layout.addWidget(self.list, 1)
        layout.addWidget(under)
        layout.addWidget(framed("rule"))
        layout.addLayout(bottom)
