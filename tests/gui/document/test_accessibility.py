from __future__ import annotations

import gc

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QAccessible

from gui.document.header import describe
from gui.document.style import Styles
from gui.document.tips import tip_text
from gui.document.view import DocumentView
from gui.theme import LIGHT
from storage.records import DocumentRecord, Fragment, Origin, SpanRecord, State

TEXT = "Velmar \U0001f30a said\u2028so. Orsk did not."


@pytest.fixture
def interface(show, draft):
    show_view = show(draft(TEXT, title="Harbour accord"))
    return QAccessible.queryAccessibleInterface(show_view)


def test_the_view_is_a_document_with_a_name(interface):
    assert interface.role() == QAccessible.Role.Document
    assert interface.text(QAccessible.Text.Name) == "Document: Harbour accord"


def test_readers_get_the_true_text_in_utf16_offsets(interface):
    text = interface.textInterface()
    assert text.characterCount() == len(TEXT) + 1
    assert text.text(0, text.characterCount()) == TEXT
    assert text.text(9, 14) == " said"


def test_readers_can_move_the_cursor_and_select(interface, view):
    text = interface.textInterface()
    text.setCursorPosition(10)
    assert view.cursor_cp == 9
    assert text.cursorPosition() == 10
    text.setSelection(0, 10, 14)
    assert view.selected_text() == "said"
    text.removeSelection(0)
    assert view.selection() == ()


def test_places_of_characters_and_characters_at_places_agree(interface, view):
    text = interface.textInterface()
    for offset in (0, 3, 10, 20):
        rect = text.characterRect(offset)
        assert rect.width() > 0
        assert text.offsetAtPoint(QPoint(rect.left() + 2, rect.center().y())) == offset
        assert view.viewport().rect().contains(view.viewport().mapFromGlobal(rect.center()))


def test_a_view_can_go_after_a_reader_asked_for_it(qtbot):
    view = DocumentView()
    assert QAccessible.queryAccessibleInterface(view).textInterface().characterCount() == 0
    view.deleteLater()
    with qtbot.waitSignal(view.destroyed):
        pass
    del view
    gc.collect()


def test_a_focused_span_is_announced(show, draft, monkeypatch):
    made = draft(TEXT)
    span = made.span(draft.STATE, "Velmar", state=State.SUGGESTED)
    view = show(made)
    told = []
    monkeypatch.setattr(QAccessible, "isActive", lambda: True)
    monkeypatch.setattr(QAccessible, "updateAccessibility", told.append)
    view.focus_span(span.id)
    messages = [event.message() for event in told if event.type() is QAccessible.Event.Announcement]
    assert messages == ["State, suggested: Velmar"]


def test_a_tip_escapes_what_strangers_wrote(codebook):
    span = SpanRecord(
        1, 1, 1, State.SUGGESTED, Origin.SUGGESTER, (Fragment(0, 1),), "x", score=0.912, reason="<img src=x>\u202e"
    )
    assert tip_text([span], Styles(LIGHT, codebook)) == ("<qt>State · suggested · 0.91 · &lt;img src=x&gt;\ufffd</qt>")
    assert tip_text([], Styles(LIGHT, codebook)) == ""


def test_the_header_tells_what_is_known_about_a_document():
    record = DocumentRecord(1, "t", 3442, "", source="Intelligence\nbrief", date="2031-03-19", language="en")
    assert describe(record) == "Intelligence brief · 19 March 2031 · English · 3,442 characters"
    assert describe(DocumentRecord(1, "t", 5, "", date="spring", language="zz")) == "spring · zz · 5 characters"
