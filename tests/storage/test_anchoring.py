"""A span's words are found again, nearest to where they stood."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.anchoring import anchored
from storage.text import quote_of

TEXT = "Orsk waits. Velmar and Orsk talk; “we”, said Orsk, “wait”. 🌊 Orsk\r\n"


@pytest.mark.parametrize(("start_cp", "place"), [(0, 0), (20, 23), (30, 23), (43, 45), (70, 61)])
def test_the_nearest_place_is_taken(start_cp, place) -> None:
    assert anchored(TEXT, "Orsk", [(start_cp, start_cp + 4)], start_cp) == ((place, place + 4),)


def test_a_quote_of_fragments_is_found_in_its_parts() -> None:
    found = anchored(TEXT, "we wait", [(1, 3), (9, 13)], 1)
    assert [TEXT[slice(*fragment)] for fragment in found] == ["we", "wait"]
    assert anchored(TEXT, "🌊 we", [(1, 2), (9, 11)], 1) is None


@pytest.mark.parametrize("quote", ["Taval", "", "rsk waits. ", "\n"])
def test_words_that_stand_nowhere_or_make_no_span_are_not_placed(quote) -> None:
    assert anchored(TEXT, quote, [(0, max(len(quote), 1))], 0) is None


@given(st.text("ab ", max_size=40), st.integers(0, 39), st.integers(1, 6), st.integers(0, 40))
def test_what_is_found_has_the_words(text, start_cp, length_cp, near_cp) -> None:
    quote = text[start_cp : start_cp + length_cp]
    found = anchored(text, quote, [(start_cp, start_cp + length_cp)], near_cp)
    if found is not None:
        assert quote_of(text, found) == quote
    else:
        assert quote.strip() != quote or not quote
