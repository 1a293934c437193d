from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from storage import queries
from storage.operations import actors, spans
from storage.records import State


def _focus() -> str:
    return QApplication.focusWidget().accessibleName()


# -- what is shown ---------------------------------------------------------------------------------------------------


def test_an_empty_registry_explains_itself(desk) -> None:
    desk.show()
    assert "No actors yet" in desk.panel._empty.text()
    assert desk.panel._empty.isVisible()
    assert not desk.panel.card.isVisible()


def test_an_actor_shows_its_type_names_counts_and_mentions_in_their_sentences(desk) -> None:
    taval = desk.create("Sergey Taval", "S. Taval")
    actors.link_mentions(desk.project, {span.id: taval for span in desk.spans("Taval")})
    desk.show()
    card = desk.panel.card
    assert (card.name.text(), card.type.value, card.aliases.value) == ("Sergey Taval", "Person", "S. Taval")
    face = desk.panel.actors_model.face(0)
    assert (face.mentions, face.waiting) == ("4", "+4")
    assert desk.panel._count.accessibleName() == "4 mentions in 2 documents"
    assert card.waiting.text() == "4 more mentions say “Sergey Taval” or “taval”."
    assert desk.mention_rows[:2] == [("Sergey Taval", True), ("taval", True)]
    assert desk.mention_rows[4:] == [("Taval", False)] * 4
    line = desk.panel.mentions_model.line(4)
    assert (line.title, line.left.endswith("“We wait,” said "), line.right.startswith(", and Taval")) == (
        "Harbour brief",
        True,
        True,
    )


def test_enter_goes_to_the_mentions_and_enter_there_asks_for_the_document_and_the_span(desk) -> None:
    desk.create("Dara Okonin")
    desk.show()
    desk.press("Return")
    assert _focus() == "Mentions"
    desk.press("Down", "Return")
    second = desk.spans("Dara Okonin")[1]
    assert desk.opened == [(second.document_id, second.id)]


def test_escape_returns_to_the_document_from_everywhere(desk) -> None:
    desk.create("Sergey Taval")
    desk.show()
    for go in (desk.panel.actors.enter, desk.panel.mentions.enter, desk.panel.search.setFocus):
        go()
        desk.press("Esc")
        assert desk.text.hasFocus()
    desk.registry.show_unlinked()
    desk.press("Esc")
    assert desk.text.hasFocus()


@pytest.mark.parametrize("query", ["taval", "TÁVAL", "s. tav", "serg", "Tavel", "tav ser"])
def test_an_actor_is_found_by_any_word_of_any_name(desk, query) -> None:
    desk.create("Sergey Taval", "S. Taval")
    desk.create("Ilya Brandt")
    desk.show()
    desk.panel.search.setFocus()
    desk.type(query)
    assert desk.actor_rows == ["Sergey Taval"]
    assert desk.panel.card.name.text() == "Sergey Taval"
    desk.press("Return")
    assert _focus() == "Actors"


def test_what_is_not_found_can_be_created_by_enter(desk) -> None:
    desk.create("Ilya Brandt")
    desk.show()
    desk.panel.search.setFocus()
    desk.type("Nora  Vell")
    assert "Enter to create it" in desk.panel._empty.text()
    desk.press("Return")
    assert desk.names == ["Ilya Brandt", "Nora Vell"]
    assert desk.panel.actor_id == desk.actor("Nora Vell").id


def test_changes_made_elsewhere_are_followed(desk) -> None:
    taval = desk.create("Sergey Taval")
    desk.show()
    desk.session.do(actors.rename_actor, taval, "Sergei Taval")
    desk.session.do(spans.set_actor, [desk.spans("Orsk")[0].id], taval)
    desk.settle()
    assert desk.actor_rows == ["Sergei Taval"]
    assert desk.panel.card.name.text() == "Sergei Taval"
    assert desk.panel.actors_model.face(0).mentions == "1"
    assert ("Orsk", False) in desk.mention_rows
    desk.session.do(spans.reject, [span.id for span in desk.spans("Orsk")])
    desk.settle()
    assert ("Orsk", False) not in desk.mention_rows


