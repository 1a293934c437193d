"""The check on screen: it tells what is sound and what is not, mends, and saves what can be read."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gui.care import _kept_findings
from gui.dialogs.check import CheckDialog, result_text
from gui.dialogs.message import MessageDialog
from storage.backup import back_up, backups_of
from storage.findings import Finding, Repair
from storage.project import Project
from storage.thinning import Reason


@pytest.fixture
def path(make_project):
    return make_project()


def _alter(path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.executescript(statement)
        other.commit()


def _click(desk, button) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    desk.settle()


def _button(dialog, text: str):
    return next(button for button in dialog.findChildren(type(dialog.copy)) if button.text() == text)


def _checked(desk) -> CheckDialog:
    desk.window.actions_by_id["project.check"].trigger()
    (dialog,) = desk.dialogs(CheckDialog)
    desk.qtbot.waitUntil(dialog.bar.isHidden)
    return dialog


def test_a_sound_project_is_told_so(desk) -> None:
    dialog = _checked(desk)
    assert dialog.title.text() == "briefs is sound"
    assert not dialog.repair.isVisible()
    assert dialog.shut.text() == "Close"
    dialog.close()


def test_what_is_found_is_listed_mended_and_shown(make_desk, path) -> None:
    back_up(path, Reason.OPEN)
    _alter(
        path, "UPDATE document_text SET text = 'lost' WHERE document_id = 1; UPDATE document_progress SET undecided = 9"
    )
    desk = make_desk()
    desk.window.flows.open_path(path)
    for dialog in desk.dialogs(MessageDialog):  # the first document cannot be shown
        dialog.close()
    dialog = _checked(desk)
    assert "problems found in briefs" in dialog.title.text()
    assert "from the newest backup" in dialog.list.toPlainText()
    _click(desk, dialog.repair)
    desk.qtbot.waitUntil(lambda: dialog.title.text() == "briefs is sound")
    assert "Mended" in dialog.list.toPlainText()
    _click(desk, dialog.shut)
    desk.qtbot.waitUntil(lambda: desk.window.workspace.document_id is not None)
    assert desk.text.startswith("Velmar said on Monday")


def test_stopping_a_check_leaves_everything_as_it_is(desk) -> None:
    desk.window.actions_by_id["project.check"].trigger()
    (dialog,) = desk.dialogs(CheckDialog)
    _click(desk, dialog.shut)
    desk.qtbot.waitUntil(lambda: not desk.dialogs())
    assert _checked(desk).title.text() == "briefs is sound"


def test_a_look_after_opening_tells_of_damage(make_desk, path) -> None:
    desk = make_desk()
    desk.open(path)
    _alter(path, "UPDATE fragment SET start_cp = start_cp + 1")
    assert desk.window.care.look.isActive()
    desk.window.care.look.start(0)
    desk.qtbot.waitUntil(lambda: bool(desk.dialogs(MessageDialog)))
    (told,) = desk.dialogs(MessageDialog)
    assert "does not stand where" in told.sentence.text()
    _click(desk, _button(told, "Check the project …"))
    (dialog,) = desk.dialogs(CheckDialog)
    desk.qtbot.waitUntil(dialog.repair.isVisible)
    dialog.close()


def test_a_look_at_the_end_of_work_tells_of_damage(make_desk, path) -> None:
    desk = make_desk()
    desk.open(path)
    desk.window.care.look.stop()
    desk.press("Tab", "Return")
    _alter(path, "UPDATE document_text SET text = 'lost'")
    desk.press("Ctrl+W")
    (told,) = desk.dialogs(MessageDialog)
    assert "not what was imported" in told.sentence.text()
    told.close()


def test_damage_found_while_the_window_closes_is_told_after_the_next_opening_and_once(make_desk, path) -> None:
    desk = make_desk()
    desk.open(path)
    desk.window.care.look.stop()
    desk.press("Tab", "Return")
    _alter(path, "UPDATE document_text SET text = text || 'x' WHERE document_id = 1")
    assert desk.frame.close()
    _alter(path, "UPDATE document_text SET text = substr(text, 1, length(text) - 1) WHERE document_id = 1")
    desk = make_desk()
    desk.open(path)
    desk.window.care.look.start(0)
    desk.qtbot.waitUntil(lambda: bool(desk.dialogs(MessageDialog)))
    (told,) = desk.dialogs(MessageDialog)
    assert told.sentence.text().startswith("Found when this project was closed last: ")
    assert "not what was imported" in told.sentence.text()
    assert _button(told, "Check the project …").isVisible()
    told.close()
    desk.window.care.look.start(0)
    desk.qtbot.waitUntil(lambda: not desk.window.care.look.isActive())
    desk.qtbot.waitUntil(lambda: not desk.window.care._looking.is_busy)
    desk.settle()
    assert desk.dialogs() == []


@pytest.mark.parametrize("kept", [5, "lost", {"a": 1}, [["lost"], None]])
def test_what_a_stranger_kept_instead_of_findings_is_not_told(make_project, kept) -> None:
    with Project.open(make_project()) as project:
        project.store_setting("found_last", kept)
        assert _kept_findings(project) == []


def test_what_can_be_read_of_a_damaged_project_is_saved_into_a_new_one(empty_desk, path, tmp_path) -> None:
    desk = empty_desk
    data = bytearray(path.read_bytes())
    data[:100] = bytes(100)
    path.write_bytes(data)
    assert not desk.window.flows.open_path(path)
    (told,) = desk.dialogs(MessageDialog)
    assert "its beginning is lost" in told.sentence.text()
    desk.files.project = tmp_path / "saved.sayso"
    with desk.qtbot.waitSignal(desk.window.flows.session_opened):
        _click(desk, _button(told, "Save what can be read …"))
    desk.settle()
    assert desk.title == "Harbour brief"
    assert desk.project.path == tmp_path / "saved.sayso"
    desk.qtbot.waitUntil(lambda: [d.windowTitle() for d in desk.dialogs()] == ["Saved what could be read"])
    assert "lost 0" in desk.dialogs(MessageDialog)[0].details.toPlainText()
    assert backups_of(path) == []


def test_findings_stand_below_what_would_be_done_about_them() -> None:
    found = [
        Finding("A page is torn."),
        Finding("Miscounted 1.", Repair.RECOUNT),
        Finding("Miscounted 2.", Repair.RECOUNT),
    ]
    assert result_text(found, [Finding("A link.", Repair.DROP_LINK)]) == (
        "Nothing here can mend these; a backup may have them sound.\n"
        "  • A page is torn.\n  • Miscounted 1.\n  • Miscounted 2.\n\n"
        "Mended\n  • A link."
    )
    assert result_text(found, ()) == (
        "Count the progress of the documents anew.\n  • Miscounted 1.\n  • Miscounted 2.\n\n"
        "Nothing here can mend these; a backup may have them sound.\n  • A page is torn."
    )
