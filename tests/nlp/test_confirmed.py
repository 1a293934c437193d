"""Words that an analyst confirmed are found in other texts: whole words, longest first, case as a name needs."""

import pytest

from nlp.mentions import confirmed_mentions


def _found(text, *confirmed):
    return [(item.text, item.code) for item in confirmed_mentions(text, confirmed)]


def test_whole_words_alone_are_found():
    assert _found("Orsk met Orskland and NOrsk; Orsk’s envoy left.", ("state", "Orsk")) == [("Orsk", "state")] * 2


def test_longest_words_win_whatever_the_order():
    words = [("state", "Orsk"), ("organisation", "Orsk Liberation Front")]
    text = "The Orsk Liberation Front left Orsk."
    assert (
        _found(text, *words)
        == _found(text, *words[::-1])
        == [("Orsk Liberation Front", "organisation"), words[0][::-1]]
    )


def test_name_keeps_its_case_and_description_may_begin_a_sentence():
    assert _found("The may of Velmar; May spoke.", ("person", "May")) == [("May", "person")]
    assert _found("Rebels left. The rebels stayed. REBELS!", ("group", "rebels")) == [
        ("Rebels", "group"),
        ("rebels", "group"),
    ]


def test_line_breaks_and_double_blanks_are_blanks():
    assert _found("the Orsk\r\nLiberation  Front", ("group", "Orsk Liberation Front")) == [
        ("Orsk\r\nLiberation  Front", "group")
    ]


@pytest.mark.parametrize("text", ["Orsk-backed rebels", "the pro-Orsk party", "a non‑Orsk state"])
def test_part_of_a_hyphenated_word_is_none(text):
    assert _found(text, ("state", "Orsk")) == []


def test_name_before_a_dash_is_found():
    assert _found("Orsk - so they say - left; Orsk–Taval talks", ("state", "Orsk")) == [("Orsk", "state")] * 2


def test_scripts_without_blanks_are_searched_by_character():
    assert _found("东岸政府说：好。", ("state", "东岸")) == [("东岸", "state")]


def test_first_code_of_the_same_words_counts():
    assert _found("Orsk left.", ("group", "Orsk"), ("state", "Orsk")) == [("Orsk", "group")]


@pytest.mark.parametrize("words", ["", "  ", "—", "..."])
def test_words_without_a_letter_find_nothing(words):
    assert _found("Orsk — left ...", ("state", words)) == []
