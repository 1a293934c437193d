from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gui.document.lanes import MAX_PILL_LEVEL, Stretch, bracket_lanes, claim_lanes, pill_levels

STRETCHES = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 30)), max_size=20).map(
    lambda pairs: [Stretch(i, start, start + length) for i, (start, length) in enumerate(pairs)]
)


def overlap(a: Stretch, b: Stretch) -> bool:
    return a.start_cp < b.end_cp and b.start_cp < a.end_cp


@given(STRETCHES)
def test_claims_that_overlap_never_share_a_lane(claims):
    lanes = claim_lanes(claims)
    for a in claims:
        for b in claims:
            if a.span_id < b.span_id and overlap(a, b):
                assert lanes[a.span_id] != lanes[b.span_id]


@given(STRETCHES)
def test_lanes_are_as_few_as_the_deepest_overlap(claims):
    lanes = claim_lanes(claims)
    deepest = max((sum(c.start_cp <= x < c.end_cp for c in claims) for x in range(91)), default=0)
    assert len(set(lanes.values())) == deepest


def test_the_outer_claim_lies_next_to_the_text():
    assert claim_lanes([Stretch(7, 5, 9), Stretch(8, 0, 20), Stretch(9, 6, 8)]) == {8: 0, 7: 1, 9: 2}


@given(STRETCHES)
def test_a_pill_around_others_reaches_beyond_them(mentions):
    levels = pill_levels(mentions)
    for a in mentions:
        for b in mentions:
            if overlap(a, b) and a.end_cp - a.start_cp > b.end_cp - b.start_cp:
                assert levels[a.span_id] > levels[b.span_id] or levels[a.span_id] == MAX_PILL_LEVEL


def test_of_two_labels_on_the_same_words_the_younger_lies_inside():
    assert pill_levels([Stretch(1, 0, 6), Stretch(2, 0, 6)]) == {1: 1, 2: 0}


def test_brackets_that_follow_each_other_in_one_row_share_it():
    first, second = bracket_lanes([(1, 0, 2), (2, 2, 4)])
    assert (first.start_half, first.end_half, first.lane) == (0, 5, 0)
    assert (second.start_half, second.end_half, second.lane) == (5, 10, 0)


def test_brackets_side_by_side_in_one_row_take_lanes():
    assert [bracket.lane for bracket in bracket_lanes([(1, 0, 0), (2, 0, 0), (3, 0, 0), (4, 0, 0)])] == [0, 1, 2, 2]


def test_a_nested_bracket_lies_farther_out():
    outer, inner = bracket_lanes([(1, 0, 5), (2, 2, 3)])
    assert (outer.lane, inner.lane) == (0, 1)
