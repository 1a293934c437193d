from __future__ import annotations

import pytest
from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtTest import QTest

from gui.widgets.keyed_list import KeyedList, ListAction


@pytest.fixture
def done() -> list[str]:
    return []


@pytest.fixture
def rows(qtbot, done) -> KeyedList:
    view = KeyedList("Actors", QStringListModel(["Orsk", "Velmar", "Taval"]))
    qtbot.addWidget(view)
    view.set_list_actions(
        [
            ListAction("Merge & go", "M", lambda: done.append("merge")),
            ListAction("Delete", "Del", lambda: done.append("delete"), lambda: view.row == 1),
            ListAction("Link all", "Shift+L", lambda: done.append("all")),
            ListAction("", "Left", lambda: done.append("back")),
        ]
    )
    view.show()
    view.activateWindow()
    qtbot.waitUntil(view.isActiveWindow)
    view.enter()
    return view


def test_keys_run_actions_that_are_offered(rows, done) -> None:
    QTest.keyClick(rows, Qt.Key.Key_M)
    QTest.keyClick(rows, Qt.Key.Key_Delete)
    QTest.keyClick(rows, Qt.Key.Key_L)
    QTest.keyClick(rows, Qt.Key.Key_L, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(rows, Qt.Key.Key_Left)
    assert done == ["merge", "all", "back"]
    QTest.keyClick(rows, Qt.Key.Key_Down)
    QTest.keyClick(rows, Qt.Key.Key_Delete)
    assert done[-1] == "delete"


def test_the_menu_shows_what_is_offered_with_its_key(rows, done) -> None:
    texts = [action.text() for action in rows.menu().actions()]
    assert texts == ["Merge && go\tM", "Link all\tShift+L"]
    rows.menu().actions()[0].trigger()
    assert done == ["merge"]


def test_letters_do_not_search(rows) -> None:
    QTest.keyClick(rows, Qt.Key.Key_T)
    assert rows.row == 0


def test_escape_leaves_and_up_from_the_first_row_goes_above(rows, qtbot) -> None:
    with qtbot.waitSignal(rows.left):
        QTest.keyClick(rows, Qt.Key.Key_Escape)
    with qtbot.waitSignal(rows.passed_top):
        QTest.keyClick(rows, Qt.Key.Key_Up)
    QTest.keyClick(rows, Qt.Key.Key_Down)
    with qtbot.assertNotEmitted(rows.passed_top):
        QTest.keyClick(rows, Qt.Key.Key_Up)


def test_a_move_is_told_and_none_chooses_nothing(rows) -> None:
    moves: list[int | None] = []
    rows.moved.connect(lambda: moves.append(rows.row))
    rows.go_to(2)
    rows.go_to(None)
    assert moves == [2, None]
    assert rows.chosen_rows() == []
