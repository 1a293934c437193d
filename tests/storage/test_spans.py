"""What the operations on spans do, and what they refuse."""

from __future__ import annotations

import pytest

from storage import queries
from storage.errors import InvalidEditError, StaleEditError
from storage.operations import actors, documents, links, spans
from storage.records import Fragment, Origin, State

SPEAKER, CUE, CLAIM = "Ilya Brandt", "said", "Orsk and Velmar face a joint threat"
GONE = 9_999


def test_drawing_adds_a_confirmed_span_of_the_analyst(bench) -> None:
    changes = spans.draw(bench.project, bench.document_id, bench.label("State"), bench.at("Orsk"), took_ms=900)
    span = bench.span("Orsk")
    assert (span.state, span.origin, span.fragments) == (State.CONFIRMED, Origin.HUMAN, bench.at("Orsk"))
    assert (span.analyst_id, span.run_id, span.score) == (bench.project.analyst_id, None, None)
    assert span.decided_at == span.created_at
    assert (changes.spans, changes.documents, changes.operation) == ({span.id}, {bench.document_id}, "draw")


def test_drawing_what_is_suggested_confirms_the_suggestion(bench) -> None:
    bench.suggest(("state", "Orsk"))
    proposed = bench.span("Orsk")
    bench.draw("State", "Orsk")
    assert [(s.id, s.state, s.origin) for s in bench.spans] == [(proposed.id, State.CONFIRMED, Origin.SUGGESTER)]


def test_drawing_what_was_rejected_confirms_it(bench) -> None:
    bench.suggest(("state", "Orsk"))
    spans.reject(bench.project, [bench.span("Orsk").id])
    bench.draw("State", "Orsk")
    assert bench.states == {"Orsk": "confirmed"}


def test_drawing_twice_changes_nothing(bench) -> None:
    bench.draw("State", "Orsk")
    assert spans.draw(bench.project, bench.document_id, bench.label("State"), bench.at("Orsk")).set_id is None
    assert len(bench.spans) == 1


def test_drawing_over_a_twin_points_it_to_the_actor(bench) -> None:
    bench.suggest(("state", "Orsk"))
    actors.create_actor(bench.project, "Republic of Orsk")
    (actor,) = queries.actors(bench.project)
    spans.draw(bench.project, bench.document_id, bench.label("State"), bench.at("Orsk"), actor_id=actor.id)
    assert bench.span("Orsk").actor_id == actor.id


def test_spans_of_other_labels_or_fragments_are_no_twins(bench) -> None:
    bench.draw("State", "Orsk")
    bench.draw("Group", "Orsk")
    start = bench.at("Orsk")[0].start_cp
    spans.draw(
        bench.project,
        bench.document_id,
        bench.label("State"),
        [Fragment(start, start + 2), Fragment(start + 2, start + 4)],
    )
    assert len(bench.spans) == 3


@pytest.mark.parametrize(
    ("fragments", "match"),
    [
        ([], "at least one"),
        ([Fragment(0, 5), Fragment(4, 7)], "begins before"),
        ([Fragment(6, 8), Fragment(0, 5)], "begins before"),
        ([Fragment(0, 6)], "white space"),
        ([Fragment(3, 3)], "empty"),
        ([Fragment(100, 9_999)], "outside"),
    ],
)
def test_broken_fragments_are_refused(bench, fragments, match) -> None:
    drawn = bench.draw("State", "Orsk").id
    label = bench.label("State")
    bench.unchanged_by(InvalidEditError, match, lambda: spans.draw(bench.project, bench.document_id, label, fragments))
    bench.unchanged_by(InvalidEditError, match, lambda: spans.resize(bench.project, drawn, fragments))


