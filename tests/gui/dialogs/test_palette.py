from __future__ import annotations

import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QMainWindow

from gui.actions import build_actions
from gui.commands import COMMANDS
from gui.dialogs.palette import Palette
from storage.records import ActorRecord, DocumentRecord


@pytest.fixture
def window(qtbot):
    window = QMainWindow()
    window.setCentralWidget(QLineEdit())
    qtbot.addWidget(window)
    window.resize(900, 700)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


@pytest.fixture
def palette(window):
    palette = Palette(window)
    actions = build_actions(window, window.centralWidget(), {c.id: (lambda: None) for c in COMMANDS})
    actions["label.3"].setText("Orsk && Velmar")
    actions["project.export"].setEnabled(False)
    palette.set_actions(actions)
    palette.set_documents([DocumentRecord(7, "Harbour <b>accord</b>", 9, "", source="Coastal Review")])
    palette.set_actors([ActorRecord(5, "Ilya Brandt", None, aliases=("the deputy",))])
    palette.open()
    return palette


def titles(palette: Palette) -> list[str]:
    model = palette.finder.model
    return [model.entry(row).title for row in range(model.rowCount())]


def test_it_opens_with_all_enabled_commands_and_takes_the_keyboard(palette):
    assert palette.finder.line.hasFocus()
    assert len(titles(palette)) == len(COMMANDS) - 1
    assert "Export …" not in titles(palette)


@pytest.mark.parametrize(
    ("typed", "signal", "payload"),
    [
        ("accept sen", "command_chosen", "sentence.accept"),
        ("orsk & v", "command_chosen", "label.3"),
        ("coastal", "document_chosen", 7),
        ("deputy", "actor_chosen", 5),
    ],
)
def test_a_few_letters_and_enter_choose(palette, qtbot, typed, signal, payload):
    QTest.keyClicks(palette.finder.line, typed)
    with qtbot.waitSignal(getattr(palette, signal)) as told:
        QTest.keyClick(palette.finder.line, Qt.Key.Key_Return)
    assert told.args == [payload]
    assert not palette.finder.isVisible()


def test_arrows_and_tab_move_the_choice_round(palette, qtbot):
    line = palette.finder.line
    QTest.keyClicks(line, "reviewed")
    assert titles(palette) == ["Sentence reviewed", "Document reviewed"]
    QTest.keyClick(line, Qt.Key.Key_Tab)
    assert palette.finder.list.currentIndex().row() == 1
    QTest.keyClick(line, Qt.Key.Key_Down)
    assert palette.finder.list.currentIndex().row() == 0
    QTest.keyClick(line, Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    assert palette.finder.list.currentIndex().row() == 1
    assert line.hasFocus()


def test_escape_closes_and_tells(palette, qtbot):
    with qtbot.waitSignal(palette.cancelled):
        QTest.keyClick(palette.finder.line, Qt.Key.Key_Escape)
    assert not palette.finder.isVisible()


def test_it_closes_when_the_keyboard_goes_elsewhere(palette, window, qtbot):
    with qtbot.waitSignal(palette.cancelled):
        window.centralWidget().setFocus()
    assert not palette.finder.isVisible()


def test_nothing_found_is_said_and_enter_does_nothing(palette, qtbot):
    palette.finder.line.setText("zzzz")
    assert palette.finder._nothing.isVisible()
    with qtbot.assertNotEmitted(palette.command_chosen):
        QTest.keyClick(palette.finder.line, Qt.Key.Key_Return)
    assert palette.finder.is_open


def test_a_click_chooses(palette, qtbot):
    palette.finder.line.setText("harbour")
    where = palette.finder.list.visualRect(palette.finder.model.index(0)).center()
    with qtbot.waitSignal(palette.document_chosen) as told:
        QTest.mouseClick(palette.finder.list.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert told.args == [7]


def test_ten_thousand_documents_are_searched_at_once(palette):
    palette.set_documents(DocumentRecord(i, f"Report {i} on the harbour accord", 9, "") for i in range(10_000))
    start = time.process_time()
    found = palette.find("report accord 77")
    assert time.process_time() - start < 0.1
    assert found[0].title == "Report 77 on the harbour accord"
