"""What people confirm is found elsewhere at once, and goes again with the confirmation."""

from __future__ import annotations

import pytest

from storage import history, memory, provenance, queries
from storage.doctor import check
from storage.memory import REMEMBERING, recall
from storage.memory_plan import Plan, Wanted, first_of
from storage.operations import actors, bulk, codebook, documents, review, settings, spans
from storage.project import Project
from storage.records import Fragment, LabelKind, LabelRecord, Origin, State
from storage.search_index import update_index

OTHER = "Orsk answers. The envoy of Orsk met Velmar and Ilya Brandt; he praised orsk-made tea. Orskian tea!"


@pytest.fixture
def two(bench):
    """The bench with a second document, both in the full-text index."""
    bench.other = bench.add("Answer", OTHER)
    update_index(bench.project)
    return bench


def draw(bench, label: str, words: str, document_id: int | None = None, text: str | None = None) -> None:
    document_id = document_id or bench.document_id
    text = text or queries.document_text(bench.project, document_id)
    spans.draw(bench.project, document_id, bench.label(label), bench.at(words, text))


def standing(bench, document_id: int | None = None) -> list[tuple[str, int, str, str]]:
    """Return label, start, words and state of every span of a document, in text order."""
    names = {label.id: label.name for label in queries.codebook(bench.project).labels}
    content = queries.document_content(bench.project, document_id or bench.document_id)
    return sorted((names[s.label_id], s.start_cp, s.quote, s.state.value) for s in content.spans)


def suggested(bench, document_id: int | None = None) -> list[str]:
    return [words for _, _, words, state in standing(bench, document_id) if state == "suggested"]


def ids(bench, document_id: int, words: str) -> list[int]:
    content = queries.document_content(bench.project, document_id)
    return [span.id for span in content.spans if span.quote == words]


def test_confirmed_words_are_suggested_wherever_else_they_stand(two) -> None:
    draw(two, "State", "Orsk")
    done = recall(two.project)
    assert (done.added, done.dropped, done.documents, done.is_whole) == ({"Orsk": 2}, 0, 1, True)
    assert standing(two, two.other) == [("State", 0, "Orsk", "suggested"), ("State", 27, "Orsk", "suggested")]
    span = queries.spans_by_id(two.project, ids(two, two.other, "Orsk")).popitem()[1]
    run = provenance.runs(two.project)[span.run_id]
    assert (run.suggester, span.origin, span.reason) == (
        "memory",
        Origin.SUGGESTER,
        "you confirmed these words in “Talks”",
    )
    assert 0.85 < span.score < 1
    assert check(two.project) == []


def test_nothing_is_done_twice(two) -> None:
    draw(two, "State", "Orsk")
    recall(two.project)
    before = standing(two, two.other)
    assert recall(two.project).added == {}
    draw(two, "State", "Orsk", two.other)  # one of them is accepted: nothing new is to be learnt
    assert recall(two.project).added == {}
    assert [row[:3] for row in standing(two, two.other)] == [row[:3] for row in before]


def test_undoing_the_confirmation_takes_the_suggestions_away_and_redoing_brings_them_back(two) -> None:
    draw(two, "State", "Orsk")
    recall(two.project)
    history.undo(two.project)
    assert recall(two.project).dropped == 2
    assert suggested(two, two.other) == []
    history.redo(two.project)
    assert recall(two.project).added == {"Orsk": 2}
    assert suggested(two, two.other) == ["Orsk", "Orsk"]


def test_a_decision_that_teaches_nothing_new_is_found_to_be_one_by_its_words_alone(two, monkeypatch) -> None:
    draw(two, "State", "Orsk")
    recall(two.project)
    whole = []
    monkeypatch.setattr(memory, "_work", lambda *_: whole.append(1) or memory._Work(None, frozenset(), frozenset(), ()))
    first = ids(two, two.other, "Orsk")[0]
    recall(two.project, sets=[spans.accept(two.project, [first]).set_id])
    recall(two.project, sets=[history.undo(two.project).set_id])
    assert whole == []
    recall(two.project, sets=[spans.reject(two.project, [first]).set_id])
    assert whole == [1]


