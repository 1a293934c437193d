from __future__ import annotations

import pytest
from PySide6.QtWidgets import QMainWindow

from gui.actions import build_actions, build_menus
from gui.commands import COMMANDS, default_keys, key_conflicts
from gui.keymap import SETTING, Keymap, with_keypad


class Store:
    """The settings, in memory."""

    def __init__(self, **values):
        self.values = dict(values)
        self.saved = 0

    def text(self, key, default=""):
        return self.values.get(key, default)

    def store(self, key, value):
        self.values[key] = value

    def save(self):
        self.saved += 1


@pytest.fixture
def store():
    return Store()


@pytest.fixture
def keymap(qapp, store):
    return Keymap(store)


def test_the_keys_of_the_table_are_in_force_at_first(keymap):
    assert keymap.keys == default_keys()
    assert not any(keymap.is_own(command.id) for command in COMMANDS)


def test_a_changed_key_is_kept_over_a_restart(keymap, store, qtbot):
    with qtbot.waitSignal(keymap.changed):
        assert keymap.set_keys("span.accept", ["Y"]) == ""
    assert store.saved == 1
    again = Keymap(store)
    assert again.keys["span.accept"] == ("Y",)
    assert again.is_own("span.accept")


def test_a_key_of_another_command_is_refused_and_its_name_told(keymap):
    assert (
        keymap.set_keys("span.accept", ["Backspace"]) == "Backspace belongs to “Reject”. Give that another key first."
    )
    assert "“Redo”" in keymap.set_keys("span.accept", ["Shift+Ctrl+Z"])
    assert keymap.keys == default_keys()


def test_a_key_that_was_given_up_can_be_had(keymap):
    assert keymap.set_keys("span.reject", ["Ctrl+Alt+Q"]) == ""
    assert keymap.set_keys("span.accept", ["Backspace"]) == ""
    assert keymap.reset("span.reject") == "Backspace belongs to “Accept”. Give that another key first."
    assert keymap.reset("span.accept") == ""
    assert keymap.reset("span.reject") == ""
    assert keymap.keys == default_keys()


def test_commands_of_the_window_get_no_key_that_types(keymap):
    for key in ("Y", "Shift+Y", "Alt+Y", "Left", "Tab", "5"):
        assert "Take a key with Ctrl" in keymap.set_keys("edit.undo", [key])
    for key in ("Ctrl+Alt+Y", "F9", "Shift+F9"):
        assert keymap.set_keys("edit.undo", [key]) == ""


def test_what_is_no_key_is_refused(keymap):
    for key in ("Foo", "A, B", ""):
        assert "is no key" in keymap.refusal("span.accept", [key])


def test_a_command_can_do_without_a_key_and_all_come_back_at_once(keymap, store):
    keymap.set_keys("span.accept", [])
    keymap.set_keys("span.reject", ["Return"])
    assert keymap.keys["span.accept"] == ()
    keymap.reset_all()
    assert keymap.keys == default_keys()
    assert Keymap(store).keys == default_keys()


@pytest.mark.parametrize(
    "stored",
    [
        "",
        "[]",
        "{",
        '{"span.accept": "Y"}',
        '{"span.accept": [1]}',
        '{"no.such": ["Y"]}',
        '{"span.accept": ["Foo"]}',
        '{"span.accept": null}',
    ],
)
def test_damaged_settings_count_as_none(qapp, stored):
    assert Keymap(Store(**{SETTING: stored})).keys == default_keys()


def test_whatever_is_stored_no_key_has_two_commands(qapp):
    stored = '{"span.accept": ["Backspace", "Y"], "span.note": ["Y"], "span.discuss": ["Ctrl+K"]}'
    keymap = Keymap(Store(**{SETTING: stored}))
    assert key_conflicts(keymap.keys) == []
    assert keymap.keys["span.accept"] == ("Backspace", "Y")
    assert keymap.keys["span.reject"] == ()
    assert keymap.keys["span.note"] == ("N",)
    assert keymap.keys["help.palette"] == ()


def test_actions_and_menus_follow(qtbot, keymap):
    window = QMainWindow()
    qtbot.addWidget(window)
    actions = build_actions(window, window, {c.id: (lambda: None) for c in COMMANDS}, keys=keymap.keys)
    menus = build_menus(window.menuBar(), actions)
    keymap.changed.connect(lambda: keymap.apply(actions))
    keymap.set_keys("span.accept", ["Y"])
    shown = {action.objectName(): action.shortcut().toString() for action in menus["Decide"].actions()}
    assert shown["span.accept"] == "Y"
    assert shown["span.reject"] == "Backspace"


def test_return_stands_for_both_enter_keys():
    assert with_keypad("Return") == ("Return", "Enter")
    assert with_keypad("Ctrl+Enter") == ("Ctrl+Return", "Ctrl+Enter")
    assert with_keypad("Y") == ("Y",)
