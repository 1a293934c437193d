"""Moving one edge of a span by words, characters or phrases. Pure."""

from __future__ import annotations

from typing import Literal

from gui.document.positions import Positions
from storage.records import Fragment

Edge = Literal["start", "end"]
Unit = Literal["word", "char", "phrase"]


def resized(
    positions: Positions, fragments: tuple[Fragment, ...], edge: Edge, step: int, unit: Unit
) -> tuple[Fragment, ...] | None:
    """Return the fragments with the outer start or end moved by `step` words, characters or phrases.

    Positive steps go towards the end of the text. `None` when nothing would change or be left.
    """
    pos_cp = fragments[0].start_cp if edge == "start" else fragments[-1].end_cp
    if unit == "phrase":
        for _ in range(abs(step)):
            pos_cp = _phrase_edge(positions, pos_cp, edge, forwards=step > 0, low_cp=fragments[0].start_cp)
        return with_edge(positions, fragments, edge, pos_cp)
    move = _word_edge if unit == "word" else _char_edge
    for _ in range(abs(step)):
        moved_cp = move(positions, pos_cp, edge, forwards=step > 0)
        if moved_cp is None:
            break
        pos_cp = moved_cp
    return with_edge(positions, fragments, edge, pos_cp)


def with_edge(
    positions: Positions, fragments: tuple[Fragment, ...], edge: Edge, pos_cp: int
) -> tuple[Fragment, ...] | None:
    """Return the fragments with one outer edge put at `pos_cp`; the fragment at that edge must survive."""
    first, last = fragments[0], fragments[-1]
    if edge == "start":
        trimmed = positions.trimmed(pos_cp, first.end_cp) if pos_cp < first.end_cp else None
        changed = (trimmed, *fragments[1:]) if trimmed else None
    else:
        trimmed = positions.trimmed(last.start_cp, pos_cp) if pos_cp > last.start_cp else None
        changed = (*fragments[:-1], trimmed) if trimmed else None
    return changed if changed != fragments else None


def _word_edge(positions: Positions, pos_cp: int, edge: Edge, *, forwards: bool) -> int | None:
    """Return the next word's edge of the same sort: starts for starts, ends for ends."""
    if edge == "end":
        if forwards:
            word = positions.next_word(pos_cp)
            return word.end_cp if word else None
        word = positions.previous_word(pos_cp)
        while word and word.end_cp >= pos_cp:
            word = positions.previous_word(word.start_cp)
        return word.end_cp if word else None
    if not forwards:
        word = positions.previous_word(pos_cp)
        return word.start_cp if word else None
    word = positions.next_word(pos_cp)
    while word and word.start_cp <= pos_cp:
        word = positions.next_word(word.end_cp)
    return word.start_cp if word else None


def _phrase_edge(positions: Positions, pos_cp: int, edge: Edge, *, forwards: bool, low_cp: int) -> int:
    """Return the next phrase's edge of the same sort."""
    from gui.document import phrases  # loads `regex`, see gui.document.patterns

    if edge == "start":
        return phrases.next_start(positions, pos_cp) if forwards else phrases.previous_start(positions, pos_cp)
    go = phrases.next_end if forwards else phrases.previous_end
    return go(positions, pos_cp, low_cp=low_cp)


def _char_edge(positions: Positions, pos_cp: int, edge: Edge, *, forwards: bool) -> int | None:
    """Return the next grapheme edge with a visible character on the span's side of it."""
    text = positions.text
    while True:
        moved_cp = positions.next_grapheme(pos_cp) if forwards else positions.previous_grapheme(pos_cp)
        if moved_cp == pos_cp:
            return None
        pos_cp = moved_cp
        inside = text[pos_cp - 1 : pos_cp] if edge == "end" else text[pos_cp : pos_cp + 1]
        if not inside or not inside.isspace():
            return pos_cp
