from __future__ import annotations

import pytest

from nlp.suggestion import DocumentSuggestions, Range, SuggestedLink, SuggestedSpan
from storage import history, queries
from storage.codebook_usage import field_use, label_use, link_type_use
from storage.doctor import check
from storage.errors import InvalidEditError, StaleEditError
from storage.formats.exchange import ExchangeDocument
from storage.importing import Importer
from storage.operations import actors, documents, links, spans
from storage.operations.codebook import add_label
from storage.operations.codebook_removal import remove_field, remove_label, remove_link_type
from storage.records import LabelKind, LabelRecord, State
from storage.suggesting import store_suggestions

THREAT = "Orsk and Velmar face a joint threat"


def _fill(bench) -> None:
    """Suggest, decide, link, and note: something of everything."""
    project, document_id = bench.project, bench.document_id
    places = {words: tuple(Range(*part) for part in bench.at(words)) for words in ("Ilya Brandt", "said", THREAT)}
    found = (
        SuggestedSpan(0, "person", places["Ilya Brandt"], 0.9),
        SuggestedSpan(1, "cue", places["said"], 0.8),
        SuggestedSpan(2, "claim", places[THREAT], 0.8),
    )
    joined = (SuggestedLink("speaker", 2, 0, 0.8), SuggestedLink("cue", 2, 1, 0.8))
    store_suggestions(project, DocumentSuggestions(document_id, "rules", "1", "", found, joined))
    for words in ("Orsk", "Velmar", "Port Selin"):
        spans.draw(project, document_id, bench.label("State"), bench.at(words))
    links.connect(project, "target", bench.span(THREAT).id, bench.span("Orsk").id)
    spans.annotate(project, bench.span("Velmar").id, note="which one?")
    spans.set_field(project, bench.span(THREAT).id, bench.field("Stance"), "for")
    actors.create_actor(project, "Orsk", label_id=bench.label("State"), mention_ids=(bench.span("Orsk").id,))


@pytest.fixture
def full(bench):
    bench.field = lambda name: next(f.id for f in queries.codebook(bench.project).fields if f.name == name)
    bench.type = lambda code: next(t.id for t in queries.codebook(bench.project).link_types if t.code == code)
    bench.everything = lambda: (queries.codebook(bench.project), bench.state())
    _fill(bench)
    return bench


def _removals(full):
    project, label = full.project, full.label
    return {
        "label and spans": lambda: remove_label(project, label("State")),
        "label, spans moved": lambda: remove_label(project, label("State"), move_to=label("Group")),
        "claims": lambda: remove_label(project, label("Claim")),
        "field": lambda: remove_field(project, full.field("Stance")),
        "link type": lambda: remove_link_type(project, full.type("speaker")),
    }


@pytest.mark.parametrize("name", ["label and spans", "label, spans moved", "claims", "field", "link type"])
def test_one_undo_brings_everything_back_and_redo_takes_it_again(full, name) -> None:
    before = full.everything()
    changes = _removals(full)[name]()
    assert changes.is_codebook_changed
    assert changes.documents == {full.document_id}
    after = full.everything()
    assert after != before
    assert check(full.project) == []
    for _round in range(2):
        history.undo(full.project)
        assert full.everything() == before
        history.redo(full.project)
        assert full.everything() == after
    assert check(full.project) == []


def test_use_tells_what_hangs_on_an_entry(full) -> None:
    project = full.project
    spans.reject(project, [full.span("Velmar").id])
    use = label_use(project, full.label("State"))
    assert use.states == {State.CONFIRMED: 2, State.REJECTED: 1}
    assert (use.total, use.documents, use.actors, use.links) == (3, 1, 1, {"Target": 1})
    speakers = link_type_use(project, full.type("speaker"))
    assert (speakers.total, speakers.documents) == (1, 1)
    stance = field_use(project, full.field("Stance"))
    assert (stance.total, stance.documents, stance.values) == (1, 1, {"for": 1})
    assert not label_use(project, full.label("Group")).is_used
    assert not field_use(project, full.field("Date")).is_used


