"""What is expected of suggestions from a score on."""

from __future__ import annotations

import pytest

from nlp import calibration
from nlp.calibration import Step, default_least_score, expected, measured


@pytest.fixture
def steps(monkeypatch):
    def set_steps(*rows) -> None:
        monkeypatch.setattr(calibration, "measured", lambda: {"claim": tuple(Step(*row) for row in rows)})

    return set_steps


def test_between_measurements_a_straight_line_is_drawn_and_outside_it_stays(steps) -> None:
    steps((0.4, 0.8, 0.6), (0.6, 0.9, 0.4))
    assert expected("claim", 0.5) == pytest.approx((0.5, 0.85, 0.5))
    assert expected("claim", 0.1) == (0.1, 0.8, 0.6)
    assert expected("claim", 0.9) == (0.9, 0.9, 0.4)
    assert expected("state", 0.5) is None


@pytest.mark.parametrize(
    ("rows", "default"),
    [
        (((0.0, 0.8, 0.6), (0.6, 0.9, 0.5), (0.8, 0.95, 0.3)), 0.6),
        (((0.0, 0.92, 0.9), (0.8, 0.95, 0.8)), 0.0),
        (((0.0, 0.7, 0.8), (0.8, 0.95, 0.5)), 0.0),
        (((0.0, 0.7, 0.8), (0.9, 0.85, 0.6)), 0.0),
    ],
)
def test_the_default_asks_for_nine_of_ten_unless_that_costs_too_much(steps, rows, default) -> None:
    steps(*rows)
    assert default_least_score("claim") == default
    assert default_least_score(None) == 0


def test_the_measurements_that_come_along_are_sound() -> None:
    for rows in measured().values():
        assert [step.least_score for step in rows] == sorted({step.least_score for step in rows})
        assert all(0 < value <= 1 for step in rows for value in step[1:])
    assert measured().keys() >= {"claim"}
