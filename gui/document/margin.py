"""The margin left of the column: brackets of claims, ticks of reviewed stretches."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

from gui.document.block_layout import BlockLayout
from gui.document.box import BlockBox, Piece
from gui.document.lanes import Bracket
from gui.document.metrics import Metrics
from gui.document.shapes import dashed, with_alpha
from gui.document.style import Styles
from storage.records import ReviewedRecord


class Reviewed:
    """The reviewed stretches of a document, sorted and without overlaps."""

    def __init__(self, records: Sequence[ReviewedRecord]) -> None:
        self.records = tuple(records)
        merged: list[tuple[int, int]] = []
        for start_cp, end_cp in sorted((r.start_cp, r.end_cp) for r in records):
            if merged and start_cp < merged[-1][1]:
                merged[-1] = merged[-1][0], max(end_cp, merged[-1][1])
            else:
                merged.append((start_cp, end_cp))
        self.stretches = merged
        self._ends = [end for _, end in merged]

    def within(self, start_cp: int, end_cp: int) -> list[tuple[int, int]]:
        """Return the stretches that share a character with [start, end)."""
        found = []
        for i in range(bisect_left(self._ends, start_cp + 1), len(self.stretches)):
            if self.stretches[i][0] >= end_cp:
                break
            found.append(self.stretches[i])
        return found


class MarginPainter:
    """Paints the margin with a painter whose origin is a block's top left corner."""

    def __init__(self, painter: QPainter, metrics: Metrics, styles: Styles) -> None:
        self._painter, self._metrics, self._styles = painter, metrics, styles

    def paint(self, box: BlockBox, clip: QRectF, reviewed: Reviewed) -> None:
        """Paint brackets and ticks beside one block."""
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for bracket, piece in box.brackets:
            self._paint_bracket(box.layout, bracket, piece, clip)
        if not box.layout.is_blank:
            for start_cp, end_cp in reviewed.within(box.layout.start_cp, box.layout.end_cp):
                self._paint_reviewed(box.layout, start_cp, end_cp)
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)

    def _paint_bracket(self, layout: BlockLayout, bracket: Bracket, piece: Piece, clip: QRectF) -> None:
        metrics = self._metrics
        top = self._y(layout, bracket.start_half) + metrics.px(4)
        bottom = self._y(layout, bracket.end_half) - metrics.px(5)
        if bottom < clip.top() or top > clip.bottom():
            return
        width = metrics.px(1.8)
        left = -metrics.px(10) - bracket.lane * metrics.px(6) - metrics.px(5) + width / 2
        right, radius = left + metrics.px(5), metrics.px(3.5)
        path = QPainterPath()
        if piece.span.start_cp >= layout.start_cp:
            path.moveTo(right, top)
            path.lineTo(left + radius, top)
            path.quadTo(left, top, left, top + radius)
        else:
            path.moveTo(left, top - metrics.px(4))
        if piece.span.end_cp <= layout.end_cp:
            path.lineTo(left, bottom - radius)
            path.quadTo(left, bottom, left + radius, bottom)
            path.lineTo(right, bottom)
        else:
            path.lineTo(left, bottom + metrics.px(5))
        colour = piece.style.line
        self._painter.setPen(
            dashed(with_alpha(colour, 0.85), width, metrics.px(4), metrics.px(3))
            if piece.is_suggested
            else QPen(colour, width, c=Qt.PenCapStyle.FlatCap)
        )
        self._painter.drawPath(path)

    @staticmethod
    def _y(layout: BlockLayout, half: int) -> float:
        row = half // 2
        if half % 2 == 0:
            return layout.tops[row]
        return (layout.tops[row] + layout.tops[row + 1]) / 2

    def _paint_reviewed(self, layout: BlockLayout, start_cp: int, end_cp: int) -> None:
        """Draw a thin rule beside the stretch's rows, and a tick where it begins."""
        metrics = self._metrics
        first = layout.row_of(max(start_cp, layout.start_cp))
        last = layout.row_of(min(end_cp, layout.end_cp) - 1)
        x = -metrics.px(38)
        y = layout.tops[first] + metrics.text_top + metrics.px(4)
        pen = QPen(self._styles.ok, metrics.px(1.7), Qt.PenStyle.SolidLine)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        if start_cp >= layout.start_cp:
            self._painter.setPen(pen)
            size = metrics.unit
            self._painter.drawPolyline(
                [
                    QPointF(x, y + 4.5 * size),
                    QPointF(x + 3.2 * size, y + 8 * size),
                    QPointF(x + 9 * size, y + size),
                ]
            )
            y += metrics.px(13)
        else:
            y = layout.tops[first]
        bottom = layout.tops[last] + metrics.text_bottom
        if bottom - y > metrics.px(6):
            rule = QRectF(x + metrics.px(3.5), y, max(1, metrics.px(1)), bottom - y)
            self._painter.fillRect(rule, with_alpha(self._styles.ok, 0.45))