def test_what_happens_while_the_panel_is_hidden_is_read_when_it_comes_back(desk) -> None:
    desk.create("Sergey Taval")
    desk.show()
    desk.panel.hide()
    desk.session.do(actors.create_actor, "Orsk", mention_ids=(desk.spans("Orsk")[0].id,))
    desk.panel.show()
    desk.settle()
    assert desk.actor_rows == ["Orsk", "Sergey Taval"]
    assert desk.panel.actors_model.face(0).mentions == "1"


def test_another_project_shows_its_own_registry(desk) -> None:
    desk.create("Sergey Taval")
    desk.show()
    desk.registry.work_on(None)
    assert desk.actor_rows == []
    assert desk.word_rows == []
    desk.registry.work_on(desk.session)
    desk.settle()
    assert desk.actor_rows == ["Sergey Taval"]


# -- actors ----------------------------------------------------------------------------------------------------------


def test_rename_by_f2_keeps_the_old_name_as_an_alias(desk) -> None:
    desk.create("Sergej Taval")
    desk.show()
    desk.press("F2")
    desk.type("Sergey Taval")
    desk.press("Return")
    assert desk.actor("Sergey Taval").aliases == ("Sergej Taval",)
    assert _focus() == "Actors"
    desk.undo()
    assert desk.actor("Sergej Taval").aliases == ()


def test_shift_enter_corrects_a_mistake_and_leaves_no_alias(desk) -> None:
    desk.create("Sregey Taval")
    desk.show()
    desk.press("F2")
    desk.type("Sergey Taval")
    desk.press("Shift+Return")
    assert desk.actor("Sergey Taval").aliases == ()


def test_escape_takes_a_name_back_that_was_being_typed(desk) -> None:
    desk.create("Sergey Taval")
    desk.show()
    desk.press("F2")
    desk.type("Nobody")
    desk.press("Esc")
    assert desk.names == ["Sergey Taval"]
    assert desk.panel.card.name.text() == "Sergey Taval"
    assert _focus() == "Actors"


def test_an_alias_is_added_promoted_split_and_removed(desk) -> None:
    desk.create("Sergey Taval")
    desk.show()
    desk.press("A")
    desk.type("the spokesman")
    desk.press("Return")
    assert desk.actor("Sergey Taval").aliases == ("the spokesman",)
    _choose(desk, "the spokesman", "Use as the name")
    assert desk.actor("the spokesman").aliases == ("Sergey Taval",)
    _choose(desk, "Sergey Taval", "Make an actor of its own")
    assert desk.names == ["Sergey Taval", "the spokesman"]
    desk.undo()
    _choose(desk, "Sergey Taval", "Remove")
    assert desk.actor("the spokesman").aliases == ()


def _choose(desk, alias: str, what: str) -> None:
    menu = desk.panel.card.alias_menu()
    below = next(action.menu() for action in menu.actions() if action.text() == alias)
    next(action for action in below.actions() if action.text() == what).trigger()
    menu.deleteLater()
    desk.settle()


def test_the_type_is_chosen_from_the_labels_for_actors(desk) -> None:
    desk.create("Karsk", label=None)
    desk.show()
    menu = desk.panel.card.type_menu()
    assert [action.text() for action in menu.actions()] == ["State", "Person", "Organisation", "Group", "No type"]
    menu.actions()[0].trigger()
    menu.deleteLater()
    desk.settle()
    assert desk.actor("Karsk").label_id == desk.labels["State"]
    assert desk.panel.card.type.value == "State"


def test_notes_go_to_the_actor_they_were_written_on(desk) -> None:
    desk.create("Ilya Brandt")
    desk.create("Sergey Taval")
    desk.show()
    desk.press("N")
    desk.type("envoy")
    desk.panel.actors.go_to(1)
    desk.settle()
    assert queries.actors(desk.project)[0].notes == "envoy"
    assert queries.actors(desk.project)[1].notes == ""


