"""What the operations on links do, and what they refuse."""

from __future__ import annotations

import pytest

from storage.errors import InvalidEditError
from storage.operations import links, spans
from storage.records import Fragment, Origin, State

SPEAKER, CUE, CLAIM = "Ilya Brandt", "said", "Orsk and Velmar face a joint threat"


def test_connecting_confirms_the_link_and_both_ends(bench) -> None:
    bench.suggest(("claim", CLAIM), ("state", "Velmar"))
    links.connect(bench.project, "target", bench.span(CLAIM).id, bench.span("Velmar").id, took_ms=400)
    assert bench.states == {CLAIM: "confirmed", "Velmar": "confirmed"}
    assert bench.link_states == {("target", CLAIM, "Velmar"): "confirmed"}
    assert (bench.links[0].origin, bench.links[0].analyst_id) == (Origin.HUMAN, bench.project.analyst_id)


def test_connecting_what_is_proposed_confirms_the_proposal(bench) -> None:
    bench.suggest_card()
    proposed = next(link for link in bench.links if link.to_id == bench.span(SPEAKER).id)
    links.connect(bench.project, "speaker", bench.span(CLAIM).id, bench.span(SPEAKER).id)
    link = next(link for link in bench.links if link.id == proposed.id)
    assert (link.state, link.origin, len(bench.links)) == (State.CONFIRMED, Origin.SUGGESTER, 2)


def test_several_speakers_stand_side_by_side(bench) -> None:
    claim = bench.draw("Claim", CLAIM).id
    for words in ("Orsk", "Velmar"):
        links.connect(bench.project, "target", claim, bench.draw("State", words).id)
    assert len(bench.links) == 2


def test_replacing_rejects_what_was_proposed_and_deletes_what_was_drawn(bench) -> None:
    bench.suggest_card()
    claim, velmar = bench.span(CLAIM).id, bench.draw("State", "Velmar").id
    links.connect(bench.project, "speaker", claim, bench.draw("State", "Orsk").id)
    before = bench.state()
    links.replace(bench.project, "speaker", claim, velmar)
    assert bench.link_states == {
        ("speaker", CLAIM, SPEAKER): "rejected",
        ("speaker", CLAIM, "Velmar"): "confirmed",
        ("cue", CLAIM, CUE): "suggested",
    }
    bench.undo()
    assert bench.state() == before


def test_replacing_by_the_same_changes_nothing(bench) -> None:
    claim, orsk = bench.draw("Claim", CLAIM).id, bench.draw("State", "Orsk").id
    links.connect(bench.project, "target", claim, orsk)
    assert links.replace(bench.project, "target", claim, orsk).set_id is None


def test_disconnecting_rejects_what_was_proposed_and_deletes_what_was_drawn(bench) -> None:
    bench.suggest_card()
    claim = bench.span(CLAIM).id
    links.connect(bench.project, "target", claim, bench.draw("State", "Velmar").id)
    links.disconnect(bench.project, [link.id for link in bench.links])
    assert bench.link_states == {("speaker", CLAIM, SPEAKER): "rejected", ("cue", CLAIM, CUE): "rejected"}
    links.connect(bench.project, "speaker", claim, bench.span(SPEAKER).id)
    assert bench.link_states[("speaker", CLAIM, SPEAKER)] == "confirmed"


@pytest.mark.parametrize(
    ("code", "start", "end"),
    [("speaker", SPEAKER, CLAIM), ("speaker", CLAIM, CUE), ("cue", CLAIM, SPEAKER), ("contains", CLAIM, SPEAKER)],
)
def test_wrong_kinds_are_refused(bench, code, start, end) -> None:
    bench.suggest_card()
    start_id, end_id = bench.span(start).id, bench.span(end).id
    bench.unchanged_by(InvalidEditError, "goes from", lambda: links.connect(bench.project, code, start_id, end_id))


def test_a_span_is_not_linked_to_itself(bench) -> None:
    claim = bench.draw("Claim", CLAIM).id
    bench.unchanged_by(InvalidEditError, "different", lambda: links.connect(bench.project, "contains", claim, claim))


def test_links_do_not_leave_their_document(bench) -> None:
    claim = bench.draw("Claim", CLAIM).id
    other = bench.add("Other", "Taval answers.")
    spans.draw(bench.project, other, bench.label("State"), [Fragment(0, 5)])
    with pytest.raises(InvalidEditError, match="one document"):
        links.connect(bench.project, "target", claim, claim + 1)
    assert bench.links == ()
