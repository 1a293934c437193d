"""A mention is linked to the one actor that it can name: by name, alias, acronym, title and name, or surname."""

import pytest

from nlp.mentions import Identities, Mention
from nlp.mentions.identity import explained_names
from nlp.registry import Registry
from nlp.suggestion import KnownActor

_VASK = KnownActor(1, "Teodor Vask", "person")
_WEI, _LAN = KnownActor(2, "Wei Zhao", "person"), KnownActor(3, "Lan Zhao", "person")
_FRONT = KnownActor(4, "Orsk Liberation Front", "organisation")


def _mentions(text, *names, code="person"):
    """Return mentions of the names wherever they stand, in the order given, each found after the last."""
    found, at = [], 0
    for name in names:
        start = text.index(name, at)
        at = start + len(name)
        found.append(Mention(start, at, code, name, 0.8))
    return found


def _linked(text, actors, *names, code="person"):
    mentions = _mentions(text, *names, code=code)
    identities, registry = Identities(text, mentions), Registry(actors)
    return [registry.actor_id(item, identities) for item in mentions]


@pytest.mark.parametrize(
    "text",
    [
        "The Orsk Liberation Front (OLF) fights. The OLF wants peace.",
        "The Orsk Liberation Front (“OLF”) fights. The OLF wants peace.",
        "The Orsk Liberation Front, or OLF, fights. The OLF wants peace.",
        "The Orsk Liberation Front (also known as the OLF) fights. The OLF wants peace.",
    ],
)
def test_acronym_explained_in_brackets_is_the_same_actor(text):
    assert _linked(text, [_FRONT], "Orsk Liberation Front", "OLF", "OLF", code="organisation") == [4, 4, 4]


def test_name_explained_behind_its_acronym_is_the_same_actor():
    text = "The OLF (Orsk Liberation Front) fights. The OLF wants peace."
    assert _linked(text, [_FRONT], "OLF", "OLF", code="organisation") == [4, 4]


def test_full_name_is_found_by_the_acronym_that_the_registry_has():
    text = "The Orsk Liberation Front (OLF) fights."
    actor = KnownActor(9, "OLF", "organisation")
    assert _linked(text, [actor], "Orsk Liberation Front", "OLF", code="organisation") == [9, 9]


def test_acronym_in_another_document_is_nobody():
    assert _linked("The OLF fights.", [_FRONT], "OLF", code="organisation") == [None]


def test_words_in_brackets_that_do_not_begin_like_the_name_are_no_acronym():
    text = "The Orsk Liberation Front (IN) fights. IN is short."
    assert _linked(text, [_FRONT], "Orsk Liberation Front", "IN", code="organisation") == [4, None]


@pytest.mark.parametrize("name", ["Vask", "Teodor Vask", "T. Vask", "Teodor K. Vask"])
def test_surname_initial_and_middle_name_find_the_person(name):
    assert _linked(f"{name} spoke.", [_VASK], name) == [1 if name != "T. Vask" else None]
    assert _linked(f"Teodor Vask sat. {name} spoke.", [_VASK], "Teodor Vask", name) == [1, 1]


def test_title_in_the_registry_does_not_hide_the_person():
    actor = KnownActor(5, "President Ilse Maro", "person")
    text = "Ilse Maro left. Maro spoke."
    assert _linked(text, [actor], "Ilse Maro", "Maro") == [5, 5]
    assert [(item.text, item.code) for item in Registry([actor]).mentions_in("President Ilse Maro")] == [
        ("Ilse Maro", "person")
    ]


def test_two_of_one_surname_are_never_merged():
    text = "Wei Zhao spoke. Lan Zhao did not. Zhao left."
    assert _linked(text, [_WEI, _LAN], "Wei Zhao", "Lan Zhao", "Zhao") == [2, 3, None]
    assert _linked(text, [_WEI], "Wei Zhao", "Lan Zhao", "Zhao") == [2, None, None]
    assert _linked("Zhao left.", [_WEI, _LAN], "Zhao") == [None]


