from __future__ import annotations

import pytest
from sqlalchemy import text

from storage import history, provenance, queries
from storage.entities import SPAN
from storage.errors import StaleEditError
from storage.operations import actors, documents, links, review, spans
from storage.project import Project
from storage.records import Fragment

SPEAKER, CLAIM = "Ilya Brandt", "Orsk and Velmar face a joint threat"


def _operations(bench):
    project, document_id = bench.project, bench.document_id
    claim, cue, person = (bench.span(w).id for w in ("Orsk and Velmar face a joint threat", "said", "Ilya Brandt"))
    state = bench.label("State")
    yield lambda: spans.draw(project, document_id, state, bench.at("Orsk"))
    yield lambda: spans.draw(project, document_id, bench.label("Claim"), bench.at("No country is safe"))
    yield lambda: spans.resize(
        project,
        bench.span("No country is safe").id,
        (*bench.at("“No country is safe,”"), *bench.at("“and we know it.”")),
    )
    yield lambda: links.connect(project, "target", claim, bench.span("Orsk").id)
    yield lambda: spans.accept(project, [claim])
    yield lambda: spans.reject(project, [person])
    yield lambda: spans.relabel(project, claim, state)
    yield lambda: spans.relabel(project, cue, bench.label("Claim"))
    yield lambda: spans.annotate(project, claim, note="why?", is_flagged=True)
    yield lambda: spans.set_field(project, cue, queries.codebook(project).fields[0].id, "demand")
    yield lambda: actors.create_actor(project, "Orsk", mention_ids=(bench.span("Orsk").id,))
    yield lambda: spans.set_actor(project, [claim], None)
    yield lambda: review.mark_reviewed(project, document_id, Fragment(0, 19))
    yield lambda: review.mark_reviewed(project, document_id, Fragment(10, 40))
    yield lambda: review.unmark_reviewed(project, document_id, Fragment(5, 8))
    yield lambda: spans.remove(project, [bench.span("Orsk").id])
    yield lambda: spans.remove(project, [claim])
    yield lambda: documents.describe_document(project, document_id, title="Other", date="2026-03-01")
    yield lambda: documents.remove_document(project, document_id)


def test_undo_and_redo_of_every_operation_restore_the_exact_state(bench) -> None:
    bench.suggest_card()
    states = [bench.state()]
    for operation in _operations(bench):
        operation()
        if bench.state() != states[-1]:
            states.append(bench.state())
    assert len(states) > 15
    for _round in range(2):
        for state in reversed(states[:-1]):
            assert history.undo(bench.project).set_id is not None
            assert bench.state() == state
        for state in states[1:]:
            assert history.redo(bench.project).set_id is not None
            assert bench.state() == state
    assert history.redo(bench.project).set_id is None


def test_undo_reaches_back_over_a_restart_and_across_documents(bench, path) -> None:
    first = bench.state()
    spans.draw(bench.project, bench.document_id, bench.label("State"), bench.at("Velmar"))
    second_id = bench.add("Other", "Orsk answers.")
    spans.draw(bench.project, second_id, bench.label("State"), (Fragment(0, 4),))
    bench.project.close()
    with Project.open(path) as project:
        bench.project = project
        assert history.next_undo(project).operation == "draw"
        assert history.undo(project).documents == {second_id}
        assert history.undo(project).are_documents_listed_anew
        assert [item.document.title for item in queries.document_items(project)] == ["Talks"]
        assert history.undo(project).documents == {bench.document_id}
        assert bench.state() == first


def test_undone_import_returns_with_redo_even_after_a_restart(bench, path) -> None:
    bench.add("Other", "Orsk answers.")
    history.undo(bench.project)
    assert len(queries.document_items(bench.project)) == 1
    bench.project.close()
    with Project.open(path) as project:
        history.redo(project)
        titles = [item.document.title for item in queries.document_items(project)]
    assert titles == ["Talks", "Other"]


def test_undo_restores_deleted_span_with_same_id_and_its_links(bench) -> None:
    label = bench.label("State")
    spans.draw(bench.project, bench.document_id, label, bench.at("Orsk"))
    spans.draw(bench.project, bench.document_id, bench.label("Claim"), bench.at("a joint threat"))
    links.connect(bench.project, "target", bench.span("a joint threat").id, bench.span("Orsk").id)
    before = bench.state()
    spans.remove(bench.project, [bench.span("Orsk").id])
    assert bench.links == ()
    history.undo(bench.project)
    assert bench.state() == before


def test_ids_of_undone_spans_are_not_given_again(bench) -> None:
    label = bench.label("State")
    spans.draw(bench.project, bench.document_id, label, bench.at("Orsk"))
    gone = bench.span("Orsk").id
    history.undo(bench.project)
    spans.draw(bench.project, bench.document_id, label, bench.at("Velmar"))
    assert bench.span("Velmar").id != gone


def test_a_new_action_ends_the_chance_to_redo(bench) -> None:
    label = bench.label("State")
    spans.draw(bench.project, bench.document_id, label, bench.at("Orsk"))
    history.undo(bench.project)
    spans.draw(bench.project, bench.document_id, label, bench.at("Velmar"))
    assert history.next_redo(bench.project) is None
    assert history.redo(bench.project).set_id is None


