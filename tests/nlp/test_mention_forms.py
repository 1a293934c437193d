"""Names as documents of many kinds write them: glued, bracketed, in capitals, untagged, beside apparatus."""

import unicodedata

import pytest
import spacy
from spacy.tokens import Doc

from nlp.mentions import find_mentions, settle
from nlp.mentions.apparatus import outside_apparatus
from nlp.mentions.gazetteer import load_gazetteer
from nlp.mentions.identity import explained_names
from nlp.mentions.records import Mention
from nlp.mentions.trimming import trimmed_name
from nlp.mentions.untagged import untagged_names
from nlp.registry import Registry
from nlp.suggestion import KnownActor


@pytest.fixture(scope="module")
def read(english):
    """Return for a text its mentions as (words, code), settled over the text."""

    def run(text):
        return [(item.text, item.code) for item in settle(text, find_mentions(english.nlp(text)))]

    return run


def _trimmed(words, label="PERSON", first=0, last=None):
    tokens = words.split()
    starts = [at == 0 for at in range(len(tokens))]
    doc = Doc(spacy.blank("en").vocab, words=tokens, pos=["PROPN"] * len(tokens), sent_starts=starts)
    span = trimmed_name(doc[first : len(doc) if last is None else last], label, load_gazetteer())
    return None if span is None else span.text


@pytest.mark.parametrize(
    ("words", "label", "name"),
    [
        ("Crown Prince Halvek bin Salm", "PERSON", "Halvek bin Salm"),
        ("Sayyed Halvek", "PERSON", "Halvek"),
        ("the Popular Front of Karvia ( PFK", "ORG", "Popular Front of Karvia"),
        ("U ) Ministry of Grain", "ORG", "Ministry of Grain"),
        ("Halvek “ the fox", "PERSON", "Halvek"),
        ("Board ( North ) of Grain", "ORG", "Board ( North ) of Grain"),
        ("Will Halvek Maro ?", "PERSON", "Halvek Maro"),
        ("( )", "ORG", None),
    ],
)
def test_name_ends_where_it_should(words, label, name):
    assert _trimmed(words, label) == name


def test_will_is_a_first_name_where_nothing_is_asked():
    assert _trimmed("Will Halvek left .", last=2) == "Will Halvek"


def test_name_that_ends_with_a_particle_goes_on():
    assert _trimmed("Ursula von der Quell left", last=2) == "Ursula von der Quell"
    assert _trimmed("Ingrid Halvek left", first=1, last=2) == "Ingrid Halvek"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Mr AL - RASHIN said no .", [("AL - RASHIN", "PERSON")]),
        ("Dr van der Maro said no .", [("van der Maro", "PERSON")]),
        ("yesterday Pavel Maro said no .", [("Pavel Maro", "PERSON")]),
        ("yesterday Pavel said no .", []),
        ("Mr Speaker said no .", []),
        ("Secretary - General Marsh said no .", []),
    ],
)
def test_untagged_person_is_found_behind_a_title_or_a_first_name(words, found):
    tokens = words.split()
    spaces = [word != "-" and tokens[at + 1 : at + 2] != ["-"] for at, word in enumerate(tokens)]
    kinds = ["PROPN" if word[0].isupper() else "X" for word in tokens]
    doc = Doc(spacy.blank("en").vocab, words=tokens, spaces=spaces, pos=kinds)
    names = [(span.text.replace("-", " - "), kind) for span, kind in untagged_names(doc, set(), load_gazetteer())]
    assert names == found


@pytest.mark.parametrize(
    ("words", "is_found"),
    [("OHLF denied it .", True), ("GDP fell again .", False), ("OHLF DENIES IT .", False), ("OH fell again .", False)],
)
def test_acronym_that_acts_is_an_organisation(words, is_found):
    tokens = words.split()
    doc = Doc(spacy.blank("en").vocab, words=tokens, deps=["nsubj", "ROOT", "dobj", "punct"], heads=[1, 1, 1, 1])
    assert bool(list(untagged_names(doc, set(), load_gazetteer()))) is is_found


def _left(text, *names):
    mentions = [
        Mention(text.index(name), text.index(name) + len(name), "state", name, 0.9)
        for name in sorted(names, key=text.index)
    ]
    return [item.text for item in outside_apparatus(text, mentions)]


@pytest.mark.parametrize(
    ("text", "names", "left"),
    [
        ("LEMSK (Reuters) - Karvia agreed.", ("LEMSK", "Reuters", "Karvia"), ["Karvia"]),
        ("Lemsk, March 3 (AP) — Karvia agreed.", ("Lemsk", "Karvia"), ["Karvia"]),
        ("LEMSK, Karvia — Rebels left.", ("LEMSK", "Karvia"), []),
        ("Karvia (the old one) - and Orsk", ("Karvia", "Orsk"), ["Karvia", "Orsk"]),
        ("1. (C//REL TO USA, FVEY) Karvia agreed.", ("USA", "FVEY", "Karvia"), ["Karvia"]),
        ("The service (SBU) denied it.", ("SBU",), ["SBU"]),
        ("RT @KarviaMFA: no to #Karvia from Orsk", ("Karvia", "Orsk"), ["Orsk"]),
        ("See https://karvia.example/Orsk now, Orskland", ("Orsk", "Orskland"), ["Orskland"]),
    ],
)
def test_no_actor_acts_in_datelines_markings_addresses_and_tags(text, names, left):
    assert _left(text, *names) == left


def test_headings_in_capitals_name_whom_the_text_names(read):
    found = read("HALVEK LEAVES AS RUSSIA WAITS\n\nIlse Halvek left on Monday. Russia said nothing to Halvek.")
    assert {("HALVEK", "person"), ("RUSSIA", "state")} <= set(found)


def test_unknown_state_is_found_wherever_it_stands_but_not_as_a_place(english):
    text = "The border of Karvia is shut. Karvia waited; Karvia hoped. She lives in Karvia."
    first = text.index("Karvia")
    found = settle(text, [Mention(first, first + 6, "person", "Karvia", 0.8)])
    assert [item.start_cp for item in found] == [14, 30, 45]
    assert {item.code for item in found} == {"state"}


def test_apparatus_is_looked_for_in_linear_time():
    """Each of these was or would be quadratic: with 200,000 characters that takes hours."""
    for text in ("\n" * 200_000, "a" * 200_000, "A" * 200_000, " \n" * 100_000, "a@" * 100_000, "A, " * 70_000):
        assert outside_apparatus(text, []) == []


def test_acronyms_are_looked_for_in_linear_time():
    """Each blank once began a look at all that follow it: minutes for this text."""
    text = " " * 200_000 + "(" + "\n" * 200_000 + "Orsk Liberation Front (OLF)"
    assert [(text[start:end], short) for start, end, short in explained_names(text)] == [
        ("Orsk Liberation Front", "OLF")
    ]


def test_names_with_marks_in_characters_of_their_own_are_whole(read):
    text = "President Thomas Melé left on Monday. Ilse Kovač stayed."
    assert [name for name, _ in read(unicodedata.normalize("NFD", text))] == [
        unicodedata.normalize("NFD", name) for name in ("Thomas Melé", "Ilse Kovač")
    ]


def test_endless_words_are_no_names():
    text = "A" * 20_000
    assert settle(text, [Mention(0, len(text), "organisation", text, 0.7)]) == []
    assert list(Registry([KnownActor(1, text, "organisation")]).mentions_in(text)) == []
