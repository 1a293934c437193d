from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gui.finding import MOST_HITS, Finder, PatternError, find_all
from gui.panels.find import FindBar, FindQuery

ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def finder(desk):
    bar = FindBar(desk.window)
    finder = Finder(bar, desk.view)
    bar.resize(700, 40)
    finder.open()
    yield finder
    finder.close()


def _framed(desk) -> list[str]:
    text = desk.view.page.positions.text
    return [text[start:end] for start, end in desk.view.page.hits]


def test_all_hits_are_framed_and_the_first_after_the_cursor_selected(desk, finder) -> None:
    desk.view.place_cursor(10)
    QTest.keyClicks(finder._bar.line, "orsk")
    assert _framed(desk) == ["Orsk"] * 4
    assert desk.view.selection()[0].start_cp == 20
    assert finder._bar._count.text() == "2 of 4"


def test_typing_on_stays_at_the_hit(desk, finder) -> None:
    QTest.keyClicks(finder._bar.line, "Orsk")
    finder.go_next()
    assert desk.view.selection()[0].start_cp == 20
    QTest.keyClicks(finder._bar.line, " s")
    assert desk.view.selection() == ((20, 26),)


def test_the_strip_shows_where_the_hits_are(desk, finder) -> None:
    QTest.keyClicks(finder._bar.line, "agreed")
    assert len(desk.view._strip._hits) == 1
    finder.close()
    assert desk.view._strip._hits == set()


def test_closing_takes_the_frames_away(desk, finder) -> None:
    QTest.keyClicks(finder._bar.line, "orsk")
    finder.close()
    assert _framed(desk) == []
    assert desk.window.focusWidget() is desk.view


def test_another_document_is_searched_without_moving_in_it(desk, finder) -> None:
    QTest.keyClicks(finder._bar.line, "orsk")
    desk.show(desk.second)
    finder.follow_document()
    assert _framed(desk) == ["Orsk", "Orsk"]
    assert desk.view.selection() == ()
    assert finder._bar._count.text() == "2 hits"


def test_hits_are_handed_on_by_key(desk, finder) -> None:
    listed: list[list[tuple[int, int]]] = []
    finder.hits_listed.connect(listed.append)
    QTest.keyClicks(finder._bar.line, "velmar")
    QTest.keyClick(finder._bar.line, Qt.Key.Key_L, ALT)
    assert listed == [[(12, 18)]]


def test_a_broken_pattern_is_told_and_nothing_is_framed(desk, finder) -> None:
    QTest.keyClicks(finder._bar.line, "orsk")
    QTest.keyClick(finder._bar.line, Qt.Key.Key_R, ALT)
    QTest.keyClicks(finder._bar.line, "(")
    assert finder._bar._error.full_text.startswith("not a pattern")
    assert _framed(desk) == []
    assert not finder._bar.list_all.isEnabled()


@pytest.mark.parametrize(
    ("query", "hits"),
    [
        (FindQuery("Orsk"), [(0, 4), (5, 9), (14, 18)]),
        (FindQuery("Orsk", is_case_sensitive=True), [(0, 4), (14, 18)]),
        (FindQuery("Orsk", is_whole_words=True), [(0, 4), (5, 9)]),
        (FindQuery("^.", is_regex=True), [(0, 1), (14, 15)]),
        (FindQuery("x*", is_regex=True), []),
        (FindQuery("🌊"), [(11, 12)]),
        (FindQuery("."), []),
        (FindQuery(""), []),
    ],
)
def test_ranges_are_code_points_of_what_is_asked_for(query, hits) -> None:
    assert find_all("Orsk orsk, 🌊\n\nOrskian", query) == hits


def test_hits_are_capped(monkeypatch) -> None:
    monkeypatch.setattr("gui.finding._TIMEOUT_S", 60)  # a busy machine is no endless pattern
    assert len(find_all("a" * (MOST_HITS + 5), FindQuery("a"))) == MOST_HITS


def test_a_pattern_without_end_is_given_up() -> None:
    with pytest.raises(PatternError, match="takes too long"):
        find_all("a" * 60 + "b", FindQuery("(?:a|aa)+$", is_regex=True))
