from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gui.dialogs.new_project import NewProjectDialog
from storage.codebook_file import write_codebook
from storage.codebooks import starter, starters


class Files:
    """A file dialog that answers at once."""

    def __init__(self):
        self.project = None
        self.codebook = None

    def new_project(self, _parent, _folder):
        return self.project

    def import_files(self, _parent, _folder, extensions):
        assert extensions == [".toml"]
        return [self.codebook] if self.codebook else []


@pytest.fixture
def files():
    return Files()


@pytest.fixture
def dialog(qtbot, tmp_path, files):
    dialog = NewProjectDialog(None, starters(), files, tmp_path)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def test_enter_makes_a_project_with_the_first_codebook(dialog, qtbot, tmp_path):
    with qtbot.waitSignal(dialog.create_requested) as told:
        QTest.keyClick(dialog.path, Qt.Key.Key_Return)
    assert told.args == [tmp_path / "project.sayso", starter("actors-and-claims"), None]


def test_typing_gives_the_file_another_name_in_the_folder_that_was_proposed(dialog, qtbot, tmp_path):
    QTest.keyClicks(dialog.path, "Orsk desk")
    assert dialog.path.text() == str(tmp_path / "Orsk desk.sayso")
    QTest.keyClick(dialog.path, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(dialog.path, "Taval")
    assert str(tmp_path / "Taval.sayso") in dialog.place.text()
    with qtbot.waitSignal(dialog.create_requested) as told:
        QTest.keyClick(dialog.path, Qt.Key.Key_Return)
    assert told.args[0] == tmp_path / "Taval.sayso"


def test_a_whole_path_is_typed_from_its_first_slash(dialog, qtbot, tmp_path):
    QTest.keyClick(dialog.path, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(dialog.path, str(tmp_path / "Orsk"))
    with qtbot.waitSignal(dialog.create_requested) as told:
        QTest.keyClick(dialog.path, Qt.Key.Key_Return)
    assert told.args[0] == tmp_path / "Orsk.sayso"


def test_another_codebook_is_chosen_by_key(dialog, qtbot, tmp_path):
    dialog.path.setText(str(tmp_path / "Orsk"))
    dialog.choice.buttons[0].setFocus()
    QTest.keyClick(dialog.choice.buttons[0], Qt.Key.Key_Down)
    with qtbot.waitSignal(dialog.create_requested) as told:
        QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert told.args == [tmp_path / "Orsk.sayso", starter("political-claims"), None]


def test_what_is_wrong_with_the_place_is_told(dialog, tmp_path):
    (tmp_path / "there.sayso").touch()
    for path, said in (
        ("", "Choose where"),
        ("/", "is a folder"),
        (".", "is a folder"),
        ("..", "is a folder"),
        (str(tmp_path), "is a folder"),
        (str(tmp_path / "no" / "x"), "no folder"),
        (str(tmp_path / "there"), "there already"),
    ):
        dialog.path.setText(path)
        assert said in dialog.warning.text()
        assert not dialog.create_button.isEnabled()
    dialog.path.setText(str(tmp_path / "free"))
    assert dialog.create_button.isEnabled()
    assert dialog.warning.isHidden()


def test_a_name_that_is_taken_is_not_proposed(qtbot, tmp_path, files):
    (tmp_path / "project.sayso").touch()
    dialog = NewProjectDialog(None, starters(), files, tmp_path)
    qtbot.addWidget(dialog)
    assert dialog.path.text() == str(tmp_path / "project2.sayso")


def test_a_file_of_ones_own_is_read_and_what_is_wrong_in_it_told(dialog, qtbot, tmp_path, files):
    dialog.choice.own.click()
    assert dialog.warning.text() == "Choose the codebook file."
    files.codebook = tmp_path / "own.toml"
    files.codebook.write_text('format = "sayso-codebook"\nversion = 1\nlabel = 1\n', "utf-8")
    dialog.choice.own.click()
    assert "“own.toml”, line 3: label: there is no such key" in dialog.warning.text()
    assert not dialog.create_button.isEnabled()
    write_codebook(files.codebook, starter("plain-ner"))
    dialog.choice.own.click()
    with qtbot.waitSignal(dialog.create_requested) as told:
        dialog.create_button.click()
    assert told.args[1] == starter("plain-ner")


def test_the_place_can_be_chosen(dialog, tmp_path, files):
    files.project = tmp_path / "chosen.sayso"
    dialog.browse.click()
    assert dialog.path.text() == str(tmp_path / "chosen.sayso")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("~nobody-of-this-name/desk", "There is no folder "),
        ("/" + 300 * "n", "The project cannot be kept there: File name too long."),
    ],
)
def test_a_path_that_the_system_refuses_is_told_while_it_is_typed(dialog, text, problem):
    dialog.path.setText(text)

    assert dialog.warning.text().startswith(problem)
    assert not dialog.create_button.isEnabled()


def test_a_passphrase_is_typed_twice_before_an_encrypted_project_is_made(dialog, qtbot, tmp_path):
    dialog.path.setText(str(tmp_path / "closed"))
    assert dialog.secret.isHidden()
    QTest.keyClick(dialog.encrypt, Qt.Key.Key_Space)
    assert "at least 8 characters" in dialog.warning.text()
    QTest.keyClicks(dialog.secret.first, "harbour lights")
    assert dialog.warning.text() == "The two lines are not the same."
    QTest.keyClicks(dialog.secret.again, "harbour lights")
    with qtbot.waitSignal(dialog.create_requested) as told:
        dialog.create_button.click()
    assert told.args[2] == "harbour lights"


def test_typing_replaces_the_name_alone_in_a_folder_called_by_a_picture(qtbot, tmp_path, files):
    folder = tmp_path / "\N{CARD INDEX DIVIDERS}\N{CARD INDEX DIVIDERS}"
    folder.mkdir()
    dialog = NewProjectDialog(None, starters(), files, folder)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(dialog)
    dialog.show()
    QTest.keyClicks(dialog.path, "Orsk")
    assert dialog.path.text() == str(folder / "Orsk.sayso")
