"""Offsets of other tools find their words, whatever they count."""

from __future__ import annotations

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from storage.errors import RefusedInputError
from storage.formats.offsets import Offsets, Unit, is_quote, likely_unit, placed, refuse_quote, unit_of_quotes
from storage.formats.units import Utf16Offsets
from storage.records import Fragment

TEXT = "🌊 Orsk\r\nsaid 👩🏽\u200d🚀 Velmar\r\n“will” go."


def counted(text: str, pos_cp: int, unit: Unit) -> int:
    before = text[:pos_cp]
    match unit:
        case Unit.UTF16:
            return len(before.encode("utf-16-le")) // 2
        case Unit.GRAPHEME:
            return len(regex.findall(r"\X", before))
        case Unit.LINE_END:
            return len(before.replace("\r\n", "\n"))
        case _:
            return pos_cp


@pytest.mark.parametrize("unit", list(Unit))
def test_every_unit_finds_the_words(unit: Unit):
    start = TEXT.index("Velmar")
    ranges = [(counted(TEXT, start, unit), counted(TEXT, start + 6, unit))]
    assert Offsets(TEXT, unit).ranges(ranges) == [(start, start + 6)]
    assert unit_of_quotes(TEXT, [(ranges, "Velmar")], list(Unit)) == unit
    before = TEXT.index("Orsk")
    ranges.append((counted(TEXT, before, unit), counted(TEXT, before + 4, unit)))
    assert likely_unit(TEXT, ranges, [Unit.UTF16, unit]) == unit


@given(st.text(st.sampled_from("aé東🌊\r\n "), min_size=1, max_size=20), st.data())
def test_units_agree_with_a_count_of_the_beginning(text: str, data):
    cuts = [0, *(match.end() for match in regex.finditer(r"\X", text))]
    start, end = sorted(data.draw(st.lists(st.sampled_from(cuts), min_size=2, max_size=2)))
    for unit in Unit:
        ranges = [(counted(text, start, unit), counted(text, end, unit))]
        assert Offsets(text, unit).ranges(ranges) == ([(start, end)] if start < end else None)


def test_utf16_within_a_character_is_no_range():
    assert Offsets("a🌊b", Unit.UTF16).ranges([(0, 2)]) is None
    assert Utf16Offsets("a🌊b").to_cp(2) is None


def test_no_unit_fits_other_words():
    assert unit_of_quotes(TEXT, [([(0, 4)], "Taval")], list(Unit)) is None


def test_code_points_are_believed_first():
    assert unit_of_quotes("Orsk went.", [([(0, 4)], "Orsk")], [Unit.CODE_POINT, Unit.UTF16]) == Unit.CODE_POINT
    assert likely_unit("plain", [(0, 3)], [Unit.UTF16, Unit.CODE_POINT]) == Unit.UTF16


def test_white_space_and_halves_of_characters_at_the_ends_are_mended():
    assert placed("a b  c", [(1, 5)], where="f") == (Fragment(2, 3),)
    assert placed("e\u0301x", [(0, 1)], where="f") == (Fragment(0, 2),)
    assert placed("ab cd ef", [(6, 8), (0, 2)], where="f") == (Fragment(0, 2), Fragment(6, 8))
    assert placed("abcdef", [(0, 3), (2, 5)], where="f") == (Fragment(0, 5),)
    assert placed("abcdef", [(0, 3), (3, 5)], where="f") == (Fragment(0, 3), Fragment(3, 5))


@pytest.mark.parametrize(
    ("ranges", "words"),
    [
        ([(3, 3)], "empty or outside"),
        ([(0, 9)], "outside the text of 4 characters"),
        ([(-2, 1)], "outside"),
        ([(1, 2)], "nothing but white space"),
    ],
)
def test_what_cannot_be_a_span_is_refused_with_its_place(ranges, words: str):
    with pytest.raises(RefusedInputError, match=words) as refusal:
        placed("a bc", ranges, where="notes.ann, line 3")
    assert str(refusal.value).startswith("notes.ann, line 3: ")


def test_white_space_does_not_count_in_quotes():
    assert is_quote("one\r\ntwo  three", [(0, 5), (5, 15)], "one two three")
    assert not is_quote("one two", [(0, 3)], "two")


@pytest.mark.parametrize(
    ("text", "ranges", "quote", "words"),
    [
        ("Šárka went.", [(0, 5)], "S\u030ca\u0301rka", "Unicode normalisation"),
        ("Š. said S\u030ca\u0301rka.", [(8, 13)], "Šárka", "Unicode normalisation"),
        ("Orsk fell.", [(0, 4)], "Vels", "the text was changed"),
        ("Orsk fell.", [(0, 40)], "Orsk", "but the text ends at 10"),
    ],
)
def test_other_words_are_explained(text: str, ranges, quote: str, words: str):
    assert words in str(refuse_quote("a.ann, line 1", text, ranges, quote))
