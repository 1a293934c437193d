"""The window as a whole: the mouse, the panes, the palette, notes and fields, what is told at its foot."""

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QContextMenuEvent, QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QPlainTextEdit

from gui.dialogs.key_sheet import KeySheet
from gui.dialogs.message import MessageDialog
from gui.version import program_version
from storage.queries import fields_of

CLAIM = "that Orsk would pay for the harbour"

# -- start -----------------------------------------------------------------------------------------------------------


def test_the_text_has_the_keyboard_at_once_when_the_program_comes_back(make_desk, make_project):
    desk = make_desk()
    desk.window.open_first(make_project(), is_sample=False)
    desk.view.clearFocus()  # as a frame does that has the keyboard before what is in it is shown

    desk.qtbot.waitUntil(desk.view.hasFocus)
    desk.press("Tab")
    assert desk.focused == "Velmar"


# -- mouse ---------------------------------------------------------------------------------------------------------


def test_click_focuses_the_innermost_span_and_again_the_next_outer(desk):
    desk.click("Orsk")
    inner = desk.focused
    desk.click("Orsk")

    assert (inner, desk.focused) == ("Orsk", CLAIM)


def test_click_beside_all_spans_lets_go(desk):
    desk.click("Orsk")
    desk.click("talks go")

    assert desk.focused is None


def test_double_click_selects_a_word_and_a_digit_labels_it(desk):
    QTest.mouseDClick(desk.view.viewport(), Qt.MouseButton.LeftButton, pos=desk.point("reporters"))
    assert desk.view.selected_text() == "reporters"
    desk.press("4")

    assert desk.label("reporters") == "Group"


def test_drag_selects_and_the_labels_panel_labels(desk):
    start, end = desk.corners("The talks")
    desk.drag(start, end)
    assert desk.view.selected_text() == "The talks"
    group = next(row for row in desk.window.labels.rows.values() if row.button.label.name == "Group")
    QTest.mouseClick(group.button, Qt.MouseButton.LeftButton)
    desk.settle()

    assert desk.label("The talks") == "Group"
    assert desk.view.hasFocus()


def test_dragging_the_edge_of_the_focused_span_resizes_it_by_words(desk):
    desk.click("Ren Taval")
    rect = desk.view.page.to_view(desk.view.page.marks().rects[-1])
    desk.drag(QPointF(rect.right() + 1, rect.center().y()), desk.point("denied it", 0.1))

    assert desk.focused == "Ren Taval denied"
    assert desk.state("Ren Taval denied") == "confirmed"
    desk.press("Ctrl+Z")
    assert desk.focused == "Ren Taval"


def _context_menu(desk, words):
    point = desk.point(words)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, point, desk.view.viewport().mapToGlobal(point))
    QApplication.sendEvent(desk.view.viewport(), event)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def test_context_menu_of_a_span_decides_on_it(desk):
    menu = _context_menu(desk, "Ren Taval")
    assert desk.focused == "Ren Taval"
    next(action for action in menu.actions() if action.text() == "Reject").trigger()
    menu.close()

    assert desk.state("Ren Taval") == "rejected"


def test_context_menu_of_a_span_offers_the_labels_by_name(desk):
    menu = _context_menu(desk, "Ren Taval")
    next(action for action in menu.actions() if action.text() == "Group").trigger()
    menu.close()

    assert desk.label("Ren Taval") == "Group"


def test_context_menu_of_the_text_offers_what_concerns_the_sentence(desk):
    menu = _context_menu(desk, "talks go")
    names = [action.text() for action in menu.actions()]
    menu.close()

    assert "Sentence reviewed" in names
    assert "Reject" not in names


def test_buttons_of_the_inspector_decide_and_give_the_keyboard_back_to_the_text(desk):
    desk.click("Ren Taval")
    QTest.mouseClick(desk.card.accept, Qt.MouseButton.LeftButton)
    desk.settle()

    assert desk.state("Ren Taval") == "confirmed"
    assert desk.view.hasFocus()
    assert desk.focused == "“We pay for nothing,”"


