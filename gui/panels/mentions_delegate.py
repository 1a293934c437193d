"""Paints a mention in its sentence, the words as a pill between what stands left and right, the title below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem

from gui.panels.actors_delegate import PAD_PX
from gui.theme import Theme, current_theme, scaled_font
from gui.widgets.paint import paint_cut, paint_pill, paint_row_ground, painting
from storage.records import State

if TYPE_CHECKING:
    from gui.panels.mentions_model import MentionsModel
    from storage.registry_records import MentionLine

Index = QModelIndex | QPersistentModelIndex

_SMALL = 0.86
_PILL_PAD_PX = 3.0
#: The words begin at this share of the row at the latest, so that they stand below each other.
_LEFT_SHARE = 0.36
_WORDS_SHARE = 0.55


class MentionsDelegate(QStyledItemDelegate):
    """Rows of two lines: the concordance line and the document."""

    def __init__(self, model: MentionsModel, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._model = model
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Return the height of two lines."""
        small = QFontMetricsF(scaled_font(option.font, _SMALL)).lineSpacing()
        return QSize(120, round(QFontMetricsF(option.font).lineSpacing() + small + 12))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the row as plain text."""
        theme, line = current_theme(), self._model.line(index.row())
        rect = QRectF(option.rect).adjusted(1, 1, -1, -1)
        with painting(painter):
            paint_row_ground(painter, option, rect, theme, has_keyboard=self._view.hasFocus())
            if line is None:
                return
            height = QFontMetricsF(option.font).lineSpacing()
            room = QRectF(rect.x() + PAD_PX, rect.y() + 5, rect.width() - 2 * PAD_PX, height)
            self._paint_sentence(painter, room, line, option.font, theme)
            painter.setFont(scaled_font(option.font, _SMALL))
            below = QRectF(room.x(), room.bottom() + 1, room.width(), rect.bottom() - room.bottom() - 3)
            state = "not linked · " if self._model.is_waiting(index.row()) else ""
            paint_cut(painter, below, f"{state}{line.title}", theme.muted)

    def _paint_sentence(self, painter: QPainter, room: QRectF, line: MentionLine, font: QFont, theme: Theme) -> None:
        painter.setFont(font)
        metrics = QFontMetricsF(font)
        words = metrics.elidedText(line.words, Qt.TextElideMode.ElideRight, room.width() * _WORDS_SHARE)
        left = metrics.elidedText(line.left.lstrip(), Qt.TextElideMode.ElideLeft, room.width() * _LEFT_SHARE)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextIncludeTrailingSpaces
        painter.setPen(QColor(theme.muted))
        painter.drawText(room, flags, left)
        at = room.x() + metrics.horizontalAdvance(left) + _PILL_PAD_PX
        width = metrics.horizontalAdvance(words)
        pill = QRectF(at - _PILL_PAD_PX, room.y() - 1, width + 2 * _PILL_PAD_PX, room.height() + 2)
        is_suggested = line.state is State.SUGGESTED
        paint_pill(painter, pill, theme.label(self._model.colour(line)), is_suggested=is_suggested)
        painter.setPen(QColor(theme.ink))
        painter.drawText(QRectF(at, room.y(), width + 1, room.height()), flags, words)
        rest = room.adjusted(pill.right() - room.x(), 0, 0, 0)
        painter.setPen(QColor(theme.muted))
        painter.drawText(rest, flags, metrics.elidedText(line.right, Qt.TextElideMode.ElideRight, rest.width()))
