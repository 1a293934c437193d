from __future__ import annotations

import random
import time

import pytest

from gui.panels.actors_index import ActorIndex, ActorOrder, search_form
from storage.registry_records import ActorEntry, MentionCount

NAMES = {
    1: ("Sergey Taval", "S. Taval", "the spokesman"),
    2: ("Łukasz Bréa-Müller",),
    3: ("O’Tavan", "Anton O'Tavan"),
    4: ("Straits League", "the League"),
    5: ("Tavala", "Republic of Tavala"),
}
NONE: dict[int, MentionCount] = {}


@pytest.fixture
def index() -> ActorIndex:
    made = ActorIndex()
    made.replace(ActorEntry(ident, name, None, tuple(also)) for ident, (name, *also) in NAMES.items())
    return made


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("taval", [5, 1]),
        ("TAVAL serg", [1]),
        ("spokes", [1]),
        ("lukasz brea muller", [2]),
        ("brea-MÜLLER", [2]),
        ("otavan", [3]),
        ("O’Tav", [3]),
        ("o'tav", [3]),
        ("league", [4]),
        ("rep tav", [5]),
        ("ague", [4]),
        ("sergei", [1]),
        ("Tawahl", []),
        ("xyz", []),
        ("eee", []),
    ],
)
def test_any_word_of_any_name_finds_case_accents_and_marks_aside(index, query, found) -> None:
    assert index.find(query, ActorOrder.NAME, NONE) == found


def test_transcriptions_that_sound_alike_are_found_only_where_nothing_else_is(index) -> None:
    index.update([ActorEntry(6, "Sergei Tavalov")], ())
    assert index.find("sergei", ActorOrder.NAME, NONE) == [6]
    assert index.find("sergej", ActorOrder.NAME, NONE) == [6, 1]


def test_names_that_begin_so_come_first_then_words_then_the_rest() -> None:
    index = ActorIndex()
    names = ["Nora Karsk", "Bekarsk", "Karsk", "Karsk Council"]
    index.replace(ActorEntry(ident, name) for ident, name in enumerate(names))
    found = [names[ident] for ident in index.find("karsk", ActorOrder.NAME, NONE)]
    assert found == ["Karsk", "Karsk Council", "Nora Karsk", "Bekarsk"]


def test_all_come_in_the_order_asked_for(index) -> None:
    counts = {4: MentionCount(9, 1), 1: MentionCount(2, 1)}
    assert index.find("", ActorOrder.NAME, counts) == [2, 3, 1, 4, 5]
    assert index.find(" ", ActorOrder.MENTIONS, counts) == [4, 1, 2, 3, 5]


def test_updates_are_found_and_what_was_removed_is_not(index) -> None:
    index.update([ActorEntry(1, "Sergey Vell"), ActorEntry(9, "Nora Vell")], {4})
    assert index.find("vell", ActorOrder.NAME, NONE) == [9, 1]
    assert index.find("taval", ActorOrder.NAME, NONE) == [5]
    assert (4 in index, len(index), index.name(4), index.name(9)) == (False, 5, "?", "Nora Vell")


def test_an_empty_registry_finds_nothing() -> None:
    assert ActorIndex().find("Taval", ActorOrder.MENTIONS, NONE) == []


def test_namesakes_share_a_word_of_some_length(index) -> None:
    index.update([ActorEntry(6, "Vera Taval"), ActorEntry(7, "Republic of Velmar")], ())
    assert index.sharing_words(1, {}) == [6]
    assert index.sharing_words(5, {}) == [7]
    assert index.sharing_words(4, {}) == []
    assert index.sharing_words(99, {}) == []


def test_the_search_form_levels_what_people_write_differently() -> None:
    assert search_form("Ðorđe Ćosić-O’Brïen") == "dorde cosic obrien"


def test_a_key_among_20_000_actors_costs_a_few_ms() -> None:
    chance = random.Random(7)
    syllables = ["ka", "ro", "min", "sel", "ta", "val", "or", "sk", "vel", "mar"]

    def word() -> str:
        return "".join(chance.choices(syllables, k=3)).capitalize()

    index = ActorIndex()
    index.replace(ActorEntry(ident, f"{word()} {word()}", None, (f"Ź. {word()}",)) for ident in range(20_000))
    index.find("", ActorOrder.NAME, NONE)
    for query in ("k", "ka", "karo", "karo min", "xyzxyz"):
        start = time.thread_time()
        index.find(query, ActorOrder.MENTIONS, NONE)
        assert time.thread_time() - start < 0.25, query
