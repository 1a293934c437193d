"""A popup to find one thing by typing a few letters of its name; the keyboard never leaves the search line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from gui.theme import current_theme, scaled_font
from gui.widgets.paint import keycap_width, paint_cut, paint_keycap, paint_swatch, painting
from gui.widgets.text import framed, plain_label, plain_tooltip

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from storage.records import LabelKind

Index = QModelIndex | QPersistentModelIndex

MOST_ROWS = 11
_ROOT = QModelIndex()


@dataclass(frozen=True, slots=True)
class FinderEntry:
    """A row: title, detail beside it, and at the right a key cap. `payload` is what choosing it tells."""

    title: str
    payload: object
    detail: str = ""
    key: str = ""
    kind: LabelKind | None = None
    colour: str = "grey"


class FinderModel(QAbstractListModel):
    """The entries found."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._entries: Sequence[FinderEntry] = ()

    def set_entries(self, entries: Sequence[FinderEntry]) -> None:
        """Replace all rows."""
        self.beginResetModel()
        self._entries = entries
        self.endResetModel()

    def entry(self, row: int) -> FinderEntry:
        """Return the entry of a row."""
        return self._entries[row]

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Return how many entries were found."""
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        """Return title, tooltip or the words for a screen reader."""
        if not index.isValid():
            return None
        entry = self._entries[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.title
        words = [part for part in (entry.title, entry.detail, entry.key) if part]
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip("\n".join(words[:2]))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(words)
        return None


class FinderDelegate(QStyledItemDelegate):
    """Paints rows as plain text on one line."""

    def __init__(self, model: FinderModel, view: QListView) -> None:
        super().__init__(view)
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Return the height of one line."""
        return QSize(100, round(option.fontMetrics.height() * 1.2 + 12))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint sign, title, detail and key."""
        theme, entry = current_theme(), self._model.entry(index.row())
        rect = QRectF(option.rect)
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        with painting(painter):
            if is_chosen:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(theme.selection))
                painter.drawRoundedRect(rect.adjusted(2, 0, -2, 0), 6, 6)
            room = rect.adjusted(12, 0, -12, 0)
            if entry.kind is not None:
                swatch = QRectF(room.x(), rect.y(), 15, rect.height())
                paint_swatch(painter, swatch, entry.kind, theme.label(entry.colour))
                room.setLeft(room.left() + 24)
            if entry.key:
                width = keycap_width(option.font, entry.key)
                cap = QRectF(room.right() - width, rect.y(), width, rect.height())
                paint_keycap(painter, cap, entry.key, theme, option.font)
                room.setRight(room.right() - width - 10)
            painter.setFont(option.font)
            used = paint_cut(painter, room, entry.title, theme.ink)
            room.setLeft(room.left() + used + 10)
            if entry.detail and room.width() > 40:
                painter.setFont(scaled_font(option.font, 0.92))
                paint_cut(painter, room, entry.detail, theme.ink if is_chosen else theme.muted)


class _SearchLine(QLineEdit):
    """The search line: moves the choice in the list below without losing the keyboard."""

    moved = Signal(int)
    entered = Signal()
    escaped = Signal()
    deserted = Signal()

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002, FBT001, ARG002  (Qt's signature)
        """Keep Tab: it moves the choice."""
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move by arrows and Tab, take by Enter, leave by Escape."""
        steps = {
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_Tab: 1,
            Qt.Key.Key_Backtab: -1,
            Qt.Key.Key_PageDown: MOST_ROWS,
            Qt.Key.Key_PageUp: -MOST_ROWS,
        }
        key = Qt.Key(event.key())
        if key in steps:
            self.moved.emit(steps[key])
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.entered.emit()
        elif key == Qt.Key.Key_Escape:
            self.escaped.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell when the keyboard goes elsewhere within the window."""
        super().focusOutEvent(event)
        kept = {Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason}
        if event.reason() not in kept:
            self.deserted.emit()


class Finder(QFrame):
    """A frame over its parent with a title, a search line and the entries found.

    `search` returns the entries for what is typed, "" at first. `chosen` carries the payload of the entry taken,
    `highlighted` that of the entry under the choice (`None` if there is none).
    """

    chosen = Signal(object)
    highlighted = Signal(object)
    cancelled = Signal()

    def __init__(self, parent: QWidget, search: Callable[[str], Sequence[FinderEntry]], placeholder: str) -> None:
        super().__init__(parent)
        self._area = parent
        self._search = search
        self._is_open = False
        self.setProperty("role", "popup")
        self._title = plain_label("", "heading")
        self.line = _SearchLine()
        self.line.setProperty("role", "search")
        self.line.setPlaceholderText(placeholder)
        self.line.setAccessibleName(placeholder)
        self.model = FinderModel(self)
        self.list = self._build_list()
        self._nothing = plain_label("Nothing found.", "muted")
        self._nothing.setContentsMargins(12, 6, 12, 8)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(4)
        self._title.setContentsMargins(6, 4, 6, 0)
        for widget in (self._title, self.line, framed("rule"), self.list, self._nothing):
            layout.addWidget(widget)
        self.line.textChanged.connect(self.refresh)
        self.line.moved.connect(self._move)
        self.line.entered.connect(self._take)
        self.line.escaped.connect(self.cancel)
        self.line.deserted.connect(self.cancel)
        self.hide()

    @property
    def is_open(self) -> bool:
        """Whether the popup is on screen."""
        return self._is_open

    def open_at(self, rect: QRectF, *, title: str = "") -> None:
        """Show the popup with its top at that of `rect`, as wide as it, within the parent; the keyboard goes there."""
        self._title.setText(title)
        self._title.setVisible(bool(title))
        self._is_open = True
        self.line.clear()
        self.refresh()
        area = self._area
        width = min(int(rect.width()), area.width() - 16)
        self.setFixedWidth(width)
        self.adjustSize()
        left = max(8, min(int(rect.x()), area.width() - width - 8))
        top = max(8, min(int(rect.y()), area.height() - self.height() - 8))
        self.move(left, top)
        self.show()
        self.raise_()
        self.line.setFocus(Qt.FocusReason.PopupFocusReason)

    def open_centred(self, *, title: str = "") -> None:
        """Show the popup in the middle of the parent's upper part."""
        area = self._area
        width = min(640, area.width() - 32)
        self.open_at(QRectF((area.width() - width) / 2, area.height() * 0.12, width, 0), title=title)

    def cancel(self) -> None:
        """Close without a choice."""
        if self._is_open:
            self._close()
            self.cancelled.emit()

    def refresh(self) -> None:
        """Search again for what is typed."""
        if not self._is_open:
            return
        entries = self._search(self.line.text())
        self.model.set_entries(entries)
        self.list.setVisible(bool(entries))
        self._nothing.setVisible(not entries)
        if entries:
            self._choose(0)
            rows = min(len(entries), MOST_ROWS)
            self.list.setFixedHeight(rows * self.list.sizeHintForRow(0) + 4)
        else:
            self.highlighted.emit(None)
        if self.isVisible():
            self.adjustSize()

    def event(self, event: QEvent) -> bool:
        """Keep single keys from the window while the popup has the keyboard."""
        if event.type() == QEvent.Type.MouseButtonPress:
            event.accept()
            return True
        return super().event(event)

    def _build_list(self) -> QListView:
        view = QListView()
        view.setModel(self.model)
        view.setItemDelegate(FinderDelegate(self.model, view))
        view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        view.setUniformItemSizes(True)
        view.setAccessibleName("Found")
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.clicked.connect(self._take)
        return view

    def _choose(self, row: int) -> None:
        self.list.setCurrentIndex(self.model.index(row))
        self.highlighted.emit(self.model.entry(row).payload)

    def _move(self, step: int) -> None:
        rows = self.model.rowCount()
        if rows:
            row = self.list.currentIndex().row() + step
            self._choose(row % rows if abs(step) == 1 else max(0, min(row, rows - 1)))

    def _take(self) -> None:
        index = self.list.currentIndex()
        if index.isValid():
            payload = self.model.entry(index.row()).payload
            self._close()
            self.chosen.emit(payload)

    def _close(self) -> None:
        self._is_open = False
        self.hide()
