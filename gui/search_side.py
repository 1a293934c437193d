"""The tab of searching: the panel to find in the project, or in its place the preview of equal mentions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from gui.equals import Equals
from gui.panels.equal import EqualPanel
from gui.panels.search import SearchPanel
from gui.searching import Searching

if TYPE_CHECKING:
    from gui.document.view import DocumentView
    from gui.session import Session


class SearchSide(QStackedWidget):
    """Both panels with their controllers.

    `shown_requested` asks for the tab to be on top, `released` for what was there before the preview of equal ones;
    `hit_requested` to open a document (its id) with a stretch selected (start and end in code points); `left` to give
    the keyboard to the document; `told` carries a short sentence for the status bar.
    """

    shown_requested = Signal()
    released = Signal()
    hit_requested = Signal(int, int, int)
    left = Signal()
    told = Signal(str)

    def __init__(self, view: DocumentView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.search = SearchPanel()
        self.equal = EqualPanel()
        self.addWidget(self.search)
        self.addWidget(self.equal)
        self.searching = Searching(self.search, view, self)
        self.equals = Equals(self.equal, view, self)
        self.searching.panel_requested.connect(self._show_search)
        self.equals.panel_requested.connect(self._show_equal)
        self.equals.panel_released.connect(self._release)
        self.searching.left.connect(self.left)
        for controller in (self.searching, self.equals):
            controller.hit_requested.connect(self.hit_requested)
            controller.told.connect(self.told)

    def work_on(self, session: Session | None, document_id: int | None) -> None:
        """Work in this project and document from now on; `None` ahead of closing it ends all threads."""
        self.searching.work_on(session, document_id)
        self.equals.work_on(session, document_id)

    def open_search(self) -> None:
        """Find in the project (Ctrl+Shift+F)."""
        self.searching.open()

    def open_equal(self) -> None:
        """Decide on all equal mentions (E)."""
        self.equals.open()

    def never_suggest(self) -> None:
        """Never suggest the focused words again (X)."""
        self.equals.never_suggest()

    def list_ranges(self, ranges: Sequence[tuple[int, int]]) -> None:
        """List stretches of the document on screen, as found by the bar."""
        self.searching.list_ranges(ranges)

    def _show_search(self) -> None:
        self.setCurrentWidget(self.search)
        self.shown_requested.emit()

    def _show_equal(self) -> None:
        self.setCurrentWidget(self.equal)
        self.shown_requested.emit()

    def _release(self) -> None:
        self.setCurrentWidget(self.search)
        self.released.emit()
