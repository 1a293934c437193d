"""A mistake of ours is told once, in a report without a word of a document, and the program goes on."""

import logging
import sys
import threading

import pytest
from PySide6.QtWidgets import QWidget

from gui.bugs import BugCatcher, bug_report
from gui.dialogs.message import MessageDialog

SECRET = "the minister’s own words"


def _fail(secret=SECRET):
    try:
        raise KeyError(secret)
    except KeyError as cause:
        raise RuntimeError(secret) from cause


def _caught():
    with pytest.raises(RuntimeError) as caught:
        _fail()
    return caught.value


@pytest.fixture
def window(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    return window


@pytest.fixture
def catcher(window, monkeypatch):
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    made = BugCatcher(window)
    made.install()
    return made


def _dialogs(window):
    return [dialog for dialog in window.findChildren(MessageDialog) if dialog.isVisible()]


def test_report_names_errors_causes_lines_and_versions_only():
    report = bug_report(_caught())

    assert "RuntimeError" in report
    assert "KeyError" in report
    assert "tests/gui/test_bugs.py" in report
    assert "Qt 6." in report
    assert SECRET not in report
    assert "raise KeyError" not in report


def test_report_of_foreign_code_names_no_home(monkeypatch):
    scope: dict[str, object] = {}
    exec(compile("def deep():\n    raise ValueError", "/home/someone/private/project/lib.py", "exec"), scope)
    with pytest.raises(ValueError) as caught:  # noqa: PT011  (there is nothing to match)
        scope["deep"]()
    report = bug_report(caught.value)

    assert "private/project/lib.py:2" in report
    assert "someone" not in report


def test_errors_that_lead_back_to_themselves_are_told_once():
    first, second = ValueError(), KeyError()
    first.__cause__, second.__cause__ = second, first

    assert bug_report(first).count("ValueError") == 1


def test_bug_is_logged_and_shown_and_can_be_copied(qtbot, window, catcher, caplog):
    error = _caught()
    with caplog.at_level(logging.ERROR):
        sys.excepthook(type(error), error, error.__traceback__)

    (dialog,) = _dialogs(window)
    assert "RuntimeError" in dialog.copied_text()
    assert "RuntimeError" in caplog.text
    assert SECRET not in dialog.copied_text() + caplog.text


def test_a_second_bug_waits_for_no_second_dialog_but_a_later_one_is_told(qtbot, window, catcher):
    error = _caught()
    for _ in range(3):
        catcher.take(type(error), error, error.__traceback__)
    (dialog,) = _dialogs(window)
    dialog.accept()
    qtbot.waitUntil(lambda: not _dialogs(window))
    catcher.take(type(error), error, error.__traceback__)

    assert len(_dialogs(window)) == 1


def test_bug_of_another_thread_is_shown_by_the_window(qtbot, window, catcher):
    error = _caught()
    thread = threading.Thread(target=catcher.take, args=(type(error), error, error.__traceback__))
    thread.start()
    thread.join()

    qtbot.waitUntil(lambda: len(_dialogs(window)) == 1)


def test_interrupt_from_the_terminal_closes_the_window(qtbot, window, catcher):
    catcher.take(KeyboardInterrupt, KeyboardInterrupt(), None)

    qtbot.waitUntil(lambda: not window.isVisible())
    assert _dialogs(window) == []