def test_click_on_a_document_shows_it(desk):
    index = desk.window.documents.model.index(1)
    QTest.mouseClick(
        desk.window.documents.list.viewport(),
        Qt.MouseButton.LeftButton,
        pos=desk.window.documents.list.visualRect(index).center(),
    )
    desk.settle()

    assert desk.title == "The islands wait"
    assert desk.view.hasFocus()


# -- notes and fields ----------------------------------------------------------------------------------------------


def test_note_is_kept_for_its_span_when_the_focus_moves_on(desk):
    desk.press("Tab", "N")
    desk.type("Check the minutes")
    desk.click("Ren Taval")

    assert desk.stored("Velmar").note == "Check the minutes"
    assert desk.stored("Ren Taval").note == ""
    assert desk.card.note.toPlainText() == ""


def test_escape_keeps_the_note_and_goes_back_to_the_text(desk):
    desk.press("Tab", "N")
    desk.type("Really?")
    desk.press("Esc", "Return")

    assert desk.stored("Velmar").note == "Really?"
    assert desk.state("Velmar") == "confirmed"


def test_note_being_written_is_kept_when_the_window_is_closed(desk, make_desk):
    path = desk.project.path
    desk.press("Tab", "N")
    desk.type("Half a thought")
    desk.press("Ctrl+Q")
    again = make_desk()
    again.open(path)

    assert again.stored("Velmar").note == "Half a thought"


def test_note_being_written_is_kept_when_another_project_is_opened(desk, make_project):
    first = desk.project.path
    desk.press("Tab", "N")
    desk.type("Half a thought")
    desk.open(make_project("other"))
    desk.open(first)

    assert desk.stored("Velmar").note == "Half a thought"


def test_field_is_chosen_by_key_and_kept_for_its_claim(desk):
    desk.press("Tab", "Tab", "F", "Down")
    desk.view.setFocus()
    desk.press("Tab")

    claim = desk.stored(CLAIM)
    names = {field.id: field.name for field in desk.window.flows.session.codebook.fields}
    values = fields_of(desk.project, [claim.id])[claim.id]
    assert {names[ident]: value for ident, value in values.items()} == {"Kind": "statement"}


def test_note_pressed_right_after_a_move_is_written_on_the_span_moved_to(desk):
    desk.press("Tab", "Tab")
    assert desk.card.span_id == desk.stored(CLAIM).id
    desk.press("Tab", "N")
    desk.type("Inside the claim")
    desk.press("Esc")

    assert desk.stored("Orsk").note == "Inside the claim"
    assert desk.stored(CLAIM).note == ""


def test_note_without_a_focused_span_only_tells(desk):
    desk.press("N")

    assert "Focus a span first" in desk.message
    assert desk.view.hasFocus()


def test_note_shows_the_inspector_where_it_was_hidden(desk):
    desk.press("Tab", "Ctrl+Shift+B", "N")
    desk.type("Seen")
    desk.press("Esc")

    assert desk.stored("Velmar").note == "Seen"


def test_letters_typed_into_a_note_are_no_commands(desk):
    desk.press("Tab", "N")
    desk.type("Rest 123 as told")

    assert desk.content().reviewed == ()
    assert desk.label("Velmar") == "State"
    assert desk.window.inspector.note.toPlainText() == "Rest 123 as told"


# -- keyboard elsewhere --------------------------------------------------------------------------------------------


def test_f6_goes_round_documents_text_and_inspector_and_back(desk):
    desk.press("Tab")
    seen = []
    for _ in range(3):
        desk.press("F6")
        seen.append(desk.keyboard)
    window = desk.window

    assert seen == [window.inspector.accept, window.documents.list, window.view]
    desk.press("Shift+F6")
    assert desk.keyboard is window.documents.list


def test_f6_reaches_the_inspector_of_a_confirmed_claim(desk):
    desk.press("Tab", "Tab", "Return")
    desk.view.focus_span(desk.stored(CLAIM).id)
    desk.press("F6")

    assert desk.keyboard is desk.window.inspector.reject


