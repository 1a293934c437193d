from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLabel, QWidget

from gui.dialogs.export import ExportChoice, ExportDialog, default_states
from gui.dialogs.files import with_project_suffix
from storage.formats.losses import Losses
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
    dialog.format.choose(name)


def test_enter_exports_everything_as_json_lines_beside_the_project(dialog, qtbot, tmp_path):
    with qtbot.waitSignal(dialog.export_requested) as told:
        QTest.keyClick(dialog.path, Qt.Key.Key_Return)
    assert told.args == [ExportChoice("jsonl", frozenset(State), tmp_path / "straits.jsonl", {"project": "with"})]


def test_training_data_leaves_out_what_nobody_decided(dialog, tmp_path):
    choose(dialog, "spacy")
    assert dialog.choice() == ExportChoice(
        "spacy", frozenset({State.CONFIRMED, State.REJECTED}), tmp_path / "straits-spacy"
    )


class Counter:
    """Tells the losses when it is asked to."""

    def __init__(self) -> None:
        self.asked = []

    def __call__(self, chosen, include, then) -> None:
        self.asked.append((chosen.name, include, then))

    def answer(self, *losses: tuple[str, str]) -> None:
        found = Losses()
        for what, why in losses:
            found.add(what, why, count=1_234)
        self.asked[-1][2](found)


@pytest.fixture
def counter() -> Counter:
    return Counter()


@pytest.fixture
def counting(qtbot, tmp_path, counter):
    dialog = ExportDialog(None, write_formats(), FixedPicker(None), tmp_path, "straits", counter)
    qtbot.addWidget(dialog)
    dialog.open()
    qtbot.waitUntil(lambda: len(counter.asked) == 1)
    return dialog


def test_what_the_project_would_lose_is_counted_and_told(counting, counter, qtbot):
    counter.answer()
    assert counting.losses.sentence.text() == "Nothing of this project."
    assert not counting.losses.list.isVisible()
    choose(counting, "graphml")
    qtbot.waitUntil(lambda: len(counter.asked) == 2)
    choose(counting, "spacy")
    qtbot.waitUntil(lambda: len(counter.asked) == 3)
    counter.answer(("split spans", "no place"))
    assert counting.losses.list.toPlainText() == "1,234 split spans: no place"
    assert counting.losses.list.isVisible()


@pytest.mark.parametrize("name", ["label-studio", "brat", "graphml", "spacy"])
def test_every_line_has_room(counting, counter, qtbot, name):
    def needed(part: QWidget) -> int:
        return part.heightForWidth(part.width()) if part.hasHeightForWidth() else part.minimumSizeHint().height()

    def squeezed() -> list[QWidget]:
        parts = [*counting.findChildren(QLabel), *counting.findChildren(QCheckBox)]
        return [part for part in parts if part.isVisible() and part.height() < needed(part)]

    counter.answer()
    choose(counting, name)
    qtbot.waitUntil(lambda: len(counter.asked) == 2)
    counter.answer(("links between spans", "this format has no place for them"))
    qtbot.waitUntil(lambda: not squeezed())


def test_losses_of_another_choice_come_too_late(counting, counter, qtbot):
    first = counter.asked[0][2]
    counting.states[State.SUGGESTED].click()
    qtbot.waitUntil(lambda: len(counter.asked) == 2)
    assert counter.asked[1][1] == {State.CONFIRMED, State.REJECTED}
    late = Losses()
    late.add("links", "late")
    first(late)
    assert counting.losses.sentence.text() == "Counting …"


def test_headings_cannot_be_chosen_and_keys_pass_over_them(dialog):
    seen = []
    dialog.format.setFocus()
    for _ in range(len(write_formats()) - 1):
        QTest.keyClick(dialog.format, Qt.Key.Key_Down)
        seen.append(dialog.format.chosen().name)
    assert set(seen) | {"jsonl"} == {chosen.name for chosen in write_formats()}


def test_a_formats_own_choices_are_offered(dialog, tmp_path):
    choose(dialog, "graphml")
    QTest.keyClick(dialog.options.boxes["network"], Qt.Key.Key_Down)
    assert dialog.choice().options == {"network": "actor-actor", "claims-by": "label", "slices": "none"}
    choose(dialog, "prodigy")
    assert dialog.choice().options == {}
    assert not dialog.options.isVisible()


def test_a_path_without_a_folder_lies_beside_the_project(dialog, tmp_path):
    dialog.path.setText("mine.jsonl")
    assert dialog.choice().path == tmp_path / "mine.jsonl"


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
def test_a_path_that_the_system_refuses_is_told_while_it_is_typed(dialog, text, tmp_path):
    dialog.path.setText(text)

    assert dialog._warning.text() in {
        f"There is no folder {tmp_path / '~nobody-of-this-name'}.",
        "The export cannot be kept there: File name too long.",
    }


def test_a_folder_that_holds_something_gets_the_export_as_a_folder_in_it(dialog, tmp_path):
    choose(dialog, "xmi")
    full, empty = tmp_path / "full", tmp_path / "empty"
    full.mkdir()
    empty.mkdir()
    (full / "notes.txt").touch()
    for folder, chosen in ((full, full / "straits-xmi"), (empty, empty)):
        dialog._picker.path = folder
        QTest.mouseClick(dialog.browse, Qt.MouseButton.LeftButton)
        assert dialog.path.text() == str(chosen)
    dialog.path.setText(str(full))
    assert "not empty; choose a new one" in dialog._warning.text()
