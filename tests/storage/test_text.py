"""What may be imported, where spans may begin and end, and what their quotes are."""

import hashlib
import unicodedata

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from storage.errors import InvalidEditError, RefusedInputError
from storage.records import Fragment
from storage.text import (
    check_fragments,
    check_text,
    is_grapheme_boundary,
    lone_surrogate,
    quote_of,
    sha256_of,
    snap,
    trim,
)

#: One code point or more that behaves in its own way when texts are cut or trimmed.
PIECES = [
    "a", "e", "Z", "9", " ", "\t", "\n", "\r", "\r\n", "\xa0", "\xad", "\x85", "\u2028", "\u3000", "é", "“", "’",
    "\u0301", "\u200d", "\ufe0f", "👩", "🏽", "👩🏽\u200d🚀", "🌊", "🇩", "🇪",
    "क", "्", "ष", "\u0600", "각", "\u1100", "\u1161", "\u11a8",
    "ด", "ำ", "東", "岸", "ש", "ل", "\u202e", "\ufeff",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)


def boundaries(text: str) -> set[int]:
    return {0, *(match.end() for match in regex.finditer(r"\X", text))}


@given(TEXTS)
def test_boundary_is_where_a_scan_of_the_whole_text_finds_one(text: str):
    found = {pos for pos in range(len(text) + 1) if is_grapheme_boundary(text, pos)}

    assert found == boundaries(text)


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("e\u0301", [1]),
        ("\r\n", [1]),
        ("👩🏽\u200d🚀", [1, 2, 3]),
        ("🇩🇪🇫🇷", [1, 3]),
        ("각", []),
        ("\u1100\u1161\u11a8", [1, 2]),
        ("東岸", []),
        ("ab", []),
    ],
)
def test_boundary_examples(text: str, inside: list[int]):
    assert [pos for pos in range(len(text) + 1) if not is_grapheme_boundary(text, pos)] == inside


@given(TEXTS, st.data())
def test_snapped_range_is_a_legal_fragment_that_covers_the_words_asked_for(text: str, data: st.DataObject):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))

    fragment = snap(text, start, end)

    if fragment is None:
        whole = text[max(b for b in boundaries(text) if b <= start) : min(b for b in boundaries(text) if b >= end)]
        assert all(g[0].isspace() or g[-1].isspace() for g in regex.findall(r"\X", whole)) or start == end
    else:
        check_fragments(text, [fragment])
        asked = trim(text, start, end)
        if asked and {asked.start_cp, asked.end_cp} <= boundaries(text):
            assert fragment.start_cp <= asked.start_cp
            assert fragment.end_cp >= asked.end_cp


def test_snap_leaves_out_a_blank_that_carries_a_mark():
    assert snap(" \u0301word", 0, 6) == Fragment(2, 6)


def test_snap_grows_to_the_whole_emoji():
    assert snap("a 👩🏽\u200d🚀 b", 3, 4) == Fragment(2, 6)


def test_snap_of_white_space_is_nothing():
    assert snap("a \r\n\xa0 b", 1, 5) is None


@pytest.mark.parametrize("text", ["a" + "\u0301" * 300_000, "🇩" * 300_000, "👩\u200d" * 150_000])
@pytest.mark.timeout(20)
def test_snap_stays_quick_in_a_grapheme_of_hundreds_of_thousands_of_code_points(text: str):
    fragment = snap(text, 150_001, 150_002)

    assert fragment is not None
    check_fragments(text, [fragment])


def test_trim_takes_every_kind_of_white_space():
    assert trim("\xa0\u2028 x y\u3000\r\n", 0, 9) == Fragment(3, 6)
    assert trim("   ", 0, 3) is None
    assert trim("abc", -4, 99) == Fragment(0, 3)


def test_quote_joins_fragments_by_one_blank():
    text = "“No state,” she said, “is safe.”"

    assert quote_of(text, [(0, 11), (22, 32)]) == "“No state,” “is safe.”"
    assert quote_of(text, [Fragment(12, 15)]) == "she"


@pytest.mark.parametrize(
    ("fragments", "why"),
    [
        ([], "at least one"),
        ([(2, 2)], "empty"),
        ([(3, 1)], "empty"),
        ([(-1, 2)], "outside"),
        ([(0, 12)], "outside"),
        ([(3, 5), (0, 2)], "begins before"),
        ([(0, 2), (1, 2)], "begins before"),
        ([(2, 5)], "white space"),
        ([(0, 3)], "white space"),
        ([(6, 7)], "cuts a character"),
        ([(7, 8)], "cuts a character"),
    ],
)
def test_broken_fragments_are_refused(fragments: list[tuple[int, int]], why: str):
    with pytest.raises(InvalidEditError, match=why):
        check_fragments("ab cd e\u0301 fg", fragments)


def test_touching_fragments_are_legal():
    check_fragments("東岸", [(0, 1), (1, 2)])


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "is empty"),
        (" \n\t\u2028\xa0", "nothing but white space"),
        ("line one\nli\0ne", "NUL character at line 2, character 3"),
        ("one\r\ntwo \ud83d", r"U\+D83D\) at line 2, character 5"),
        ("\udc00", "half a character"),
    ],
)
def test_text_that_is_none_is_refused_with_its_place(text: str, what: str):
    with pytest.raises(RefusedInputError, match=what) as caught:
        check_text(text, where="brief.txt")

    assert str(caught.value).startswith("brief.txt ")
    assert str(caught.value).isprintable()


def test_ordinary_and_odd_texts_pass():
    check_text("Velmar\r\n\u2028\x0c\ufeff𝔘 e\u0301 東岸 🌊")


def test_lone_surrogate_is_found():
    assert lone_surrogate("ab\ud800") == 2
    assert lone_surrogate("ab🌊") is None


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_hash_is_that_of_the_utf8_bytes_and_tells_forms_apart(text: str):
    assert sha256_of(text) == hashlib.sha256(text.encode()).hexdigest()
    other = unicodedata.normalize("NFD", text)
    assert (sha256_of(other) == sha256_of(text)) is (other == text)
