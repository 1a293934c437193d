"""Encrypted projects in the window: made, opened by passphrase, backed up, given another passphrase."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from gui.dialogs.export import ExportDialog
from gui.dialogs.message import MessageDialog
from gui.dialogs.passphrase import ChangePassphraseDialog, PassphraseDialog
from gui.dialogs.restore import BackupsDialog
from gui.sample import sample_path
from storage import keys
from storage.backup import back_up, backups_of
from storage.passphrase import change_passphrase
from storage.restore import contents_of
from storage.thinning import Reason

pytest.importorskip("sqlcipher3")

SECRET, OTHER = "harbour lights at dusk", "other lights, other harbour"


@pytest.fixture(autouse=True)
def quick(monkeypatch) -> None:
    monkeypatch.setattr(keys, "_ROUNDS", 10)


@pytest.fixture
def closed(make_project):
    """The briefs, encrypted."""
    path = make_project()
    change_passphrase(path, None, SECRET)
    for backup in backups_of(path):
        backup.path.unlink()
    return path


def _click(desk, button) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    desk.settle()


def _answer(desk, passphrase: str) -> None:
    """Type a passphrase into the dialog that asks for it."""
    desk.qtbot.waitUntil(lambda: len(desk.dialogs(PassphraseDialog)) == 1)
    (dialog,) = desk.dialogs(PassphraseDialog)
    QTest.keyClicks(dialog.line, passphrase)
    QTest.keyClick(dialog.line, Qt.Key.Key_Return)
    desk.settle()


@pytest.fixture
def desk(make_desk, closed):
    desk = make_desk()
    assert not desk.window.flows.open_path(closed)
    _answer(desk, SECRET)
    assert desk.title == "Harbour brief"
    desk.window.keeper.first.stop()
    desk.window.care.look.stop()
    return desk


def test_a_wrong_passphrase_is_told_and_asked_for_again(empty_desk, closed) -> None:
    empty_desk.window.flows.open_path(closed)
    _answer(empty_desk, "something else")
    (dialog,) = empty_desk.dialogs(PassphraseDialog)
    assert "not the passphrase" in dialog.warning.text()
    _answer(empty_desk, SECRET)
    assert empty_desk.title == "Harbour brief"
    settings = empty_desk.settings
    settings.save()
    assert SECRET not in settings.text("recent") + settings.text("last")


def test_work_is_backed_up_and_restored_under_the_same_passphrase(desk, closed) -> None:
    desk.window.keeper.keep("work")
    desk.qtbot.waitUntil(lambda: len(backups_of(closed)) == 1)
    desk.press("Tab", "Return")
    desk.window.actions_by_id["project.backups"].trigger()
    (dialog,) = desk.dialogs(BackupsDialog)
    desk.qtbot.waitUntil(lambda: "1 decision" in dialog.differs.text())
    _click(desk, dialog.restore)
    (question,) = desk.dialogs(MessageDialog)
    with desk.qtbot.waitSignal(desk.window.flows.session_opened, check_params_cb=lambda s: s is not None):
        _click(desk, question.main_button)
    desk.qtbot.waitUntil(lambda: not desk.dialogs())
    assert desk.state("Velmar") == "suggested"


def test_the_passphrase_is_changed_and_the_project_comes_back(desk, closed) -> None:
    desk.window.actions_by_id["project.passphrase"].trigger()
    (dialog,) = desk.dialogs(ChangePassphraseDialog)
    assert dialog.warning.text() == "Type the present passphrase first."
    QTest.keyClicks(dialog.former, SECRET)
    QTest.keyClicks(dialog.new.first, OTHER)
    QTest.keyClicks(dialog.new.again, OTHER)
    with desk.qtbot.waitSignal(desk.window.flows.session_opened, check_params_cb=lambda s: s is not None):
        _click(desk, dialog.do)
    desk.qtbot.waitUntil(lambda: not desk.dialogs())
    desk.press("Ctrl+W")
    desk.window.flows.open_path(closed)
    _answer(desk, OTHER)
    assert desk.title == "Harbour brief"
    # The backup from before has the former passphrase, which is asked for.
    desk.window.care.restore(closed, backups_of(closed)[0].path)
    with desk.qtbot.waitSignal(desk.window.flows.session_opened, check_params_cb=lambda s: s is not None):
        _answer(desk, SECRET)
    desk.qtbot.waitUntil(lambda: not desk.dialogs())


def test_a_wrong_former_passphrase_changes_nothing(desk) -> None:
    desk.window.actions_by_id["project.passphrase"].trigger()
    (dialog,) = desk.dialogs(ChangePassphraseDialog)
    QTest.keyClicks(dialog.former, "something else")
    QTest.keyClick(dialog.none, Qt.Key.Key_Space)
    _click(desk, dialog.do)
    desk.qtbot.waitUntil(lambda: any("not the passphrase" in d.sentence.text() for d in desk.dialogs(MessageDialog)))
    assert desk.title == "Harbour brief"
    for dialog in desk.dialogs():
        dialog.close()


def test_a_sample_that_was_encrypted_asks_for_its_passphrase(empty_desk) -> None:
    flows = empty_desk.window.flows
    flows.open_sample()
    empty_desk.press("Ctrl+W")
    change_passphrase(sample_path(), None, SECRET)
    flows.open_sample()
    _answer(empty_desk, SECRET)
    assert flows.session is not None


def test_exporting_says_that_the_export_is_not_encrypted(desk) -> None:
    desk.press("Ctrl+E")
    (dialog,) = desk.dialogs(ExportDialog)
    assert dialog.plain.isVisible()
    dialog.close()


def test_backups_with_the_former_passphrase_are_removed_by_choice_and_a_new_one_made(desk, closed) -> None:
    back_up(closed, Reason.HAND, key=desk.window.flows.session.project.key)
    desk.window.actions_by_id["project.passphrase"].trigger()
    (dialog,) = desk.dialogs(ChangePassphraseDialog)
    assert "(1)" in dialog.drop.text()
    QTest.keyClicks(dialog.former, SECRET)
    QTest.keyClicks(dialog.new.first, OTHER)
    QTest.keyClicks(dialog.new.again, OTHER)
    QTest.keyClick(dialog.drop, Qt.Key.Key_Space)
    _click(desk, dialog.do)
    desk.qtbot.waitUntil(lambda: "Backups made before were removed (1)" in desk.message)
    desk.qtbot.waitUntil(lambda: not desk.dialogs())
    (kept,) = backups_of(closed)
    assert contents_of(kept.path, desk.window.flows.session.project.key).documents > 0


def test_what_can_be_read_of_a_damaged_project_is_saved_with_its_passphrase(empty_desk, closed, tmp_path) -> None:
    closed.write_bytes(closed.read_bytes()[:-100])
    empty_desk.files.project = tmp_path / "saved.sayso"
    empty_desk.window.flows.open_path(closed)
    _answer(empty_desk, SECRET)
    (problem,) = empty_desk.dialogs(MessageDialog)
    assert "its end is missing" in problem.sentence.text()
    (button,) = [each for each in problem.findChildren(QPushButton) if each.text().startswith("Save what")]
    _click(empty_desk, button)
    _answer(empty_desk, SECRET)
    empty_desk.qtbot.waitUntil(lambda: empty_desk.title == "Harbour brief")
    assert empty_desk.window.flows.session.project.key is not None
    for dialog in empty_desk.dialogs():
        dialog.close()
