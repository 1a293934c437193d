"""Which words are worth remembering as a mention, and where remembered words stand in a text.

Pure: no database. Words are compared exactly, case included, whatever white space parts them: a name is not the common
noun that it is made of.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from importlib import resources
from typing import NamedTuple

import regex

from storage.search_words import literal_pattern, token_places, tokens_of
from storage.tables import LONGEST_NAME_CP
from storage.text import snap

_FEWEST_LETTERS = 2
_DEFAULT_LANGUAGE = "en"
#: Joined by a hyphen, words are part of a longer one: "Brandt-Koss" is not Brandt.
_NOT_AFTER_HYPHEN, _NOT_BEFORE_HYPHEN = r"(?<!\w[-‐‑])", r"(?![-‐‑]\w)"


class Found(NamedTuple):
    """Where remembered words stand."""

    words: str
    start_cp: int
    end_cp: int


def levelled(words: str) -> str:
    """Return words with each run of white space as one blank: the form in which they are remembered."""
    return " ".join(words.split())


def is_worth_remembering(words: str, language: str = _DEFAULT_LANGUAGE) -> bool:
    """Whether words say enough to be looked for elsewhere: no single letters, numbers, pronouns, function words."""
    letters = sum(character.isalpha() for character in words)
    if letters < _FEWEST_LETTERS or len(words) > LONGEST_NAME_CP:
        return False
    return not all(_is_function_word(token, language) or not _has_letter(token) for token in tokens_of(words))


def is_name(words: str, language: str = _DEFAULT_LANGUAGE) -> bool:
    """Whether words are a name rather than a description: but for function words, each begins with no small letter."""
    tokens = [token for token in tokens_of(words) if not _is_function_word(token, language)]
    return is_worth_remembering(words, language) and not any(token[0].islower() for token in tokens)


class WordFinder:
    """Finds any of many words in texts: whole words, the longest at each place, none overlapping.

    Each word of a text is looked up once, whatever number of words is sought: about 0.5 s for a million characters.
    """

    def __init__(self, words: Iterable[str]) -> None:
        by_first: defaultdict[str, list[str]] = defaultdict(list)
        for each in words:
            first = next(iter(token_places(each)), None)
            if first is not None:
                by_first[each[first[0] : first[1]]].append(each)
        self._by_first = {first: sorted(group, key=len, reverse=True) for first, group in by_first.items()}

    def find(self, text: str) -> Iterator[Found]:
        """Yield the places, in order; none of them begins or ends within a grapheme."""
        last_cp = 0
        by_first = self._by_first
        if not by_first:
            return
        for start_cp, end_cp in token_places(text):
            if start_cp >= last_cp and (group := by_first.get(text[start_cp:end_cp])):
                found = _longest(group, text, start_cp, last_cp)
                if found is not None:
                    last_cp = found.end_cp
                    yield found


def _longest(group: list[str], text: str, token_cp: int, least_cp: int) -> Found | None:
    for words in group:
        lead, pattern = _pattern(words)
        start_cp = token_cp - lead
        match = pattern.match(text, start_cp) if start_cp >= least_cp else None
        if match is not None and snap(text, *match.span()) == match.span():
            return Found(words, *match.span())
    return None


@lru_cache(maxsize=20_000)
def _pattern(words: str) -> tuple[int, regex.Pattern[str]]:
    """Return how far into words their first token begins, and the pattern of the words."""
    lead = next(iter(token_places(words)))[0]
    return lead, regex.compile(f"{_NOT_AFTER_HYPHEN}{literal_pattern(words)}{_NOT_BEFORE_HYPHEN}")


def _is_function_word(token: str, language: str) -> bool:
    """Whether a word of a text only serves others; in capitals it is taken for an abbreviation ("US", "IT")."""
    is_abbreviation = len(token) > 1 and token.isupper()
    return not is_abbreviation and token.casefold() in _function_words().get(_base(language), frozenset())


def _base(language: str) -> str:
    return language.replace("_", "-").partition("-")[0].lower() or _DEFAULT_LANGUAGE


def _has_letter(token: str) -> bool:
    return any(character.isalpha() for character in token)


@cache
def _function_words() -> dict[str, frozenset[str]]:
    data = tomllib.loads(resources.files("storage").joinpath("function_words.toml").read_text("utf-8"))
    return {language: frozenset(words.split()) for language, words in data.items()}
