"""A text's language is told from it where that is sure; without a pipeline, known names and quotations still work."""

import pytest
import spacy
from spacy.tokens import Doc

from nlp.attribution import find_attributions
from nlp.languages import detect_language
from nlp.mentions import find_mentions, settle
from nlp.suggestion import CLAIM_CODE, SPEAKER, KnownActor, SuggestRequest

_SWEDISH = "Ministern Anders Pell sade att hamnen skulle förbli stängd. ”Vi väntar inte längre”, sade Pell i Lemsk."
_GERMAN = (
    "Der Minister sagte, der Hafen bleibe. „Wir warten nicht länger“, sagte Pell. »Das ist das Ende«, meinte Orsk."
)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The minister said that the port would stay closed.", "en"),
        ("Der Minister sagte, der Hafen bleibe geschlossen.", "de"),
        ("Le ministre a déclaré que le port resterait fermé.", "fr"),
        (_SWEDISH, "sv"),
        ("Министр сказал, что порт останется закрытым.", "ru"),
        ("部长表示，港口将继续关闭，直到春天。", "zh"),
        ("大臣は港を閉鎖すると述べた。", "ja"),
        (
            "Statsråden sa at havna skal være stengt til våren. Han ville ikke si noe om hva som skjer videre.",
            "nb",
        ),
    ],
)
def test_language_is_told_from_the_text(text, language):
    assert detect_language(text) == language
    assert detect_language("\n\n " + text.replace(" ", "\n")) == language


@pytest.mark.parametrize("text", ["", "  \n", "12 34 56", "Velmar – Orsk", "Orsk Taval Lemsk Harrow", "🙂🙂🙂"])
def test_names_and_numbers_tell_no_language(text):
    assert detect_language(text) == ""


def test_language_is_found_out_only_where_none_is_given(suggester):
    requests = [SuggestRequest(1, _SWEDISH, ""), SuggestRequest(2, _SWEDISH, "sv"), SuggestRequest(3, "Orsk 12.", "")]
    found = list(suggester.suggest_many(requests))
    assert [item.language for item in found] == ["sv", "", ""]
    assert [item.model.partition(" ")[0] for item in found[:2]] == ["blank:sv"] * 2
    assert not found[2].model.startswith("blank")


_KNOWN = (KnownActor(1, "Pell", "person"), KnownActor(2, "Orsk", "state"))


def _read(suggester, text, **known):
    (found,) = suggester.suggest_many([SuggestRequest(1, text, "", **known)])
    words = {span.key: text[span.fragments[0].start_cp : span.fragments[-1].end_cp] for span in found.spans}
    claims = [words[span.key] for span in found.spans if span.code == CLAIM_CODE]
    speakers = {words[link.from_key]: words[link.to_key] for link in found.links if link.code == SPEAKER}
    return claims, speakers, {words[span.key] for span in found.spans if span.code != CLAIM_CODE}


def test_without_a_pipeline_quotations_and_the_registry_work(suggester):
    claims, speakers, names = _read(suggester, _SWEDISH, actors=(KnownActor(4, "Anders Pell", "person"),))
    assert claims == ["”Vi väntar inte längre”"]
    assert speakers == {"”Vi väntar inte längre”": "Pell"}
    assert names == {"Anders Pell", "Pell"}


def test_without_a_pipeline_known_actors_speak_what_is_quoted_beside_them(suggester):
    claims, speakers, names = _read(suggester, _GERMAN, actors=_KNOWN)
    assert claims == ["„Wir warten nicht länger“", "»Das ist das Ende«"]
    assert speakers == {claims[0]: "Pell", claims[1]: "Orsk"}
    assert names == {"Pell", "Orsk"}


def test_without_blanks_between_words_it_works_too(suggester):
    text = "东岸政府部长表示：“我们不会再等下去了。”港口将继续关闭，直到明年春天。"
    claims, speakers, _ = _read(suggester, text, actors=(KnownActor(1, "东岸", "state"),))
    assert speakers == {"“我们不会再等下去了。”": "东岸"}
    assert claims == ["“我们不会再等下去了。”"]


