"""The n-th word to the database fails while a key is pressed, for every n: the screen shows what the file holds."""

from __future__ import annotations

import pytest
from faulty import FaultyDriver, each_fault

from gui.dialogs.message import MessageDialog
from storage.errors import ProjectOpenError
from storage.operations.documents import remove_document


@pytest.fixture
def driver(monkeypatch) -> FaultyDriver:
    """Installed ahead of the project, by standing first among the arguments."""
    return FaultyDriver(monkeypatch)


#: What is done before, the key that decides, and the key that takes it back.
_DECISIONS = {
    "accept": ([], "Return", "Ctrl+Z"),
    "reject": ([], "Backspace", "Ctrl+Z"),
    "relabel": ([], "2", "Ctrl+Z"),
    "resize": ([], "Alt+Right", "Ctrl+Z"),
    "flag": ([], "D", "Ctrl+Z"),
    "accept sentence": ([], "Ctrl+Return", "Ctrl+Z"),
    "sentence reviewed": ([], "R", "Ctrl+Z"),
    "undo": (["Return"], "Ctrl+Z", "Ctrl+Shift+Z"),
    "redo": (["Return", "Ctrl+Z"], "Ctrl+Shift+Z", "Ctrl+Z"),
}


def _let_go(desk) -> list[str]:
    """Close what is told, and return it."""
    told = [dialog.sentence.text() for dialog in desk.dialogs(MessageDialog)]
    for dialog in desk.dialogs():
        dialog.close()
    desk.settle()
    return told


@pytest.mark.parametrize("name", _DECISIONS)
def test_a_key_that_fails_anywhere_leaves_screen_and_file_alike(driver, desk, name):
    before, key, back = _DECISIONS[name]
    desk.press("Tab", *before)
    content, focus = desk.content(), desk.view.focused_span_id
    refused = unread = 0
    for number, fault in each_fault():
        with driver.failing(number, fault):
            desk.press(key)
            has_failed = driver.has_failed
        told = _let_go(desk)
        now, where = desk.content(), f"{name}, {number}: {told}"
        assert _shown(desk) == _held(now), where
        assert all(fault[2] in sentence for sentence in told), where
        if now == content:
            assert [("nothing was changed" in sentence) for sentence in told] == [True], where
            assert desk.view.focused_span_id == focus
            refused += 1
            continue
        assert not any("nothing was changed" in sentence for sentence in told), where
        assert desk.saved == "● saved"
        if not has_failed:
            break
        unread += 1
        desk.press(back)
        desk.view.focus_span(focus)
        desk.settle()
        assert desk.content() == content, where

    assert refused > 5
    assert unread > 2


def test_what_was_saved_and_could_not_be_read_again_is_shown_as_soon_as_it_can(desk, monkeypatch, qtbot):
    def refuse(*_):
        raise ProjectOpenError("“briefs.sayso” cannot be read just now.")

    desk.press("Tab")
    with monkeypatch.context() as patch:
        patch.setattr("storage.queries.spans_by_id", refuse)
        desk.press("Return")
        (told,) = _let_go(desk)
    assert "cannot be read" in told
    qtbot.waitUntil(lambda: _shown(desk) == _held(desk.content()))
    assert desk.state("Velmar") == "confirmed"
    assert desk.focused is not None


def test_a_list_that_cannot_be_read_stays(desk, monkeypatch, qtbot):
    def refuse(*_):
        raise ProjectOpenError("“briefs.sayso” cannot be read just now.")

    session = desk.window.flows.session
    with monkeypatch.context() as patch:
        patch.setattr("storage.queries.document_items", refuse)
        session.do(remove_document, 1)
        assert desk.window.documents.model.total == 3
        assert _let_go(desk) != []
    qtbot.waitUntil(lambda: desk.window.documents.model.total == 2)
    assert desk.title == "The islands wait"


def _shown(desk):
    page = desk.view.page
    return page.index.spans, page.index.links, page.reviewed.records


def _held(content):
    spans, links = ({row.id: row for row in rows} for rows in (content.spans, content.links))
    return spans, links, content.reviewed
