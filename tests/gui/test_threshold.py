"""Unlikely suggestions can be hidden by score: not seen, not visited, not decided on, and back at any time."""

from __future__ import annotations

import pytest

from gui.threshold import SETTING

TEXT = "Velmar said that Orsk would pay. Karsk told nobody."
CLAIM = "that Orsk would pay"


@pytest.fixture
def scored(make_desk, make_project, proposal):
    """The window with suggestions of several scores: two actors in 5 steps of each other, a claim with its cue."""
    text = proposal(TEXT)
    text.span("state", "Velmar", score=0.9)
    text.span("state", "Orsk", score=0.06)
    cue = text.span("cue", "said", score=0.04)
    claim = text.span("claim", CLAIM, score=0.04)
    text.span("person", "Karsk", score=0.04)
    text.link("cue", claim, cue)
    desk = make_desk()
    desk.open(make_project("scored", [text]))
    desk.view.move_text_edge(to_end=False)
    desk.view.page.origin = (-1, 0, 0)
    return desk


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


def test_every_suggestion_is_shown_at_first(scored):
    assert visited(scored) == ["Velmar", CLAIM, "Orsk", "Karsk"]


def test_suggestions_below_the_score_are_neither_visited_nor_shown_and_stay_undecided(scored):
    scored.press("Alt+Up")

    assert visited(scored) == ["Velmar", "Orsk"]
    shown = {span.quote for span in scored.view.page.index.shown()}
    assert shown == {"Velmar", "Orsk"}
    assert {scored.state(words) for words in (CLAIM, "said", "Karsk")} == {"suggested"}


def test_it_is_told_how_many_stay(scored):
    scored.press("Alt+Up")

    assert scored.message == (
        "Actors below 5% are hidden: 2 of 3 suggestions stay here. "
        "Claims below 5% are hidden: 0 of 1 suggestions stay here."
    )


def test_a_focused_suggestion_tells_whose_score_is_meant(scored):
    scored.press("Tab", "Alt+Up", "Alt+Up")
    assert visited(scored) == ["Velmar", CLAIM]

    scored.view.focus_next_undecided()
    scored.view.focus_span(scored.stored("Velmar").id)
    scored.press("Alt+Down")
    assert visited(scored) == ["Velmar", CLAIM, "Orsk"]


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


def test_the_scores_are_kept_in_the_project_and_can_be_cleared(scored):
    scored.press("Alt+Up")
    path = scored.project.path
    scored.window.flows.close()
    scored.open(path)
    assert visited(scored) == ["Velmar", "Orsk"]

    scored.window.labeller.threshold.clear()
    assert visited(scored) == ["Velmar", CLAIM, "Orsk", "Karsk"]
    assert "of every score are shown: 3 of 3" in scored.message


@pytest.mark.parametrize("kept", ["high", {"actor": "0.5"}, {"claim": 7.0}, {"actor": True}, [0.5], None])
def test_a_strange_setting_hides_nothing(scored, kept):
    path = scored.project.path
    scored.window.flows.session.keep(SETTING, kept)
    scored.window.flows.close()
    scored.open(path)

    assert visited(scored) == ["Velmar", CLAIM, "Orsk", "Karsk"]
