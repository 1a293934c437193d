"""How suggestions are made and shown: set, counted, undone."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from storage import history, queries
from storage.doctor import check
from storage.entities import SPAN
from storage.errors import InvalidEditError, StaleEditError
from storage.operations import codebook, codebook_removal, settings, spans
from storage.records import LabelKind, LabelRecord, LabelSettings


def undecided(bench, document_id: int | None = None) -> int:
    (item,) = queries.document_items(bench.project, [document_id or bench.document_id])
    return item.undecided


@pytest.fixture
def scored(bench):
    """A document with suggestions of scores 0.3, 0.5 and 0.9."""
    bench.suggest(("state", "Orsk"), score=0.3, suggester="one")
    bench.suggest(("state", "Velmar"), score=0.5, suggester="two")
    bench.suggest(("person", "Ilya Brandt"), score=0.9, suggester="three")
    return bench


def test_suggestions_below_the_score_of_their_label_do_not_count_as_undecided(scored) -> None:
    changes = settings.set_least_scores(scored.project, {scored.label("State"): 0.5})
    assert (undecided(scored), changes.documents) == (2, {scored.document_id})
    assert (changes.are_settings_changed, changes.is_codebook_changed) == (True, False)
    settings.set_least_scores(scored.project, {scored.label("State"): 0.51, scored.label("Person"): 0.95})
    assert undecided(scored) == 0
    assert check(scored.project) == []


def test_a_least_score_is_undone_and_redone_with_its_counts(scored) -> None:
    state = scored.label("State")
    settings.set_least_scores(scored.project, {state: 0.4})
    settings.set_least_scores(scored.project, {state: 0.8})
    assert undecided(scored) == 1
    history.undo(scored.project)
    assert (undecided(scored), queries.codebook(scored.project).settings_of(state).least_score) == (2, 0.4)
    history.undo(scored.project)
    assert (undecided(scored), queries.codebook(scored.project).settings) == (3, {})
    history.redo(scored.project)
    history.redo(scored.project)
    assert (undecided(scored), queries.codebook(scored.project).settings_of(state).least_score) == (1, 0.8)
    assert check(scored.project) == []


def test_what_is_suggested_relabelled_and_decided_later_is_counted_by_the_score(scored) -> None:
    settings.set_least_scores(scored.project, {scored.label("State"): 0.6})
    scored.suggest(("state", "we"), score=0.2, suggester="four")
    assert undecided(scored) == 1
    spans.accept(scored.project, [scored.span("Orsk").id])
    assert undecided(scored) == 1
    history.undo(scored.project)
    scored.suggest(("state", "we"), score=0.7, suggester="four")
    assert undecided(scored) == 2
    scored.suggest(suggester="four")
    scored.suggest(suggester="two")
    assert undecided(scored) == 1
    assert check(scored.project) == []


def test_suggestions_without_a_score_always_count(scored) -> None:
    with scored.project.change("suggest", is_undoable=False) as scope:
        scope.journal.update(SPAN, scored.span("Orsk").id, {"score": None})
    settings.set_least_scores(scored.project, {scored.label("State"): 1.0})
    assert undecided(scored) == 2
    assert check(scored.project) == []


def test_a_label_takes_its_settings_along_and_brings_them_back(scored) -> None:
    codebook.add_label(scored.project, LabelRecord(0, LabelKind.ACTOR, "Harbour"))
    harbour, state = scored.label("Harbour"), scored.label("State")
    settings.set_least_scores(scored.project, {harbour: 0.95, state: 0.4})
    codebook_removal.remove_label(scored.project, state, move_to=harbour)
    assert undecided(scored) == 1
    assert queries.codebook(scored.project).settings == {harbour: LabelSettings(0.95)}
    assert check(scored.project) == []
    history.undo(scored.project)
    assert undecided(scored) == 2
    assert queries.codebook(scored.project).settings_of(state) == LabelSettings(0.4)
    assert check(scored.project) == []


@pytest.mark.parametrize("score", [-0.1, 1.1, float("nan")])
def test_a_least_score_lies_between_0_and_1(scored, score) -> None:
    label = scored.label("State")
    scored.unchanged_by(
        InvalidEditError, "least score", lambda: settings.set_least_scores(scored.project, {label: score})
    )


def test_a_label_that_is_gone_has_no_settings(scored) -> None:
    scored.unchanged_by(StaleEditError, "no longer", lambda: settings.set_least_scores(scored.project, {999: 0.5}))


def test_the_defaults_leave_no_trace(scored) -> None:
    changes = settings.set_remembered(scored.project, scored.label("State"), is_remembered=True)
    assert (changes.set_id, queries.codebook(scored.project).settings) == (None, {})


def test_what_is_remembered_is_set_and_undone(scored) -> None:
    state = scored.label("State")
    settings.set_remembered(scored.project, state, is_remembered=False)
    settings.set_remembering(scored.project, is_on=False)
    book = queries.codebook(scored.project)
    assert (book.settings_of(state).is_remembered, book.is_remembering) == (False, False)
    history.undo(scored.project)
    history.undo(scored.project)
    book = queries.codebook(scored.project)
    assert (book.settings_of(state).is_remembered, book.is_remembering) == (True, True)


def test_only_mentions_are_remembered(scored) -> None:
    label = scored.label("Claim")
    scored.unchanged_by(
        InvalidEditError, "mentions", lambda: settings.set_remembered(scored.project, label, is_remembered=False)
    )


def test_kinds_of_cue_are_set_and_undone(scored) -> None:
    settings.set_cue_kinds(scored.project, ["speech", "belief", "speech"])
    assert queries.codebook(scored.project).cue_kinds == ("speech", "belief")
    settings.set_cue_kinds(scored.project, None)
    assert queries.codebook(scored.project).cue_kinds is None
    history.undo(scored.project)
    assert queries.codebook(scored.project).cue_kinds == ("speech", "belief")
    history.undo(scored.project)
    assert queries.codebook(scored.project).cue_kinds is None


@pytest.mark.parametrize("value", ['"speech"', "7", "[7]", '{"a": 1}', "null"])
def test_a_strange_option_counts_for_nothing(scored, value) -> None:
    with scored.project.change("x") as scope:
        for name in ("cue_kinds", "memory"):
            scope.connection.execute(
                text("INSERT INTO suggest_option (name, value) VALUES (:n, :v)"), {"n": name, "v": value}
            )
    book = queries.codebook(scored.project)
    assert (book.cue_kinds, book.is_remembering) == (None, True)
