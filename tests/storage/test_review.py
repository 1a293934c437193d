"""Declaring stretches complete: they merge, split, and are counted."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage import queries
from storage.errors import InvalidEditError, StaleEditError
from storage.operations import documents, review
from storage.records import Fragment


def _stretches(bench) -> list[tuple[int, int]]:
    return [(r.start_cp, r.end_cp) for r in queries.reviewed_in(bench.project, bench.document_id)]


@pytest.mark.parametrize(
    ("marked", "left"),
    [
        ([(0, 10), (20, 30)], [(0, 10), (20, 30)]),
        ([(0, 10), (10, 20)], [(0, 20)]),
        ([(0, 10), (20, 30), (5, 25)], [(0, 30)]),
        ([(0, 10), (20, 30), (0, 50)], [(0, 50)]),
        ([(0, 30), (5, 10)], [(0, 30)]),
    ],
)
def test_stretches_that_touch_become_one(bench, marked, left) -> None:
    for stretch in marked:
        review.mark_reviewed(bench.project, bench.document_id, Fragment(*stretch))
    assert _stretches(bench) == left


@pytest.mark.parametrize(
    ("taken", "left"),
    [
        ((10, 20), [(0, 10), (20, 30), (40, 50)]),
        ((25, 45), [(0, 25), (45, 50)]),
        ((0, 60), []),
        ((0, 30), [(40, 50)]),
        ((30, 40), [(0, 30), (40, 50)]),
    ],
)
def test_taking_a_stretch_back_leaves_what_lies_beside_it(bench, taken, left) -> None:
    for stretch in ((0, 30), (40, 50)):
        review.mark_reviewed(bench.project, bench.document_id, Fragment(*stretch))
    before = bench.state()
    review.unmark_reviewed(bench.project, bench.document_id, Fragment(*taken))
    assert _stretches(bench) == left
    if left != [(0, 30), (40, 50)]:
        bench.undo()
    assert bench.state() == before


def test_what_is_left_stays_as_it_was_declared(bench) -> None:
    review.mark_reviewed(bench.project, bench.document_id, Fragment(0, 30))
    (declared,) = queries.reviewed_in(bench.project, bench.document_id)
    review.unmark_reviewed(bench.project, bench.document_id, Fragment(10, 20))
    assert {r.at for r in queries.reviewed_in(bench.project, bench.document_id)} == {declared.at}


def test_marking_what_is_marked_changes_nothing(bench) -> None:
    review.mark_reviewed(bench.project, bench.document_id, Fragment(0, 30))
    assert review.mark_reviewed(bench.project, bench.document_id, Fragment(5, 30)).set_id is None
    assert review.unmark_reviewed(bench.project, bench.document_id, Fragment(30, 40)).set_id is None


@pytest.mark.parametrize("stretch", [(-1, 5), (5, 5), (9, 5), (0, 9_999)])
def test_stretches_outside_the_text_are_refused(bench, stretch) -> None:
    for work in (review.mark_reviewed, review.unmark_reviewed):
        with pytest.raises(InvalidEditError, match="outside"):
            work(bench.project, bench.document_id, Fragment(*stretch))


def test_a_document_is_reviewed_when_every_character_is(bench) -> None:
    length = queries.document_items(bench.project)[0].document.length_cp
    review.mark_reviewed(bench.project, bench.document_id, Fragment(0, length - 1))
    assert not queries.document_items(bench.project)[0].is_reviewed
    review.mark_reviewed(bench.project, bench.document_id, Fragment(length - 1, length))
    assert queries.document_items(bench.project)[0].is_reviewed


def test_removed_documents_are_not_reviewed(bench) -> None:
    documents.remove_document(bench.project, bench.document_id)
    with pytest.raises(StaleEditError, match="no longer in the project"):
        review.mark_reviewed(bench.project, bench.document_id, Fragment(0, 5))


_STEPS = st.lists(st.tuples(st.booleans(), st.integers(0, 28), st.integers(1, 12)), max_size=12)


@given(steps=_STEPS)
@settings(max_examples=25, deadline=None)
def test_stretches_are_what_a_set_of_characters_says(make_bench, steps) -> None:
    bench, marked = make_bench(), set()
    for is_marked, start, length in steps:
        stretch = Fragment(start, start + length)
        work = review.mark_reviewed if is_marked else review.unmark_reviewed
        work(bench.project, bench.document_id, stretch)
        (marked.update if is_marked else marked.difference_update)(range(*stretch))
    found = _stretches(bench)
    assert {place for start, end in found for place in range(start, end)} == marked
    assert all(left[1] < right[0] for left, right in pairwise(found))
    assert queries.document_items(bench.project)[0].reviewed_cp == len(marked)
    bench.project.close()
