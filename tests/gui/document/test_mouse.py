from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication

from storage.records import Fragment, State

LEFT = Qt.MouseButton.LeftButton
TEXT = "Okonin said that Velmar’s navy had left at once. Taval denied it.\n\nשלום עולם wrote Orsk."


@pytest.fixture
def made(draft):
    made = draft(TEXT)
    made.span(draft.CLAIM, "Velmar’s navy had left", state=State.SUGGESTED)
    made.span(draft.STATE, "Velmar")
    made.span(draft.PERSON, "Taval")
    return made


def at(view, quote: str, *, share: float = 0.5, offset: int = 0) -> QPoint:
    """Return a point of the viewport within the first character of a quote, or at its `offset`."""
    page = view.page
    start_cp = page.positions.text.index(quote) + offset
    rect = page.to_view(page.flow.rects_of(start_cp, page.positions.next_grapheme(start_cp))[0])
    return QPoint(round(rect.left() + share * rect.width()), round(rect.center().y()))


def drag(qtbot, view, start: QPoint, end: QPoint, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    port = view.viewport()
    qtbot.mousePress(port, LEFT, modifier, start)
    qtbot.mouseMove(port, (start + end) / 2)
    qtbot.mouseMove(port, end)
    qtbot.mouseRelease(port, LEFT, modifier, end)


def selected(view) -> str:
    return view.selected_text()


def test_a_click_focuses_the_innermost_span_and_further_clicks_go_outwards(show, made, qtbot):
    view = show(made)
    clicked = []
    view.span_clicked.connect(clicked.append)
    for _ in range(3):
        qtbot.mouseClick(view.viewport(), LEFT, pos=at(view, "Velmar", offset=2))
    assert clicked == [2, 1, 2]
    assert view.focused_span_id == 2


def test_a_click_beside_all_spans_clears_the_focus_and_puts_the_cursor_there(show, made, qtbot):
    view = show(made)
    view.focus_span(1)
    qtbot.mouseClick(view.viewport(), LEFT, pos=at(view, "denied", share=0.1))
    assert view.focused_span_id is None
    assert view.cursor_cp == TEXT.index("denied")


def test_a_drag_selects(show, made, qtbot):
    view = show(made)
    view.focus_span(3)
    drag(qtbot, view, at(view, "said", share=0.1), at(view, "that", offset=3, share=0.9))
    assert selected(view) == "said that"
    assert view.focused_span_id == 3


def test_a_drag_selects_whole_words_and_with_ctrl_characters(show, made, qtbot):
    view = show(made)
    start, end = at(view, "navy", offset=2, share=0.1), at(view, "once", offset=2, share=0.1)
    drag(qtbot, view, start, end)
    assert selected(view) == "navy had left at once"
    drag(qtbot, view, start, end, Qt.KeyboardModifier.ControlModifier)
    assert selected(view) == "vy had left at on"


def test_a_drag_backwards_takes_both_words_whole(show, made, qtbot):
    view = show(made)
    drag(qtbot, view, at(view, "that", offset=2, share=0.5), at(view, "said", offset=2, share=0.5))
    assert selected(view) == "said that"


def test_shift_and_click_extends(show, made, qtbot):
    view = show(made)
    qtbot.mouseClick(view.viewport(), LEFT, pos=at(view, "said", share=0.1))
    qtbot.mouseClick(view.viewport(), LEFT, Qt.KeyboardModifier.ShiftModifier, at(view, "that", share=0.1))
    assert selected(view) == "said"


def test_a_double_click_selects_the_word_and_a_third_the_sentence(show, made, qtbot):
    view = show(made)
    point = at(view, "denied", offset=2)
    qtbot.mouseClick(view.viewport(), LEFT, pos=point)
    qtbot.mouseDClick(view.viewport(), LEFT, pos=point)
    assert selected(view) == "denied"
    qtbot.mouseClick(view.viewport(), LEFT, pos=point)
    assert selected(view) == "Taval denied it."


def test_a_drag_in_right_to_left_text_selects_a_logical_range(show, made, qtbot):
    view = show(made)
    drag(qtbot, view, at(view, "שלום", share=0.9), at(view, "עולם", offset=3, share=0.1))
    assert selected(view) == "שלום עולם"


def test_dragging_an_edge_asks_for_the_words_up_to_there(show, made, qtbot):
    view = show(made)
    view.focus_span(1)
    asked = []
    view.edge_dragged.connect(lambda span_id, fragments: asked.append((span_id, fragments)))
    end = at(view, "left", offset=3, share=1.0)
    drag(qtbot, view, end, at(view, "once", offset=1))
    start_cp = TEXT.index("Velmar")
    assert asked == [(1, (Fragment(start_cp, TEXT.index("once") + 4),))]
    assert view.focused_span.end_cp == TEXT.index(" at once")


def test_dragging_an_edge_back_where_it_was_asks_for_nothing(show, made, qtbot):
    view = show(made)
    view.focus_span(1)
    asked = []
    view.edge_dragged.connect(lambda *arguments: asked.append(arguments))
    end = at(view, "left", offset=3, share=1.0)
    drag(qtbot, view, end, end)
    assert asked == []


def test_a_line_from_a_focused_claim_asks_for_a_link(show, made, qtbot):
    view = show(made)
    view.focus_span(1)
    asked = []
    view.link_dragged.connect(lambda *ids: asked.append(ids))
    handle = view.page.marks().handle + QPoint(view.page.column_x, -view.page.scroller.y_px)
    drag(qtbot, view, handle.toPoint(), at(view, "Taval", offset=1))
    drag(qtbot, view, at(view, "navy"), at(view, "Taval", offset=1), Qt.KeyboardModifier.AltModifier)
    drag(qtbot, view, handle.toPoint(), at(view, "denied", offset=1))
    assert asked == [(1, 3), (1, 3)]


def test_a_drag_below_the_viewport_scrolls_on(show, draft, qtbot):
    view = show(draft("Velmar and Orsk agreed.\n\n" * 80))
    port, last_cp = view.viewport(), view.page.last_visible_cp()
    qtbot.mousePress(port, LEFT, pos=QPoint(200, 300))
    qtbot.mouseMove(port, QPoint(200, 400))
    qtbot.mouseMove(port, QPoint(200, port.height() + 60))
    qtbot.waitUntil(lambda: view.verticalScrollBar().value() > 200)
    qtbot.mouseRelease(port, LEFT, pos=QPoint(200, port.height() + 60))
    value = view.verticalScrollBar().value()
    (fragment,) = view.selection()
    assert fragment.end_cp > last_cp + 50
    QApplication.processEvents()
    assert view.verticalScrollBar().value() == value


def test_a_context_menu_is_asked_for_with_the_spans_there(show, made, qtbot):
    view = show(made)
    asked = []
    view.context_menu_requested.connect(lambda point, ids: asked.append((point, ids)))
    point = at(view, "Velmar", offset=1)
    place = view.viewport().mapToGlobal(point)
    QApplication.sendEvent(view.viewport(), QContextMenuEvent(QContextMenuEvent.Reason.Mouse, point, place))
    assert asked == [(place, (2, 1))]


def test_a_click_in_the_overview_jumps_there(show, draft, qtbot):
    view = show(draft("Velmar and Orsk agreed.\n\n" * 400))
    strip = view._strip
    qtbot.mouseClick(strip, LEFT, pos=QPoint(5, strip.height() // 2))
    middle = (view.page.first_visible_cp() + view.page.last_visible_cp()) / 2
    assert middle == pytest.approx(view.page.positions.length_cp / 2, rel=0.05)
