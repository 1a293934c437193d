from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gui.document.cursor import Cursor
from gui.document.positions import Positions

TEXT = "Dara Okonin said, “Velmar agreed”."


def cursor_at(word: str, text: str = TEXT) -> Cursor:
    cursor = Cursor(Positions(text))
    cursor.place(text.index(word))
    return cursor


def selected(cursor: Cursor, text: str = TEXT) -> str:
    return text[slice(*cursor.selection)] if cursor.selection else ""


def test_word_steps_go_to_the_starts_of_words():
    cursor = cursor_at("Dara")
    starts = []
    for _ in range(6):
        cursor.move_word(1)
        starts.append(cursor.pos_cp)
    assert starts == [TEXT.index(w) for w in ("Okonin", "said", "Velmar", "agreed")] + [len(TEXT)] * 2
    cursor.move_word(-1)
    assert cursor.pos_cp == TEXT.index("agreed")
    cursor.move_word(-9)
    assert cursor.pos_cp == 0


def test_the_first_selecting_step_takes_the_word_at_the_cursor():
    for step in (1, -1):
        cursor = cursor_at("Okonin")
        cursor.move_word(step, select=True)
        assert selected(cursor) == "Okonin"


def test_further_selecting_steps_add_words_and_opposite_ones_take_them_off():
    cursor = cursor_at("Okonin")
    cursor.move_word(3, select=True)
    assert selected(cursor) == "Okonin said, “Velmar"
    cursor.move_word(-1, select=True)
    assert selected(cursor) == "Okonin said"
    cursor.move_word(-2, select=True)
    assert selected(cursor) == ""


def test_words_are_added_to_the_left_too():
    cursor = cursor_at("said")
    cursor.move_word(-2, select=True)
    assert selected(cursor) == "Okonin said"
    cursor.move_word(1, select=True)
    assert selected(cursor) == "said"


def test_a_plain_character_step_collapses_a_selection_to_its_side():
    cursor = cursor_at("Okonin")
    cursor.move_word(1, select=True)
    cursor.move_char(1)
    assert (cursor.pos_cp, cursor.selection) == (TEXT.index(" said"), None)


def test_character_steps_never_stop_within_a_grapheme():
    text = "a\U0001f469\U0001f3fd\u200d\U0001f680e\u0301\r\nb"
    cursor = Cursor(Positions(text))
    stops = []
    for _ in range(5):
        cursor.move_char(1)
        stops.append(cursor.pos_cp)
    assert stops == [1, 5, 7, 9, 10]


@given(st.lists(st.tuples(st.booleans(), st.sampled_from([-2, -1, 1, 2]), st.booleans()), max_size=12))
def test_a_selection_is_always_trimmed_and_within_the_text(steps):
    text = "  Velmar, 東岸 e\u0301\u0301 and \r\n\r\n “Orsk”\t"
    cursor = Cursor(Positions(text))
    for is_word, step, select in steps:
        (cursor.move_word if is_word else cursor.move_char)(step, select=select)
        assert 0 <= cursor.pos_cp <= len(text)
        if cursor.selection:
            quote = selected(cursor, text)
            assert quote == quote.strip()
            assert quote


SPOKEN = "Velmar’s envoy, Dara Okonin, paid 5,000 crowns. “We – all of us – wait,” she said. No. 7 is open."


def test_phrase_steps_go_to_what_follows_a_stop():
    cursor = cursor_at("Velmar", SPOKEN)
    starts = []
    for _ in range(7):
        cursor.move_phrase(1)
        starts.append(SPOKEN[cursor.pos_cp :][:6])
    assert starts == ["Dara O", "paid 5", "“We – ", "all of", "wait,”", "she sa", "No. 7 "]
    cursor.move_phrase(-1)
    assert SPOKEN[cursor.pos_cp :].startswith("she said")
    cursor.move_phrase(-9)
    assert cursor.pos_cp == 0


def test_phrases_are_selected_with_the_closing_mark_of_a_quotation_that_began_inside():
    cursor = cursor_at("“We", SPOKEN)
    cursor.move_phrase(3, select=True)
    assert selected(cursor, SPOKEN) == "“We – all of us – wait,”"
    cursor.move_phrase(-1, select=True)
    assert selected(cursor, SPOKEN) == "“We – all of us"
    cursor = cursor_at("wait", SPOKEN)
    cursor.move_phrase(1, select=True)
    assert selected(cursor, SPOKEN) == "wait"


def test_a_phrase_is_selected_to_the_left_and_a_word_that_is_stood_in_is_taken_whole():
    cursor = cursor_at("konin", SPOKEN)
    cursor.move_phrase(-2, select=True)
    assert selected(cursor, SPOKEN) == "Velmar’s envoy, Dara Okonin"
    cursor.move_phrase(1, select=True)
    assert selected(cursor, SPOKEN) == "Dara Okonin"


def test_sentence_steps_go_to_the_starts_of_sentences_and_select_to_their_ends():
    cursor = cursor_at("paid", SPOKEN)
    cursor.move_sentence(1)
    assert SPOKEN[cursor.pos_cp :].startswith("“We")
    cursor.move_sentence(1, select=True)
    assert selected(cursor, SPOKEN) == "“We – all of us – wait,” she said."
    cursor.move_sentence(1, select=True)
    assert selected(cursor, SPOKEN).endswith("is open.")
    cursor.place(SPOKEN.index("wait"))
    cursor.move_sentence(-2)
    assert cursor.pos_cp == 0


@given(st.text(alphabet="aB .,“”\n’4-", max_size=60), st.integers(0, 60), st.booleans())
def test_phrase_and_sentence_steps_reach_both_ends_of_any_text(text, start_cp, is_sentence):
    cursor = Cursor(Positions(text))
    cursor.place(min(start_cp, len(text)))
    move = cursor.move_sentence if is_sentence else cursor.move_phrase
    for step, end_cp in ((1, len(text)), (-1, 0)):
        for _ in range(len(text) + 1):
            before = cursor.pos_cp
            move(step)
            assert cursor.pos_cp * step >= before * step
        assert cursor.pos_cp == end_cp or not text[: cursor.pos_cp].strip()


@given(
    st.text(alphabet="aB .,“”\n’4-", max_size=60), st.integers(0, 60), st.lists(st.sampled_from([1, -1]), max_size=8)
)
def test_selecting_by_phrases_never_leaves_the_text(text, start_cp, steps):
    cursor = Cursor(Positions(text))
    cursor.place(min(start_cp, len(text)))
    for step in steps:
        cursor.move_phrase(step, select=True)
        assert 0 <= cursor.pos_cp <= len(text)
        assert 0 <= cursor.anchor_cp <= len(text)
