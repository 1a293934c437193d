"""What a check finds is mended, after a backup, and one undo takes back what was mended of the annotation."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from storage import history, queries
from storage import replay as replaying
from storage.backup import back_up, backups_of
from storage.doctor import check, examine
from storage.findings import EXPLAINED, Repair
from storage.operations import actors, links, review, spans
from storage.project import Project
from storage.records import Fragment
from storage.repairs import repair_all
from storage.replay import replay_findings
from storage.search_index import update_index
from storage.thinning import Reason

CLAIM = "Orsk and Velmar face a joint threat"


@pytest.fixture
def worked(bench):
    """A project with a backup and some of everything, closed."""
    claim, mention = bench.draw("Claim", CLAIM), bench.draw("State", "Orsk")
    links.connect(bench.project, "target", claim.id, mention.id)
    spans.resize(bench.project, claim.id, (*bench.at("Orsk and Velmar"), *bench.at("joint threat")))
    review.mark_reviewed(bench.project, bench.document_id, Fragment(0, 4))
    actors.create_actor(bench.project, "Orsk", aliases=("the East",), mention_ids=(mention.id,))
    update_index(bench.project)
    back_up(bench.project.path, Reason.OPEN)
    bench.before = bench.state()
    bench.project.close()
    return bench


@pytest.fixture
def damage(worked, path):
    """Change the file behind the program's back and open it."""
    opened = []

    def do(statement: str) -> Project:
        with closing(sqlite3.connect(path)) as other:
            other.executescript(statement)
            other.commit()
        worked.project = Project.open(path)
        opened.append(worked.project)
        return worked.project

    yield do
    for project in opened:
        project.close()


_MENDED = {
    Repair.FROM_BACKUP: "UPDATE document_text SET text = replace(text, 'joint', 'joined')",
    Repair.LENGTH: "UPDATE document SET length_cp = 7; UPDATE change SET after = replace(after, '137', '7')",
    Repair.FROM_LOG: "UPDATE span SET note = 'x', state = 'rejected'; DELETE FROM reviewed; DELETE FROM span_field",
    Repair.REANCHOR: "UPDATE fragment SET start_cp = start_cp + 1, end_cp = end_cp + 1",
    Repair.ENVELOPE: "UPDATE span SET start_cp = 0",
    Repair.DROP_LINK: "PRAGMA foreign_keys = 0; DELETE FROM span WHERE quote = 'Orsk'",
    Repair.ALIASES: "UPDATE actor_alias SET folded = 'nobody'",
    Repair.RECOUNT: "UPDATE document_progress SET decided = 40; DELETE FROM span_field",
    Repair.WORD_INDEX: "DROP TABLE document_fts; CREATE VIRTUAL TABLE document_fts USING fts5(text, content='', "
    "columnsize=0, tokenize='unicode61 remove_diacritics 2')",
}


@pytest.mark.parametrize("kind", _MENDED, ids=lambda kind: kind.value)
def test_what_was_damaged_is_as_it_was(worked, damage, path, kind) -> None:
    project = damage(_MENDED[kind])
    found = examine(project)
    assert kind in {finding.repair for finding in found}, found
    report = repair_all(project)
    assert (report.left, check(project)) == ((), [])
    assert report.mended
    assert worked.state() == worked.before
    assert len(backups_of(path)) >= 1


def test_what_was_mended_can_be_undone_and_done_again(worked, damage) -> None:
    project = damage("UPDATE span SET note = 'x' WHERE quote = 'Orsk'")
    damaged = worked.state()
    repair_all(project)
    assert history.next_undo(project).operation == "repair"
    history.undo(project)
    assert worked.state() == damaged
    assert list(replay_findings(project)) == []
    history.redo(project)
    assert worked.state() == worked.before
    assert check(project) == []


def test_without_a_log_to_go_by_a_span_is_moved_to_its_words(worked, damage) -> None:
    # The log was damaged in the same way: offsets of the mention are wrong in both, its words are not.
    project = damage(
        "UPDATE fragment SET start_cp = start_cp + 3, end_cp = end_cp + 3 WHERE span_id = 2;"
        "UPDATE span SET start_cp = start_cp + 3, end_cp = end_cp + 3 WHERE id = 2;"
        "UPDATE change SET after = json_set(after, '$.start_cp', json_extract(after, '$.start_cp') + 3, '$.end_cp', "
        "json_extract(after, '$.end_cp') + 3, '$.fragments', json_array(json_array(json_extract(after, "
        "'$.fragments[0][0]') + 3, json_extract(after, '$.fragments[0][1]') + 3))) "
        "WHERE entity = 'span' AND row_id = 2 AND before IS NULL"
    )
    assert {finding.repair for finding in examine(project)} == {Repair.REANCHOR}
    assert repair_all(project).left == ()
    assert worked.state() == worked.before
    history.undo(project)
    assert "does not stand where" in " ".join(check(project))


def test_overlapping_reviewed_stretches_are_joined(worked, damage) -> None:
    project = damage(
        "INSERT INTO reviewed (document_id, start_cp, end_cp, analyst_id, at) "
        "VALUES (1, 2, 9, 1, ''), (1, 20, 999, 1, '')"
    )
    report = repair_all(project)
    reviewed = queries.document_content(project, worked.document_id).reviewed
    length_cp = len(queries.document_text(project, worked.document_id))
    assert [(r.start_cp, r.end_cp) for r in reviewed] == [(0, 9), (20, length_cp)]
    assert all("knows nothing" in finding.sentence for finding in report.left)


def test_an_index_of_the_file_is_made_anew(worked, damage) -> None:
    project = damage(
        "PRAGMA writable_schema = 1; UPDATE sqlite_master SET sql = replace(sql, 'end_cp', 'label_id') "
        "WHERE name = 'ix_span_place'; PRAGMA writable_schema = 0"
    )
    assert {finding.repair for finding in examine(project)} == {Repair.FILE_INDEX}
    assert repair_all(project).left == ()


def test_what_nothing_can_mend_is_left_and_told(worked, damage, path) -> None:
    for backup in backups_of(path):
        backup.path.unlink()
    project = damage("UPDATE document_text SET text = 'something else'")
    report = repair_all(project)
    assert [finding.repair for finding in report.left] == [Repair.FROM_BACKUP]
    assert report.mended == ()
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("SELECT text FROM document_text").fetchone() == ("something else",)


def test_nothing_is_done_where_nothing_is_wrong(worked, damage, path) -> None:
    before = backups_of(path)
    assert repair_all(damage("SELECT 1")).mended == ()
    assert backups_of(path) == before


def test_a_log_larger_than_memory_holds_is_followed_through_a_scratch_file(worked, damage, path, monkeypatch) -> None:
    monkeypatch.setattr(replaying.ImageStore.__init__, "__defaults__", (None, 3))
    project = damage("UPDATE span SET note = 'x' WHERE quote = 'Orsk'; DELETE FROM reviewed")
    worked.undo()
    found = [finding.sentence for finding in replay_findings(project)]
    assert found == [
        "The span 2 (“Orsk”) is not as the change log has it (note).",
        "The reviewed 1 is missing, which the change log has.",
    ]
    assert not list(path.parent.glob(".sayso-*"))
    assert repair_all(project).left == ()


def test_every_repair_is_explained() -> None:
    assert set(EXPLAINED) == set(Repair)
