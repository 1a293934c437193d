from __future__ import annotations

from dataclasses import replace

from gui.document.blocks import BlockTable
from gui.document.index import SpanIndex, order_key
from gui.document.positions import Positions
from storage.records import Fragment, LinkRecord, Origin, SpanRecord, State

TEXT = "Velmar said that Orsk agreed.\nTaval denied it, “and then”, he said, “again”."


def span(number: int, *fragments: tuple[int, int], state: State = State.SUGGESTED, label: int = 1) -> SpanRecord:
    parts = tuple(Fragment(*fragment) for fragment in fragments)
    return SpanRecord(number, 1, label, state, Origin.SUGGESTER, parts, "")


def index_of(*spans: SpanRecord, links: tuple[LinkRecord, ...] = ()) -> SpanIndex:
    return SpanIndex(BlockTable(Positions(TEXT)), spans, links)


def link(number: int, from_id: int, to_id: int, state: State = State.CONFIRMED) -> LinkRecord:
    return LinkRecord(number, 1, 1, from_id, to_id, state, Origin.HUMAN)


def test_spans_at_a_position_come_innermost_first():
    index = index_of(span(1, (0, 28)), span(2, (17, 21)), span(3, (17, 28)))
    assert [s.id for s in index.at(18)] == [2, 3, 1]
    assert [s.id for s in index.at(2)] == [1]


def test_a_span_is_found_at_its_end_only_where_nothing_else_is():
    index = index_of(span(1, (0, 6)), span(2, (6, 11)))
    assert [s.id for s in index.at(6)] == [2]
    assert [s.id for s in index.at(11)] == [2]


def test_a_gap_between_fragments_does_not_belong_to_the_span():
    index = index_of(span(1, (47, 57), (68, 75)))
    assert [s.id for s in index.at(50)] == [1]
    assert index.at(60) == []


def test_a_span_over_several_blocks_is_found_in_each():
    index = index_of(span(1, (17, 42)))
    assert [s.id for s in index.at(20)] == [s.id for s in index.at(35)] == [1]
    index.remove(1)
    assert index.at(20) == index.at(35) == []


def test_undecided_spans_come_in_text_order_outer_first():
    index = index_of(span(4, (17, 21)), span(2, (17, 28)), span(9, (0, 6)), span(5, (30, 35), state=State.CONFIRMED))
    assert [s.id for s in index.undecided_after((-1, 0, 0))] == [9, 2, 4]
    second = index.spans[2]
    assert [s.id for s in index.undecided_after(order_key(second))] == [4]
    assert [s.id for s in index.undecided_before(order_key(second))] == [9]


def test_put_replaces_a_span_in_every_list():
    index = index_of(span(1, (0, 6)))
    index.put(span(1, (30, 35), state=State.CONFIRMED))
    assert index.at(2) == []
    assert [s.id for s in index.at(31)] == [1]
    assert list(index.undecided_after((-1, 0, 0))) == []


def test_rejected_and_hidden_spans_are_not_found():
    index = index_of(span(1, (0, 6), state=State.REJECTED), span(2, (0, 6), label=7), span(3, (0, 6)))
    index.hidden_labels = frozenset({7})
    assert [s.id for s in index.at(2)] == [3]
    assert [s.id for s in index.undecided_after((-1, 0, 0))] == [3]


def test_suggestions_below_their_labels_score_are_not_found_but_decided_ones_are():
    low = [
        replace(span(n, (0, 6), state=state), score=0.4) for n, state in enumerate((State.SUGGESTED, State.CONFIRMED))
    ]
    index = index_of(
        *low, replace(span(2, (7, 11)), score=0.6), span(3, (12, 16)), replace(span(4, (17, 21), label=7), score=0.1)
    )
    index.least_scores = {1: 0.5}
    assert [s.id for s in index.at(2)] == [1]
    assert [s.id for s in index.undecided_after((-1, 0, 0))] == [2, 3, 4]
    assert {s.id for s in index.shown()} == {1, 2, 3, 4}


def test_links_are_found_from_both_ends_unless_rejected():
    index = index_of(span(1, (0, 6)), span(2, (7, 11)), links=(link(1, 1, 2), link(2, 1, 2, State.REJECTED)))
    assert [x.id for x in index.links_of(1)] == [x.id for x in index.links_of(2)] == [1]
    index.put_link(link(2, 2, 1))
    assert [x.id for x in index.links_of(1)] == [1, 2]
    index.remove_link(1)
    assert [x.id for x in index.links_of(2)] == [2]