@pytest.mark.parametrize(
    ("text", "claims"),
    [
        ("„Das ist absurd“, sagte Pell. Die „Neue Mitte“ schwieg.", ["„Das ist absurd“"]),
        ("« C’est faux », a dit Pell. Le « Grand Soir » est loin.", ["« C’est faux »"]),
        ("«No nos callarán», dijo Pell. La «Nueva Era» llega.", ["«No nos callarán»"]),
        ("«Ми готові», – сказав Пелл. Партія «Нова Ера» мовчить.", ["«Ми готові»"]),
        ("Пелл сказал: «Мы готовы». Партия «Новая Эра» молчит.", ["«Мы готовы»"]),
        ("«Мы никогда не уйдём», — сказал Пелл.", ["«Мы никогда не уйдём»"]),
        ("قال بيل «لن نقبل هذا أبدا».", ["«لن نقبل هذا أبدا»"]),
        ("ペル首相は「日本は制裁を続ける」と述べた。「一帯一路」は続く。", ["「日本は制裁を続ける」"]),
        ("佩尔说，「我们不会再等下去了」。『新时代』开始了。", ["「我们不会再等下去了」"]),
        ("”Vi väntar inte”, sade Pell. ”Nya Tiden” teg.", ["”Vi väntar inte”"]),
    ],
)
def test_speech_is_told_from_titles_by_the_marks_around_it(text, claims):
    assert [text[slice(*item.content[0])] for item in find_attributions(spacy.blank("xx")(text))] == claims


def test_speech_is_told_in_linear_time():
    """Each of these was quadratic: minutes."""
    for text in ("«Pell" + " ,." * 60_000 + "x»", "«Neue Mitte»," + " " * 180_000 + "1"):
        find_attributions(spacy.blank("xx")(text))


def test_speaker_stands_in_the_sentence_of_the_quotation(suggester):
    text = (
        "Das Abkommen galt in Orsk. „Wir warten nicht länger“, sagte der Minister. Dr. Pell schwieg: „Kein Wort mehr.“"
    )
    claims, speakers, _ = _read(suggester, text, actors=_KNOWN)
    assert speakers == {claims[1]: "Pell"}


@pytest.mark.parametrize(
    ("language", "text", "names"),
    [
        ("de", "Pell war in Ukraine, China aber schwieg.", ["China"]),
        ("fr", "Pell est en France. La France se tait.", ["France"]),
        ("sv", "Pell var i Kiev. China teg.", ["China"]),
    ],
)
def test_known_state_is_a_place_after_words_of_place_in_other_languages(language, text, names):
    assert [item.text for item in settle(text, find_mentions(spacy.blank(language)(text)))] == names


def test_quotation_has_no_speaker_where_nobody_is_named_near_it(suggester):
    text = _GERMAN + "\n\n„Davon haben wir in all den Jahren niemals etwas gehört“, hieß es gestern."
    claims, speakers, _ = _read(suggester, text, actors=_KNOWN)
    assert len(claims) == 3
    assert claims[2] not in speakers


def test_names_of_a_pipeline_with_other_kinds_of_entity_are_understood():
    words = ["Anders", "Pell", "kritiserar", "Norra", "partiet", ";", "Velmar", "betalar", "i", "Lemsk"]
    dependencies = ["nsubj", "flat:name", "ROOT", "amod", "obj", "punct", "nsubj", "ROOT", "case", "obl"]
    heads = [2, 0, 2, 4, 2, 2, 7, 7, 9, 7]
    entities = ["B-PRS", "I-PRS", "O", "B-ORG", "I-ORG", "O", "B-LOC", "O", "O", "B-LOC"]
    doc = Doc(spacy.blank("sv").vocab, words=words, deps=dependencies, heads=heads, ents=entities)
    assert [(item.text, item.code) for item in find_mentions(doc)] == [
        ("Anders Pell", "person"),
        ("Norra partiet", "organisation"),
        ("Velmar", "state"),
    ]
