"""The check finds what no constraint refuses."""

from __future__ import annotations

import sqlite3

import pytest

from storage.counts import statistics
from storage.doctor import check, examine, quick_check
from storage.operations import actors, documents, links, review, spans
from storage.project import Project
from storage.records import Fragment

CLAIM = "Orsk and Velmar face a joint threat"


@pytest.fixture
def worked(bench):
    claim, mention = bench.draw("Claim", CLAIM), bench.draw("State", "Orsk")
    links.connect(bench.project, "target", claim.id, mention.id)
    spans.annotate(bench.project, claim.id, note="why")
    review.mark_reviewed(bench.project, bench.document_id, Fragment(0, 4))
    actors.create_actor(bench.project, "Orsk", aliases=("the East",))
    bench.add("Other", "Taval answers.")
    return bench


def test_a_sound_project_has_no_problems_and_progress_is_told(worked) -> None:
    told: list[tuple[str, int, int]] = []
    assert examine(worked.project, lambda *step: told.append(step)) == []
    assert {what for what, _, _ in told} == {"reading the file", "reading the documents", "following the change log"}
    assert [step[1:] for step in told if step[0] == "reading the documents"] == [(0, 2), (1, 2), (2, 2)]
    assert told[-1][1] == told[-1][2] > 3
    assert check(worked.project) == quick_check(worked.project) == []


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE document_text SET text = 'other'", "not what was imported"),
        ("UPDATE span SET quote = 'other'", "does not stand where"),
        ("UPDATE document SET length_cp = 7", "characters, not 7"),
        ("UPDATE span SET start_cp = start_cp - 1", "does not begin and end where its fragments do"),
        ("UPDATE link SET document_id = (SELECT max(id) FROM document)", "joins spans of two documents"),
        ("UPDATE link SET type_id = (SELECT id FROM link_type WHERE code = 'cue')", "wrong kinds"),
        (
            "UPDATE span SET actor_id = 1",
            "points to an actor but is no mention",
        ),
        (
            "INSERT INTO reviewed (document_id, start_cp, end_cp, analyst_id, at) "
            "VALUES (1, 10, 19, 1, ''), (1, 15, 22, 1, '')",
            "overlaps or leaves the text",
        ),
        (
            "INSERT INTO stretch (document_id, kind, start_cp, end_cp, value, at) "
            "VALUES (1, 'page', 0, 9, '1', ''), (1, 'excluded', 0, 9, '', ''), (1, 'page', 5, 12, '2', '')",
            r"In “Talks” the stretch 5-12 (page) overlaps another one of its kind.",
        ),
        (
            "INSERT INTO stretch (document_id, kind, start_cp, end_cp, value, at) VALUES (1, 'page', 0, 9999, '1', '')",
            "the stretch 0-9999 (page) is empty or outside the text",
        ),
        ("UPDATE span SET note = 'never written'", "is not as the change log has it (note)"),
        ("DELETE FROM reviewed", "The reviewed 1 is missing, which the change log has"),
        ("UPDATE change SET after = replace(after, 'Talks', 'Walks')", "not as the change log has it (title)"),
        ("DELETE FROM change WHERE entity = 'span'", "of which the change log knows nothing"),
        (
            "UPDATE change SET before = '{\"state\":\"rejected\"}' WHERE entity = 'span' AND before IS NOT NULL",
            "otherwise",
        ),
        ("UPDATE document_progress SET decided = decided + 1", "was miscounted"),
        ("PRAGMA foreign_keys = 0; UPDATE span SET label_id = 77", "points to nothing in “label”"),
        (
            "UPDATE fragment SET end_cp = end_cp + 1 WHERE span_id = (SELECT id FROM span WHERE quote = 'Orsk'); "
            "UPDATE span SET end_cp = end_cp + 1, quote = quote || ' ' WHERE quote = 'Orsk'",
            "cannot stand",
        ),
    ],
)
def test_what_was_changed_behind_our_back_is_found(worked, statement, told) -> None:
    worked.project.close()
    other = sqlite3.connect(worked.project.path)
    other.executescript(statement)
    other.commit()
    other.close()
    with Project.open(worked.project.path) as project:
        assert any(told in problem for problem in check(project)), check(project)


def test_statistics_count_what_is_listed(worked) -> None:
    worked.suggest(("person", "Ilya Brandt"))
    found = statistics(worked.project)
    assert (found["documents"], found["links"], found["actors"]) == (2, 1, 1)
    assert found["spans"] == {"State": {"confirmed": 1}, "Person": {"suggested": 1}, "Claim": {"confirmed": 1}}
    documents.remove_document(worked.project, worked.document_id)
    found = statistics(worked.project)
    assert (found["documents"], found["characters"], found["links"], found["spans"]) == (1, 14, 0, {})
