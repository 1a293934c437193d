"""What is confirmed by keyboard is suggested elsewhere a moment later, and goes with an undo."""

from __future__ import annotations

import pytest

from storage.records import State

HARBOUR = "the harbour"


def suggested(desk, title: str = "") -> list[str]:
    content = desk.content(title)
    return [span.quote for span in content.spans if span.state == State.SUGGESTED and span.reason.startswith("you ")]


def confirm(desk, words: str, key: str) -> None:
    desk.select(words)
    desk.press(key)


def test_confirmed_words_appear_in_other_documents_and_are_told(desk) -> None:
    confirm(desk, "Karsk", "1")
    desk.remember()

    assert suggested(desk, "A note") == ["Karsk"]
    assert desk.message == "“Karsk” is suggested at 1 more place, since you confirmed it."


def test_undo_takes_them_away_and_redo_brings_them_back(desk) -> None:
    confirm(desk, "Karsk", "1")
    desk.remember()
    desk.press("Ctrl+Z")
    desk.remember()
    assert suggested(desk, "A note") == []
    desk.press("Ctrl+Shift+Z")
    desk.remember()
    assert suggested(desk, "A note") == ["Karsk"]


def test_they_are_visited_and_decided_like_others(desk) -> None:
    confirm(desk, "Karsk", "1")
    desk.remember()
    item = next(row for row in desk.window.flows.session.items() if row.document.title == "A note")
    assert item.undecided == 1
    desk.window.workspace.show_document(item.document.id)
    desk.press("Tab")
    assert (desk.focused, desk.card is not None) == ("Karsk", True)
    desk.press("Return")
    assert desk.state("Karsk") == "confirmed"


def test_the_document_on_screen_shows_what_was_found_there(make_desk, make_project, proposal) -> None:
    desk = make_desk()
    desk.open(make_project("twice", [proposal("Taval wrote. Orsk read what Taval wrote.")]))
    desk.select("Taval")
    desk.press("2")
    desk.remember()
    (span,) = (s for s in desk.view.page.index.spans.values() if s.state == State.SUGGESTED)
    assert (span.quote, span.reason) == ("Taval", "you confirmed these words in this text")
    assert "you confirmed these words in this text" in reason_on_card(desk)


def reason_on_card(desk) -> str:
    desk.press("Tab")
    return " ".join(
        label.text() for label in desk.card.findChildren(type(desk.window.status._saved)) if label.isVisible()
    )


def test_a_suggestion_that_memory_took_over_says_so_and_nothing_of_how(make_desk, make_project, proposal) -> None:
    text = proposal("Taval wrote. Orsk read what Taval wrote.")
    text.span("state", "Taval", after="what")
    desk = make_desk()
    desk.open(make_project("taken", [text]))
    desk.select("Taval")
    desk.press("2")
    desk.remember()
    told = reason_on_card(desk)
    assert desk.label("Taval") == "Person"
    assert "memory 1 · you confirmed these words in this text" in told
    assert "remember" not in told


def test_a_rejection_weighs_against_the_only_confirmation(desk) -> None:
    confirm(desk, HARBOUR, "3")
    desk.remember()
    note = next(row.document.id for row in desk.window.flows.session.items() if row.document.title == "A note")
    assert suggested(desk, "A note") == [HARBOUR]
    desk.window.workspace.show_document(note)
    desk.press("Tab", "Backspace")
    desk.remember()
    assert suggested(desk, "A note") == []


def test_what_was_missed_is_caught_up_with_when_the_project_is_opened(desk, make_desk) -> None:
    confirm(desk, "Karsk", "1")
    path = desk.project.path
    desk.window.flows.close()
    desk.open(path)
    desk.remember()
    assert suggested(desk, "A note") == ["Karsk"]


def test_closing_the_project_ends_the_work(desk) -> None:
    memory = desk.window.suggesting.memory
    confirm(desk, "Karsk", "1")
    memory.hold(is_held=False)
    desk.qtbot.waitUntil(lambda: memory.is_busy)
    desk.window.flows.close()
    assert not memory.is_busy


def test_pausing_the_suggesters_holds_memory_too(desk) -> None:
    memory = desk.window.suggesting.memory
    memory.hold(is_held=False)
    desk.qtbot.waitUntil(lambda: not memory.is_busy)
    desk.press("Shift+F5")
    confirm(desk, "Karsk", "1")
    assert not memory.is_busy
    desk.press("Shift+F5")
    desk.qtbot.waitUntil(lambda: suggested(desk, "A note") == ["Karsk"])
    desk.qtbot.waitUntil(lambda: not memory.is_busy)


@pytest.mark.parametrize("operation", ["suggest", "remember"])
def test_nothing_is_asked_again_after_its_own_work(desk, operation) -> None:
    from storage.records import Changes

    memory = desk.window.suggesting.memory
    desk.remember()
    memory.hold(is_held=False)
    memory._follow(Changes(set_id=1, operation=operation, spans=frozenset({1})))
    assert memory._timer.isActive() == (operation == "suggest")
    memory.hold(is_held=True)


def test_a_command_switches_it_off_and_on_and_shows_how_it_is_set(desk) -> None:
    confirm(desk, "Karsk", "1")
    desk.remember()
    command = desk.window.actions_by_id["suggest.memory"]
    assert command.isChecked()
    command.trigger()
    desk.remember()
    assert (command.isChecked(), suggested(desk, "A note")) == (False, [])
    desk.press("Ctrl+Z")
    desk.remember()
    assert (command.isChecked(), suggested(desk, "A note")) == (True, ["Karsk"])


def test_long_work_is_shown_and_can_be_stopped(desk, monkeypatch) -> None:
    monkeypatch.setattr("gui.remembering.LONG", 1)
    shown = []
    desk.window.suggesting.memory.progressed.connect(lambda done, total: shown.append((done, total)))
    confirm(desk, "Karsk", "1")
    desk.remember()
    assert (shown[0][0], shown[0][1] >= 2) == (0, True)
    assert shown[-1] == (0, 0)
    assert not desk.window.status.cancel.isVisible()
    assert suggested(desk, "A note") == ["Karsk"]


def test_what_was_stopped_is_done_after_the_next_decision(desk, monkeypatch) -> None:
    memory = desk.window.suggesting.memory
    monkeypatch.setattr("gui.remembering._proceed", lambda _task, _done, _total: False)
    confirm(desk, "Karsk", "1")
    desk.remember()
    assert suggested(desk, "A note") == []
    monkeypatch.undo()
    assert memory._sets is None
    confirm(desk, "Monday", "4")
    desk.remember()
    assert suggested(desk, "A note") == ["Karsk"]
