"""Documents described and removed by key, hidden panes kept, flagged and rejected spans reached."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gui.dialogs.describe import DescribeDialog
from storage import queries


def test_document_is_described_by_key_and_undone(desk):
    before = desk.title
    desk.press("Ctrl+D")
    (dialog,) = desk.dialogs(DescribeDialog)
    dialog.title.setText("Another title")
    for day in ("last spring", "2024-13", "2024-02-30"):
        dialog.date.setText(day)
        assert not dialog.keep.isEnabled()
    dialog.date.setText("2024-03-19")
    QTest.keyClick(dialog.title, Qt.Key.Key_Return)

    desk.settle()
    titles = [item.document.title for item in queries.document_items(desk.project)]
    assert "Another title" in titles
    desk.press("Ctrl+Z")
    assert before in [item.document.title for item in queries.document_items(desk.project)]


def test_removed_document_leaves_the_list_and_returns_with_undo(desk):
    gone = desk.title
    count = desk.window.documents.model.total
    desk.window.actions_by_id["document.remove"].trigger()
    desk.settle()

    assert desk.window.documents.model.total == count - 1
    assert desk.title != gone
    desk.press("Ctrl+Z")
    assert desk.window.documents.model.total == count
    assert gone in [item.document.title for item in queries.document_items(desk.project)]


def test_next_flagged_goes_from_document_to_document(desk):
    desk.press("Tab", "D")
    first = (desk.title, desk.focused)
    desk.press("Ctrl+PgDown", "Tab", "D")
    second = (desk.title, desk.focused)
    desk.press("Escape", "Shift+D")
    assert (desk.title, desk.focused) in {first, second}
    seen = set()
    for _ in range(2):
        desk.press("Shift+D")
        seen.add((desk.title, desk.focused))
    assert seen == {first, second}


def test_only_flagged_spans_are_shown_and_visited_on_request(desk):
    desk.press("Tab", "Tab", "D")
    flagged = desk.view.focused_span_id
    assert len(desk.view.page.index.shown()) > 1
    desk.press("Ctrl+Shift+D")
    assert [span.id for span in desk.view.page.index.shown()] == [flagged]
    desk.press("Escape", "Ctrl+Home", "Tab")
    assert desk.view.focused_span_id == flagged
    desk.press("Ctrl+Shift+D")
    assert len(desk.view.page.index.shown()) > 1


def test_rejected_spans_are_shown_on_request(desk):
    desk.press("Tab")
    rejected = desk.view.focused_span_id
    desk.press("Backspace")
    span = desk.view.page.index.spans[rejected]
    assert not desk.view.page.index.is_shown(span)
    desk.press("Ctrl+Shift+R")
    assert desk.view.page.index.is_shown(span)


def test_hidden_panes_stay_hidden_over_a_restart(desk, make_desk):
    path = desk.project.path
    desk.press("Ctrl+B")
    assert desk.window.bench.left.isHidden()
    desk.press("Ctrl+Q")
    again = make_desk()
    again.open(path)
    assert again.window.bench.left.isHidden()
    assert not again.window.actions_by_id["panel.documents"].isChecked()
    again.press("Ctrl+B")
    assert not again.window.bench.left.isHidden()
