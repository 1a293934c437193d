"""What counts as a claim, and whether confirmed words are remembered, by mouse and keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gui.panels.codebook_options import OptionsSection
from nlp.suggestion import CUE_KINDS
from storage import history
from storage.records import Codebook

ALL = tuple(kind.code for kind in CUE_KINDS)


@pytest.fixture
def options(qtbot):
    section = OptionsSection()
    qtbot.addWidget(section)
    section.show()
    section.show_options(Codebook())
    section.told = []
    section.cue_kinds_requested.connect(section.told.append)
    section.remembering_requested.connect(section.told.append)
    return section


def on(section) -> list[str]:
    return [code for code, box in section.kinds.items() if box.isChecked()]


def test_a_project_that_says_nothing_has_all_kinds_and_remembers(options) -> None:
    assert on(options) == list(ALL)
    assert (options.wide.isChecked(), options.narrow.isChecked(), options.remembering.isChecked()) == (
        True,
        False,
        True,
    )


@pytest.mark.parametrize(
    ("kinds", "presets"), [(("speech",), (True, False)), (("speech", "demand"), (False, False)), ((), (False, False))]
)
def test_kinds_are_shown_with_the_preset_that_they_are(options, kinds, presets) -> None:
    options.show_options(Codebook(cue_kinds=kinds, is_remembering=False))
    assert on(options) == list(kinds)
    assert (options.narrow.isChecked(), options.wide.isChecked()) == presets
    assert not options.remembering.isChecked()
    assert options.told == []


def test_each_click_is_a_wish(options) -> None:
    QTest.keyClick(options.kinds["demand"], Qt.Key.Key_Space)
    QTest.keyClick(options.kinds["demand"], Qt.Key.Key_Space)
    QTest.mouseClick(options.narrow, Qt.MouseButton.LeftButton)
    QTest.mouseClick(options.wide, Qt.MouseButton.LeftButton)
    QTest.keyClick(options.remembering, Qt.Key.Key_Space)
    assert options.told == [tuple(code for code in ALL if code != "demand"), None, ("speech",), None, False]


def test_a_kind_switched_off_is_stored_and_undone_in_the_window(desk) -> None:
    desk.press("Ctrl+Shift+L")
    panel = desk.window.side._codebook_panel
    QTest.keyClick(panel.options.kinds["attitude"], Qt.Key.Key_Space)
    session = desk.window.flows.session
    assert session.codebook.cue_kinds == tuple(code for code in ALL if code != "attitude")
    QTest.keyClick(panel.options.remembering, Qt.Key.Key_Space)
    assert not session.codebook.is_remembering
    session.do(history.undo)
    session.do(history.undo)
    assert (session.codebook.cue_kinds, session.codebook.is_remembering) == (None, True)
    assert on(panel.options) == list(ALL)
    assert panel.options.remembering.isChecked()


def test_a_label_is_remembered_or_not_by_its_form(desk) -> None:
    desk.press("Ctrl+Shift+L")
    panel, session = desk.window.side._codebook_panel, desk.window.flows.session
    state, claim = session.codebook.labels[0], next(x for x in session.codebook.labels if x.name == "Claim")
    panel.show_entry(state)
    form = panel.forms[0]
    assert form.remembered.isChecked()
    QTest.keyClick(form.remembered, Qt.Key.Key_Space)
    assert not session.codebook.settings_of(state.id).is_remembered
    session.do(history.undo)
    assert form.remembered.isChecked()
    panel.show_entry(claim)
    assert form.remembered.isHidden()
