"""Paints one row of the document list: progress, title over up to three lines, source and date, what is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem

from gui.panels.documents_model import line_below_title
from gui.theme import Theme, current_theme, scaled_font
from gui.widgets.paint import TitleWrapper, paint_pie, paint_row_ground, painting

if TYPE_CHECKING:
    from gui.panels.documents_model import DocumentsModel
    from storage.records import DocumentItem

PAD_PX = 9.0
PIE_PX = 14.0
TEXT_LEFT_PX = PAD_PX + PIE_PX + 10
GAP_PX = 8.0


def count_for_margin(count: int) -> str:
    """Return a count in at most four characters, and nothing for none."""
    if count >= 10_000:
        return f"{count // 1000}k" if count < 1_000_000 else "1M+"
    return str(count) if count else ""


class DocumentDelegate(QStyledItemDelegate):
    """Sizes and paints rows; what titles wrap to is remembered until width or font change."""

    def __init__(self, model: DocumentsModel, view: QListView) -> None:
        super().__init__(view)
        self._model = model
        self._view = view
        self._font = QFont()
        self._wrapper = TitleWrapper(self._font)
        self._small = QFontMetricsF(self._font)
        self._width = 0.0
        self._is_uniform = False
        self._lines: dict[str, list[str]] = {}
        self._sizes: dict[tuple[str, bool], QSize] = {}

    def set_uniform(self, *, is_uniform: bool) -> None:
        """Give each row the height of two lines and what stands below, instead of that of its title."""
        if is_uniform != self._is_uniform:
            self._is_uniform = is_uniform
            self._wrapper = TitleWrapper(self._font, self._most_lines)
            self._lines.clear()
            self._sizes.clear()

    @property
    def _most_lines(self) -> int:
        return 2 if self._is_uniform else 3

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Return the height that the wrapped title needs. Qt asks for every row, so the answer is remembered."""
        self._adapt(option.font)
        if self._is_uniform:
            return self._size(self._most_lines, is_line_below=True)
        item = self._model.item_at(index.row())
        key = (item.title, bool(item.source or item.date))
        size = self._sizes.get(key)
        if size is None:
            size = self._sizes[key] = self._size(len(self._title_lines(item)), is_line_below=key[1])
        return size

    def _size(self, lines: int, *, is_line_below: bool) -> QSize:
        below = self._small.lineSpacing() + 2 if is_line_below else 0
        return QSize(int(self._width), round(lines * self._wrapper.line_height + below + 2 * PAD_PX))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint the row as plain text."""
        self._adapt(option.font)
        theme, item = current_theme(), self._model.item_at(index.row())
        rect = QRectF(option.rect).adjusted(1, 1, -1, -1)
        with painting(painter):
            paint_row_ground(painter, option, rect, theme, has_keyboard=self._view.hasFocus())
            pie = QRectF(rect.x() + PAD_PX, rect.y() + PAD_PX + 1, PIE_PX, PIE_PX)
            known = item.decided + item.undecided
            share = item.decided / known if known else 0.0
            paint_pie(painter, pie, share, theme, is_done=item.is_reviewed)
            self._paint_words(painter, rect, item, theme)

    def _paint_words(self, painter: QPainter, rect: QRectF, item: DocumentItem, theme: Theme) -> None:
        left, y = rect.x() + TEXT_LEFT_PX, rect.y() + PAD_PX - 1
        height = self._wrapper.line_height
        right_text = "✓" if item.is_reviewed else count_for_margin(item.undecided)
        painter.setFont(scaled_font(self._font, 0.95))
        painter.setPen(QColor(theme.ok if item.is_reviewed else theme.muted))
        edge = QRectF(rect.x(), y, rect.width() - PAD_PX, height)
        painter.drawText(edge, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, right_text)
        painter.setFont(self._font)
        painter.setPen(QColor(theme.ink))
        for line in self._title_lines(item):
            where = QRectF(left, y, rect.right() - left, height)
            painter.drawText(where, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, line)
            y += height
        below = line_below_title(item)
        if below:
            painter.setFont(scaled_font(self._font, 0.86))
            painter.setPen(QColor(theme.muted))
            room = rect.right() - PAD_PX - left
            cut = self._small.elidedText(below, Qt.TextElideMode.ElideRight, room)
            painter.drawText(QPointF(left, y + 2 + self._small.ascent()), cut)

    def _title_lines(self, item: DocumentItem) -> list[str]:
        title = item.title
        lines = self._lines.get(title)
        if lines is None:
            count = QFontMetricsF(self._font).horizontalAdvance("0000")
            room = self._width - TEXT_LEFT_PX - count - GAP_PX - 2
            metrics, width = QFontMetricsF(self._font), max(room, 40.0)
            wrapped = self._wrapper.lines(title, width)  # a word without end sticks out
            lines = self._lines[title] = [
                metrics.elidedText(line, Qt.TextElideMode.ElideRight, width + 2) for line in wrapped
            ]
        return lines

    def _adapt(self, font: QFont) -> None:
        if font != self._font:
            self._font = QFont(font)
            self._wrapper = TitleWrapper(self._font, self._most_lines)
            self._small = QFontMetricsF(scaled_font(self._font, 0.86))
            self._width = 0.0
        width = float(self._view.viewport().width())
        if width != self._width:
            self._width = width
            self._lines.clear()
            self._sizes.clear()
