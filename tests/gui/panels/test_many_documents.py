"""A list of very many documents is not measured row by row."""

import pytest

from gui.panels.document_delegate import DocumentDelegate
from gui.panels.documents import _MOST_MEASURED, DocumentsPanel
from storage.records import DocumentItem


def _items(count, title="A title that is far too long for one line of this narrow list, {}, and for two as well {}"):
    return [DocumentItem(n, title.format(n, n), 10, "0" * 64, source="Desk", undecided=1) for n in range(count)]


@pytest.fixture
def panel(qtbot):
    panel = DocumentsPanel()
    qtbot.addWidget(panel)
    panel.resize(240, 500)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


def test_many_rows_have_one_height_and_few_are_asked_for_it(panel, qapp, monkeypatch):
    asked = []
    size_of = DocumentDelegate.sizeHint
    monkeypatch.setattr(DocumentDelegate, "sizeHint", lambda *args: asked.append(1) or size_of(*args))
    panel.set_items(_items(_MOST_MEASURED * 5))
    qapp.processEvents()

    assert len(asked) < 200
    rows = [panel.list.visualRect(panel.model.index(row)).height() for row in (0, 7, _MOST_MEASURED * 4)]
    assert len(set(rows)) == 1
    panel.set_current(_MOST_MEASURED * 5 - 1)
    qapp.processEvents()
    assert panel.list.viewport().rect().intersects(panel.list.visualRect(panel.list.currentIndex()))


def test_few_rows_are_as_high_as_their_titles_again(panel, qapp):
    panel.set_items(_items(_MOST_MEASURED + 1))
    qapp.processEvents()
    panel.set_items([*_items(1), *_items(2, title="Short")[1:]])
    qapp.processEvents()

    heights = [panel.list.visualRect(panel.model.index(row)).height() for row in range(2)]
    assert heights[0] > heights[1] * 1.5


def test_many_titles_end_in_an_ellipsis_on_their_second_line(panel, qapp):
    panel.set_items(_items(_MOST_MEASURED + 1))
    qapp.processEvents()
    delegate = panel.list.itemDelegate()
    lines = delegate._title_lines(panel.model.item_at(3))

    assert len(lines) == 2
    assert lines[1].endswith("…")
