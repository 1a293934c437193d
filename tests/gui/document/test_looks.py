"""What the marks look like: pixels probed at a pinned size."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from gui.theme import DARK, LIGHT, Theme
from storage.records import SpanRecord, State

TEXT = "After talks the minister Dara Okonin was quoted as saying that it rains in Port Selin today."


@pytest.fixture(params=[LIGHT, DARK], ids=["light", "dark"])
def theme(request) -> Theme:
    return request.param


class Picture:
    """A view's picture, probed by places in the text."""

    def __init__(self, view) -> None:
        QApplication.processEvents()
        self.image: QImage = view.viewport().grab().toImage()
        self._page = view.page

    def colours(self, span: SpanRecord, top: int, bottom: int, *, grow: int = 0) -> set[str]:
        """Return the colours of a band over the span, in pixels from the text's top, from edge to edge."""
        found = set()
        for fragment in span.fragments:
            for rect in self._page.flow.rects_of(*fragment):
                seen = self._page.to_view(rect)
                for x in range(round(seen.left()) - grow, round(seen.right()) + grow):
                    for y in range(round(seen.top()) + top, round(seen.top()) + bottom):
                        found.add(self.image.pixelColor(x, y).name())
        return found


@pytest.fixture
def picture(view, codebook, theme):
    def picture(draft) -> Picture:
        view.set_theme(theme)
        view.show_document(draft.content, codebook)
        return Picture(view)

    return picture


def below_text(view) -> int:
    metrics = view.page.flow.metrics
    return metrics.text_bottom - metrics.text_top


def test_a_confirmed_mention_is_filled_with_a_line_under_it(view, draft, picture, theme):
    made = draft(TEXT)
    span = made.span(draft.PERSON, "Dara Okonin")
    shown, ink = picture(made), theme.label("teal")
    assert ink.fill in shown.colours(span, 0, 2)
    assert ink.line in shown.colours(span, below_text(view), below_text(view) + 2)
    assert theme.page not in shown.colours(span, 1, 3)


def test_a_suggested_mention_is_outlined_and_hatched_not_filled(view, draft, picture, theme):
    made = draft(TEXT)
    span = made.span(draft.PERSON, "Dara Okonin", state=State.SUGGESTED)
    shown, ink = picture(made), theme.label("teal")
    inside = shown.colours(span, 0, 3)
    assert ink.fill not in inside
    assert theme.page in inside
    assert len(inside) > 4  # hatching, smoothed
    assert len(shown.colours(span, -2, 0)) > 2  # the dashes of the outline


def test_a_confirmed_claim_is_a_band_over_an_unbroken_line(view, draft, picture, theme):
    made = draft(TEXT)
    span = made.span(draft.CLAIM, "it rains in Port Selin")
    shown, ink, metrics = picture(made), theme.label("yellow"), view.page.flow.metrics
    lane = metrics.lane_top - metrics.text_top
    assert ink.fill in shown.colours(span, 0, 2)
    assert shown.colours(span, lane, lane + 1, grow=-1) == {ink.line}


def test_a_suggested_claims_line_is_dashed(view, draft, picture, theme):
    made = draft(TEXT)
    span = made.span(draft.CLAIM, "it rains in Port Selin", state=State.SUGGESTED)
    shown, ink, metrics = picture(made), theme.label("yellow"), view.page.flow.metrics
    lane = metrics.lane_top - metrics.text_top
    assert {ink.line, theme.page} <= shown.colours(span, lane, lane + 1, grow=-1)
    assert ink.fill not in shown.colours(span, 0, 3)


def test_nested_claims_have_lines_in_lanes_of_their_own(view, draft, picture, theme):
    made = draft(TEXT)
    outer = made.span(draft.CLAIM, "saying that it rains in Port Selin today")
    inner = made.span(draft.CLAIM, "it rains in Port Selin")
    shown, ink, metrics = picture(made), theme.label("yellow"), view.page.flow.metrics
    first = metrics.lane_top - metrics.text_top
    second = first + metrics.lane_height
    assert shown.colours(outer, first, first + 1, grow=-1) == {ink.line}
    assert shown.colours(inner, second, second + 1, grow=-1) == {ink.line}
    gap = shown.colours(inner, first + metrics.line_width, first + metrics.line_width + 1, grow=-3)
    assert ink.line not in gap
    assert ink.line not in shown.colours(made.span(draft.CLAIM, "saying"), second, second + 1)


