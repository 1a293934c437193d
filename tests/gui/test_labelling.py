"""Every key of the labelling loop does what it promises, in the file and on screen."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from storage.records import State

CLAIM = "that Orsk would pay for the harbour"


def test_tab_goes_through_suggestions_in_text_order_and_skips_cues_that_come_with_their_claim(desk):
    seen = []
    for _ in range(5):
        desk.press("Tab")
        seen.append(desk.focused)

    assert seen == ["Velmar", CLAIM, "Orsk", "Ren Taval", "“We pay for nothing,”"]


def test_shift_tab_goes_back(desk):
    desk.press("Tab", "Tab", "Tab", "Shift+Tab")

    assert desk.focused == CLAIM


def test_tab_behind_the_last_suggestion_goes_on_in_the_next_document_at_its_first(desk):
    desk.press(*["Tab"] * 6)

    assert desk.title == "The islands wait"
    assert desk.focused == "Orsk"
    assert desk.view.focused_span.start_cp == 0


def test_shift_tab_before_the_first_goes_to_the_last_of_the_document_before(desk):
    desk.press(*["Tab"] * 6, "Shift+Tab")

    assert desk.title == "Harbour brief"
    assert desk.focused == "“We pay for nothing,”"


def test_enter_accepts_saves_and_goes_on(desk):
    desk.press("Tab", "Return")

    assert desk.state("Velmar") == "confirmed"
    assert desk.focused == CLAIM
    assert desk.saved == "● saved"


def test_accepting_a_claim_settles_its_speaker_and_its_cue(desk):
    desk.press("Tab", "Tab", "Return")

    assert desk.state(CLAIM) == "confirmed"
    assert desk.state("said") == "confirmed"
    assert desk.state("Velmar") == "confirmed"
    assert desk.links(CLAIM) == {"speaker": ("Velmar", "confirmed"), "cue": ("said", "confirmed")}


def test_backspace_rejects_keeps_the_rejection_and_goes_on(desk):
    desk.press("Tab", "Backspace")

    assert desk.state("Velmar") == "rejected"
    assert desk.focused == CLAIM
    assert "Velmar" not in [s.quote for s in desk.view.page.index.at(0)]


def test_rejecting_the_last_suggestion_leaves_nothing_in_focus_to_delete(desk):
    desk.press(*["Tab"] * 5, "Backspace", "Backspace", "Backspace")

    assert desk.focused is None
    assert [s.quote for s in desk.content().spans if s.state == State.REJECTED] == ["“We pay for nothing,”"]


def test_accepting_the_last_suggestion_leaves_nothing_in_focus_to_delete(desk):
    desk.press(*["Tab"] * 5, "Return", "Backspace")

    assert desk.state("“We pay for nothing,”") == "confirmed"
    assert desk.focused is None
    assert "Nothing is focused" in desk.message


def test_backspace_on_a_confirmed_span_of_the_analyst_deletes_it(desk):
    desk.select("The talks")
    desk.press("4", "Backspace")

    assert desk.state("The talks") == "gone"


def test_backspace_on_a_confirmed_suggestion_rejects_it_so_that_it_does_not_come_back(desk):
    desk.press("Tab", "Return")
    desk.click("Velmar")
    desk.press("Backspace")

    assert desk.state("Velmar") == "rejected"


def test_delete_leaves_suggestions_alone(desk):
    desk.press("Tab", "Del")

    assert desk.state("Velmar") == "suggested"
    assert "Delete works on confirmed spans" in desk.message


def test_delete_takes_a_confirmed_span_away(desk):
    desk.select("The talks")
    desk.press("4", "Del")

    assert desk.state("The talks") == "gone"


@pytest.mark.parametrize(("digit", "label"), [("1", "State"), ("2", "Person"), ("4", "Group"), ("5", "Claim")])
def test_digit_labels_the_selected_words_and_focuses_the_new_span(desk, digit, label):
    desk.select("The talks")
    desk.press(digit)

    assert desk.label("The talks") == label
    assert desk.state("The talks") == "confirmed"
    assert desk.focused == "The talks"
    assert desk.view.selection() == ()


def test_digit_relabels_the_focused_suggestion_accepts_it_and_goes_on(desk):
    desk.press("Tab", "3")

    assert (desk.label("Velmar"), desk.state("Velmar")) == ("Organisation", "confirmed")
    assert desk.focused == CLAIM


def test_digit_relabels_a_confirmed_span_and_stays_on_it(desk):
    desk.select("The talks")
    desk.press("4", "3")

    assert desk.label("The talks") == "Organisation"
    assert desk.focused == "The talks"


def test_selection_wins_over_focus(desk):
    desk.press("Tab")
    start_cp = desk.text.index("The talks")
    desk.view.select_range(start_cp, start_cp + 9)
    desk.press("4")

    assert desk.label("The talks") == "Group"
    assert desk.state("Velmar") == "suggested"


def test_digit_without_a_label_or_without_words_only_tells(desk):
    desk.press("Tab", "9")
    assert desk.state("Velmar") == "suggested"

    desk.press("Esc", "1")
    assert "Select words" in desk.message


def test_digit_labels_the_name_at_the_cursor_when_nothing_is_selected(desk):
    desk.place("Taval")
    desk.press("4")

    assert (desk.label("Ren Taval"), desk.state("Ren Taval")) == ("Group", "confirmed")
    assert desk.focused == "Ren Taval"


def test_digit_labels_the_word_that_the_cursor_was_moved_to_and_not_the_span_it_left(desk):
    desk.press("Tab", "Ctrl+Down", "Ctrl+Down", "Ctrl+Down", "Right", "4")

    assert (desk.label("talks"), desk.state("talks")) == ("Group", "confirmed")
    assert desk.state("Velmar") == "suggested"


def test_digit_relabels_the_focused_span_while_the_cursor_is_moved_within_it(desk):
    desk.press("Tab", "Tab", "Right", "6")

    assert desk.state(CLAIM) == "confirmed"
    assert desk.stored("Orsk").state == State.SUGGESTED


def test_phrases_and_sentences_are_selected_and_labelled(desk):
    desk.place("she told")
    desk.press("Shift+End", "4")
    assert desk.label("she told reporters in Karsk") == "Group"

    desk.press("Ctrl+Down", "Ctrl+Shift+Down", "5")
    assert desk.label("The talks go on.") == "Claim"


def test_alt_home_and_end_move_the_ends_by_phrases(desk):
    desk.press(*["Tab"] * 5, "Alt+End")
    assert desk.focused == "“We pay for nothing,” she told reporters in Karsk"

    desk.press("Alt+Home", "Alt+Shift+End")
    assert desk.focused == "“We pay for nothing,”"


def test_alt_arrows_move_the_ends_by_words_and_confirm(desk):
    desk.press("Tab", "Tab", "Alt+Left")
    assert desk.focused == "that Orsk would pay for the"
    assert desk.stored("that Orsk would pay for the").state == State.CONFIRMED

    desk.press("Alt+Shift+Right")
    assert desk.focused == "Orsk would pay for the"
    desk.press("Alt+Shift+Left", "Alt+Right")
    assert desk.focused == CLAIM


def test_ctrl_alt_arrows_move_the_ends_by_characters(desk):
    desk.press("Tab", "Ctrl+Alt+Left")
    assert desk.focused == "Velma"

    desk.press("Ctrl+Alt+Shift+Right")
    assert desk.focused == "elma"
    assert desk.stored("elma").fragments == ((1, 5),)


def test_an_end_that_cannot_move_says_so(desk):
    desk.press("Tab", "Alt+Shift+Left")

    assert "cannot be moved" in desk.message
    assert desk.state("Velmar") == "suggested"


def test_plus_adds_the_selection_as_a_fragment_and_minus_takes_it_off(desk):
    desk.press("Tab", "Tab")
    start_cp = desk.text.index("she told")
    desk.view.select_range(start_cp, start_cp + 8)
    desk.press("+")

    span = desk.stored(f"{CLAIM} she told")
    assert span is not None
    assert len(span.fragments) == 2
    assert desk.view.selection() == ()

    desk.place("she told")
    desk.press("-")
    assert desk.stored(CLAIM).fragments == ((span.fragments[0]),)


def test_a_word_that_is_double_clicked_can_be_added_as_a_fragment(desk):
    desk.view.focus_span(desk.stored(CLAIM).id)
    point = desk.point("talks")
    QTest.mouseClick(desk.view.viewport(), Qt.MouseButton.LeftButton, pos=point)
    QTest.mouseDClick(desk.view.viewport(), Qt.MouseButton.LeftButton, pos=point)
    desk.settle()
    desk.press("+")

    assert len(desk.stored(f"{CLAIM} talks").fragments) == 2


def test_fragments_that_touch_become_one(desk):
    desk.select("The talks")
    desk.press("4")
    start_cp = desk.text.index("talks go")
    desk.view.select_range(start_cp, start_cp + 8)
    desk.press("+")

    assert len(desk.stored("The talks go").fragments) == 1


def test_flag_is_set_and_taken_away_without_deciding(desk):
    desk.press("Tab", "D")
    assert desk.stored("Velmar").is_flagged
    assert desk.state("Velmar") == "suggested"

    desk.press("D")
    assert not desk.stored("Velmar").is_flagged


def test_flag_is_told_and_leaves_no_mark_in_the_menu_for_the_next_span(desk):
    desk.press("D")
    assert desk.message == "Focus a span first; then D flags it for discussion."
    desk.press("Tab", "D")
    assert desk.message == "Flagged for discussion."

    assert not desk.window.actions_by_id["span.discuss"].isChecked()
    desk.press("D")
    assert desk.message == "The flag was taken away."


def test_sentence_is_accepted_in_one_action_and_undone_in_one(desk):
    desk.press("Tab", "Ctrl+Return")

    assert {desk.state(words) for words in ("Velmar", "said", CLAIM, "Orsk")} == {"confirmed"}
    assert desk.state("Ren Taval") == "suggested"
    assert desk.focused == "Ren Taval"

    desk.press("Ctrl+Z")
    assert {desk.state(words) for words in ("Velmar", "said", CLAIM, "Orsk")} == {"suggested"}


def test_sentence_is_rejected_in_one_action(desk):
    desk.press("Tab", "Ctrl+Shift+Return")

    assert {desk.state(words) for words in ("Velmar", "said", CLAIM, "Orsk")} == {"rejected"}
    assert desk.state("Ren Taval") == "suggested"


def test_deciding_on_a_sentence_leaves_hidden_suggestions_alone(desk):
    states = next(label.id for label in desk.window.flows.session.codebook.labels if label.name == "State")
    desk.window.labels.rows[states].eye.click()
    desk.view.setFocus()
    desk.press("Tab", "Ctrl+Shift+Return")

    assert desk.state(CLAIM) == "rejected"
    assert desk.state("Orsk") == "suggested"


def test_labelling_the_very_words_of_a_suggestion_decides_on_it_instead_of_adding_another(desk):
    desk.select("Velmar")
    desk.press("3")

    assert [span.label_id for span in desk.content().spans if span.quote == "Velmar"] == [
        desk.view.focused_span.label_id
    ]
    assert (desk.label("Velmar"), desk.state("Velmar")) == ("Organisation", "confirmed")


def test_sentence_with_nothing_undecided_says_so(desk):
    desk.place("The talks")
    desk.press("Ctrl+Return")

    assert "Nothing is undecided" in desk.message


def test_r_declares_one_sentence_after_the_other_complete(desk):
    desk.view.move_text_edge(to_end=False)
    desk.press("R", "R")

    first, second = desk.text.index(" Ren Taval"), desk.text.index("\n")
    reviewed = [(stretch.start_cp, stretch.end_cp) for stretch in desk.content().reviewed]
    assert reviewed == [(0, first), (first + 1, second)]
    assert desk.focused == "“We pay for nothing,”"


def test_r_goes_to_the_suggestion_that_begins_the_next_sentence(desk):
    desk.press("Tab", "R")

    assert desk.focused == "Ren Taval"


def test_r_on_a_reviewed_sentence_takes_that_back(desk):
    desk.view.move_text_edge(to_end=False)
    desk.press("R")
    desk.view.move_text_edge(to_end=False)
    desk.press("R")

    assert desk.content().reviewed == ()


def test_shift_r_declares_the_document_complete_and_opens_the_next_that_is_not(desk):
    desk.press("Shift+R")
    assert desk.title == "The islands wait"
    assert desk.focused == "Orsk"
    desk.press("Shift+R")
    assert desk.title == "A note"
    assert desk.focused is None
    desk.press("Shift+R")

    assert "Every document" in desk.message
    assert desk.window.documents._count.text() == "3 OF 3 REVIEWED"


def test_undo_and_redo_bring_decision_and_focus_back(desk):
    desk.press("Tab", "Return", "Tab", "Ctrl+Z")
    assert desk.state("Velmar") == "suggested"
    assert desk.focused == "Velmar"
    assert desk.message == "Undone: accept."

    desk.press("Tab", "Ctrl+Shift+Z")
    assert desk.state("Velmar") == "confirmed"
    assert desk.focused == "Velmar"


def test_undo_of_a_rejected_claim_focuses_the_claim_and_not_its_cue(desk):
    desk.press("Tab", "Tab", "Backspace", "Ctrl+Z")

    assert desk.focused == CLAIM
    assert desk.links(CLAIM) == {"speaker": ("Velmar", "suggested"), "cue": ("said", "suggested")}


def test_undo_across_documents_brings_back_document_and_focus(desk):
    desk.press("Tab", "Return", "Ctrl+PgDown", "Ctrl+PgDown")
    assert desk.title == "A note"

    desk.press("Ctrl+Z")

    assert desk.title == "Harbour brief"
    assert desk.focused == "Velmar"
    assert desk.state("Velmar") == "suggested"


def test_undo_finds_a_document_that_the_filter_of_the_list_hides(desk):
    desk.press("Tab", "Return", "Ctrl+PgDown")
    desk.window.documents.filter.setText("islands")
    desk.press("Ctrl+Z")

    assert desk.title == "Harbour brief"


def test_undo_goes_back_step_by_step_and_then_says_that_nothing_is_left(desk):
    before = desk.content().spans
    desk.press("Tab", "Return", "Backspace", "3", "D")
    desk.press(*["Ctrl+Z"] * 4)
    assert desk.content().spans == before

    desk.press("Ctrl+Z", "Ctrl+Z")
    assert "nothing to undo" in desk.message


def test_a_drawn_span_is_undone_and_redone(desk):
    desk.select("The talks")
    desk.press("4", "Ctrl+Z")
    assert desk.state("The talks") == "gone"

    desk.press("Ctrl+Y")
    assert desk.state("The talks") == "confirmed"
    assert desk.focused == "The talks"


def test_escape_drops_the_selection_first_and_then_the_focus(desk):
    desk.select("The talks")
    desk.press("4")
    desk.view.select_range(0, 6)
    desk.press("Esc")
    assert desk.view.selection() == ()
    assert desk.focused == "The talks"

    desk.press("Esc")
    assert desk.focused is None


def test_o_goes_through_the_spans_at_the_cursor(desk):
    desk.place("Orsk")
    desk.press("O")
    inner = desk.focused
    desk.press("O")

    assert (inner, desk.focused) == ("Orsk", CLAIM)
    assert sum(button.isVisible() for button in desk.card.overlaps.buttons) == 2


def test_hidden_labels_are_neither_shown_nor_reached(desk):
    claims = next(label.id for label in desk.window.flows.session.codebook.labels if label.name == "Claim")
    desk.window.labels.rows[claims].eye.click()
    seen = []
    for _ in range(3):
        desk.press("Tab")
        seen.append(desk.focused)

    assert CLAIM not in seen
    desk.window.labels.rows[claims].eye.click()
    desk.view.setFocus()
    desk.press("Ctrl+PgUp", "Ctrl+PgUp")
    desk.view.move_text_edge(to_end=False)
    assert CLAIM in [span.quote for span in desk.view.page.index.at(desk.text.index("that Orsk"))]


def test_keys_do_nothing_in_an_empty_project(make_desk, make_project):
    desk = make_desk()
    desk.open(make_project("empty", []))
    keys = "Tab Return Backspace 1 R Shift+R S T A D O + - Ctrl+Return Alt+Left Ctrl+Z Ctrl+PgDown Ctrl+F F5 Esc"
    desk.window.view.setFocus()
    desk.press(*keys.split())

    assert desk.dialogs() == []
    assert desk.saved == "● saved"
