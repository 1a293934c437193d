from __future__ import annotations

import pytest

from nlp.suggestion import DocumentSuggestions, Range, SuggestedLink, SuggestedSpan
from storage import history, queries
from storage.blocked import blocked_words
from storage.errors import InvalidEditError, StaleEditError
from storage.operations import actors, bulk, spans
from storage.records import Origin, State
from storage.suggesting import store_suggestions

OTHER = "Orsk and orsk again; ORSK\nthree times. Žito and ŽITO, 50% of it. Orsk!"


@pytest.fixture
def desk(bench):
    bench.other_id = bench.add("Other", OTHER)
    _suggest(bench)
    return bench


def _suggest(bench) -> None:
    first = (
        SuggestedSpan(0, "person", _range(bench, "Ilya Brandt"), 0.9),
        SuggestedSpan(1, "cue", _range(bench, "said"), 0.8),
        SuggestedSpan(2, "claim", _range(bench, "Orsk and Velmar face a joint threat"), 0.8),
        SuggestedSpan(3, "state", _range(bench, "Orsk"), 0.8),
    )
    links = (SuggestedLink("speaker", 2, 0, 0.8), SuggestedLink("cue", 2, 1, 0.8), SuggestedLink("target", 2, 3, 0.7))
    found = [(0, 4, "state"), (9, 13, "person"), (21, 25, "state"), (39, 43, "person"), (48, 52, "person")]
    second = [SuggestedSpan(n, code, (Range(start, end),), 0.6) for n, (start, end, code) in enumerate(found)]
    store_suggestions(bench.project, DocumentSuggestions(bench.document_id, "rules", "1", "", first, links))
    store_suggestions(bench.project, DocumentSuggestions(bench.other_id, "rules", "1", "", tuple(second)))


def _range(bench, words: str) -> tuple[Range, ...]:
    return tuple(Range(*fragment) for fragment in bench.at(words))


def _others(bench) -> dict[int, tuple[str, State]]:
    """Return label and state of the spans of the other document, by where they begin."""
    names = {label.id: label.name for label in queries.codebook(bench.project).labels}
    content = queries.document_content(bench.project, bench.other_id)
    return {span.start_cp: (names[span.label_id], span.state) for span in content.spans}


def _ids(bench, *starts: int) -> list[int]:
    content = queries.document_content(bench.project, bench.other_id)
    return [span.id for span in content.spans if span.start_cp in starts]


def _state(bench):
    return bench.state(), queries.document_content(bench.project, bench.other_id), blocked_words(bench.project)


def test_spans_and_bare_places_get_a_label_in_one_action(desk) -> None:
    before = _state(desk)
    places = [(desk.other_id, 66, 70), (desk.document_id, *desk.at("Velmar")[0])]
    changes = bulk.label_many(desk.project, desk.label("State"), span_ids=_ids(desk, 0, 9), places=places)
    assert changes.operation == "label hits"
    assert changes.documents == {desk.document_id, desk.other_id}
    found = _others(desk)
    assert [found[start] for start in (0, 9, 66)] == [("State", State.CONFIRMED)] * 3
    assert desk.span("Velmar").origin == Origin.HUMAN
    history.undo(desk.project)
    assert _state(desk) == before
    history.redo(desk.project)
    assert _others(desk) == found


def test_a_place_takes_over_the_span_that_stands_there(desk) -> None:
    state = desk.label("State")
    spans.reject(desk.project, _ids(desk, 21))
    spans.relabel(desk.project, _ids(desk, 39)[0], desk.label("Organisation"))
    places = [(desk.other_id, *ends) for ends in ((0, 4), (9, 13), (21, 25), (39, 43))]
    count = len(_others(desk))
    bulk.label_many(desk.project, state, places=places)
    found = _others(desk)
    assert len(found) == count
    assert [found[start] for start in (0, 9, 21)] == [("State", State.CONFIRMED)] * 3
    assert found[39] == ("Organisation", State.CONFIRMED)


def test_a_confirmed_span_is_relabelled_where_it_is_named(desk) -> None:
    spans.accept(desk.project, _ids(desk, 39))
    bulk.label_many(desk.project, desk.label("State"), span_ids=_ids(desk, 39))
    assert _others(desk)[39] == ("State", State.CONFIRMED)


def test_a_span_gives_way_to_its_twin_of_the_wanted_label(desk) -> None:
    spans.draw(desk.project, desk.other_id, desk.label("State"), [queries.Fragment(9, 13)])
    bulk.label_many(desk.project, desk.label("State"), span_ids=_ids(desk, 9))
    states = {span.state for span in queries.document_content(desk.project, desk.other_id).spans if span.start_cp == 9}
    assert states == {State.CONFIRMED, State.REJECTED}


def test_spans_of_another_kind_lose_what_the_new_kind_cannot_have(desk) -> None:
    before = _state(desk)
    bulk.label_many(desk.project, desk.label("Claim"), span_ids=[desk.span("Ilya Brandt").id])
    assert desk.span("Ilya Brandt").label_id == desk.label("Claim")
    assert State.CONFIRMED not in {link.state for link in desk.links}
    history.undo(desk.project)
    assert _state(desk) == before


