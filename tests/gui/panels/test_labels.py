from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocument
from PySide6.QtTest import QTest

from gui.panels.labels import LabelsPanel, label_tooltip
from storage.records import Codebook, LabelKind, LabelRecord

LABELS = (
    LabelRecord(1, LabelKind.ACTOR, "State", "state", "blue", "1", "A <b>state</b> or its government.", "Orsk; Velmar"),
    LabelRecord(2, LabelKind.CLAIM, "Claim & demand", "claim", "yellow", "5"),
    LabelRecord(3, LabelKind.CUE, "Cue", "cue", "grey"),
)


@pytest.fixture
def panel(qtbot):
    panel = LabelsPanel()
    qtbot.addWidget(panel)
    panel.resize(260, 300)
    panel.set_codebook(Codebook(labels=LABELS))
    panel.show()
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    return panel


def test_labels_come_in_the_order_of_the_codebook(panel):
    assert list(panel.rows) == [1, 2, 3]


def test_a_click_or_enter_gives_a_label(panel, qtbot):
    with qtbot.waitSignal(panel.label_requested) as told:
        QTest.mouseClick(panel.rows[1].button, Qt.MouseButton.LeftButton)
    assert told.args == [1]
    panel.rows[2].button.setFocus()
    with qtbot.waitSignal(panel.label_requested) as told:
        QTest.keyClick(panel.rows[2].button, Qt.Key.Key_Return)
    assert told.args == [2]


def test_counts_are_told(panel):
    panel.set_counts({1: 38})
    assert panel.rows[1].button.accessibleName() == "State, actor, key 1, 38 here"
    assert panel.rows[3].button.accessibleName() == "Cue, cue, 0 here"


def test_eye_and_key_hide_and_show(panel):
    told: list[frozenset[int]] = []
    panel.hidden_labels_changed.connect(told.append)
    QTest.mouseClick(panel.rows[1].eye, Qt.MouseButton.LeftButton)
    QTest.keyClick(panel.rows[3].button, Qt.Key.Key_H)
    QTest.keyClick(panel.rows[1].eye, Qt.Key.Key_Space)
    assert told == [frozenset({1}), frozenset({1, 3}), frozenset({3})]
    assert panel.rows[3].eye.isChecked()
    assert not panel.rows[1].eye.isChecked()
    assert panel.rows[3].button.accessibleName().endswith("hidden")


def test_one_label_can_be_shown_alone_and_all_again(panel):
    menu = panel.menu_for(2)
    [hide, only, everything] = menu.actions()
    assert hide.text() == "Hide in the text"
    assert not everything.isEnabled()
    only.trigger()
    assert panel.hidden_labels == {1, 3}
    panel.menu_for(None).actions()[0].trigger()
    assert panel.hidden_labels == frozenset()


def test_hidden_labels_stay_hidden_when_the_codebook_changes(panel):
    panel.set_hidden_labels(frozenset({1, 3}))
    panel.set_codebook(Codebook(labels=LABELS[:2]))
    assert panel.hidden_labels == {1}
    assert panel.rows[1].eye.isChecked()


def test_an_empty_codebook_says_so(panel):
    assert not panel._empty.isVisible()
    panel.set_codebook(Codebook())
    assert panel._empty.isVisible()


def test_definition_and_examples_are_told_as_plain_text(panel):
    assert label_tooltip(LABELS[0]) == (
        "State (actor)\n\nA <b>state</b> or its government.\n\nFor example: Orsk; Velmar\n\nPress 1 to give it."
    )
    tip = QTextDocument()
    tip.setHtml(panel.rows[1].button.toolTip())
    assert "<b>state</b>" in tip.toPlainText()


def test_kinds_are_told_apart_without_colour(panel):
    pictures = []
    for kind in LabelKind:
        panel.set_codebook(Codebook(labels=(LabelRecord(1, kind, "Same", None, "grey", "1"),)))
        panel.rows[1].button.resize(200, 24)
        pictures.append(panel.rows[1].button.grab().toImage())
    assert pictures[0] != pictures[1] != pictures[2] != pictures[0]


def test_the_label_under_mouse_or_keyboard_is_told(panel):
    told: list[int | None] = []
    panel.label_pointed_at.connect(told.append)
    panel.rows[1].button.setFocus()
    panel.rows[2].button.setFocus()
    assert told[-2:] == [None, 2]
    panel.rows[2].button.clearFocus()
    assert told[-1] is None
