"""A line that shows a label, or another entry of the codebook: key, sign, name, and a few words at the right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QFont, QPainter

from gui.theme import current_theme
from gui.widgets.paint import (
    keycap_width,
    paint_cut,
    paint_focus_ring,
    paint_hover,
    paint_keycap,
    paint_swatch,
    painting,
)
from gui.widgets.painted import PaintedButton

if TYPE_CHECKING:
    from storage.records import LabelRecord

_CAP_PX, _SWATCH_PX = 24.0, 15.0


class LabelLine(PaintedButton):
    """A button of one line; subclasses paint themselves by `paint_line`."""

    def sizeHint(self) -> QSize:
        """Ask for one line."""
        return QSize(200, round(self.fontMetrics().height() * 1.1 + 8))

    def minimumSizeHint(self) -> QSize:
        """Allow a narrow panel."""
        return QSize(110, self.sizeHint().height())

    def paint_line(
        self, label: LabelRecord | None, name: str, right: str, *, right_font: QFont, is_muted: bool = False
    ) -> None:
        """Paint the line: with key and sign where it is that of a label."""
        theme, rect = current_theme(), QRectF(self.rect())
        painter = QPainter(self)
        with painting(painter):
            if self.underMouse():
                paint_hover(painter, rect, theme)
            left = 10.0 if label is None else self._paint_sign(painter, rect, label)
            painter.setFont(right_font)
            used = paint_cut(painter, rect.adjusted(0, 0, -5, 0), right, theme.muted, is_right=True)
            painter.setFont(self.font())
            paint_cut(painter, rect.adjusted(left, 0, -used - 11, 0), name, theme.muted if is_muted else theme.ink)
            if self.hasFocus():
                paint_focus_ring(painter, rect, theme, 6)
        painter.end()

    def _paint_sign(self, painter: QPainter, rect: QRectF, label: LabelRecord) -> float:
        """Paint key and sign and return where the name begins."""
        theme = current_theme()
        if label.key:
            width = keycap_width(self.font(), label.key)
            cap = QRectF(6 + (_CAP_PX - width) / 2, 0, width, rect.height())
            paint_keycap(painter, cap, label.key, theme, self.font())
        swatch = QRectF(_CAP_PX + 13, 0, _SWATCH_PX, rect.height())
        paint_swatch(painter, swatch, label.kind, theme.label(label.colour))
        return swatch.right() + 9
