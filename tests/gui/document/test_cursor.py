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
