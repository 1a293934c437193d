from __future__ import annotations

import pytest

from gui.document.phrases import name_at, next_end, next_start, previous_end, previous_start
from gui.document.positions import Positions

TEXT = "The Ministry of Marine Affairs in Orsk, U.S. envoys (and Ren Taval) at 10:30 met Velmar’s fleet.\nAll wait"


def name(word: str) -> str | None:
    found = name_at(Positions(TEXT), TEXT.index(word))
    return TEXT[slice(*found)] if found else None


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("Ministry", "Ministry of Marine Affairs"),
        ("Affairs", "Ministry of Marine Affairs"),
        ("Orsk", "Orsk"),
        ("Taval", "Ren Taval"),
        ("Velmar", "Velmar’s"),
        ("fleet", "fleet"),
        ("wait", "wait"),
        ("All", "All"),
    ],
)
def test_a_name_is_its_capitalised_words_with_the_small_ones_between(word, expected):
    assert name(word) == expected


def test_there_is_no_name_where_there_is_no_word():
    assert name_at(Positions("  –  "), 2) is None


def test_phrases_lie_between_stops_but_not_within_numbers_and_abbreviations():
    positions = Positions(TEXT)
    starts, pos_cp = [], 0
    while (pos_cp := next_start(positions, pos_cp)) < len(TEXT):
        starts.append(TEXT[pos_cp:][:5])
    assert starts == ["U.S. ", "(and ", "at 10", "All w"]
    assert previous_start(positions, len(TEXT)) == TEXT.index("All")


def test_the_ends_of_phrases_are_met_forwards_and_backwards():
    positions = Positions(TEXT)
    first_cp = next_end(positions, 0, low_cp=0)
    assert TEXT[:first_cp].endswith("in Orsk")
    second_cp = next_end(positions, first_cp, low_cp=first_cp)
    assert TEXT[:second_cp].endswith("envoys")
    third_cp = next_end(positions, second_cp, low_cp=first_cp)
    assert TEXT[:third_cp].endswith("Taval)")
    assert previous_end(positions, third_cp, low_cp=0) == second_cp
    assert previous_end(positions, first_cp, low_cp=5) == 5
