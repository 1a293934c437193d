"""Who is meant by a short form, within one document: acronyms explained in brackets, surnames, first names.

A short form stands for a full name of the same document only if it fits exactly one: two people of one surname are
never merged.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import regex

from nlp.mentions.persons import core, folded, without_particles

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from nlp.mentions.records import Mention

_SMALL_WORDS = frozenset(
    {"of", "the", "and", "for", "in", "on", "de", "to", "du", "des", "la", "le", "von", "für", "&"}
)
_ACRONYM = r"[\p{Lu}][\p{Lu}\p{Ll}\d&./-]{0,8}[\p{Lu}\d](?:s(?=\W))?"
#: "Orsk Liberation Front (OLF)", "Orsk Liberation Front (hereafter “OLF”)", "Orsk Liberation Front, or OLF,".
_AFTER_NAME = regex.compile(
    rf"[”\"’']?\s*(?:\(\s*(?:(?:also |better )?(?:known as|called|hereafter|or|the)[\s,:]+)*"
    rf"[“\"'‘]?(?P<a>{_ACRONYM})[”\"'’]?\s*[);,]|,?\s+or\s+(?:the\s+)?(?P<a>{_ACRONYM}),)"
)
#: "OLF (Orsk Liberation Front)".
_FULL_NAME = regex.compile(r"\s*\(\s*(?:the\s+)?(?P<full>\p{Lu}[^()\d]{4,80}?)\s*[);]")
_BRACKETED = regex.compile(r"(?<!\s)\s*+\(\s*[“\"'‘]?(?P<a>\p{Lu}[\p{Lu}\d&-]{1,7})[”\"'’]?\s*[);,]")
_CAPITAL_WORDS = regex.compile(
    r"\p{Lu}[\w’'&-]*(?:\s+(?:(?:of|the|and|for|in|on|de|du|des|la|to|&)\s+)*\p{Lu}[\w’'&-]*)+$"
)
#: How far before its acronym a name may begin, in code points.
_NAME_REACH_CP = 120
_SHORTEST_PART = 2


class Identities:
    """The full names of one document and the short forms that stand for them."""

    def __init__(self, text: str, names: Iterable[Mention]) -> None:
        found = [item for item in names if item.is_name]
        self.acronyms: Mapping[str, str] = dict(_explained(text, found))
        self._acronyms_of: dict[str, set[str]] = defaultdict(set)
        for short, full in self.acronyms.items():
            self._acronyms_of[full].add(short)
        self._full_names: dict[str, str | None] = {}
        self._by_part: dict[str, set[str]] = defaultdict(set)
        for name in {" ".join(item.text.split()) for item in found if item.code == "person"}:
            parts = name.split()
            if " " in without_particles(name):
                for part in (parts[0], parts[-1]):
                    if len(part) >= _SHORTEST_PART:
                        self._by_part[core(part)].add(name)

    def full_name(self, words: str) -> str | None:
        """Return the full name that a short form stands for, or None where the words are no short form of one."""
        plain = " ".join(words.split())
        if plain not in self._full_names:  # names come again and again
            fitting = self._persons(plain)
            only = next(iter(fitting)) if len(fitting) == 1 and plain not in fitting else None
            self._full_names[plain] = self.acronyms.get(plain, only)
        return self._full_names[plain]

    def is_ambiguous(self, words: str) -> bool:
        """Tell whether several full names of the document have these words as a part."""
        return len(self._persons(" ".join(words.split()))) > 1

    def _persons(self, plain: str) -> set[str]:
        """Return the full names that a first name, a surname, or an initial and a surname are part of."""
        first, _, last = without_particles(plain).rpartition(" ")
        named = self._by_part.get(core(last), ())
        return _without_variants(name for name in named if not first or _is_short_for(first, name.split()[0]))

    def names_of(self, words: str) -> Iterator[str]:
        """Yield the words, then what else the document calls the same actor, the full name before acronyms."""
        plain = " ".join(words.split())
        yield plain
        full = self.full_name(plain)
        if full is not None:
            yield full
        yield from sorted(self._acronyms_of.get(full or plain, set()) - {plain})


def explained_names(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield where a name stands before its acronym in brackets as `(start_cp, end_cp, acronym)`; needs no pipeline.

    The initials of its words, small ones left out, are the letters of the acronym.
    """
    for match in _BRACKETED.finditer(text):
        first = max(match.start() - _NAME_REACH_CP, 0)
        name = _CAPITAL_WORDS.search(text[first : match.start()])
        if name is None:
            continue
        letters = match["a"].casefold()
        words = [item for item in regex.finditer(r"[\w’'&]+", name[0]) if item[0] not in _SMALL_WORDS][-len(letters) :]
        if "".join(word[0][0] for word in words).casefold() == letters:
            yield first + name.start() + words[0].start(), match.start(), match["a"]


def _explained(text: str, names: Iterable[Mention]) -> Iterator[tuple[str, str]]:
    """Yield acronyms with the names that they are explained by, in the order of the text, the last one first."""
    for item in reversed(list(names)):
        full = " ".join(item.text.split())
        after = _AFTER_NAME.match(text, pos=item.end_cp)
        if after is not None and (short := _fitting(after["a"], full)):
            yield short, full
        before = _FULL_NAME.match(text, pos=item.end_cp)
        if before is not None and " " not in full and full.isupper():
            explanation = " ".join(before["full"].split())
            if _fitting(full, explanation):
                yield full, explanation


def _fitting(short: str, full: str) -> str:
    """Return the acronym if it fits the name: its letters are the initials, or it begins like the name."""
    if " " not in full or short == full:
        return ""
    initials = "".join(word[0] for word in regex.split(r"[\s-]+", full) if word and word not in _SMALL_WORDS)
    plain = regex.sub(r"[^\p{L}\d]", "", short)
    capitals = sum(char.isupper() for char in short)
    begins_alike = capitals > 1 and plain[:1] == initials[:1]
    return short if plain.casefold() == initials.casefold() or begins_alike else ""


def _without_variants(names: Iterable[str]) -> set[str]:
    """Return the names without those that only shorten another one ("Mina Corvo" or "M. Corvo" for "Mina K. Corvo")."""
    kept: list[list[str]] = []
    for name in sorted(names, key=lambda name: (-len(name), name)):
        parts = name.split()
        if not any(core(parts[-1]) == core(other[-1]) and _is_short_for(parts[0], other[0]) for other in kept):
            kept.append(parts)
    return {" ".join(parts) for parts in kept}


def _is_short_for(first: str, other: str) -> bool:
    return folded(first) == folded(other) or (len(first.rstrip(".")) == 1 and other.startswith(first[0]))
