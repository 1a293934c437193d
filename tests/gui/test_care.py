"""Backups are made beside the work and put back from a dialog, for projects that open and for those that do not."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gui.dialogs.message import MessageDialog
from gui.dialogs.removal import RemovalDialog
from gui.dialogs.restore import BackupsDialog, difference_told
from gui.dialogs.same_paragraph import SameParagraphDialog
from storage.backup import back_up, backup_folder, backups_of
from storage.codebook_file import CodebookFile, write_codebook
from storage.records import Codebook, LabelKind, LabelRecord
from storage.restore import Difference
from storage.thinning import Reason


def _reasons(path) -> list[Reason]:
    return [backup.reason for backup in backups_of(path)]


def _wait_for_backups(desk, path, *reasons: str) -> None:
    desk.qtbot.waitUntil(lambda: _reasons(path) == list(reasons) and not desk.window.keeper.is_busy)


def _click(desk, button) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    desk.settle()


def _backups(desk) -> BackupsDialog:
    desk.window.actions_by_id["project.backups"].trigger()
    (dialog,) = desk.dialogs(BackupsDialog)
    return dialog


def _texts(dialog, row: int) -> list[str]:
    return [dialog.table.item(row, column).text() for column in range(dialog.table.columnCount())]


@pytest.fixture
def path(make_project):
    return make_project()


@pytest.fixture
def desk(make_desk, path):
    desk = make_desk()
    desk.open(path)
    desk.window.keeper.first.stop()
    return desk


def test_a_backup_is_made_after_opening_and_after_some_work_only(desk, path) -> None:
    keeper = desk.window.keeper
    keeper.first.start(0)
    _wait_for_backups(desk, path, "open")
    assert keeper.regular.interval() == 10 * 60_000
    keeper.regular.timeout.emit()  # nothing has changed since
    desk.qtbot.waitUntil(lambda: not keeper.is_busy)
    desk.press("Tab", "Return")
    keeper.regular.timeout.emit()
    _wait_for_backups(desk, path, "work", "open")


def test_a_backup_comes_before_an_import_and_before_a_bulk_action(desk, path, tmp_path) -> None:
    (tmp_path / "new.txt").write_text("Taval answers.", encoding="utf-8")
    desk.files.files = [tmp_path / "new.txt"]
    desk.press("Ctrl+I")
    _wait_for_backups(desk, path, "import")
    desk.qtbot.waitUntil(lambda: not desk.window.transfer.is_busy)
    desk.view.setFocus()
    desk.press("Tab", "X")
    _wait_for_backups(desk, path, "bulk", "import")
    with desk.qtbot.waitSignal(desk.window.flows.session.sweeping):
        desk.press("Tab", "X")
    assert not desk.window.keeper.is_busy, "one backup covers the bulk actions of a while"


def test_a_backup_comes_before_whatever_else_changes_much(desk, tmp_path) -> None:
    """A codebook taken in, a label and its spans removed, all clear mentions linked, a paragraph left out."""
    asked: list[str] = []
    desk.window.flows.session.sweeping.connect(lambda: asked.append(desk.title))
    desk.files.files = [tmp_path / "more.toml"]
    write_codebook(desk.files.files[0], CodebookFile(Codebook((LabelRecord(1, LabelKind.ACTOR, "Island"),))))
    desk.window.actions_by_id["codebook.import"].trigger()
    (question,) = desk.dialogs(MessageDialog)
    _click(desk, question.main_button)
    assert len(asked) == 1
    keeper = desk.window.side._codebook
    keeper._ask_to_remove(next(x for x in desk.window.flows.session.codebook.labels if x.name == "State"))
    (removal,) = desk.dialogs(RemovalDialog)
    _click(desk, removal.remove)
    assert len(asked) == 2
    desk.window.actions_by_id["registry.unlinked"].trigger()
    desk.window.side._registry.words.link_all()
    assert len(asked) == 3
    desk.place("We pay")
    desk.window.actions_by_id["text.exclude.everywhere"].trigger()
    (same,) = desk.dialogs(SameParagraphDialog)
    desk.qtbot.waitUntil(same.exclude.isEnabled)
    _click(desk, same.exclude)
    assert len(asked) == 4


def test_that_backups_cannot_be_made_is_told_once(desk, path) -> None:
    backup_folder(path).write_text("a file in the way", encoding="utf-8")
    for _ in range(2):
        desk.window.keeper.keep("hand")
        desk.qtbot.waitUntil(lambda: not desk.window.keeper.is_busy)
        desk.settle()
    (dialog,) = desk.dialogs(MessageDialog)
    assert "No backup of “briefs.sayso” could be made" in dialog.sentence.text()
    dialog.close()


def test_closing_gives_up_a_backup_under_way(desk, path) -> None:
    desk.window.keeper.keep("hand")
    desk.window.keeper.keep("hand")
    desk.press("Ctrl+W")
    assert desk.window.flows.session is None
    assert len(backups_of(path)) <= 1
    assert not any(entry.name.endswith(".part") for entry in backup_folder(path).glob("*"))


def test_a_backup_is_chosen_compared_and_put_back(desk, path) -> None:
    back_up(path, Reason.WORK)
    desk.press("Tab", "Return")
    assert desk.state("Velmar") == "confirmed"
    dialog = _backups(desk)
    desk.qtbot.waitUntil(lambda: "…" not in dialog.differs.text() and _texts(dialog, 0)[2] == "3")
    assert _texts(dialog, 0)[1:4] == ["during work", "3", "0"]
    assert dialog.differs.text() == "Restoring takes away what came since: 1 decision."
    _click(desk, dialog.make)
    desk.qtbot.waitUntil(lambda: dialog.table.rowCount() == 2 and _texts(dialog, 0)[3] == "1")
    desk.qtbot.waitUntil(lambda: "same documents" in dialog.differs.text())
    QTest.keyClick(dialog.table, Qt.Key.Key_Down)
    _click(desk, dialog.restore)
    (question,) = desk.dialogs(MessageDialog)
    with desk.qtbot.waitSignal(desk.window.flows.session_opened, check_params_cb=lambda session: session is not None):
        _click(desk, question.main_button)
    desk.qtbot.waitUntil(lambda: not desk.dialogs())
    desk.settle()
    assert desk.state("Velmar") == "suggested"
    assert _reasons(path) == ["restore", "hand", "work"]
    assert desk.message.startswith("Restored.")


def test_without_backups_the_dialog_says_when_they_come(desk) -> None:
    dialog = _backups(desk)
    assert "no backup yet" in dialog.say.text()
    assert not dialog.restore.isEnabled()
    dialog.close()


def test_a_project_that_does_not_open_offers_its_backups(empty_desk, path) -> None:
    back_up(path, Reason.WORK)
    path.write_bytes(path.read_bytes()[:5000])
    assert not empty_desk.window.flows.open_path(path)
    (told,) = empty_desk.dialogs(MessageDialog)
    _click(empty_desk, next(b for b in told.findChildren(type(told.copy)) if b.text() == "Restore a backup …"))
    (dialog,) = empty_desk.dialogs(BackupsDialog)
    empty_desk.qtbot.waitUntil(lambda: "cannot be read" in dialog.differs.text())
    assert not dialog.make.isVisible()
    _click(empty_desk, dialog.restore)
    (question,) = empty_desk.dialogs(MessageDialog)
    with empty_desk.qtbot.waitSignal(empty_desk.window.flows.session_opened):
        _click(empty_desk, question.main_button)
    empty_desk.qtbot.waitUntil(lambda: not empty_desk.dialogs())
    assert empty_desk.title == "Harbour brief"
    assert any(entry.name.startswith("damaged") for entry in backup_folder(path).iterdir())


def test_a_backup_that_cannot_be_put_back_leaves_the_project_open(desk, path) -> None:
    made = back_up(path, Reason.WORK).made
    made.path.write_bytes(b"no database")
    desk.window.care.restore(path, made.path)
    desk.qtbot.waitUntil(lambda: any("was not restored" in d.sentence.text() for d in desk.dialogs(MessageDialog)))
    assert desk.title == "Harbour brief"
    for dialog in desk.dialogs():
        dialog.close()


def test_what_differs_is_told_in_words() -> None:
    assert difference_told(Difference(2, 1, 5, 0, ("A", "B"), ("C",))) == (
        "Restoring takes away what came since: 2 documents and 5 decisions.\n"
        "Restoring brings back what is gone: 1 document.\n"
        "− A · − B · + C"
    )
    many = tuple(str(n) for n in range(20))
    assert difference_told(Difference(30, 0, 0, 0, many, ())).endswith("− 0 · − 1 · − 2 · and 27 more")