def test_words_parted_by_other_white_space_count_as_the_same(two) -> None:
    third = two.add("Wrapped", "Ilya\nBrandt and Ilya Brandt.")
    changes = spans.draw(two.project, third, two.label("Person"), (Fragment(0, 11),))
    assert recall(two.project, sets=[changes.set_id]).added == {"Ilya Brandt": 3}
    changes = spans.draw(two.project, third, two.label("Person"), (Fragment(16, 27),))
    assert recall(two.project, sets=[changes.set_id]).added == {}


def test_it_is_no_step_of_undo(two) -> None:
    draw(two, "State", "Orsk")
    recall(two.project)
    assert history.next_undo(two.project).operation == "draw"


def test_what_was_decided_in_between_stays_and_can_be_undone(two) -> None:
    draw(two, "State", "Orsk")
    recall(two.project)
    first, second = ids(two, two.other, "Orsk")
    spans.accept(two.project, [first])
    spans.reject(two.project, [second])
    states = standing(two, two.other)
    for _ in range(3):
        history.undo(two.project)
        recall(two.project)
    assert set(suggested(two, two.other)) <= {"Orsk"}
    for _ in range(3):
        history.redo(two.project)
        recall(two.project)
    assert standing(two, two.other) == states


@pytest.mark.parametrize("how", ["accept", "relabel", "link"])
def test_a_suggestion_that_is_confirmed_is_remembered_like_a_drawn_one(two, how) -> None:
    two.suggest(("person", "Velmar"))
    (span_id,) = ids(two, two.document_id, "Velmar")
    if how == "accept":
        spans.accept(two.project, [span_id])
    elif how == "relabel":
        spans.relabel(two.project, span_id, two.label("State"))
    else:
        actors.create_actor(two.project, "Velmar", mention_ids=(span_id,))
    recall(two.project)
    label = "State" if how == "relabel" else "Person"
    assert standing(two, two.other) == [(label, 36, "Velmar", "suggested")]
    actor = queries.spans_by_id(two.project, ids(two, two.other, "Velmar")).popitem()[1].actor_id
    assert (actor is not None) == (how == "link")


def test_claims_cues_pronouns_and_imported_spans_are_not_remembered(two) -> None:
    draw(two, "Claim", "Orsk and Velmar")
    draw(two, "Cue", "said")
    draw(two, "Person", "he")
    with two.project.change("x") as scope:
        scope.connection.exec_driver_sql("UPDATE span SET origin = 'import' WHERE quote = 'Orsk'")
    assert recall(two.project).added == {}


def test_the_longest_words_win_whatever_was_confirmed_first(two) -> None:
    text = "Brandt, Ilya Brandt, Brandt."
    third = two.add("Names", text)
    draw(two, "Person", "Brandt")
    recall(two.project)
    draw(two, "Group", "Ilya Brandt", two.other)
    recall(two.project)
    assert standing(two, third) == [
        ("Group", 8, "Ilya Brandt", "suggested"),
        ("Person", 0, "Brandt", "suggested"),
        ("Person", 21, "Brandt", "suggested"),
    ]


def test_nothing_is_suggested_over_what_people_did(two) -> None:
    draw(two, "Group", "envoy of Orsk", two.other)
    two_orsk = ids(two, two.other, "envoy of Orsk")
    draw(two, "State", "Orsk")
    recall(two.project)
    assert [row[1] for row in standing(two, two.other)] == [18, 0]
    spans.reject(two.project, ids(two, two.other, "Orsk"))
    spans.remove(two.project, two_orsk)
    draw(two, "State", "Velmar")
    review.mark_reviewed(two.project, two.other, Fragment(30, 60))
    recall(two.project)
    assert suggested(two, two.other) == []


def test_a_suggestion_of_another_suggester_is_not_doubled(two) -> None:
    place = two.at("Orsk", OTHER)
    two.suggest_at(two.other, ("state", place))
    draw(two, "State", "Orsk")
    recall(two.project)
    assert [row[1] for row in standing(two, two.other)] == [0, 27]


