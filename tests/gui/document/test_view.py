from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtWidgets import QApplication

from gui.theme import DARK
from storage.records import Fragment, State

LONG = "\n\n".join(
    f"Paragraph {n}: Velmar and Orsk said that the League would not accept the accord on the straits. " * 3
    for n in range(120)
)


class Exposed(QObject):
    """Collects what of a viewport is painted."""

    def __init__(self, view) -> None:
        super().__init__(view)
        self.rects: list[QRect] = []
        view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() is QEvent.Type.Paint:
            self.rects.append(event.rect())
        return False


@pytest.fixture
def labelled(draft):
    """A long document with a mention in each paragraph, undecided but for every third."""
    made = draft(LONG)
    for n in range(120):
        state = State.CONFIRMED if n % 3 == 2 else State.SUGGESTED
        made.span(draft.STATE, "Velmar", state=state, after=f"Paragraph {n}:")
    return made


def on_screen(view) -> QImage:
    """Return the window's pixels as they are, unlike `grab`, which paints anew."""
    return view.screen().grabWindow(view.winId()).toImage()


def row_y(view, pos_cp: int) -> float:
    """Return where a position stands in the viewport."""
    return view.page.to_view(view.page.flow.caret_rect(pos_cp)).top()


# -- focus --------------------------------------------------------------------------------------------


def test_focus_goes_through_undecided_spans_in_text_order(show, labelled, qtbot):
    view = show(labelled)
    seen = []
    while view.focus_next_undecided():
        seen.append(view.focused_span_id)
    assert seen == [span.id for span in labelled.spans if span.state is State.SUGGESTED]
    assert not view.focus_next_undecided()
    assert view.focused_span_id == seen[-1]
    assert view.focus_next_undecided(backwards=True)
    assert view.focused_span_id == seen[-2]


def test_the_focused_span_is_on_screen_with_room_around(show, labelled):
    view = show(labelled)
    for span in labelled.spans[::7]:
        view.focus_span(span.id)
        y = row_y(view, span.start_cp)
        assert 0 < y < view.viewport().height() - view.page.flow.metrics.row_height


def test_focus_changes_are_told_once(show, labelled, qtbot):
    view = show(labelled)
    told = []
    view.focus_changed.connect(told.append)
    view.focus_span(3)
    view.focus_span(3)
    view.focus_span(None)
    assert told == [3, None]


def test_going_on_after_a_decision_starts_from_the_decided_span(show, labelled):
    view = show(labelled)
    view.focus_span(4)
    view.apply(spans=[replace(labelled.spans[3], state=State.CONFIRMED)])
    assert view.focused_span_id == 4
    view.focus_next_undecided()
    assert view.focused_span_id == 5


@pytest.mark.parametrize("is_deleted", [False, True])
def test_a_rejected_or_deleted_span_loses_the_focus_and_the_search_goes_on_behind_it(show, labelled, is_deleted):
    view = show(labelled)
    told = []
    view.focus_span(4)
    view.focus_changed.connect(told.append)
    if is_deleted:
        view.apply(removed_spans=[4])
    else:
        view.apply(spans=[replace(labelled.spans[3], state=State.REJECTED)])
    assert told == [None]
    view.focus_next_undecided()
    assert view.focused_span_id == 5


def test_the_search_goes_on_from_a_moved_cursor(show, labelled):
    view = show(labelled)
    view.focus_span(1)
    view.place_cursor(labelled.spans[60].start_cp + 10)
    view.focus_next_undecided()
    assert view.focused_span_id == 62


def test_overlapping_spans_are_cycled_from_inside_outwards(show, draft):
    made = draft("Okonin said that Velmar’s navy had left.")
    outer = made.span(draft.CLAIM, "Velmar’s navy had left")
    middle = made.span(draft.STATE, "Velmar’s navy")
    inner = made.span(draft.STATE, "Velmar")
    view = show(made)
    view.place_cursor(made.text.index("Velmar"))
    order = []
    for _ in range(4):
        assert view.cycle_overlapping()
        order.append(view.focused_span_id)
    assert order == [inner.id, middle.id, outer.id, inner.id]
    assert view.spans_at(inner.start_cp) == (inner.id, middle.id, outer.id)


def test_hidden_labels_are_neither_focused_nor_found(show, labelled, draft):
    view = show(labelled)
    view.focus_span(1)
    view.set_hidden_labels(frozenset({draft.STATE}))
    assert view.focused_span_id is None
    assert not view.focus_next_undecided()
    assert view.spans_at(labelled.spans[0].start_cp) == ()
    view.set_hidden_labels(frozenset())
    assert view.spans_at(labelled.spans[0].start_cp) == (1,)


# -- cursor, selection, copy --------------------------------------------------------------------------


def test_selecting_words_by_steps_gives_trimmed_fragments(show, draft):
    made = draft("Okonin said,\u00a0“Velmar agreed”\r\n and left.")
    view = show(made)
    view.place_cursor(made.text.index("Velmar"))
    view.move_word(3, select=True)
    (fragment,) = view.selection()
    assert made.text[slice(*fragment)] == "Velmar agreed”\r\n and"
    view.clear_selection()
    assert view.selection() == ()


