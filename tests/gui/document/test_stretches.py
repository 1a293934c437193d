"""Excluded parts look left out, pages are told beside the text."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from gui.document.stretches import Stretches
from gui.document.tips import page_tip, tip_text
from gui.theme import DARK, LIGHT
from storage.records import StretchKind, StretchRecord

TEXT = "Home | News\n\nIlya Brandt said (buy our map) that Orsk waits. The talks go on."


def _contrast(first: QColor, second: QColor) -> float:
    """Return the contrast of two colours by WCAG 2.2."""
    lights = []
    for colour in (first, second):
        parts = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour.getRgbF()[:3]]
        lights.append(0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2])
    return (max(lights) + 0.05) / (min(lights) + 0.05)


def _record(kind: StretchKind, words: str, value: str = "", text: str = TEXT) -> StretchRecord:
    start_cp = text.index(words)
    return StretchRecord(start_cp + 1, 1, kind, start_cp, start_cp + len(words), value)


NAVIGATION = _record(StretchKind.EXCLUDED, "Home | News", "navigation")
ADVERT = _record(StretchKind.EXCLUDED, "(buy our map)")
PAGES = (
    _record(StretchKind.PAGE, TEXT[: TEXT.index("that")], "11"),
    _record(StretchKind.PAGE, TEXT[TEXT.index("that") :], "12"),
)


@pytest.fixture
def grab(view, draft, codebook):
    def grab(*records: StretchRecord):
        view.show_document(replace(draft(TEXT).content, stretches=records), codebook)
        QApplication.processEvents()
        return view.viewport().grab().toImage()

    return grab


def _colours(view, image, rect) -> set[str]:
    seen = view.page.to_view(rect).toAlignedRect() & image.rect()
    return {
        image.pixelColor(x, y).name()
        for x in range(seen.left(), seen.right() + 1)
        for y in range(seen.top(), seen.bottom() + 1)
    }


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("record", [NAVIGATION, ADVERT], ids=["paragraph", "words"])
def test_excluded_text_is_fainter_on_a_ground_of_its_own_and_still_legible(view, grab, theme, record) -> None:
    view.set_theme(theme)
    image = grab(record)
    (rect,) = view.page.flow.rects_of(record.start_cp, record.end_cp)
    found = _colours(view, image, rect)
    assert theme.ink not in found
    assert theme.side in found
    faintest = max(found, key=lambda name: _contrast(QColor(name), QColor(theme.side)))
    assert _contrast(QColor(faintest), QColor(theme.side)) >= 4.5


def test_excluded_text_is_not_told_by_colour_alone(view, grab) -> None:
    image = grab(NAVIGATION, ADVERT)
    (paragraph,) = view.page.flow.rects_of(NAVIGATION.start_cp, NAVIGATION.end_cp)
    (words,) = view.page.flow.rects_of(ADVERT.start_cp, ADVERT.end_cp)
    bar = paragraph.adjusted(-9, 0, -paragraph.width() - 4, 0)
    assert LIGHT.edge in _colours(view, image, bar)
    assert LIGHT.edge in _colours(view, image, words.adjusted(-3, -3, 3, 3))


def test_other_text_looks_as_before(view, grab) -> None:
    plain, image = grab(), grab(NAVIGATION)
    (rect,) = view.page.flow.rects_of(TEXT.index("that"), TEXT.index("that") + 4)
    area = view.page.to_view(rect).toAlignedRect()
    assert image.copy(area) == plain.copy(area)


def test_numbers_of_pages_stand_beside_the_row_that_they_begin_in(view, grab) -> None:
    image = grab(*PAGES)
    page = view.page
    assert [(TEXT[at : at + 4], value) for at, value in page.stretches.pages] == [("Home", "11"), ("that", "12")]
    beside = page.flow.width_px + 2
    for words, is_there in (("Home", True), ("that", True)):
        (rect,) = page.flow.rects_of(TEXT.index(words), TEXT.index(words) + 4)
        margin = rect.translated(beside - rect.left(), 0)
        margin.setWidth(page.right_room_px - 4)
        assert (len(_colours(view, image, margin)) > 1) is is_there
    assert page.right_room_px > 28


def test_a_change_of_stretches_is_painted_at_once(view, grab, qtbot) -> None:
    grab()
    view.apply(stretches=(NAVIGATION,))
    QApplication.processEvents()
    (rect,) = view.page.flow.rects_of(NAVIGATION.start_cp, NAVIGATION.end_cp)
    assert LIGHT.side in _colours(view, view.viewport().grab().toImage(), rect)
    assert view.page.stretches.excluded == [(0, 11)]


def test_a_tip_tells_why_and_shows_what_strangers_wrote_as_typed(view) -> None:
    hostile = replace(NAVIGATION, value="<img src=x>")
    styles = view.page.flow.styles
    assert tip_text((), styles, NAVIGATION) == "<qt>excluded from the work · navigation</qt>"
    assert "<img" not in tip_text((), styles, hostile)
    assert tip_text((), styles) == ""


def test_parts_are_found_by_place() -> None:
    found = Stretches((NAVIGATION, ADVERT, *PAGES), TEXT)
    assert found.excluded_in(5, 30) == [(0, 11)]
    assert found.excluded_in(11, 60) == [(ADVERT.start_cp, ADVERT.end_cp)]
    assert found.excluded_in(60, 70) == []
    assert [found.excluded_at(at) for at in (0, 11, 12, ADVERT.start_cp)] == [NAVIGATION, NAVIGATION, None, ADVERT]


def test_a_page_that_begins_with_blank_lines_is_told_beside_its_words() -> None:
    text = "One.\n\n  Two."
    page = StretchRecord(1, 1, StretchKind.PAGE, 4, len(text), "2")
    assert Stretches((page,), text).pages == [(text.index("Two"), "2")]
    blank = StretchRecord(1, 1, StretchKind.PAGE, 4, 6, "3")
    assert Stretches((blank,), text).pages == [(4, "3")]


def test_a_tip_beside_the_text_tells_the_whole_number_of_a_page(view, grab) -> None:
    long = replace(PAGES[1], value="Appendix to <chapter> 12")
    grab(PAGES[0], long)
    page = view.page
    (rect,) = page.flow.rects_of(TEXT.index("that"), TEXT.index("that") + 4)
    row = page.to_view(rect).center()
    beside = QPointF(page.column_x + page.flow.width_px + 12, row.y())
    assert page_tip(page, beside) == "<qt>page Appendix to &lt;chapter&gt; 12</qt>"
    assert page_tip(page, row) == ""
    assert page_tip(page, QPointF(beside.x(), 2)) == ""


def test_the_next_position_in_the_work_lies_behind_white_space_and_excluded_parts() -> None:
    found = Stretches((NAVIGATION, ADVERT), TEXT)
    assert [TEXT[found.next_included(at, TEXT) :][:5] for at in (0, 11, ADVERT.start_cp - 1)] == [
        "Ilya ",
        "Ilya ",
        "that ",
    ]
    assert found.next_included(len(TEXT), TEXT) == len(TEXT)
    assert Stretches((_record(StretchKind.EXCLUDED, TEXT),), TEXT).next_included(3, TEXT) == len(TEXT)
