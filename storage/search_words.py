"""Patterns of words: what counts as a word, which letters are the same, and where a word begins and ends.

They compare as SQLite's unicode61 does, which makes the index: case and the accents of Latin letters do not count.
Scripts that are written without blanks (Chinese, Japanese, Thai, ...) have no words to index: each of their
characters counts as a word, and a run of them as a phrase.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import regex

_SOLID = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
#: What FTS5's unicode61 takes for parts of words, and the marks that it may drop.
_WORD = r"\p{L}\p{N}\p{Co}\p{M}"
_SOLID_CHARACTER = regex.compile(f"[{_SOLID}]")
_TOKEN = regex.compile(f"[{_SOLID}]|[{_WORD}--[{_SOLID}]]+", regex.V1)
_PLAIN_TOKEN = re.compile("[A-Za-z0-9]+")
_LETTER = regex.compile(r"[\p{L}\p{N}\p{Co}]")
_BEFORE = f"(?<![{_WORD}--[{_SOLID}]])"
_AFTER = f"(?![{_WORD}--[{_SOLID}]])"
_REST_OF_WORD = f"[{_WORD}--[{_SOLID}]]*+"
#: What may stand between the words of a phrase: white space, punctuation, quotation marks.
_BETWEEN = r"[^\p{L}\p{N}\p{Co}]{0,12}+"
_ACCENTS = r"[\u0300-\u036f]*+"
#: Letters that are others with accents, accents by themselves, and letters that stand for two.
_ACCENTED = re.compile("[\u00c0-\u024f\u0300-\u036f\u1e00-\u1eff\u2126\u212a\u212b\ufb00-\ufb06]")


@dataclass(frozen=True, slots=True)
class WordPattern:
    """A pattern in two forms: `full` knows accents; `plain` is right where a text has none, and six times as fast."""

    full: regex.Pattern[str]
    plain: regex.Pattern[str] | None = None

    @classmethod
    def of(cls, sources: Sequence[tuple[str, str | None]]) -> WordPattern:
        """Return the pattern of any of these sources, full and plain each; the longest that fits wins."""
        ordered = sorted(set(sources), key=lambda source: len(source[0]), reverse=True)
        plain = [source for _, source in ordered if source is not None]
        return cls(
            regex.compile("|".join(f"(?:{full})" for full, _ in ordered), regex.V1),
            regex.compile("|".join(f"(?:{source})" for source in plain), regex.V1 | regex.IGNORECASE)
            if len(plain) == len(ordered)
            else None,
        )

    def fit(self, text: str) -> regex.Pattern[str]:
        """Return the form for a text. About 3 ms a million characters."""
        if self.plain is None or not (text.isascii() or _ACCENTED.search(text) is None):
            return self.full
        return self.plain


def spaced(text: str) -> str:
    """Return a text as the index takes it: a blank around each character of a script without blanks."""
    if text.isascii() or _SOLID_CHARACTER.search(text) is None:
        return text
    return _SOLID_CHARACTER.sub(r" \g<0> ", text)


def tokens_of(text: str) -> list[str]:
    """Return what counts as words; marks that stand alone do not."""
    return [token for token in _TOKEN.findall(text) if _LETTER.search(token)]


def token_places(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each word of a text begins and ends, in order; marks that stand alone are among them.

    About 0.2 s for a million characters, a third of that where they are plain.
    """
    pattern = _PLAIN_TOKEN if text.isascii() else _TOKEN
    return (match.span() for match in pattern.finditer(text))


def literal_pattern(text: str) -> str:
    """Return the pattern of exactly these words, whatever white space parts them, not within longer words."""
    words = text.split()
    source = r"\s+".join(regex.escape(word, special_only=True) for word in words)
    before = r"(?<!\w)" if _is_word_edge(words[0][0]) else ""
    after = r"(?!\w)" if _is_word_edge(words[-1][-1]) else ""
    return f"{before}{source}{after}"


def _is_word_edge(character: str) -> bool:
    return (character.isalnum() or character == "_") and _SOLID_CHARACTER.match(character) is None


def phrase_pattern(tokens: Sequence[str], *, is_prefix: bool, is_exact: bool) -> tuple[str, str | None]:
    """Return the pattern of whole words in a row, the last of them perhaps only begun, full and plain.

    `is_exact`: case and accents count; there is no plain form then.
    """
    has_end = is_prefix and _SOLID_CHARACTER.match(tokens[-1]) is None
    sources = []
    for letter_pattern in (_exact_letter,) if is_exact else (_any_letter, _plain_letter):
        parts = [_token_pattern(token, letter_pattern) for token in tokens]
        if has_end:
            parts[-1] = parts[-1].removesuffix(_AFTER) + _REST_OF_WORD
        sources.append(_BETWEEN.join(parts))
    return sources[0], None if is_exact else sources[1]


def _token_pattern(token: str, letter_pattern: Callable[[str], str]) -> str:
    if _SOLID_CHARACTER.match(token):
        return regex.escape(token)
    return f"{_BEFORE}{''.join(map(letter_pattern, unicodedata.normalize('NFC', token)))}{_AFTER}"


def _exact_letter(letter: str) -> str:
    return regex.escape(letter)


def _plain_letter(letter: str) -> str:
    """Return a letter without accents; the pattern ignores case."""
    base = unicodedata.normalize("NFD", letter)[0].lower()
    if "a" <= base <= "z":
        return base
    return "" if "\u0300" <= letter <= "\u036f" else regex.escape(letter)


def _any_letter(letter: str) -> str:
    """Return what stands for a letter: its cases and, if it is a Latin one, it with accents.

    Spelt out, since ignoring case makes the library eight times slower with sets.
    """
    base = unicodedata.normalize("NFD", letter)[0].lower()
    if "a" <= base <= "z":
        return f"[{base}{base.upper()}{_variants().get(base, '')}]{_ACCENTS}"
    if "\u0300" <= letter <= "\u036f":
        return ""
    cases = {form for form in (letter, letter.lower(), letter.upper(), letter.title()) if len(form) == 1}
    if "Σ" in cases:
        cases |= {"σ", "ς"}
    return f"[{''.join(sorted(cases))}]" if len(cases) > 1 else regex.escape(letter)


@cache
def _variants() -> dict[str, str]:
    """Return for each letter from a to z the Latin letters that are it with accents, as unicode61 folds them."""
    found: dict[str, str] = {}
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        letter = chr(code)
        base = unicodedata.normalize("NFD", letter)[0].lower()
        if "a" <= base <= "z":
            found[base] = found.get(base, "") + letter
    return found
