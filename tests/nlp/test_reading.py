"""Wrapped lines, hyphens at their ends and invisible characters are read over; what is found stands in the original."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.reading import Reading
from nlp.suggestion import KnownActor, Range, SuggestRequest

_WRAPPED = (
    "The spokesman of the ministry, Sergei\n"
    "Halvek, said on Tuesday that the port of North\n"
    "Karvia was closed. He was tired, and Hal-\n"
    "vek left. Nobody followed the old diplomat."
)


def test_wrapped_lines_and_hyphens_are_joined():
    assert Reading(_WRAPPED).text == (
        "The spokesman of the ministry, Sergei Halvek, said on Tuesday that the port of North Karvia was closed. "
        "He was tired, and Halvek left. Nobody followed the old diplomat."
    )
    assert Reading(_WRAPPED.replace("\n", "\r\n   ")).text == Reading(_WRAPPED).text
    assert Reading(_WRAPPED.replace("-\n", "\u00ad\n")).text == Reading(_WRAPPED).text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "One line alone.",
        "THE KARVIAN MINISTRY OF DEFENCE AND ITS FRIENDS\nThe ministry said nothing for many days, and then some more.",
        "Q: Will the minister go to the capital for the talks?\nA: The minister will not go to the capital this year.",
        "The minister has gone to the capital of the country.\nThe talks have failed in the middle of the night again.",
        "- the port of the northern provinces is closed again\n- the bridge over the strait is closed for many years",
        "> the port of the northern provinces is closed again\n> and the bridge over the strait is closed for years",
        "The port of the north\tclosed for many months\nThe bridge over the strait\topen for some weeks",
        "Manor House\nCompton Lane\nLemsk",
        "A paragraph of one line that goes on and on. " * 5 + "\n" + "Another one that goes on and on for long. " * 5,
    ],
)
def test_lines_of_their_own_stay_apart(text):
    assert Reading(text).text == text


def test_invisible_characters_and_hard_blanks_are_read_over():
    reading = Reading("Hal\u00advek and Il\u200bse\u00a0Maro  left \u202b\u0645\u202c. \U0001f469\u200d\U0001f33e")
    assert reading.text == "Halvek and Ilse Maro left \u0645. \U0001f469\u200d\U0001f33e"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (
            "As Halvek1 has argued, Orsk², too, “waited for years.”3 Then",
            "As Halvek has argued, Orsk, too, “waited for years.” Then",
        ),
        ("The G20, Kh101, 3.14 and “the 80s”. In May2020 Fund45 met Fund45.", None),
    ],
)
def test_numbers_of_footnotes_are_read_over(text, read):
    assert Reading(text).text == (read or text)


def test_endless_runs_of_marks_are_read_as_short_ones():
    reading = Reading("Halvek " + "." * 20_000 + " 5\n" + "_" * 40)
    assert reading.text == "Halvek ... 5\n___"
    assert reading.original(Range(7, 12)) == Range(7, 20_009)


def test_places_lead_back_to_the_original():
    reading = Reading(_WRAPPED)
    for words, original in [("Sergei Halvek", "Sergei\nHalvek"), ("Halvek left", "Hal-\nvek left"), ("The", "The")]:
        start = reading.text.index(words)
        place = reading.original(Range(start, start + len(words)))
        assert _WRAPPED[place.start_cp : place.end_cp] == original


@given(st.text(alphabet="ab A-\n\r\u00ad\u200b\u00a0.\t\u0301", max_size=200), st.data())
def test_every_place_leads_back_to_its_own_characters(text, data):
    text = "the minister of the old republic of the north\n" * data.draw(st.integers(0, 2)) + text
    reading = Reading(text)
    for at in range(len(reading.text)):
        start, end = reading.original(Range(at, at + 1))
        assert end == start + 1
        assert text[start] == reading.text[at] or (text[start].isspace() and reading.text[at] == " ")


def test_names_across_lines_are_suggested_whole_where_they_stand(suggester):
    request = SuggestRequest(1, _WRAPPED, "en", actors=(KnownActor(3, "North Karvia", "state"),))
    (found,) = suggester.suggest_many([request])
    words = {
        _WRAPPED[span.fragments[0].start_cp : span.fragments[-1].end_cp]: (span.code, span.actor_id)
        for span in found.spans
    }
    assert words["Sergei\nHalvek"] == ("person", None)
    assert words["Hal-\nvek"] == ("person", None)
    assert words["North\nKarvia"] == ("state", 3)
