"""The type of an unknown name is told by the words beside it, anywhere in the document, and is the same throughout."""

import pytest

from nlp.mentions import Mention, find_mentions, settle
from nlp.mentions.evidence import likeliest, weigh


@pytest.fixture(scope="module")
def codes(english):
    """Return for a text the codes under which each of its names is found."""

    def run(text):
        found: dict[str, set[str]] = {}
        for item in settle(text, find_mentions(english.nlp(text))):
            if item.is_name:
                found.setdefault(item.text, set()).add(item.code)
        return found

    return run


@pytest.mark.parametrize(
    ("evidence", "code"),
    [
        ("The ministry of defence of Karvia denied it.", "state"),
        ("Karvia’s foreign minister left.", "state"),
        ("Crowds cheered in Karvia.", "place"),
        ("The Karvian delegation left.", "state"),
        ("Karvia and Kazakhstan signed a treaty.", "state"),
        ("Mr Karvia had left.", "person"),
        ("Karvia, 54, is a retired general.", "person"),
        ("The widow of Karvia wept.", "person"),
        ("Karvia’s brother wept.", "person"),
        ("The minister, Karvia, wept.", "person"),
        ("Karvia, a lawyer from the north, wept.", "person"),
        ("Karvia’s shareholders wept.", "organisation"),
        ("Members of Karvia wept.", "organisation"),
        ("Karvia, a company from the north, makes rifles.", "organisation"),
        ("A Karvia spokesman wept.", "organisation"),
    ],
)
def test_words_beside_a_name_anywhere_in_the_document_tell_its_type(evidence, code):
    text = f"Karvia rejected the offer. {evidence} Karvia waited."
    votes = weigh(text, ["Karvia"], {"Kazakhstan": "state"})["Karvia"]
    assert likeliest(votes) == code


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Karvia said on Monday that it would pay. The border of Karvia is closed.", "state"),
        ("Karvia said that he would pay. Karvia’s wife was there.", "person"),
        ("Karvia said that it would pay. Karvia’s shareholders agreed.", "organisation"),
        ("Karvia said that it would pay. Crowds in Karvia cheered.", "state"),
    ],
)
def test_name_has_one_type_throughout(codes, words, code):
    assert codes(f"Karvia rejected the offer. {words} Nobody followed Karvia.")["Karvia"] == {code}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Oleksandr Harrow", "person"),
        ("T. Harrow", "person"),
        ("Jabhat al-Harrow", "organisation"),
        ("Harrow Institute", "organisation"),
        ("OHLF", "organisation"),
    ],
)
def test_words_of_a_name_tell_its_type(name, code):
    assert likeliest(weigh(f"It was {name}.", [name], {})[name]) == code


def test_surname_with_or_without_its_particle_is_the_person(codes):
    text = "Marine Le Quell resigned. Some like Le Quell. Abdul al-Harrow, a cleric, died. Al-Harrow was old."
    found = codes(text)
    assert {found["Le Quell"].pop(), found["Al-Harrow"].pop()} == {"person"}


def test_name_in_capitals_is_no_acronym_where_the_document_writes_it_small():
    assert not weigh("MARO SPEAKS. Maro spoke.", ["MARO"], {})["MARO"]
    assert weigh("MARO SPEAKS.", ["MARO"], {})["MARO"]["organisation"] > 0


def test_name_that_turns_out_to_be_a_state_is_no_actor_where_it_is_a_place():
    text = "Karvia closed its border. The envoy left Karvia. The embassy of Karvia is shut."
    second = text.index("Karvia", 7)
    names = [
        Mention(0, 6, "person", "Karvia", 0.85),
        Mention(second, second + 6, "person", "Karvia", 0.85, at_place=True),
    ]
    found = settle(text, names)
    assert [(item.start_cp, item.code) for item in found] == [(0, "state"), (text.rindex("Karvia"), "state")]


def test_unknown_name_without_any_evidence_keeps_the_pipelines_type():
    assert not weigh("Karvia waited.", ["Karvia"], {})["Karvia"]
    (found,) = settle("Karvia waited.", [Mention(0, 6, "person", "Karvia", 0.85)])
    assert found.code == "person"
