"""Offsets in UTF-16 units, both ways."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.formats.units import Utf16Offsets


@given(st.text(st.sampled_from("aé東🌊𝔘\n"), max_size=30))
def test_both_ways_agree_with_the_encoding(text: str):
    offsets = Utf16Offsets(text)
    starts = [len(text[:pos].encode("utf-16-le")) // 2 for pos in range(len(text) + 1)]
    assert [offsets.to_u16(pos) for pos in range(len(text) + 1)] == starts
    assert [offsets.to_cp(pos) for pos in starts] == list(range(len(text) + 1))
    assert offsets.length_u16 == starts[-1]
    assert all(offsets.to_cp(pos) is None for pos in set(range(starts[-1])) - set(starts))


@pytest.mark.parametrize("pos_u16", [-1, 4, 2])
def test_outside_the_text_or_within_a_character_is_nowhere(pos_u16: int):
    assert Utf16Offsets("a🌊").to_cp(pos_u16) is None
