"""Names and descriptions of actors, with the right type and the right ends."""

import pytest

from nlp.mentions import find_mentions, settle


@pytest.fixture(scope="module")
def read(english):
    """Return for a text its mentions as (words, code), settled over the text."""

    def run(text):
        return [(item.text, item.code) for item in settle(text, find_mentions(english.nlp(text)))]

    return run


def test_titles_articles_and_possessives_are_outside(read):
    found = read("President Vladimir Putin met the European Union’s leaders. Russia’s army waited.")
    assert {("Vladimir Putin", "person"), ("European Union", "organisation"), ("Russia", "state")} <= set(found)


def test_capitals_are_actors_where_they_act_and_places_where_people_are(read):
    assert ("Moscow", "state") in read("Moscow rejected the offer of the Kremlin’s critics.")
    assert ("Moscow", "state") not in read("The delegates met in Moscow on Tuesday.")
    assert ("China", "state") not in read("He returned to China after a visit to Japan.")


def test_adjectives_are_no_actors_but_belong_to_descriptions(read):
    found = read("Chinese officials praised Russian gas.")
    assert found == [("Chinese officials", "group")]


@pytest.mark.parametrize(
    ("text", "mention"),
    [
        ("The two countries signed nothing.", ("two countries", "state")),
        ("Both sides blamed the weather.", ("Both sides", "state")),
        ("The government fell in May.", ("government", "state")),
        ("The protestors left the square.", ("protestors", "group")),
        ("His Chinese counterpart agreed.", ("His Chinese counterpart", "person")),
        ("Its central bank raised rates.", ("Its central bank", "organisation")),
        ("The six members of NATO agreed.", ("six members of NATO", "group")),
        ("Protesters gathered on the square.", ("Protesters", "group")),
    ],
)
def test_descriptions_of_actors(read, text, mention):
    assert mention in read(text)


@pytest.mark.parametrize("text", ["Velmar is a country with four rivers.", "Countries trade.", "A leader must wait."])
def test_predicates_and_generic_plurals_are_no_mentions(read, text):
    assert not any(words.lower().endswith(("country", "countries", "leader")) for words, _ in read(text))


def test_words_of_a_name_are_no_description(read):
    assert read("The Soviet Union left, and the People’s Republic of China stayed.") == [
        ("Soviet Union", "state"),
        ("People’s Republic of China", "state"),
    ]


def test_description_before_a_name_is_its_title(read):
    assert "spokesman" not in " ".join(words for words, _ in read("The spokesman of Russia, Sergei Halvek, left."))


def test_surname_is_the_person_whose_full_name_the_text_gives(read):
    found = read("Sergei Ivanov spoke first. The crowd left when Ivanov had finished. Ivanov waited.")
    assert {code for words, code in found if words == "Ivanov"} == {"person"}
    assert sum(words == "Ivanov" for words, _ in found) == 2


def test_acronym_in_brackets_takes_the_type_of_the_name(read):
    found = read("The Northern Shipping Organization (NSO) met in May. The NSO agreed.")
    assert [code for words, code in found if words == "NSO"] == ["organisation"] * 2


def test_name_before_its_acronym_is_found_whole_and_things_are_not(read):
    found = read("The Northern Board of Grain (NBG) sold the Lemsk Peace Treaty (LPT). The LPT lapsed; the NBG left.")
    assert [words for words, code in found if code == "organisation"] == ["Northern Board of Grain", "NBG", "NBG"]
    assert not any(words == "LPT" for words, _ in found)


def test_names_of_things_are_no_actors(read):
    assert read("The Beijing Winter Olympics ended. The Lemsk Treaty lapsed.") == []


def test_offsets_move_with_the_part(english):
    doc = english.nlp("Russia agreed.")
    (plain,), (moved,) = find_mentions(doc), find_mentions(doc, 1000)
    assert (moved.start_cp, moved.end_cp, moved.text) == (plain.start_cp + 1000, plain.end_cp + 1000, plain.text)


def test_text_without_a_pipeline_still_finds_known_names():
    import spacy

    found = find_mentions(spacy.blank("en")("The United States did not answer."))
    assert [(item.text, item.code) for item in found] == [("United States", "state")]
