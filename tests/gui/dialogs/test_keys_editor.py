from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gui.commands import COMMANDS
from gui.dialogs.keys_editor import KeysEditor
from gui.keymap import Keymap

NONE, CTRL, SHIFT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
)
KEYPAD = Qt.KeyboardModifier.KeypadModifier


class Store(dict):
    def text(self, key, default=""):
        return self.get(key, default)

    def store(self, key, value):
        self[key] = value

    def save(self):
        pass


@pytest.fixture
def editor(qtbot):
    editor = KeysEditor(None, Keymap(Store()))
    editor.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    editor.keymap = editor._keymap
    qtbot.addWidget(editor)
    editor.show()
    editor.activateWindow()
    qtbot.waitUntil(editor.isActiveWindow)
    return editor


def change(editor, ident, key, modifiers=NONE):
    editor.choose(ident)
    editor.list.setFocus()
    QTest.keyClick(editor.list, Qt.Key.Key_Return)
    assert editor.capture.hasFocus()
    QTest.keyClick(editor.capture, key, modifiers)


def test_every_command_is_listed_and_found_by_name_or_key(editor):
    assert editor.model.rowCount() == len(COMMANDS)
    QTest.keyClicks(editor.filter, "backspace")
    assert editor.model.entry(0).payload == "span.reject"
    editor.filter.setText("zoom in nothing of the sort")
    assert editor.model.rowCount() == 0
    assert editor.command is None
    QTest.keyClick(editor.list, Qt.Key.Key_Return)
    assert not editor.capture.hasFocus()


@pytest.mark.parametrize(
    ("key", "modifiers", "keys"),
    [
        (Qt.Key.Key_Y, NONE, ("Y",)),
        (Qt.Key.Key_Y, CTRL | SHIFT, ("Ctrl+Shift+Y",)),
        (Qt.Key.Key_Backtab, SHIFT | CTRL, ("Ctrl+Shift+Tab",)),
        (Qt.Key.Key_Return, SHIFT, ("Shift+Return", "Shift+Enter")),
        (Qt.Key.Key_0, KEYPAD, ("0",)),
        (Qt.Key.Key_Space, NONE, ("Space",)),
    ],
)
def test_the_next_key_pressed_becomes_the_key(editor, key, modifiers, keys):
    if keys == ("Ctrl+Shift+Y",):
        assert editor.keymap.set_keys("edit.redo", ["Ctrl+Shift+Z"]) == ""
    change(editor, "span.accept", key, modifiers)
    assert editor.keymap.keys["span.accept"] == keys
    assert editor.list.hasFocus()
    assert editor.command == "span.accept"


def test_a_conflict_is_told_and_changes_nothing(editor):
    change(editor, "span.accept", Qt.Key.Key_Backspace)
    assert editor.message.text() == "Backspace belongs to “Reject”. Give that another key first."
    assert editor.keymap.keys["span.accept"] == ("Return", "Enter")


def test_modifiers_alone_are_waited_out_and_escape_leaves_all_as_it_was(editor):
    editor.choose("span.accept")
    editor.change()
    QTest.keyClick(editor.capture, Qt.Key.Key_Shift, SHIFT)
    assert editor.capture.hasFocus()
    QTest.keyClick(editor.capture, Qt.Key.Key_Escape)
    assert editor.list.hasFocus()
    assert editor.isVisible()
    assert editor.keymap.keys["span.accept"] == ("Return", "Enter")


def test_keys_are_added_taken_away_and_brought_back(editor):
    editor.choose("edit.undo")
    editor.list.setFocus()
    QTest.keyClick(editor.list, Qt.Key.Key_Plus)
    QTest.keyClick(editor.capture, Qt.Key.Key_F9)
    assert editor.keymap.keys["edit.undo"] == ("Ctrl+Z", "F9")
    assert editor.model.entry(editor.list.currentIndex().row()).detail == "Edit · changed"
    QTest.keyClick(editor.list, Qt.Key.Key_Delete)
    assert editor.keymap.keys["edit.undo"] == ()
    assert editor.message.text() == "“Undo” has no key now."
    QTest.keyClick(editor.list, Qt.Key.Key_Backspace)
    assert editor.keymap.keys["edit.undo"] == ("Ctrl+Z",)
    change(editor, "edit.undo", Qt.Key.Key_F9)
    editor.reset_all()
    assert editor.keymap.keys["edit.undo"] == ("Ctrl+Z",)
