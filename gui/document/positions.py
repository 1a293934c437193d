"""Positions in a text: what is displayed for it, code points and UTF-16, graphemes and words. Pure.

Qt counts UTF-16 code units and gives some characters a meaning of its own; a document's text is
never changed for that. `Positions` shows a *display text* of the same length in code points and maps
both ways.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import cached_property

from storage.records import Fragment

#: Characters that never reach Qt: line ends but LF (blocks end there), control characters, directional
#: overrides (they can make a text read unlike it is), annotation marks, U+FFFC (Qt's inline object),
#: noncharacters and lone surrogates.
_UNSHOWABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202d\u202e\ufff9-\ufffc\ufffe\uffff\ud800-\udfff]")
_ASTRAL = re.compile(r"[\U00010000-\U0010ffff]")
_LINE_ENDS = frozenset("\n\r\v\f\x85\u2028\u2029")

#: How far before its first letter a word can begin, as part of the same grapheme.
_PREFIX_REACH_CP = 8
#: How far a word is looked for around a position before the search goes on from line end to line end.
_WORD_REACH_CP = 256


def _shown(match: re.Match[str]) -> str:
    char = match[0]
    code = ord(char)
    if char in _LINE_ENDS:
        return " "
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else "\ufffd"


def display_text(text: str) -> str:
    """Return the text as it is shown: the same number of code points, nothing that Qt would interpret."""
    return _UNSHOWABLE.sub(_shown, text)


class Positions:
    """The positions of one immutable text. All methods take and return code points unless named `_u16`."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.length_cp = len(text)
        self.display = display_text(text)
        is_basic = text.isascii() or len(self.display.encode("utf-16-le")) == 2 * len(text)
        self._astral = () if is_basic else tuple(m.start() for m in _ASTRAL.finditer(text))

    # -- code points and UTF-16 -------------------------------------------------------------------

    def u16(self, pos_cp: int) -> int:
        """Return the UTF-16 position of a code point. O(log astral characters)."""
        return pos_cp + bisect_left(self._astral, pos_cp) if self._astral else pos_cp

    def cp(self, pos_u16: int) -> int:
        """Return the code point at a UTF-16 position; one within a surrogate pair gives the pair's start."""
        if not self._astral:
            return pos_u16
        pairs_before = bisect_right(self._astral_u16, pos_u16)
        if pairs_before and pos_u16 == self._astral_u16[pairs_before - 1] + 1:
            return pos_u16 - pairs_before
        return pos_u16 - bisect_left(self._astral_u16, pos_u16)

    @cached_property
    def _astral_u16(self) -> tuple[int, ...]:
        return tuple(pos + n for n, pos in enumerate(self._astral))

    # -- graphemes --------------------------------------------------------------------------------

    def grapheme_start(self, pos_cp: int) -> int:
        """Return the start of the grapheme that `pos_cp` lies in (itself at a boundary and at the end)."""
        if not 0 < pos_cp < self.length_cp:
            return min(max(pos_cp, 0), self.length_cp)
        return self._grapheme_around(pos_cp)[0]

    def grapheme_end(self, pos_cp: int) -> int:
        """Return the first grapheme boundary at or after `pos_cp`."""
        start_cp = self.grapheme_start(pos_cp)
        return start_cp if start_cp == pos_cp else self._grapheme_around(pos_cp)[1]

    def next_grapheme(self, pos_cp: int) -> int:
        """Return the first grapheme boundary after `pos_cp`, at most the end of the text."""
        if pos_cp >= self.length_cp:
            return self.length_cp
        return self._grapheme_around(max(pos_cp, 0))[1]

    def previous_grapheme(self, pos_cp: int) -> int:
        """Return the last grapheme boundary before `pos_cp`, at least 0."""
        return self.grapheme_start(min(pos_cp, self.length_cp) - 1)

    def _grapheme_around(self, pos_cp: int) -> tuple[int, int]:
        """Return the grapheme that holds the character at `pos_cp`."""
        from gui.document.patterns import GRAPHEME, SAFE_PAIR_BACKWARDS

        safe = SAFE_PAIR_BACKWARDS.search(self.text, 0, pos_cp + 1)
        start_cp = safe.start() if safe else 0
        for match in GRAPHEME.finditer(self.text, start_cp):
            if match.end() > pos_cp:
                return match.start(), match.end()
        return start_cp, self.length_cp

    # -- words ------------------------------------------------------------------------------------

    def word_at(self, pos_cp: int) -> Fragment | None:
        """Return the word that holds the character at `pos_cp`, else the one that ends there."""
        return next((w for w in self._words_near(pos_cp) if w.start_cp <= pos_cp < w.end_cp), None) or next(
            (w for w in self._words_near(pos_cp) if w.end_cp == pos_cp), None
        )

    def next_word(self, pos_cp: int) -> Fragment | None:
        """Return the first word that ends after `pos_cp`."""
        for word in self._words_near(pos_cp):
            if word.end_cp > pos_cp:
                return word
        from gui.document.patterns import WORD

        match = WORD.search(self.text, min(pos_cp, self.length_cp))
        return self._whole(*match.span()) if match else None

    def previous_word(self, pos_cp: int) -> Fragment | None:
        """Return the last word that starts before `pos_cp`."""
        reach_cp, found = _WORD_REACH_CP, None
        while found is None:
            low_cp = max(0, pos_cp - reach_cp)
            for word in self._words_in(low_cp, pos_cp):
                if word.start_cp < pos_cp:
                    found = word
            if low_cp == 0:
                break
            reach_cp *= 4
        return found

    def _words_near(self, pos_cp: int) -> list[Fragment]:
        return self._words_in(max(0, pos_cp - _WORD_REACH_CP), min(self.length_cp, pos_cp + 1))

    def _words_in(self, low_cp: int, high_cp: int) -> list[Fragment]:
        """Return the words in [low, high) and some around, never beginning amid a word."""
        from gui.document.patterns import WORD, WORD_EDGE_BACKWARDS

        edge = WORD_EDGE_BACKWARDS.search(self.text, 0, low_cp + 1) if low_cp else None
        words = []
        for match in WORD.finditer(self.text, edge.start() if edge else 0):
            if match.start() >= high_cp + _PREFIX_REACH_CP:
                break
            words.append(self._whole(*match.span()))
        return words

    def _whole(self, start_cp: int, end_cp: int) -> Fragment:
        return Fragment(self.grapheme_start(start_cp), self.grapheme_end(end_cp))

    # -- ranges -----------------------------------------------------------------------------------

    def trimmed(self, start_cp: int, end_cp: int) -> Fragment | None:
        """Return the range at grapheme edges (outwards) and without white space at either end.

        `None` when nothing but white space is left.
        """
        start_cp, end_cp = self.grapheme_start(start_cp), self.grapheme_end(end_cp)
        stripped = self.text[start_cp:end_cp]
        start_cp += len(stripped) - len(stripped.lstrip())
        end_cp -= len(stripped) - len(stripped.rstrip())
        if start_cp >= end_cp:
            return None
        if (inner_cp := self.grapheme_start(start_cp)) < start_cp:  # a blank that carries a combining mark
            start_cp = self.next_grapheme(inner_cp)
            return self.trimmed(start_cp, end_cp) if start_cp < end_cp else None
        return Fragment(start_cp, end_cp)
