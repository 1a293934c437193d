from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from gui.dialogs.message import OpenElsewhereDialog, about_dialog, bug_dialog, problem_dialog


@pytest.fixture
def shown(qtbot):
    def show(dialog):
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        qtbot.addWidget(dialog)
        dialog.open()
        dialog.activateWindow()
        qtbot.waitUntil(dialog.isActiveWindow)
        return dialog

    return show


def test_a_problem_is_one_sentence_and_no_empty_box(shown):
    dialog = shown(problem_dialog(None, "The disk is <b>full</b>; nothing was changed."))
    assert dialog.sentence.text() == "The disk is <b>full</b>; nothing was changed."
    assert {label.textFormat() for label in dialog.findChildren(QLabel)} == {Qt.TextFormat.PlainText}
    assert not dialog.details.isVisible()
    assert not dialog.copy.isVisible()


def test_enter_and_escape_close_a_message(shown, qtbot):
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Escape):
        dialog = shown(problem_dialog(None, "No."))
        with qtbot.waitSignal(dialog.finished):
            QTest.keyClick(dialog, key)


def test_the_report_of_a_bug_can_be_copied(shown):
    dialog = shown(bug_dialog(None, "KeyError: 7\n  gui/session.py, line 120"))
    assert "not yours" in dialog.sentence.text()
    QTest.mouseClick(dialog.copy, Qt.MouseButton.LeftButton)
    copied = QGuiApplication.clipboard().text()
    assert copied.startswith("Something went wrong inside Sayso\n")
    assert copied.endswith("KeyError: 7\n  gui/session.py, line 120")
    assert dialog.copy.text() == "Copied"


def test_an_open_project_can_be_tried_again(shown, qtbot):
    dialog = shown(OpenElsewhereDialog(None, "straits.sayso is open on desk-4 (ana)."))
    assert dialog.sentence.text() == "straits.sayso is open on desk-4 (ana)."
    with qtbot.waitSignal(dialog.retry_requested), qtbot.assertNotEmitted(dialog.other_requested):
        QTest.keyClick(dialog, Qt.Key.Key_Return)


def test_another_project_can_be_opened_instead(shown, qtbot):
    dialog = shown(OpenElsewhereDialog(None, "straits.sayso is open on desk-4 (ana)."))
    with qtbot.waitSignal(dialog.other_requested), qtbot.assertNotEmitted(dialog.retry_requested):
        QTest.mouseClick(dialog.other, Qt.MouseButton.LeftButton)
    assert not dialog.isVisible()


def test_about_names_version_and_licence(shown):
    dialog = shown(about_dialog(None, "0.1.0"))
    assert dialog.windowTitle() == "Sayso 0.1.0"
    assert "MIT" in dialog.sentence.text()