def test_merge_asks_into_whom_and_proposes_namesakes_first(desk) -> None:
    desk.create("Orsk")
    desk.create("S. Taval")
    target = desk.create("Sergey Taval")
    gone = desk.actor("S. Taval").id
    actors.link_mentions(desk.project, {span.id: gone for span in desk.spans("Taval")})
    desk.show()
    desk.registry.show_actor(gone)
    desk.press("M")
    assert [entry.title for entry in desk.registry.hand.chooser.find("")] == ["Sergey Taval", "Orsk"]
    desk.press("Return")
    assert desk.names == ["Orsk", "Sergey Taval"]
    assert desk.actor("Sergey Taval").aliases == ("S. Taval",)
    assert desk.linked("Taval") == [target] * 4
    assert desk.panel.actor_id == target
    assert _focus() == "Actors"
    desk.undo()
    assert desk.linked("Taval") == [gone] * 4


def test_delete_lets_the_mentions_go_and_undo_brings_all_back(desk) -> None:
    taval = desk.create("Sergey Taval")
    actors.link_mentions(desk.project, {span.id: taval for span in desk.spans("Taval")})
    desk.show()
    desk.press("Del")
    assert desk.names == []
    assert desk.linked("Taval") == [None] * 4
    assert "“Sergey Taval” is deleted" in desk.told[-1]
    desk.undo()
    assert desk.linked("Taval") == [taval] * 4
    assert desk.actor_rows == ["Sergey Taval"]


def test_insert_asks_for_a_name_and_shows_who_has_it_already(desk) -> None:
    brandt = desk.create("Ilya Brandt")
    desk.create("Sergey Taval")
    desk.show()
    desk.press("Down", "Ins")
    desk.type("brandt")
    desk.press("Return")
    assert desk.panel.actor_id == brandt
    desk.press("Ins")
    desk.type("Nora Vell")
    desk.press("Return")
    assert desk.names == ["Ilya Brandt", "Nora Vell", "Sergey Taval"]
    assert desk.panel.actor_id == desk.actor("Nora Vell").id


# -- linking ---------------------------------------------------------------------------------------------------------


def test_all_that_say_a_name_of_the_actor_alone_are_linked_by_one_key_and_one_undo(desk) -> None:
    taval = desk.create("Sergey Taval")
    desk.show()
    assert desk.panel.actors_model.face(0).waiting == "+8"
    desk.press("L")
    assert desk.linked("Sergey Taval") + desk.linked("Taval") + desk.linked("taval") == [taval] * 8
    assert desk.panel.actors_model.face(0).waiting == ""
    assert not desk.panel.card.link.isVisible()
    desk.undo()
    assert desk.linked("Taval") == [None] * 4
    desk.redo()
    assert desk.linked("Taval") == [taval] * 4


def test_what_two_actors_are_called_is_told_and_never_decided_silently(desk) -> None:
    lin, wei = desk.create("Zhao Lin", "Zhao"), desk.create("Zhao Wei", "ZHAO")
    desk.show()
    assert desk.panel.card.waiting.text() == "2 say “Zhao”, as Zhao Wei is called too."
    assert not desk.panel.card.link.isVisible()
    desk.press("L")
    assert desk.linked("Zhao") == [None, None]
    desk.press("Right", "L")
    assert desk.linked("Zhao") == [lin, None]
    desk.registry.show_unlinked()
    desk.settle()
    assert desk.word_rows[0] == ("Zhao", "1", "Zhao Lin or Zhao Wei?")
    desk.press("Shift+L")
    assert desk.linked("Zhao") == [lin, None]
    desk.press("Return")
    assert [entry.title for entry in desk.registry.hand.chooser.find("")][:2] == ["Zhao Lin", "Zhao Wei"]
    desk.press("Down", "Return")
    assert desk.linked("Zhao") == [lin, wei]


def test_mentions_are_linked_and_unlinked_one_by_one(desk) -> None:
    okonin = desk.create("Dara Okonin")
    desk.show()
    desk.press("Right", "Space")
    assert desk.linked("Dara Okonin") == [okonin, None]
    desk.press("End", "U")
    assert desk.linked("Dara Okonin") == [None, None]