def test_an_undecided_suggestion_of_another_label_gives_way_and_comes_back(two) -> None:
    two.suggest_at(two.other, ("person", two.at("Orsk", OTHER)))
    before = queries.document_content(two.project, two.other).spans
    draw(two, "State", "Orsk")
    recall(two.project)
    taken = queries.document_content(two.project, two.other).spans[0]
    assert (taken.id, taken.label_id) == (before[0].id, two.label("State"))
    two.suggest_at(two.other, ("person", two.at("Orsk", OTHER)), version="2")  # read again by those who proposed it
    recall(two.project)
    assert len(standing(two, two.other)) == 2
    history.undo(two.project)
    recall(two.project)
    assert queries.document_content(two.project, two.other).spans == before


def test_what_is_hidden_for_its_score_gives_way_and_is_not_in_the_way(two) -> None:
    two.suggest_at(two.other, ("state", two.at("Orsk", OTHER)), ("group", two.at("envoy of Orsk", OTHER)))
    settings.set_least_scores(two.project, {two.label("State"): 0.85, two.label("Group"): 0.85})
    draw(two, "State", "Orsk")
    recall(two.project)
    content = queries.document_content(two.project, two.other)
    shown = [(span.quote, span.start_cp) for span in content.spans if span.score >= 0.85]
    assert shown == [("Orsk", 0), ("Orsk", 27)]
    assert queries.document_items(two.project, [two.other])[0].undecided == 2
    history.undo(two.project)
    recall(two.project)
    after = queries.document_content(two.project, two.other).spans
    assert [(span.quote, span.score) for span in after] == [("Orsk", 0.8), ("envoy of Orsk", 0.8)]
    assert check(two.project) == []


def test_what_an_analyst_noted_or_touched_does_not_give_way(two) -> None:
    two.suggest_at(two.other, ("person", two.at("Orsk", OTHER)))
    spans.annotate(two.project, ids(two, two.other, "Orsk")[0], note="who?")
    draw(two, "State", "Orsk")
    recall(two.project)
    assert standing(two, two.other)[0] == ("Person", 0, "Orsk", "suggested")


def test_the_actor_that_all_confirmed_mentions_have_is_proposed(two) -> None:
    two.suggest_at(two.other, ("state", two.at("Orsk", OTHER)))
    draw(two, "State", "Orsk")
    recall(two.project)
    actors.create_actor(two.project, "Republic of Orsk", mention_ids=(two.span("Orsk").id,))
    recall(two.project)
    content = queries.document_content(two.project, two.other)
    (actor,) = queries.actors(two.project)
    assert {span.actor_id for span in content.spans} == {actor.id}
    history.undo(two.project)
    recall(two.project)
    assert {span.actor_id for span in queries.document_content(two.project, two.other).spans} == {None}


def test_words_of_two_actors_propose_neither(two) -> None:
    draw(two, "Person", "Ilya Brandt")
    actors.create_actor(two.project, "Ilya Brandt", mention_ids=(two.span("Ilya Brandt").id,))
    third = two.add("Other man", "Ilya Brandt is a baker.")
    draw(two, "Person", "Ilya Brandt", third)
    actors.create_actor(two.project, "Ilya Brandt (baker)", mention_ids=tuple(ids(two, third, "Ilya Brandt")))
    recall(two.project)
    assert queries.spans_by_id(two.project, ids(two, two.other, "Ilya Brandt")).popitem()[1].actor_id is None


def test_words_are_remembered_while_more_places_are_confirmed_than_rejected(two) -> None:
    draw(two, "State", "Orsk")
    recall(two.project)
    third = two.add("More", "Orsk. Orsk. Orsk.")
    recall(two.project)
    first, _ = ids(two, two.other, "Orsk")
    spans.reject(two.project, [first])
    assert recall(two.project).dropped == 4
    assert (suggested(two, two.other), suggested(two, third)) == ([], [])
    draw(two, "State", "Orsk", third)
    recall(two.project)
    assert (len(suggested(two, two.other)), len(suggested(two, third))) == (1, 2)


def test_blocked_words_are_remembered_no_more(two) -> None:
    draw(two, "State", "Orsk")
    recall(two.project)
    bulk.block_words(two.project, two.label("State"), "orsk")
    recall(two.project)
    assert {row[3] for row in standing(two, two.other)} == {"rejected"}
    third = two.add("More", "Orsk.")
    recall(two.project)
    assert standing(two, third) == []


