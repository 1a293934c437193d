"""What the parse tears off or adds: clauses above their cue, asides in a content, cues beside the one that speaks."""

import pytest

from nlp.attribution import find_attributions
from nlp.attribution.frames import frames_of


def _contents(doc, lemma):
    found = next(item for item in find_attributions(doc) if item.cue_lemma == lemma)
    return [doc.text[start:end] for start, end in found.content]


def _frames(doc, word):
    verb = next(token for token in doc if token.text == word)
    return {
        frame.pattern: "".join(doc[index].text_with_ws for index in frame.content).strip() for frame in frames_of(verb)
    }


def test_words_before_a_comma_and_its_cue_are_a_reading(english):
    claim = "The port would be closed before the winter and nobody had a plan"
    doc = english.nlp(f"{claim}, a spokeswoman, Mina Corvo, said on Saturday.")
    assert _frames(doc, "said")["loose before"] == claim


def test_a_verb_with_its_own_clause_has_no_loose_reading(english):
    text = "On the first day of the talks, Mina Corvo said that the port would close."
    assert not [pattern for pattern in _frames(english.nlp(text), "said") if pattern.startswith("loose")]


def test_a_quotation_goes_on_with_the_verb_that_speaks_and_not_with_the_aside_after_it(english):
    text = (
        "“The ford is closed,” Anders Pell said, referring to the road near Lemsk. “We will not wait for the League.”"
    )
    doc = english.nlp(text)
    assert _contents(doc, "say") == ["“The ford is closed,”", "“We will not wait for the League.”"]
    assert _contents(doc, "refer") == ["the road near Lemsk"]


@pytest.mark.parametrize(
    ("text", "lemma", "content"),
    [
        ("The minister praised the new accord, a text that nobody has read.", "praise", "the new accord"),
        ("Velmar supports a new bridge, a plan that has failed twice.", "support", "a new bridge"),
        (
            "Pavel Strand endorsed a plan to build a bridge over the strait.",
            "endorse",
            "a plan to build a bridge over the strait",
        ),
        ("The League faced questions about its budget and its port.", "question", "its budget and its port"),
    ],
)
def test_a_content_ends_where_the_author_begins_to_explain(english, text, lemma, content):
    assert _contents(english.nlp(text), lemma) == [content]
