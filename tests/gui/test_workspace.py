"""The place is kept and found again; the screen follows the file, also where the file refuses."""

import sqlite3

import pytest

from gui.dialogs.message import MessageDialog
from gui.place import PLACE, Place
from storage.errors import StorageFullError
from storage.project import Project

CLAIM = "that Orsk would pay for the harbour"
LONG = "\n\n".join(f"Paragraph {n}: Velmar and Orsk speak of the harbour once more." for n in range(120))


@pytest.fixture
def long_desk(make_desk, make_project, proposal):
    desk = make_desk()
    long = proposal(LONG)
    long.span("state", "Velmar", after="Paragraph 70:")
    desk.open(make_project("long", [long, proposal("Another note.")]))
    return desk


def _again(desk, make_desk):
    path = desk.project.path
    desk.press("Ctrl+Q")
    desk.qtbot.waitUntil(lambda: not desk.frame.isVisible())
    again = make_desk()
    again.window.open_first(None, is_sample=False)
    again.settle()
    assert again.project.path == path
    return again


def test_a_restart_comes_back_to_document_scroll_cursor_and_focus(long_desk, make_desk):
    long_desk.press("Tab")
    before = (long_desk.focused, long_desk.view.first_visible_cp(), long_desk.view.cursor_cp)
    assert before[1] > 0
    again = _again(long_desk, make_desk)

    assert (again.focused, again.view.first_visible_cp(), again.view.cursor_cp) == before
    assert again.view.hasFocus()


def test_a_page_on_the_next_suggestion_is_looked_for_from_there(long_desk):
    long_desk.press("PgDown", "PgDown")
    there = long_desk.view.cursor_cp
    assert there > 500
    assert long_desk.view.first_visible_cp() > 0
    long_desk.press("Shift+PgUp")
    assert long_desk.view.selection()[0].end_cp <= there
    long_desk.press("Tab")
    assert long_desk.view.focused_span.start_cp > 500


def test_each_document_keeps_its_own_place(long_desk):
    long_desk.press("Tab")
    before = (long_desk.focused, long_desk.view.first_visible_cp())
    long_desk.press("Ctrl+PgDown", "Ctrl+PgUp")

    assert (long_desk.focused, long_desk.view.first_visible_cp()) == before


def test_a_restart_comes_back_to_the_second_document(desk, make_desk):
    desk.press("Ctrl+PgDown", "Tab", "Tab")
    again = _again(desk, make_desk)

    assert (again.title, again.focused) == ("The islands wait", "Velmar")


def test_window_size_zoom_theme_and_font_come_back(desk, make_desk):
    desk.frame.resize(1100, 700)
    desk.press("Ctrl++", "Ctrl++")
    for ident in ("theme.dark", "font.sans"):
        desk.window.actions_by_id[ident].trigger()
    zoom = desk.view.zoom_percent
    again = make_desk_after(desk, make_desk)

    assert zoom > 100
    assert again.view.zoom_percent == zoom
    assert again.window.looks.themes.theme.is_dark
    assert again.window.actions_by_id["font.sans"].isChecked()
    assert again.settings.data("geometry").size() > 0


def make_desk_after(desk, make_desk):
    desk.press("Ctrl+Q")
    return make_desk()


def test_place_is_kept_while_working_and_not_only_at_the_end(desk):
    desk.press("Tab", "Tab")
    desk.qtbot.waitUntil(lambda: Place.read(desk.project.setting(PLACE)).focus == desk.view.focused_span_id)


def test_place_is_kept_even_if_the_analyst_never_rests(desk):
    timer = desk.window.workspace._place._soon
    timer.stop()
    timer.setInterval(3_600_000)  # it does not run out here, however slow the machine
    desk.press("Tab")
    first = timer.remainingTime()
    for _ in range(5):
        desk.press("Tab", "Shift+Tab")

    assert timer.isActive()
    assert timer.remainingTime() <= first


@pytest.mark.parametrize(
    "kept",
    [None, 7, "x", [], {"document": "1"}, {"document": 10**30}, {"document": 1, "cursor": 10**9, "scroll": -5}],
    ids=repr,
)
def test_a_place_that_makes_no_sense_leads_to_the_beginning(desk, make_desk, make_project, kept):
    path = make_project("odd")
    with Project.open(path) as project:
        project.store_setting(PLACE, kept)
        project.store_setting(f"{PLACE}.1", kept)
    desk.open(path)

    assert desk.title == "Harbour brief"
    assert desk.dialogs() == []
    desk.press("Tab")
    assert desk.saved == "● saved"


def test_a_focus_that_is_gone_is_not_missed(desk, make_desk):
    desk.select("The talks")
    desk.press("4")
    span_id = desk.view.focused_span_id
    desk.press("Backspace")
    desk.project.store_setting(f"{PLACE}.1", {"document": 1, "focus": span_id})
    desk.press("Ctrl+PgDown", "Ctrl+PgUp")

    assert desk.focused is None


