"""Find as you type: how well a name answers to a few typed letters."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable

T = TypeVar("T")


def fold(text: str) -> str:
    """Return `text` with case and accents levelled: "Müller" answers to "muller"."""
    if text.isascii():
        return text.lower()
    split = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in split if not unicodedata.combining(character))


def rank(needles: list[str], name: str) -> int | None:
    """Return how well a folded name answers to folded words, 0 being best; `None` if it does not.

    Each word counts by where it stands: at the beginning of the name, of a word, anywhere, or only letter by
    letter ("sgn" finds "suggestion").
    """
    total = 0
    for needle in needles:
        at = name.find(needle)
        if at < 0:
            if len(needle) < 2 or not _has_letters(needle, name):
                return None
            total += 20
        elif at > 0:
            begins_word = not name[at - 1].isalnum() or f" {needle}" in name
            total += 1 if begins_word else 3
    return total


def _has_letters(needle: str, name: str) -> bool:
    """Whether the letters of `needle` come in `name` in their order, the first at the beginning of a word."""
    at = 0 if name.startswith(needle[0]) else name.find(f" {needle[0]}")
    for letter in needle:
        at = name.find(letter, at) + 1 if at >= 0 else 0
        if at == 0:
            return False
    return True


def best(query: str, names: Iterable[tuple[str, T]], most: int) -> list[T]:
    """Return at most `most` things whose folded name answers to the query, best first, else in their order."""
    needles = fold(query).split()
    ranked = []
    for order, (name, thing) in enumerate(names):
        place = rank(needles, name)
        if place is not None:
            ranked.append((place, order, thing))
    ranked.sort(key=lambda row: row[:2])
    return [thing for _place, _order, thing in ranked[:most]]
