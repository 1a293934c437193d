from __future__ import annotations

import pytest

from gui.document.positions import Positions
from gui.document.resize import resized, with_edge
from storage.records import Fragment

TEXT = "The minister said, “No country is safe,” and then left."


def after(quote: str, edge: str, step: int, unit: str, text: str = TEXT) -> str | None:
    start_cp = text.index(quote)
    changed = resized(Positions(text), (Fragment(start_cp, start_cp + len(quote)),), edge, step, unit)
    return text[slice(*changed[0])] if changed else None


@pytest.mark.parametrize(
    ("edge", "step", "unit", "expected"),
    [
        ("end", 1, "word", "No country is safe"),
        ("end", -1, "word", "No country"),
        ("end", 2, "word", "No country is safe,” and"),
        ("start", -1, "word", "said, “No country is"),
        ("start", 1, "word", "country is"),
        ("end", 1, "char", "No country is s"),
        ("end", -1, "char", "No country i"),
        ("start", -1, "char", "“No country is"),
        ("start", 1, "char", "o country is"),
        ("end", 1, "phrase", "No country is safe"),
        ("end", 2, "phrase", "No country is safe,” and then left"),
        ("start", -1, "phrase", "“No country is"),
        ("start", -2, "phrase", "The minister said, “No country is"),
    ],
)
def test_an_edge_moves_by_words_and_characters(edge, step, unit, expected):
    assert after("No country is", edge, step, unit) == expected


def test_an_edge_moves_back_by_phrases_and_closing_marks_come_with_their_opening_ones():
    assert after("“No country is", "end", 1, "phrase") == "“No country is safe,”"
    assert after("said, “No country", "end", -1, "phrase") == "said"
    assert after("said, “No country is", "start", 1, "phrase") == "“No country is"
    assert after("No country", "end", -1, "phrase") is None


def test_white_space_is_stepped_over():
    assert after("country", "end", 1, "char") == "country i"
    assert after("country", "start", -1, "char") == "o country"


def test_a_span_is_never_shrunk_to_nothing():
    assert after("No", "end", -1, "word") is None
    assert after("No", "start", 1, "word") is None
    assert after("s", "end", -1, "char") is None


def test_nothing_is_beyond_the_ends_of_the_text():
    assert after("The", "start", -1, "word") is None
    assert after("left.", "end", 1, "char") is None


def test_only_the_outer_fragments_change():
    fragments = (Fragment(20, 30), Fragment(41, 44))
    assert resized(Positions(TEXT), fragments, "end", 1, "word") == (Fragment(20, 30), Fragment(41, 49))
    assert resized(Positions(TEXT), fragments, "start", 1, "word") == (Fragment(23, 30), Fragment(41, 44))


def test_an_edge_dragged_to_nowhere_changes_nothing():
    fragments = (Fragment(20, 30),)
    assert with_edge(Positions(TEXT), fragments, "end", 18) is None
    assert with_edge(Positions(TEXT), fragments, "end", 30) is None
    assert with_edge(Positions(TEXT), fragments, "end", 31) is None
