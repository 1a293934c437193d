"""The names and nouns that the mention rules know, read from `nlp/data/actors.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


#: Shorter words in capitals are acronyms more often than names in a heading.
_SHORTEST_CAPITALS = 3


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Known names by their words, describing nouns by their lemma, and small sets of function words.

    `capitals_of` are known names as headings write them, `places` by language the words that make what follows a place.
    `speakers` are nouns that describe actors only where they speak. `bodies` are last words of names of organisations,
    `openings` first ones, `given` first names of persons; `forms_of_address` are titles that stand before nothing else.
    """

    names: Mapping[tuple[str, ...], str]
    capitals_of: Mapping[tuple[str, ...], str]
    heads: Mapping[str, tuple[str, ...]]
    speakers: Mapping[str, tuple[str, ...]]
    bodies: frozenset[str]
    given: frozenset[str]
    openings: frozenset[str]
    capitals: frozenset[str]
    things: frozenset[str]
    no_names: frozenset[str]
    titles: frozenset[str]
    forms_of_address: frozenset[str]
    place: frozenset[str]
    way: frozenset[str]
    motion: frozenset[str]
    visiting: frozenset[str]
    places: Mapping[str, frozenset[str]]
    longest: int

    def code(self, name: str) -> str | None:
        """Return the code of a known name, if it is one."""
        words = _tokens(name)
        return self.names.get(words) or self.capitals_of.get(words)


@lru_cache(maxsize=1)
def load_gazetteer() -> Gazetteer:
    """Read the word lists that are shipped with the program; the result is shared."""
    text = (resources.files("nlp") / "data" / "actors.toml").read_text(encoding="utf-8")
    return read_gazetteer(tomllib.loads(text))


def read_gazetteer(data: Mapping[str, Any]) -> Gazetteer:
    """Turn the tables of a word list file into look-ups."""
    names: dict[tuple[str, ...], str] = {}
    for kind, code in (
        ("organisation", "organisation"),
        ("capital", "state"),
        ("counterpart", "state"),
        ("state", "state"),
    ):
        names.update({_tokens(name): code for name in items(data["names"][kind])})
    forms_of_address = frozenset(items(data["titles"]["persons"]))
    roles = {name: frozenset(items(words)) for name, words in data["roles"].items()}
    return Gazetteer(
        names,
        {
            tuple(word.upper() for word in name): code
            for name, code in names.items()
            if len(name[0]) > _SHORTEST_CAPITALS
        },
        _by_word(data["descriptions"]),
        _by_word(data["speakers"]),
        frozenset(items(data["names"]["bodies"])),
        frozenset(items(data["names"]["given"])),
        frozenset(items(data["names"]["openings"])),
        frozenset(items(data["names"]["capital"])),
        frozenset(items(data["names"]["things"])),
        frozenset(items(data["names"]["no_names"])),
        frozenset(items(data["titles"]["words"])) | forms_of_address,
        forms_of_address,
        roles["place"],
        roles["way"],
        roles["motion"],
        roles["visiting"],
        {language: frozenset(items(words)) for language, words in data["places"].items()},
        max(len(name) for name in names),
    )


def _by_word(lists: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return for each word the codes in whose lists it stands."""
    found: dict[str, tuple[str, ...]] = {}
    for code, words in lists.items():
        for word in items(words):
            found[word] = (*found.get(word, ()), code)
    return found


def _tokens(name: str) -> tuple[str, ...]:
    """Split a name as spaCy does, the possessive apart."""
    return tuple(name.replace("’s", " ’s").replace("'s", " 's").split())


def items(words: str) -> list[str]:
    """Return the entries of a list whose entries end with semicolons."""
    return [" ".join(item.split()) for item in words.split(";") if item.strip()]
