"""Parts of the text that are no annotation: excluded ones greyed on a ground of their own, pages told beside it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from gui.document.block_layout import BlockLayout
from gui.document.metrics import Metrics
from gui.document.positions import display_text
from gui.document.shapes import dashed
from gui.document.style import Styles
from storage.records import StretchKind, StretchRecord

#: What a page's number is called beside the text.
_PAGE = "p. "


class Stretches:
    """The pages and excluded parts of a document, those of one kind sorted and without overlaps."""

    def __init__(self, records: Sequence[StretchRecord] = (), text: str = "") -> None:
        self.records = tuple(records)
        self._parts = [r for r in records if r.kind is StretchKind.EXCLUDED]
        self.excluded = [(r.start_cp, r.end_cp) for r in self._parts]
        self.pages = [(_first_letter(text, r), r.value) for r in records if r.kind is StretchKind.PAGE and r.value]

    def excluded_in(self, start_cp: int, end_cp: int) -> list[tuple[int, int]]:
        """Return the excluded parts that share a character with [start, end)."""
        first = max(0, bisect_right(self.excluded, (start_cp, start_cp)) - 1)
        last = bisect_left(self.excluded, (end_cp, 0))
        return [part for part in self.excluded[first:last] if part[1] > start_cp]

    def excluded_at(self, pos_cp: int) -> StretchRecord | None:
        """Return the excluded part that holds a position or ends there."""
        before = bisect_right(self.excluded, (pos_cp, pos_cp))
        near = self._parts[max(0, before - 1) : before + 1]
        return next((part for part in near if part.start_cp <= pos_cp <= part.end_cp), None)

    def next_included(self, pos_cp: int, text: str) -> int:
        """Return the next position that neither is white space nor is left out of the work; the text's end if none."""
        while pos_cp < len(text):
            part = next(iter(self.excluded_in(pos_cp, pos_cp + 1)), None)
            if part is None and not text[pos_cp].isspace():
                break
            pos_cp = part[1] if part is not None else pos_cp + 1
        return pos_cp

    def pages_in(self, start_cp: int, end_cp: int) -> list[tuple[int, str]]:
        """Return where in [start, end) pages begin, and their numbers."""
        return self.pages[bisect_left(self.pages, (start_cp, "")) : bisect_left(self.pages, (end_cp, ""))]


def _first_letter(text: str, page: StretchRecord) -> int:
    """Return where a page's words begin: a number beside a blank line would belong to nothing."""
    blank_cp = page.end_cp - page.start_cp - len(text[page.start_cp : page.end_cp].lstrip())
    return page.start_cp + blank_cp if page.start_cp + blank_cp < page.end_cp else page.start_cp


class StretchPainter:
    """Paints with a painter whose origin is a block's top left corner.

    `width_px` is that of the column, `room_px` what is free at its right.
    """

    def __init__(self, painter: QPainter, metrics: Metrics, styles: Styles, width_px: int, room_px: int) -> None:
        self._painter, self._metrics, self._styles = painter, metrics, styles
        self._width_px, self._room_px = width_px, room_px

    def paint_ground(self, layout: BlockLayout, excluded: Sequence[tuple[int, int]]) -> None:
        """Paint the ground of excluded text, below all else: whole rows with a bar beside them, words in a frame."""
        for start_cp, end_cp in excluded:
            low, high = max(start_cp, layout.start_cp), min(end_cp, max(layout.end_cp, layout.start_cp + 1))
            for row in range(layout.row_of(low), layout.row_of(max(low, high - 1)) + 1):
                row_start_cp, row_end_cp = layout.row_range(row)
                if start_cp <= row_start_cp and row_end_cp <= end_cp:
                    self._paint_row(layout, row)
                else:
                    self._paint_words(layout, row, max(low, row_start_cp), min(high, row_end_cp))

    def paint_pages(self, layout: BlockLayout, pages: Sequence[tuple[int, str]], *, is_first: bool) -> None:
        """Paint where pages begin and, right of the column, their numbers; no line above the first of all."""
        rows: dict[int, list[str]] = {}
        for pos_cp, value in pages:
            row = layout.row_of(pos_cp)
            if not (is_first and pos_cp == pages[0][0]):
                self._paint_break(layout, row, pos_cp)
            rows.setdefault(row, []).append(value)
        painter, metrics = self._painter, self._metrics
        painter.setFont(metrics.tag_font)
        painter.setPen(self._styles.muted)
        left_px = self._width_px + metrics.px(8)
        room_px = max(0, self._room_px - metrics.px(10))
        for row, values in rows.items():
            words = display_text(f"{_PAGE}{', '.join(values)}")
            shown = QFontMetricsF(metrics.tag_font).elidedText(words, Qt.TextElideMode.ElideRight, room_px)
            painter.drawText(QPointF(left_px, layout.tops[row] + metrics.baseline), shown)

    def _paint_row(self, layout: BlockLayout, row: int) -> None:
        metrics = self._metrics
        top, bottom = layout.tops[row], layout.tops[row + 1]
        left = -metrics.px(8)
        self._painter.fillRect(QRectF(left, top, self._width_px - 2 * left, bottom - top), self._styles.side)
        self._painter.fillRect(QRectF(left, top, metrics.px(3), bottom - top), self._styles.edge)

    def _paint_words(self, layout: BlockLayout, row: int, start_cp: int, end_cp: int) -> None:
        metrics = self._metrics
        for rect in layout.rects_of(start_cp, end_cp):
            if rect.row == row:
                top = layout.tops[row] + metrics.text_top - metrics.px(1)
                height = metrics.text_bottom - metrics.text_top + 2 * metrics.px(1)
                body = QRectF(rect.left - 1, top, rect.right - rect.left + 2, height)
                self._painter.fillRect(body, self._styles.side)
                self._painter.setPen(dashed(self._styles.edge, 1, metrics.px(3), metrics.px(2)))
                self._painter.drawRect(body.adjusted(0.5, 0.5, -0.5, -0.5))

    def _paint_break(self, layout: BlockLayout, row: int, pos_cp: int) -> None:
        """Paint a hairline above a row that a page begins with, else one between the words."""
        metrics = self._metrics
        if pos_cp <= layout.row_range(row)[0]:
            y = layout.tops[row] + 0.5
            self._painter.setPen(dashed(self._styles.edge, 1, metrics.px(2), metrics.px(4)))
            self._painter.drawLine(QPointF(0, y), QPointF(self._width_px, y))
        else:
            x = layout.caret_x(pos_cp) - metrics.space_width / 2
            top, bottom = layout.tops[row] + metrics.text_top, layout.tops[row] + metrics.text_bottom
            self._painter.fillRect(QRectF(round(x), top, max(1, metrics.px(1)), bottom - top), self._styles.edge)
