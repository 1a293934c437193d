"""Leaving parts of texts out of the work: they merge, split, lose their suggestions, and take no labels."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage import history, queries
from storage.doctor import check
from storage.errors import ExcludedPartError, InvalidEditError, StaleEditError
from storage.operations import bulk, documents, links, spans, stretches
from storage.records import Fragment, StretchKind
from storage.stretch_queries import stretches_in

SPEAKER, CLAIM = "Ilya Brandt", "Orsk and Velmar face a joint threat"


def _excluded(bench) -> list[tuple[int, int, str]]:
    found = stretches_in(bench.project, bench.document_id)
    return [(s.start_cp, s.end_cp, s.value) for s in found if s.kind is StretchKind.EXCLUDED]


def _state(bench):
    return bench.state(), stretches_in(bench.project, bench.document_id)


@pytest.mark.parametrize(
    ("marked", "left"),
    [
        ([(0, 10, "a"), (20, 30, "b")], [(0, 10, "a"), (20, 30, "b")]),
        ([(0, 10, "a"), (10, 20, "a")], [(0, 20, "a")]),
        ([(0, 10, "a"), (10, 20, "b")], [(0, 10, "a"), (10, 20, "b")]),
        ([(0, 10, "a"), (5, 20, "")], [(0, 20, "a")]),
        ([(0, 10, "a"), (20, 30, "b"), (5, 25, "c")], [(0, 30, "c")]),
        ([(0, 30, "a"), (5, 10, "b")], [(0, 30, "a")]),
    ],
)
def test_parts_that_overlap_become_one(bench, marked, left) -> None:
    for start, end, reason in marked:
        stretches.exclude(bench.project, bench.document_id, Fragment(start, end), reason=reason)
    assert _excluded(bench) == left


def test_taking_a_part_in_leaves_what_lies_beside_it_as_it_was_declared(bench) -> None:
    stretches.exclude(bench.project, bench.document_id, Fragment(0, 30), reason="navigation")
    (declared,) = stretches_in(bench.project, bench.document_id)
    before = _state(bench)
    stretches.include(bench.project, bench.document_id, Fragment(10, 20))
    assert _excluded(bench) == [(0, 10, "navigation"), (20, 30, "navigation")]
    left = stretches_in(bench.project, bench.document_id)
    assert {(s.at, s.analyst_id) for s in left} == {(declared.at, declared.analyst_id)}
    bench.undo()
    assert _state(bench) == before


def test_what_changes_nothing_leaves_no_entry(bench) -> None:
    stretches.exclude(bench.project, bench.document_id, Fragment(0, 30))
    assert stretches.exclude(bench.project, bench.document_id, Fragment(5, 30)).set_id is None
    assert stretches.include(bench.project, bench.document_id, Fragment(30, 40)).set_id is None


@pytest.mark.parametrize("stretch", [(-1, 5), (5, 5), (9, 5), (0, 9_999)])
def test_parts_outside_the_text_are_refused(bench, stretch) -> None:
    for work in (stretches.exclude, stretches.include):
        with pytest.raises(InvalidEditError, match="outside"):
            work(bench.project, bench.document_id, Fragment(*stretch))


def test_removed_documents_have_no_parts(bench) -> None:
    documents.remove_document(bench.project, bench.document_id)
    with pytest.raises(StaleEditError, match="no longer in the project"):
        stretches.exclude(bench.project, bench.document_id, Fragment(0, 5))


def test_suggestions_in_an_excluded_part_go_and_undo_brings_them_back(bench) -> None:
    bench.suggest_card()
    bench.suggest(("person", "country"), suggester="other")
    before = _state(bench)
    (part,) = bench.at("said that Orsk")  # reaches into the claim, holds its cue
    changes = stretches.exclude(bench.project, bench.document_id, part)
    assert bench.states == {SPEAKER: "suggested", "country": "suggested"}
    assert len(changes.spans) == 2
    assert len(changes.links) == 2
    assert bench.links == ()
    assert queries.document_items(bench.project)[0].undecided == 2
    bench.undo()
    assert _state(bench) == before
    history.redo(bench.project)
    assert bench.states == {SPEAKER: "suggested", "country": "suggested"}
    assert check(bench.project) == []


def test_what_people_decided_or_noted_in_an_excluded_part_stays(bench) -> None:
    bench.suggest_card()
    spans.accept(bench.project, [bench.span(SPEAKER).id])
    spans.annotate(bench.project, bench.span("said").id, note="look again")
    links.connect(bench.project, "target", bench.span(CLAIM).id, bench.draw("State", "Velmar").id)
    before = _state(bench)
    stretches.exclude(bench.project, bench.document_id, Fragment(0, 100))
    assert _state(bench)[0] == before[0]
    bench.undo()
    assert _state(bench) == before


def test_suggesters_leave_excluded_parts_alone_until_they_are_taken_in(bench) -> None:
    (part,) = bench.at("Orsk and Velmar")
    stretches.exclude(bench.project, bench.document_id, part)
    proposed = (("person", SPEAKER), ("state", "Orsk"), ("claim", CLAIM))
    bench.suggest(*proposed, links=(("speaker", CLAIM, SPEAKER),))
    assert bench.states == {SPEAKER: "suggested"}
    assert queries.documents_to_suggest(bench.project, "rules", "1") == []
    stretches.include(bench.project, bench.document_id, part)
    assert queries.documents_to_suggest(bench.project, "rules", "1") == [bench.document_id]
    bench.suggest(*proposed, links=(("speaker", CLAIM, SPEAKER),))
    assert set(bench.states) == {SPEAKER, "Orsk", CLAIM}
    assert len(bench.links) == 1


def test_undo_brings_back_what_still_has_its_ends(bench) -> None:
    bench.suggest_card()
    (part,) = bench.at("joint threat")
    stretches.exclude(bench.project, bench.document_id, part)
    bench.suggest(("cue", "said"), version="2")  # the speaker is suggested no more
    bench.undo()
    assert bench.states == {CLAIM: "suggested", "said": "suggested"}
    assert bench.link_states == {("cue", CLAIM, "said"): "suggested"}


def test_what_is_excluded_once_more_loses_what_was_suggested_meanwhile(bench) -> None:
    (part,) = bench.at("Orsk and Velmar")
    stretches.exclude(bench.project, bench.document_id, part)
    stretches.include(bench.project, bench.document_id, part)
    bench.suggest(("state", "Orsk"))
    bench.undo()
    assert bench.states == {}
    history.redo(bench.project)
    assert bench.states == {"Orsk": "suggested"}
    bench.undo()
    bench.undo()
    history.redo(bench.project)
    assert (bench.states, _excluded(bench)) == ({}, [(*part, "")])


def test_nothing_doubles_when_suggestions_come_back(bench) -> None:
    bench.suggest(("state", "Orsk"))
    (part,) = bench.at("Orsk and Velmar")
    stretches.exclude(bench.project, bench.document_id, part)
    stretches.include(bench.project, bench.document_id, part)
    bench.suggest(("state", "Orsk"), version="2")
    bench.undo()
    bench.undo()
    assert bench.states == {"Orsk": "suggested"}
    assert check(bench.project) == []


def test_nothing_is_labelled_in_an_excluded_part(bench) -> None:
    speaker = bench.draw("Person", SPEAKER)
    (part,) = bench.at(CLAIM)
    stretches.exclude(bench.project, bench.document_id, part)
    bench.unchanged_by(ExcludedPartError, "press Z", lambda: bench.draw("State", "Orsk"))
    wide = (Fragment(speaker.start_cp, part.start_cp + 4),)
    bench.unchanged_by(ExcludedPartError, "press Z", lambda: spans.resize(bench.project, speaker.id, wide))
    places = [(bench.document_id, *bench.at(words)[0]) for words in ("Orsk", "Port Selin")]
    bulk.label_many(bench.project, bench.label("State"), places=places)
    assert set(bench.states) == {SPEAKER, "Port Selin"}


def test_parts_of_many_documents_are_one_action(bench) -> None:
    others = [bench.add(f"Other {n}", f"Subscribe now!\nTaval answers {n}.") for n in range(3)]
    stretches.exclude(bench.project, others[0], Fragment(0, 5), reason="advert")
    places = [(ident, 0, 14) for ident in others]
    changes = stretches.exclude_many(bench.project, [*places, places[0]], reason="boilerplate")
    assert changes.documents == frozenset(others)
    found = [[(s.start_cp, s.end_cp, s.value) for s in stretches_in(bench.project, ident)] for ident in others]
    assert found == [[(0, 14, "boilerplate")]] * 3
    bench.undo()
    left = [[(s.start_cp, s.end_cp, s.value) for s in stretches_in(bench.project, ident)] for ident in others]
    assert left == [[(0, 5, "advert")], [], []]
    assert check(bench.project) == []


_STEPS = st.lists(st.tuples(st.booleans(), st.integers(0, 28), st.integers(1, 12)), max_size=12)


@given(steps=_STEPS)
@settings(max_examples=20, deadline=None)
def test_parts_are_what_a_set_of_characters_says(make_bench, steps) -> None:
    bench, marked = make_bench(), set()
    for is_marked, start, length in steps:
        stretch = Fragment(start, start + length)
        work = stretches.exclude if is_marked else stretches.include
        work(bench.project, bench.document_id, stretch)
        (marked.update if is_marked else marked.difference_update)(range(*stretch))
        found = [range(start, end) for start, end, _ in _excluded(bench)]
        assert {cp for part in found for cp in part} == marked
        assert sum(map(len, found)) == len(marked)
    for _ in steps:
        bench.undo()
    assert _excluded(bench) == []
    bench.project.close()
