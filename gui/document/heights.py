"""Heights of the blocks with fast sums: a Fenwick tree. Pure.

Most heights are estimates until a block is laid out; each correction costs O(log n).
"""

from __future__ import annotations

from collections.abc import Sequence


class HeightTree:
    """The heights of a column of blocks, in whole logical pixels."""

    def __init__(self, heights_px: Sequence[int]) -> None:
        self._heights = list(heights_px)
        self._tree = [0, *self._heights]
        for i in range(1, len(self._tree)):
            parent = i + (i & -i)
            if parent < len(self._tree):
                self._tree[parent] += self._tree[i]
        self._top_bit = 1 << (len(self._heights).bit_length() - 1) if self._heights else 0
        self.total_px = sum(self._heights)

    def __len__(self) -> int:
        return len(self._heights)

    def __getitem__(self, block: int) -> int:
        return self._heights[block]

    def __setitem__(self, block: int, height_px: int) -> None:
        delta = height_px - self._heights[block]
        if not delta:
            return
        self._heights[block] = height_px
        self.total_px += delta
        i = block + 1
        while i < len(self._tree):
            self._tree[i] += delta
            i += i & -i

    def top(self, block: int) -> int:
        """Return the sum of the heights before `block`. O(log n)."""
        total, i = 0, block
        while i:
            total += self._tree[i]
            i &= i - 1
        return total

    def block_at(self, y_px: int) -> int:
        """Return the block that covers `y_px`; the first or the last one outside. O(log n)."""
        block, rest, bit = 0, y_px, self._top_bit
        while bit:
            probe = block + bit
            if probe < len(self._tree) and self._tree[probe] <= rest:
                block, rest = probe, rest - self._tree[probe]
            bit >>= 1
        return min(block, len(self._heights) - 1)
