"""What is done to documents as wholes, and going through what was flagged for discussion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

if TYPE_CHECKING:
    from gui.panels.documents import DocumentsPanel
    from gui.workspace import Workspace


class DocumentFlows(QObject):
    """Describes and removes documents, and finds flagged spans. `told` carries a sentence for the status bar."""

    told = Signal(str)
    #: The document with this id is in another language than was thought.
    language_changed = Signal(int)

    def __init__(self, window: QWidget, workspace: Workspace, documents: DocumentsPanel) -> None:
        super().__init__(window)
        self._window, self._workspace, self._documents = window, workspace, documents
        documents.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        documents.list.customContextMenuRequested.connect(self._show_menu)

    def describe(self, document_id: int | None = None) -> None:
        """Ask for title, source, date and language of a document; of the one on screen if none is named."""
        ident = document_id if document_id is not None else self._workspace.document_id
        item = self._documents.item(ident) if ident is not None else None
        if item is None or self._workspace.session is None:
            return
        from gui.dialogs.describe import DescribeDialog
        from storage.operations.documents import describe_document

        session = self._workspace.session
        dialog = DescribeDialog(self._window, item.document)

        def describe(values: dict[str, str | None]) -> None:
            done = session.do(describe_document, item.id, **values)
            if done is not None and values.get("language") != item.language:
                self.language_changed.emit(item.id)

        dialog.described.connect(describe)
        dialog.open()

    def remove(self, document_id: int | None = None) -> None:
        """Take a document out of the project; undo brings it back with all that was decided in it."""
        ident = document_id if document_id is not None else self._workspace.document_id
        item = self._documents.item(ident) if ident is not None else None
        if item is None or self._workspace.session is None:
            return
        from storage.operations.documents import remove_document

        if self._workspace.session.do(remove_document, item.id):
            self.told.emit(f"“{item.title}” removed. Ctrl+Z brings it back with all its decisions.")

    def next_flagged(self) -> None:
        """Go to the next span that is flagged for discussion, in this document or the next that has one."""
        if self._workspace.session is None:
            return
        from storage.flagged import next_flagged

        place = self._workspace.session.ask(next_flagged, self._workspace.document_id, self._workspace.cursor_cp)
        if place is None:
            self.told.emit("Nothing is flagged for discussion. D flags the focused span.")
        else:
            self._workspace.show_span(*place)

    def _show_menu(self, point: QPoint) -> None:
        index = self._documents.list.indexAt(point)
        if not index.isValid():
            return
        ident = self._documents.model.item_at(index.row()).id
        menu = QMenu(self._documents)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for text, act in (
            ("Open", self._workspace.show_document),
            ("Describe …", self.describe),
            ("Remove", self.remove),
        ):
            action = QAction(text, menu)
            action.triggered.connect(lambda _is_checked=False, act=act: act(ident))
            menu.addAction(action)
        menu.popup(self._documents.list.viewport().mapToGlobal(point))
