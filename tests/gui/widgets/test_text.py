from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QTextDocument
from PySide6.QtWidgets import QWidget

from gui.widgets.paint import TitleWrapper
from gui.widgets.text import ElidedLabel, heading, plain_label, plain_tooltip, set_plain_tooltip, without_mnemonic

HOSTILE = '<img src=x> <b>Orsk</b> & "Velmar"\n  indented'


def test_a_tooltip_shows_markup_as_typed(qapp):
    document = QTextDocument()
    document.setHtml(plain_tooltip(HOSTILE))
    assert document.toPlainText().replace("\u2028", "\n") == HOSTILE
    assert "￼" not in document.toPlainText()


def test_no_text_makes_no_tooltip():
    assert plain_tooltip("") == ""


def test_a_tooltip_is_read_out_without_its_markup(qtbot):
    widget = QWidget()
    qtbot.addWidget(widget)
    set_plain_tooltip(widget, HOSTILE)
    assert widget.accessibleDescription() == HOSTILE


def test_labels_show_plain_text(qtbot):
    label = plain_label(HOSTILE)
    qtbot.addWidget(label)
    assert label.textFormat() is Qt.TextFormat.PlainText


def test_headings_are_capitals_to_the_eye_only(qtbot):
    label = heading("Where it comes from")
    qtbot.addWidget(label)
    assert label.text() == "WHERE IT COMES FROM"
    assert label.accessibleName() == "Where it comes from"


def test_ampersands_survive_buttons():
    assert without_mnemonic("Orsk & Velmar") == "Orsk && Velmar"


def test_a_long_text_is_cut_and_told_in_the_tooltip(qtbot):
    label = ElidedLabel("The permanent <b>secretariat</b> of the League of Straits States")
    qtbot.addWidget(label)
    label.resize(90, 20)
    label.show()
    assert label.text().endswith("…")
    assert "&lt;b&gt;secretariat" in label.toolTip()
    label.resize(2000, 20)
    assert label.text() == label.full_text
    assert label.toolTip() == ""


@pytest.mark.parametrize("title", ["one two three four five six seven", "东岸港口调查报告关于来源", "🌊" * 12])
def test_wrapping_loses_nothing_but_blanks_at_line_ends(qapp, title):
    lines = TitleWrapper(QFont(), max_lines=100).lines(title, 90)
    assert len(lines) > 1
    assert "".join(lines).replace(" ", "") == title.replace(" ", "")


def test_wrapping_stops_with_an_ellipsis(qapp):
    lines = TitleWrapper(QFont(), max_lines=2).lines("one two three four five six seven eight nine", 60)
    assert len(lines) == 2
    assert lines[-1].endswith("…")


def test_an_empty_title_takes_one_line(qapp):
    assert TitleWrapper(QFont()).lines("", 90) == [""]
