"""Readings that the parse hides: words that are mistaken for others, clauses hung elsewhere, names beside a mark."""

import pytest

from nlp.attribution import find_attributions


def _read(english, text, least=0.0):
    """Return the attributions of a text as (source, content), the likeliest first."""
    found = sorted(find_attributions(english.nlp(text)), key=lambda item: -item.score)
    return [
        tuple(" | ".join(text[start:end] for start, end in ranges) for ranges in (item.source, item.content))
        for item in found
        if item.score >= least
    ]


@pytest.mark.parametrize(
    ("text", "source", "content"),
    [
        ("Pavel Strand is proud of the accord that Velmar signed.", "Pavel Strand", "the accord that Velmar signed"),
        ("Mina Corvo is aware of the dangers on the border.", "Mina Corvo", "the dangers on the border"),
        ("Orsk is interested in buying the port of Taval.", "Orsk", "buying the port of Taval"),
        ("Mina Corvo made it clear that the port would stay closed.", "Mina Corvo", "that the port would stay closed"),
        ("The judge was asked if the law had been broken.", "", "if the law had been broken"),
        (
            "We have known since at least the war that the bridge is weak.",
            "We",
            "that the bridge is weak",
        ),
        ("Orsk leads Velmar by nine points in a new survey.", "a new survey", "Orsk leads Velmar by nine points"),
    ],
)
def test_reading_is_found(english, text, source, content):
    assert (source, content) in _read(english, text)


@pytest.mark.parametrize(
    ("text", "source", "content"),
    [
        ("Strand: Velmar must leave the accord\n\nThe accord is old.", "Strand", "Velmar must leave the accord"),
        (
            "The talk went on.\n\nSTRAND: The ford is closed until the ice has gone.\n",
            "STRAND",
            "The ford is closed until the ice has gone",
        ),
        (
            "Our readers wrote.\n\n“The ford must be opened again before the winter.” ― Mina Corvo\n\nIt rained.",
            "Mina Corvo",
            "“The ford must be opened again before the winter.”",
        ),
    ],
)
def test_name_before_a_colon_or_after_a_dash_speaks(english, text, source, content):
    assert (source, content) in _read(english, text)


def test_dash_after_a_quotation_needs_a_name(english):
    text = "“The ford must be opened again before the winter” – that is the hope of the town.\n"
    assert not [source for source, _ in _read(english, text) if source.startswith("that is")]


def test_both_halves_of_a_sentence_are_according_to_its_end(english):
    halves = "The foundation repaired the bridge, and it has opened two schools"
    assert ("a report", halves) in _read(english, f"{halves}, according to a report.")


def test_a_quotation_goes_on_with_the_quoted_claim_and_not_with_an_aside(english):
    text = (
        "“The ford is open to everyone,” Anders Pell said, noting that the ice had gone. “We will not wait for long.”"
    )
    assert ("Anders Pell", "“The ford is open to everyone,” | “We will not wait for long.”") in _read(english, text)


def test_a_condition_is_no_content(english):
    text = "Orsk backs the plan if the League pays for the bridge."
    assert not [content for _, content in _read(english, text) if content.startswith("if ")]
