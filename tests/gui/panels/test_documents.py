from __future__ import annotations

import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF, QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui.panels.document_delegate import count_for_margin
from gui.panels.documents import DocumentsPanel
from gui.panels.documents_model import DocumentOrder, DocumentsModel, date_for_people
from storage.records import DocumentItem


def item(ident, title, *, undecided=0, decided=0, reviewed_cp=0, source="", date=None, position=None):
    place = ident if position is None else position
    counts = {"undecided": undecided, "decided": decided, "reviewed_cp": reviewed_cp}
    return DocumentItem(ident, title, 100, "", place, source, date, **counts)


ITEMS = [
    item(7, "Harbour accord", source="Coastal Review", date="2026-03-12", reviewed_cp=100, decided=30),
    item(8, "Velmar cites island protests", source="Brief", date="2026-03-19", undecided=12),
    item(9, "A League summit, post by post", source="Blog", undecided=203),
]


@pytest.fixture
def panel(qtbot):
    panel = DocumentsPanel()
    qtbot.addWidget(panel)
    panel.resize(260, 700)
    panel.set_items(ITEMS)
    panel.show()
    panel.activateWindow()
    qtbot.waitUntil(panel.isActiveWindow)
    return panel


def shown(model: DocumentsModel) -> list[int]:
    return [model.item_at(row).document.id for row in range(model.rowCount())]


@pytest.mark.parametrize(
    ("order", "ids"),
    [
        (DocumentOrder.POSITION, [7, 8, 9]),
        (DocumentOrder.TITLE, [9, 7, 8]),
        (DocumentOrder.DATE, [7, 8, 9]),
        (DocumentOrder.UNDECIDED, [9, 8, 7]),
    ],
)
def test_documents_come_in_the_chosen_order(panel, order, ids):
    panel.set_order(order)
    assert shown(panel.model) == ids


def test_filter_needs_all_words_in_any_field_case_aside(panel):
    panel.filter.setText("brief VELMAR")
    assert shown(panel.model) == [8]
    panel.filter.clear()
    assert shown(panel.model) == [7, 8, 9]


def test_heading_counts_reviewed_documents(panel):
    assert panel._count.text() == "1 OF 3 REVIEWED"
    panel.update_items([item(8, "Velmar cites island protests", source="Brief", date="2026-03-19", reviewed_cp=100)])
    assert panel._count.text() == "2 OF 3 REVIEWED"
    panel.update_items([item(8, "Velmar cites island protests", source="Brief", date="2026-03-19", undecided=1)])
    assert panel._count.text() == "1 OF 3 REVIEWED"


def test_an_update_moves_no_row_and_a_new_document_appears(panel):
    panel.set_order(DocumentOrder.UNDECIDED)
    panel.update_items([item(9, "A League summit, post by post", undecided=0, source="Blog")])
    assert shown(panel.model) == [9, 8, 7]
    panel.update_items([item(10, "Taval speaks", undecided=99)])
    assert shown(panel.model) == [10, 8, 7, 9]


def test_a_decision_in_one_document_lays_out_none_anew(panel):
    panel.set_items([item(i, f"Report {i}", undecided=i) for i in range(1000)])
    panel.list.grab()
    asked: list[int] = []
    delegate = panel.list.itemDelegate()
    original = delegate.sizeHint
    delegate.sizeHint = lambda option, index: asked.append(index.row()) or original(option, index)
    panel.update_items([item(3, "Report 3", undecided=2, decided=1)])
    QApplication.processEvents()
    panel.list.grab()
    assert len(set(asked)) < 100, "no more than the rows in sight"
    assert panel.model.item_at(3).undecided == 2
    panel.update_items([item(3, "Report 3, corrected")])
    panel.list.grab()
    assert len(set(asked)) == 1000


def test_the_current_document_stays_marked_through_sorting_and_filtering(panel):
    panel.set_current(8)
    panel.set_order(DocumentOrder.TITLE)
    assert panel.list.currentIndex().row() == 2
    panel.filter.setText("harbour")
    assert not panel.list.currentIndex().isValid()
    panel.filter.clear()
    assert panel.list.currentIndex().row() == 2


def test_click_and_enter_ask_for_a_document_and_arrows_do_not(panel, qtbot):
    asked: list[int] = []
    panel.document_requested.connect(asked.append)
    where = panel.list.visualRect(panel.model.index(1)).center()
    QTest.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert asked == [8]
    panel.list.setFocus()
    QTest.keyClick(panel.list, Qt.Key.Key_Down)
    assert asked == [8]
    QTest.keyClick(panel.list, Qt.Key.Key_Return)
    assert asked == [8, 9]