def test_what_is_gone_is_told_and_changes_nothing(bench) -> None:
    project, drawn, claim = bench.project, bench.draw("State", "Orsk").id, bench.draw("Claim", CLAIM).id
    other = bench.draw("Cue", CUE).id
    refused = {
        "span": [
            lambda: spans.accept(project, [drawn, GONE]),
            lambda: spans.reject(project, [drawn, GONE]),
            lambda: spans.remove(project, [drawn, GONE]),
            lambda: spans.relabel(project, GONE, bench.label("State")),
            lambda: spans.resize(project, GONE, bench.at("Velmar")),
            lambda: spans.set_field(project, GONE, 1, "x"),
            lambda: spans.set_actor(project, [drawn, GONE], None),
            lambda: links.connect(project, "target", claim, GONE),
            lambda: actors.create_actor(project, "Orsk", mention_ids=(drawn, GONE)),
        ],
        "label": [
            lambda: spans.draw(project, bench.document_id, GONE, bench.at("Velmar")),
            lambda: spans.relabel(project, drawn, GONE),
            lambda: actors.create_actor(project, "Orsk", label_id=GONE),
        ],
        "actor": [
            lambda: spans.set_actor(project, [drawn], GONE),
            lambda: spans.draw(project, bench.document_id, bench.label("State"), bench.at("Velmar"), actor_id=GONE),
        ],
        "field": [lambda: spans.set_field(project, claim, GONE, "x")],
        "document": [
            lambda: spans.draw(project, GONE, bench.label("State"), bench.at("Velmar")),
            lambda: documents.remove_document(project, GONE),
        ],
        "link": [lambda: links.disconnect(project, [GONE])],
        "no longer there": [
            lambda: spans.annotate(project, GONE, note="x"),
            lambda: documents.describe_document(project, GONE, title="x"),
        ],
        "codebook": [lambda: links.connect(project, "nonsense", claim, other)],
    }
    for match, works in refused.items():
        for work in works:
            bench.unchanged_by(StaleEditError, match, work)


def test_nothing_is_drawn_in_a_removed_document(bench) -> None:
    documents.remove_document(bench.project, bench.document_id)
    with pytest.raises(StaleEditError, match="no longer in the project"):
        bench.draw("State", "Orsk")


def test_accepting_a_claim_confirms_the_whole_card(bench) -> None:
    bench.suggest_card()
    changes = spans.accept(bench.project, [bench.span(CLAIM).id])
    assert bench.states == {SPEAKER: "confirmed", CUE: "confirmed", CLAIM: "confirmed"}
    assert set(bench.link_states.values()) == {"confirmed"}
    assert (len(changes.spans), len(changes.links)) == (3, 2)


def test_accepting_a_mention_leaves_the_claim_that_names_it(bench) -> None:
    bench.suggest_card()
    spans.accept(bench.project, [bench.span(SPEAKER).id])
    assert bench.states == {SPEAKER: "confirmed", CUE: "suggested", CLAIM: "suggested"}
    assert set(bench.link_states.values()) == {"suggested"}


def test_accepting_a_claim_does_not_bring_back_what_was_rejected(bench) -> None:
    bench.suggest_card()
    spans.reject(bench.project, [bench.span(SPEAKER).id])
    spans.accept(bench.project, [bench.span(CLAIM).id])
    assert bench.states == {SPEAKER: "rejected", CUE: "confirmed", CLAIM: "confirmed"}
    assert bench.link_states[("speaker", CLAIM, SPEAKER)] == "rejected"


def test_accepting_a_claim_does_not_decide_on_the_claim_that_it_contains(bench) -> None:
    inner = "face a joint threat"
    bench.suggest(("claim", CLAIM), ("claim", inner), links=(("contains", CLAIM, inner),))
    spans.accept(bench.project, [bench.span(CLAIM).id])
    assert bench.states == {CLAIM: "confirmed", inner: "suggested"}
    assert bench.link_states == {("contains", CLAIM, inner): "confirmed"}


def test_a_decision_keeps_who_made_it_first_and_when(bench) -> None:
    first = bench.draw("State", "Orsk")
    assert spans.accept(bench.project, [first.id]).set_id is None
    assert bench.span("Orsk") == first


def test_rejecting_a_claim_drops_its_links_and_its_lone_cue(bench) -> None:
    bench.suggest_card()
    spans.reject(bench.project, [bench.span(CLAIM).id])
    assert bench.states == {SPEAKER: "suggested", CUE: "rejected", CLAIM: "rejected"}
    assert set(bench.link_states.values()) == {"rejected"}


def test_a_cue_that_signals_another_claim_is_kept(bench) -> None:
    inner = "face a joint threat"
    both = (("cue", CLAIM, CUE), ("cue", inner, CUE))
    bench.suggest(("cue", CUE), ("claim", CLAIM), ("claim", inner), links=both)
    spans.reject(bench.project, [bench.span(CLAIM).id])
    assert bench.states == {CUE: "suggested", CLAIM: "rejected", inner: "suggested"}
    spans.reject(bench.project, [bench.span(inner).id])
    assert bench.states[CUE] == "rejected"


