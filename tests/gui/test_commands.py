from __future__ import annotations

from collections import Counter

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QMainWindow, QVBoxLayout, QWidget

from gui.actions import build_actions, build_menus
from gui.commands import (
    BLOCKS,
    COMMAND_BY_ID,
    COMMANDS,
    GROUPS,
    SUBMENUS,
    Scope,
    default_keys,
    key_conflicts,
    native_keys,
)

CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
KEYPAD, NONE = Qt.KeyboardModifier.KeypadModifier, Qt.KeyboardModifier.NoModifier


class Desk:
    """A window with a stand-in for the document view, a text field, and every command writing down its id."""

    def __init__(self, qtbot, keys=None):
        self.done: list[str] = []
        self.window = QMainWindow()
        body = QWidget()
        self.view, self.field = QWidget(), QLineEdit()
        self.view.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        layout = QVBoxLayout(body)
        layout.addWidget(self.view)
        layout.addWidget(self.field)
        self.window.setCentralWidget(body)
        handlers = {command.id: self._note(command.id) for command in COMMANDS}
        self.actions = build_actions(self.window, self.view, handlers, keys=keys)
        self.menus = build_menus(self.window.menuBar(), self.actions)
        qtbot.addWidget(self.window)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)
        self.view.setFocus()
        assert self.view.hasFocus()

    def _note(self, ident):
        return lambda: self.done.append(ident)

    def press(self, key, modifiers=NONE, widget=None):
        self.done.clear()
        QTest.keyClick(widget or self.view, key, modifiers)
        return list(self.done)


@pytest.fixture
def desk(qtbot):
    return Desk(qtbot)


def test_ids_are_unique():
    assert [ident for ident, n in Counter(c.id for c in COMMANDS).items() if n > 1] == []
    assert len(COMMAND_BY_ID) == len(COMMANDS)


def test_no_key_belongs_to_two_commands():
    assert key_conflicts(default_keys()) == []


def test_a_shared_key_is_found_however_it_is_written():
    assert key_conflicts({"a": ("Ctrl+Shift+Z",), "b": ("Shift+Ctrl+Z",)}) == [("Ctrl+Shift+Z", "a", "b")]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.id)
def test_every_command_says_in_a_sentence_what_it_does(command):
    assert command.text
    assert command.help.endswith(".")
    assert len(command.help) > 10


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.id)
def test_every_key_is_one_that_qt_knows(command):
    for key in command.keys:
        sequence = QKeySequence(key)
        assert sequence.count() == 1
        assert sequence[0].key() != Qt.Key.Key_unknown


def test_keys_of_the_window_never_type_a_letter():
    for command in COMMANDS:
        if command.scope is Scope.WINDOW:
            for key in command.keys:
                held = QKeySequence(key)[0].keyboardModifiers()
                is_function_key = key.rpartition("+")[2].startswith("F") and len(key.rpartition("+")[2]) > 1
                assert is_function_key or held & CTRL, command.id


def test_holding_a_key_down_never_repeats_a_decision():
    repeated = {command.group for command in COMMANDS if command.is_repeated and command.scope is Scope.VIEW}
    assert repeated <= {"Move", "Decide"}
    assert not any(c.is_repeated for c in COMMANDS if c.id.startswith(("span.", "sentence.", "label.")))


def test_every_command_does_its_work_when_its_key_is_pressed(desk):
    for command in COMMANDS:
        for key in command.keys:
            combination = QKeySequence(key)[0]
            pressed = desk.press(combination.key(), combination.keyboardModifiers())
            assert pressed == [command.id], key


@pytest.mark.parametrize(
    ("key", "modifiers", "ident"),
    [
        (Qt.Key.Key_Backtab, SHIFT, "suggestion.previous"),
        (Qt.Key.Key_Enter, KEYPAD, "span.accept"),
        (Qt.Key.Key_Enter, KEYPAD | CTRL, "sentence.accept"),
        (Qt.Key.Key_Enter, KEYPAD | CTRL | SHIFT, "sentence.reject"),
        (Qt.Key.Key_Plus, KEYPAD, "fragment.add"),
        (Qt.Key.Key_Plus, SHIFT, "fragment.add"),
        (Qt.Key.Key_5, KEYPAD, "label.5"),
    ],
)
def test_other_ways_of_pressing_a_key_work_too(desk, key, modifiers, ident):
    assert desk.press(key, modifiers) == [ident]


