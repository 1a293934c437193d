"""Z leaves words, a paragraph, everything that repeats out of the work, and takes it in again."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from gui.dialogs.repeats import RepeatsDialog
from gui.dialogs.same_paragraph import SameParagraphDialog
from storage.stretch_queries import stretches_in

NOTICE = "Subscribe to the Straits letter."
FOOT = "All rights reserved."
#: For work in threads, on a machine that does much else.


def _excluded(desk, title: str = "") -> list[str]:
    content = desk.content(title)
    return [content.text[s.start_cp : s.end_cp] for s in stretches_in(desk.project, content.document.id)]


@pytest.fixture
def pages(make_desk, make_project, proposal):
    """A window on six documents that share two paragraphs; in each a name is suggested, in the notice, too."""
    made = []
    for n in range(6):
        page = proposal(f"{NOTICE}\n\nVelmar waits, day {n}.\n\n{FOOT}")
        page.span("state", "Velmar")
        page.span("state", "Straits")
        made.append(page)
    desk = make_desk()
    desk.open(make_project("pages", made))
    return desk


def test_z_leaves_the_paragraph_out_with_its_suggestions_and_again_takes_it_in(desk) -> None:
    desk.place("We pay")
    desk.press("Z")
    part = "“We pay for nothing,” she told reporters in Karsk. The talks go on."
    assert _excluded(desk) == [part]
    assert desk.stored("“We pay for nothing,”") is None
    assert desk.view.page.stretches.excluded_at(desk.view.cursor_cp) is not None
    assert "Z takes it in again" in desk.message
    desk.press("Z")
    assert _excluded(desk) == []
    assert "Taken in again" in desk.message
    desk.press("Ctrl+Z", "Ctrl+Z")
    assert _excluded(desk) == []
    assert desk.state("“We pay for nothing,”") == "suggested"
    assert desk.view.page.stretches.excluded == []


def test_z_leaves_selected_words_out_and_takes_in_just_them_again(desk) -> None:
    desk.select("on Monday")
    desk.press("Z")
    assert (_excluded(desk), desk.view.selection()) == (["on Monday"], ())
    desk.place("Monday")
    desk.press("Z")
    assert _excluded(desk) == []


def test_tab_goes_past_what_is_left_out(desk) -> None:
    desk.press("Ctrl+Home")
    desk.place("Ren Taval")
    desk.press("Z")
    assert desk.state("Velmar") == "gone"
    desk.press("Ctrl+Home", "Tab")
    assert desk.focused == "“We pay for nothing,”"


def test_decisions_in_a_part_that_is_left_out_stay_and_that_is_told(desk) -> None:
    while desk.focused != "Ren Taval":
        desk.press("Tab")
    desk.press("Return")
    desk.place("Ren Taval")
    desk.press("Z")
    assert desk.state("Ren Taval") == "confirmed"
    assert "1 label stays there, but in no training data" in desk.message


@pytest.mark.parametrize("keys", [("1",), ("Shift+Right", "1")])
def test_nothing_is_labelled_where_the_text_is_left_out(desk, keys) -> None:
    desk.place("reporters")
    desk.press("Z")
    desk.place("Karsk", after="reporters")
    desk.press(*keys)
    assert desk.stored("Karsk") is None
    assert desk.message == "This part is left out of the work. Z takes it in again; then it can be labelled."
    assert desk.saved == "● saved"


def test_the_end_of_a_span_does_not_move_into_what_is_left_out(desk) -> None:
    desk.select("on Monday")
    desk.press("Z", "Ctrl+Home")
    while desk.focused != "said":
        desk.click("said")
    desk.press("Alt+Right")
    assert desk.stored("said") is not None
    assert "left out of the work" in desk.message


def test_the_same_paragraph_is_left_out_everywhere_after_a_preview(pages) -> None:
    pages.place("Subscribe")
    pages.press("Shift+Z")
    (dialog,) = pages.dialogs(SameParagraphDialog)
    pages.qtbot.waitUntil(lambda: len(dialog.list.hits.hits) == 6)
    assert dialog.told.text() == "The same paragraph stands 6 times in 6 documents."
    pages.press("Down", "Space")
    assert dialog.exclude.text() == "Leave out in 5 documents"
    pages.press("Return")
    pages.qtbot.waitUntil(lambda: pages.message.startswith("Left out of the work in 5 documents"))
    titles = ["Harbour brief", "The islands wait", "A note", "Note 4", "Note 5", "Note 6"]
    assert [_excluded(pages, title) for title in titles] == [[NOTICE], [], *([[NOTICE]] * 4)]
    assert (pages.state("Straits"), pages.state("Straits", "The islands wait")) == ("gone", "suggested")
    pages.view.setFocus()
    pages.press("Ctrl+Z")
    assert [_excluded(pages, title) for title in titles] == [[]] * 6
    assert pages.state("Straits", "Note 6") == "suggested"


def test_a_preview_that_is_left_changes_nothing(pages) -> None:
    pages.place("Subscribe")
    pages.press("Shift+Z")
    (dialog,) = pages.dialogs(SameParagraphDialog)
    pages.qtbot.waitUntil(lambda: len(dialog.list.hits.hits) == 6)
    pages.press("Escape")
    assert pages.dialogs() == []
    assert _excluded(pages) == []
    assert pages.view.hasFocus()


def test_what_repeats_is_listed_and_the_ticked_ones_are_left_out(pages) -> None:
    while pages.focused != "Straits":
        pages.press("Tab")
    pages.press("Return")  # a label in the notice: it is offered, but not ticked
    pages.window.actions_by_id["text.repeats"].trigger()
    (dialog,) = pages.dialogs(RepeatsDialog)
    pages.qtbot.waitUntil(lambda: dialog.list.count() == 2)
    assert dialog.exclude.text() == "Leave 1 paragraph out in 6 documents"
    first = dialog.list.visualItemRect(dialog.list.item(0))
    QTest.mouseClick(dialog.list.viewport(), Qt.MouseButton.LeftButton, pos=first.topLeft() + QPoint(12, 12))
    assert dialog.exclude.text() == "Leave 2 paragraphs out in 6 documents"
    pages.press("Space")
    assert dialog.list.item(0).checkState() is Qt.CheckState.Unchecked
    pages.qtbot.mouseClick(dialog.exclude, Qt.MouseButton.LeftButton)
    pages.qtbot.waitUntil(lambda: pages.message.startswith("Left out of the work in 6 documents"))
    assert _excluded(pages) == [FOOT]
    assert pages.state("Straits") == "confirmed"
    pages.window.actions_by_id["text.repeats"].trigger()
    (dialog,) = pages.dialogs(RepeatsDialog)
    pages.qtbot.waitUntil(lambda: dialog.list.count() == 1)
    assert not dialog.exclude.isEnabled()


def test_where_nothing_repeats_that_is_told(desk) -> None:
    desk.window.actions_by_id["text.repeats"].trigger()
    (dialog,) = desk.dialogs(RepeatsDialog)
    desk.qtbot.waitUntil(lambda: dialog.told.text().startswith("No paragraph repeats"))
    assert not dialog.exclude.isEnabled()


def test_z_outside_any_paragraph_says_what_it_needs(desk) -> None:
    desk.view.place_cursor(desk.text.index("\n\n") + 1)
    desk.press("Z")
    assert "Put the cursor into a paragraph" in desk.message
    desk.press("Shift+Z")
    assert "Put the cursor into the paragraph" in desk.message
    assert desk.dialogs() == []


def test_a_reviewed_sentence_is_followed_by_the_next_one_in_the_work(desk) -> None:
    desk.select("Ren Taval denied")
    desk.press("Z")
    assert _excluded(desk) == ["Ren Taval denied"]
    desk.place("Velmar said")
    desk.press("R")
    assert desk.text[desk.view.cursor_cp :].startswith("it.")