def test_copy_takes_the_true_text_not_the_displayed_one(show, draft):
    made = draft("a\0b\u2028c\U0001f469\U0001f3fd\u200d\U0001f680\u00a0d")
    view = show(made)
    view.select_all()
    view.copy()
    assert QApplication.clipboard().text() == made.text


def test_ctrl_c_copies_the_focused_span_where_nothing_is_selected(show, draft, qtbot):
    made = draft("“No country is safe,” he said, “none”.")
    span = made.span(draft.CLAIM, "“No country is safe,”", "“none”")
    view = show(made)
    view.focus_span(span.id)
    qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == "“No country is safe,” “none”"


def test_arrow_steps_follow_the_screen_in_right_to_left_text(show, draft):
    view = show(draft("שלום עולם"))
    view.place_cursor(4)
    view.move_char(1)
    assert view.cursor_cp == 3
    view.move_char(-1)
    assert view.cursor_cp == 4


def test_lines_are_stepped_through_at_one_x(show, draft):
    view = show(draft("A first line of some length\nshort\n\nand one more line of length"))
    view.place_cursor(20)
    x = view.page.flow.caret_rect(20).left()
    rows = []
    for _ in range(3):
        view.move_line(1)
        rows.append(view.cursor_cp)
    assert rows[:2] == [33, 34]
    assert view.page.flow.caret_rect(rows[2]).left() == pytest.approx(x, abs=10)
    view.move_line(-9)
    assert view.cursor_cp == 0


def test_the_cursor_goes_to_the_end_of_the_text(show, labelled):
    view = show(labelled)
    view.move_text_edge(to_end=True)
    assert view.cursor_cp == len(labelled.text)


def test_pages_move_cursor_and_text_together(show, labelled):
    view = show(labelled)
    view.place_cursor(0)
    y = row_y(view, 0)
    view.move_page(1)
    first = view.cursor_cp
    assert first > 500
    view.move_page(1)
    assert row_y(view, view.cursor_cp) == pytest.approx(row_y(view, first) + view.viewport().height(), abs=80)
    view.move_page(-2)
    assert row_y(view, view.cursor_cp) == pytest.approx(y, abs=150)


def test_selection_changes_are_told(show, draft, qtbot):
    view = show(draft("Velmar agreed."))
    with qtbot.waitSignal(view.selection_changed):
        view.move_word(1, select=True)
    with qtbot.waitSignal(view.selection_changed):
        view.clear_selection()
    with qtbot.assertNotEmitted(view.selection_changed):
        view.move_word(1)


def test_the_focused_spans_edges_move_by_word_and_character(show, draft):
    made = draft("Okonin said Velmar agreed at once.")
    span = made.span(draft.CLAIM, "Velmar agreed")
    view = show(made)
    assert view.resized("end", 1, "word") is None
    view.focus_span(span.id)
    assert view.resized("end", 1, "word") == (Fragment(12, 28),)
    assert view.resized("start", 1, "char") == (Fragment(13, 25),)


# -- changes ------------------------------------------------------------------------------------------


def test_only_the_changed_rows_are_painted(show, labelled):
    view = show(labelled)
    exposed = Exposed(view)
    span = labelled.spans[1]
    view.apply(spans=[replace(span, state=State.CONFIRMED)])
    QApplication.processEvents()
    row = view.page.flow.metrics.row_height
    assert exposed.rects
    assert all(rect.height() < 2.5 * row for rect in exposed.rects)
    assert all(rect.top() <= row_y(view, span.start_cp) <= rect.bottom() for rect in exposed.rects)


def test_nothing_is_painted_for_changes_off_screen(show, labelled):
    view = show(labelled)
    exposed = Exposed(view)
    view.apply(spans=[replace(labelled.spans[100], state=State.CONFIRMED)])
    QApplication.processEvents()
    assert exposed.rects == []


def test_rows_on_screen_keep_their_place_when_lanes_grow_above(show, labelled, draft):
    view = show(labelled)
    view.scroll_to_cp(labelled.text.index("Paragraph 40:"))
    below_cp = labelled.text.index("Paragraph 42:")
    before = row_y(view, below_cp)
    text, start_cp = labelled.text, labelled.text.index("Paragraph 39:")
    claims = []
    for depth in range(5):
        fragment = Fragment(start_cp + depth, start_cp + 60 - depth)
        claims.append(replace(labelled.spans[0], id=1_000 + depth, label_id=draft.CLAIM, fragments=(fragment,),
                              quote=text[slice(*fragment)]))  # fmt: skip
    view.apply(spans=claims)
    assert row_y(view, below_cp) == before
    view.apply(removed_spans=[claim.id for claim in claims])
    assert row_y(view, below_cp) == before


def test_a_row_grows_for_the_third_lane(show, draft):
    made = draft("Brandt claims that Okonin believes that the League knows that Taval fears it.")
    for quote in ("Okonin believes that the League knows that Taval fears it", "the League knows that Taval fears it"):
        made.span(draft.CLAIM, quote)
    view = show(made)
    before = view.page.flow.height
    deepest = made.span(draft.CLAIM, "knows")
    view.apply(spans=[deepest])
    assert view.page.flow.height == before + view.page.flow.metrics.lane_height


