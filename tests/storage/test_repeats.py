"""Paragraphs that repeat are found, wherever they stand, and only those that are not excluded yet."""

from __future__ import annotations

import pytest

from storage import repeats
from storage.operations import stretches
from storage.records import Fragment
from storage.repeats import least_documents, repeated_paragraphs, same_paragraphs

NOTICE = "Subscribe to the Straits letter — free!"
RIGHTS = "All rights reserved. " * 40 + "Orsk Press"


@pytest.fixture
def pages(bench):
    """Six more documents: all have the notice, three the long line, each a line of its own."""
    texts = [f"Report {n}\r\n\r\n   {NOTICE} \r\nTaval answers {n}." for n in range(6)]
    return [bench.add(f"Page {n}", text + (f"\n{RIGHTS}" if n < 3 else "")) for n, text in enumerate(texts)]


@pytest.mark.parametrize(("documents", "least"), [(1, 2), (7, 2), (12, 3), (25, 5), (10_000, 5)])
def test_a_share_counts_in_small_projects_and_a_number_in_large_ones(documents, least) -> None:
    assert least_documents(documents) == least


def test_repeated_paragraphs_come_with_their_places_most_frequent_first(bench, pages) -> None:
    told = []
    found = repeated_paragraphs(bench.project, proceed=lambda done, total: told.append((done, total)) or True)
    assert found.documents == 7
    assert [(r.words, r.documents, r.labelled) for r in found.found] == [(NOTICE, 6, 0), (RIGHTS, 3, 0)]
    assert found.found[0].places == tuple((ident, 15, 15 + len(NOTICE)) for ident in pages)
    assert told == [(n, 14) for n in range(14)]


def test_twice_in_one_document_is_no_repetition(bench) -> None:
    bench.add("Poem", "Orsk!\nTaval!\nOrsk!\nOrsk!")
    bench.add("Song", "Lemsk!\nLemsk!")
    assert repeated_paragraphs(bench.project).found == ()


def test_counters_that_several_paragraphs_share_offer_nothing_wrong(bench, pages, monkeypatch) -> None:
    monkeypatch.setattr(repeats, "_COUNTERS", 1)
    assert [r.words for r in repeated_paragraphs(bench.project).found] == [NOTICE, RIGHTS]


def test_what_is_excluded_is_not_offered_again(bench, pages) -> None:
    stretches.exclude_many(bench.project, [(ident, 15, 15 + len(NOTICE)) for ident in pages[:-1]])
    first, _ = repeated_paragraphs(bench.project).found
    assert (first.words, first.documents) == (RIGHTS, 3)
    assert [hit.document_id for hit in same_paragraphs(bench.project, NOTICE)] == pages[-1:]


def test_labels_in_a_repeated_paragraph_are_counted(bench, pages) -> None:
    from storage.operations import spans

    spans.draw(bench.project, pages[2], bench.label("Group"), (Fragment(15, 24),))
    assert [r.labelled for r in repeated_paragraphs(bench.project).found] == [1, 0]


@pytest.mark.parametrize("words", [NOTICE, RIGHTS])
def test_the_same_paragraph_is_found_in_all_documents_and_never_a_part_of_one(bench, pages, words) -> None:
    bench.add("Letter", f"Taval said: {words}")
    found = same_paragraphs(bench.project, words)
    assert [hit.document_id for hit in found] == (pages if words == NOTICE else pages[:3])
    assert {hit.words for hit in found} == {words}


def test_the_search_can_be_stopped(bench, pages) -> None:
    for stop_at in (2, 9):
        found = repeated_paragraphs(bench.project, proceed=lambda done, _total, at=stop_at: done < at)
        assert (found.is_stopped, found.found) == (True, ())
    assert same_paragraphs(bench.project, NOTICE, proceed=lambda _done, _total: False) == ()
