from __future__ import annotations

import regex
from hypothesis import example, given
from hypothesis import strategies as st

from gui.document.positions import Positions, display_text

ASTRONAUT = "\U0001f469\U0001f3fd\u200d\U0001f680"
FLAGS = "\U0001f1e9\U0001f1ea\U0001f1eb\U0001f1f7"

#: Pieces that are hard for offsets: joined emoji, flags, marks, directions, line ends of every kind.
PIECES = st.sampled_from(
    [
        "a", "Z", "9", " ", "\t", "\u00a0", "\r\n", "\n", "\r", "\u2028", "\u2029", "\x85", "\v", "\f", "\0",
        ASTRONAUT, FLAGS, "\U0001f30a", "e\u0301", "\u0301", "\u200d", "\u200c", "\ufe0f", "中", "東岸", "か\u3099",
        "한", "\u1112\u1161\u11ab", "שלום", "مر\u0651حبا", "\u202e", "ไทย", "\u0915\u094d\u0937\u093f", "’", "-", ".",
        "\U00020000", "\ufffc", "\x1c",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.lists(PIECES, max_size=40).map("".join), st.text(max_size=60))


def boundaries(text: str) -> list[int]:
    return [0, *(match.end() for match in regex.finditer(r"\X", text))]


@given(TEXTS)
@example("\r\n")
@example("a\u0301" * 20 + FLAGS * 3)
def test_display_text_has_the_same_length_and_nothing_that_qt_interprets(text):
    shown = display_text(text)
    assert len(shown) == len(text)
    assert not regex.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202d\u202e\ufffc]", shown)


def test_display_text_shows_control_characters_as_pictures():
    assert display_text("a\0b\x1b\x7f") == "a␀b␛␡"


def test_display_text_keeps_what_is_harmless():
    text = "Velmar\u00a0und\tOrsk: 東岸 \U0001f30a"
    assert display_text(text) == text


@given(TEXTS)
def test_utf16_positions_map_both_ways(text):
    positions = Positions(text)
    for pos_cp in range(len(text) + 1):
        pos_u16 = len(text[:pos_cp].encode("utf-16-le", "surrogatepass")) // 2
        assert positions.u16(pos_cp) == pos_u16
        assert positions.cp(pos_u16) == pos_cp


def test_a_position_within_a_surrogate_pair_is_the_pairs_start():
    positions = Positions("a\U0001f30ab")
    assert [positions.cp(u16) for u16 in range(5)] == [0, 1, 1, 2, 3]


@given(TEXTS)
def test_graphemes_are_those_of_unicode(text):
    positions, edges = Positions(text), boundaries(text)
    for pos_cp in range(len(text) + 1):
        assert positions.grapheme_start(pos_cp) == max(e for e in edges if e <= pos_cp)
        assert positions.grapheme_end(pos_cp) == min(e for e in edges if e >= pos_cp)
        assert positions.next_grapheme(pos_cp) == min((e for e in edges if e > pos_cp), default=len(text))
        assert positions.previous_grapheme(pos_cp) == max((e for e in edges if e < pos_cp), default=0)


@given(TEXTS, st.data())
def test_trimmed_ranges_have_no_white_space_at_their_ends_and_cut_no_grapheme(text, data):
    positions, edges = Positions(text), boundaries(text)
    start_cp = data.draw(st.integers(0, len(text)))
    end_cp = data.draw(st.integers(start_cp, len(text)))
    trimmed = positions.trimmed(start_cp, end_cp)
    if trimmed is None:
        visible = [i for i in range(start_cp, end_cp) if not text[i].isspace()]
        assert all(text[positions.grapheme_start(i)].isspace() for i in visible)
        return
    assert trimmed.start_cp < trimmed.end_cp
    assert trimmed.start_cp in edges
    assert trimmed.end_cp in edges
    assert not text[trimmed.start_cp].isspace()
    assert not text[trimmed.end_cp - 1].isspace()


@given(TEXTS)
def test_words_are_found_the_same_from_every_position(text):
    positions = Positions(text)
    forwards, pos_cp = [], -1
    while (word := positions.next_word(max(pos_cp, 0))) is not None and word.end_cp > pos_cp:
        forwards.append(word)
        pos_cp = word.end_cp
    for word in forwards:
        for inside_cp in range(word.start_cp, word.end_cp):
            assert positions.word_at(inside_cp) == word
    backwards, pos_cp = [], len(text) + 1
    while (word := positions.previous_word(pos_cp)) is not None:
        backwards.append(word)
        pos_cp = word.start_cp
    assert backwards[::-1] == forwards


def words_of(text: str) -> list[str]:
    positions, found, pos_cp = Positions(text), [], 0
    while (word := positions.next_word(pos_cp)) is not None:
        found.append(text[word.start_cp : word.end_cp])
        pos_cp = word.end_cp
    return found


def test_words_keep_apostrophes_hyphens_and_inner_points():
    assert words_of("Okonin’s pro-Orsk U.N. envoy, isn't she?") == [
        "Okonin’s",
        "pro-Orsk",
        "U.N",
        "envoy",
        "isn't",
        "she",
    ]


def test_unspaced_scripts_are_words_character_by_character():
    assert words_of("東岸Selin 港") == ["東", "岸", "Selin", "港"]


def test_words_keep_their_combining_marks():
    assert words_of("cafe\u0301 Nove\u0301") == ["cafe\u0301", "Nove\u0301"]


def test_previous_word_is_found_across_long_gaps():
    positions = Positions("Velmar" + " ." * 2_000)
    assert positions.previous_word(positions.length_cp) == (0, 6)
    assert positions.next_word(7) is None


def test_a_megabyte_without_blanks_stays_quick():
    positions = Positions("中" * 1_000_000)
    assert positions.grapheme_start(999_999) == 999_999
    assert positions.word_at(500_000) == (500_000, 500_001)
    assert positions.previous_word(1_000_000) == (999_999, 1_000_000)
