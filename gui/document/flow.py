"""The column of blocks: which are laid out, how high they are, and what stands where.

y counts from the top of the document's contents (its header included), x from the column's left edge,
in logical pixels. Blocks are laid out when somebody needs to know; until then their height is a guess.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterable
from typing import NamedTuple

from PySide6.QtCore import QRectF

from gui.document.block_layout import BlockLayout
from gui.document.blocks import BlockTable
from gui.document.box import BlockBox
from gui.document.heights import HeightTree
from gui.document.index import SpanIndex
from gui.document.metrics import Metrics
from gui.document.positions import Positions
from gui.document.style import Styles

#: Laid-out blocks are kept up to this many characters; glyphs take about 100 bytes each.
_KEEP_CP = 250_000
_SAMPLE_STEP = 37
_WIDE = re.compile(r"[\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60\U0001f000-\U0003ffff]")


class Refill(NamedTuple):
    """What computing a block's shapes anew has changed: rows to repaint, and by how much it grew."""

    rows: range
    growth_px: int


class Flow:
    """Lays out the blocks of one document for one width, one set of metrics, one theme."""

    def __init__(
        self, positions: Positions, table: BlockTable, index: SpanIndex, styles: Styles, metrics: Metrics
    ) -> None:
        self.positions = positions
        self.table = table
        self.index = index
        self.styles = styles
        self.metrics = metrics
        self.width_px = 0
        self.header_px = 0
        self._heights = HeightTree([0] * len(table))
        self._boxes: OrderedDict[int, BlockBox] = OrderedDict()
        self._kept_cp = 0
        # A sample will do: it only makes guesses better.
        self._has_wide = _WIDE.search(positions.text[::_SAMPLE_STEP]) is not None

    # -- sizes ------------------------------------------------------------------------------------

    def set_geometry(self, metrics: Metrics, width_px: int, header_px: int) -> None:
        """Lay out for another width or font: all heights become guesses again. O(blocks)."""
        self.metrics, self.width_px, self.header_px = metrics, width_px, header_px
        self._boxes.clear()
        self._kept_cp = 0
        row, blank, per_row = metrics.row_height, metrics.blank_height, max(4.0, width_px / metrics.char_width)
        starts, ends = self.table.starts, self.table.ends
        lengths: Iterable[float] = map(int.__sub__, ends, starts)
        if self._has_wide:
            text = self.positions.text
            lengths = [
                end - start + 0.9 * len(_WIDE.findall(text, start, end))
                for start, end in zip(starts, ends, strict=True)
            ]
        # Half a word is lost at each row's end on average.
        per_row = max(4.0, per_row - 2.5)
        self._heights = HeightTree([row * (1 + int(n / per_row)) if n else blank for n in lengths])

    @property
    def height(self) -> int:
        """The height of header and blocks, part of it guessed."""
        return self.header_px + self._heights.total_px

    def top(self, block: int) -> int:
        """Return where a block begins."""
        return self.header_px + self._heights.top(block)

    def bottom(self, block: int) -> int:
        """Return where a block ends."""
        return self.top(block) + self._heights[block]

    def block_at(self, y_px: float) -> int:
        """Return the block at this height, the first or last one outside."""
        return self._heights.block_at(max(0, int(y_px) - self.header_px))

    # -- boxes ------------------------------------------------------------------------------------

    def is_laid_out(self, block: int) -> bool:
        """Return whether the block's layout is at hand."""
        return block in self._boxes

    def box(self, block: int) -> BlockBox:
        """Return a block laid out, corrected in its height; about 1 ms for 4,000 characters."""
        box = self._boxes.get(block)
        if box is not None:
            self._boxes.move_to_end(block)
            return box
        start_cp, end_cp = self.table.starts[block], self.table.ends[block]
        layout = BlockLayout(self.positions, start_cp, end_cp, self.metrics, self.width_px)
        box = BlockBox(layout)
        box.fill(block, self.index, self.styles)
        self._boxes[block] = box
        self._kept_cp += end_cp - start_cp
        self._heights[block] = layout.height
        self._forget_oldest()
        return box

    def _forget_oldest(self) -> None:
        while self._kept_cp > _KEEP_CP and len(self._boxes) > 2:
            _, box = self._boxes.popitem(last=False)
            self._kept_cp -= box.layout.end_cp - box.layout.start_cp

    def refill(self, block: int) -> Refill:
        """Compute the shapes of a block anew after its spans changed."""
        before, box = self._heights[block], self.box(block)
        rows = box.fill(block, self.index, self.styles)
        self._heights[block] = box.layout.height
        return Refill(rows, box.layout.height - before)

    def forget(self, blocks: Iterable[int]) -> None:
        """Lay out these blocks anew when they are needed; until then their heights are guesses again."""
        for block in blocks:
            box = self._boxes.pop(block, None)
            if box is not None:
                self._kept_cp -= box.layout.end_cp - box.layout.start_cp

    def refill_all(self, visible: range) -> None:
        """Compute all shapes anew, those of `visible` blocks now (codebook, theme or hidden labels changed)."""
        self.forget(set(self._boxes) - set(visible))
        for block in visible:
            self.refill(block)

    # -- places -----------------------------------------------------------------------------------

    def rects_of(self, start_cp: int, end_cp: int, blocks: range | None = None) -> list[QRectF]:
        """Return where a range's text stands, row by row, only in `blocks` if given; lays them out."""
        found = []
        metrics = self.metrics
        top_px, height_px = metrics.text_top, metrics.ascent + metrics.descent
        for block in self.table.blocks_of(start_cp, end_cp):
            if blocks is not None and block not in blocks:
                continue
            layout = self.box(block).layout
            y = self.top(block) + top_px
            found += [
                QRectF(rect.left, y + layout.tops[rect.row], rect.right - rect.left, height_px)
                for rect in layout.rects_of(start_cp, end_cp)
            ]
        return found

    def caret_rect(self, pos_cp: int) -> QRectF:
        """Return where a cursor stands at a position; lays its block out."""
        metrics = self.metrics
        block = self.table.block_at(pos_cp)
        layout = self.box(block).layout
        pos_cp = min(pos_cp, layout.end_cp)
        y = self.top(block) + layout.tops[layout.row_of(pos_cp)]
        height = metrics.ascent + metrics.descent
        if layout.is_blank:
            return QRectF(0, y, metrics.px(1.6), max(4, metrics.blank_height))
        return QRectF(layout.caret_x(pos_cp), y + metrics.text_top, metrics.px(1.6), height)

    def position_at(self, x_px: float, y_px: float) -> int:
        """Return the position nearest to a place."""
        block = self.block_at(y_px)
        layout = self.box(block).layout
        return layout.position_at(x_px, layout.row_at(y_px - self.top(block)))

    def character_at(self, x_px: float, y_px: float) -> int | None:
        """Return the character drawn at a place, `None` beside the text."""
        block = self.block_at(y_px)
        layout = self.box(block).layout
        y_px -= self.top(block)
        if not 0 <= y_px < layout.height:
            return None
        return layout.character_at(x_px, layout.row_at(y_px))
