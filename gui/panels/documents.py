"""The panel of documents: how far each has come, found as you type, in the order that you choose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QListView, QVBoxLayout, QWidget

from gui.panels.document_delegate import DocumentDelegate
from gui.panels.documents_model import ORDER_NAMES, DocumentOrder, DocumentsModel
from gui.widgets.find_line import FindLine
from gui.widgets.text import heading, plain_label
from gui.widgets.tool_buttons import OrderButton

if TYPE_CHECKING:
    from collections.abc import Iterable

    from storage.records import DocumentItem


#: Of more rows than these not each is measured: Qt asks for all of them before the first paint (0.03 ms each).
_MOST_MEASURED = 2_000


class DocumentList(QListView):
    """A list view that asks for a document by click or Enter, not while the arrow keys pass over it."""

    document_requested = Signal(int)
    left = Signal()

    def __init__(self, model: DocumentsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._documents = model
        self.setModel(model)
        self._delegate = DocumentDelegate(model, self)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName("Documents")
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMouseTracking(True)
        self.clicked.connect(self.request)
        model.row_changed.connect(self._repaint_row)
        model.modelAboutToBeReset.connect(self._measure_few)
        model.modelReset.connect(self._measure)

    def request(self, index: QModelIndex | QPersistentModelIndex) -> None:
        """Ask for the document of a row."""
        if index.isValid():
            self.document_requested.emit(self._documents.item_at(index.row()).id)

    def enter(self) -> None:
        """Put the keyboard on a row, if there is one."""
        if self._documents.rowCount():
            self.setFocus(Qt.FocusReason.TabFocusReason)
            if not self.currentIndex().isValid():
                self.setCurrentIndex(self._documents.index(0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open by Enter, leave by Escape."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.request(self.currentIndex())
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _measure_few(self) -> None:
        """Measure no row while the rows change: how many there will be is not known yet."""
        self.setUniformItemSizes(True)

    def _measure(self) -> None:
        """Give all rows one height where there are many."""
        are_many = self._documents.rowCount() > _MOST_MEASURED
        self._delegate.set_uniform(is_uniform=are_many)
        self.setUniformItemSizes(are_many)

    def _repaint_row(self, row: int) -> None:
        self.update(self._documents.index(row))

    def minimumSizeHint(self) -> QSize:
        """Allow the panel to become narrow."""
        return QSize(120, 120)


class DocumentsPanel(QWidget):
    """Heading, filter, order and list of documents."""

    document_requested = Signal(int)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._current_id: int | None = None
        self.model = DocumentsModel(self)
        self.list = DocumentList(self.model, self)
        self._count = plain_label("", "heading")
        self.filter = FindLine("Find", "Find a document")
        self._order = OrderButton("Order of documents", ORDER_NAMES, self.set_order)
        self._empty = plain_label("", "muted", is_wrapped=True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._empty.setContentsMargins(10, 14, 10, 0)
        self._lay_out()
        self.list.document_requested.connect(self.document_requested)
        self.list.left.connect(self.left)
        self.filter.textChanged.connect(self._filter)
        self.filter.went_down.connect(self.list.enter)
        self.filter.entered.connect(lambda: self.list.request(self.model.index(0)))
        self.filter.left.connect(self.left)
        self._refresh()

    def set_items(self, items: Iterable[DocumentItem]) -> None:
        """Show these documents instead of all before."""
        self.model.set_items(items)
        self._refresh()

    def update_items(self, items: Iterable[DocumentItem]) -> None:
        """Show new states of some documents, each where it stands."""
        if self.model.update_items(items):
            self._refresh()
        else:
            self._tell_count()

    def item(self, document_id: int) -> DocumentItem | None:
        """Return the state of a document as last told; `None` if it is not of the project."""
        return self.model.item(document_id)

    def items(self) -> list[DocumentItem]:
        """Return the documents shown, in the order shown."""
        return [self.model.item_at(row) for row in range(self.model.rowCount())]

    def set_current(self, document_id: int | None) -> None:
        """Mark the document that is on screen and bring it into sight."""
        self._current_id = document_id
        self._mark_current()

    def set_order(self, order: DocumentOrder) -> None:
        """Sort the list."""
        self.model.set_order(order)
        self._order.show_order(order)
        self._mark_current()

    def neighbour(self, step: int) -> int | None:
        """Return the document `step` rows after the current one in the list as shown, if there is one."""
        row = self.model.row_of(self._current_id) if self._current_id is not None else None
        target = (row if row is not None else -1) + step
        return self.model.item_at(target).id if 0 <= target < self.model.rowCount() else None

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(8, 0, 8, 0)
        top.addWidget(heading("Documents"))
        top.addStretch()
        top.addWidget(self._count)
        tools = QHBoxLayout()
        tools.setContentsMargins(6, 0, 6, 0)
        tools.setSpacing(4)
        tools.addWidget(self.filter, 1)
        tools.addWidget(self._order)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 12, 4, 0)
        layout.setSpacing(8)
        layout.addLayout(top)
        layout.addLayout(tools)
        layout.addWidget(self.list, 1)
        layout.addWidget(self._empty, 1)

    def _filter(self, text: str) -> None:
        self.model.set_filter(text)
        self._refresh()

    def _mark_current(self) -> None:
        row = self.model.row_of(self._current_id) if self._current_id is not None else None
        if row is None:
            self.list.clearSelection()
            self.list.setCurrentIndex(QModelIndex())
        else:
            index = self.model.index(row)
            self.list.setCurrentIndex(index)
            self.list.scrollTo(index)

    def _tell_count(self) -> None:
        reviewed, total = self.model.reviewed, self.model.total
        self._count.setText(f"{reviewed:,} of {total:,} reviewed".upper() if total else "")
        self._count.setAccessibleName(f"{reviewed} of {total} reviewed")

    def _refresh(self) -> None:
        self._tell_count()
        total = self.model.total
        is_empty = self.model.rowCount() == 0
        self.list.setVisible(not is_empty)
        self._empty.setVisible(is_empty)
        if total:
            self._empty.setText(f"No document has “{self.filter.text()}” in its title, source or date.")
        else:
            self._empty.setText("No documents yet.\n\nDrop text files or a folder on this window, or press Ctrl+I.")
        self._mark_current()