def test_rejecting_both_claims_at_once_rejects_their_cue(bench) -> None:
    inner = "face a joint threat"
    both = (("cue", CLAIM, CUE), ("cue", inner, CUE))
    bench.suggest(("cue", CUE), ("claim", CLAIM), ("claim", inner), links=both)
    spans.reject(bench.project, [bench.span(CLAIM).id, bench.span(inner).id])
    assert set(bench.states.values()) == {"rejected"}


def test_a_confirmed_cue_survives_the_rejection_of_its_claim(bench) -> None:
    bench.suggest_card()
    spans.accept(bench.project, [bench.span(CUE).id])
    spans.reject(bench.project, [bench.span(CLAIM).id])
    assert bench.states[CUE] == "confirmed"


def test_removing_what_was_suggested_rejects_it_and_what_was_drawn_deletes_it(bench) -> None:
    bench.suggest(("state", "Orsk"))
    spans.accept(bench.project, [bench.span("Orsk").id])
    bench.draw("State", "Velmar")
    spans.remove(bench.project, [bench.span("Orsk").id, bench.span("Velmar").id])
    assert bench.states == {"Orsk": "rejected"}


def test_removing_a_drawn_span_deletes_its_links(bench) -> None:
    mention, claim = bench.draw("State", "Orsk"), bench.draw("Claim", CLAIM)
    links.connect(bench.project, "target", claim.id, mention.id)
    changes = spans.remove(bench.project, [mention.id])
    assert bench.links == ()
    assert len(changes.links) == 1


def test_relabelling_confirms_and_keeps_links_within_a_kind(bench) -> None:
    bench.suggest_card()
    spans.relabel(bench.project, bench.span(SPEAKER).id, bench.label("Group"))
    assert (bench.span(SPEAKER).label_id, bench.states[SPEAKER]) == (bench.label("Group"), "confirmed")
    assert bench.link_states[("speaker", CLAIM, SPEAKER)] == "suggested"


def test_relabelling_to_another_kind_takes_links_actor_and_fields_away(bench) -> None:
    mention, claim = bench.draw("State", "Orsk"), bench.draw("Claim", CLAIM)
    links.connect(bench.project, "target", claim.id, mention.id)
    actors.create_actor(bench.project, "Orsk", mention_ids=(mention.id,))
    field = queries.codebook(bench.project).fields[0].id
    spans.set_field(bench.project, claim.id, field, "demand")
    before = bench.state()
    spans.relabel(bench.project, mention.id, bench.label("Cue"))
    spans.relabel(bench.project, claim.id, bench.label("Organisation"))
    assert (bench.links, bench.span("Orsk").actor_id) == ((), None)
    assert queries.fields_of(bench.project, [claim.id]) == {}
    bench.undo()
    bench.undo()
    assert bench.state() == before


def test_relabelling_onto_a_twin_confirms_the_twin_and_rejects_the_suggestion(bench) -> None:
    bench.suggest(("state", "Orsk"), ("group", "Velmar"))
    twin = bench.draw("Group", "Orsk")
    proposed = next(s for s in bench.spans if s.quote == "Orsk" and s.id != twin.id)
    spans.relabel(bench.project, proposed.id, bench.label("Group"))
    by_id = {span.id: span.state for span in bench.spans}
    assert (by_id[twin.id], by_id[proposed.id]) == (State.CONFIRMED, State.REJECTED)


def test_a_span_that_gives_way_hands_over_what_the_twin_lacks(bench) -> None:
    claim = bench.draw("Claim", CLAIM)
    mine, twin = bench.draw("State", "Orsk"), bench.draw("Group", "Orsk")
    links.connect(bench.project, "target", claim.id, mine.id)
    actors.create_actor(bench.project, "Republic of Orsk", mention_ids=(mine.id,))
    spans.annotate(bench.project, mine.id, note="which one?", is_flagged=True)
    before = bench.state()
    spans.relabel(bench.project, mine.id, bench.label("Group"))
    assert {span.id for span in bench.spans} == {claim.id, twin.id}
    left = bench.span("Orsk")
    assert (left.note, left.is_flagged) == ("which one?", True)
    assert left.actor_id == queries.actors(bench.project)[0].id
    assert [(link.from_id, link.to_id) for link in bench.links] == [(claim.id, twin.id)]
    bench.undo()
    assert bench.state() == before


