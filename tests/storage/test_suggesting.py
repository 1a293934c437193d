"""Suggestions come and go; what people decided stays."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from sqlalchemy import event

from storage import history, provenance, queries
from storage.errors import InvalidEditError, StaleEditError
from storage.operations import actors, documents, links, review, spans
from storage.records import Fragment, Origin, State

SPEAKER, CUE, CLAIM = "Ilya Brandt", "said", "Orsk and Velmar face a joint threat"


def test_a_proposal_becomes_undecided_spans_and_links_with_their_origin(bench) -> None:
    changes = bench.suggest_card()
    assert bench.states == {SPEAKER: "suggested", CUE: "suggested", CLAIM: "suggested"}
    assert bench.link_states == {("speaker", CLAIM, SPEAKER): "suggested", ("cue", CLAIM, CUE): "suggested"}
    span = bench.span(CLAIM)
    run = provenance.runs(bench.project)[span.run_id]
    assert (run.suggester, run.version, span.origin, span.score, span.reason) == (
        "rules",
        "1",
        Origin.SUGGESTER,
        0.8,
        "why",
    )
    assert (changes.spans, changes.documents) == ({s.id for s in bench.spans}, {bench.document_id})
    assert queries.documents_to_suggest(bench.project, "rules", "1", "") == []
    assert queries.documents_to_suggest(bench.project, "rules", "2", "") == [bench.document_id]


def test_the_same_proposal_again_changes_nothing(bench) -> None:
    bench.suggest_card()
    before = bench.state()
    assert bench.suggest_card().set_id is None
    assert bench.state() == before


def test_a_new_version_renews_scores_and_keeps_ids(bench) -> None:
    bench.suggest(("state", "Orsk"))
    before = bench.span("Orsk")
    bench.suggest(("state", "Orsk"), version="2", score=0.4)
    after = bench.span("Orsk")
    assert (after.id, after.score) == (before.id, 0.4)
    assert provenance.runs(bench.project)[after.run_id].version == "2"


def test_what_is_proposed_no_more_goes_with_its_links(bench) -> None:
    bench.suggest_card()
    bench.suggest(("claim", CLAIM))
    assert bench.states == {CLAIM: "suggested"}
    assert bench.links == ()


def test_links_that_are_proposed_no_more_go(bench) -> None:
    bench.suggest_card()
    bench.suggest(("person", SPEAKER), ("cue", CUE), ("claim", CLAIM), links=(("cue", CLAIM, CUE),))
    assert list(bench.link_states) == [("cue", CLAIM, CUE)]


def test_another_suggester_neither_doubles_nor_clears(bench) -> None:
    bench.suggest_card()
    bench.suggest(("person", SPEAKER), ("state", "Orsk"), suggester="registry")
    assert len(bench.spans) == 4
    bench.suggest(suggester="registry")
    assert bench.states == {SPEAKER: "suggested", CUE: "suggested", CLAIM: "suggested"}


def test_one_proposal_that_names_a_span_twice_adds_it_once(bench) -> None:
    bench.suggest(("state", "Orsk"), ("state", "Orsk"))
    assert len(bench.spans) == 1


def test_decided_spans_survive_every_later_proposal(bench) -> None:
    bench.suggest(("state", "Orsk"), ("state", "Velmar"), ("cue", CUE), ("person", SPEAKER))
    spans.accept(bench.project, [bench.span("Orsk").id])
    spans.reject(bench.project, [bench.span("Velmar").id])
    spans.annotate(bench.project, bench.span(CUE).id, note="hm")
    bench.draw("Group", "we")
    before = bench.spans
    bench.suggest()
    assert bench.spans == tuple(span for span in before if span.quote != SPEAKER)
    bench.suggest(("state", "Orsk"), ("state", "Velmar"), ("cue", CUE), ("group", "we"), version="3")
    assert bench.spans == tuple(span for span in before if span.quote != SPEAKER)


def test_a_confirmed_span_of_the_kind_stands_for_the_proposal(bench) -> None:
    bench.suggest_card()
    spans.relabel(bench.project, bench.span(SPEAKER).id, bench.label("Group"))
    bench.suggest_card()
    assert len(bench.spans) == 3
    assert bench.link_states[("speaker", CLAIM, SPEAKER)] == "suggested"


def test_what_was_resized_is_not_suggested_at_its_old_place(bench) -> None:
    bench.suggest(("state", "Orsk and Velmar"))
    spans.resize(bench.project, bench.span("Orsk and Velmar").id, bench.at("Orsk"))
    bench.suggest(("state", "Orsk and Velmar"))
    assert bench.states == {"Orsk": "confirmed"}


def test_links_find_a_resized_claim(bench) -> None:
    bench.suggest(("claim", CLAIM))
    spans.resize(bench.project, bench.span(CLAIM).id, bench.at("Velmar face a joint threat"))
    bench.suggest(("claim", CLAIM), ("person", SPEAKER), links=(("speaker", CLAIM, SPEAKER),))
    assert bench.link_states == {("speaker", "Velmar face a joint threat", SPEAKER): "suggested"}


def test_what_was_relabelled_to_another_kind_is_not_suggested_again(bench) -> None:
    bench.suggest(("cue", "threat"), ("claim", CLAIM), links=(("cue", CLAIM, "threat"),))
    spans.relabel(bench.project, bench.span("threat").id, bench.label("Claim"))
    bench.suggest(("cue", "threat"), ("claim", CLAIM), links=(("cue", CLAIM, "threat"),))
    assert len(bench.spans) == 2
    assert bench.links == ()


def test_rejected_spans_get_no_links(bench) -> None:
    bench.suggest(("person", SPEAKER), ("claim", CLAIM))
    spans.reject(bench.project, [bench.span(SPEAKER).id])
    bench.suggest(("person", SPEAKER), ("claim", CLAIM), links=(("speaker", CLAIM, SPEAKER),))
    assert bench.links == ()


def test_a_claim_whose_speaker_is_decided_gets_no_further_ones(bench) -> None:
    bench.suggest_card()
    links.replace(bench.project, "speaker", bench.span(CLAIM).id, bench.draw("State", "Velmar").id)
    bench.suggest(
        ("person", SPEAKER),
        ("claim", CLAIM),
        ("state", "Orsk"),
        links=(("speaker", CLAIM, SPEAKER), ("speaker", CLAIM, "Orsk")),
    )
    assert bench.link_states == {("speaker", CLAIM, SPEAKER): "rejected", ("speaker", CLAIM, "Velmar"): "confirmed"}


def test_nothing_is_added_in_reviewed_stretches(bench) -> None:
    bench.suggest(("claim", CLAIM), ("person", SPEAKER))
    spans.accept(bench.project, [bench.span(CLAIM).id, bench.span(SPEAKER).id])
    stretch = bench.at("Ilya Brandt said that Orsk and Velmar face a joint threat.")[0]
    review.mark_reviewed(bench.project, bench.document_id, stretch)
    before = bench.state()
    proposed = (("claim", CLAIM), ("person", SPEAKER), ("state", "Orsk"))
    bench.suggest(*proposed, links=(("speaker", CLAIM, SPEAKER),))
    assert bench.state() == before
    bench.suggest(*proposed, ("claim", "No country is safe"))
    assert bench.states["No country is safe"] == "suggested"


def test_unknown_codes_are_left_out_with_their_links(bench) -> None:
    bench.suggest(("planet", "Orsk"), ("claim", CLAIM), links=(("target", CLAIM, "Orsk"), ("orbits", CLAIM, "Orsk")))
    assert bench.states == {CLAIM: "suggested"}
    assert bench.links == ()


def test_links_of_the_wrong_kinds_are_left_out(bench) -> None:
    bench.suggest(("cue", CUE), ("claim", CLAIM), links=(("speaker", CLAIM, CUE),))
    assert bench.links == ()


def test_an_actor_that_is_gone_is_left_out(bench) -> None:
    bench.suggest(("state", "Orsk"), actor_id=77)
    assert bench.span("Orsk").actor_id is None


def test_an_actor_learnt_later_reaches_the_suggestion_that_stands(bench) -> None:
    bench.suggest(("state", "Orsk"))
    actors.create_actor(bench.project, "Orsk")
    actor = queries.actors(bench.project)[0].id
    bench.suggest(("state", "Orsk"), actor_id=actor)
    assert (bench.span("Orsk").actor_id, bench.span("Orsk").state) == (actor, State.SUGGESTED)


@pytest.mark.parametrize("score", [-0.1, 1.1, float("nan"), float("inf")])
def test_scores_lie_between_0_and_1(bench, score) -> None:
    bench.unchanged_by(InvalidEditError, "score", lambda: bench.suggest(("state", "Orsk"), score=score))


def test_a_broken_proposal_is_refused_whole(bench, monkeypatch) -> None:
    monkeypatch.setattr(bench, "at", lambda words: (Fragment(0, 6),) if words == "bad" else (Fragment(0, 5),))
    bench.unchanged_by(InvalidEditError, "white space", lambda: bench.suggest(("state", "Talks"), ("state", "bad")))


def test_documents_that_are_gone_get_no_suggestions(bench) -> None:
    documents.remove_document(bench.project, bench.document_id)
    with pytest.raises(StaleEditError, match="no longer in the project"):
        bench.suggest(("state", "Orsk"))


def test_what_was_decided_and_undone_survives_to_be_redone(bench) -> None:
    bench.suggest_card()
    spans.accept(bench.project, [bench.span(CLAIM).id])
    accepted = bench.state()
    history.undo(bench.project)
    bench.suggest()
    assert bench.states == {SPEAKER: "suggested", CUE: "suggested", CLAIM: "suggested"}
    assert set(bench.link_states.values()) == {"suggested"}
    history.redo(bench.project)
    assert [(s.id, s.state) for s in bench.spans] == [(s.id, s.state) for s in accepted[0]]


def test_ten_thousand_suggestions_are_renewed_and_cleared_in_few_statements(bench) -> None:
    """The statements of a proposal must not grow with its size: the analyst's next key waits for them."""
    text = "Orsk " * 1_000
    bench.document_id = bench.add("Long", text.strip())
    bench.at = lambda words, _text="": (Fragment(int(words) * 5, int(words) * 5 + 4),)
    few, many = 10, 900
    counts = []
    for count, version in ((few, "1"), (many, "2"), (few, "3"), (0, "4")):
        proposed = [("state", str(number)) for number in range(count)]
        with counted(bench.project) as statements:
            bench.suggest(*proposed, version=version)
        counts.append(len(statements))
        assert len(bench.spans) == count
    assert max(counts) < min(counts) + 15