def test_spans_deleted_with_their_label_take_their_links_along(full) -> None:
    changes = remove_label(full.project, full.label("State"))
    assert {span.quote for span in full.spans} == {"Ilya Brandt", "said", THREAT}
    assert {link.type_id for link in full.links} == {full.type("speaker"), full.type("cue")}
    assert len(changes.spans) == 3
    assert queries.actors(full.project)[0].label_id is None


def test_moved_spans_keep_links_notes_and_actor_and_suggestions_keep_coming(full) -> None:
    add_label(full.project, LabelRecord(0, LabelKind.ACTOR, "Country"))
    target = full.label("Country")
    before = {span.quote: span for span in full.spans}
    remove_label(full.project, full.label("State"), move_to=target)
    assert len(full.spans) == len(before)
    assert full.span("Velmar").note == "which one?"
    assert full.span("Orsk").label_id == target
    assert full.span("Orsk").actor_id == before["Orsk"].actor_id
    assert len(full.links) == 3
    assert queries.actors(full.project)[0].label_id == target
    country = queries.codebook(full.project).label(target)
    assert country.code == "state"


@pytest.mark.parametrize(
    ("mine", "theirs", "left"),
    [
        ("accept", "reject", State.CONFIRMED),
        ("reject", "accept", State.CONFIRMED),
        ("reject", None, State.REJECTED),
        (None, "reject", State.REJECTED),
        ("accept", None, State.CONFIRMED),
        ("accept", "accept", State.CONFIRMED),
        (None, None, State.SUGGESTED),
    ],
)
def test_where_two_spans_become_one_what_was_decided_stays(bench, mine, theirs, left) -> None:
    project, place = bench.project, (Range(*bench.at("Orsk")[0]),)
    found = (SuggestedSpan(0, "state", place, 0.9), SuggestedSpan(1, "group", place, 0.4))
    store_suggestions(project, DocumentSuggestions(bench.document_id, "rules", "1", "", found, ()))
    one = next(span.id for span in bench.spans if span.label_id == bench.label("State"))
    other = next(span.id for span in bench.spans if span.label_id == bench.label("Group"))
    spans.annotate(project, one, note="kept")
    for span_id, decision in ((one, mine), (other, theirs)):
        if decision:
            getattr(spans, decision)(project, [span_id])
    before = bench.state()
    remove_label(project, bench.label("State"), move_to=bench.label("Group"))
    assert [(span.state, span.note) for span in bench.spans] == [(left, "kept")]
    assert check(project) == []
    history.undo(project)
    assert bench.state() == before


def test_links_of_the_one_that_goes_are_kept_by_the_one_that_stays(full) -> None:
    project = full.project
    spans.draw(project, full.document_id, full.label("Group"), full.at("Orsk"))
    remove_label(project, full.label("State"), move_to=full.label("Group"))
    orsk = full.span("Orsk")
    assert [link.to_id for link in full.links if link.type_id == full.type("target")] == [orsk.id]
    assert orsk.actor_id is not None


def test_spans_of_removed_documents_are_not_forgotten(full) -> None:
    documents.remove_document(full.project, full.document_id)
    assert label_use(full.project, full.label("State")).total == 3
    remove_label(full.project, full.label("State"))
    history.undo(full.project)
    history.undo(full.project)
    assert full.span("Orsk").label_id == full.label("State")


def test_spans_move_only_to_another_label_of_the_same_kind(full) -> None:
    state = full.label("State")
    for target in (state, full.label("Claim")):
        with pytest.raises(InvalidEditError):
            remove_label(full.project, state, move_to=target)
    with pytest.raises(StaleEditError):
        remove_label(full.project, 999)
    with pytest.raises(StaleEditError):
        remove_field(full.project, 999)


def test_nothing_is_removed_under_an_import(full) -> None:
    with Importer(full.project) as importer:
        importer.add_file("b", [ExchangeDocument(title="b", text="Orsk answers.")])
        with pytest.raises(StaleEditError, match="import is under way"):
            remove_label(full.project, full.label("State"))
        importer.publish()
    remove_label(full.project, full.label("State"))