def test_f6_reaches_the_tab_that_is_in_front_of_the_inspector_and_leaves_it(desk):
    desk.press("Ctrl+Shift+L")
    panel = desk.window.bench.right.currentWidget()
    there = desk.keyboard
    assert panel.isAncestorOf(there)

    desk.press("F6")
    assert desk.keyboard is desk.window.documents.list
    desk.press("F6", "F6")
    assert desk.keyboard is there


def test_list_of_documents_is_worked_by_arrows_and_enter(desk):
    desk.press("Shift+F6", "Down", "Down", "Return")

    assert desk.title == "A note"
    assert desk.view.hasFocus()


def test_next_and_previous_document_stop_at_the_ends(desk):
    desk.press("Ctrl+PgUp")
    assert desk.message == "This is the first document."
    desk.press(*["Ctrl+PgDown"] * 3)

    assert desk.title == "A note"
    assert desk.message == "This is the last document of the list."


def test_palette_finds_a_document(desk):
    desk.press("Ctrl+K")
    desk.type("islands")
    desk.press("Return")

    assert desk.title == "The islands wait"
    assert desk.view.hasFocus()


def test_palette_runs_a_command_of_the_text(desk):
    desk.press("Tab", "Ctrl+K")
    desk.type("reject")
    desk.press("Return")

    assert desk.state("Velmar") == "rejected"


def test_palette_calls_labels_by_their_names(desk):
    desk.select("The talks")
    desk.press("Ctrl+K")
    desk.type("group")
    desk.press("Return")

    assert desk.label("The talks") == "Group"


def test_palette_closed_by_escape_gives_the_keyboard_back(desk, empty_desk):
    desk.frame.activateWindow()
    desk.press("Tab", "Ctrl+K", "Esc")
    assert desk.view.hasFocus()

    empty_desk.frame.activateWindow()
    empty_desk.qtbot.waitUntil(empty_desk.frame.isActiveWindow)
    empty_desk.press("Ctrl+K", "Esc")
    assert empty_desk.window.welcome.isAncestorOf(empty_desk.keyboard)


def test_palette_forgets_the_documents_of_a_project_that_was_closed(desk):
    desk.press("Ctrl+K")
    desk.type("islands wait")
    assert desk.window.help.palette.find("islands wait")
    desk.press("Esc", "Ctrl+W", "Ctrl+K")

    assert desk.window.help.palette.find("islands wait") == []


def test_welcome_page_offers_no_command_that_needs_a_project(empty_desk):
    enabled = {ident for ident, action in empty_desk.window.actions_by_id.items() if action.isEnabled()}

    assert not [ident for ident in enabled if ident.startswith(("span.", "edit.", "import.", "label.", "find."))]
    assert {"project.new", "project.open", "help.keys", "theme.dark"} <= enabled


def test_digits_without_a_label_cannot_be_chosen(desk):
    actions = desk.window.actions_by_id

    assert [actions[f"label.{n}"].isEnabled() for n in range(1, 10)] == [True] * 6 + [False] * 3
    assert actions["label.1"].text() == "State"


def test_key_sheet_opens_and_closes(desk):
    desk.press("F1")
    assert len(desk.dialogs(KeySheet)) == 1
    desk.press("Esc")

    assert desk.dialogs(KeySheet) == []
    assert desk.view.hasFocus()


def test_panes_are_hidden_and_shown(desk):
    desk.press("Ctrl+B", "Ctrl+Shift+B")
    assert not desk.window.documents.isVisible()
    assert not desk.window.inspector.isVisible()

    desk.press("Ctrl+B", "Ctrl+Shift+B")
    assert desk.window.documents.isVisible()
    assert desk.window.inspector.isVisible()


# -- drag and drop -------------------------------------------------------------------------------------------------