@contextmanager
def counted(project):
    """Count the statements on the writing connection."""
    statements = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        statements.append(statement)

    event.listen(project._write_engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(project._write_engine, "before_cursor_execute", note)


def _language(bench) -> str:
    return queries.document_record(bench.project, bench.document_id).language


def test_language_found_out_is_noted_for_a_document_that_has_none(bench) -> None:
    changes = bench.suggest(("state", "Orsk"), language="sv")
    assert _language(bench) == "sv"
    assert bench.document_id in changes.documents
    assert not changes.are_documents_listed_anew
    assert bench.suggest(("state", "Orsk"), language="de").set_id is None
    assert _language(bench) == "sv"


def test_language_that_a_person_set_or_took_away_is_left_alone(bench) -> None:
    documents.describe_document(bench.project, bench.document_id, language="en")
    bench.suggest(("state", "Orsk"), language="sv")
    assert _language(bench) == "en"
    history.undo(bench.project)
    bench.suggest(("state", "Velmar"), language="sv")
    assert _language(bench) == ""
    history.redo(bench.project)
    assert _language(bench) == "en"


def test_describing_a_document_is_undone_to_the_language_found_out(bench) -> None:
    bench.suggest(("state", "Orsk"), language="sv")
    documents.describe_document(bench.project, bench.document_id, language="en", title="Another")
    history.undo(bench.project)
    assert _language(bench) == "sv"
