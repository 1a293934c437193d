"""Offsets of programs that count UTF-16 units (Java, JavaScript, .NET) turned into code points and back."""

from __future__ import annotations

from bisect import bisect_left


class Utf16Offsets:
    """The offsets of one text both ways. Costs memory only for characters beyond U+FFFF, which count twice."""

    def __init__(self, text: str) -> None:
        self.length_cp = len(text)
        astral_cp = [] if text.isascii() else [place for place, char in enumerate(text) if char > "\uffff"]
        self._astral_cp = astral_cp
        # Where the second half of each stands.
        self._halves_u16 = [place + before + 1 for before, place in enumerate(astral_cp)]

    @property
    def length_u16(self) -> int:
        """How many UTF-16 units the text has."""
        return self.length_cp + len(self._astral_cp)

    def to_u16(self, pos_cp: int) -> int:
        """Return a position in UTF-16 units."""
        return pos_cp + bisect_left(self._astral_cp, pos_cp)

    def to_cp(self, pos_u16: int) -> int | None:
        """Return a position in code points; None if it lies outside the text or within a character."""
        if not 0 <= pos_u16 <= self.length_u16:
            return None
        before = bisect_left(self._halves_u16, pos_u16)
        if before < len(self._halves_u16) and self._halves_u16[before] == pos_u16:
            return None
        return pos_u16 - before
