"""The table of all claims: shown by key, found in, gone through, sorted, and coded many at once."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt, QTimer
from PySide6.QtTest import QTest

from gui.claims.panel import ClaimsPanel
from storage import queries
from storage.claim_list import ClaimLine, FoundClaims
from storage.codebooks import DEFAULT, starter
from storage.records import Changes, State

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


def test_a_decision_is_seen_while_changes_never_pause(claims):
    claims.press("Down", "Return", "Return")
    changing = QTimer(claims.window, interval=40)
    changing.timeout.connect(lambda: claims.window.flows.session.changed.emit(Changes()))
    changing.start()
    claims.qtbot.waitUntil(lambda: column(claims, "State") == ["confirmed", "undecided"])
    changing.stop()


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


def set_stance(desk, number: int) -> str:
    """Give the chosen claims the value of this number, by the menu of the button; return the value."""
    stance = next(item for item in queries.codebook(desk.project).fields if item.name == "Stance")
    values = next(item.menu() for item in desk.claims.setting.menu().actions() if item.text() == "Stance")
    next(item for item in values.actions() if item.text() == stance.choices[number]).trigger()
    return stance.choices[number]


def test_the_line_that_down_goes_to_is_chosen(claims):
    claims.press("Down")
    value = set_stance(claims, 0)
    claims.qtbot.waitUntil(lambda: column(claims, "Stance") == [value, "–"])


def test_the_chosen_claims_stay_chosen_when_the_table_is_read_again(claims):
    claims.press("Down", "Shift+Down")
    chosen = claims.claims.chosen()
    value = set_stance(claims, 1)
    claims.qtbot.waitUntil(lambda: column(claims, "Stance") == [value] * 2)
    assert claims.claims.chosen() == chosen
    assert len(chosen) == 2


def test_lines_of_another_project_are_gone_with_it(claims, make_project):
    claims.press("Ctrl+Shift+C")
    claims.window.flows.close()
    assert claims.claims.model.rowCount() == 0


def test_many_lines_read_again_stay_where_they_are(qtbot):
    panel = ClaimsPanel()
    qtbot.addWidget(panel)
    panel.set_codebook(starter(DEFAULT).codebook)
    lines = tuple(ClaimLine(n, 1, "T", "", 1, f"claim {n}", State.SUGGESTED, False, "") for n in range(2000))
    panel.resize(900, 240)
    panel.show()
    panel.show_found(FoundClaims(lines, 2000))
    index = panel.model.index(1000, 0)
    panel.table.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
    panel.table.scrollTo(index)
    at = panel.table.verticalScrollBar().value()
    panel.show_found(FoundClaims(lines, 2000))
    assert at > 0
    assert panel.table.verticalScrollBar().value() == at
    assert panel.chosen() == [1000]
