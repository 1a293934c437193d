from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gui.dialogs.export import ExportChoice, ExportDialog, default_states, losses
from gui.dialogs.files import with_project_suffix
from storage.formats.registry import format_named, write_formats
from storage.records import State


class FixedPicker:
    """Answers with one path, and remembers whether a folder was asked for."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.asked: list[tuple[Path, bool]] = []

    def export_target(self, parent, suggested: Path, *, is_folder: bool) -> Path | None:
        self.asked.append((suggested, is_folder))
        return self.path


@pytest.fixture
def dialog(qtbot, tmp_path):
    dialog = ExportDialog(None, write_formats(), FixedPicker(tmp_path / "chosen.jsonl"), tmp_path, "straits")
    qtbot.addWidget(dialog)
    dialog.open()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    return dialog


def choose(dialog: ExportDialog, name: str) -> None:
    dialog.format.setCurrentIndex([chosen.name for chosen in write_formats()].index(name))


def test_enter_exports_everything_as_json_lines_beside_the_project(dialog, qtbot, tmp_path):
    with qtbot.waitSignal(dialog.export_requested) as told:
        QTest.keyClick(dialog.path, Qt.Key.Key_Return)
    assert told.args == [ExportChoice("jsonl", frozenset(State), tmp_path / "straits.jsonl")]


def test_training_data_leaves_out_what_nobody_decided(dialog, tmp_path):
    choose(dialog, "spacy")
    assert dialog.choice() == ExportChoice(
        "spacy", frozenset({State.CONFIRMED, State.REJECTED}), tmp_path / "straits-spacy"
    )


def test_what_a_format_loses_is_said():
    assert losses(format_named("jsonl")) == []
    lost = "; ".join(losses(format_named("spacy")))
    assert "links" in lost
    assert "fields" in lost
    assert "rejections" not in lost


def test_a_format_without_negatives_gets_confirmed_spans_only():
    assert default_states(format_named("text")) == {State.CONFIRMED}


def test_a_path_of_ones_own_survives_another_format(dialog, tmp_path):
    dialog.path.setText(str(tmp_path / "mine.jsonl"))
    choose(dialog, "spacy")
    assert dialog.path.text() == str(tmp_path / "mine.jsonl")


def test_a_chosen_path_is_taken_and_a_cancelled_question_changes_nothing(dialog, tmp_path):
    QTest.mouseClick(dialog.browse, Qt.MouseButton.LeftButton)
    assert dialog.path.text() == str(tmp_path / "chosen.jsonl")
    assert dialog._picker.asked == [(tmp_path / "straits.jsonl", False)]
    dialog._picker.path = None
    QTest.mouseClick(dialog.browse, Qt.MouseButton.LeftButton)
    assert dialog.path.text() == str(tmp_path / "chosen.jsonl")


def test_nothing_chosen_cannot_be_exported(dialog):
    for box in dialog.states.values():
        box.setChecked(False)
    assert dialog.choice() is None
    assert not dialog.export.isEnabled()


def test_warnings_come_before_the_export(dialog, tmp_path):
    assert dialog._warning.text() == ""
    (tmp_path / "straits.jsonl").write_text("{}")
    dialog._check()
    assert "will be replaced" in dialog._warning.text()
    dialog.path.setText(str(tmp_path))
    assert "is a folder" in dialog._warning.text()
    dialog.path.setText(str(tmp_path / "no" / "where.jsonl"))
    assert "no folder" in dialog._warning.text()
    choose(dialog, "spacy")
    dialog.path.setText(str(tmp_path))
    assert "not empty" in dialog._warning.text()
    dialog.path.setText(str(tmp_path / "straits.jsonl"))
    assert "needs a folder" in dialog._warning.text()


@pytest.mark.parametrize(
    ("name", "expected"), [("a", "a.sayso"), ("a.SAYSO", "a.SAYSO"), ("report 2.1", "report 2.1.sayso")]
)
def test_new_projects_end_in_sayso(name, expected):
    assert with_project_suffix(Path("/desk") / name) == Path("/desk") / expected


@pytest.mark.parametrize("text", ["~nobody-of-this-name/out.jsonl", "/" + 300 * "n"])
def test_a_path_that_the_system_refuses_is_told_while_it_is_typed(dialog, text):
    dialog.path.setText(text)

    assert dialog._warning.text() in {
        "There is no folder ~nobody-of-this-name.",
        "The export cannot be kept there: File name too long.",
    }
