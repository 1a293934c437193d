"""The database itself refuses what breaks the rules, whoever writes to it."""

from __future__ import annotations

import sqlite3

import pytest

CLAIM = "Orsk and Velmar face a joint threat"


@pytest.fixture
def raw(bench):
    """A project with a claim, a mention and a suggestion, opened by hand."""
    from storage.operations import links, review  # the rest of the module needs none
    from storage.records import Fragment

    claim, mention = bench.draw("Claim", CLAIM), bench.draw("State", "Orsk")
    links.connect(bench.project, "target", claim.id, mention.id)
    review.mark_reviewed(bench.project, bench.document_id, Fragment(0, 10))
    bench.suggest(("state", "Velmar"))
    bench.project.close()
    connection = sqlite3.connect(bench.project.path, isolation_level=None)
    connection.execute("PRAGMA foreign_keys = 1")
    connection.execute(
        "INSERT INTO stretch (document_id, kind, start_cp, end_cp, value, at) "
        "SELECT id, 'page', 0, 9, '1', '' FROM document"
    )
    yield connection
    connection.close()


@pytest.mark.parametrize(
    ("statement", "rule"),
    [
        ("UPDATE span SET start_cp = -1", "ck_span_range"),
        ("UPDATE span SET end_cp = start_cp", "ck_span_range"),
        ("UPDATE span SET quote = ''", "ck_span_quote_given"),
        ("UPDATE span SET state = 'perhaps'", "ck_span_"),
        ("UPDATE span SET origin = 'oracle'", "ck_span_origin_known"),
        ("UPDATE span SET score = 1.5 WHERE score IS NOT NULL", "ck_span_score_range"),
        ("UPDATE span SET decided_at = NULL", "ck_span_decided_has_time"),
        ("UPDATE span SET decided_at = 'now'", "ck_span_decided_has_time"),
        ("UPDATE span SET analyst_id = NULL", "ck_span_decided_has_analyst"),
        ("UPDATE span SET run_id = NULL", "ck_span_suggester_has_run"),
        ("UPDATE span SET label_id = 999", "FOREIGN KEY"),
        ("UPDATE span SET document_id = 999", "FOREIGN KEY"),
        ("UPDATE span SET actor_id = 999", "FOREIGN KEY"),
        ("UPDATE span SET label_id = NULL", "NOT NULL"),
        ("UPDATE fragment SET start_cp = end_cp", "ck_fragment_range"),
        ("UPDATE fragment SET position = -1", "ck_fragment_position"),
        ("INSERT INTO fragment SELECT * FROM fragment LIMIT 1", "UNIQUE"),
        ("UPDATE fragment SET span_id = 999 WHERE span_id = 1", "FOREIGN KEY"),
        ("UPDATE link SET to_id = from_id", "ck_link_two_ends"),
        ("UPDATE link SET state = 'suggested'", "ck_link_decided_has_time"),
        ("UPDATE link SET score = -1", "ck_link_score_range"),
        ("UPDATE link SET type_id = 999", "FOREIGN KEY"),
        (
            "INSERT INTO link (document_id, type_id, from_id, to_id, state, origin, analyst_id, decided_at) "
            "SELECT document_id, type_id, from_id, to_id, state, origin, analyst_id, decided_at FROM link",
            "UNIQUE",
        ),
        ("UPDATE reviewed SET end_cp = start_cp", "ck_reviewed_range"),
        ("UPDATE reviewed SET analyst_id = 999", "FOREIGN KEY"),
        ("UPDATE stretch SET end_cp = start_cp", "ck_stretch_range"),
        ("UPDATE stretch SET kind = 'leaf'", "ck_stretch_kind_known"),
        ("UPDATE stretch SET analyst_id = 999", "FOREIGN KEY"),
        ("UPDATE document SET length_cp = 0", "ck_document_length_positive"),
        ("UPDATE document SET sha256 = 'short'", "ck_document_sha256_shape"),
        ("UPDATE document SET batch_id = 999", "FOREIGN KEY"),
        ("UPDATE document_progress SET decided = -1", "ck_document_progress_not_negative"),
        ("UPDATE import_batch SET state = 'somewhere'", "ck_import_batch_state_known"),
        ("UPDATE change_set SET status = 'lost'", "ck_change_set_status_known"),
        ("UPDATE label SET kind = 'planet'", "ck_label_kind_known"),
        ("UPDATE label SET name = ''", "ck_label_name_given"),
        ("UPDATE label SET name = 'same', kind = 'actor'", "UNIQUE"),
        ("UPDATE label SET code = 'same'", "UNIQUE"),
        ("UPDATE label SET key = '1'", "UNIQUE"),
        ("UPDATE link_type SET code = 'same'", "UNIQUE"),
        ("UPDATE link_type SET from_kind = 'planet'", "ck_link_type_from_kind_known"),
        ("UPDATE field SET type = 'colour'", "ck_field_type_known"),
        ("INSERT INTO actor (name, notes) VALUES ('', '')", "ck_actor_name_given"),
        ("INSERT INTO analyst (name, created_at) SELECT name, 'now' FROM analyst", "UNIQUE"),
        ("INSERT INTO span_field (span_id, field_id, value) VALUES (1, 999, 'x')", "FOREIGN KEY"),
        ("INSERT INTO suggester_run (suggester, version, model, started_at) VALUES ('rules', '1', '', 'x')", "UNIQUE"),
        ("DELETE FROM label", "FOREIGN KEY"),
        ("DELETE FROM analyst", "FOREIGN KEY"),
    ],
)
def test_the_database_refuses(raw, statement, rule) -> None:
    with pytest.raises(sqlite3.IntegrityError, match=rule):
        raw.execute(statement)


def test_with_a_document_goes_all_that_belongs_to_it(raw) -> None:
    raw.execute("DELETE FROM document")
    for table in (
        "document_text",
        "document_progress",
        "document_run",
        "span",
        "fragment",
        "link",
        "reviewed",
        "stretch",
    ):
        assert raw.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
