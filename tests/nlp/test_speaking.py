"""Who holds a claim is a mention, even where the pipeline tags no name there; numbers and papers are none."""

import pytest

from nlp.combine import combine, read_part
from nlp.suggestion import ACTOR_CODES, SPEAKER, SuggestRequest


@pytest.fixture(scope="module")
def speakers(english):
    """Return for a text its speakers as (words, code)."""

    def run(text):
        result = combine(SuggestRequest(1, text), [read_part(english.nlp(text), 0)], model="test")
        spans = {span.key: span for span in result.spans}
        ends = [spans[link.to_key] for link in result.links if link.code == SPEAKER]
        return [(text[span.fragments[0].start_cp : span.fragments[-1].end_cp], span.code) for span in ends]

    return run


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Teodor Vask said that the port would stay closed.", ("Teodor Vask", "person")),
        ("Vask said that the port would stay closed.", ("Vask", "person")),
        ("Foreign Minister Ilse Maro warned that Orsk would leave.", ("Ilse Maro", "person")),
        ("A spokeswoman, Mara Lund, said the talks had failed.", ("Mara Lund", "person")),
        ("Officials said the bridge had fallen.", ("Officials", "group")),
        ("Residents fear that it will rain.", ("Residents", "group")),
        ("The ministry denied that it had paid.", ("ministry", "organisation")),
        ("A source said the minister was ill.", ("source", "person")),
        ("The campaign said that the rally would go on.", ("campaign", "organisation")),
        ("One man told reporters that he had seen the fire.", ("One man", "person")),
        ("The Chinese believe that the West is in decline.", ("Chinese", "group")),
    ],
)
def test_who_speaks_is_a_mention_and_the_speaker(speakers, text, speaker):
    assert speakers(text) == [speaker]


@pytest.mark.parametrize(
    "text", ["The report says that prices rose.", "Half said that they would stay.", "A poll found that few cared."]
)
def test_papers_numbers_and_polls_are_no_mentions(english, text):
    result = combine(SuggestRequest(1, text), [read_part(english.nlp(text), 0)], model="test")
    assert not [span for span in result.spans if span.code in ACTOR_CODES]


def test_noun_that_does_not_speak_is_no_mention(english):
    text = "The campaign lasted two weeks, and a source ran dry."
    assert combine(SuggestRequest(1, text), [read_part(english.nlp(text), 0)], model="test").spans == ()


def test_lone_name_that_speaks_is_kept_where_it_would_be_taken_for_a_heading(speakers):
    assert speakers("The Examiner reported that the film had failed.") == [("Examiner", "organisation")]


def test_offsets_move_with_the_part(english):
    doc = english.nlp("Vask said that the port would stay closed.")
    (plain,), (moved,) = read_part(doc, 0).mentions, read_part(doc, 500).mentions
    assert (moved.start_cp, moved.end_cp) == (plain.start_cp + 500, plain.end_cp + 500)
    assert moved.speaks
