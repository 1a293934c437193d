"""What the reads return, and that the hot ones use their indexes."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from storage import history, provenance, queries
from storage.formats.exchange import ExchangeDocument
from storage.importing import Importer
from storage.operations import actors, documents, links, review, spans
from storage.records import Fragment, LabelKind

SPEAKER, CUE, CLAIM = "Ilya Brandt", "said", "Orsk and Velmar face a joint threat"


def _progress(bench) -> tuple[int, int, int]:
    (item,) = queries.document_items(bench.project, [bench.document_id])
    return item.undecided, item.decided, item.reviewed_cp


def test_progress_follows_every_change_and_its_undo(bench) -> None:
    assert _progress(bench) == (0, 0, 0)
    bench.suggest_card()
    assert _progress(bench) == (3, 0, 0)
    spans.reject(bench.project, [bench.span(SPEAKER).id])
    assert _progress(bench) == (2, 1, 0)
    bench.draw("State", "Orsk")
    assert _progress(bench) == (2, 2, 0)
    spans.remove(bench.project, [bench.span("Orsk").id])
    review.mark_reviewed(bench.project, bench.document_id, Fragment(0, 30))
    review.unmark_reviewed(bench.project, bench.document_id, Fragment(10, 15))
    assert _progress(bench) == (2, 1, 25)
    for _ in range(3):
        history.undo(bench.project)
    assert _progress(bench) == (2, 2, 0)
    bench.suggest()
    assert _progress(bench) == (1, 2, 0)  # the claim stays: one of its links was decided


def test_lists_come_in_the_order_of_import_whatever_is_asked_for(bench) -> None:
    ids = [bench.document_id, *(bench.add(title, f"{title} waits.") for title in ("B", "A", "C"))]
    assert [item.document.id for item in queries.document_items(bench.project)] == ids
    asked = [ids[3], ids[0], 9_999, ids[3]]
    assert [item.document.id for item in queries.document_items(bench.project, asked)] == [ids[0], ids[3]]
    assert queries.document_items(bench.project, []) == []


def test_many_ids_are_asked_for_in_portions(bench) -> None:
    wanted = range(1, 40_000)
    assert len(queries.document_items(bench.project, wanted)) == 1
    assert queries.spans_by_id(bench.project, wanted) == {}
    assert queries.links_by_id(bench.project, wanted) == {}
    assert queries.fields_of(bench.project, wanted) == {}


def test_metadata_is_a_mapping_like_any_other(project) -> None:
    meta = {"file": "brief.txt", "pages": 3, "tags": ["a", None]}
    with Importer(project) as importer:
        importer.add_file("a", [ExchangeDocument(title="A", text="Orsk.", meta=meta)])
        importer.publish()
    found = queries.document_items(project)[0].document.meta
    assert (dict(found), len(found), found["pages"], "x" in found) == (meta, 3, 3, False)
    assert found == meta
    assert repr(found) == repr(meta)


def test_what_is_removed_does_not_count(bench) -> None:
    bench.suggest(("state", "Orsk"), ("state", "Velmar"))
    actors.create_actor(bench.project, "Orsk", mention_ids=(bench.span("Orsk").id,))
    actor = queries.actors(bench.project)[0].id
    spans.reject(bench.project, [bench.span("Velmar").id])
    assert queries.mentions_of(bench.project, actor) == (1, 1)
    assert provenance.acceptance(bench.project) == {LabelKind.ACTOR: (1, 2)}
    documents.remove_document(bench.project, bench.document_id)
    assert queries.mentions_of(bench.project, actor) == (0, 0)
    assert provenance.acceptance(bench.project) == {}


def test_the_history_of_a_span_tells_each_step(bench) -> None:
    span_id = bench.draw("State", "Orsk").id
    spans.annotate(bench.project, span_id, note="hm")
    history.undo(bench.project)
    told = provenance.history_of(bench.project, span_id)
    assert [(entry.operation, entry.status) for entry in told] == [
        ("draw", "applied"),
        ("annotate", "undone"),
        ("undo", "applied"),
    ]


@pytest.fixture
def plans(bench):
    """Return a function that runs work and returns the plan of each statement that it ran."""
    bench.suggest_card()
    project = bench.project

    def plans_of(work) -> list[str]:
        ran: list[tuple[str, object]] = []

        def note(_connection, _cursor, statement, parameters, *_rest) -> None:
            if statement.startswith(("SELECT", "UPDATE", "DELETE")):
                ran.append((statement, parameters))

        engines = (project._write_engine, project._read_engine)
        for engine in engines:
            event.listen(engine, "before_cursor_execute", note)
        work()
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)
        raw = project._read_engine.raw_connection()
        cursor = raw.cursor()
        found = []
        for statement, parameters in ran:
            first = parameters[0] if isinstance(parameters, list) else parameters
            cursor.execute(f"EXPLAIN QUERY PLAN {statement}", first)
            found += [f"{row[3]} <- {statement}" for row in cursor.fetchall()]
        cursor.close()
        raw.close()
        return found

    return plans_of


#: Tables that grow with the work; no hot statement may go through one of them from end to end.
_LARGE = ("document", "document_text", "span", "fragment", "span_field", "link", "reviewed", "change", "change_set")


def _scans(plans: list[str]) -> list[str]:
    """Return the steps that go through a large table (not through an index of it in order)."""
    return [plan for plan in plans if any(plan.startswith((f"SCAN {name} <-", f"SCAN {name}\n")) for name in _LARGE)]


@pytest.mark.parametrize(
    "work",
    [
        lambda b: queries.document_content(b.project, b.document_id),
        lambda b: queries.document_items(b.project, [b.document_id]),
        lambda b: queries.spans_by_id(b.project, [1, 2]),
        lambda b: queries.links_by_id(b.project, [1, 2]),
        lambda b: queries.fields_of(b.project, [1, 2]),
        lambda b: queries.reviewed_in(b.project, b.document_id),
        lambda b: provenance.history_of(b.project, 1),
        lambda b: queries.mentions_of(b.project, 1),
        lambda b: spans.accept(b.project, [b.span(CLAIM).id]),
        lambda b: spans.reject(b.project, [b.span(CLAIM).id]),
        lambda b: b.draw("State", "Orsk"),
        lambda b: spans.resize(b.project, b.span(CLAIM).id, b.at("Velmar")),
        lambda b: spans.relabel(b.project, b.span(CLAIM).id, b.label("State")),
        lambda b: links.replace(b.project, "speaker", b.span(CLAIM).id, b.span(SPEAKER).id),
        lambda b: review.mark_reviewed(b.project, b.document_id, Fragment(0, 9)),
        lambda b: (b.draw("State", "Orsk"), history.undo(b.project), history.redo(b.project)),
        lambda b: b.suggest(("state", "Orsk")),
        lambda b: history.next_undo(b.project),
    ],
)
def test_hot_statements_go_by_their_indexes(bench, plans, work) -> None:
    found = plans(lambda: work(bench))
    assert found
    assert _scans(found) == []


def test_the_list_is_read_in_its_order_without_sorting_spans(bench, plans) -> None:
    found = plans(lambda: queries.document_items(bench.project))
    assert not any(" span" in plan.partition(" <- ")[0] for plan in found)


def test_languages_and_what_waits_are_told_of_listed_documents_only(bench) -> None:
    other = bench.add("Other", "Orsk antwortet. Velmar wartet.")
    documents.describe_document(bench.project, other, language="de")
    bench.suggest_card()
    assert queries.languages_of_documents(bench.project) == {bench.document_id: "", other: "de"}
    assert queries.count_undecided(bench.project) == 3
    documents.remove_document(bench.project, bench.document_id)
    assert queries.languages_of_documents(bench.project) == {other: "de"}
    assert queries.count_undecided(bench.project) == 0
