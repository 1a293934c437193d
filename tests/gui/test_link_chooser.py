"""Who says it, about whom, and which actor it is: chosen by key, drawn while choosing, or drawn by mouse."""

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication, QMenu

from storage.operations.actors import create_actor
from storage.queries import actors

CLAIM = "that Orsk would pay for the harbour"
QUOTE = "“We pay for nothing,”"
PROPOSAL = -1


def _proposed(desk):
    link = desk.view.page.index.links.get(PROPOSAL)
    return None if link is None else desk.view.page.index.spans[link.to_id].quote


def _focus(desk, words):
    desk.view.focus_span(desk.stored(words).id)
    desk.view.setFocus()


def test_s_proposes_the_nearest_mention_and_enter_takes_it(desk):
    _focus(desk, QUOTE)
    desk.press("S")
    assert _proposed(desk) == "Ren Taval"

    desk.press("Return")

    assert desk.links(QUOTE)["speaker"] == ("Ren Taval", "confirmed")
    assert desk.state(QUOTE) == "confirmed"
    assert desk.state("Ren Taval") == "confirmed"
    assert _proposed(desk) is None
    assert desk.view.hasFocus()


def test_t_proposes_whom_the_claim_names_and_not_its_speaker(desk):
    _focus(desk, CLAIM)
    desk.press("T")
    assert _proposed(desk) == "Orsk"
    desk.press("Tab")
    assert _proposed(desk) == "Ren Taval"
    desk.press("Tab")
    assert _proposed(desk) == "Velmar"


def test_s_proposes_nobody_within_the_claim_first(desk):
    _focus(desk, CLAIM)
    desk.press("S")
    assert _proposed(desk) == "Velmar"
    desk.type("orsk")
    assert _proposed(desk) == "Orsk"


def test_tab_cycles_through_the_proposals(desk):
    _focus(desk, QUOTE)
    desk.press("S", "Tab")
    second = _proposed(desk)
    desk.press("Return")

    assert second not in {None, "Ren Taval"}
    assert desk.links(QUOTE)["speaker"][0] == second


def test_escape_leaves_everything_as_it_was(desk):
    _focus(desk, QUOTE)
    before = desk.content()
    desk.press("S", "Tab", "Esc")

    assert desk.content() == before
    assert _proposed(desk) is None
    assert desk.view.hasFocus()
    assert desk.focused == QUOTE


def test_typing_finds_a_mention(desk):
    _focus(desk, QUOTE)
    desk.press("T")
    desk.type("velm")
    assert _proposed(desk) == "Velmar"
    desk.press("Return")

    assert desk.links(QUOTE) == {"target": ("Velmar", "confirmed")}


def test_a_new_speaker_takes_the_place_of_the_suggested_one_in_one_undoable_action(desk):
    _focus(desk, CLAIM)
    desk.press("S")
    desk.type("ren")
    desk.press("Return")
    assert desk.links(CLAIM)["speaker"] == ("Ren Taval", "confirmed")

    desk.press("Ctrl+Z")
    assert desk.links(CLAIM)["speaker"] == ("Velmar", "suggested")


@pytest.mark.parametrize("key", ["S", "T"])
def test_only_claims_have_speakers_and_targets(desk, key):
    _focus(desk, "Velmar")
    desk.press(key)

    assert not desk.window.chooser.picker.is_open
    assert "Focus a claim first" in desk.message


def test_a_points_a_mention_to_an_actor_found_by_alias(desk):
    session = desk.window.flows.session
    label = next(label.id for label in session.codebook.labels if label.name == "Person")
    session.do(create_actor, "Ren Mirela Taval", label_id=label, aliases=("the envoy",))
    _focus(desk, "Ren Taval")
    desk.press("A")
    desk.type("envoy")
    desk.press("Return")

    (actor,) = actors(desk.project)
    assert desk.stored("Ren Taval").actor_id == actor.id
    assert desk.state("Ren Taval") == "confirmed"
    assert desk.card._actor_name.text() == "Ren Mirela Taval"


def test_a_creates_an_actor_of_the_type_of_the_mention(desk):
    _focus(desk, "Velmar")
    desk.press("A", "Return")

    (actor,) = actors(desk.project)
    assert (actor.name, desk.window.flows.session.codebook.label(actor.label_id).name) == ("Velmar", "State")
    assert desk.stored("Velmar").actor_id == actor.id

    desk.press("Ctrl+Z")
    assert actors(desk.project) == []
    assert desk.stored("Velmar").actor_id is None


def test_a_creates_an_actor_of_another_name(desk):
    _focus(desk, "Velmar")
    desk.press("A")
    desk.type("Republic of Velmar")
    desk.press("Return")

    assert [actor.name for actor in actors(desk.project)] == ["Republic of Velmar"]


def test_a_needs_a_mention(desk):
    _focus(desk, CLAIM)
    desk.press("A")

    assert not desk.window.chooser.picker.is_open
    assert "Focus a mention first" in desk.message


def _draw_line(desk, from_words, to_words):
    _focus(desk, from_words)
    desk.click(from_words)
    while desk.focused != from_words:
        desk.click(from_words)
    marks = desk.view.page.marks()
    offset = marks.handle - marks.rects[0].topLeft()
    handle = desk.view.page.to_view(marks.rects[0]).topLeft() + offset
    desk.drag(QPointF(handle), QPointF(desk.point(to_words)))


def _menu():
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def test_a_line_drawn_to_a_mention_asks_what_it_means(desk):
    _draw_line(desk, QUOTE, "Ren Taval")
    menu = _menu()
    assert [action.text() for action in menu.actions()] == ["Speaker", "Target"]
    menu.actions()[1].trigger()
    menu.close()

    assert desk.links(QUOTE) == {"target": ("Ren Taval", "confirmed")}


def test_a_line_drawn_to_a_cue_is_the_only_link_that_fits(desk):
    _draw_line(desk, QUOTE, "said")

    assert desk.links(QUOTE) == {"cue": ("said", "confirmed")}


def test_a_line_that_fits_no_type_of_link_changes_nothing(desk):
    mention, claim = desk.stored("Velmar").id, desk.stored(QUOTE).id
    desk.window.chooser.offer_links(mention, claim)

    assert "No link of this project's codebook goes from" in desk.message
    assert desk.links(QUOTE) == {}


def test_a_line_dropped_on_no_span_changes_nothing(desk):
    before = desk.content()
    _draw_line(desk, QUOTE, "talks go")

    assert desk.content() == before


def test_the_registry_is_read_once_until_it_changes(desk, monkeypatch):
    from storage import queries

    reads = []
    real = queries.actors
    monkeypatch.setattr(queries, "actors", lambda project: reads.append(1) or real(project))
    desk.press("Tab", "A", "Esc", "A", "Esc")
    assert len(reads) == 1

    desk.press("A", "Return")
    desk.view.focus_span(desk.stored("Orsk").id)
    desk.press("A")
    assert len(reads) == 2
    assert "Velmar" in [entry.title for entry in desk.window.chooser.picker.find("")]
