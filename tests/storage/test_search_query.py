from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.errors import RefusedInputError
from storage.search_query import MOST_QUERY_CP, SearchQuery, needle_of
from storage.search_words import spaced


def _found(query: str, text: str, **how: bool) -> list[str]:
    needle = needle_of(SearchQuery(query, **how))
    return [text[start:end] for start, end in needle.hits_in(text)] if needle else []


@pytest.mark.parametrize(
    ("query", "text", "hits"),
    [
        ("orsk", "Orsk’s fleet, ORSK, Orskian", ["Orsk", "ORSK"]),
        ("tav*", "Taval and Tavalese, not Otaval", ["Taval", "Tavalese"]),
        ('"port selin"', "Port\nSelin, port-selin, the port of Selin", ["Port\nSelin", "port-selin"]),
        ('"port sel*', "port of Selin", []),
        ('"port sel"*', "Port Selin", ["Port Selin"]),
        ("“joint threat”", "a joint threat", ["joint threat"]),
        ("orsk velmar", "Velmar and Orsk", ["Velmar", "Orsk"]),
        ("orsk velmar", "Orsk alone", []),
        ("orsk AND velmar", "Velmar and Orsk", ["Velmar", "Orsk"]),
        ("orsk OR velmar", "Orsk alone", ["Orsk"]),
        ("orsk NOT velmar", "Orsk alone", ["Orsk"]),
        ("orsk NOT velmar", "Orsk and Velmar", []),
        ("taval OR orsk NOT velmar", "Taval, Orsk, Velmar", ["Taval", "Orsk"]),
        ("(taval OR orsk) NOT velmar", "Taval, Orsk, Velmar", []),
        ("OR", "this or that", ["or"]),
        ("orsk OR", "Orsk or", ["Orsk", "or"]),
        ("and", "war and peace", ["and"]),
        ("((orsk", "Orsk", ["Orsk"]),
        ("orsk) velmar", "Orsk, Velmar", ["Orsk", "Velmar"]),
        ("Kovar", "Ková́r KOVÁR kovar", ["Ková́r", "KOVÁR", "kovar"]),
        ("Ková", "Kova\u0301 and Kova", ["Kova\u0301", "Kova"]),
        ("ЖИТО", "жито", ["жито"]),
        ("ΟΡΣΗΣ", "Ορσης", ["Ορσης"]),
        ("東岸", "在東岸市，東 岸", ["東岸", "東 岸"]),
        ("€", "5 € and 7€", ["€", "€"]),
        ("U.S.", "the U.S. and the US", ["U.S"]),
        ('say "', "they say", ["say"]),
    ],
)
def test_words_phrases_beginnings_and_operators(query, text, hits) -> None:
    assert _found(query, text) == hits


def test_case_and_accents_count_where_asked_for() -> None:
    text = "Kovár, kovár, Kovar"
    assert _found("Kovár", text, is_case_sensitive=True) == ["Kovár"]
    assert _found("K.v", text, is_regex=True, is_case_sensitive=True) == ["Kov", "Kov"]
    assert _found("K.v", text, is_regex=True) == ["Kov", "kov", "Kov"]


def test_literals_are_taken_as_they_stand_but_for_white_space_and_not_within_words() -> None:
    text = "Orsk (north), Orsk\n(north); Orskian. U.S. U.S.A"
    assert _found("Orsk (north)", text, is_literal=True) == ["Orsk (north)", "Orsk\n(north)"]
    assert _found("Orsk", text, is_literal=True) == ["Orsk", "Orsk"]
    assert _found("U.S.", text, is_literal=True) == ["U.S.", "U.S."]
    assert _found("orsk", text, is_literal=True, is_case_sensitive=True) == []


@pytest.mark.parametrize(
    ("query", "how", "message"),
    [
        ("NOT orsk", {}, "what stands ahead of it"),
        ("()", {}, "no word to look for"),
        ('""', {}, "no word to look for"),
        ("(", {"is_regex": True}, "not a pattern"),
        ("x" * (MOST_QUERY_CP + 1), {}, "too long to look for"),
    ],
)
def test_what_cannot_be_looked_for_is_told(query, how, message) -> None:
    with pytest.raises(RefusedInputError, match=message):
        needle_of(SearchQuery(query, **how))


@pytest.mark.parametrize("blank", ["", "  ", "\n"])
def test_nothing_is_looked_for_in_blank_queries(blank) -> None:
    assert needle_of(SearchQuery(blank)) is None


@pytest.fixture(scope="module")
def index():
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE f USING fts5(text, content='', tokenize='unicode61 remove_diacritics 2')")
    yield connection
    connection.close()


_TEXTS = st.text(st.sampled_from('ab Cé́ñŽшΣ東ไ."()*-’\n0'), max_size=40)


@given(query=st.text(st.sampled_from('ab Cé́ñŽшΣ東ไ."()*-’ANDORT0'), max_size=25), text=_TEXTS)
def test_whatever_is_typed_is_answered_and_the_index_misses_no_hit_of_the_pattern(index, query, text) -> None:
    try:
        needle = needle_of(SearchQuery(query))
    except RefusedInputError:
        return
    if needle is None or needle.match is None:
        return
    index.execute("INSERT INTO f (f) VALUES ('delete-all')")
    index.execute("INSERT INTO f (rowid, text) VALUES (1, ?)", (spaced(text),))
    may_hold = index.execute("SELECT rowid FROM f WHERE f MATCH ?", (needle.match,)).fetchone() is not None
    assert may_hold or not list(needle.hits_in(text))


@given(query=st.text(st.sampled_from("abC .*ñžшΣσ東ไ0'"), max_size=12), text=st.text("abcnz .'шσςΣ東ไ0", max_size=40))
def test_the_fast_form_of_a_pattern_finds_the_same(query, text) -> None:
    try:
        needle = needle_of(SearchQuery(query))
    except RefusedInputError:
        return
    if needle is not None and needle.pattern.plain is not None:
        assert needle.pattern.fit(text) is needle.pattern.plain
        plain, full = needle.pattern.plain.finditer(text), needle.pattern.full.finditer(text)
        assert [match.span() for match in plain] == [match.span() for match in full]


@given(words=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30), around=_TEXTS)
def test_a_literal_finds_its_own_words_in_any_text(words, around) -> None:
    needle = needle_of(SearchQuery(words, is_literal=True, is_case_sensitive=True))
    if needle is not None:
        text = f"{around} , {' '.join(words.split())} , {around}"
        assert list(needle.hits_in(text))


def test_spacing_leaves_texts_with_words_alone() -> None:
    text = "Orsk, señor, жито"
    assert spaced(text) is text
    assert spaced("a東岸b").split() == ["a", "東", "岸", "b"]
