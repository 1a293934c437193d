from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from gui.panels.status import MESSAGE_MS, StatusBar


@pytest.fixture
def status(qtbot):
    bar = StatusBar()
    qtbot.addWidget(bar)
    bar.resize(1200, 30)
    bar.show()
    return bar


def shown(status: StatusBar) -> list[str]:
    return [label.text() for label in status.findChildren(QLabel) if label.isVisible() and label.text()]


def test_a_new_bar_says_saved_and_offline(status):
    assert shown(status) == ["● saved", "offline"]


def test_what_is_not_saved_is_told_with_its_reason(status):
    status.show_unsaved("The disk is <b>full</b>.")
    assert "▲ not saved" in shown(status)
    assert status._saved.accessibleDescription() == "The disk is <b>full</b>."
    assert status._saved.property("role") == "warning"
    status.show_saved()
    assert "● saved" in shown(status)


def test_decided_is_told_in_words_and_as_a_bar(status):
    status.show_decided(20, 32)
    assert "20 of 32 decided" in shown(status)
    assert (status._bar.value(), status._bar.maximum()) == (20, 32)
    status.show_decided(0, 0)
    assert not status._bar.isVisible()


def test_work_is_shown_with_a_bar_and_can_be_stopped(status, qtbot):
    status.show_work("suggesting 41 of 128 documents …", 41, 128)
    assert "suggesting 41 of 128 documents …" in shown(status)
    with qtbot.waitSignal(status.cancel_requested):
        QTest.mouseClick(status.cancel, Qt.MouseButton.LeftButton)
    status.show_work("")
    assert not status.cancel.isVisible()
    assert not status._work_bar.isVisible()


def test_work_without_a_known_end_has_no_bar(status):
    status.show_work("loading the model …", can_cancel=False)
    assert not status._work_bar.isVisible()
    assert not status.cancel.isVisible()


def test_a_message_stands_in_for_the_rates_for_a_while(status):
    status.show_rates("accepted 88 % of actors")
    status.show_message("Undone: accept")
    assert "Undone: accept" in shown(status)
    assert "accepted 88 % of actors" not in shown(status)
    assert status._timer.interval() == MESSAGE_MS
    status._timer.timeout.emit()
    assert "accepted 88 % of actors" in shown(status)
    assert not status._timer.isActive()
