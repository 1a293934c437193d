"""The workbench: documents and labels, the text, the inspector, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from gui.widgets.scrolled import scrolled

if TYPE_CHECKING:
    from collections.abc import Callable

    from gui.document.view import DocumentView
    from gui.panels.documents import DocumentsPanel
    from gui.panels.empty import EmptyProject
    from gui.panels.find import FindBar
    from gui.panels.inspector import Inspector
    from gui.panels.labels import LabelsPanel

_PANES = (250, 780, 320)
_LEFT = (460, 260)


class Bench(QSplitter):
    """Three panes; the outer ones can be hidden, and F6 goes round."""

    def __init__(
        self,
        documents: DocumentsPanel,
        labels: LabelsPanel,
        find_bar: FindBar,
        view: DocumentView,
        empty: EmptyProject,
        inspector: Inspector,
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._documents, self._view, self._empty, self._inspector = documents, view, empty, inspector
        self.left = QSplitter(Qt.Orientation.Vertical)
        self.left.setProperty("role", "side")
        self.left.setChildrenCollapsible(False)
        self.left.setHandleWidth(1)
        self.left.addWidget(documents)
        self.left.addWidget(labels)
        self.left.setStretchFactor(0, 1)
        self.left.setSizes(_LEFT)
        self.centre = QStackedWidget()
        self.centre.addWidget(view)
        self.centre.addWidget(empty)
        middle = stacked(find_bar, self.centre)
        self.right = SideTabs()
        self._inspector_column = stacked(inspector)
        self.right.add("Inspector", scrolled(self._inspector_column))
        self.setChildrenCollapsible(False)
        self.setHandleWidth(1)
        for widget, stretch in ((self.left, 0), (middle, 1), (self.right, 0)):
            self.addWidget(widget)
            self.setStretchFactor(self.indexOf(widget), stretch)
        self.setSizes(_PANES)

    def add_card(self, card: QWidget) -> None:
        """Put a card below the inspector."""
        column = self._inspector_column.layout()
        if column is not None:
            column.addWidget(card)

    def show_empty(self, *, is_empty: bool) -> None:
        """Show how to bring documents in, in the place of the text, while there are none."""
        wanted: QWidget = self._empty if is_empty else self._view
        if self.centre.currentWidget() is not wanted:
            self.centre.setCurrentWidget(wanted)
            wanted.setFocus()

    def take_keyboard(self) -> None:
        """Put the keyboard into the text, or on what stands in its place."""
        (self._view if self.centre.currentWidget() is self._view else self._empty).setFocus()

    def next_pane(self, step: int) -> None:
        """Put the keyboard into the next pane that is shown, `step` -1 into the one before."""
        outer = (self.left, self._documents_target()), (self.right, self._inspector_target())
        rows: list[tuple[QWidget, QWidget | None]] = [outer[0], (self.centre, self.centre.currentWidget()), outer[1]]
        panes = [(pane, target) for pane, target in rows if target is not None]
        focused: QWidget | None = QApplication.focusWidget()
        here = next((n for n, (pane, _) in enumerate(panes) if focused is not None and pane.isAncestorOf(focused)), 0)
        panes[(here + step) % len(panes)][1].setFocus(Qt.FocusReason.TabFocusReason)

    def _documents_target(self) -> QWidget | None:
        return next((w for w in (self._documents.list, self._documents.filter) if w.isVisible()), None)

    def _inspector_target(self) -> QWidget | None:
        inspector, tab = self._inspector, self.right.currentWidget()
        if self.right.currentIndex() > 0 and tab.isVisible():
            last: QWidget | None = tab.focusWidget()
            return last if last is not None and last.isVisible() else _first_to_focus(tab)
        buttons = (inspector.accept, inspector.reject, inspector.speaker, inspector.actor)
        return next((button for button in buttons if button.isVisible()), None)


class SideTabs(QTabWidget):
    """The panels at the right, one at a time. A panel is made when its tab is first opened."""

    def __init__(self) -> None:
        super().__init__()
        self.setDocumentMode(True)
        self.setUsesScrollButtons(False)
        self.tabBar().setExpanding(True)
        self.tabBar().setDrawBase(False)
        self._makers: dict[int, Callable[[], QWidget]] = {}
        self.currentChanged.connect(self._make)

    def add(self, title: str, panel: QWidget | Callable[[], QWidget]) -> None:
        """Add a tab with a panel, or with what makes it when it is needed."""
        if isinstance(panel, QWidget):
            self.addTab(panel, title)
        else:
            self._makers[self.addTab(QWidget(), title)] = panel

    def open(self, title: str) -> QWidget:
        """Show a panel, made if need be, and return it.

        Raises:
            KeyError: there is no tab of this title.
        """
        titles = [self.tabText(index) for index in range(self.count())]
        if title not in titles:
            raise KeyError(title)
        self.setCurrentIndex(titles.index(title))
        return self.currentWidget()

    def _make(self, index: int) -> None:
        make = self._makers.pop(index, None)
        if make is None:
            return
        title, empty = self.tabText(index), self.widget(index)
        with QSignalBlocker(self):  # the neighbours that are current in between are not opened
            self.removeTab(index)
            self.insertTab(index, make(), title)
            self.setCurrentIndex(index)
        if empty is not None:
            empty.deleteLater()


def _first_to_focus(pane: QWidget) -> QWidget | None:
    """Return what Tab would reach first within a pane."""
    can_tab = Qt.FocusPolicy.TabFocus
    widget = pane.nextInFocusChain()
    while widget is not None and widget is not pane:
        if pane.isAncestorOf(widget) and widget.isVisible() and widget.isEnabled() and widget.focusPolicy() & can_tab:
            return widget
        widget = widget.nextInFocusChain()
    return None


def stacked(*widgets: QWidget) -> QFrame:
    """Return the widgets one above the other without gaps; those that are pages get the room."""
    box = QFrame()
    layout = QVBoxLayout(box)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    for widget in widgets:
        layout.addWidget(widget, 1 if isinstance(widget, QStackedWidget) else 0)
    return box
