"""A concordance: one hit a row, its words in the middle of what stands around them, worked by keyboard."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from gui.theme import Theme, current_theme, scaled_font
from gui.widgets.concordance_model import ConcordanceModel
from gui.widgets.paint import paint_row_ground, paint_swatch, painting
from gui.widgets.text import on_one_line
from storage.records import State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.search import Hit

Index = QModelIndex | QPersistentModelIndex

PAD_PX = 6.0
BOX_PX = 13.0
SWATCH_PX = 15.0
#: Where the words of a hit begin, as a share of the row: what follows tells more than what comes before.
_WORDS_AT = 0.34
_CUT = Qt.TextElideMode


class ConcordanceDelegate(QStyledItemDelegate):
    """Paints a tick box, the line with the hit, and below it the document and what stands there."""

    def __init__(self, model: ConcordanceModel, view: QListView) -> None:
        super().__init__(view)
        self._model = model
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Return the height of two lines."""
        small = QFontMetricsF(scaled_font(option.font, 0.86)).height()
        return QSize(100, round(option.fontMetrics.height() * 1.15 + small + 2 * PAD_PX))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the row as plain text."""
        theme, hit = current_theme(), self._model.hits[index.row()]
        rect = QRectF(option.rect).adjusted(1, 1, -1, -1)
        with painting(painter):
            paint_row_ground(painter, option, rect, theme, has_keyboard=self._view.hasFocus())
            paint_box(painter, box_rect(rect), theme, is_ticked=self._model.is_ticked(index.row()))
            room = rect.adjusted(PAD_PX + BOX_PX + 7, PAD_PX - 1, -PAD_PX, -PAD_PX + 1)
            painter.setFont(option.font)
            height = option.fontMetrics.height() * 1.15
            _paint_line(painter, QRectF(room.x(), room.y(), room.width(), height), hit, theme)
            painter.setFont(scaled_font(option.font, 0.86))
            self._paint_below(painter, room.adjusted(0, height, 0, 0), index.row(), theme)

    def _paint_below(self, painter: QPainter, room: QRectF, row: int, theme: Theme) -> None:
        metrics, label, told = painter.fontMetrics(), self._model.label_of(row), self._model.told(row)
        painter.setPen(QColor(theme.muted))
        align = Qt.AlignmentFlag.AlignVCenter
        if label is not None:
            width = min(metrics.horizontalAdvance(told) + 1, room.width() * 0.6)
            where = QRectF(room.right() - width, room.y(), width, room.height())
            painter.drawText(where, align, metrics.elidedText(told, _CUT.ElideRight, int(width)))
            swatch = QRectF(where.x() - SWATCH_PX - 5, room.y(), SWATCH_PX, room.height())
            paint_swatch(painter, swatch, label.kind, theme.label(label.colour))
            room = room.adjusted(0, 0, swatch.x() - 8 - room.right(), 0)
        title = on_one_line(self._model.hits[row].title)
        painter.drawText(room, align, metrics.elidedText(title, _CUT.ElideRight, int(room.width())))


class ConcordanceList(QListView):
    """The rows. Enter and a click ask for a hit, Space and Ctrl+A tick, digits label, Backspace takes away.

    `key_pressed` carries the digit; what a list does not know goes to the panel around it.
    """

    entered_row = Signal(int)
    row_clicked = Signal(int)
    key_pressed = Signal(str)
    take_away_pressed = Signal()
    left = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hits = ConcordanceModel(self)
        self.setModel(self.hits)
        self.setItemDelegate(ConcordanceDelegate(self.hits, self))
        self.setAccessibleName(name)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    @property
    def chosen(self) -> list[Hit]:
        """The ticked hits; if there are none, the current one."""
        row = self.currentIndex().row()
        return self.hits.ticked or ([self.hits.hits[row]] if row >= 0 else [])

    def show_hits(self, hits: Sequence[Hit], ticks: Sequence[int] = ()) -> None:
        """Show these hits, the first of them current; after a change of the same ones the row stays."""
        row = max(self.currentIndex().row(), 0)
        is_same = [hit.place for hit in hits] == [hit.place for hit in self.hits.hits]
        self.hits.set_hits(hits, ticks)
        if hits:
            self.setCurrentIndex(self.hits.index(row if is_same else 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tick, label, take away, enter, leave; letters are the panel's."""
        key, row = event.key(), self.currentIndex().row()
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.entered_row.emit(row)
        elif key == Qt.Key.Key_Space and row >= 0:
            self.hits.toggle(row)
        elif key == Qt.Key.Key_A and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.hits.toggle_all()
        elif key in {Qt.Key.Key_Backspace, Qt.Key.Key_Delete}:
            self.take_away_pressed.emit()
        elif key == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.text().isdigit() and event.text() != "0":
            self.key_pressed.emit(event.text())
        elif event.text().isprintable() and event.text():
            event.ignore()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Tick in the box; elsewhere ask for the hit."""
        index = self.indexAt(event.position().toPoint())
        if event.button() != Qt.MouseButton.LeftButton or not index.isValid():
            super().mousePressEvent(event)
            return
        self.setCurrentIndex(index)
        box = box_rect(QRectF(self.visualRect(index)))
        if event.position().x() <= box.right() + PAD_PX:
            self.hits.toggle(index.row())
        else:
            self.row_clicked.emit(index.row())

    def minimumSizeHint(self) -> QSize:
        """Allow the panel to become low and narrow."""
        return QSize(120, 80)


def box_rect(row: QRectF) -> QRectF:
    """Return where a row has its tick box."""
    return QRectF(row.x() + PAD_PX, row.y() + PAD_PX + 2, BOX_PX, BOX_PX)


def paint_box(painter: QPainter, box: QRectF, theme: Theme, *, is_ticked: bool) -> None:
    """Paint a tick box."""
    painter.setPen(QPen(QColor(theme.accent if is_ticked else theme.edge), 1))
    painter.setBrush(QColor(theme.accent if is_ticked else theme.page))
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
    if is_ticked:
        painter.setPen(QPen(QColor(theme.page), 1.6, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin))
        x, y, unit = box.x(), box.y(), box.width() / 14
        tick = [(3.6, 7.3), (6.0, 9.7), (10.4, 4.6)]
        painter.drawPolyline([QPointF(x + left * unit, y + top * unit) for left, top in tick])


def _paint_line(painter: QPainter, room: QRectF, hit: Hit, theme: Theme) -> None:
    """Paint context, words and context; the sides change places where the text runs from right to left."""
    align = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignAbsolute
    font, strong = painter.font(), scaled_font(painter.font(), 1, weight=painter.font().Weight.DemiBold)
    metrics, bold = QFontMetricsF(font), QFontMetricsF(strong)
    before, after = (_flat(hit.left), _flat(hit.right))
    if runs_from_right(hit.words):
        before, after = after, before
    words = bold.elidedText(on_one_line(hit.words), _CUT.ElideMiddle, room.width() * (1 - _WORDS_AT) - 12)
    width = bold.horizontalAdvance(words)
    box = QRectF(room.x() + room.width() * _WORDS_AT, room.y(), width, room.height())
    _paint_mark(painter, box.adjusted(-3, 0, 3, 0), hit, theme)
    painter.setPen(QColor(theme.ink))
    painter.setFont(strong)
    painter.drawText(box.adjusted(0, 0, 2, 0), align | Qt.AlignmentFlag.AlignLeft, words)
    painter.setFont(font)
    painter.setPen(QColor(theme.muted))
    left = QRectF(room.x(), room.y(), box.x() - room.x() - 5, room.height())
    right = QRectF(box.right() + 5, room.y(), room.right() - box.right() - 5, room.height())
    painter.drawText(
        left, align | Qt.AlignmentFlag.AlignRight, metrics.elidedText(before, _CUT.ElideLeft, left.width())
    )
    painter.drawText(
        right, align | Qt.AlignmentFlag.AlignLeft, metrics.elidedText(after, _CUT.ElideRight, right.width())
    )


def _paint_mark(painter: QPainter, box: QRectF, hit: Hit, theme: Theme) -> None:
    """Paint a ground behind confirmed words, a dashed frame around undecided ones, a line through rejected ones."""
    mark = hit.mark
    if mark is None:
        return
    painter.setPen(Qt.PenStyle.NoPen)
    if mark.state is State.CONFIRMED:
        painter.setBrush(QColor(theme.selection))
        painter.drawRoundedRect(box, 4, 4)
    elif mark.state is State.SUGGESTED:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(theme.edge), 1.2, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    else:
        painter.setPen(QPen(QColor(theme.muted), 1.2))
        painter.drawLine(QPointF(box.x(), box.center().y()), QPointF(box.right(), box.center().y()))


def _flat(text: str) -> str:
    """Return context on one line, without what would change the direction of what is painted beside it."""
    return on_one_line("".join(c for c in text if unicodedata.category(c) != "Cf" or c in "\u200c\u200d"))


def runs_from_right(text: str) -> bool:
    """Whether the first letter with a direction runs from right to left."""
    kinds = (unicodedata.bidirectional(character) for character in text)
    return next((kind for kind in kinds if kind in {"L", "R", "AL"}), "L") != "L"
