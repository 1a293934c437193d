from __future__ import annotations

import pytest

from nlp.suggestion import DocumentSuggestions, Range, SuggestedSpan
from storage import queries
from storage.entities import SPAN
from storage.equal import EqualOnes, equal_ones
from storage.errors import StaleEditError
from storage.operations import actors, review, settings, spans
from storage.records import Fragment, Sameness, State
from storage.suggesting import store_suggestions

FIRST = "Orsk warned Velmar. ORSK said no. The Orsk Shipping Company agreed with Orsk."
SECOND = "In Orsk\nand in orsk. Orsk again."


@pytest.fixture
def desk(bench):
    """Two documents in which some places of the word are suggested, and one of a longer name."""
    bench.first_id, bench.second_id = bench.add("First", FIRST), bench.add("Second", SECOND)
    _suggest(bench, bench.first_id, [("state", 0, 4), ("state", 20, 24), ("organisation", 38, 59)])
    _suggest(bench, bench.second_id, [("person", 3, 7)])
    return bench


def _suggest(bench, document_id: int, found) -> None:
    proposed = tuple(
        SuggestedSpan(n, code, (Range(start, end),), 0.9, reason="a name") for n, (code, start, end) in enumerate(found)
    )
    store_suggestions(bench.project, DocumentSuggestions(document_id, "rules", "1", "", proposed))


def _span(bench, document_id: int, start_cp: int):
    content = queries.document_content(bench.project, document_id)
    return next(span for span in content.spans if span.start_cp == start_cp)


def _places(hits) -> list[tuple[str, int]]:
    return [(hit.title, hit.start_cp) for hit in hits]


def _equal(bench, sameness: Sameness, document_id: int | None = None) -> EqualOnes:
    span = _span(bench, bench.first_id, 0)
    return equal_ones(bench.project, span.id, sameness, document_id=document_id)


def test_exact_words_in_the_document(desk) -> None:
    found = _equal(desk, Sameness.EXACT, desk.first_id)
    assert _places(found.hits) == [("First", 0)]
    assert _places(found.bare) == [("First", FIRST.rindex("Orsk"))]


def test_what_is_hidden_for_its_score_is_neither_offered_nor_in_the_way(desk) -> None:
    settings.set_least_scores(desk.project, {desk.label("Person"): 0.95, desk.label("Organisation"): 0.95})
    found = _equal(desk, Sameness.FOLDED)
    assert _places(found.hits) == [("First", 0), ("First", 20)]
    assert ("Second", 3) not in _places(found.bare)
    assert ("First", 38) in _places(found.bare)
    actors.create_actor(desk.project, "Orsk", mention_ids=(_span(desk, desk.first_id, 0).id,))
    actor = queries.actors(desk.project)[0].id
    with desk.project.change("suggest") as scope:
        scope.journal.update(SPAN, _span(desk, desk.second_id, 3).id, {"actor_id": actor})
    assert _places(_equal(desk, Sameness.ACTOR).hits) == [("First", 0)]


def test_words_of_any_case_in_the_project_with_what_stands_there(desk) -> None:
    found = _equal(desk, Sameness.FOLDED)
    assert _places(found.hits) == [("First", 0), ("First", 20), ("Second", 3)]
    assert [hit.mark.label_id for hit in found.hits] == [desk.label("State")] * 2 + [desk.label("Person")]
    bare = [("Talks", 43), ("First", FIRST.rindex("Orsk")), ("Second", 15), ("Second", 21)]
    assert _places(found.bare) == bare


def test_a_place_within_a_longer_mention_is_not_offered(desk) -> None:
    inside = FIRST.index("Orsk Shipping")
    assert ("First", inside) not in _places(_equal(desk, Sameness.FOLDED).bare)
    spans.reject(desk.project, [_span(desk, desk.first_id, 38).id])
    assert ("First", inside) in _places(_equal(desk, Sameness.FOLDED).bare)


def test_what_was_rejected_is_neither_listed_nor_offered(desk) -> None:
    spans.reject(desk.project, [_span(desk, desk.first_id, 20).id])
    found = _equal(desk, Sameness.FOLDED, desk.first_id)
    assert ("First", 20) not in _places(found.hits) + _places(found.bare)


def test_reviewed_stretches_have_nothing_more_to_offer(desk) -> None:
    review.mark_reviewed(desk.project, desk.second_id, Fragment(0, len(SECOND)))
    found = _equal(desk, Sameness.FOLDED)
    assert "Second" not in {hit.title for hit in found.bare}
    assert ("Second", 3) in _places(found.hits)


def test_confirmed_ones_are_listed_with_their_state(desk) -> None:
    spans.accept(desk.project, [_span(desk, desk.first_id, 20).id])
    states = [hit.mark.state for hit in _equal(desk, Sameness.FOLDED, desk.first_id).hits]
    assert states == [State.SUGGESTED, State.CONFIRMED]


def test_mentions_of_the_same_actor_whatever_their_words(desk) -> None:
    mentions = (_span(desk, desk.first_id, 0).id, _span(desk, desk.first_id, 38).id, _span(desk, desk.second_id, 3).id)
    actors.create_actor(desk.project, "Orsk", mention_ids=mentions)
    found = _equal(desk, Sameness.ACTOR)
    assert [hit.words for hit in found.hits] == ["Orsk", "Orsk Shipping Company", "Orsk"]
    assert found.bare == ()
    assert _places(_equal(desk, Sameness.ACTOR, desk.first_id).hits) == [("First", 0), ("First", 38)]


def test_a_mention_without_an_actor_has_only_itself(desk) -> None:
    assert _places(_equal(desk, Sameness.ACTOR).hits) == [("First", 0)]


def test_a_span_in_pieces_is_in_its_own_list(desk) -> None:
    pieces = (Fragment(0, 4), Fragment(12, 18))
    spans.draw(desk.project, desk.first_id, desk.label("Claim"), pieces)
    content = queries.document_content(desk.project, desk.first_id)
    split = next(span for span in content.spans if len(span.fragments) == 2)
    found = equal_ones(desk.project, split.id, Sameness.EXACT)
    assert [hit.fragments for hit in found.hits] == [pieces]


def test_a_span_that_is_gone_is_told(desk) -> None:
    with pytest.raises(StaleEditError):
        equal_ones(desk.project, 999, Sameness.EXACT)
