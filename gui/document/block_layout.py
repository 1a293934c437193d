"""One block laid out: its rows, and where a range of the text stands in them.

x counts from the column's left edge, y from the block's top, in logical pixels.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QTextCharFormat, QTextLayout, QTextLine, QTextOption

from gui.document.metrics import Metrics
from gui.document.positions import Positions

_RIGHT_TO_LEFT = re.compile(
    r"[\u0590-\u08ff\u200f\u202b\u2067\ufb1d-\ufdff\ufe70-\ufefe\U00010800-\U00010fff\U0001e800-\U0001efff]"
)


def reads_right_to_left(text: str) -> bool:
    """Return whether a text reads from right to left: its first letter does."""
    return _RIGHT_TO_LEFT.match(next(filter(str.isalpha, text), "")) is not None


class RowRect(NamedTuple):
    """The part of a range that stands in one row, from left to right."""

    row: int
    left: float
    right: float


class BlockLayout:
    """A `QTextLayout` of one block, wrapped to a width.

    The layout is made once per width; only the rows' positions change with the lanes they need.
    """

    def __init__(self, positions: Positions, start_cp: int, end_cp: int, metrics: Metrics, width_px: int) -> None:
        self._positions = positions
        self._metrics = metrics
        self.start_cp, self.end_cp = start_cp, end_cp
        self._start_u16 = positions.u16(start_cp)
        text = positions.display[start_cp:end_cp]
        self.is_blank = not text or text.isspace()
        self._is_mixed = not text.isascii() and _RIGHT_TO_LEFT.search(text) is not None
        self._layout = QTextLayout(text, metrics.font)
        self._layout.setCacheEnabled(True)
        self._layout.setTextOption(_text_option(metrics, is_right_to_left=self.is_right_to_left))
        self._row_ends = self._wrap(width_px)
        self._trimmed_ends: dict[int, int] = {}
        self.tops: list[int] = []
        self.set_lanes([0] * len(self._row_ends))

    def _wrap(self, width_px: int) -> list[int]:
        """Break into rows; return where each ends, in code points of the document."""
        ends_cp = []
        self._layout.beginLayout()
        while (line := self._layout.createLine()).isValid():
            line.setLineWidth(width_px)
            ends_cp.append(self._positions.cp(self._start_u16 + line.textStart() + line.textLength()))
        self._layout.endLayout()
        return ends_cp or [self.start_cp]

    def set_lanes(self, lanes: Sequence[int]) -> None:
        """Place the rows so that each has room for its number of lanes."""
        metrics = self._metrics
        self.tops = [0]
        for row in range(self._layout.lineCount()):
            line = self._layout.lineAt(row)
            line.setPosition(QPointF(0, self.tops[-1] + metrics.baseline - line.ascent()))
            height = metrics.blank_height if self.is_blank else metrics.row_height_for(lanes[row])
            self.tops.append(self.tops[-1] + height)

    @property
    def height(self) -> int:
        """The height of all rows."""
        return self.tops[-1]

    @property
    def row_count(self) -> int:
        """How many rows there are, at least one."""
        return len(self._row_ends)

    def draw_text(
        self,
        painter: QPainter,
        origin: QPointF,
        clip: QRectF,
        faint: Sequence[tuple[int, int]] = (),
        faint_colour: QColor | None = None,
    ) -> None:
        """Draw the rows that `clip` touches, in the painter's pen; the `faint` ranges in their own colour."""
        formats = []
        for start_cp, end_cp in faint:
            part = QTextLayout.FormatRange()
            first, last = (self._local(min(max(cp, self.start_cp), self.end_cp)) for cp in (start_cp, end_cp))
            shade = QTextCharFormat()
            shade.setForeground(faint_colour or painter.pen().color())
            part.start, part.length, part.format = first, last - first, shade
            formats.append(part)
        self._layout.draw(painter, origin, formats, clip)

    # -- from text to place -----------------------------------------------------------------------

    def row_of(self, pos_cp: int) -> int:
        """Return the row of a position; where a row was wrapped, the next one."""
        return min(bisect_right(self._row_ends, pos_cp), self.row_count - 1)

    def row_range(self, row: int) -> tuple[int, int]:
        """Return the code points from the row's start to behind its last visible character."""
        start_cp = self._row_ends[row - 1] if row else self.start_cp
        end_cp = self._trimmed_ends.get(row)
        if end_cp is None:
            whole = self._positions.text[start_cp : self._row_ends[row]]
            end_cp = self._trimmed_ends[row] = start_cp + len(whole.rstrip())
        return start_cp, end_cp

    def row_end(self, row: int) -> int:
        """Return the last position at which a cursor shows in this row."""
        last = self._row_ends[row]
        return last if row == self.row_count - 1 else self._positions.previous_grapheme(last)

    def rects_of(self, start_cp: int, end_cp: int) -> list[RowRect]:
        """Return the visible parts of [start, end) row by row, left to right.

        Mixed directions give several parts a row. White space at a row's end is left out.
        """
        start_cp, end_cp = max(start_cp, self.start_cp), min(end_cp, self.end_cp)
        rects: list[RowRect] = []
        if start_cp >= end_cp:
            return rects
        for row in range(self.row_of(start_cp), self.row_of(end_cp - 1) + 1):
            row_start_cp, row_end_cp = self.row_range(row)
            low_cp, high_cp = max(start_cp, row_start_cp), min(end_cp, row_end_cp)
            if low_cp < high_cp:
                rects += self._in_row(row, low_cp, high_cp)
        return rects

    def _in_row(self, row: int, start_cp: int, end_cp: int) -> list[RowRect]:
        line = self._layout.lineAt(row)
        low, high = self._local(start_cp), self._local(end_cp)
        if not self._is_mixed:
            return [RowRect(row, _x(line, low), _x(line, high))]
        # cursorToX is ambiguous where directions meet; glyph runs know the visual parts of a logical range.
        boxes = sorted(
            (box.left(), box.right()) for run in line.glyphRuns(low, high - low) for box in (run.boundingRect(),)
        )
        merged: list[RowRect] = []
        for left, right in boxes:
            if merged and left <= merged[-1].right + 0.5:
                merged[-1] = merged[-1]._replace(right=max(right, merged[-1].right))
            else:
                merged.append(RowRect(row, left, right))
        return merged

    def caret_x(self, pos_cp: int) -> float:
        """Return where a cursor stands before the character at `pos_cp`, in the row of `row_of`."""
        if not self._layout.lineCount():
            return 0.0
        return _x(self._layout.lineAt(self.row_of(pos_cp)), self._local(pos_cp))

    @property
    def is_right_to_left(self) -> bool:
        """Whether the block reads from right to left, and stands at the right."""
        text = self._positions.text[self.start_cp : self.end_cp] if self._is_mixed else ""
        return reads_right_to_left(text)

    def _local(self, pos_cp: int) -> int:
        return self._positions.u16(pos_cp) - self._start_u16

    # -- from place to text -----------------------------------------------------------------------

    def row_at(self, y_px: float) -> int:
        """Return the row at this height, the first or last one outside."""
        return min(max(bisect_right(self.tops, y_px) - 1, 0), self.row_count - 1)

    def position_at(self, x_px: float, row: int) -> int:
        """Return the position between characters nearest to x in a row."""
        if not self._layout.lineCount():
            return self.start_cp
        pos_u16 = self._layout.lineAt(row).xToCursor(x_px)
        pos_cp = self._positions.grapheme_start(self._positions.cp(self._start_u16 + pos_u16))
        return min(max(pos_cp, self.start_cp), self.row_end(row))

    def character_at(self, x_px: float, row: int) -> int | None:
        """Return the character drawn at x in a row, `None` beside the text."""
        if not self._layout.lineCount():
            return None
        line = self._layout.lineAt(row)
        box = line.naturalTextRect()
        if not box.left() <= x_px <= box.right():
            return None
        pos_u16 = line.xToCursor(x_px, QTextLine.CursorPosition.CursorOnCharacter)
        return self._positions.cp(self._start_u16 + pos_u16)


def _x(line: QTextLine, pos_u16: int) -> float:
    # The stubs call the result an object: it is a pair of x and the position that x belongs to.
    result = line.cursorToX(pos_u16)
    assert isinstance(result, tuple)  # noqa: S101
    return float(result[0])


def _text_option(metrics: Metrics, *, is_right_to_left: bool) -> QTextOption:
    option = QTextOption(Qt.AlignmentFlag.AlignRight if is_right_to_left else Qt.AlignmentFlag.AlignLeft)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
    option.setTabStopDistance(4 * metrics.char_width)
    return option