def test_a_cue_is_underlined_with_dots(view, draft, picture, theme):
    made = draft(TEXT)
    span = made.span(draft.CUE, "was quoted as saying")
    shown = picture(made)
    row = shown.colours(span, below_text(view), below_text(view) + 2)
    assert len(row) > 3
    assert theme.page in row | shown.colours(span, below_text(view) + 3, below_text(view) + 4)


def test_rejected_and_hidden_spans_leave_the_page_bare(view, draft, picture, theme):
    bare = picture(draft(TEXT)).image
    made = draft(TEXT)
    made.span(draft.CLAIM, "it rains in Port Selin", state=State.REJECTED)
    assert picture(made).image == bare
    made.span(draft.PERSON, "Dara Okonin")
    view.set_hidden_labels(frozenset({draft.PERSON}))
    assert picture(made).image == bare


def test_the_focused_span_has_a_ring(view, draft, picture, theme):
    made = draft(TEXT)
    span = made.span(draft.PERSON, "Dara Okonin")
    picture(made)
    view.focus_span(span.id)
    shown = Picture(view)
    assert theme.ring in shown.colours(span, -4, -2)
    view.focus_span(None)
    assert theme.ring not in Picture(view).colours(span, -4, -2)


def test_a_ring_follows_its_span_over_a_row_break(view, draft, picture, theme):
    made = draft(TEXT)
    span = made.span(
        draft.CLAIM, "talks the minister Dara Okonin was quoted as saying that it rains in Port Selin today"
    )
    picture(made)
    view.focus_span(span.id)
    marks = view.page.marks()
    assert len(marks.rects) == 2
    assert len(marks.ring.toSubpathPolygons()) == 1
    shown = Picture(view)
    assert theme.ring in shown.colours(span, -4, -2)


def test_a_focused_claim_is_joined_to_its_speaker(view, draft, picture, theme):
    made = draft(TEXT)
    speaker = made.span(draft.PERSON, "Dara Okonin")
    claim = made.span(draft.CLAIM, "it rains in Port Selin")
    made.link(draft.SPEAKER, claim, speaker)
    picture(made)
    view.focus_span(claim.id)
    (link,) = view.page.marks().links
    assert link.name == "speaker"
    assert not link.curve.isEmpty()
    assert theme.accent in Picture(view).colours(speaker, -4, 0, grow=3)


def test_what_is_linked_but_off_screen_is_named_at_the_ring(view, draft, picture):
    made = draft("Dara Okonin spoke.\n\n" + "Nothing happened.\n\n" * 100 + "It rains.")
    speaker = made.span(draft.PERSON, "Dara Okonin")
    claim = made.span(draft.CLAIM, "It rains")
    made.link(draft.SPEAKER, claim, speaker)
    picture(made)
    view.focus_span(claim.id)
    assert view.page.marks().tags == ["\u2191 speaker: Dara Okonin"]
    view.focus_span(speaker.id)
    assert view.page.marks().tags == ["speaker"]


def test_a_selection_is_filled_behind_the_text(view, draft, picture, theme):
    made = draft(TEXT)
    span = made.span(draft.PERSON, "Dara Okonin", state=State.REJECTED)
    picture(made)
    view.select_range(span.start_cp, span.end_cp)
    assert theme.selection in Picture(view).colours(span, 0, 2)


