"""The view for screen readers: its text, cursor and the places of its characters.

Positions are UTF-16 here, as everywhere in Qt. PySide6 (6.11) lets Python implement most of
`QAccessibleTextInterface`, but leaves out `selection()` and `attributes()`, whose results are out-parameters:
a reader hears of the selection by events, and of spans by announcements as they are focused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import shiboken6
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QAccessibleEvent,
    QAccessibleTextCursorEvent,
    QAccessibleTextInterface,
    QAccessibleTextSelectionEvent,
)
from PySide6.QtWidgets import QAccessibleWidget

if TYPE_CHECKING:
    from gui.document.view import DocumentView
    from storage.records import SpanRecord

_state = {"is_installed": False}


class DocumentText(QAccessibleTextInterface):
    """The text of a view. Returns the document's own characters, not those displayed for them."""

    def __init__(self, view: DocumentView) -> None:
        super().__init__()
        self._view = view

    def characterCount(self) -> int:
        """Return the text's length."""
        positions = self._view.page.positions
        return positions.u16(positions.length_cp)

    def text(self, startOffset: int, endOffset: int) -> str:  # noqa: N803
        """Return the characters of [start, end)."""
        positions = self._view.page.positions
        return positions.text[positions.cp(max(0, startOffset)) : positions.cp(max(0, endOffset))]

    def cursorPosition(self) -> int:
        """Return where the word cursor stands."""
        return self._view.page.positions.u16(self._view.cursor_cp)

    def setCursorPosition(self, position: int) -> None:
        """Put the word cursor somewhere."""
        self._view.place_cursor(self._view.page.positions.cp(position))

    def selectionCount(self) -> int:
        """Return 0: `selection()` cannot answer which one, so none is promised."""
        return 0

    def addSelection(self, startOffset: int, endOffset: int) -> None:  # noqa: N803
        """Select a range instead of the selected one: there is one selection at most."""
        positions = self._view.page.positions
        self._view.select_range(positions.cp(startOffset), positions.cp(endOffset))

    def setSelection(self, selectionIndex: int, startOffset: int, endOffset: int) -> None:  # noqa: N803, ARG002
        """Select a range."""
        self.addSelection(startOffset, endOffset)

    def removeSelection(self, selectionIndex: int) -> None:  # noqa: N803, ARG002
        """Select nothing."""
        self._view.clear_selection()

    def characterRect(self, offset: int) -> QRect:
        """Return where a character stands on the screen."""
        view = self._view
        pos_cp = view.page.positions.cp(offset)
        end_cp = view.page.positions.next_grapheme(pos_cp)
        rects = view.page.flow.rects_of(pos_cp, end_cp)
        rect = view.page.to_view(rects[0] if rects else view.page.flow.caret_rect(pos_cp)).toAlignedRect()
        return QRect(view.viewport().mapToGlobal(rect.topLeft()), rect.size())

    def offsetAtPoint(self, point: QPoint) -> int:
        """Return the character at a point of the screen."""
        view = self._view
        place = view.viewport().mapFromGlobal(point)
        page = view.page
        pos_cp = page.flow.position_at(place.x() - page.column_x, place.y() + page.scroller.y_px)
        return page.positions.u16(pos_cp)

    def scrollToSubstring(self, startIndex: int, endIndex: int) -> None:  # noqa: N803
        """Bring a range on screen."""
        positions = self._view.page.positions
        self._view.ensure_visible(positions.cp(startIndex), positions.cp(endIndex))


class AccessibleDocument(QAccessibleWidget):
    """The view as an accessible object of the role "document"."""

    def __init__(self, view: DocumentView) -> None:
        super().__init__(view, QAccessible.Role.Document)
        self._text = DocumentText(view)

    def interface_cast(self, t: QAccessible.InterfaceType) -> Any:  # noqa: ANN401  (a bare C++ pointer)
        """Offer the text interface beside those of every widget."""
        if t is QAccessible.InterfaceType.TextInterface:
            return shiboken6.VoidPtr(shiboken6.getCppPointer(self._text)[0])
        return super().interface_cast(t)


def _factory(_class_name: str, thing: object) -> AccessibleDocument | None:
    from gui.document.view import DocumentView

    return AccessibleDocument(thing) if isinstance(thing, DocumentView) else None


def install() -> None:
    """Make document views accessible; further calls do nothing."""
    if not _state["is_installed"]:
        _state["is_installed"] = True
        QAccessible.installFactory(_factory)


def document_shown(view: DocumentView) -> None:
    """Tell screen readers that the view shows another text."""
    if QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleEvent(view, QAccessible.Event.DocumentLoadComplete))


def cursor_moved(view: DocumentView) -> None:
    """Tell screen readers where cursor and selection are now."""
    if not QAccessible.isActive():
        return
    positions, selected = view.page.positions, view.selection()
    if selected:
        start_u16, end_u16 = positions.u16(selected[0].start_cp), positions.u16(selected[0].end_cp)
        QAccessible.updateAccessibility(QAccessibleTextSelectionEvent(view, start_u16, end_u16))
    QAccessible.updateAccessibility(QAccessibleTextCursorEvent(view, positions.u16(view.cursor_cp)))


def span_focused(view: DocumentView, span: SpanRecord) -> None:
    """Announce the focused span: its label, where it stands, its words."""
    if not QAccessible.isActive():
        return
    label = view.page.flow.styles.label(span.label_id)
    message = f"{label.name or label.kind.value}, {span.state.value}: {span.quote}"
    QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(view, message))
