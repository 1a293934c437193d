from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.document.sentences import sentence_at, sentences_in


def split(text: str) -> list[str]:
    return [text[s:e] for s, e in sentences_in(text, 0, len(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Velmar agreed. Orsk did not! Why?", ["Velmar agreed.", "Orsk did not!", "Why?"]),
        ("Dr. Taval met Gen. Kesh. They spoke.", ["Dr. Taval met Gen. Kesh.", "They spoke."]),
        ("“No,” he said. “Never.” She left.", ["“No,” he said.", "“Never.”", "She left."]),
        ("“Why?” he asked. Nobody knew.", ["“Why?” he asked.", "Nobody knew."]),
        ("D. Okonin of the U.N. Council spoke.", ["D. Okonin of the U.N. Council spoke."]),
        ("They met in the U.N. The talks failed.", ["They met in the U.N.", "The talks failed."]),
        ("It rose by 3.5 percent, e.g. in Selin. Good.", ["It rose by 3.5 percent, e.g. in Selin.", "Good."]),
        ("He waited … and left.", ["He waited … and left."]),
        ("东岸拒绝了。渔民不同意！为什么？", ["东岸拒绝了。", "渔民不同意！", "为什么？"]),
        ("A heading\nThen a sentence.", ["A heading", "Then a sentence."]),
        ("broken by\nhand in the midst.", ["broken by\nhand in the midst."]),
        ("broken by\r\nhand in the midst.", ["broken by\r\nhand in the midst."]),
        ("• one point\n• another", ["• one point", "• another"]),
    ],
)
def test_sentences_end_where_readers_see_them_end(text, expected):
    assert split(text) == expected


def test_sentence_at_stays_within_its_paragraph():
    text = "A heading\n\nFirst sentence. Second one.\r\n\r\nLast."
    assert text[slice(*sentence_at(text, 2))] == "A heading"
    assert text[slice(*sentence_at(text, text.index("irst")))] == "First sentence."
    assert text[slice(*sentence_at(text, text.index("one.")))] == "Second one."
    assert text[slice(*sentence_at(text, len(text)))] == "Last."


def test_between_two_sentences_the_one_before_counts():
    text = "One. Two."
    assert text[slice(*sentence_at(text, 4))] == "One."


def test_a_blank_text_has_an_empty_sentence():
    assert sentence_at("  \n ", 2) == (2, 2)


@given(st.text(alphabet="aB. !?\n\r“”。", max_size=60), st.data())
def test_sentences_are_disjoint_trimmed_and_hold_all_that_is_visible(text, data):
    found = sentences_in(text, 0, len(text))
    assert all(a.end_cp <= b.start_cp for a, b in pairwise(found))
    covered = {i for s, e in found for i in range(s, e)}
    assert all(i in covered for i, char in enumerate(text) if not char.isspace())
    assert all(not text[s].isspace() and not text[e - 1].isspace() for s, e in found)
    pos_cp = data.draw(st.integers(0, len(text)))
    sentence = sentence_at(text, pos_cp)
    if pos_cp < len(text) and not text[pos_cp].isspace():
        assert sentence.start_cp <= pos_cp < sentence.end_cp
