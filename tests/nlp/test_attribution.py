"""Who says what: the constructions that the rules know, on invented sentences."""

import pytest

from nlp.attribution import find_attributions
from nlp.attribution.lexicon import load_lexicon, read_lexicon
from nlp.attribution.scores import load_weights


@pytest.fixture(scope="module")
def read(english):
    """Return for a text its likely attributions as (source, cue, content) strings."""

    def run(text, least=0.4):
        found = [item for item in find_attributions(english.nlp(text)) if item.score >= least]
        return [tuple(_words(text, ranges) for ranges in (item.source, item.cue, item.content)) for item in found]

    return run


def _words(text, ranges):
    return " | ".join(text[start:end] for start, end in ranges)


@pytest.mark.parametrize(
    ("text", "source", "cue", "content"),
    [
        ("Velmar said that the port would stay closed.", "Velmar", "said", "that the port would stay closed"),
        (
            "“The port will stay closed until the spring,” Ilse Maro told reporters.",
            "Ilse Maro",
            "told",
            "“The port will stay closed until the spring,”",
        ),
        (
            "“We will wait,” said Ilse Maro, “until the ice has gone.”",
            "Ilse Maro",
            "said",
            "“We will wait,” | “until the ice has gone.”",
        ),
        (
            "According to the ministry, the bridge was closed for repairs on Monday.",
            "the ministry",
            "According to",
            "the bridge was closed for repairs on Monday",
        ),
        (
            "The minister called the accord a mistake.",
            "The minister",
            "called",
            "the accord a mistake",
        ),
        (
            "The opposition accused the government of hiding the report from the public.",
            "The opposition",
            "accused",
            "the government of hiding the report from the public",
        ),
        (
            "The general warned that the winter would be long and vowed to hold the border.",
            "The general",
            "vowed",
            "to hold the border",
        ),
        (
            "Analysts predicted that the talks in Lemsk would fail before the end of the year.",
            "Analysts",
            "predicted",
            "that the talks in Lemsk would fail before the end of the year",
        ),
        (
            "The crossing, officials said, will open again in the spring of next year.",
            "officials",
            "said",
            "The crossing | will open again in the spring of next year",
        ),
        (
            "Lund says that the ford is closed – it means that all traders must take the longer road.",
            "Lund",
            "says",
            "that the ford is closed – it means that all traders must take the longer road",
        ),
    ],
)
def test_finds_source_cue_and_content(read, text, source, cue, content):
    assert (source, cue, content) in read(text)


def test_passive_without_agent_has_no_source(read):
    found = read("The Orsk treaty is expected to be signed by both governments before the summer.")
    assert any(source == "" and "expected" in cue and "to be signed" in content for source, cue, content in found)


def test_sentences_of_one_quotation_are_one_claim(read):
    text = "“We are ready. We have waited for ten years. Now it is their turn,” the envoy said on Monday."
    assert [content for _, _, content in read(text)] == [
        "“We are ready. We have waited for ten years. Now it is their turn,”"
    ]


def test_quotation_that_goes_on_without_a_cue_belongs_to_the_claim_before(read):
    text = "“We are ready for the talks,” the envoy said on Monday. “Now it is their turn to move.”"
    (only,) = read(text)
    assert only[2] == "“We are ready for the talks,” | “Now it is their turn to move.”"


def test_participle_shares_the_subject_of_the_main_verb(read):
    found = read("Teodor Vask left the hall early, saying that the talks had failed completely.")
    assert ("Teodor Vask", "saying", "that the talks had failed completely") in found


@pytest.mark.parametrize(
    "text",
    [
        "The river runs through Lemsk and freezes in January.",
        "Snow fell on the northern provinces for most of the week.",
        "The so-called “Lemsk road” was built in three years.",
    ],
)
def test_the_authors_own_voice_is_no_claim(read, text):
    assert read(text) == []


def test_ranges_hold_whole_words_of_the_text(english):
    text = "🙂 “Cafés – é – stay open,” said Ilse Maro.\r\n\r\nOrsk denied that\u00a0it had paid.\u2028"
    for item in find_attributions(english.nlp(text)):
        for start, end in (*item.source, *item.cue, *item.content):
            assert text[start:end].strip() == text[start:end] != ""