def test_an_undecided_mention_is_confirmed_by_linking_it(desk, suggest) -> None:
    desk.create("Karsk", label="State")
    suggest(desk, "Karsk", "state")
    desk.show()
    assert desk.panel.card.waiting.text() == "1 more mention says “Karsk”, 1 undecided."
    desk.press("L")
    assert [span.state for span in desk.spans("Karsk")] == [State.CONFIRMED]


def test_chosen_mentions_are_split_off_and_named_at_once(desk) -> None:
    taval = desk.create("Sergey Taval")
    actors.link_mentions(desk.project, {span.id: taval for span in desk.spans("Taval")})
    desk.show()
    desk.panel.mentions.enter()
    desk.panel.mentions.go_to(4)
    desk.press("Shift+Down", "S")
    assert _focus() == "Name of the actor"
    desk.type("Anton Taval")
    desk.press("Return")
    anton = desk.actor("Anton Taval")
    assert anton.aliases == ("Taval",)
    assert sorted(desk.linked("Taval"), key=str) == [taval, taval, anton.id, anton.id]
    desk.undo()
    desk.undo()
    assert desk.names == ["Sergey Taval"]
    assert desk.linked("Taval") == [taval] * 4


def test_chosen_mentions_go_to_another_actor(desk) -> None:
    taval, other = desk.create("Sergey Taval"), desk.create("Vera Taval")
    actors.link_mentions(desk.project, {span.id: taval for span in desk.spans("Taval")})
    desk.show()
    desk.panel.mentions.enter()
    desk.panel.mentions.go_to(desk.mention_rows.index(("Taval", False)))
    desk.press("A")
    desk.type("vera")
    desk.press("Return")
    assert sorted(desk.linked("Taval")) == [taval] * 3 + [other]
    assert _focus() == "Mentions"


def test_after_a_decision_the_next_mention_is_chosen_and_another_actor_begins_anew(desk) -> None:
    desk.create("Dara Okonin")
    desk.create("Sergey Taval")
    desk.show()
    desk.registry.show_actor(desk.actor("Sergey Taval").id)
    desk.press("Right", "Down", "Down", "L")
    assert desk.panel.mentions.row == 2
    desk.registry.show_actor(desk.actor("Dara Okonin").id)
    desk.settle()
    assert desk.panel.mentions.row is None


# -- words of no actor -----------------------------------------------------------------------------------------------


def test_words_come_proposed_then_ambiguous_then_unknown_the_most_frequent_first(desk) -> None:
    desk.create("Sergey Taval")
    desk.create("Zhao Lin", "Zhao")
    desk.create("Zhao Wei", "zhao")
    desk.show()
    desk.registry.show_unlinked()
    desk.settle()
    assert desk.word_rows == [
        ("Taval", "6", "→ Sergey Taval"),
        ("Sergey Taval", "2", "→ Sergey Taval"),
        ("Zhao", "2", "Zhao Lin or Zhao Wei?"),
        ("Orsk", "4", "new · State"),
        ("<b>friends</b>", "2", "new · Group"),
        ("Dara Okonin", "2", "new · Person"),
    ]
    assert desk.panel._modes[True].text() == "Not linked 18"
    assert desk.panel.link_all.text() == "Link all 8 that are clear"


def test_enter_links_proposed_words_and_creates_an_actor_of_unknown_ones_and_goes_on(desk) -> None:
    taval = desk.create("Sergey Taval")
    desk.show()
    desk.registry.show_unlinked()
    desk.settle()
    desk.press("Return", "Return")
    assert desk.linked("Taval") == [taval] * 4
    assert desk.linked("Sergey Taval") == [taval] * 2
    assert desk.panel.group.words == "Orsk"
    desk.press("Return")
    orsk = desk.actor("Orsk")
    assert orsk.label_id == desk.labels["State"]
    assert desk.linked("Orsk") == [orsk.id] * 4
    assert _focus() == "Words of no actor"
    desk.undo()
    assert desk.names == ["Sergey Taval"]
    assert ("Orsk", "4", "new · State") in desk.word_rows


