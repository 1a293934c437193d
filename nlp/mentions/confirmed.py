"""Find the words that an analyst confirmed as mentions anywhere in the project. Needs no pipeline."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import regex

from nlp.mentions.records import Mention

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

REASON = "confirmed elsewhere"
_SCORE = 0.93
#: Scripts that put no blanks between words: there each character counts as a word.
_UNSPACED = r"\p{Han}\p{Hiragana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_TOKEN = regex.compile(rf"[{_UNSPACED}]\p{{M}}*|(?:(?![{_UNSPACED}])[\w\p{{M}}])+|[^\w\s]")
_HYPHENS = frozenset("-‐‑")

_Words = tuple[str, ...]


def confirmed_mentions(text: str, confirmed: Iterable[tuple[str, str]]) -> Iterator[Mention]:
    """Yield where confirmed words stand as whole words, the longest at each place, in the order of the text.

    `confirmed` are `(code, words)`; of words that were confirmed under several codes the first counts. Case is as
    confirmed, but that a description ("the officials") may begin a sentence. Line breaks are like blanks. O(n).
    """
    table = _table(confirmed)
    if not table:
        return
    taken_until = 0
    for token in _TOKEN.finditer(text):
        start = token.start()
        if start < taken_until or token[0] not in table:
            continue
        for words, code in table[token[0]]:
            end = _end_of(text, start, words)
            if end is not None and not _is_joined(text, start, end):
                taken_until = end
                is_name = any(word[0].isupper() for word in words)
                plural = code == "group"
                yield Mention(
                    start, end, code, text[start:end], _SCORE, is_name=is_name, is_plural=plural, reason=REASON
                )
                break


def _end_of(text: str, start: int, words: _Words) -> int | None:
    """Return where the words end that begin at `start`, or None where others stand there."""
    at = start
    for word in words:
        while text[at : at + 1].isspace():
            at += 1
        token = _TOKEN.match(text, at)
        if token is None or token[0] != word:
            return None
        at = int(token.end())
    return at


def _table(confirmed: Iterable[tuple[str, str]]) -> dict[str, list[tuple[_Words, str]]]:
    """Return the confirmed words by their first one, the longest first."""
    codes: dict[_Words, str] = {}
    for code, phrase in confirmed:
        words = tuple(_TOKEN.findall(phrase))
        if not any(word.isalnum() for word in words):
            continue
        codes.setdefault(words, code)
        if not any(char.isupper() for char in phrase):
            codes.setdefault((words[0].capitalize(), *words[1:]), code)
    table: dict[str, list[tuple[_Words, str]]] = defaultdict(list)
    for words in sorted(codes, key=len, reverse=True):
        table[words[0]].append((words, codes[words]))
    return dict(table)


def _is_joined(text: str, start: int, end: int) -> bool:
    """Tell whether a hyphen makes the words a part of another one ("Orsk-backed", "pro-Orsk")."""
    before, after = text[max(start - 2, 0) : start], text[end : end + 2]
    return (before[-1:] in _HYPHENS and before[:1].isalnum()) or (after[:1] in _HYPHENS and after[1:].isalnum())
