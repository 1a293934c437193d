"""Paints one block: bands, pills, cues, selection, the text, and the lines of claims."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from gui.document.block_layout import RowRect
from gui.document.box import BlockBox, Piece
from gui.document.metrics import Metrics
from gui.document.shapes import dashed, dotted, hatch, mixed, pill_path, with_alpha
from gui.document.style import Styles
from storage.records import Fragment


class Part(NamedTuple):
    """One rectangle of a piece, the y of its row, and whether a fragment's edge is at its left and right."""

    piece: Piece
    rect: RowRect
    top: int
    is_left_edge: bool
    is_right_edge: bool


#: How strong hatching is: seen as a pattern, while text stays well legible on it.
_HATCH_ALPHA = 0.30
_CLAIM_HATCH_ALPHA = 0.22


@dataclass(slots=True)
class BlockPainter:
    """Paints blocks with a painter whose origin is the block's top left corner (left edge of the column)."""

    painter: QPainter
    metrics: Metrics
    styles: Styles
    ratio: float  # device pixels per logical pixel

    def paint(
        self,
        box: BlockBox,
        clip: QRectF,
        selection: tuple[int, int] | None,
        excluded: Sequence[tuple[int, int]] = (),
    ) -> None:
        """Paint what of the block lies in `clip`; `selection` and the `excluded` parts are ranges of code points."""
        for piece in box.claims:
            self._each(box, piece, clip, self._paint_band)
        for piece in box.cues:
            self._each(box, piece, clip, self._paint_cue)
        for piece in box.pills:
            self._each(box, piece, clip, self._paint_pill)
        if selection is not None:
            self._paint_selection(box, selection)
        self.painter.setPen(self.styles.ink)
        box.layout.draw_text(self.painter, QPointF(0, 0), clip, excluded, self.styles.muted)
        for piece in box.claims:
            self._each(box, piece, clip, self._paint_lane)
        for piece in box.rejected:
            self._each(box, piece, clip, self._paint_rejected)

    def paint_word(self, box: BlockBox, word: Fragment) -> None:
        """Paint the word cursor's word, below everything else."""
        metrics, tops = self.metrics, box.layout.tops
        self.painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(with_alpha(self.styles.selection, 0.5))
        for rect in box.layout.rects_of(*word):
            body = QRectF(
                rect.left - metrics.px(1),
                tops[rect.row] + metrics.text_top - metrics.px(2),
                rect.right - rect.left + 2 * metrics.px(1),
                metrics.text_bottom - metrics.text_top + metrics.px(4),
            )
            self.painter.drawRoundedRect(body, metrics.px(3), metrics.px(3))
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        self.painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)

    def _each(self, box: BlockBox, piece: Piece, clip: QRectF, paint: Callable[[Part], None]) -> None:
        tops = box.layout.tops
        for i, rect in enumerate(piece.rects):
            if tops[rect.row + 1] >= clip.top() and tops[rect.row] <= clip.bottom():
                paint(Part(piece, rect, tops[rect.row], piece.left_edges[i], piece.right_edges[i]))

    # -- claims -----------------------------------------------------------------------------------

    def _paint_band(self, part: Part) -> None:
        piece, rect, top = part.piece, part.rect, part.top
        metrics, style = self.metrics, piece.style
        band = QRectF(
            rect.left,
            top + metrics.text_top - 1,
            rect.right - rect.left,
            metrics.lane_top - metrics.text_top + 1,
        )
        if piece.is_suggested:
            self.painter.fillRect(band, hatch(with_alpha(style.line, _CLAIM_HATCH_ALPHA), metrics.px(8), self.ratio))
        else:
            nested = 0.10 * min(piece.lane, 2)
            self.painter.fillRect(band, mixed(style.fill, style.line, nested) if nested else style.fill)

    def _paint_lane(self, part: Part) -> None:
        piece, rect, top = part.piece, part.rect, part.top
        metrics, colour = self.metrics, piece.style.line
        width = metrics.line_width
        y = top + metrics.lane_top + piece.lane * metrics.lane_height
        left, right = rect.left, rect.right
        if piece.is_suggested:
            self._dashes(QRectF(left, y, right - left, width), colour)
        else:
            self.painter.fillRect(QRectF(left, y, right - left, width), colour)
        cap = QRectF(0, y - metrics.px(2.5), metrics.px(1.5), metrics.px(2.5) + width)
        if part.is_left_edge:
            cap.moveLeft(left)
            self.painter.fillRect(cap, colour)
        if part.is_right_edge:
            cap.moveRight(right)
            self.painter.fillRect(cap, colour)

    def _dashes(self, line: QRectF, colour: QColor) -> None:
        dash, gap = self.metrics.px(6), self.metrics.px(3)
        x = line.left()
        while x < line.right():
            self.painter.fillRect(QRectF(x, line.y(), min(dash, line.right() - x), line.height()), colour)
            x += dash + gap

    # -- cues -------------------------------------------------------------------------------------

    def _paint_cue(self, part: Part) -> None:
        piece, rect, top = part.piece, part.rect, part.top
        metrics, style = self.metrics, piece.style
        body = QRectF(rect.left, top + metrics.text_top, rect.right - rect.left, metrics.text_bottom - metrics.text_top)
        if piece.is_suggested:
            self.painter.fillRect(body, hatch(with_alpha(style.line, _CLAIM_HATCH_ALPHA), metrics.px(6), self.ratio))
        else:
            self.painter.fillRect(body, with_alpha(style.fill, 0.45))
        width = metrics.px(1.8)
        y = top + metrics.text_bottom + metrics.px(0.5)
        self.painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.painter.setPen(dotted(style.line, width, metrics.px(2)))
        self.painter.drawLine(QPointF(rect.left + width / 2, y), QPointF(rect.right - width / 2, y))
        self.painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)

    # -- mentions ---------------------------------------------------------------------------------

    def _paint_pill(self, part: Part) -> None:
        piece, rect, top = part.piece, part.rect, part.top
        metrics, style, painter = self.metrics, piece.style, self.painter
        side = metrics.px(2) + piece.lane * metrics.px(1)
        above = metrics.px(1) + piece.lane * metrics.px(2.5)
        below = metrics.px(2) + (piece.lane and metrics.px(1))
        # Whole pixels keep the edges crisp; text may start anywhere.
        left, right = round(rect.left - side), round(rect.right + side)
        y = top + metrics.text_top - above
        body = QRectF(left, y, right - left, metrics.text_bottom + below + top - y)
        radius = metrics.px(4)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if piece.is_suggested:
            inner = body.adjusted(0.7, 0.7, -0.7, -0.7)
            path = pill_path(inner, radius, is_open_left=not part.is_left_edge, is_open_right=not part.is_right_edge)
            painter.fillPath(path, hatch(with_alpha(style.line, _HATCH_ALPHA), metrics.px(5), self.ratio))
            painter.setPen(dashed(style.line, max(1.0, 1.3 * metrics.unit), metrics.px(3.5), metrics.px(2)))
            painter.drawPath(path)
        else:
            path = pill_path(body, radius, is_open_left=not part.is_left_edge, is_open_right=not part.is_right_edge)
            painter.fillPath(path, style.line)
            line = metrics.px(1.8)
            edge = metrics.px(1) if piece.lane else 0
            body.adjust(edge, edge, -edge, -line)
            path = pill_path(body, radius, is_open_left=not part.is_left_edge, is_open_right=not part.is_right_edge)
            painter.fillPath(path, style.fill)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)

    # -- rejected, found --------------------------------------------------------------------------

    def _paint_rejected(self, part: Part) -> None:
        """Strike a span through, faintly: it was looked at and is not meant to be seen again."""
        piece, rect, top = part.piece, part.rect, part.top
        metrics = self.metrics
        y = top + metrics.text_top + round(metrics.ascent * 0.66)
        line = QRectF(rect.left, y, rect.right - rect.left, metrics.px(1.2))
        self.painter.fillRect(line, with_alpha(piece.style.line, 0.6))

    def paint_hits(self, box: BlockBox, hits: Sequence[tuple[int, int]]) -> None:
        """Paint a frame around what was searched for and found."""
        metrics, tops = self.metrics, box.layout.tops
        height = metrics.text_bottom - metrics.text_top
        self.painter.setPen(QPen(with_alpha(self.styles.accent, 0.75), max(1.0, metrics.unit)))
        self.painter.setBrush(with_alpha(self.styles.accent, 0.16))
        for hit in hits:
            for rect in box.layout.rects_of(*hit):
                x, y = round(rect.left), tops[rect.row] + metrics.text_top
                self.painter.drawRect(QRectF(x - 0.5, y - 0.5, round(rect.right) - x + 1, height + 1))
        self.painter.setBrush(Qt.BrushStyle.NoBrush)

    # -- selection --------------------------------------------------------------------------------

    def _paint_selection(self, box: BlockBox, selection: tuple[int, int]) -> None:
        metrics, tops = self.metrics, box.layout.tops
        for rect in box.layout.rects_of(*selection):
            body = QRectF(
                rect.left,
                tops[rect.row] + metrics.text_top - 1,
                rect.right - rect.left,
                metrics.text_bottom - metrics.text_top + metrics.px(2),
            )
            self.painter.fillRect(body, self.styles.selection)
