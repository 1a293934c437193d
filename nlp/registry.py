"""Find the actors of the project's registry in a text, and the registry's actor behind a mention."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import regex

from nlp.mentions.document import LONGEST_NAME_CP
from nlp.mentions.gazetteer import load_gazetteer
from nlp.mentions.persons import core, folded, without_particles
from nlp.mentions.records import Mention
from nlp.suggestion import ACTOR_CODES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nlp.mentions import Identities
    from nlp.suggestion import KnownActor

_SCORE = 0.95
_SHORTEST_SURNAME = 2
#: Scripts that put no blanks between words: beside such a character a word may begin and end anywhere.
_UNSPACED = r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]"
_BEGIN = rf"(?:(?<!\w)|(?<={_UNSPACED})|(?={_UNSPACED}))"
_END = rf"(?:(?!\w)|(?={_UNSPACED})|(?<={_UNSPACED}))"
_APOSTROPHES = str.maketrans("’‘ʼ", "'''")


@dataclass(frozen=True, slots=True)
class _Entry:
    actor_id: int
    code: str


class Registry:
    """Look-ups from names to the registry's actors; names that belong to several actors find none of them."""

    def __init__(self, actors: Iterable[KnownActor]) -> None:
        written: dict[str, set[_Entry]] = defaultdict(set)
        names: dict[str, set[_Entry]] = defaultdict(set)
        persons: dict[str, set[_Entry]] = defaultdict(set)
        ends: dict[str, set[_Entry]] = defaultdict(set)
        surnames: dict[str, set[_Entry]] = defaultdict(set)
        for actor in actors:
            entry = _Entry(actor.actor_id, actor.code)
            for name in (actor.name, *actor.aliases):
                plain = " ".join(name.split())
                if not plain or len(plain) > LONGEST_NAME_CP:
                    continue
                bare = _without_titles(plain) if actor.code == "person" else plain
                written[bare if " " in bare else plain].add(entry)
                names[_key(plain)].add(entry)
                if actor.code != "person":
                    continue
                persons[folded(bare)].add(entry)
                surname = bare.rpartition(" ")[2]
                if surname != plain:
                    names[_key(bare)].add(entry)
                    ends[_ends(bare)].add(entry)
                    if len(surname) >= _SHORTEST_SURNAME:
                        surnames[core(surname)].add(entry)
        self._written = _unambiguous(written)
        self._names = _unambiguous(names)
        self._persons = _unambiguous(persons)
        self._ends = _unambiguous(ends)
        self._surnames = {name: entry for name, entry in _unambiguous(surnames).items() if name not in persons}

    def mentions_in(self, text: str) -> Iterator[Mention]:
        """Yield every place where a registry name or alias stands as a whole word, exactly as written."""
        if not self._written:
            return
        pattern = regex.compile(rf"{_BEGIN}(?:\L<names>){_END}", names=sorted(self._written))
        for match in pattern.finditer(text):
            code = self._written[match[0]].code
            if code in ACTOR_CODES:
                yield Mention(match.start(), match.end(), code, match[0], _SCORE, reason="in the registry")

    def actor_id(self, mention: Mention, identities: Identities | None = None) -> int | None:
        """Return the actor that a mention names: by name, alias, acronym, title and name or surname; or None.

        What the document itself tells comes first: a surname is the person that the document names in full, and
        none where it names two of that surname.
        """
        names = list(identities.names_of(mention.text)) if identities is not None else [" ".join(mention.text.split())]
        for name in names:
            entry = self._names.get(_key(name))
            if entry is not None:
                return entry.actor_id
        if mention.code != "person" or not mention.is_name:
            return None
        entry = self._person(names, is_ambiguous=identities is not None and identities.is_ambiguous(mention.text))
        return entry.actor_id if entry is not None else None

    def _person(self, names: list[str], *, is_ambiguous: bool) -> _Entry | None:
        """Return the person whom a name, or what the document has for it, is another form of."""
        for name in names:
            entry = self._persons.get(folded(name))
            if entry is not None:
                return entry
        if len(names) > 1:
            # The document says who is meant, and that is nobody of the registry by name: only by a fuller name.
            return self._by_ends(names[1])
        if is_ambiguous:
            return None
        surname = without_particles(names[0])
        return (self._surnames.get(core(surname)) if " " not in surname else None) or self._by_ends(names[0])

    def _by_ends(self, name: str) -> _Entry | None:
        """Return the person with these first and last names, or the one known by this surname alone."""
        first, _, surname = name.rpartition(" ")
        if not first:
            return None
        return self._ends.get(_ends(name)) or self._persons.get(folded(surname))


def _key(name: str) -> str:
    """Return a name as it is compared: composed, with one kind of apostrophe; case counts."""
    return unicodedata.normalize("NFC", name).translate(_APOSTROPHES)


def _ends(name: str) -> str:
    parts = folded(name).split()
    return f"{parts[0]} {core(parts[-1])}"


def _without_titles(name: str) -> str:
    titles = load_gazetteer().titles
    words = name.split()
    while len(words) > 1 and words[0] in titles:
        words.pop(0)
    return " ".join(words)


def _unambiguous(names: dict[str, set[_Entry]]) -> dict[str, _Entry]:
    return {name: next(iter(entries)) for name, entries in names.items() if len(entries) == 1}
