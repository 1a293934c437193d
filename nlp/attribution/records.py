"""The plain result of the attribution rules: who says what, as ranges of the text. Standard library only."""

from __future__ import annotations

from dataclasses import dataclass, replace

from nlp.suggestion import Range

#: The pattern of a quotation that is proposed without a cue.
QUOTATION = "quotation"


@dataclass(frozen=True, slots=True)
class Attribution:
    """One claim with its cue and its literal source; all ranges are code points.

    `source` is what the sentence offers as its holder, which may be a pronoun or empty (a passive without
    an agent); which actor it stands for is decided later. `source_head_cp` is where its head word begins.
    `sense` is the kind of cue (speech, belief, intention, ...), `pattern` the rule that found it.
    """

    content: tuple[Range, ...]
    source: tuple[Range, ...] = ()
    cue: tuple[Range, ...] = ()
    score: float = 0.5
    sense: str = "speech"
    pattern: str = ""
    cue_lemma: str = ""
    source_head_cp: int = -1

    def moved(self, by_cp: int) -> Attribution:
        """Return the same attribution with every range moved by `by_cp`."""
        return replace(
            self,
            content=_moved(self.content, by_cp),
            source=_moved(self.source, by_cp),
            cue=_moved(self.cue, by_cp),
            source_head_cp=self.source_head_cp + by_cp if self.source else -1,
        )


def _moved(ranges: tuple[Range, ...], by_cp: int) -> tuple[Range, ...]:
    return tuple(Range(start + by_cp, end + by_cp) for start, end in ranges)


@dataclass(frozen=True, slots=True)
class Frame:
    """One possible reading of a cue: the pattern's name, the content's tokens, the cue's extra tokens."""

    pattern: str
    content: tuple[int, ...]
    cue: tuple[int, ...] = ()
    is_sourced: bool = True
