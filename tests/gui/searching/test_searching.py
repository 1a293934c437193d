from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gui.latest import Latest
from storage import history, queries
from storage.operations import documents, spans, stretches
from storage.records import Fragment

CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier


def _words(desk) -> list[tuple[str, str]]:
    return [(hit.title, hit.words) for hit in desk.side.search.list.hits.hits]


def test_typed_words_are_found_in_all_documents(desk) -> None:
    desk.search("velmar", 2)
    assert _words(desk) == [("First", "Velmar"), ("Second", "Velmar")]
    assert desk.side.search._told.text() == "2 hits in 2 documents."


def test_rows_tell_what_stands_on_a_hit(desk) -> None:
    desk.search("orsk", 6)
    told = [desk.side.search.list.hits.told(row) for row in range(6)]
    assert told == ["State, undecided", "State, undecided", "", "", "State, undecided", ""]
    index = desk.side.search.list.hits.index(0)
    assert "warned Velmar" in index.data(Qt.ItemDataRole.AccessibleTextRole)


def test_a_pattern_and_only_this_document_by_key(desk, qtbot) -> None:
    desk.search("v\\w+r", 0)
    desk.press(Qt.Key.Key_R, ALT)
    qtbot.waitUntil(lambda: len(_words(desk)) == 2)
    desk.press(Qt.Key.Key_D, ALT)
    qtbot.waitUntil(lambda: _words(desk) == [("First", "Velmar")])
    desk.side.work_on(desk.session, desk.second)
    qtbot.waitUntil(lambda: _words(desk) == [("Second", "Velmar")])


def test_a_broken_pattern_is_told_where_it_is_typed(desk) -> None:
    desk.search("velmar", 2)
    desk.press(Qt.Key.Key_R, ALT)
    desk.search("(", 0)
    assert "not a pattern" in desk.side.search._told.text()
    assert desk.side.search.line.property("invalid") is True


def test_ticked_hits_get_a_label_by_digit_and_one_undo_takes_it_back(desk) -> None:
    before = desk.states()
    desk.search("orsk", 6)
    desk.press(Qt.Key.Key_Down)
    desk.press(Qt.Key.Key_A, CTRL)
    desk.press(Qt.Key.Key_Down)
    desk.press(Qt.Key.Key_Space)
    desk.press(Qt.Key.Key_1)
    desk.wait_for_word("5 hits labelled State")
    assert desk.states() == ["confirmed", "suggested", "confirmed", "confirmed", "confirmed", "confirmed"]
    assert desk.side.search.list.hits.told(0) == "State, confirmed"
    desk.session.do(history.undo)
    assert desk.states() == before
    assert desk.side.search.list.hits.told(0) == "State, undecided"


def test_without_ticks_the_current_hit_is_meant(desk) -> None:
    desk.search("東岸", 1)
    desk.press(Qt.Key.Key_Down)
    desk.press(Qt.Key.Key_3)
    desk.wait_for_word("1 hit labelled Organisation")
    assert [span.quote for span in desk.spans(desk.second).values()] == ["Orsk", "東岸"]


def test_confirmed_hits_of_another_label_stay_unless_nothing_else_is_chosen(desk) -> None:
    spans.relabel(desk.project, desk.spans(desk.first)[0].id, desk.label("Person"))
    desk.search("orsk", 6)
    desk.press(Qt.Key.Key_Down)
    desk.press(Qt.Key.Key_A, CTRL)
    desk.press(Qt.Key.Key_1)
    desk.wait_for_word("1 confirmed as something else stayed")
    assert desk.spans(desk.first)[0].label_id == desk.label("Person")
    desk.press(Qt.Key.Key_A, CTRL)
    desk.press(Qt.Key.Key_1)
    desk.wait_for_word("1 hit labelled State")
    assert desk.spans(desk.first)[0].label_id == desk.label("State")


def test_backspace_rejects_the_suggestions_among_the_chosen(desk) -> None:
    spans.accept(desk.project, [desk.spans(desk.first)[0].id])
    desk.search("orsk", 6)
    desk.press(Qt.Key.Key_Down)
    desk.press(Qt.Key.Key_A, CTRL)
    desk.press(Qt.Key.Key_Backspace)
    desk.wait_for_word("2 suggestions rejected")
    assert desk.states() == ["confirmed", "rejected", "rejected"]
    desk.press(Qt.Key.Key_Backspace)
    desk.wait_for_word("Nothing undecided")


def test_enter_and_a_click_ask_for_the_hit(desk, qtbot) -> None:
    desk.search("東岸", 1)
    asked: list[tuple[int, int, int]] = []
    desk.side.hit_requested.connect(lambda *place: asked.append(place))
    desk.press(Qt.Key.Key_Return)
    desk.press(Qt.Key.Key_Return)
    rows = desk.side.search.list
    QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=rows.visualRect(rows.hits.index(0)).center())
    assert asked == [(desk.second, 39, 41)] * 2