def _drop(desk, widget, *paths):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    middle, action = QPoint(widget.width() // 2, widget.height() // 2), Qt.DropAction.CopyAction
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(middle, action, mime, buttons, keys)
    QApplication.sendEvent(widget, enter)
    if enter.isAccepted():
        QApplication.sendEvent(widget, QDropEvent(QPointF(middle), action, mime, buttons, keys, QEvent.Type.Drop))
    desk.settle()
    return enter.isAccepted()


def _texts(folder: Path) -> Path:
    folder.mkdir()
    (folder / "one.txt").write_text("Velmar and Orsk agree.", encoding="utf-8")
    (folder / "two.md").write_text("# Two\n\nThey do not.", encoding="utf-8")
    return folder


def _wait_for_import(desk, count):
    desk.qtbot.waitUntil(lambda: not desk.window.transfer.is_busy and desk.window.documents.model.total == count)


def test_files_dropped_on_the_window_are_imported(desk, tmp_path):
    assert _drop(desk, desk.window, _texts(tmp_path / "texts"))
    _wait_for_import(desk, 5)

    assert desk.message == "2 documents imported."
    assert desk.title == "Harbour brief"


def test_texts_dropped_on_the_welcome_page_make_a_project(empty_desk, tmp_path):
    empty_desk.files.project = tmp_path / "new"
    assert _drop(empty_desk, empty_desk.window.welcome, _texts(tmp_path / "texts"))
    _wait_for_import(empty_desk, 2)

    assert empty_desk.project.path == tmp_path / "new.sayso"
    assert empty_desk.text == "Velmar and Orsk agree."
    assert empty_desk.view.hasFocus()


def test_project_dropped_on_the_welcome_page_is_opened(empty_desk, make_project):
    path = make_project()
    assert _drop(empty_desk, empty_desk.window.welcome, path)

    assert empty_desk.project.path == path


def test_project_dropped_on_another_is_opened_in_its_place(desk, make_project):
    other = make_project("other")
    assert _drop(desk, desk.window, other)

    assert desk.project.path == other


def test_words_dropped_on_the_window_are_not_taken(desk):
    mime = QMimeData()
    mime.setText("Velmar")
    event = QDragEnterEvent(
        QPoint(5, 5), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    event.ignore()
    QApplication.sendEvent(desk.window, event)

    assert not event.isAccepted()


# -- what is told --------------------------------------------------------------------------------------------------


def test_status_bar_counts_decisions_and_selected_words(desk):
    desk.press("Tab", "Return", "Backspace")
    assert desk.window.status._decided.text() == "3 of 6 decided"

    desk.select("The talks")
    assert desk.window.status._place.text() == "2 words selected"


def test_status_bar_tells_acceptance_rates(desk):
    desk.press("Tab", "Return", "Tab", "Tab", "Backspace")
    desk.qtbot.waitUntil(lambda: "50 %" in desk.window.status._rates.full_text)

    assert desk.window.status._rates.full_text == "accepted 50 % of actors"


def test_title_names_the_project(desk):
    assert desk.frame.windowTitle() == "briefs — Sayso"
    desk.press("Ctrl+W")

    assert desk.frame.windowTitle() == "Sayso"
    assert desk.window.welcome.isVisible()
    assert [button.accessibleName() for button in desk.window.welcome.recent] == ["briefs"]
    assert desk.saved == ""


def test_empty_project_says_how_to_bring_documents_in(make_desk, make_project, tmp_path):
    desk = make_desk()
    desk.open(make_project("empty", []))
    assert desk.window.empty.isVisible()
    assert desk.keyboard is desk.window.empty.files

    desk.files.files = sorted(_texts(tmp_path / "texts").iterdir())
    desk.press("Return")
    _wait_for_import(desk, 2)

    assert not desk.window.empty.isVisible()
    assert desk.view.isVisible()
    assert desk.view.hasFocus()


def test_about_tells_the_version(desk):
    desk.window.actions_by_id["help.about"].trigger()
    (about,) = desk.dialogs(MessageDialog)

    assert about.windowTitle() == f"Sayso {program_version()}"


@pytest.mark.parametrize("kind", [QLineEdit, QPlainTextEdit])
def test_every_field_has_a_name_for_screen_readers(desk, kind):
    assert [field for field in desk.window.findChildren(kind) if not field.accessibleName()] == []
