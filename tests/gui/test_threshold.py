"""Unlikely suggestions can be hidden by score: not seen, visited, counted or decided on, and back at any time."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gui.dialogs.scores import ScoresDialog
from nlp.calibration import default_least_score

TEXT = "Velmar said that Orsk would pay. Karsk told nobody."
CLAIM = "that Orsk would pay"


@pytest.fixture
def scored(make_desk, make_project, proposal):
    """The window with suggestions of several scores: two states in 5 steps of each other, a claim with its cue."""
    text = proposal(TEXT)
    text.span("state", "Velmar", score=0.9)
    text.span("state", "Orsk", score=0.06)
    cue = text.span("cue", "said", score=0.04)
    claim = text.span("claim", CLAIM, score=0.04)
    text.span("person", "Karsk", score=0.04)
    text.link("cue", claim, cue)
    desk = make_desk()
    desk.open(make_project("scored", [text]))
    show_all(desk)
    desk.view.move_text_edge(to_end=False)
    desk.view.page.origin = (-1, 0, 0)
    return desk


def show_all(desk) -> None:
    desk.window.labeller.threshold.clear()
    desk.window.labeller.threshold.flush()
    desk.settle()


def settled(desk) -> None:
    """Wait until the project holds what is shown."""
    desk.qtbot.waitUntil(lambda: not desk.window.labeller.threshold.is_storing)
    desk.settle()


def visited(desk) -> list[str]:
    """Return the words that Tab stops at from the top on."""
    desk.press("Esc", "Esc")
    desk.view.page.origin = (-1, 0, 0)
    seen = []
    for _ in range(len(desk.view.page.index.spans)):
        if not desk.view.focus_next_undecided():
            break
        seen.append(desk.focused)
    desk.view.focus_span(None)
    return seen


def undecided(desk) -> int:
    """Return what the list of documents counts."""
    return desk.window.documents.model.item_at(0).undecided


def scores_dialog(desk) -> ScoresDialog:
    desk.press("Ctrl+T")
    (dialog,) = desk.dialogs(ScoresDialog)
    return dialog


def row(desk, dialog, name: str):
    labels = desk.window.flows.session.codebook.labels
    return dialog.rows[next(label.id for label in labels if label.name == name)]


def test_suggestions_below_the_score_are_neither_visited_nor_shown_and_stay_undecided(scored):
    assert visited(scored) == ["Velmar", CLAIM, "Orsk", "Karsk"]
    scored.press("Alt+Up")

    assert visited(scored) == ["Velmar", "Orsk"]
    shown = {span.quote for span in scored.view.page.index.shown()}
    assert shown == {"Velmar", "Orsk"}
    assert {scored.state(words) for words in (CLAIM, "said", "Karsk")} == {"suggested"}


def test_it_is_told_how_many_stay(scored):
    scored.press("Alt+Up")

    assert scored.message == "Suggestions below 5% are hidden: 2 of 4 suggestions stay here."


def test_a_focused_suggestion_tells_whose_score_is_meant(scored):
    scored.press("Tab", "Alt+Up", "Alt+Up")
    assert scored.message == "“State” below 10% are hidden: 1 of 2 suggestions stay here."
    assert visited(scored) == ["Velmar", CLAIM, "Karsk"]

    scored.view.focus_span(scored.stored("Velmar").id)
    scored.press("Alt+Down")
    assert visited(scored) == ["Velmar", CLAIM, "Orsk", "Karsk"]


def test_cues_go_with_claims(scored):
    scored.view.focus_span(scored.stored(CLAIM).id)
    scored.press("Alt+Up")

    assert "said" not in {span.quote for span in scored.view.page.index.shown()}
    settled(scored)
    assert undecided(scored) == 3


def test_a_focused_suggestion_that_becomes_hidden_loses_the_focus(scored):
    scored.press("Tab", "Tab", "Alt+Up")

    assert scored.focused is None
    assert scored.state(CLAIM) == "suggested"


def test_deciding_on_the_sentence_leaves_the_hidden_alone(scored):
    scored.press("Alt+Up", "Tab", "Ctrl+Return")

    assert {scored.state(words) for words in ("Velmar", "Orsk")} == {"confirmed"}
    assert scored.state(CLAIM) == "suggested"


def test_what_people_decided_is_never_hidden(scored):
    scored.press("Tab", "Tab", "Return")
    scored.press("Esc", "Alt+Up")

    assert CLAIM in {span.quote for span in scored.view.page.index.shown()}


def test_the_hidden_do_not_count_as_undecided_nor_keep_a_document_open(scored):
    assert undecided(scored) == 5
    scored.press("Alt+Up")
    settled(scored)
    assert undecided(scored) == 2
    person = scored.window.labels.rows[scored.stored("Karsk").label_id].button
    scored.qtbot.waitUntil(lambda: person.accessibleName().endswith(", 0 here"))
    scored.press("Tab", "Return", "Return", "Tab")
    assert undecided(scored) == 0
    assert "Everything is decided" in scored.message


def test_a_moved_score_is_undone_with_what_it_hid(scored):
    scored.press("Alt+Up")
    settled(scored)
    scored.press("Ctrl+Z")
    assert (undecided(scored), visited(scored)) == (5, ["Velmar", CLAIM, "Orsk", "Karsk"])
    scored.press("Ctrl+Shift+Z")
    assert (undecided(scored), visited(scored)) == (2, ["Velmar", "Orsk"])


def test_undo_right_after_the_key_takes_the_key_back(scored):
    scored.press("Alt+Up", "Ctrl+Z")

    assert visited(scored) == ["Velmar", CLAIM, "Orsk", "Karsk"]


def test_the_scores_are_kept_in_the_project_and_can_be_cleared(scored):
    scored.press("Alt+Up")
    path = scored.project.path
    scored.window.flows.close()
    scored.open(path)
    assert visited(scored) == ["Velmar", "Orsk"]

    scored.window.labeller.threshold.clear()
    assert visited(scored) == ["Velmar", CLAIM, "Orsk", "Karsk"]
    assert "of every score are shown: 4 of 4" in scored.message


# -- the sliders -------------------------------------------------------------------------------------------------------


def test_a_slider_moves_the_text_and_its_count_at_once(scored):
    dialog = scores_dialog(scored)
    state = row(scored, dialog, "State")
    assert (state.staying.text(), state.score.text(), state.slider.hasFocus()) == ("2 of 2", "any score", True)
    QTest.keyClick(state.slider, Qt.Key.Key_PageUp)
    assert (state.staying.text(), state.score.text()) == ("1 of 2", "from 10%")
    assert "Orsk" not in {span.quote for span in scored.view.page.index.shown()}
    QTest.keyClick(state.slider, Qt.Key.Key_Home)
    assert "Orsk" in {span.quote for span in scored.view.page.index.shown()}
    QTest.keyClick(state.slider, Qt.Key.Key_End)
    settled(scored)
    assert (state.staying.text(), undecided(scored)) == ("0 of 2", 3)
    assert state.slider.accessibleDescription().startswith("shown 0 of 2")


def test_what_to_expect_is_told_where_it_was_measured(scored):
    dialog = scores_dialog(scored)
    claim = row(scored, dialog, "Claim")
    assert claim.precision.text().startswith("about ")
    claim.slider.setValue(90)
    low = claim.precision.text()
    claim.slider.setValue(50)
    assert claim.precision.text() != low


def test_reset_hides_what_is_mostly_wrong_and_all_shows_it(scored):
    dialog = scores_dialog(scored)
    claim = row(scored, dialog, "Claim")
    QTest.mouseClick(dialog.reset, Qt.MouseButton.LeftButton)
    assert claim.least_score == pytest.approx(default_least_score("claim"), abs=0.01)
    QTest.mouseClick(dialog.all, Qt.MouseButton.LeftButton)
    assert claim.least_score == 0
    settled(scored)
    assert undecided(scored) == 5


def test_the_sliders_follow_an_undo_and_the_counts_a_decision(scored):
    dialog = scores_dialog(scored)
    state = row(scored, dialog, "State")
    QTest.keyClick(state.slider, Qt.Key.Key_PageUp)
    settled(scored)
    from storage import history
    from storage.operations.spans import accept

    scored.window.flows.session.do(history.undo)
    assert state.least_score == 0
    scored.window.flows.session.do(accept, [scored.stored("Velmar").id])
    assert state.staying.text() == "1 of 1"


def test_what_is_moved_last_is_stored_when_the_dialog_is_closed(scored):
    dialog = scores_dialog(scored)
    QTest.keyClick(row(scored, dialog, "Person").slider, Qt.Key.Key_PageUp)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    scored.settle()
    assert undecided(scored) == 4


def test_the_panel_of_labels_leads_to_the_sliders(scored):
    QTest.mouseClick(scored.window.labels.scores, Qt.MouseButton.LeftButton)
    assert len(scored.dialogs(ScoresDialog)) == 1
