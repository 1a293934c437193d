from __future__ import annotations

import pytest

from gui.widgets.fuzzy import best, fold, rank


@pytest.mark.parametrize(
    ("typed", "name"),
    [("muller", "Müller"), ("ORSK", "orsk"), ("strasse", "Straße"), ("dongan", "Dōngàn"), ("東", "東岸")],
)
def test_case_and_accents_are_levelled(typed, name):
    assert fold(typed) in fold(name)


def test_better_places_rank_first():
    names = ["next orsk", "morskaya", "orsk", "o r s k", "taval"]
    assert best("orsk", [(fold(name), name) for name in names], 9) == ["orsk", "next orsk", "morskaya", "o r s k"]


def test_all_words_are_needed_in_any_order():
    assert rank(["brandt", "ilya"], "ilya brandt") is not None
    assert rank(["brandt", "dara"], "ilya brandt") is None


def test_letters_in_order_find_a_name_and_others_do_not():
    assert rank(["sgn"], "suggestion") == 20
    assert rank(["sgz"], "suggestion") is None
    assert rank(["uge"], "suggestion") is None
    assert rank(["z"], "suggestion") is None


def test_equal_ones_keep_their_order_and_the_list_ends():
    assert best("a", [("aa", 1), ("ab", 2), ("ac", 3)], 2) == [1, 2]


def test_nothing_typed_finds_everything():
    assert best("", [("orsk", 1), ("velmar", 2)], 9) == [1, 2]