def test_suggesters_are_not_undone(bench) -> None:
    spans.draw(bench.project, bench.document_id, bench.label("State"), bench.at("Orsk"))
    bench.suggest_card()
    history.undo(bench.project)
    assert {span.quote for span in bench.spans} == {"Ilya Brandt", "said", "Orsk and Velmar face a joint threat"}


def test_an_operation_that_changes_nothing_leaves_no_entry(bench) -> None:
    spans.draw(bench.project, bench.document_id, bench.label("State"), bench.at("Orsk"))
    entry = history.next_undo(bench.project)
    assert spans.accept(bench.project, [bench.span("Orsk").id]).set_id is None
    assert history.next_undo(bench.project) == entry


@pytest.mark.parametrize("took_ms", [None, 850])
def test_the_log_tells_who_decided_what_and_in_how_long(bench, took_ms) -> None:
    bench.suggest_card()
    span_id = bench.span("said").id
    spans.accept(bench.project, [span_id], took_ms=took_ms)
    entry = provenance.history_of(bench.project, span_id)[-1]
    assert (entry.operation, entry.took_ms, entry.status) == ("accept", took_ms, "applied")
    assert provenance.analysts(bench.project)[entry.analyst_id]


def test_undone_links_make_way_for_nothing_and_nothing_blocks_them(bench) -> None:
    claim, mention = bench.draw("Claim", CLAIM), bench.draw("Person", SPEAKER)
    links.connect(bench.project, "speaker", claim.id, mention.id)
    before = bench.state()
    links.disconnect(bench.project, [bench.links[0].id])
    bench.suggest(("claim", CLAIM), ("person", SPEAKER), links=(("speaker", CLAIM, SPEAKER),))
    assert set(bench.link_states.values()) == {"suggested"}
    history.undo(bench.project)
    assert bench.state() == before
    history.redo(bench.project)
    assert set(bench.link_states.values()) == {"suggested"}


def test_a_suggestion_gives_way_to_the_same_span_that_returns(bench) -> None:
    drawn = bench.draw("State", "Orsk")
    spans.remove(bench.project, [drawn.id])
    bench.suggest(("state", "Orsk"))
    history.undo(bench.project)
    assert bench.spans == (drawn,)
    history.redo(bench.project)
    assert [(span.id == drawn.id, span.state.value) for span in bench.spans] == [(False, "suggested")]


def test_undoing_an_actor_lets_go_of_the_suggestions_that_point_to_it(bench) -> None:
    actors.create_actor(bench.project, "Orsk")
    actor = queries.actors(bench.project)[0]
    bench.suggest(("state", "Orsk"), actor_id=actor.id)
    before = bench.state()
    history.undo(bench.project)
    assert (queries.actors(bench.project), bench.span("Orsk").actor_id) == ([], None)
    history.redo(bench.project)
    assert bench.state() == before


def test_an_undo_whose_ground_is_gone_is_refused_and_changes_nothing(bench) -> None:
    drawn = bench.draw("State", "Orsk")
    spans.remove(bench.project, [drawn.id])
    before = bench.state()
    with bench.project.change("test", is_undoable=False) as scope:
        scope.connection.execute(text("DELETE FROM label WHERE name = 'State'"))
    with pytest.raises(StaleEditError, match="cannot be taken back"):
        history.undo(bench.project)
    assert bench.state() == before
    assert history.next_undo(bench.project).operation == "delete"


def test_an_undo_does_not_overwrite_what_was_changed_behind_the_log(bench) -> None:
    drawn = bench.draw("State", "Orsk")
    spans.annotate(bench.project, drawn.id, note="mine")
    with bench.project.change("test", is_undoable=False) as scope:
        scope.journal.update(SPAN, drawn.id, {"note": "another’s"})
    with pytest.raises(StaleEditError, match="changed since"):
        history.undo(bench.project)
    assert bench.span("Orsk").note == "another’s"


def test_undo_of_many_deletions_brings_each_back(bench) -> None:
    bench.document_id = bench.add("Long", ("Orsk. " * 50).strip())
    for start in range(0, 300, 6):
        spans.draw(bench.project, bench.document_id, bench.label("State"), [Fragment(start, start + 4)])
    before = bench.state()
    spans.remove(bench.project, [span.id for span in bench.spans])
    assert bench.spans == ()
    history.undo(bench.project)
    assert bench.state() == before


def test_a_proposed_link_stays_away_with_an_end_that_was_taken_back(bench) -> None:
    bench.suggest_card()
    claim = bench.span(CLAIM).id
    spans.relabel(bench.project, claim, bench.label("State"))
    bench.suggest(("cue", "said"))  # the speaker was never decided on, so it goes
    history.undo(bench.project)
    assert list(bench.link_states) == [("cue", CLAIM, "said")]
    history.redo(bench.project)
    assert bench.links == ()
    history.undo(bench.project)
    assert list(bench.link_states) == [("cue", CLAIM, "said")]
