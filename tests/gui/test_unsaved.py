"""Words that could not be saved are kept, shown as such, saved as soon as it works, and not left behind unasked."""

import pytest

from gui.dialogs.message import MessageDialog, UnsavedDialog
from storage.operations.codebook import add_field
from storage.queries import fields_of
from storage.records import FieldRecord, FieldType, LabelKind


def _write_note(desk, words="Half a thought"):
    desk.press("Tab", "N")
    desk.type(words)
    desk.press("Esc")


def _close_problem(desk):
    for dialog in desk.dialogs(MessageDialog):
        dialog.accept()
    desk.settle()


def _dialog(desk):
    (dialog,) = desk.dialogs()
    assert isinstance(dialog, UnsavedDialog)
    return dialog


def test_a_note_that_could_not_be_saved_stays_on_its_card_and_is_marked(desk, full_disk):
    _write_note(desk)
    _close_problem(desk)
    desk.press("Tab", "Shift+Tab")

    assert desk.card.note.toPlainText() == "Half a thought"
    assert desk.card.note.property("invalid")
    assert desk.saved == "▲ not saved"
    assert desk.stored("Velmar").note == ""


def test_it_is_saved_with_the_next_decision_that_is(desk, full_disk, qtbot):
    _write_note(desk)
    _close_problem(desk)
    full_disk.free()
    desk.press("Tab", "Return")

    qtbot.waitUntil(lambda: desk.stored("Velmar").note == "Half a thought")
    assert desk.saved == "● saved"
    desk.view.focus_span(desk.stored("Velmar").id)
    assert not desk.card.note.property("invalid")


@pytest.mark.parametrize("is_typing", [True, False], ids=["while typing", "later"])
def test_closing_the_window_asks_and_stays(desk, full_disk, is_typing):
    if is_typing:
        desk.press("Tab", "N")
        desk.type("Half a thought")
    else:
        _write_note(desk)
        _close_problem(desk)
    desk.frame.close()
    desk.settle()
    dialog = _dialog(desk)
    assert "the disk is full" in dialog.sentence.text()
    assert dialog.copied_text() == "Half a thought"
    dialog.stay.click()
    desk.settle()

    assert desk.frame.isVisible()
    assert desk.card.note.toPlainText() == "Half a thought"
    desk.press("Tab")
    assert desk.focused is not None


def test_trying_again_saves_and_goes(desk, full_disk, make_desk):
    path = desk.project.path
    _write_note(desk)
    _close_problem(desk)
    desk.frame.close()
    desk.settle()
    desk.press("Return")  # still full: asked again
    assert desk.frame.isVisible()
    full_disk.free()
    _dialog(desk)
    desk.press("Return")

    assert not desk.frame.isVisible()
    again = make_desk()
    again.open(path)
    assert again.stored("Velmar").note == "Half a thought"


def test_closing_without_the_words_is_a_choice(desk, full_disk):
    _write_note(desk)
    _close_problem(desk)
    desk.frame.close()
    desk.settle()
    _dialog(desk).leave.click()
    desk.settle()

    assert not desk.frame.isVisible()


def test_who_is_told_twice_to_end_ends(desk, full_disk):
    """As a session that ends sends SIGTERM, and again."""
    _write_note(desk)
    _close_problem(desk)
    desk.frame.close()
    desk.settle()
    assert desk.frame.isVisible()
    desk.frame.close()
    desk.settle()

    assert not desk.frame.isVisible()


@pytest.mark.parametrize("how", ["close", "open"])
def test_leaving_the_project_asks_too(desk, full_disk, make_project, how):
    first, other = desk.project.path, make_project("other")
    _write_note(desk)
    _close_problem(desk)
    if how == "close":
        desk.window.flows.close()
    else:
        desk.window.flows.open_path(other)
    assert desk.project.path == first
    full_disk.free()
    _dialog(desk)
    desk.press("Return")
    if how == "open":
        assert desk.project.path == other
    desk.open(first)

    assert desk.stored("Velmar").note == "Half a thought"


def test_a_field_of_text_is_kept_like_a_note(desk, fill_disk, qtbot):
    field = FieldRecord(0, "Forum", LabelKind.ACTOR, FieldType.TEXT)
    desk.window.flows.session.do(add_field, field)
    disk = fill_disk()
    desk.press("Tab", "F")
    desk.type("council of Karsk")
    desk.press("Return")
    _close_problem(desk)
    desk.press("Tab", "Shift+Tab")
    assert desk.card.fields.editors[-1].control.text() == "council of Karsk"
    disk.free()
    desk.press("Tab", "Return")

    qtbot.waitUntil(lambda: fields_of(desk.project, [desk.stored("Velmar").id]) != {})
    assert "council of Karsk" in fields_of(desk.project, [desk.stored("Velmar").id])[desk.stored("Velmar").id].values()


def test_words_about_a_span_that_is_gone_are_told_and_do_not_keep_anyone(desk, fill_disk):
    desk.select("The talks")
    desk.press("4", "N")
    disk = fill_disk()
    desk.type("Half a thought")
    desk.press("Esc")
    _close_problem(desk)
    span = desk.stored("The talks")
    disk.free()
    desk.press("Backspace")
    (dialog,) = desk.dialogs(MessageDialog)
    assert dialog.sentence.text()
    dialog.accept()
    assert desk.stored("The talks") is None, span
    desk.frame.close()
    desk.settle()

    assert not desk.frame.isVisible()