def test_words_given_to_another_actor_become_its_alias(desk) -> None:
    orsk = desk.create("Republic of Orsk", label="State")
    desk.show()
    desk.registry.show_unlinked()
    desk.settle()
    desk.panel.words.go_to(desk.panel.words_model.row_of("Orsk"))
    desk.press("A")
    desk.type("republic")
    desk.press("Return")
    assert desk.actor("Republic of Orsk").aliases == ("Orsk",)
    assert desk.linked("Orsk") == [orsk] * 4
    desk.undo()
    assert desk.actor("Republic of Orsk").aliases == ()
    assert desk.linked("Orsk") == [None] * 4


def test_everything_clear_in_the_project_is_linked_by_one_action_and_one_undo(desk) -> None:
    taval, okonin = desk.create("Sergey Taval"), desk.create("Dara Okonin")
    desk.show()
    desk.registry.show_unlinked()
    desk.settle()
    desk.press("Shift+L")
    assert desk.linked("taval") == [taval] * 2
    assert desk.linked("Dara Okonin") == [okonin] * 2
    assert desk.linked("Orsk") == [None] * 4
    assert desk.told[-1] == "10 mentions linked. Ctrl+Z takes it back."
    desk.undo()
    assert desk.linked("taval") + desk.linked("Dara Okonin") == [None] * 4


def test_when_everything_is_linked_the_list_says_so(desk) -> None:
    for words in ("Taval", "Sergey Taval", "taval", "Orsk", "Zhao", "<b>friends</b>", "Dara Okonin"):
        actors.create_actor(desk.project, words, mention_ids=tuple(span.id for span in desk.spans(words)))
    desk.show()
    desk.registry.show_unlinked()
    desk.settle()
    assert "Every mention belongs to an actor" in desk.panel._empty.text()
    assert not desk.panel.link_all.isVisible()


# -- the widget ------------------------------------------------------------------------------------------------------


def test_everything_is_reached_by_tab(desk) -> None:
    desk.create("Sergey Taval")
    desk.show()
    reached = set()
    desk.panel.search.setFocus()
    for _ in range(20):
        reached.add(QApplication.focusWidget())
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    panel = desk.panel
    wanted = {panel.search, panel._order, panel.actors, panel.mentions, panel._modes[False]}
    wanted |= {panel.card.name, panel.card.type, panel.card.aliases, panel.card.notes, panel.card.link}
    assert wanted <= reached
    panel._modes[False].setFocus()
    desk.press("Right", "Space")
    assert panel.is_on_words


def test_menus_offer_what_can_be_done_with_its_key(desk) -> None:
    desk.create("Sergey Taval")
    desk.show()
    menu = desk.panel.actors.menu()
    texts = [action.text() for action in menu.actions()]
    assert "Rename\tF2" in texts
    assert "Link what waits\tL" in texts
    menu.deleteLater()
    desk.press("L")
    menu = desk.panel.actors.menu()
    assert "Link what waits\tL" not in [action.text() for action in menu.actions()]
    menu.deleteLater()


def test_what_others_wrote_is_never_rich_text(desk) -> None:
    desk.create("<img src=x>&Orsk", "<b>x</b>", label=None)
    desk.show()
    assert desk.panel.card.name.text() == "<img src=x>&Orsk"
    menu = desk.panel.card.alias_menu()
    assert menu.actions()[0].text() == "<b>x</b>"
    menu.deleteLater()
    tip = desk.panel.actors_model.index(0).data(Qt.ItemDataRole.ToolTipRole)
    assert "&lt;img src=x&gt;&amp;Orsk" in tip
    assert desk.panel.card.waiting.textFormat() is Qt.TextFormat.PlainText


def test_the_panel_fits_into_280_px(desk) -> None:
    desk.create("The Straits League for the Protection of Small Islands and Their Harbours", "the League")
    desk.show()
    desk.panel.setFixedWidth(280)
    desk.window.grab()
    assert desk.panel.minimumSizeHint().width() <= 280
    assert desk.panel.card.width() <= 280