def test_typing_in_a_text_field_runs_no_command_of_the_view(desk):
    desk.field.setFocus()
    done = []
    for character in "eart15+-= Xn":
        desk.done.clear()
        QTest.keyClick(desk.field, character)
        done += desk.done
    for key in (Qt.Key.Key_Backspace, Qt.Key.Key_Return, Qt.Key.Key_Left):
        done += desk.press(key, widget=desk.field)
    assert done == []
    assert desk.field.text() == "eart15+-= X"


def test_tab_leaves_a_text_field_as_everywhere(desk):
    desk.field.setFocus()
    assert desk.press(Qt.Key.Key_Tab, widget=desk.field) == []
    assert not desk.field.hasFocus()


def test_undo_in_a_text_field_is_the_fields_own(desk):
    desk.field.setFocus()
    QTest.keyClicks(desk.field, "Taval")
    assert desk.press(Qt.Key.Key_Z, CTRL, widget=desk.field) == []
    assert desk.field.text() == ""


def test_keys_of_the_window_work_in_a_text_field(desk):
    desk.field.setFocus()
    assert desk.press(Qt.Key.Key_K, CTRL, widget=desk.field) == ["help.palette"]


def test_own_keys_replace_the_default_ones(qtbot):
    desk = Desk(qtbot, keys={"span.accept": ("Y",)})
    assert desk.press(Qt.Key.Key_Y) == ["span.accept"]
    assert desk.press(Qt.Key.Key_Return) == []


def test_own_keys_that_clash_are_refused(qtbot):
    with pytest.raises(ValueError, match=r"span\.accept"):
        Desk(qtbot, keys={"span.equal": ("Return",)})


def test_commands_without_a_handler_are_left_out_and_unknown_ones_refused(qtbot):
    window = QMainWindow()
    qtbot.addWidget(window)
    assert set(build_actions(window, window, {"edit.undo": lambda: None})) == {"edit.undo"}
    with pytest.raises(KeyError, match=r"edit\.undue"):
        build_actions(window, window, {"edit.undue": lambda: None})


def test_menus_hold_every_command_in_the_order_of_the_table(desk):
    assert tuple(desk.menus) == GROUPS
    entries = [a for menu in desk.menus.values() for a in menu.actions() if not a.isSeparator()]
    submenus = [a.menu() for a in entries if a.menu() is not None]
    assert [menu.title() for menu in submenus] == list(SUBMENUS.values())
    listed = [a for a in entries if a.menu() is None] + [a for menu in submenus for a in menu.actions()]
    assert sorted(a.objectName() for a in listed) == sorted(command.id for command in COMMANDS)
    assert max(len(menu.actions()) for menu in (*desk.menus.values(), *submenus)) < 25
    lines = sum(a.isSeparator() for menu in desk.menus.values() for a in menu.actions())
    assert lines == len(BLOCKS) - len(GROUPS) - 2  # the submenus stand together


def test_one_theme_is_in_force_at_a_time(desk):
    desk.actions["theme.light"].trigger()
    desk.actions["theme.dark"].trigger()
    assert desk.done == ["theme.light", "theme.dark"]
    assert not desk.actions["theme.light"].isChecked()
    assert desk.actions["theme.dark"].isChecked()
    assert not desk.actions["font.serif"].isChecked()


def test_keys_are_written_for_people():
    assert native_keys(("Return", "Enter")) == ["Enter"]
    assert native_keys(("Ctrl+Shift+Return", "Ctrl+Shift+Enter")) == ["Ctrl+Shift+Enter"]
    assert native_keys(()) == []
