"""Linking a mention to an actor teaches the name by which it goes there."""

from __future__ import annotations

import pytest

from storage import history, queries
from storage.memory import recall
from storage.operations import actors, spans


@pytest.fixture
def brandt(bench):
    """The registry knows “Ilya Brandt”; a mention in the document says “we”, another “Brandt”."""
    actors.create_actor(bench.project, "Ilya Sergey Brandt", label_id=bench.label("Person"))
    bench.actor_id = queries.actors(bench.project)[0].id
    return bench


def aliases(bench) -> tuple[str, ...]:
    return next(actor.aliases for actor in queries.actors(bench.project) if actor.id == bench.actor_id)


@pytest.mark.parametrize("how", ["set actor", "link mentions"])
def test_a_name_becomes_an_alias_and_goes_with_an_undo(brandt, how) -> None:
    span = brandt.draw("Person", "Ilya Brandt")
    before = brandt.state()
    if how == "set actor":
        spans.set_actor(brandt.project, [span.id], brandt.actor_id)
    else:
        actors.link_mentions(brandt.project, {span.id: brandt.actor_id})
    assert aliases(brandt) == ("Ilya Brandt",)
    history.undo(brandt.project)
    assert brandt.state() == before
    history.redo(brandt.project)
    assert aliases(brandt) == ("Ilya Brandt",)


def test_an_actor_made_of_a_mention_under_another_name_learns_it(bench) -> None:
    span = bench.draw("State", "Orsk")
    actors.create_actor(bench.project, "Republic of Orsk", mention_ids=(span.id,))
    assert queries.actors(bench.project)[0].aliases == ("Orsk",)


@pytest.mark.parametrize("words", ["he", "we", "a joint threat", "No country", "Brandt"])
def test_pronouns_descriptions_and_bare_surnames_are_no_aliases(brandt, words) -> None:
    spans.set_actor(brandt.project, [brandt.draw("Person", words).id], brandt.actor_id)
    assert aliases(brandt) == ()


def test_a_name_that_differs_in_case_and_a_name_of_another_actor_are_not_learnt(brandt) -> None:
    actors.create_actor(brandt.project, "Orsk", aliases=("Velmar",))
    actors.add_alias(brandt.project, brandt.actor_id, "ILYA  Brandt")
    for words in ("Ilya Brandt", "Orsk", "Velmar"):
        spans.set_actor(brandt.project, [brandt.draw("Person", words).id], brandt.actor_id)
    assert aliases(brandt) == ("ILYA Brandt",)


def test_equal_mentions_elsewhere_get_the_actor_proposed(brandt) -> None:
    other = brandt.add("Other", "Ilya Brandt came.")
    spans.set_actor(brandt.project, [brandt.draw("Person", "Ilya Brandt").id], brandt.actor_id)
    recall(brandt.project)
    (span,) = queries.document_content(brandt.project, other).spans
    assert (span.actor_id, span.state) == (brandt.actor_id, "suggested")