def test_a_change_of_palette_or_codebook_repaints_at_the_same_place(show, labelled, codebook):
    view = show(labelled)
    view.scroll_to_cp(labelled.text.index("Paragraph 50:"))
    first = view.first_visible_cp()
    view.set_theme(DARK)
    view.set_codebook(replace(codebook, labels=codebook.labels[:2]))
    assert view.first_visible_cp() == first
    QApplication.processEvents()
    assert view.grab().toImage().pixelColor(5, 300).name() == DARK.page


# -- scrolling and size -------------------------------------------------------------------------------


def test_every_document_position_can_be_scrolled_to_and_read_back(show, labelled):
    view = show(labelled)
    for name in ("Paragraph 17:", "Paragraph 90:", "Paragraph 3:", "Paragraph 60:"):
        pos_cp = labelled.text.index(name)
        view.scroll_to_cp(pos_cp)
        assert view.first_visible_cp() == pos_cp
    view.scroll_to_cp(0)
    assert view.verticalScrollBar().value() == 0


def test_text_does_not_jump_while_scrolling_up_through_guessed_heights(show, labelled):
    view = show(labelled)
    view.scroll_to_cp(labelled.text.index("Paragraph 100:"))
    bar = view.verticalScrollBar()
    for _ in range(120):
        watched = view.page.scroller.visible_blocks[0] + 1
        pos_cp = view.page.table.starts[watched]
        before, value = row_y(view, pos_cp), bar.value()
        bar.setValue(value - 47)
        QApplication.processEvents()
        assert row_y(view, pos_cp) == before + 47


def test_scrolled_pixels_are_those_of_a_full_paint(show, labelled, draft):
    made = draft(LONG)
    claim = made.span(draft.CLAIM, "that the League would not accept", after="Paragraph 2:")
    made.link(draft.SPEAKER, claim, made.span(draft.STATE, "Velmar", after="Paragraph 4:"))
    view = show(made)
    view.focus_span(claim.id)
    QApplication.processEvents()
    bar = view.verticalScrollBar()
    for step in (53, 31, 200, -77, 111, -300):
        bar.setValue(bar.value() + step)
        QApplication.processEvents()
        scrolled = on_screen(view)
        view.viewport().update()
        QApplication.processEvents()
        assert on_screen(view) == scrolled


def test_resizing_keeps_the_first_row(show, labelled):
    view = show(labelled)
    pos_cp = labelled.text.index("Paragraph 70:")
    view.scroll_to_cp(pos_cp)
    for size in ((500, 600), (1300, 500), (800, 600)):
        view.resize(*size)
        assert view.first_visible_cp() == pos_cp


def test_a_row_inside_a_paragraph_is_come_back_to_however_narrow_the_window_was_meanwhile(show, labelled):
    view = show(labelled)
    starts = view.page.table.starts
    for pos_cp in range(labelled.text.index("Paragraph 30:"), len(labelled.text)):
        view.scroll_to_cp(pos_cp)
        if view.first_visible_cp() == pos_cp and pos_cp not in starts:
            break
    for width in (500, 430, 800):
        view.resize(width, 600)
    assert view.first_visible_cp() == pos_cp


def test_ctrl_and_wheel_zoom_in_steps(show, labelled, qtbot):
    view = show(labelled)
    pos_cp = labelled.text.index("Paragraph 30:")
    view.scroll_to_cp(pos_cp)

    def wheel(eighths: int) -> None:
        event = QWheelEvent(
            QPointF(100, 100), view.mapToGlobal(QPointF(100, 100)), QPoint(), QPoint(0, eighths),
            Qt.MouseButton.NoButton, Qt.KeyboardModifier.ControlModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(view.viewport(), event)

    with qtbot.waitSignal(view.zoom_changed, check_params_cb=lambda percent: percent == 110):
        wheel(120)
    wheel(60)
    assert view.zoom_percent == 110
    wheel(60)
    assert view.zoom_percent == 125
    assert view.first_visible_cp() == pos_cp
    wheel(-360)
    assert view.zoom_percent == 90
    view.zoom_reset()
    assert view.zoom_percent == 100


def test_zoom_stops_at_its_limits(view):
    for _ in range(30):
        view.zoom_in()
    assert view.zoom_percent == 400
    for _ in range(30):
        view.zoom_out()
    assert view.zoom_percent == 50


def test_a_cleared_view_has_nothing_to_focus_or_select(show, labelled):
    view = show(labelled)
    view.focus_span(1)
    view.clear()
    assert view.focused_span_id is None
    assert not view.focus_next_undecided()
    view.move_word(1, select=True)
    view.move_line(1)
    assert view.selection() == ()
    assert view.verticalScrollBar().maximum() == 0


def test_showing_another_document_starts_at_its_top(show, labelled, draft):
    view = show(labelled)
    view.focus_span(90)
    view = show(draft("Another text."))
    assert view.focused_span_id is None
    assert view.cursor_cp == 0
    assert view.verticalScrollBar().value() == 0
