from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMainWindow

from gui.panels.picker import Picker, PickerEntry
from storage.records import LabelKind

NEAR = PickerEntry(3, "Ilya Brandt", "Person", also=("the deputy minister",), kind=LabelKind.ACTOR, colour="teal")
FAR = PickerEntry(4, "Dara Okonin", "Person")


@pytest.fixture
def picker(qtbot):
    window = QMainWindow()
    qtbot.addWidget(window)
    window.resize(800, 600)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return Picker(window)


def ask(picker: Picker, **options) -> None:
    picker.ask("Which actor is this?", [NEAR, FAR], QRectF(100, 100, 50, 20), **options)


def test_the_nearest_is_proposed_and_enter_takes_it(picker, qtbot):
    shown: list[object] = []
    picker.highlighted.connect(shown.append)
    ask(picker)
    assert shown[-1] == 3
    with qtbot.waitSignal(picker.picked) as told:
        QTest.keyClick(picker.finder.line, Qt.Key.Key_Return)
    assert told.args == [3]
    assert not picker.is_open


def test_tab_cycles_and_shows_what_would_be_taken(picker):
    shown: list[object] = []
    ask(picker)
    picker.highlighted.connect(shown.append)
    for _ in range(2):
        QTest.keyClick(picker.finder.line, Qt.Key.Key_Tab)
    assert shown == [4, 3]


def test_another_name_finds_an_entry(picker, qtbot):
    ask(picker)
    QTest.keyClicks(picker.finder.line, "deputy")
    with qtbot.waitSignal(picker.picked) as told:
        QTest.keyClick(picker.finder.line, Qt.Key.Key_Return)
    assert told.args == [3]


def test_an_unknown_name_can_be_created_where_that_is_allowed(picker, qtbot):
    ask(picker, can_create=True)
    QTest.keyClicks(picker.finder.line, "Ren Taval")
    with qtbot.waitSignal(picker.created) as told:
        QTest.keyClick(picker.finder.line, Qt.Key.Key_Return)
    assert told.args == ["Ren Taval"]
    ask(picker, can_create=False)
    assert picker.find("Ren Taval") == []


def test_a_known_name_is_not_offered_again_and_the_mention_is_offered_first(picker):
    ask(picker, can_create=True, new_name="Brandt")
    assert [entry.title for entry in picker.find("")] == ["Ilya Brandt", "Dara Okonin", "Create “Brandt”"]
    assert [entry.title for entry in picker.find("ilya BRANDT")] == ["Ilya Brandt"]


def test_escape_leaves_everything_as_it_was(picker, qtbot):
    ask(picker)
    with qtbot.waitSignal(picker.cancelled), qtbot.assertNotEmitted(picker.picked):
        QTest.keyClick(picker.finder.line, Qt.Key.Key_Escape)


def test_the_popup_stays_within_the_window(picker):
    picker.ask("Speaker?", [NEAR] * 40, QRectF(780, 590, 10, 10))
    window = picker.finder.parentWidget()
    assert window.rect().contains(picker.finder.geometry())
