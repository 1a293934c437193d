"""Paints a row of the registry: swatch and title with a count, below them what else is to be known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from gui.theme import Theme, current_theme, scaled_font
from gui.widgets.paint import paint_focus_ring, paint_swatch, painting
from gui.widgets.text import on_one_line
from storage.records import LabelKind

if TYPE_CHECKING:
    from gui.panels.actors_model import FacedModel, RowFace

Index = QModelIndex | QPersistentModelIndex

PAD_PX = 8.0
SWATCH_PX = 15.0
_SMALL = 0.88


def paint_row_ground(
    painter: QPainter, option: QStyleOptionViewItem, rect: QRectF, theme: Theme, view: QAbstractItemView
) -> None:
    """Paint what tells chosen, pointed-at and focused rows apart."""
    is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
    if is_chosen or option.state & QStyle.StateFlag.State_MouseOver:
        painter.setPen(QPen(QColor(theme.line), 1) if is_chosen else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.page if is_chosen else theme.hover))
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
    if option.state & QStyle.StateFlag.State_HasFocus and view.hasFocus():
        paint_focus_ring(painter, rect, theme, 6)


def paint_cut(painter: QPainter, room: QRectF, text: str, colour: str, *, is_right: bool = False) -> float:
    """Paint as much of a text as fits on one line of `room`, in the painter's font; return the width used in px."""
    metrics = QFontMetricsF(painter.font())
    cut = metrics.elidedText(on_one_line(text), Qt.TextElideMode.ElideRight, max(room.width(), 0.0))
    side = Qt.AlignmentFlag.AlignRight if is_right else Qt.AlignmentFlag.AlignLeft
    painter.setPen(QColor(colour))
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | side, cut)
    return metrics.horizontalAdvance(cut)


class RegistryDelegate(QStyledItemDelegate):
    """Rows of two lines, all of one height."""

    def __init__(self, model: FacedModel, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._model = model
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Return the height of two lines."""
        title, below = _heights(option.font)
        return QSize(120, round(title + below + 11))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the row as plain text."""
        theme, face = current_theme(), self._model.face(index.row())
        rect = QRectF(option.rect).adjusted(1, 1, -1, -1)
        title_height, below_height = _heights(option.font)
        with painting(painter):
            paint_row_ground(painter, option, rect, theme, self._view)
            line = QRectF(rect.x() + PAD_PX, rect.y() + 4, rect.width() - 2 * PAD_PX, title_height)
            ink = theme.label(face.colour or "grey")
            paint_swatch(painter, QRectF(line.x(), line.y(), SWATCH_PX, line.height()), LabelKind.ACTOR, ink)
            line.setLeft(line.left() + SWATCH_PX + 8)
            self._paint_title(painter, line, face, option.font, theme)
            below = QRectF(line.x(), line.bottom(), rect.right() - PAD_PX - line.x(), below_height)
            self._paint_below(painter, below, face, option.font, theme)

    @staticmethod
    def _paint_title(painter: QPainter, line: QRectF, face: RowFace, font: QFont, theme: Theme) -> None:
        painter.setFont(scaled_font(font, 0.95))
        used = paint_cut(painter, line, face.mentions, theme.muted, is_right=True)
        painter.setFont(font)
        paint_cut(painter, line.adjusted(0, 0, -used - 8, 0), face.title, theme.ink)

    @staticmethod
    def _paint_below(painter: QPainter, line: QRectF, face: RowFace, font: QFont, theme: Theme) -> None:
        painter.setFont(scaled_font(font, _SMALL))
        used = paint_cut(painter, line, face.waiting, theme.accent, is_right=True) if face.waiting else -8.0
        colour = theme.warning if face.is_question else theme.muted
        paint_cut(painter, line.adjusted(0, 0, -used - 8, 0), face.below, colour)


def _heights(font: QFont) -> tuple[float, float]:
    return QFontMetricsF(font).lineSpacing(), QFontMetricsF(scaled_font(font, _SMALL)).lineSpacing()