def test_claims_are_bracketed_and_reviewed_sentences_ticked_in_the_margin(view, draft, picture, theme):
    made = draft(TEXT)
    bare = picture(made).image
    claim = made.span(draft.CLAIM, "it rains in Port Selin")
    made.review(0, len(TEXT))
    shown = picture(made)
    margin = {
        shown.image.pixelColor(x, y).name() for x in range(view.page.column_x - 2) for y in range(shown.image.height())
    }
    assert theme.label("yellow").line in margin
    assert theme.ok in margin
    assert {bare.pixelColor(x, 150).name() for x in range(view.page.column_x - 2)} == {theme.page}
    view.apply(spans=[replace(claim, state=State.REJECTED)], reviewed=())
    assert Picture(view).image == bare


def test_two_labels_on_the_same_words_are_both_seen(view, draft, picture, theme):
    made = draft(TEXT)
    span = made.span(draft.PERSON, "Dara Okonin")
    made.span(draft.STATE, "Dara Okonin")
    shown = picture(made)
    seen = shown.colours(span, -5, below_text(view) + 4, grow=3)
    assert {theme.label("teal").line, theme.label("blue").line, theme.label("blue").fill} <= seen


def test_rejected_spans_are_struck_through_on_request(view, draft, picture, theme):
    made = draft(TEXT)
    span = made.span(draft.PERSON, "Dara Okonin", state=State.REJECTED)
    bare = picture(made)
    view.set_rejected_shown(True)
    struck = Picture(view)
    assert struck.image != bare.image
    assert struck.colours(span, 0, 2) == bare.colours(span, 0, 2)
    assert view.spans_at(span.start_cp) == (span.id,)
    view.focus_span(span.id)
    view.set_rejected_shown(False)
    assert view.focused_span_id is None
    assert Picture(view).image == bare.image


def test_found_words_are_framed(view, draft, picture, theme):
    made = draft(TEXT)
    span = made.span(draft.PERSON, "Dara Okonin", state=State.REJECTED)
    bare = picture(made)
    view.set_hits([(0, 5), (span.start_cp, span.end_cp), (len(TEXT) - 6, len(TEXT))])
    assert theme.page not in Picture(view).colours(span, 2, 4, grow=-1)
    view.set_hits([])
    assert Picture(view).image == bare.image


def test_the_focused_span_stays_on_screen_when_zooming(show, draft):
    made = draft("Velmar and Orsk agreed on the straits.\n\n" * 60 + "Taval denied it.")
    span = made.span(draft.PERSON, "Taval")
    view = show(made)
    view.focus_span(span.id)
    for _ in range(5):
        view.zoom_in()
    rect = view.page.to_view(view.page.flow.caret_rect(span.start_cp))
    assert 0 < rect.top() < view.viewport().height() - rect.height()


def test_each_fragment_of_a_split_claim_has_a_ring_of_its_own(show, draft):
    made = draft(
        "“No drill is planned at all for the coming spring season,” she said, “none in the whole of the straits”."
    )
    claim = made.span(
        draft.CLAIM, "“No drill is planned at all for the coming spring season,”", "“none in the whole of the straits”"
    )
    view = show(made)
    view.focus_span(claim.id)
    marks = view.page.marks()
    assert len(marks.rects) == 3  # the second fragment is broken over two rows
    assert len(marks.ring.toSubpathPolygons()) == 3


def test_tags_never_lie_on_each_other(show, draft, monkeypatch):
    from gui.document import focus_painter

    made = draft("Orsk says Orsk says no to Orsk.")
    claim = made.span(draft.CLAIM, "no")
    for after in ("", "says", "to"):
        made.link(draft.SPEAKER, claim, made.span(draft.STATE, "Orsk", after=after))
    made.link(draft.TARGET, claim, made.spans[1])
    placed_tags = []
    paint_tag = focus_painter._paint_tag

    def remember(painter, flow, over, text, placed) -> None:
        paint_tag(painter, flow, over, text, placed)
        placed_tags[:] = placed

    monkeypatch.setattr(focus_painter, "_paint_tag", remember)
    view = show(made)
    view.focus_span(claim.id)
    QApplication.processEvents()
    assert len(placed_tags) == 4
    assert not any(a.intersects(b) for i, a in enumerate(placed_tags) for b in placed_tags[:i])
    bounds = view.page.marks().bounds
    assert all(bounds.contains(tag) for tag in placed_tags)
