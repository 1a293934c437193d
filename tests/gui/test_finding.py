"""Words and patterns are found in the document on screen, and found hits are labelled like any selection."""

import pytest


def _error(desk):
    return desk.window.find_bar._error.full_text


def _count(desk):
    return desk.window.find_bar._count.text()


def test_typing_shows_the_first_hit_and_stays_on_it_while_it_answers(desk):
    desk.press("Ctrl+F")
    desk.type("harb")
    assert (desk.view.selected_text(), _count(desk)) == ("harb", "1 of 1")
    desk.type("our")

    assert (desk.view.selected_text(), _count(desk)) == ("harbour", "1 of 1")


def test_enter_goes_round_the_hits_and_shift_enter_back(desk):
    desk.press("Ctrl+F")
    desk.type("or")
    total = int(_count(desk).split()[-1])
    seen = []
    for _ in range(total):
        seen.append(desk.view.cursor_cp)
        desk.press("Return")

    assert total > 2
    assert seen == sorted(seen)
    assert desk.view.cursor_cp == seen[0]
    desk.press("Shift+Return")
    assert desk.view.cursor_cp == seen[-1]


def test_a_found_hit_is_labelled_with_a_digit(desk):
    desk.press("Ctrl+F")
    desk.type("reporters")
    desk.press("Esc", "4")

    assert desk.label("reporters") == "Group"
    assert not desk.window.find_bar.isVisible()


def test_selected_words_are_looked_for(desk):
    desk.select("Orsk")
    desk.press("Ctrl+F")

    assert desk.window.find_bar.line.text() == "Orsk"


def test_f3_goes_on_without_the_bar_and_opens_it_where_nothing_was_looked_for(desk):
    desk.press("F3")
    assert desk.window.find_bar.isVisible()
    desk.type("or")
    desk.press("Esc")
    first = desk.view.cursor_cp
    desk.press("F3")

    assert desk.view.cursor_cp > first
    desk.press("Shift+F3")
    assert desk.view.cursor_cp == first


@pytest.mark.parametrize(
    ("pattern", "sentence"), [("(", "not a pattern"), ("(" * 2000, "too deeply"), ("(?R)", "takes too long")]
)
def test_a_pattern_that_cannot_be_used_says_why(desk, pattern, sentence):
    desk.press("Ctrl+F")
    desk.window.find_bar.regex.setChecked(True)
    desk.window.find_bar.line.setText(pattern)
    desk.settle()

    assert sentence in _error(desk)
    desk.press("Return")
    desk.window.find_bar.line.setText("Orsk")
    assert (_error(desk), _count(desk)) == ("", "1 of 1")


def test_the_same_words_are_looked_for_in_the_next_document(desk):
    desk.press("Ctrl+F")
    desk.type("velmar")
    desk.press("Esc", "Ctrl+PgDown", "F3")

    assert desk.title == "The islands wait"
    assert desk.view.selected_text() == "Velmar"
