from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui.panels.welcome import RecentProject, WelcomePage, dropped_paths

RECENT = [
    RecentProject("/desk/straits.sayso", "Straits & <b>ports</b>", "/desk", "yesterday"),
    RecentProject("/gone/orsk.sayso", "Orsk", "/gone", "3 March", is_missing=True),
]


@pytest.fixture
def page(qtbot):
    page = WelcomePage()
    qtbot.addWidget(page)
    page.resize(900, 700)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    return page


def files(*paths: str) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(path) for path in paths])
    return mime


@pytest.mark.parametrize(
    ("button", "signal"), [("sample", "sample_requested"), ("new", "new_requested"), ("open", "open_requested")]
)
@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_each_choice_works_by_keyboard(page, qtbot, button, signal, key):
    getattr(page, button).setFocus()
    with qtbot.waitSignal(getattr(page, signal)):
        QTest.keyClick(getattr(page, button), key)


def test_the_first_start_has_the_sample_under_the_fingers(page):
    page.setFocus()
    assert page.sample.hasFocus()


def test_a_later_start_has_the_last_project_under_the_fingers(page, qtbot):
    page.set_recent(RECENT)
    page.setFocus()
    assert page.recent[0].hasFocus()
    with qtbot.waitSignal(page.recent_requested) as told:
        QTest.keyClick(page.recent[0], Qt.Key.Key_Return)
    assert told.args == ["/desk/straits.sayso"]


def test_a_project_that_is_gone_is_shown_and_cannot_be_chosen(page):
    page.set_recent(RECENT)
    assert not page.recent[1].isEnabled()
    assert "not there any more" in page.recent[1].accessibleDescription()


def test_arrows_go_through_the_choices(page, qtbot):
    page.set_recent(RECENT)
    qtbot.waitUntil(page.recent[0].isVisible)
    page.sample.setFocus()
    for expected in (page.new, page.open, page.recent[0]):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Down)
        assert QApplication.focusWidget() is expected
    QTest.keyClick(page.recent[0], Qt.Key.Key_Up)
    assert page.open.hasFocus()


def test_recent_projects_are_replaced_not_added(page):
    page.set_recent(RECENT)
    page.set_recent(RECENT[:1])
    assert len(page.recent) == 1
    page.set_recent([])
    assert not page._recent_heading.isVisible()


def test_dropped_files_are_told_and_addresses_of_the_net_are_not(page, qtbot):
    mime = files("/texts/brief.txt", "/texts/more")
    mime.setUrls([*mime.urls(), QUrl("https://example.org/brief.txt")])
    args = (Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    enter = QDragEnterEvent(QPoint(5, 5), *args)
    page.dragEnterEvent(enter)
    assert enter.isAccepted()
    with qtbot.waitSignal(page.paths_dropped) as told:
        page.dropEvent(QDropEvent(QPointF(5, 5), *args))
    assert told.args == [[Path("/texts/brief.txt"), Path("/texts/more")]]


def test_nothing_local_is_no_drop():
    mime = QMimeData()
    mime.setUrls([QUrl("https://example.org/brief.txt")])
    assert dropped_paths(mime) == []
