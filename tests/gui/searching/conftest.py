from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gui.document.view import DocumentView
from gui.search_side import SearchSide
from gui.session import Session
from nlp.suggestion import DocumentSuggestions, Range, SuggestedSpan
from storage.formats.exchange import ExchangeDocument
from storage.importing import Importer
from storage.queries import document_content, document_items
from storage.records import SpanRecord
from storage.suggesting import store_suggestions

FIRST = "Orsk warned Velmar. Orsk said no. The Orsk Shipping Company agreed with Orsk."
SECOND = "In Velmar and in Orsk.\nOrsk again 🌊 in 東岸."


class Desk:
    """A project of two documents, the first of them shown, with the tab of searching beside it."""

    def __init__(self, qtbot, path: Path) -> None:
        self._qtbot = qtbot
        self.session = Session.create(path)
        self.project = self.session.project
        self.first, self.second = self._add("First", FIRST), self._add("Second", SECOND)
        self.suggest(self.first, (0, 4), (20, 24))
        self.suggest(self.second, (17, 21))
        self.window = QWidget()
        self.view = DocumentView()
        self.side = SearchSide(self.view)
        layout = QHBoxLayout(self.window)
        layout.addWidget(self.view, 1)
        layout.addWidget(self.side)
        qtbot.addWidget(self.window)
        self.window.resize(900, 600)
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(self.window.isActiveWindow)
        self.told: list[str] = []
        self.side.told.connect(self.told.append)
        self.session.changed.connect(lambda _changes: self.show(self.first))
        self.show(self.first)
        self.side.work_on(self.session, self.first)

    def _add(self, title: str, text: str) -> int:
        with Importer(self.project) as importer:
            importer.add_file(title, [ExchangeDocument(title=title, text=text)])
            importer.publish()
        return document_items(self.project)[-1].document.id

    def suggest(self, document_id: int, *places: tuple[int, int]) -> None:
        found = tuple(SuggestedSpan(n, "state", (Range(*place),), 0.9) for n, place in enumerate(places))
        store_suggestions(self.project, DocumentSuggestions(document_id, "rules", "1", "", found))

    def show(self, document_id: int) -> None:
        self.view.show_document(document_content(self.project, document_id), self.session.codebook)

    def spans(self, document_id: int) -> dict[int, SpanRecord]:
        return {span.start_cp: span for span in document_content(self.project, document_id).spans}

    def label(self, name: str) -> int:
        return next(label.id for label in self.session.codebook.labels if label.name == name)

    def states(self) -> list[str]:
        both = {**self.spans(self.first), **{1000 + at: span for at, span in self.spans(self.second).items()}}
        return [both[at].state.value for at in sorted(both)]

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.window.focusWidget(), key, modifiers)

    def search(self, words: str, count: int) -> None:
        """Type words and wait for as many hits."""
        self.side.open_search()
        self.side.search.line.clear()
        self.side.search.line.insert(words)  # QTest types no Chinese
        self.press(Qt.Key.Key_Return)
        self._qtbot.waitUntil(lambda: len(self.side.search.list.hits.hits) == count)

    def open_equal(self, start_cp: int, count: int) -> None:
        """Focus a span, press for its equals, and wait for as many."""
        self.view.focus_span(self.spans(self.first)[start_cp].id)
        self.side.open_equal()
        self.wait_for_equal(count)

    def wait_for_equal(self, count: int) -> None:
        self._qtbot.waitUntil(lambda: len(self.side.equal.list.hits.hits) == count)

    def wait_for_word(self, words: str) -> None:
        """Wait until the status bar would say so."""
        self._qtbot.waitUntil(lambda: any(words in sentence for sentence in self.told))


@pytest.fixture
def desk(qtbot, tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(qtbot, tmp_path / "Straits desk.sayso")
    yield desk
    desk.side.work_on(None, None)
    desk.session.close()
