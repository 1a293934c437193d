"""Split spans survive formats that have links but no fragments."""

from __future__ import annotations

from dataclasses import replace

import pytest
from exchange_examples import assert_same, documents
from hypothesis import given, settings

from storage.formats.exchange import ExchangeDocument, ExchangeLink, ExchangeSpan
from storage.formats.interface import EVERYTHING
from storage.formats.parts import CONTINUED, apart, together
from storage.records import Fragment, LabelKind, State

TEXT = "Velmar will, Taval said, withdraw. Soon."
CLAIM = ExchangeSpan(
    "q", LabelKind.CLAIM, "Claim", (Fragment(0, 11), Fragment(25, 33), Fragment(35, 39)), fields={"Stance": "for"}
)
SPEAKER = ExchangeSpan("q.2", LabelKind.ACTOR, "Person", (Fragment(13, 18),))
DOCUMENT = ExchangeDocument(
    title="t", text=TEXT, spans=(CLAIM, SPEAKER), links=(ExchangeLink("1", "speaker", "q", "q.2"),)
)


def test_each_fragment_is_a_span_linked_to_the_next():
    found = apart(DOCUMENT)
    assert [(span.id, span.quote, dict(span.fields)) for span in found.spans] == [
        ("q", "Velmar will", {"Stance": "for"}),
        ("q.2'", "withdraw", {}),
        ("q.3", "Soon", {}),
        ("q.2", "Taval", {}),
    ]
    assert [(link.type, link.from_id, link.to_id) for link in found.links] == [
        ("speaker", "q", "q.2"),
        (CONTINUED, "q", "q.2'"),
        (CONTINUED, "q.2'", "q.3"),
    ]
    assert_same([DOCUMENT], [together(found)], EVERYTHING)


@given(documents())
@settings(max_examples=30)
def test_what_was_taken_apart_is_put_together(found):
    for document in found:
        parts = apart(document)
        assert all(len(span.fragments) == 1 for span in parts.spans)
        assert_same([document], [together(parts)], EVERYTHING)


def test_what_somebody_else_linked_to_a_part_is_linked_to_the_whole():
    parts = apart(DOCUMENT)
    more = ExchangeLink("9", "target", "q.3", "q.2")
    found = together(replace(parts, links=(*parts.links, more)))
    assert {(link.type, link.from_id) for link in found.links} == {("speaker", "q"), ("target", "q")}


@pytest.mark.parametrize("change", [{"label": "Demand"}, {"state": State.REJECTED}, {"kind": LabelKind.CUE}])
def test_parts_that_are_not_alike_stay_apart(change):
    parts = apart(DOCUMENT)
    spans = [replace(span, **change) if span.id == "q.3" else span for span in parts.spans]
    found = together(replace(parts, spans=tuple(spans)))
    assert [len(span.fragments) for span in found.spans] == [2, 1, 1]
    assert (CONTINUED, "q", "q.3") in {(link.type, link.from_id, link.to_id) for link in found.links}


def test_parts_that_lead_round_in_a_circle_are_one():
    parts = apart(DOCUMENT)
    found = together(replace(parts, links=(*parts.links, ExchangeLink("8", CONTINUED, "q.3", "q"))))
    assert [span.fragments for span in found.spans] == [CLAIM.fragments, SPEAKER.fragments]
    assert {(link.type) for link in found.links} == {"speaker"}