def test_mentions_without_an_actor_are_pointed_to_it(desk) -> None:
    actors.create_actor(desk.project, "Orsk Port", mention_ids=tuple(_ids(desk, 21)))
    actors.create_actor(desk.project, "Orsk")
    orsk = next(actor.id for actor in queries.actors(desk.project) if actor.name == "Orsk")
    places = [(desk.other_id, 66, 70)]
    bulk.label_many(desk.project, desk.label("State"), span_ids=_ids(desk, 0, 21), places=places, actor_id=orsk)
    content = queries.document_content(desk.project, desk.other_id)
    pointed = {span.start_cp: span.actor_id for span in content.spans if span.actor_id is not None}
    assert pointed == {0: orsk, 21: orsk - 1, 66: orsk}


@pytest.mark.parametrize("place", [(0, 5), (3, 3), (60, 9_999)])
def test_places_that_no_span_may_have_are_refused_and_nothing_is_changed(desk, place) -> None:
    before = _state(desk)
    with pytest.raises(InvalidEditError):
        bulk.label_many(desk.project, desk.label("State"), places=[(desk.other_id, 66, 70), (desk.other_id, *place)])
    assert _state(desk) == before


def test_only_mentions_get_an_actor(desk) -> None:
    with pytest.raises(InvalidEditError, match="only mentions"):
        bulk.label_many(desk.project, desk.label("Claim"), places=[(desk.other_id, 0, 4)], actor_id=1)


def test_many_are_rejected_at_once_with_their_links(desk) -> None:
    before = _state(desk)
    ids = [desk.span("Ilya Brandt").id, *_ids(desk, 0, 9)]
    bulk.take_away_many(desk.project, ids)
    assert [_others(desk)[start][1] for start in (0, 9)] == [State.REJECTED] * 2
    assert sum(link.state == State.REJECTED for link in desk.links) == 1
    history.undo(desk.project)
    assert _state(desk) == before
    history.redo(desk.project)
    assert desk.span("Ilya Brandt").state == State.REJECTED


def test_drawn_spans_are_deleted_and_proposed_ones_kept_as_rejections(desk) -> None:
    spans.draw(desk.project, desk.other_id, desk.label("State"), [queries.Fragment(66, 70)])
    spans.accept(desk.project, _ids(desk, 0))
    bulk.take_away_many(desk.project, _ids(desk, 0, 66))
    assert 66 not in _others(desk)
    assert _others(desk)[0][1] == State.REJECTED


def test_a_span_that_is_gone_refuses_the_whole_action(desk) -> None:
    before = _state(desk)
    with pytest.raises(StaleEditError):
        bulk.take_away_many(desk.project, [*_ids(desk, 0), 9_999])
    assert _state(desk) == before


def test_blocking_words_rejects_their_suggestions_of_that_label_everywhere(desk) -> None:
    before = _state(desk)
    spans.accept(desk.project, [desk.span("Orsk").id])
    changes = bulk.block_words(desk.project, desk.label("State"), "ORSK")
    assert changes.are_blocked_words_changed
    found = _others(desk)
    assert [found[start] for start in (0, 21)] == [("State", State.REJECTED)] * 2
    assert found[9] == ("Person", State.SUGGESTED)
    assert desk.span("Orsk").state == State.CONFIRMED
    assert [(record.words, record.label_id) for record in blocked_words(desk.project)] == [
        ("ORSK", desk.label("State"))
    ]
    history.undo(desk.project)
    history.undo(desk.project)
    assert _state(desk) == before


def test_letters_beyond_ascii_and_signs_of_like_are_compared_exactly(desk) -> None:
    bulk.block_words(desk.project, desk.label("Person"), "žito")
    assert [_others(desk)[start][1] for start in (39, 48)] == [State.REJECTED] * 2
    assert _others(desk)[9][1] == State.SUGGESTED
    bulk.block_words(desk.project, desk.label("Person"), "%")
    assert _others(desk)[9][1] == State.SUGGESTED


def test_blocked_words_are_not_suggested_again_until_they_are_taken_back(desk) -> None:
    bulk.block_words(desk.project, desk.label("State"), "orsk")
    later = desk.add("Later", "Orsk speaks. Orsk is silent.")
    proposal = DocumentSuggestions(
        later,
        "rules",
        "1",
        "",
        (SuggestedSpan(0, "state", (Range(0, 4),), 0.5), SuggestedSpan(1, "person", (Range(13, 17),), 0.5)),
    )
    store_suggestions(desk.project, proposal)
    assert [span.start_cp for span in queries.document_content(desk.project, later).spans] == [13]
    bulk.unblock_words(desk.project, [record.id for record in blocked_words(desk.project)])
    assert blocked_words(desk.project) == []
    store_suggestions(desk.project, proposal)
    assert [span.start_cp for span in queries.document_content(desk.project, later).spans] == [13, 0]


def test_blocking_twice_changes_nothing_more(desk) -> None:
    bulk.block_words(desk.project, desk.label("State"), "Orsk")
    assert bulk.block_words(desk.project, desk.label("State"), "  orsk ").set_id is None


def test_undo_of_a_block_and_its_removal_restores_both(desk) -> None:
    bulk.block_words(desk.project, desk.label("State"), "Orsk")
    blocked = _state(desk)
    bulk.unblock_words(desk.project, [blocked_words(desk.project)[0].id])
    history.undo(desk.project)
    assert _state(desk) == blocked