def test_words_rejected_again_and_again_are_proposed_by_nobody(two) -> None:
    third = two.add("Tea", "Velmar tea, Velmar tea, Velmar tea, Velmar tea.")
    places = [(Fragment(n, n + 6),) for n in (0, 12, 24, 36)]
    two.suggest_at(third, *(("state", place) for place in places))
    rejected = ids(two, third, "Velmar")
    spans.reject(two.project, rejected[:2])
    two.suggest(("state", "Velmar"))
    assert suggested(two) == ["Velmar"]
    two.suggest()
    spans.reject(two.project, rejected[2:3])
    two.suggest(("state", "Velmar"), ("person", "Ilya Brandt"))
    assert suggested(two) == ["Ilya Brandt"]
    spans.accept(two.project, rejected[3:])
    two.suggest(("state", "Velmar"))
    assert suggested(two) == ["Velmar"]


def test_new_and_returning_documents_get_what_is_remembered(two) -> None:
    draw(two, "State", "Orsk")
    recall(two.project)
    third = two.add("Later", "Orsk and Velmar.")
    recall(two.project)
    assert suggested(two, third) == ["Orsk"]
    documents.remove_document(two.project, third)
    draw(two, "State", "Velmar")
    recall(two.project)
    history.undo(two.project)  # of the drawing
    history.undo(two.project)  # of the removal
    draw(two, "State", "Velmar")
    recall(two.project)
    assert suggested(two, third) == ["Orsk", "Velmar"]


def test_what_is_confirmed_in_a_removed_document_is_forgotten(two) -> None:
    draw(two, "State", "Velmar", two.other)
    recall(two.project)
    assert suggested(two) == ["Velmar"]
    documents.remove_document(two.project, two.other)
    recall(two.project)
    assert suggested(two) == []
    history.undo(two.project)
    recall(two.project)
    assert suggested(two) == ["Velmar"]


def test_other_suggesters_come_before_memory_in_documents_read_later(two) -> None:
    draw(two, "State", "Orsk")
    recall(two.project)
    two.suggest_at(two.other, ("group", two.at("envoy of Orsk", OTHER)))
    recall(two.project)
    assert [(row[0], row[1]) for row in standing(two, two.other)] == [("Group", 18), ("State", 0)]


def test_memory_is_switched_off_for_a_label_and_wholly(two) -> None:
    draw(two, "State", "Orsk")
    draw(two, "Person", "Ilya Brandt")
    recall(two.project)
    settings.set_remembered(two.project, two.label("State"), is_remembered=False)
    recall(two.project)
    assert suggested(two, two.other) == ["Ilya Brandt"]
    settings.set_remembering(two.project, is_on=False)
    recall(two.project)
    assert suggested(two, two.other) == []
    history.undo(two.project)
    history.undo(two.project)
    recall(two.project)
    assert sorted(suggested(two, two.other)) == ["Ilya Brandt", "Orsk", "Orsk"]


def test_a_removed_label_takes_its_memory_along(two) -> None:
    codebook.add_label(two.project, LabelRecord(0, LabelKind.ACTOR, "Harbour"))
    draw(two, "Harbour", "Orsk")
    recall(two.project)
    from storage.operations.codebook_removal import remove_label

    remove_label(two.project, two.label("Harbour"))
    recall(two.project)
    assert suggested(two, two.other) == []
    assert check(two.project) == []


def test_work_that_is_stopped_is_done_the_next_time(two) -> None:
    draw(two, "State", "Orsk")
    assert not recall(two.project, proceed=lambda _done, _total: False).is_whole
    assert suggested(two, two.other) == []
    two.project.close()
    two.project = Project.open(two.project.path)
    assert recall(two.project).added == {"Orsk": 2}


def test_a_decision_in_between_is_seen(two) -> None:
    """Someone draws over the place between planning and writing: the plan is made anew."""
    draw(two, "State", "Orsk")
    real = two.project.change
    written = []

    def change(operation, **more):
        if operation == REMEMBERING and not written:
            written.append(operation)
            draw(two, "Group", "envoy of Orsk", two.other)
        return real(operation, **more)

    two.project.change = change
    recall(two.project)
    assert [(row[0], row[1]) for row in standing(two, two.other)] == [("Group", 18), ("State", 0)]


