"""Where text, spans and lanes stand, in pixels."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF

from gui.document.block_layout import BlockLayout
from gui.document.metrics import Metrics
from gui.document.positions import Positions

WIDTH = 400
HEBREW = "שלום עולם"


@pytest.fixture
def metrics(qapp) -> Metrics:
    return Metrics.of("serif", 100)


@pytest.fixture
def lay_out(metrics):
    def lay_out(text: str, width: int = WIDTH) -> BlockLayout:
        return BlockLayout(Positions(text), 0, len(text), metrics, width)

    return lay_out


def test_a_range_over_a_row_break_has_a_rectangle_in_each_row(lay_out):
    text = "Velmar and Orsk are concerned by the attempts of the League to increase its influence"
    layout = lay_out(text)
    rects = layout.rects_of(0, len(text))
    assert [rect.row for rect in rects] == list(range(layout.row_count))
    assert layout.row_count > 1
    assert all(0 == rect.left < rect.right <= WIDTH for rect in rects)


def test_white_space_at_a_rows_end_is_not_part_of_its_rectangle(lay_out):
    text = "Velmar " * 30
    layout = lay_out(text)
    first = layout.rects_of(0, len(text))[0]
    start_cp, end_cp = layout.row_range(0)
    assert text[end_cp - 1] == "r"
    assert first.right == layout.rects_of(start_cp, end_cp)[0].right
    assert layout.row_range(1)[0] == end_cp + 1


def test_positions_and_places_agree_in_both_directions(lay_out):
    for text in ("Velmar \U0001f30a Orsk e\u0301 東岸", HEBREW, f"paper {HEBREW} wrote"):
        layout = lay_out(text)
        positions = Positions(text)
        pos_cp = 0
        while pos_cp < len(text):
            next_cp = positions.next_grapheme(pos_cp)
            (rect,) = layout.rects_of(pos_cp, next_cp) or [None]
            if rect is not None and not text[pos_cp].isspace():
                assert layout.character_at((rect.left + rect.right) / 2, 0) == pos_cp
            pos_cp = next_cp


def test_a_logical_range_over_mixed_directions_has_several_rectangles(lay_out):
    text = f"paper {HEBREW} wrote"
    layout = lay_out(text)
    parts = layout.rects_of(0, 8)  # the Latin word and the first two Hebrew letters: not neighbours on screen
    assert len(parts) == 2
    whole = layout.rects_of(0, len(text))
    assert len(whole) == 1
    hebrew = layout.rects_of(6, 6 + len(HEBREW))
    assert len(hebrew) == 1
    assert parts[1].right == pytest.approx(hebrew[0].right, abs=1)


def test_a_right_to_left_block_begins_at_the_right(lay_out):
    layout = lay_out(HEBREW)
    assert layout.is_right_to_left
    assert layout.caret_x(0) > layout.caret_x(len(HEBREW))
    assert layout.rects_of(0, len(HEBREW))[0].right == pytest.approx(WIDTH, abs=1)
    assert layout.character_at(WIDTH - 2, 0) == 0
    assert not lay_out(f"paper {HEBREW}").is_right_to_left


def test_no_position_between_the_parts_of_a_grapheme_is_hit(lay_out):
    text = "e\u0301\U0001f469\U0001f3fd\u200d\U0001f680x"
    layout = lay_out(text)
    hits = {layout.position_at(x, 0) for x in range(WIDTH)}
    assert hits <= {0, 2, 6, 7}


def test_rows_grow_only_where_more_lanes_are_needed(lay_out, metrics):
    layout = lay_out("Velmar and Orsk are concerned " * 6)
    layout.set_lanes([0, 2, 4] + [0] * (layout.row_count - 3))
    heights = [b - a for a, b in zip(layout.tops, layout.tops[1:], strict=False)]
    assert heights[0] == heights[1] == metrics.row_height
    assert heights[2] == metrics.row_height + 2 * metrics.lane_height
    assert metrics.lane_top + 2 * metrics.lane_height <= metrics.row_height


def test_the_baseline_is_the_same_whatever_fonts_a_row_needs(lay_out, metrics):
    plain, mixed = lay_out("Velmar"), lay_out("Velmar 東岸 \U0001f30a")
    assert plain.height == mixed.height == metrics.row_height
    baselines = []
    for layout in (plain, mixed):
        line = layout._layout.lineAt(0)
        baselines.append(line.y() + line.ascent())
    assert baselines == pytest.approx([metrics.baseline] * 2)


def test_an_empty_line_is_lower_than_a_row(lay_out, metrics):
    layout = lay_out("")
    assert layout.height == metrics.blank_height < metrics.row_height
    assert layout.position_at(50, 0) == 0
    assert layout.rects_of(0, 0) == []


def test_about_seventy_five_characters_fit_in_a_row(lay_out, metrics):
    text = "Officials of both states said that the accord on the straits would not be signed before spring. " * 8
    layout = lay_out(text, metrics.column_width)
    full_rows = [layout.row_range(row) for row in range(layout.row_count - 1)]
    average = sum(e - s for s, e in full_rows) / len(full_rows)
    assert 66 <= average <= 80


def test_sizes_follow_the_zoom(qapp):
    small, large = Metrics.of("serif", 100), Metrics.of("serif", 200)
    assert large.row_height == pytest.approx(2 * small.row_height, rel=0.1)
    assert large.column_width == pytest.approx(2 * small.column_width, rel=0.1)


def test_hostile_text_is_drawn_as_text(qtbot, show, draft):
    from PySide6.QtGui import QImage, QPainter

    text = "<b>bold</b> &amp; \0 \ufffc \u202egnidaer \x1b[31m"
    view = show(draft(text, title="<h1>\n\u2028title</h1>"))
    layout = view.page.flow.box(0).layout
    assert layout._layout.text().startswith("<b>bold</b> &amp; ␀")
    image = QImage(500, 100, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    layout.draw_text(painter, QPointF(0, 0), image.rect())
    painter.end()


def test_a_broken_right_to_left_span_goes_on_at_its_left(show, draft):
    made = draft("שלום עולם " * 20)
    span = made.span(draft.STATE, made.text.strip())
    view = show(made)
    (pill,) = view.page.flow.box(0).pills
    assert pill.span == span
    assert len(pill.rects) > 1
    assert (pill.left_edges[0], pill.right_edges[0]) == (False, True)
    assert (pill.left_edges[-1], pill.right_edges[-1]) == (True, False)
