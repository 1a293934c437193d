"""What is opened and closed again, dialogs and projects, leaves no object behind: no widget, timer or thread."""

from __future__ import annotations

from collections import Counter

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

from gui.tasks import Task

ROUNDS = 3
DIALOGS = (
    "project.new",
    "import.choose",
    "project.export",
    "project.backups",
    "project.check",
    "project.passphrase",
    "document.describe",
    "text.repeats",
    "text.exclude.everywhere",
    "suggestion.scores",
    "suggest.blocked",
    "help.palette",
    "help.keys",
    "keys.change",
    "help.about",
    "mention.actor",
    "span.equal",
)


@pytest.fixture
def full_desk(desk, tmp_path):
    """The window with all its tabs made, and a file to be imported."""
    (tmp_path / "new.txt").write_text("Taval answers.", encoding="utf-8")
    desk.files.files = [tmp_path / "new.txt"]
    desk.press("Ctrl+Shift+A", "Esc")
    return desk


def _objects(desk) -> Counter[str]:
    """Count the objects of the window and of whatever stands beside it, by class, once all threads have ended."""

    def is_quiet() -> bool:
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        return not desk.frame.findChildren(Task)

    desk.settle()
    desk.qtbot.waitUntil(is_quiet)
    every = {child for top in QApplication.topLevelWidgets() for child in (top, *top.findChildren(QObject))}
    return Counter(type(child).__name__ for child in every)


def _left(before: Counter[str], after: Counter[str]) -> dict[str, int]:
    """Return of which objects each round left one; what Qt makes once, when it is first needed, is not left behind."""
    return {name: more for name, more in (after - before).items() if more >= ROUNDS}


def _open_and_close(desk, ident: str) -> None:
    desk.view.focus_span(desk.stored("Velmar").id)
    desk.view.setFocus()
    desk.window.actions_by_id[ident].trigger()
    for dialog in desk.dialogs():
        dialog.close()
    desk.press("Esc")


def test_a_dialog_that_was_closed_is_gone(full_desk) -> None:
    left = {}
    for ident in DIALOGS:
        _open_and_close(full_desk, ident)
        before = _objects(full_desk)
        for _ in range(ROUNDS):
            _open_and_close(full_desk, ident)
        left[ident] = _left(before, _objects(full_desk))
    assert {ident: more for ident, more in left.items() if more} == {}


def test_a_project_that_was_left_is_gone(full_desk, make_project) -> None:
    paths = [full_desk.project.path, make_project("other")]
    full_desk.open(paths[1])
    full_desk.open(paths[0])
    before = _objects(full_desk)
    for _ in range(ROUNDS):
        full_desk.open(paths[1])
        full_desk.open(paths[0])
    assert _left(before, _objects(full_desk)) == {}
