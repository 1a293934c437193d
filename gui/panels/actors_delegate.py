"""Paints a row of the registry: swatch and title with a count, below them what else is to be known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize
from PySide6.QtGui import QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem

from gui.theme import Theme, current_theme, scaled_font
from gui.widgets.paint import paint_cut, paint_row_ground, paint_swatch, painting
from storage.records import LabelKind

if TYPE_CHECKING:
    from gui.panels.actors_model import FacedModel, RowFace

Index = QModelIndex | QPersistentModelIndex

PAD_PX = 8.0
SWATCH_PX = 15.0
_SMALL = 0.88


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
            paint_row_ground(painter, option, rect, theme, has_keyboard=self._view.hasFocus())
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
