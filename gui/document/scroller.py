"""Keeps the text still on screen while guessed heights turn into real ones. Pure."""

from __future__ import annotations

from typing import NamedTuple

from gui.document.flow import Flow


class Anchor(NamedTuple):
    """A place in a block that stays where it is: `offset_px` below the block's top, at `view_y_px`."""

    block: int
    offset_px: int
    view_y_px: int


class Scroller:
    """The part of the contents that is on screen. `y_px` is the contents' y at the viewport's top."""

    def __init__(self, flow: Flow) -> None:
        self._flow = flow
        self.y_px = 0
        self.height_px = 0

    @property
    def max_px(self) -> int:
        """The largest `y_px`: the last row can be read without sitting on the window's edge."""
        return max(0, self._flow.height + self.bottom_room_px - self.height_px)

    @property
    def bottom_room_px(self) -> int:
        """Empty room below the text."""
        return min(self._flow.metrics.px(90), self.height_px // 3)

    @property
    def visible_blocks(self) -> range:
        """The blocks that are on screen, in part or whole."""
        first = self._flow.block_at(self.y_px)
        return range(first, self._flow.block_at(self.y_px + max(0, self.height_px - 1)) + 1)

    def anchor(self) -> Anchor:
        """Return the block at the viewport's top as an anchor."""
        block = self._flow.block_at(self.y_px)
        return Anchor(block, 0, self._flow.top(block) - self.y_px)

    def row_anchor(self) -> Anchor:
        """Return the first row that begins on screen as an anchor, with its number as offset."""
        block = self._flow.block_at(self.y_px)
        if not self._flow.is_laid_out(block):
            return Anchor(block, 0, self._flow.top(block) - self.y_px)
        layout = self._flow.box(block).layout
        row = layout.row_at(self.y_px - self._flow.top(block))
        return Anchor(block, row, self._flow.top(block) + layout.tops[row] - self.y_px)

    def settle_rows(self, anchor: Anchor) -> None:
        """Settle on an anchor from `row_anchor`, whose row may have moved within its block."""
        layout = self._flow.box(anchor.block).layout
        row = min(anchor.offset_px, layout.row_count - 1)
        self.settle(anchor._replace(offset_px=layout.tops[row]))

    def row_view_y(self, anchor: Anchor) -> int:
        """Return where the row of an anchor from `row_anchor` stands on screen now."""
        layout = self._flow.box(anchor.block).layout
        row = min(anchor.offset_px, layout.row_count - 1)
        return self._flow.top(anchor.block) + layout.tops[row] - self.y_px

    def settle(self, anchor: Anchor) -> None:
        """Lay out all that is visible with the anchor in its place; each block is laid out once."""
        while True:
            wanted_px = self._flow.top(anchor.block) + anchor.offset_px - anchor.view_y_px
            self.y_px = min(max(0, wanted_px), self.max_px)
            missing = [block for block in self.visible_blocks if not self._flow.is_laid_out(block)]
            if not missing:
                break
            # Near the anchor first, so that no block is laid out which the next round moves off screen.
            self._flow.box(min(missing, key=lambda block: abs(block - anchor.block)))

    def scroll_to(self, y_px: int) -> int:
        """Scroll, and return by how many pixels the contents moved up on screen (negative: down).

        What is visible before and after keeps its place relative to itself.
        """
        before = self.anchor()
        delta = y_px - self.y_px
        if abs(delta) >= self.height_px:
            block = self._flow.block_at(y_px)
            offset_px = min(y_px - self._flow.top(block), self._flow.bottom(block) - self._flow.top(block))
            self.settle(Anchor(block, offset_px, 0))
            return delta
        self.settle(before._replace(view_y_px=before.view_y_px - delta))
        return before.view_y_px - (self._flow.top(before.block) - self.y_px)
