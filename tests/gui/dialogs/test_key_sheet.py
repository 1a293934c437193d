from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QMainWindow

from gui.actions import build_actions
from gui.commands import COMMANDS, GROUPS, native_keys
from gui.dialogs.key_sheet import COLUMNS, KeySheet, sheet_rows


@pytest.fixture
def actions(qtbot):
    window = QMainWindow()
    qtbot.addWidget(window)
    yield build_actions(window, window, {command.id: (lambda: None) for command in COMMANDS})
    window.close()


def test_every_command_with_a_key_is_on_the_sheet(actions):
    shown = {keys[0] for group in GROUPS for keys, _text, _say in sheet_rows(group, actions)}
    wanted = {native_keys(c.keys)[0] for c in COMMANDS if c.keys and not c.id.startswith("label.")}
    assert wanted <= shown
    assert "1 … 9" in shown


def test_keys_of_ones_own_are_the_ones_shown(qtbot):
    window = QMainWindow()
    qtbot.addWidget(window)
    own = build_actions(window, window, {"span.accept": lambda: None}, keys={"span.accept": ("Y",)})
    assert sheet_rows("Decide", own) == [(["Y"], "Accept", "Accept the focused suggestion and go on.")]


def test_every_group_has_its_column():
    assert sorted(group for column in COLUMNS for group in column) == sorted(GROUPS)


def test_the_sheet_opens_and_escape_closes_it(actions, qtbot):
    sheet = KeySheet(None, actions)
    sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(sheet)
    sheet.show()
    texts = {label.text() for label in sheet.findChildren(QLabel)}
    assert {"DECIDE", "Accept sentence", "Find in project"} <= texts
    with qtbot.waitSignal(sheet.finished):
        QTest.keyClick(sheet, Qt.Key.Key_Escape)


def test_a_label_command_with_a_key_of_its_own_is_listed_by_itself(qtbot):
    window = QMainWindow()
    qtbot.addWidget(window)
    handlers = {f"label.{digit}": (lambda: None) for digit in (1, 2)}
    own = build_actions(window, window, handlers, keys={"label.2": ("Q",)})
    assert [(keys, text) for keys, text, _say in sheet_rows("Label", own)] == [
        (["1 … 9"], "Give a label"),
        (["Q"], "Label 2"),
    ]


def test_the_sheet_leads_to_where_keys_are_changed(actions, qtbot):
    sheet = KeySheet(None, actions)
    sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(sheet)
    sheet.show()
    with qtbot.waitSignal(sheet.change_requested):
        QTest.mouseClick(sheet.change, Qt.MouseButton.LeftButton)
    assert not sheet.isVisible()
