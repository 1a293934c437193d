"""How right suggestions are from which score on, as measured on annotated documents; imports no spaCy.

`nlp/data/calibration.toml` holds the measurements, made by `docs/calibrate.py`.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import NamedTuple

#: What the default asks for: nine of ten shown suggestions are right, in documents like those measured, as long as it
#: does not hide more than a quarter of what is found.
WANTED_PRECISION, KEPT_RECALL = 0.9, 0.75


class Step(NamedTuple):
    """What share of the suggestions from a score on is right, and what share of all that is right is among them."""

    least_score: float
    precision: float
    recall: float


def expected(code: str, least_score: float) -> Step | None:
    """Return what to expect of the suggestions of a label code from a score on; `None` where nothing was measured.

    Between two measurements it is drawn straight; below the first and above the last it stays.
    """
    steps = measured().get(code, ())
    if not steps:
        return None
    for left, right in pairwise(steps):
        if left.least_score <= least_score < right.least_score:
            share = (least_score - left.least_score) / (right.least_score - left.least_score)
            precision, recall = (a + share * (b - a) for a, b in zip(left[1:], right[1:], strict=True))
            return Step(least_score, precision, recall)
    return (steps[0] if least_score < steps[0].least_score else steps[-1])._replace(least_score=least_score)


def default_least_score(code: str | None) -> float:
    """Return the lowest measured score from which on nine of ten suggestions are right; 0 where none is needed.

    Where that would hide more than a quarter of what is found, or nothing was measured, nothing is hidden.
    """
    steps = measured().get(code or "", ())
    for step in steps:
        if step.precision >= WANTED_PRECISION:
            is_worth_it = step.recall >= KEPT_RECALL * steps[0].recall
            return step.least_score if is_worth_it else 0.0
    return 0.0


@cache
def measured() -> dict[str, tuple[Step, ...]]:
    """Return the measurements by label code, each from the lowest score on."""
    data = tomllib.loads(resources.files("nlp").joinpath("data", "calibration.toml").read_text("utf-8"))
    return {code: tuple(Step(*row) for row in rows) for code, rows in data["steps"].items()}
