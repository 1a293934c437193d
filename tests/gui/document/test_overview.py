from __future__ import annotations

from dataclasses import replace

import pytest

from gui.document.overview import OverviewStrip
from gui.document.style import Styles
from gui.theme import LIGHT
from storage.records import Fragment, Origin, SpanRecord, State


def spans(count: int, length: int) -> list[SpanRecord]:
    made = []
    for i in range(count):
        start_cp = i * length // count
        made.append(SpanRecord(i, 1, 1, State.SUGGESTED, Origin.SUGGESTER, (Fragment(start_cp, start_cp + 3),), ""))
    return made


@pytest.fixture
def strip(qtbot, codebook):
    from PySide6.QtWidgets import QWidget

    parent = QWidget()
    qtbot.addWidget(parent)
    strip = OverviewStrip(parent)
    strip.set_styles(Styles(LIGHT, codebook))
    strip.resize(16, 404)
    parent.resize(100, 404)
    parent.show()
    qtbot.waitExposed(parent)
    yield strip
    parent.close()


def colour_at(strip: OverviewStrip, x: int, y: int) -> str:
    return strip.grab().toImage().pixelColor(x, y).name()


def test_ten_thousand_spans_are_all_counted(strip):
    strip.show_spans(1_000_000, spans(10_000, 1_000_000))
    assert sum(strip.undecided_at(y) for y in range(0, 404, 4)) == 10_000
    assert colour_at(strip, 4, 200) == LIGHT.label("blue").line


def test_a_decision_changes_the_mark(strip):
    (span,) = spans(1, 100)
    strip.set_shown(0, 100)
    strip.show_spans(100, [span])
    assert colour_at(strip, 4, 1) == LIGHT.label("blue").line
    strip.remove(span)
    strip.put(replace(span, state=State.CONFIRMED))
    assert strip.undecided_at(1) == 0
    assert colour_at(strip, 4, 1) != LIGHT.label("blue").line
    assert colour_at(strip, 10, 1) not in {colour_at(strip, 10, 100), LIGHT.label("blue").line}
    strip.remove(replace(span, state=State.CONFIRMED))
    assert colour_at(strip, 10, 1) == colour_at(strip, 10, 100)


def test_reviewed_stretches_are_ruled(strip):
    strip.show_spans(100, [])
    strip.set_reviewed([(0, 50)])
    assert colour_at(strip, 14, 100) == LIGHT.ok
    assert colour_at(strip, 14, 300) != LIGHT.ok


def test_what_is_on_screen_is_shaded(strip):
    strip.show_spans(100, [])
    strip.set_shown(25, 50)
    assert colour_at(strip, 5, 150) != colour_at(strip, 5, 300) == LIGHT.side


def test_the_view_keeps_the_strip_up_to_date(show, draft):
    made = draft("Velmar and Orsk agreed. " * 10)
    span = made.span(draft.STATE, "Velmar", state=State.SUGGESTED)
    view = show(made)
    strip = view._strip
    assert strip.undecided_at(0) == 1
    view.apply(spans=[replace(span, state=State.CONFIRMED)])
    assert strip.undecided_at(0) == 0
    view.apply(spans=[span])
    view.set_hidden_labels(frozenset({draft.STATE}))
    assert strip.undecided_at(0) == 0
    view.set_hidden_labels(frozenset())
    view.resize(800, 300)
    assert strip.undecided_at(0) == 1
    view.apply(removed_spans=[span.id])
    assert strip.undecided_at(0) == 0