# -- what the file refuses -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("keys", [["Return"], ["Backspace"], ["2"], ["Alt+Right"], ["D"], ["Ctrl+Return"], ["R"]])
def test_a_decision_that_cannot_be_saved_says_so_and_changes_nothing(desk, full_disk, keys):
    desk.press("Tab")
    before = desk.content()
    desk.press(*keys)

    (dialog,) = desk.dialogs(MessageDialog)
    assert "the disk is full" in dialog.sentence.text()
    assert desk.saved == "▲ not saved"
    assert desk.content() == before
    assert desk.view.page.index.spans == {span.id: span for span in before.spans}
    assert desk.focused == "Velmar"


def test_the_next_decision_works_and_says_saved(desk, full_disk):
    desk.press("Tab", "Return", "Return")
    full_disk.free()
    desk.press("Return")

    assert desk.dialogs() == []
    assert desk.state("Velmar") == "confirmed"
    assert desk.saved == "● saved"


def test_words_that_could_not_be_labelled_stay_selected(desk, full_disk):
    desk.select("The talks")
    desk.press("4", "Return")
    assert desk.view.selected_text() == "The talks"

    full_disk.free()
    desk.press("4")
    assert desk.label("The talks") == "Group"


def test_a_flag_that_was_not_saved_is_not_shown_as_set(desk, full_disk):
    desk.press("Tab")
    desk.card.flag.click()
    desk.press("Return")

    assert not desk.card.flag.isChecked()


def test_a_full_disk_makes_one_dialog_and_not_one_for_each_move(desk, full_disk):
    desk.press("Tab", "Tab", "Ctrl+PgDown", "Ctrl+PgUp")
    desk.window.workspace.save_place()
    assert desk.dialogs() == []

    session = desk.window.flows.session
    for _ in range(3):
        session.problem_met.emit("The disk is full.")
    assert len(desk.dialogs(MessageDialog)) == 1


def test_undo_that_cannot_be_saved_changes_nothing(desk, fill_disk):
    desk.press("Tab", "Return")
    disk = fill_disk()
    desk.press("Ctrl+Z", "Return")
    assert desk.state("Velmar") == "confirmed"

    disk.free()
    desk.press("Ctrl+Z")
    assert desk.state("Velmar") == "suggested"


def test_what_cannot_be_read_again_stays_on_screen(desk, monkeypatch):
    def refuse(*_):
        raise StorageFullError("“briefs.sayso” cannot be read.")

    desk.press("Tab")
    monkeypatch.setattr("storage.queries.spans_by_id", refuse)
    shown = dict(desk.view.page.index.spans)
    desk.press("Return")

    assert desk.view.page.index.spans.keys() == shown.keys()
    assert len(desk.dialogs(MessageDialog)) == 1


def test_a_damaged_document_is_told_and_the_present_one_stays(desk):
    connection = sqlite3.connect(desk.project.path)
    connection.execute("UPDATE document_text SET text = 'forged' WHERE document_id = 2")
    connection.commit()
    connection.close()
    desk.press("Ctrl+PgDown")

    (dialog,) = desk.dialogs(MessageDialog)
    assert "is not what was imported" in dialog.sentence.text()
    desk.press("Return")
    assert desk.title == "Harbour brief"
    assert desk.window.documents.list.currentIndex().row() == 0


def test_file_moved_away_is_told_and_back_again_works(desk):
    path = desk.project.path
    desk.press("Tab")
    path.rename(path.with_suffix(".away"))
    desk.press("Return")
    (dialog,) = desk.dialogs(MessageDialog)
    assert "moved, renamed, replaced or deleted" in dialog.sentence.text()

    path.with_suffix(".away").rename(path)
    desk.press("Return", "Return")
    assert desk.state("Velmar") == "confirmed"


def test_another_project_begins_with_all_documents_listed_and_all_labels_shown(desk, make_project):
    desk.window.documents.filter.setText("islands")
    desk.window.labels.set_hidden_labels(frozenset({desk.stored("Velmar").label_id}))
    assert desk.window.documents.model.rowCount() == 1
    desk.open(make_project("other"))

    assert desk.window.documents.model.rowCount() == 3
    assert desk.window.documents.filter.text() == ""
    assert desk.window.labels.hidden_labels == frozenset()
    desk.press("Tab")
    assert desk.focused == "Velmar"


def test_undo_pressed_in_a_list_beside_the_text_leaves_document_and_keyboard_where_they_are(desk):
    desk.press("Tab", "A", "Return")  # enters Velmar in the registry
    desk.view.focus_span(desk.stored("Orsk").id)
    desk.press("A", "Return")
    assert desk.stored("Orsk").actor_id is not None
    desk.press("Ctrl+PgDown", "Ctrl+Shift+A")
    keyboard = desk.keyboard
    assert desk.window.bench.right.isAncestorOf(keyboard)
    desk.press("Ctrl+Z")

    assert desk.stored("Orsk", "Harbour brief").actor_id is None
    assert desk.keyboard is keyboard
    assert desk.title == "The islands wait"


def test_undo_pressed_in_the_text_goes_where_it_happened(desk):
    desk.press("Tab", "Return", "Ctrl+PgDown", "Ctrl+Z")

    assert desk.title == "Harbour brief"
    assert desk.focused == "Velmar"
    assert desk.view.hasFocus()