def test_document_tells_which_of_two_a_surname_means():
    assert _linked("Wei Zhao spoke. Zhao left.", [_WEI, _LAN], "Wei Zhao", "Zhao") == [2, 2]


def test_surname_of_someone_else_in_the_document_is_not_the_registrys():
    assert _linked("Mina Zhao spoke. Zhao left.", [_WEI], "Mina Zhao", "Zhao") == [None, None]


def test_surname_that_stands_first_is_found_where_the_document_gives_the_full_name():
    actors = [KnownActor(6, "Zhao Huasheng", "person"), KnownActor(7, "Zhao Mingwen", "person")]
    assert _linked("Zhao Huasheng spoke. Zhao left.", actors, "Zhao Huasheng", "Zhao") == [6, 6]
    text = "Zhao Huasheng spoke. Zhao Mingwen did not. Zhao left."
    assert _linked(text, actors, "Zhao Huasheng", "Zhao Mingwen", "Zhao") == [6, 7, None]


def test_kinds_of_apostrophe_and_composed_letters_are_alike():
    actors = [KnownActor(1, "Mina O’Hale", "person"), KnownActor(2, "Zo\u00eb Lund", "person")]
    assert _linked("Mina O'Hale met Zoe\u0308 Lund.", actors, "Mina O'Hale", "Zoe\u0308 Lund") == [1, 2]


@pytest.mark.parametrize(
    ("full", "short"),
    [
        ("Ursula von der Quell", "Von der Quell"),
        ("Ursula von der Quell", "Quell"),
        ("Marine Le Harrow", "Le Harrow"),
        ("Abdel Taval el-Nadi", "El-Nadi"),
        ("Abdel Taval el-Nadi", "Nadi"),
        ("Jarosław Maczyński", "Maczynski"),
        ("Pedro Vásquil", "VASQUIL"),
    ],
)
def test_surname_is_found_without_its_particle_its_marks_and_in_capitals(full, short):
    actor = KnownActor(1, full, "person")
    assert _linked(f"{short} spoke.", [actor], short) == [1]
    assert _linked(f"{full} sat. {short} spoke.", [actor], full, short) == [1, 1]


def test_surnames_that_differ_in_marks_or_particles_alone_are_not_merged():
    actors = [KnownActor(1, "Marine Le Harrow", "person"), KnownActor(2, "Ilse Härrow", "person")]
    text = "Marine Le Harrow met Ilse Härrow. Harrow left."
    assert _linked(text, actors, "Marine Le Harrow", "Ilse Härrow", "Harrow") == [1, 2, None]
    assert _linked("Harrow left.", actors, "Harrow") == [None]


def test_names_that_differ_in_marks_alone_are_two_where_the_registry_has_both():
    actors = [KnownActor(1, "Ida Moller", "person"), KnownActor(2, "Ida Möller", "person")]
    assert _linked("Ida Möller met Ida Moller.", actors, "Ida Möller", "Ida Moller") == [2, 1]
    assert _linked("IDA MOLLER left.", actors, "IDA MOLLER") == [None]


def test_marks_of_other_scripts_tell_names_apart():
    actor = KnownActor(1, "Андрей", "person")
    assert _linked("Андреи ушел.", [actor], "Андреи") == [None]


def test_explained_name_has_the_initials_of_its_acronym():
    text = "members of the Northern Board of Grain (NBG) and of Velmar (NBG) and the Big Blue House (XYZ)"
    assert [(text[start:end], short) for start, end, short in explained_names(text)] == [
        ("Northern Board of Grain", "NBG")
    ]


def test_names_are_found_where_no_blanks_part_words():
    registry = Registry([KnownActor(1, "东岸", "state"), KnownActor(2, "Orsk", "state")])
    text = "东岸政府说Orsk的船会离开东岸。Orskland"
    assert [text[m.start_cp : m.end_cp] for m in registry.mentions_in(text)] == ["东岸", "Orsk", "东岸"]
