"""The word cursor and the selection, in code points of the text. Pure.

`pos_cp` moves, `anchor_cp` stays behind while selecting. Words are selected whole; white space at the
edges never belongs to a selection.
"""

from __future__ import annotations

from gui.document.positions import Positions
from storage.records import Fragment


class Cursor:
    """Where the analyst is in a text, and what is selected. Steps follow the text, not the screen."""

    def __init__(self, positions: Positions) -> None:
        self._positions = positions
        self.pos_cp = 0
        self.anchor_cp = 0

    @property
    def selection(self) -> Fragment | None:
        """The selected range, trimmed; `None` when nothing but white space is selected."""
        if self.pos_cp == self.anchor_cp:
            return None
        return self._positions.trimmed(*sorted((self.pos_cp, self.anchor_cp)))

    @property
    def word(self) -> Fragment | None:
        """The word that the cursor stands in or at the end of."""
        return self._positions.word_at(self.pos_cp)

    def place(self, pos_cp: int, *, select: bool = False) -> None:
        """Move to a position; with `select` the anchor stays."""
        self.pos_cp = self._positions.grapheme_start(pos_cp)
        if not select:
            self.anchor_cp = self.pos_cp

    def select(self, start_cp: int, end_cp: int) -> None:
        """Select a range and stand at its end."""
        self.anchor_cp, self.pos_cp = start_cp, end_cp

    def move_char(self, step: int, *, select: bool = False) -> None:
        """Move by graphemes; without `select` a selection collapses to that side first."""
        if not select and self.pos_cp != self.anchor_cp:
            self.place(max(self.pos_cp, self.anchor_cp) if step > 0 else min(self.pos_cp, self.anchor_cp))
            return
        pos_cp = self.pos_cp
        for _ in range(abs(step)):
            forwards = self._positions.next_grapheme
            pos_cp = forwards(pos_cp) if step > 0 else self._positions.previous_grapheme(pos_cp)
        self.place(pos_cp, select=select)

    def move_word(self, step: int, *, select: bool = False) -> None:
        """Move from word to word, or select words whole.

        Without `select` the cursor goes to the next word's first character. With it, the first step
        takes the word at the cursor; later ones add words in this direction or take them off again.
        """
        for _ in range(abs(step)):
            if select:
                self._select_word(forwards=step > 0)
            else:
                self._go_to_word(forwards=step > 0)

    def move_phrase(self, step: int, *, select: bool = False) -> None:
        """Move to the starts of phrases, or select up to their ends; a word that is stood in is taken whole."""
        from gui.document import phrases  # loads `regex`, see gui.document.patterns

        for _ in range(abs(step)):
            if not select:
                go = phrases.next_start if step > 0 else phrases.previous_start
                self.place(go(self._positions, self.pos_cp))
                continue
            self._take_word(forwards=step > 0)
            pos_cp, anchor_cp = self.pos_cp, self.anchor_cp
            if step > 0 and pos_cp >= anchor_cp:
                self.pos_cp = phrases.next_end(self._positions, pos_cp, low_cp=anchor_cp)
            elif step > 0:
                self.pos_cp = min(phrases.next_start(self._positions, pos_cp), anchor_cp)
            elif pos_cp <= anchor_cp:
                self.pos_cp = phrases.previous_start(self._positions, pos_cp)
            else:
                self.pos_cp = phrases.previous_end(self._positions, pos_cp, low_cp=anchor_cp)

    def move_sentence(self, step: int, *, select: bool = False) -> None:
        """Move to the starts of sentences, or select up to their ends."""
        from gui.document import sentences

        text = self._positions.text
        for _ in range(abs(step)):
            if select:
                self._take_word(forwards=step > 0)
            if step < 0:
                self.place(sentences.previous_sentence_start(text, self.pos_cp), select=select)
            elif not select:
                self.place(sentences.next_sentence_start(text, self.pos_cp))
            else:
                end_cp = sentences.sentence_at(text, self.pos_cp).end_cp
                if end_cp <= self.pos_cp:
                    end_cp = sentences.sentence_at(text, sentences.next_sentence_start(text, self.pos_cp)).end_cp
                self.place(end_cp, select=True)

    def _take_word(self, *, forwards: bool) -> None:
        """Put the anchor of a selection that begins amid a word to that word's edge."""
        here = self._positions.word_at(self.pos_cp) if self.pos_cp == self.anchor_cp else None
        if here and here.start_cp < self.pos_cp < here.end_cp:
            self.anchor_cp = here.start_cp if forwards else here.end_cp

    def _go_to_word(self, *, forwards: bool) -> None:
        here = self._positions.word_at(self.pos_cp)
        if forwards:
            behind_cp = here.end_cp if here and here.start_cp <= self.pos_cp < here.end_cp else self.pos_cp
            word = self._positions.next_word(behind_cp)
            self.place(word.start_cp if word else self._positions.length_cp)
        else:
            word = self._positions.previous_word(self.pos_cp)
            self.place(word.start_cp if word else 0)

    def _select_word(self, *, forwards: bool) -> None:
        here = self._positions.word_at(self.pos_cp) if self.pos_cp == self.anchor_cp else None
        if here and here.start_cp <= self.pos_cp < here.end_cp:
            self.anchor_cp, self.pos_cp = here if forwards else reversed(here)
        elif forwards:
            self.pos_cp = self._word_end_after()
        else:
            self.pos_cp = self._word_start_before()

    def _word_end_after(self) -> int:
        """Return where the selection's moving end goes: a word on, or a word less when it shrinks."""
        word = self._positions.next_word(self.pos_cp)
        if word is None:
            return self._positions.length_cp
        if self.pos_cp < self.anchor_cp and word.start_cp <= self.pos_cp:
            following = self._positions.next_word(word.end_cp)
            return min(following.start_cp if following else word.end_cp, self.anchor_cp)
        return word.end_cp

    def _word_start_before(self) -> int:
        word = self._positions.previous_word(self.pos_cp)
        if word is None:
            return 0
        if self.pos_cp > self.anchor_cp and word.end_cp >= self.pos_cp:
            preceding = self._positions.previous_word(word.start_cp)
            return max(preceding.end_cp if preceding else word.start_cp, self.anchor_cp)
        return word.start_cp
