"""Which words are remembered, and where they are found."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.memory_words import WordFinder, is_name, is_worth_remembering
from storage.text import check_fragments


def found(words: list[str], text: str) -> list[str]:
    return [text[start:end] for _, start, end in WordFinder(words).find(text)]


@pytest.mark.parametrize("words", ["Orsk", "US", "IT", "The Who of Orsk", "the ministry", "both sides", "我们", "Ödön"])
def test_names_and_descriptions_are_worth_remembering(words) -> None:
    assert is_worth_remembering(words)


@pytest.mark.parametrize("words", ["", "O", "A.", "2019", "…", "he", "They", "us", "all of them", "the", "x" * 101])
def test_pronouns_letters_numbers_and_long_passages_are_not(words) -> None:
    assert not is_worth_remembering(words)


@pytest.mark.parametrize(("words", "language"), [("ihnen", "de"), ("Elles", "fr-FR"), ("ellos", "es"), ("zij", "nl")])
def test_function_words_are_those_of_the_document_s_language(words, language) -> None:
    assert not is_worth_remembering(words, language)
    assert is_worth_remembering(words, "en")


@pytest.mark.parametrize(
    ("words", "is_one"),
    [
        ("Ilya Brandt", True),
        ("The Hague", True),
        ("Bank of Orsk", True),
        ("the minister", False),
        ("Orsk officials", False),
    ],
)
def test_a_name_begins_each_of_its_words_large(words, is_one) -> None:
    assert is_name(words) is is_one


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Orsk, Orsk’s and “Orsk”.", ["Orsk"] * 3),
        ("Orskian, NorthOrsk, orsk, ORSK, Orsk_x", []),
        ("pro-Orsk, Orsk-based, but Orsk - and Orsk–Velmar", ["Orsk", "Orsk"]),
        ("Ilya\nBrandt and Ilya \t Brandt", ["Ilya\nBrandt", "Ilya \t Brandt"]),
        ("Brandt met Ilya Brandt", ["Brandt", "Ilya Brandt"]),
        ("Orsk\u0301 is another word", []),
    ],
)
def test_words_are_found_whole_in_their_case_and_the_longest_first(text, expected) -> None:
    assert found(["Orsk", "Brandt", "Ilya Brandt"], text) == expected


def test_words_may_begin_with_a_mark_and_stand_in_scripts_without_blanks() -> None:
    assert found(["“Free Orsk”", "#Taval"], "The “Free Orsk” list says #Taval now.") == ["“Free Orsk”", "#Taval"]
    assert found(["奥尔斯克"], "他说奥尔斯克会付钱。") == ["奥尔斯克"]


@given(
    st.lists(st.text("Aa é-’\u0301我", min_size=1, max_size=4).filter(str.strip), max_size=4),
    st.text("Aa é-’\u0301我\n", max_size=30),
)
def test_places_are_sound_in_order_and_do_not_overlap(words, text) -> None:
    last = 0
    for each, start, end in WordFinder(" ".join(w.split()) for w in words).find(text):
        check_fragments(text, [(start, end)])
        assert start >= last
        assert " ".join(text[start:end].split()) == each
        last = end
