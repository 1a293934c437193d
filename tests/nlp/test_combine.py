"""Findings of parts become one set of suggestions: clean spans, links, resolved speakers, registry actors."""

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from nlp.attribution.lexicon import load_lexicon
from nlp.combine import combine, read_part
from nlp.fragments import clean_fragments
from nlp.parts import iter_parts
from nlp.suggestion import (
    ACTOR_CODES,
    CLAIM_CODE,
    CUE,
    CUE_KIND_CODES,
    SPEAKER,
    TARGET,
    KnownActor,
    Range,
    SuggestRequest,
)


@pytest.fixture(scope="module")
def suggest(english):
    """Suggest for a text, cut into parts of `max_cp` code points."""

    def run(text, actors=(), max_cp=20_000, off=()):
        request = SuggestRequest(7, text, "en", tuple(actors), frozenset(off))
        parts = [
            read_part(english.nlp(text[start:end]), start, kinds_off=request.cue_kinds_off)
            for start, end in iter_parts(text, max_cp)
            if start < end
        ]
        return combine(request, parts, model="test")

    return run


def _words(text, span):
    return " | ".join(text[start:end] for start, end in span.fragments)


def _linked(text, result, code):
    """Return (claim, other end) in words for each link of a type."""
    spans = {span.key: span for span in result.spans}
    return [
        (_words(text, spans[link.from_key]), _words(text, spans[link.to_key]))
        for link in result.links
        if link.code == code
    ]


def test_claim_is_linked_to_cue_and_speaker(suggest):
    text = "President Teodor Vask said that the port would stay closed."
    result = suggest(text)
    claim = "that the port would stay closed"
    assert _linked(text, result, CUE) == [(claim, "said")]
    assert _linked(text, result, SPEAKER) == [(claim, "Teodor Vask")]


def test_pronoun_speaker_is_resolved_to_the_person_before(suggest):
    text = "Sergei Ivanov came back from the front. He said that the war would end before the winter."
    speakers = _linked(text, suggest(text), SPEAKER)
    assert speakers == [("that the war would end before the winter", "Sergei Ivanov")]
    assert not any(_words(text, span) == "He" for span in suggest(text).spans)


def test_pronoun_speaker_is_of_the_gender_that_titles_tell(suggest):
    text = "Mrs. Mara Lund met Mr. Anders Pell in Lemsk. {} said that the port would stay closed."
    claim = "that the port would stay closed"
    for pronoun, who in (("She", "Mara Lund"), ("He", "Anders Pell")):
        words = text.format(pronoun)
        assert _linked(words, suggest(words), SPEAKER) == [(claim, who)]


def test_accused_is_the_target(suggest):
    text = "Teodor Vask accused Russia of breaking the accord in the spring."
    assert _linked(text, suggest(text), TARGET) == [("Russia of breaking the accord in the spring", "Russia")]


def test_coordinated_speakers_are_two_links(suggest):
    text = "Russia and China said that they would stay in the talks."
    assert [who for _, who in _linked(text, suggest(text), SPEAKER)] == ["Russia", "China"]


def test_registry_actor_is_found_by_name_alias_and_surname(suggest):
    actors = [
        KnownActor(3, "Sergey Shoygu", "person", ("the Marshal",)),
        KnownActor(4, "Northern League", "organisation", ("NL",)),
    ]
    text = "Sergey Shoygu wrote to the NL. Shoygu waited for an answer from the Northern League."
    found = {_words(text, span): span.actor_id for span in suggest(text, actors).spans if span.actor_id is not None}
    assert found == {"Sergey Shoygu": 3, "NL": 4, "Shoygu": 3, "Northern League": 4}


def test_two_actors_of_one_surname_are_not_merged(suggest):
    actors = [KnownActor(1, "Zhao Lan", "person", ("Lan Zhao",)), KnownActor(2, "Wei Zhao", "person")]
    text = "Mr Zhao said that the ford was closed for the winter."
    assert all(span.actor_id is None for span in suggest(text, actors).spans)


def test_claim_and_cue_tell_their_kind(suggest):
    text = "President Teodor Vask vowed to close the port. Ilse Maro said that the ford was open."
    kinds = {_words(text, span): span.kind for span in suggest(text).spans}
    assert kinds["to close the port"] == kinds["vowed"] == "intention"
    assert kinds["that the ford was open"] == kinds["said"] == "speech"
    assert kinds["Teodor Vask"] == ""


def test_kind_that_is_switched_off_is_not_proposed_and_leaves_the_others_as_they_are(suggest):
    text = "Teodor Vask vowed to close the port. Ilse Maro said that the ford was open."
    everything, narrow = suggest(text), suggest(text, off={"intention", "belief"})
    assert {(s.code, s.fragments, s.score) for s in narrow.spans} == {
        (s.code, s.fragments, s.score) for s in everything.spans if s.kind != "intention"
    }
    assert not any(s.kind for s in suggest(text, off=CUE_KIND_CODES).spans)


def test_every_cue_of_the_lexicon_is_of_a_kind_that_can_be_switched():
    lexicon = load_lexicon()
    tables = (lexicon.verbs, lexicon.nouns, lexicon.adjectives, lexicon.adverbs, lexicon.phrases)
    assert {cue.sense for table in tables for cue in table.values()} == CUE_KIND_CODES


def test_parts_give_the_same_as_the_whole(suggest):
    text = "Teodor Vask said that the port would stay closed.\n\nIlse Maro denied that the ford was open.\n\n" * 4
    whole, cut = suggest(text), suggest(text, max_cp=120)
    assert {(s.code, s.fragments) for s in whole.spans} == {(s.code, s.fragments) for s in cut.spans}


def test_suggestions_are_sound(suggest):
    text = (
        "🙂 “Cafés stay open,” said Ilse Maro.\r\n\r\n"
        "Russia’s envoy\u00a0denied that “the ford 渡口 (dùkǒu)” was closed.\u2028"
        "Both sides — as Vask put it — “have lost”. He and Maro told the Senate: “Go home. Now.”\n"
    )
    result = suggest(text)
    assert {span.code for span in result.spans} & set(ACTOR_CODES)
    assert any(span.code == CLAIM_CODE for span in result.spans)
    keys = [span.key for span in result.spans]
    assert len(set(keys)) == len(keys)
    assert all(link.from_key in keys and link.to_key in keys for link in result.links)
    for span in result.spans:
        assert 0 <= span.score <= 1
        assert span.fragments == clean_fragments(text, span.fragments) != ()


def test_empty_text_gives_nothing(suggest):
    assert suggest("  \n ").spans == ()


_CHARACTERS = st.sampled_from([*"ab \n\r\u00a0\u2028", "e\u0301", "🇳🇴", "👩‍👩‍👧", "한", " \u0301"])


@given(
    st.lists(_CHARACTERS, max_size=14).map("".join),
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=4),
)
def test_clean_fragments_cut_no_grapheme_and_end_in_no_white_space(text, places):
    found = clean_fragments(text, [Range(min(pair), max(pair)) for pair in places])
    boundaries = {0, len(text)} | {match.end() for match in regex.finditer(r"\X", text)}
    last = -1
    for start, end in found:
        assert last < start < end <= len(text)
        assert {start, end} <= boundaries
        assert not text[start].isspace()
        assert not text[end - 1].isspace()
        last = end
