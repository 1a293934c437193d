from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from gui.dialogs.blocked import open_blocked
from storage import history
from storage.blocked import blocked_words
from storage.operations import actors, spans


@pytest.fixture
def panel(desk):
    return desk.side.equal


def test_enter_accepts_all_equal_ones_of_the_document_with_one_undo(desk, panel, qtbot) -> None:
    before = desk.states()
    desk.open_equal(0, 2)
    assert desk.side.currentWidget() is panel
    assert panel.accept.text() == "Accept 2"
    with qtbot.waitSignal(desk.side.released):
        desk.press(Qt.Key.Key_Return)
    assert desk.states() == ["confirmed", "confirmed", "suggested"]
    assert desk.window.focusWidget() is desk.view
    desk.session.do(history.undo)
    assert desk.states() == before


def test_e_again_takes_the_whole_project_and_backspace_rejects(desk, panel, qtbot) -> None:
    desk.open_equal(0, 2)
    desk.press(Qt.Key.Key_E)
    desk.wait_for_equal(3)
    with qtbot.waitSignal(desk.side.released):
        desk.press(Qt.Key.Key_Backspace)
    assert desk.states() == ["rejected"] * 3
    desk.press(Qt.Key.Key_E)
    assert desk.told[-1].startswith("3 rejected")


def test_rows_can_be_excepted(desk, panel, qtbot) -> None:
    desk.open_equal(0, 2)
    desk.press(Qt.Key.Key_Down)
    desk.press(Qt.Key.Key_Space)
    with qtbot.waitSignal(desk.side.released):
        desk.press(Qt.Key.Key_Return)
    assert desk.states() == ["confirmed", "suggested", "suggested"]


def test_places_without_a_suggestion_are_labelled_where_asked_for(desk, panel, qtbot) -> None:
    desk.open_equal(0, 2)
    assert panel.places.text() == "2 more places without a suggestion"
    desk.press(Qt.Key.Key_P)
    desk.wait_for_equal(4)
    with qtbot.waitSignal(desk.side.released):
        desk.press(Qt.Key.Key_Return)
    assert [span.quote for span in desk.spans(desk.first).values()] == ["Orsk"] * 4


def test_a_digit_relabels_all(desk, panel, qtbot) -> None:
    desk.open_equal(0, 2)
    with qtbot.waitSignal(desk.side.released):
        desk.press(Qt.Key.Key_3)
    found = desk.spans(desk.first)
    assert {found[0].label_id, found[20].label_id} == {desk.label("Organisation")}


def test_confirmed_ones_are_shown_but_not_ticked(desk, panel, qtbot) -> None:
    spans.relabel(desk.project, desk.spans(desk.first)[20].id, desk.label("Person"))
    desk.show(desk.first)
    desk.open_equal(0, 2)
    assert [hit.start_cp for hit in panel.list.hits.ticked] == [0]
    with qtbot.waitSignal(desk.side.released):
        desk.press(Qt.Key.Key_Return)
    assert desk.spans(desk.first)[20].label_id == desk.label("Person")


def test_a_decided_mention_passes_its_label_and_actor_on(desk, panel, qtbot) -> None:
    first = desk.spans(desk.first)[0].id
    spans.relabel(desk.project, first, desk.label("Organisation"))
    actors.create_actor(desk.project, "Orsk Port", mention_ids=(first,))
    desk.show(desk.first)
    desk.open_equal(0, 2)
    assert [hit.start_cp for hit in panel.list.hits.ticked] == [20]
    with qtbot.waitSignal(desk.side.released):
        desk.press(Qt.Key.Key_Return)
    first_span, other = desk.spans(desk.first)[0], desk.spans(desk.first)[20]
    assert (other.label_id, other.actor_id) == (first_span.label_id, first_span.actor_id)


def test_s_changes_what_is_equal_and_same_actor_needs_one(desk, panel) -> None:
    desk.open_equal(0, 2)
    chosen = []
    for _ in range(2):
        desk.press(Qt.Key.Key_S)
        chosen.append(panel.question().sameness.value)
    assert chosen == ["folded", "exact"]
    assert not panel.kind_buttons["actor"].isEnabled()


def test_escape_decides_nothing(desk, panel, qtbot) -> None:
    before = desk.states()
    desk.open_equal(0, 2)
    with qtbot.waitSignal(desk.side.released):
        desk.press(Qt.Key.Key_Escape)
    assert desk.states() == before
    assert desk.side.currentWidget() is desk.side.search
    assert desk.window.focusWidget() is desk.view


def test_without_a_focus_both_keys_say_what_they_need(desk) -> None:
    desk.side.open_equal()
    desk.side.never_suggest()
    assert ["Focus a mention first" in desk.told[0], "Focus a suggestion first" in desk.told[1]] == [True, True]


def test_x_rejects_the_words_everywhere_and_blocks_them(desk) -> None:
    before = desk.states()
    desk.view.focus_span(desk.spans(desk.first)[0].id)
    desk.side.never_suggest()
    desk.wait_for_word("“Orsk” is never suggested as State again; 3 rejected")
    assert desk.states() == ["rejected"] * 3
    assert [record.words for record in blocked_words(desk.project)] == ["Orsk"]
    desk.session.do(history.undo)
    assert desk.states() == before
    assert blocked_words(desk.project) == []


def test_x_leaves_confirmed_mentions_alone(desk) -> None:
    spans.accept(desk.project, [desk.spans(desk.first)[0].id])
    desk.show(desk.first)
    desk.view.focus_span(desk.spans(desk.first)[0].id)
    desk.side.never_suggest()
    assert "Focus a suggestion first" in desk.told[-1]
    assert blocked_words(desk.project) == []


def test_blocked_words_are_listed_and_taken_back(desk, qtbot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    desk.view.focus_span(desk.spans(desk.first)[0].id)
    desk.side.never_suggest()
    desk.wait_for_word("never suggested")
    dialog = open_blocked(parent, desk.session)
    assert [dialog.list.item(n).text() for n in range(dialog.list.count())] == ["Orsk — State"]
    qtbot.keyClick(dialog, Qt.Key.Key_Delete)
    assert blocked_words(desk.project) == []
    assert dialog.list.count() == 0
    assert not dialog.again.isEnabled()
    desk.session.do(history.undo)
    assert dialog.list.count() == 1
    dialog.close()