def test_a_click_into_the_box_ticks(desk) -> None:
    desk.search("velmar", 2)
    rows = desk.side.search.list
    rect = rows.visualRect(rows.hits.index(1))
    corner = rect.topLeft()
    corner += type(corner)(12, 14)
    QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=corner)
    assert [hit.title for hit in rows.hits.ticked] == ["Second"]
    assert desk.side.search.reject.text() == "Reject 1"


def test_escape_gives_the_keyboard_back(desk, qtbot) -> None:
    desk.search("velmar", 2)
    with qtbot.waitSignal(desk.side.left):
        desk.press(Qt.Key.Key_Escape)
    desk.side.search.list.setFocus()
    with qtbot.waitSignal(desk.side.left):
        desk.press(Qt.Key.Key_Escape)


def test_selected_words_are_looked_for_as_a_phrase(desk, qtbot) -> None:
    desk.view.select_range(38, 59)
    desk.side.open_search()
    qtbot.waitUntil(lambda: _words(desk) == [("First", "Orsk Shipping Company")])
    assert desk.side.search.line.text() == '"Orsk Shipping Company"'


def test_ranges_found_in_the_document_are_listed(desk) -> None:
    desk.side.list_ranges([(12, 18), (0, 4)])
    assert _words(desk) == [("First", "Velmar"), ("First", "Orsk")]
    assert desk.window.focusWidget() is desk.side.search.list


def test_the_list_follows_documents_that_go_and_return(desk, qtbot) -> None:
    desk.search("velmar", 2)
    desk.session.do(documents.remove_document, desk.second)
    qtbot.waitUntil(lambda: _words(desk) == [("First", "Velmar")])
    desk.session.do(history.undo)
    qtbot.waitUntil(lambda: len(_words(desk)) == 2)


def test_a_span_drawn_elsewhere_shows_up_in_the_list(desk) -> None:
    desk.search("velmar", 2)
    desk.session.do(spans.draw, desk.first, desk.label("State"), (Fragment(12, 18),))
    assert desk.side.search.list.hits.told(0) == "State, confirmed"


def test_the_index_is_made_after_a_while(desk, qtbot) -> None:
    from storage.search_index import update_index

    desk.side.searching._index_soon.start(0)
    qtbot.waitUntil(lambda: not desk.side.searching._index_soon.isActive())
    qtbot.waitUntil(lambda: not desk.side.searching._indexing.is_busy)
    assert update_index(desk.project) == 0


def test_labels_can_be_given_by_mouse(desk) -> None:
    desk.search("velmar", 2)
    actions = desk.side.search.label_button.menu().actions()
    next(action for action in actions if action.text().startswith("State")).trigger()
    desk.wait_for_word("1 hit labelled State")
    assert desk.spans(desk.first)[12].quote == "Velmar"


def test_another_project_begins_with_an_empty_list(desk) -> None:
    desk.search("velmar", 2)
    desk.side.work_on(None, None)
    assert _words(desk) == []
    assert queries.codebook(desk.project).labels


@pytest.fixture
def latest(qapp) -> Iterator[Latest]:
    """Work with an owner, as it has in the window: what Python alone owns, PySide may delete under a queued signal."""
    made = Latest(qapp)
    yield made
    made.finish()
    made.deleteLater()


def test_only_the_latest_job_is_heard_and_in_the_thread_of_the_window(latest, qtbot) -> None:
    gate, results = threading.Event(), []
    latest.start(lambda _proceed: gate.wait(5), lambda _result: results.append("first"))
    latest.start(lambda _proceed: "second", lambda result: results.append((result, threading.current_thread())))
    gate.set()
    qtbot.waitUntil(lambda: bool(results))
    assert results == [("second", threading.main_thread())]


def test_a_stopped_job_gives_what_it_has(latest, qtbot) -> None:
    began, results = threading.Event(), []

    def count(proceed) -> int:
        done = 0
        while proceed(done, 0):
            done += 1
            began.set()
        return done

    latest.start(count, results.append)
    began.wait(5)
    latest.stop()
    qtbot.waitUntil(lambda: bool(results))
    assert results[0] > 0


@pytest.mark.parametrize("width_px", [280, 320])
def test_the_panel_fits_a_narrow_column(desk, width_px) -> None:
    desk.search("orsk", 6)
    assert desk.side.search.minimumSizeHint().width() <= width_px
    desk.side.setFixedWidth(width_px)
    assert desk.side.search.list.grab().toImage().width() <= width_px


def test_hits_in_parts_left_out_of_the_work_stay_without_a_label_and_that_is_told(desk) -> None:
    stretches.exclude(desk.project, desk.second, Fragment(0, 22))
    desk.search("orsk", 6)
    desk.press(Qt.Key.Key_Down)
    desk.press(Qt.Key.Key_A, CTRL)
    desk.press(Qt.Key.Key_1)
    desk.wait_for_word("5 hits labelled State. 1 in parts left out of the work stayed without a label.")
    assert desk.states() == ["confirmed"] * 5
    desk.search("velmar", 2)
    desk.press(Qt.Key.Key_Down)
    desk.press(Qt.Key.Key_Down)
    desk.press(Qt.Key.Key_1)
    desk.wait_for_word("These stand in parts that are left out of the work")
    assert desk.states() == ["confirmed"] * 5