def test_links_that_the_twin_has_already_are_not_doubled(bench) -> None:
    claim, mine, twin = bench.draw("Claim", CLAIM), bench.draw("State", "Orsk"), bench.draw("Group", "Orsk")
    for end in (mine, twin):
        links.connect(bench.project, "target", claim.id, end.id)
    spans.relabel(bench.project, mine.id, bench.label("Group"))
    assert [(link.from_id, link.to_id) for link in bench.links] == [(claim.id, twin.id)]


def test_resizing_moves_quote_and_envelope_and_confirms(bench) -> None:
    bench.suggest_card()
    span_id = bench.span(CLAIM).id
    parts = (*bench.at("“No country is safe,”"), *bench.at("“and we know it.”"))
    spans.resize(bench.project, span_id, parts)
    span = next(s for s in bench.spans if s.id == span_id)
    assert (span.fragments, span.quote) == (parts, "“No country is safe,” “and we know it.”")
    assert (span.start_cp, span.end_cp) == (parts[0].start_cp, parts[1].end_cp)
    assert bench.states[CUE] == "confirmed"


def test_resizing_onto_a_twin_leaves_one_span(bench) -> None:
    bench.draw("State", "Orsk")
    wider = bench.draw("State", "Orsk and Velmar")
    spans.resize(bench.project, wider.id, bench.at("Orsk"))
    assert bench.states == {"Orsk": "confirmed"}


def test_notes_and_flags_do_not_decide(bench) -> None:
    bench.suggest(("state", "Orsk"))
    span_id = bench.span("Orsk").id
    spans.annotate(bench.project, span_id, note="who?")
    spans.annotate(bench.project, span_id, is_flagged=True)
    span = bench.span("Orsk")
    assert (span.note, span.is_flagged, span.state) == ("who?", True, State.SUGGESTED)
    assert spans.annotate(bench.project, span_id).set_id is None


def test_fields_are_set_changed_and_cleared(bench) -> None:
    claim = bench.draw("Claim", CLAIM).id
    first, second = (field.id for field in queries.codebook(bench.project).fields[:2])
    spans.set_field(bench.project, claim, first, "demand")
    spans.set_field(bench.project, claim, second, "for")
    spans.set_field(bench.project, claim, first, "promise")
    assert queries.fields_of(bench.project, [claim]) == {claim: {first: "promise", second: "for"}}
    spans.set_field(bench.project, claim, first, "")
    assert queries.fields_of(bench.project, [claim]) == {claim: {second: "for"}}


def test_fields_belong_to_their_kind(bench) -> None:
    mention, field = bench.draw("State", "Orsk").id, queries.codebook(bench.project).fields[0].id
    bench.unchanged_by(InvalidEditError, "no field", lambda: spans.set_field(bench.project, mention, field, "demand"))


def test_only_mentions_point_to_actors(bench) -> None:
    claim = bench.draw("Claim", CLAIM).id
    actors.create_actor(bench.project, "Orsk")
    actor = queries.actors(bench.project)[0].id
    for work in (
        lambda: spans.set_actor(bench.project, [claim], actor),
        lambda: actors.create_actor(bench.project, "Velmar", mention_ids=(claim,)),
        lambda: spans.draw(bench.project, bench.document_id, bench.label("Cue"), bench.at(CUE), actor_id=actor),
    ):
        bench.unchanged_by(InvalidEditError, "only mentions", work)


def test_pointing_to_an_actor_confirms_and_to_none_lets_go(bench) -> None:
    bench.suggest(("state", "Orsk"), ("state", "Velmar"))
    mentions = [bench.span("Orsk").id, bench.span("Velmar").id]
    actors.create_actor(bench.project, "Neighbours")
    actor = queries.actors(bench.project)[0].id
    spans.set_actor(bench.project, mentions, actor)
    assert {(s.actor_id, s.state) for s in bench.spans} == {(actor, State.CONFIRMED)}
    assert queries.mentions_of(bench.project, actor) == (2, 1)
    spans.set_actor(bench.project, mentions, None)
    assert {s.actor_id for s in bench.spans} == {None}


def test_a_thousand_decisions_are_one_entry_and_one_undo(bench) -> None:
    text = "Orsk met Velmar. " * 600
    document_id = bench.add("Long", text.strip())
    label, bench.document_id = bench.label("State"), document_id
    for start in range(0, 40 * 17, 17):
        spans.draw(bench.project, document_id, label, [Fragment(start, start + 4)])
    drawn = [span.id for span in bench.spans]
    before = bench.state()
    spans.reject(bench.project, drawn)
    assert set(bench.states.values()) == {"rejected"}
    bench.undo()
    assert bench.state() == before