def test_a_document_is_found_and_opened_by_keyboard_alone(panel):
    asked: list[int] = []
    panel.document_requested.connect(asked.append)
    panel.filter.setFocus()
    QTest.keyClicks(panel.filter, "league")
    QTest.keyClick(panel.filter, Qt.Key.Key_Return)
    assert asked == [9]
    QTest.keyClick(panel.filter, Qt.Key.Key_Down)
    assert panel.list.hasFocus()
    QTest.keyClick(panel.list, Qt.Key.Key_Enter)
    assert asked == [9, 9]


def test_escape_first_clears_the_filter_then_leaves(panel, qtbot):
    panel.filter.setFocus()
    QTest.keyClicks(panel.filter, "x")
    with qtbot.assertNotEmitted(panel.left):
        QTest.keyClick(panel.filter, Qt.Key.Key_Escape)
    assert panel.filter.text() == ""
    with qtbot.waitSignal(panel.left):
        QTest.keyClick(panel.filter, Qt.Key.Key_Escape)


def test_neighbours_follow_the_list_as_shown(panel):
    panel.set_order(DocumentOrder.TITLE)
    panel.set_current(7)
    assert (panel.neighbour(-1), panel.neighbour(1)) == (9, 8)
    panel.set_current(8)
    assert panel.neighbour(1) is None


def test_documents_are_told_by_id_and_in_the_order_shown(panel):
    panel.filter.setText("brief")
    assert [shown_item.document.id for shown_item in panel.items()] == [8]
    assert panel.item(9).undecided == 203
    assert panel.item(99) is None


def test_empty_states_say_what_to_do(panel):
    panel.filter.setText("nowhere")
    assert not panel.list.isVisible()
    assert "“nowhere”" in panel._empty.text()
    panel.filter.clear()
    panel.set_items([])
    assert "Ctrl+I" in panel._empty.text()
    assert panel._count.text() == ""


def test_a_title_is_never_rich_text(panel):
    panel.set_items([item(1, "<img src=x> & <b>Orsk</b>")])
    index = panel.model.index(0)
    assert index.data(Qt.ItemDataRole.DisplayRole) == "<img src=x> & <b>Orsk</b>"
    tip = QTextDocument()
    tip.setHtml(index.data(Qt.ItemDataRole.ToolTipRole))
    assert tip.toPlainText().startswith("<img src=x> & <b>Orsk</b>")


def test_long_titles_take_three_lines_and_no_more(panel):
    delegate = panel.list.itemDelegate()
    heights = []
    for title in ("Orsk", "Orsk and Velmar " * 3, "Orsk and Velmar " * 30, "东岸港口" * 60):
        panel.set_items([item(1, title)])
        heights.append(panel.list.sizeHintForRow(0))
    assert heights[0] < heights[1] <= heights[2] == heights[3]
    assert delegate._lines["东岸港口" * 60][-1].endswith("…")


def test_a_title_that_is_one_long_word_ends_within_its_row(panel):
    panel.set_items([item(1, "x" * 500)])
    panel.list.sizeHintForRow(0)
    (line,) = panel.list.itemDelegate()._lines["x" * 500]

    assert line.endswith("…")
    assert QFontMetricsF(panel.list.font()).horizontalAdvance(line) < panel.list.viewport().width()


def test_a_row_is_told_to_a_screen_reader(panel):
    told = panel.model.index(1).data(Qt.ItemDataRole.AccessibleTextRole)
    assert told == f"Velmar cites island protests, Brief, {date_for_people('2026-03-19')}, 12 undecided, 0 decided"


def test_dates_that_are_no_dates_stay_as_written():
    assert date_for_people("spring 2026") == "spring 2026"
    assert date_for_people(None) == ""


@pytest.mark.parametrize(("count", "text"), [(0, ""), (7, "7"), (9999, "9999"), (10_000, "10k"), (2_000_000, "1M+")])
def test_counts_fit_the_margin(count, text):
    assert count_for_margin(count) == text


def test_ten_thousand_documents_are_shown_and_filtered_fast(panel):
    many = [
        item(i, f"Report {i} of Orsk on the harbour accord and what follows", undecided=i % 50) for i in range(10_000)
    ]
    start = time.process_time()
    panel.set_items(many)
    panel.list.grab()
    shown_s = time.process_time() - start
    start = time.process_time()
    panel.filter.setText("report 77")
    panel.list.grab()
    filtered_s = time.process_time() - start
    assert shown_s < 1
    assert filtered_s < 0.2
    assert panel.model.rowCount() == sum("77" in str(i) for i in range(10_000))
