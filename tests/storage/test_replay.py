"""The change log is whole: written anew from the first image to the last, it makes the rows that there are."""

from __future__ import annotations

import random
from contextlib import suppress

from sqlalchemy import select

from storage import history, queries, tables
from storage.batches import batch_images
from storage.entities import ENTITIES
from storage.errors import StaleEditError
from storage.formats.exchange import ExchangeDocument, ExchangeSpan
from storage.importing import Importer
from storage.operations import actors, bulk, documents, links, review, spans, stretches
from storage.records import Fragment, LabelKind

SPEAKER, CLAIM = "Ilya Brandt", "Orsk and Velmar face a joint threat"


def _replayed(project) -> dict[str, dict[int, dict[str, object]]]:
    rows: dict[str, dict[int, dict[str, object]]] = {name: {} for name in ENTITIES}
    change = tables.Change
    with project.reading() as connection:
        logged = connection.execute(
            select(change.entity, change.row_id, change.before, change.after).order_by(change.set_id, change.position)
        ).all()
    for name, row_id, before, after in logged:
        if row_id is None:
            for image in batch_images(after or before):
                if after is None:
                    del rows[name][image["id"]]
                else:
                    assert image["id"] not in rows[name]
                    rows[name][image["id"]] = image
        elif after is None:
            assert rows[name].pop(row_id) == before
        elif before is None:
            assert row_id not in rows[name]
            rows[name][row_id] = dict(after)
        else:
            rows[name][row_id].update(after)
        if name == "document" and after is None:  # what the database removes with a document is not logged
            for part in ("span", "link", "reviewed", "stretch"):
                rows[part] = {key: row for key, row in rows[part].items() if row["document_id"] in rows["document"]}
    return rows


def _present(project) -> dict[str, dict[int, dict[str, object]]]:
    found = {}
    with project.reading() as connection:
        for name, entity in ENTITIES.items():
            ids = connection.execute(select(entity.table.c.id)).scalars().all()
            found[name] = entity.read(connection, ids, entity.names)
    return found


def test_links_that_suggesters_added_go_with_spans_in_bulk_and_are_logged(bench) -> None:
    bench.suggest(("claim", CLAIM))
    (place,) = bench.at("Ilya Brandt")
    bulk.label_many(bench.project, bench.label("Person"), places=[(bench.document_id, *place)])
    bench.suggest(("claim", CLAIM), ("person", SPEAKER), links=(("speaker", CLAIM, SPEAKER),), version="2")
    assert len(bench.links) == 1
    bench.undo()
    assert bench.links == ()
    assert _replayed(bench.project) == _present(bench.project)


def test_replaying_the_log_makes_the_present_rows(bench) -> None:
    project, chance = bench.project, random.Random(4)
    bench.suggest_card()
    bench.draw("State", "Orsk")
    links.connect(project, "target", bench.span(CLAIM).id, bench.span("Orsk").id)
    actors.create_actor(
        project, "Orsk", aliases=("Republic of Orsk", "the East", "Orsk "), mention_ids=(bench.span("Orsk").id,)
    )
    spans.set_field(project, bench.span(CLAIM).id, queries.codebook(project).fields[0].id, "demand")
    spans.annotate(project, bench.span(CLAIM).id, note="“why?” 🌊", is_flagged=True)
    spans.resize(project, bench.span(CLAIM).id, (*bench.at("Orsk and Velmar"), *bench.at("joint threat")))
    review.mark_reviewed(project, bench.document_id, Fragment(0, 40))
    review.unmark_reviewed(project, bench.document_id, Fragment(5, 10))
    stretches.exclude(project, bench.document_id, Fragment(0, 30), reason="title")
    stretches.include(project, bench.document_id, Fragment(25, 30))
    bench.suggest(("state", "Velmar"), version="2")
    other = bench.add("Other", "Taval answers.")
    stretches.exclude_many(project, [(bench.document_id, 60, 90), (other, 0, 5)])
    documents.describe_document(project, other, title="Another", date=None)
    with Importer(project) as importer:  # staged and never published
        importer.add_file(
            "x",
            [
                ExchangeDocument(
                    title="x",
                    text="Lemsk.",
                    spans=(ExchangeSpan("1", LabelKind.ACTOR, "Harbour", (Fragment(0, 5),), actor="Lemsk"),),
                )
            ],
        )
    documents.remove_document(project, other)
    for _ in range(60):
        chance.choice([history.undo, history.undo, history.redo])(project)
        with suppress(StaleEditError):  # an undo may have taken the document away
            if chance.random() < 0.2:
                words = chance.choice(["Orsk", "Velmar", "we"])
                spans.draw(project, bench.document_id, bench.label("State"), bench.at(words))
            if chance.random() < 0.2 and bench.spans:
                spans.remove(project, [chance.choice(bench.spans).id])
    replayed, present = _replayed(project), _present(project)
    assert replayed == present
    assert len(present["span"]) > 2
