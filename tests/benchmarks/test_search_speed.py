"""Searching 10,000 documents with 200,000 spans, against reading all texts by bare sqlite3 in the same run."""

from __future__ import annotations

import random
import sqlite3
import time
from collections.abc import Callable

import pytest

from storage import queries
from storage.blocked import undecided_with
from storage.equal import equal_ones
from storage.formats.exchange import ExchangeDocument, ExchangeSpan
from storage.importing import Importer
from storage.operations import bulk
from storage.project import Project
from storage.records import Fragment, LabelKind, Origin, Sameness, State
from storage.search import MOST_HITS, find
from storage.search_index import update_index
from storage.search_query import SearchQuery, needle_of

_DOCUMENTS, _SPANS, _LENGTH_CP = 10_000, 20, 5_000
#: As unequal as words are in texts: the first is in nearly every document, the last in few.
_WORDS = [
    "the",
    "accord",
    "said",
    "Velmar",
    "東岸",
    *(f"{a}{b}{c}" for a in "kltrvo" for b in "aeiou" for c in range(99)),
]
_WEIGHTS = [1 / (rank + 1) for rank in range(len(_WORDS))]
_RARE = _WORDS[-1]

pytestmark = pytest.mark.slow


def _document(chance: random.Random, number: int) -> ExchangeDocument:
    words = chance.choices(_WORDS, _WEIGHTS, k=_LENGTH_CP // 5)
    starts, at = [], 0
    for word in words:
        starts.append(at)
        at += len(word) + 1
    spans = []
    for key, place in enumerate(sorted(chance.sample(range(len(words)), _SPANS))):
        fragment = Fragment(starts[place], starts[place] + len(words[place]))
        found = ExchangeSpan(
            id=str(key),
            kind=LabelKind.ACTOR,
            label="State",
            fragments=(fragment,),
            state=State.SUGGESTED,
            origin=Origin.SUGGESTER,
            suggester="rules",
        )
        spans.append(found)
    return ExchangeDocument(title=f"Brief {number}", text=" ".join(words), spans=tuple(spans))


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    chance = random.Random(7)
    with Project.create(tmp_path_factory.mktemp("search") / "speed.sayso") as made:
        with Importer(made) as importer:
            importer.add_file("briefs.jsonl", [_document(chance, number) for number in range(_DOCUMENTS)])
            importer.publish()
        yield made


@pytest.fixture(scope="module")
def floor_s(project) -> float:
    """Return how long bare sqlite3 takes to read every text once."""

    def read_all() -> None:
        other = sqlite3.connect(f"{project.path.as_uri()}?mode=ro", uri=True)
        for (text,) in other.execute("SELECT text FROM document_text"):
            len(text)
        other.close()

    return _best_of(3, read_all)


def _best_of(rounds: int, work: Callable[[], object]) -> float:
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times)


def _search_s(project: Project, query: SearchQuery) -> tuple[float, int]:
    needle = needle_of(query)
    return _best_of(3, lambda: find(project, needle)), len(find(project, needle).hits)


def test_indexing_lets_decisions_through(project) -> None:
    began, last, longest = time.perf_counter(), time.perf_counter(), 0.0

    def proceed(_done: int, _total: int) -> bool:
        nonlocal last, longest
        now = time.perf_counter()
        longest, last = max(longest, now - last), now
        return True

    assert update_index(project, proceed) == _DOCUMENTS
    print(f"\nindex of 50 MB: {time.perf_counter() - began:.1f} s, longest step {1000 * longest:.0f} ms")
    assert longest < 0.25


@pytest.mark.parametrize(
    ("query", "share"),
    [
        (SearchQuery(_RARE), 1.5),
        (SearchQuery(f'"velmar {_RARE}"'), 0.75),
        (SearchQuery("velm*"), 4.0),
        (SearchQuery("東岸"), 4.0),
        (SearchQuery(rf"\b{_RARE}\b", is_regex=True), 10.0),
    ],
    ids=lambda value: value.text if isinstance(value, SearchQuery) else "",
)
def test_a_search_costs_little_beside_reading_all_texts(project, floor_s, query, share) -> None:
    update_index(project)
    took_s, hits = _search_s(project, query)
    print(f"\n{query.text}: {hits:,} hits in {1000 * took_s:.0f} ms, {took_s / floor_s:.2f} x reading all texts")
    assert took_s < share * floor_s


def test_rare_words_are_found_in_50_ms(project) -> None:
    update_index(project)
    took_s, hits = _search_s(project, SearchQuery(_RARE))
    print(f"\n{_RARE}: {hits:,} hits in {1000 * took_s:.1f} ms")
    assert 0 < hits < MOST_HITS
    assert took_s < 0.05


def test_equal_mentions_of_the_project(project, floor_s) -> None:
    update_index(project)
    with project.reading() as connection:
        span_id = undecided_with(connection, queries.codebook(project).labels[0].id, _RARE)[0]
    took_s = _best_of(3, lambda: equal_ones(project, span_id, Sameness.FOLDED))
    found = equal_ones(project, span_id, Sameness.FOLDED)
    print(f"\n{len(found.hits):,} equal ones, {len(found.bare):,} places: {1000 * took_s:.0f} ms")
    assert took_s < 4 * floor_s


def test_words_to_block_are_looked_up_in_few_ms(project) -> None:
    label_id = queries.codebook(project).labels[0].id
    with project.reading() as connection:
        took_s = _best_of(3, lambda: undecided_with(connection, label_id, "VELMAR"))
        count = len(undecided_with(connection, label_id, "VELMAR"))
    print(f"\n{count:,} of 200,000 undecided spans looked up in {1000 * took_s:.0f} ms")
    assert took_s < 0.1


def test_five_thousand_hits_are_labelled_in_one_transaction(project) -> None:
    update_index(project)
    found = find(project, needle_of(SearchQuery("accord")))
    began = time.perf_counter()
    changes = bulk.label_many(project, queries.codebook(project).labels[0].id, places=[hit.place for hit in found.hits])
    took_s = time.perf_counter() - began
    print(f"\n{len(changes.spans):,} spans: {took_s:.2f} s")
    assert len(changes.spans) > 0.9 * MOST_HITS
    assert took_s < 5
