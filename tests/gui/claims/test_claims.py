"""The table of all claims: shown by key, found in, gone through, sorted, and coded many at once."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from storage import queries

CLAIM, QUOTE = "that Orsk would pay for the harbour", "“We pay for nothing,”"


@pytest.fixture
def claims(desk):
    """The table, shown by its key, with all claims read."""
    desk.press("Ctrl+Shift+C")
    desk.claims = desk.window.claims.panel
    told(desk, "2 claims")
    return desk


def told(desk, words: str) -> None:
    """Wait until the table tells this of what was found."""
    desk.qtbot.waitUntil(lambda: desk.window.claims.panel.count.full_text == words)


def column(desk, title: str) -> list[str]:
    model = desk.claims.model
    number = [item.title for item in model.columns].index(title)
    return [model.index(row, number).data() for row in range(model.rowCount())]


def choose(desk, box, text: str) -> None:
    """Choose in a box by typing what stands there, as the keyboard does."""
    box.setFocus()
    desk.type(text)
    desk.settle()


def test_a_line_tells_who_says_what(claims):
    assert column(claims, "Claim") == [CLAIM, QUOTE]
    assert column(claims, "Speaker") == ["Velmar", "–"]
    assert column(claims, "State") == ["undecided", "undecided"]
    assert column(claims, "Document") == ["Harbour brief", "Harbour brief"]


def test_typing_finds_and_arrows_go_from_claim_to_claim(claims):
    claims.type("harbour brief")
    told(claims, "2 claims")
    claims.press("Down")
    assert claims.focused == CLAIM
    assert claims.claims.table.hasFocus()
    claims.press("Down")
    assert claims.focused == QUOTE
    claims.press("Return")
    assert claims.view.hasFocus()
    assert claims.focused == QUOTE


def test_words_that_no_claim_has_leave_an_empty_table(claims):
    claims.type("xylophone")
    told(claims, "0 claims")
    claims.press("Down", "Esc")
    assert claims.view.hasFocus()


def test_a_decision_is_seen_in_the_table(claims):
    claims.press("Down", "Return", "Return")
    claims.qtbot.waitUntil(lambda: column(claims, "State") == ["confirmed", "undecided"])


def test_what_lacks_a_speaker_is_listed(claims):
    choose(claims, claims.claims.filter, "without s")
    told(claims, "1 claim")
    assert column(claims, "Claim") == [QUOTE]


def test_a_click_on_a_heading_sorts(claims):
    header = claims.claims.table.horizontalHeader()
    section = [item.title for item in claims.claims.model.columns].index("Claim")
    for wanted in ([CLAIM, QUOTE], [QUOTE, CLAIM]):
        point = header.viewport().rect().center()
        point.setX(header.sectionViewportPosition(section) + 20)
        QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=point)
        claims.qtbot.waitUntil(lambda wanted=wanted: column(claims, "Claim") == wanted)


def test_a_field_is_set_on_all_chosen_claims_and_undone_at_once(claims):
    claims.press("Down")
    claims.claims.table.setFocus()
    claims.press("Shift+Down")
    stance = next(item for item in queries.codebook(claims.project).fields if item.name == "Stance")
    values = next(item.menu() for item in claims.claims.setting.menu().actions() if item.text() == "Stance")
    next(item for item in values.actions() if item.text() == stance.choices[1]).trigger()
    claims.qtbot.waitUntil(lambda: column(claims, "Stance") == [stance.choices[1]] * 2)
    claims.press("Ctrl+Z")
    claims.qtbot.waitUntil(lambda: column(claims, "Stance") == ["–", "–"])


def test_the_key_hides_the_table_and_gives_the_keyboard_to_the_text(claims):
    claims.press("Ctrl+Shift+C")
    assert claims.claims.isHidden()
    assert claims.view.hasFocus()


def test_the_table_follows_to_another_project(claims, make_project, proposal):
    islands = proposal("Taval said that the islands wait.")
    islands.span("claim", "that the islands wait")
    claims.open(make_project("other", [islands]))
    told(claims, "1 claim")
    assert column(claims, "Claim") == ["that the islands wait"]