def test_scores_are_probabilities_and_speech_beats_attitude(english):
    text = "Velmar said that the port would stay closed. Orsk likes the harbour."
    found = find_attributions(english.nlp(text))
    assert all(0 <= item.score <= 1 for item in found)
    said = max(item.score for item in found if item.cue_lemma == "say")
    assert said > max((item.score for item in found if item.cue_lemma == "like"), default=0)


def test_unparsed_text_still_yields_its_quotations():
    import spacy

    text = "„Wir bleiben bis zum Frühling hier“, sagte sie. Dann ging sie."
    nlp = spacy.blank("de")
    (only,) = find_attributions(nlp(text))
    assert _words(text, only.content) == "„Wir bleiben bis zum Frühling hier“"


def test_shipped_lexicon_and_weights_are_sound():
    lexicon, weights = load_lexicon(), load_weights()
    assert lexicon.verbs["say"].sense == "speech"
    assert lexicon.verbs["say"].rate("clause") > lexicon.verbs["see"].rate("clause")
    assert {"bias", "rate", "cue in quotation"} <= set(weights)


def test_lexicon_takes_unlisted_patterns_from_the_sense():
    data = {"defaults": {"verb": {"speech": {"clause": 0.7}}}, "verb": {"murmur": {"sense": "speech", "object": 0.2}}}
    cue = read_lexicon(data).verbs["murmur"]
    assert (cue.rate("clause"), cue.rate("object"), cue.rate("gerund")) == (0.7, 0.2, 0.0)


def test_lexicon_takes_one_pattern_alone_for_a_word_that_is_a_cue_in_it_only():
    defaults = {"defaults": {"noun": {"belief": {"viewpoint": 0.6, "clause": 0.7}}}}
    cue = read_lexicon({**defaults, "noun": {"eye": {"sense": "belief", "only": "viewpoint"}}}).nouns["eye"]
    assert (cue.rate("viewpoint"), cue.rate("clause")) == (0.6, 0.0)


@pytest.mark.parametrize("entry", [{"sense": "song"}, {"sense": "speech", "clause": 1.5}])
def test_lexicon_refuses_what_makes_no_sense(entry):
    with pytest.raises(ValueError, match="murmur"):
        read_lexicon({"verb": {"murmur": entry}})


@pytest.mark.parametrize(
    ("text", "source", "cue", "content"),
    [
        (
            "In Pell's view, the accord is a mistake that will cost the north dearly.",
            "Pell",
            "In | view",
            "the accord is a mistake that will cost the north dearly",
        ),
        (
            "In the ministry's eyes, the treaty of Lemsk is a dead letter that binds nobody.",
            "the ministry",
            "In | eyes",
            "the treaty of Lemsk is a dead letter that binds nobody",
        ),
        (
            "To Russian officials, the bridge is a threat to the border.",
            "Russian officials",
            "To",
            "the bridge is a threat to the border",
        ),
    ],
)
def test_view_of_a_holder_is_found(read, text, source, cue, content):
    assert (source, cue, content) in read(text)


@pytest.mark.parametrize("text", ["In Pell's bag, the accord is safe.", "For three days, the bridge was closed."])
def test_phrase_that_names_no_view_is_no_cue(read, text):
    assert read(text) == []


def test_paragraph_after_a_cue_with_a_colon_is_a_block_quotation(read):
    words = "The accord of Lemsk was never meant to last, and those who signed it knew that well"
    text = f"The minister writes:\n\n{words}.\n\nNobody answered in the weeks that followed."
    assert ("The minister", "writes", words) in read(text)
    assert not any(content == words for _, _, content in read(f"The list of winners:\n\n{words}."))


def test_sentence_that_only_names_the_speaker_belongs_to_the_quotation_before_it(read):
    text = "“The ford is closed until the ice has gone.” Lund said. Nobody crossed it."
    assert read(text) == [("Lund", "said", "“The ford is closed until the ice has gone.”")]
