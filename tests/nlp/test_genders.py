"""Titles tell whether a person is he or she; where they disagree or none stands, nothing is said."""

import pytest

from nlp.genders import genders_of
from nlp.mentions import Mention


def _genders(text, *names):
    starts = [text.index(name) for name in names]
    people = [Mention(at, at + len(name), "person", name, 0.8) for at, name in zip(starts, names, strict=True)]
    return genders_of(text, people)


@pytest.mark.parametrize(
    ("text", "gender"),
    [
        ("Mrs. Lund left.", "she"),
        ("Ms Mara Lund left.", "she"),
        ("Spokeswoman Mara Lund left.", "she"),
        ("Mr Lund left.", "he"),
        ("Congressman Lund left.", "he"),
        ("Prince Anders Lund left.", "he"),
    ],
)
def test_titles_tell(text, gender):
    name = "Lund"
    assert _genders(text, name) == {"Lund": gender}


@pytest.mark.parametrize("text", ["German Chancellor Lund left.", "President Lund left.", "Norman Lund left.", "Lund."])
def test_other_words_do_not(text):
    assert _genders(text, "Lund") == {}


def test_titles_that_disagree_tell_nothing():
    assert _genders("Mr Anders Lund and Mrs Mara Lund left.", "Anders Lund", "Mara Lund") == {}
