"""Display blocks: the stretches of a text that are laid out one by one. Pure.

A block is a line of the text (lines end as `str` and Unicode know it), and long lines are cut. A layout
costs time and memory in proportion to its text, so blocks stay below about 4,000 characters.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from gui.document.positions import Positions

BLOCK_LIMIT_CP = 4_000
#: A long line is cut in this last part of the limit, best at a sentence's end, else at white space.
_CUT_WINDOW_CP = 1_200

_LINE_END_CHARACTERS = "\n\r\v\f\x85\u2028\u2029"
_LINE_END = re.compile(rf"\r\n|[{_LINE_END_CHARACTERS}]")
_SENTENCE_END = re.compile(r"[.!?。！？][\"'”’»)\]]*\s+")
_WHITE_SPACE = re.compile(r"\s+")
#: Python also splits lines at these separators of old data formats, Unicode (UAX 14) does not.
_NO_LINE_ENDS = "\x1c\x1d\x1e"


class BlockTable:
    """Where the blocks of a text start and end, in code points.

    `ends[n]` excludes the line end; `starts[n + 1] - ends[n]` is its length, 0 where a long line was cut.
    There is always at least one block.
    """

    def __init__(self, positions: Positions) -> None:
        self.starts: list[int] = [0]
        self.ends: list[int] = []
        for end_cp, next_cp in _line_ends(positions.text):
            if end_cp - self.starts[-1] > BLOCK_LIMIT_CP:
                self._cut(positions, end_cp)
            self.ends.append(end_cp)
            self.starts.append(next_cp)
        if positions.length_cp - self.starts[-1] > BLOCK_LIMIT_CP:
            self._cut(positions, positions.length_cp)
        self.ends.append(positions.length_cp)

    def _cut(self, positions: Positions, end_cp: int) -> None:
        start_cp = self.starts[-1]
        while end_cp - start_cp > BLOCK_LIMIT_CP:
            start_cp = _cut_before(positions, start_cp, start_cp + BLOCK_LIMIT_CP)
            if start_cp >= end_cp:  # one endless grapheme
                return
            self.ends.append(start_cp)
            self.starts.append(start_cp)

    def __len__(self) -> int:
        return len(self.starts)

    def block_at(self, pos_cp: int) -> int:
        """Return the block that holds `pos_cp`; a line end belongs to the block before it. O(log n)."""
        return max(0, bisect_right(self.starts, pos_cp) - 1)

    def blocks_of(self, start_cp: int, end_cp: int) -> range:
        """Return the blocks that [start, end) touches, at least one."""
        first = self.block_at(start_cp)
        return range(first, max(first, self.block_at(max(start_cp, end_cp - 1))) + 1)


def _line_ends(text: str) -> Iterator[tuple[int, int]]:
    """Iterate over where each line end begins and ends."""
    if any(separator in text for separator in _NO_LINE_ENDS):
        yield from (match.span() for match in _LINE_END.finditer(text))
        return
    # Five times as fast as the pattern.
    pos_cp = 0
    for line in text.splitlines(keepends=True):
        shown = line.rstrip(_LINE_END_CHARACTERS)
        if len(shown) < len(line):
            yield pos_cp + len(shown), pos_cp + len(line)
        pos_cp += len(line)


def _cut_before(positions: Positions, start_cp: int, limit_cp: int) -> int:
    window_cp = limit_cp - _CUT_WINDOW_CP
    for pattern in (_SENTENCE_END, _WHITE_SPACE):
        ends = [match.end() for match in pattern.finditer(positions.text, window_cp, limit_cp)]
        if ends:
            return positions.grapheme_end(ends[-1])
    cut_cp = positions.grapheme_start(limit_cp)
    return cut_cp if cut_cp > start_cp else positions.grapheme_end(limit_cp)
