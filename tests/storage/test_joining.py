"""Labels for texts that the project has already: added, and what people decided stays as it is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from storage import history, queries
from storage import tables as t
from storage.entities import SPAN
from storage.errors import RefusedInputError
from storage.exporting import export_documents
from storage.formats.exchange import ExchangeDocument, ExchangeLink, ExchangeSpan
from storage.importing import Importer
from storage.joining import Joined
from storage.operations import review, spans
from storage.project import Project
from storage.records import Fragment, LabelKind, Origin, State

TEXT = "Velmar will withdraw its ships, Ren Taval said on Monday."
PERSON = ExchangeSpan("a", LabelKind.ACTOR, "Person", (Fragment(32, 41),))
CLAIM = ExchangeSpan("b", LabelKind.CLAIM, "Claim", (Fragment(0, 30),), analyst="Ines")
SPEAKER = ExchangeLink("l", "speaker", "b", "a")
PLAIN = ExchangeDocument(title="Straits", text=TEXT)
LABELLED = replace(PLAIN, title="Another name", spans=(PERSON, CLAIM), links=(SPEAKER,))


@pytest.fixture
def project(tmp_path):
    with Project.create(tmp_path / "straits.sayso") as project:
        yield project


def bring(project: Project, *documents: ExchangeDocument, is_joining: bool = True) -> Joined:
    with Importer(project, is_joining=is_joining) as importer:
        importer.add_file("labels.jsonl", documents)
        importer.publish()
        return importer.joined


def labels(project: Project) -> dict[str, tuple[str, str | None]]:
    return {
        f"{span.label} {span.quote}": (span.state.value, span.analyst)
        for document in export_documents(project)
        for span in document.spans
    }


def test_labels_come_to_the_text_that_is_there_and_go_with_one_undo(project):
    bring(project, PLAIN)
    before = list(export_documents(project))
    assert bring(project, LABELLED) == Joined(documents=1, spans=2, links=1)
    (document,) = export_documents(project)
    assert document.title == "Straits"
    assert {span.quote: span.analyst for span in document.spans}["Velmar will withdraw its ships"] == "Ines"
    assert [link.type for link in document.links] == ["speaker"]
    after = list(export_documents(project))
    history.undo(project)
    assert list(export_documents(project)) == before
    history.redo(project)
    assert list(export_documents(project)) == after


def test_without_the_wish_they_are_left_out(project):
    bring(project, PLAIN)
    assert bring(project, LABELLED, is_joining=False) == Joined()
    assert labels(project) == {}


def test_what_stands_there_comes_once(project):
    bring(project, LABELLED)
    assert bring(project, LABELLED) == Joined(equal=2)
    assert len(labels(project)) == 2
    (document,) = export_documents(project)
    assert len(document.links) == 1


def test_labels_that_all_stand_there_leave_nothing_to_undo(project):
    bring(project, LABELLED)
    before = history.next_undo(project)
    assert bring(project, LABELLED) == Joined(equal=2)
    assert history.next_undo(project) == before
    with project.reading() as connection:
        assert connection.execute(select(t.ImportBatch.state)).scalars().all() == ["present"]


def test_links_of_equal_claims_come_once(project):
    other = replace(PERSON, id="c", fragments=(Fragment(0, 6),))
    twin = replace(CLAIM, id="d")
    document = replace(
        LABELLED, spans=(PERSON, CLAIM, other, twin), links=(SPEAKER, replace(SPEAKER, id="m", from_id="d", to_id="c"))
    )
    bring(project, document)
    assert bring(project, document) == Joined(equal=4)
    (there,) = export_documents(project)
    assert len(there.links) == 2


def test_a_rejection_stays_one_and_its_links_stay_away(project):
    bring(project, replace(PLAIN, spans=(PERSON,)))
    (document,) = export_documents(project)
    item = queries.document_items(project)[0].document.id
    span = queries.document_content(project, item).spans[0]
    with project.change("test", is_undoable=False) as scope:
        scope.journal.update(SPAN, span.id, {"state": State.REJECTED.value})
    bring(project, LABELLED)
    assert labels(project)["Person Ren Taval"][0] == "rejected"
    (document,) = export_documents(project)
    assert document.links == ()


def test_an_undecided_suggestion_takes_the_decision_of_its_equal(project):
    guess = replace(PERSON, state=State.SUGGESTED, origin=Origin.SUGGESTER, suggester="rules", score=0.5)
    bring(project, replace(PLAIN, spans=(guess,)))
    bring(project, replace(PLAIN, spans=(replace(PERSON, analyst="Ines"),)))
    assert labels(project) == {"Person Ren Taval": ("confirmed", "Ines")}
    history.undo(project)
    assert labels(project) == {"Person Ren Taval": ("suggested", None)}


def test_suggestions_stay_out_of_what_is_reviewed(project):
    bring(project, PLAIN)
    document_id = queries.document_items(project)[0].document.id
    review.mark_reviewed(project, document_id, Fragment(0, len(TEXT)))
    guess = replace(PERSON, state=State.SUGGESTED, origin=Origin.SUGGESTER, suggester="rules")
    assert bring(project, replace(PLAIN, spans=(guess, CLAIM))) == Joined(documents=1, spans=1, closed=1)
    assert list(labels(project)) == ["Claim Velmar will withdraw its ships"]


def test_a_refused_file_adds_nothing(project):
    bring(project, PLAIN)
    wrong = replace(LABELLED, spans=(PERSON, replace(CLAIM, fragments=(Fragment(0, 900),))), links=())
    with Importer(project, is_joining=True) as importer:
        with pytest.raises(RefusedInputError):
            importer.add_file("wrong.jsonl", [LABELLED, wrong])
        importer.publish()
    assert labels(project) == {}


def test_new_texts_and_labels_for_old_ones_are_one_action(project):
    bring(project, PLAIN)
    bring(project, LABELLED, ExchangeDocument(title="New", text="Orsk denied it."))
    assert len(queries.document_items(project)) == 2
    history.undo(project)
    assert len(queries.document_items(project)) == 1
    assert labels(project) == {}


def test_people_go_on_deciding_about_what_was_added(project):
    bring(project, PLAIN)
    bring(project, LABELLED)
    document_id = queries.document_items(project)[0].document.id
    person = next(span for span in queries.document_content(project, document_id).spans if span.quote == "Ren Taval")
    spans.remove(project, [person.id])
    assert "Person Ren Taval" not in labels(project)