def test_links_of_others_to_a_suggestion_of_memory_go_with_it(two) -> None:
    draw(two, "State", "Orsk", two.other)
    recall(two.project)
    claim = "No country is safe"
    two.suggest(("claim", claim), ("state", "Orsk"), links=(("speaker", claim, "Orsk"),))
    recall(two.project)
    assert list(two.link_states.values()) == ["suggested"]
    assert [span.quote for span in two.spans] == ["Orsk", claim]
    spans.remove(two.project, ids(two, two.other, "Orsk")[:1])
    recall(two.project)
    assert ([span.quote for span in two.spans], two.links) == ([claim], ())


def test_the_document_on_screen_comes_first(two) -> None:
    draw(two, "State", "Velmar", two.add("Third", "Velmar."))
    told = []
    recall(two.project, first=two.other, announce=lambda changes: told.append(sorted(changes.documents)))
    assert told[0][-1] == two.other or two.other in told[0]
    assert {state for *_, state in standing(two, two.other)} == {State.SUGGESTED.value}


def test_decisions_in_other_documents_let_the_plan_stand(two, monkeypatch) -> None:
    """Who decides all the time does not make memory plan all the time."""
    draw(two, "State", "Orsk")
    plans, real_plans, real_change = [], memory._plans, two.project.change

    def change(operation, **more):
        if operation == REMEMBERING and len(plans) == 1:
            draw(two, "Group", "we")
        return real_change(operation, **more)

    monkeypatch.setattr(memory, "_plans", lambda *args: plans.append(1) or real_plans(*args))
    two.project.change = change
    monkeypatch.setattr(memory, "_MOST_DOCUMENTS", 1)
    recall(two.project, first=two.other)
    assert len(suggested(two, two.other)) == 2
    assert len(plans) == 2


def test_much_to_do_in_one_document_is_done_in_parts_between_which_decisions_go_on(two, monkeypatch) -> None:
    long = two.add("Long", "Velmar waits. Taval waits. " * 10)
    draw(two, "State", "Velmar", long)
    monkeypatch.setattr(memory, "_MOST_AT_ONCE", 4)
    monkeypatch.setattr(memory, "_MOST_DOCUMENTS", 1)
    told, plans, real_plans = [], [], memory._plans
    monkeypatch.setattr(memory, "_plans", lambda *args: plans.append(1) or real_plans(*args))

    def follow(changes) -> None:
        told.append(len(changes.spans))
        if len(told) == 1:
            draw(two, "Person", "Taval", long)  # makes the rest of the plan void

    done = recall(two.project, first=long, announce=follow)
    assert suggested(two, long).count("Velmar") == 9
    assert told[:3] == [4, 4, 1]
    assert len(plans) > len(queries.document_items(two.project))
    assert (done.added["Velmar"], done.is_whole) == (sum(told), True)


def test_it_can_be_ended_between_two_parts_and_goes_on_later(two, monkeypatch) -> None:
    long = two.add("Long", "Velmar waits. " * 10)
    draw(two, "State", "Velmar", long)
    monkeypatch.setattr(memory, "_MOST_AT_ONCE", 4)
    monkeypatch.setattr(memory, "_MOST_DOCUMENTS", 1)
    told = []
    done = recall(two.project, first=long, announce=told.append, proceed=lambda _done, _total: not told)
    assert (done.is_whole, len(suggested(two, long))) == (False, 4)
    assert recall(two.project).is_whole
    assert len(suggested(two, long)) == 9


def test_parts_take_what_goes_first() -> None:
    plan = Plan(1, "", [Wanted(((0, 1),), "a"), Wanted(((2, 3),), "b")], {7: Wanted(((4, 5),), "c")}, [8, 9])
    sizes, rest = [], [plan]
    while rest:
        part, rest = first_of(rest, 2)
        sizes.append([(len(p.drop), len(p.take), len(p.add)) for p in part])
    assert sizes == [[(2, 0, 0)], [(0, 1, 1)], [(0, 0, 1)]]
