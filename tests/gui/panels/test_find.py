from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gui.panels.find import FindBar, FindQuery

ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def bar(qtbot):
    bar = FindBar()
    qtbot.addWidget(bar)
    bar.resize(900, 40)
    bar.open()
    bar.activateWindow()
    qtbot.waitUntil(bar.isActiveWindow)
    return bar


def test_what_is_typed_is_asked_for_at_once(bar):
    asked: list[FindQuery] = []
    bar.query_changed.connect(asked.append)
    QTest.keyClicks(bar.line, "Or")
    assert asked == [FindQuery("O"), FindQuery("Or")]


def test_switches_work_by_key_and_by_mouse(bar):
    asked: list[FindQuery] = []
    bar.line.setText("Orsk")
    bar.query_changed.connect(asked.append)
    QTest.keyClick(bar.line, Qt.Key.Key_C, ALT)
    QTest.keyClick(bar.line, Qt.Key.Key_W, ALT)
    QTest.mouseClick(bar.regex, Qt.MouseButton.LeftButton)
    assert asked[-1] == FindQuery("Orsk", is_regex=True, is_whole_words=True, is_case_sensitive=True)
    assert len(asked) == 3


def test_enter_goes_on_and_shift_enter_back(bar, qtbot):
    bar.line.setText("Orsk")
    bar.show_matches(1, 3)
    with qtbot.waitSignal(bar.next_requested):
        QTest.keyClick(bar.line, Qt.Key.Key_Return)
    with qtbot.waitSignal(bar.previous_requested):
        QTest.keyClick(bar.line, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    with qtbot.waitSignal(bar.closed):
        QTest.keyClick(bar.line, Qt.Key.Key_Escape)


def test_hits_are_counted(bar, qtbot):
    bar.line.setText("Orsk")
    bar.show_matches(3, 1700)
    assert bar._count.text() == "3 of 1,700"
    bar.show_matches(0, 5)
    assert bar._count.text() == "5 hits"
    bar.show_matches(0, 0)
    assert bar._count.text() == "not found"
    with qtbot.assertNotEmitted(bar.next_requested):
        QTest.keyClick(bar.line, Qt.Key.Key_Return)


def test_a_broken_pattern_is_told_and_forgotten_when_mended(bar):
    bar.line.setText("(har")
    bar.show_error("A bracket is not <b>closed</b>.")
    assert bar._error.full_text == "A bracket is not <b>closed</b>."
    assert bar.line.property("invalid") is True
    assert not bar.next.isEnabled()
    bar.show_matches(1, 2)
    assert bar._error.full_text == ""
    assert bar.line.property("invalid") is False


def test_opening_with_a_selection_looks_for_it(bar):
    bar.open("Taval")
    assert bar.query() == FindQuery("Taval")
    assert bar.line.selectedText() == "Taval"
    assert bar.line.hasFocus()
