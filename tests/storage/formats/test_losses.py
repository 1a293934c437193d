"""What a format cannot hold is left out before it is written, and counted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storage.formats.exchange import ExchangeDocument, ExchangeLink, ExchangeSpan, ExchangeStretch
from storage.formats.interface import EVERYTHING, Capabilities
from storage.formats.losses import EXAMPLES, Losses, reduced
from storage.records import Fragment, LabelKind, State

TEXT = "Velmar will, Taval said, withdraw. Orsk denied it."

MENTION = ExchangeSpan("m", LabelKind.ACTOR, "Person", (Fragment(13, 18),), actor="Taval", fields={"role": "envoy"})
CUE = ExchangeSpan("c", LabelKind.CUE, "Cue", (Fragment(19, 23),), note="sure?")
CLAIM = ExchangeSpan("q", LabelKind.CLAIM, "Claim", (Fragment(0, 11), Fragment(25, 33)))
INNER = ExchangeSpan("s", LabelKind.ACTOR, "State", (Fragment(0, 6),))
GUESS = ExchangeSpan("g", LabelKind.ACTOR, "State", (Fragment(35, 39),), state=State.SUGGESTED)
WRONG = ExchangeSpan("w", LabelKind.ACTOR, "State", (Fragment(40, 46),), state=State.REJECTED)
DOCUMENT = ExchangeDocument(
    title="Straits",
    text=TEXT,
    date="2031-04-02",
    spans=(MENTION, CUE, CLAIM, INNER, GUESS, WRONG),
    links=(ExchangeLink("1", "speaker", "q", "m"), ExchangeLink("2", "speaker", "q", "w")),
    reviewed=(Fragment(0, 34),),
    stretches=(ExchangeStretch("page", 0, 50, "1"),),
)


def reduce(**holds: bool) -> tuple[ExchangeDocument, dict[str, int]]:
    losses = Losses()
    (document,) = reduced([DOCUMENT], Capabilities(**holds), "Runes", losses)
    return document, {loss.what: loss.count for loss in losses}


def all_but(name: str) -> tuple[ExchangeDocument, dict[str, int]]:
    losses = Losses()
    (document,) = reduced([DOCUMENT], replace(EVERYTHING, **{name: False}), "Runes", losses)
    return document, {loss.what: loss.count for loss in losses}


def test_format_that_holds_everything_gets_everything():
    losses = Losses()
    assert list(reduced([DOCUMENT], EVERYTHING, "Runes", losses)) == [DOCUMENT]
    assert not losses


@pytest.mark.parametrize(
    ("name", "lost"),
    [
        ("unreviewed", {"undecided suggestions": 1}),
        ("negatives", {"rejected spans": 1, "“speaker” links": 1}),
        ("links", {"“speaker” links": 2}),
        ("fields", {"field values": 1}),
        ("actors", {"mentions that name their actor": 1}),
        ("notes", {"notes and flags": 1}),
        ("metadata", {"documents' source, date, language or metadata": 1}),
        ("reviewed", {"reviewed stretches": 1}),
        ("stretches", {"pages and excluded parts": 1}),
        ("fragments", {"spans of several fragments": 1}),
        ("overlap", {"overlapping spans": 1, "“speaker” links": 2}),
    ],
)
def test_each_missing_capability_takes_its_part_and_counts_it(name: str, lost: dict[str, int]):
    document, counts = all_but(name)
    assert counts == lost
    assert document != DOCUMENT


def test_split_spans_become_one_each_and_links_stay_with_the_first():
    document, _ = all_but("fragments")
    parts = [span for span in document.spans if span.kind == LabelKind.CLAIM]
    assert [(span.id, span.fragments, span.quote) for span in parts] == [
        ("q", (Fragment(0, 11),), "Velmar will"),
        ("q.2", (Fragment(25, 33),), "withdraw"),
    ]
    assert document.links == DOCUMENT.links


def test_new_ids_of_parts_are_free():
    document = replace(DOCUMENT, spans=(CLAIM, replace(CUE, id="q.2")), links=())
    (found,) = reduced([document], replace(EVERYTHING, fragments=False), "Runes", Losses())
    assert [span.id for span in found.spans] == ["q", "q.2'", "q.2"]


def test_without_overlap_mentions_stay_before_claims():
    document, _ = all_but("overlap")
    assert [span.id for span in document.spans] == ["s", "m", "c", "g", "w"]


def test_plainest_format_gets_flat_confirmed_spans():
    document, counts = reduce()
    assert [(span.id, span.actor, dict(span.fields), span.note) for span in document.spans] == [
        ("s", None, {}, ""),
        ("m", None, {}, ""),
        ("c", None, {}, ""),
        ("q.2", None, {}, ""),
    ]
    assert (document.links, document.date, document.reviewed, document.stretches) == ((), None, (), ())
    assert counts["overlapping spans"] == 1


def test_report_names_the_first_places_only():
    losses = Losses()
    for number in range(EXAMPLES + 3):
        losses.add("rejected spans", "no place", where=f"line {number}")
    lines = losses.to_lines()
    assert lines[0] == "8 rejected spans: no place"
    assert len(lines) == EXAMPLES + 2
    assert losses.to_json()[0]["examples"] == [f"line {number}" for number in range(EXAMPLES)]
