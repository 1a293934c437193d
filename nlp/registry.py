"""Find the actors of the project's registry in a text, and the registry's actor behind a mention."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import regex

from nlp.mentions.records import Mention
from nlp.suggestion import ACTOR_CODES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nlp.suggestion import KnownActor

_SCORE = 0.95
_SHORTEST_SURNAME = 3


@dataclass(frozen=True, slots=True)
class _Entry:
    actor_id: int
    code: str


class Registry:
    """Look-ups from names to the registry's actors; names that belong to several actors find none of them."""

    def __init__(self, actors: Iterable[KnownActor]) -> None:
        names: dict[str, set[_Entry]] = defaultdict(set)
        surnames: dict[str, set[_Entry]] = defaultdict(set)
        for actor in actors:
            entry = _Entry(actor.actor_id, actor.code)
            for name in (actor.name, *actor.aliases):
                plain = " ".join(name.split())
                if not plain:
                    continue
                names[plain].add(entry)
                surname = plain.rpartition(" ")[2]
                if actor.code == "person" and surname != plain and len(surname) >= _SHORTEST_SURNAME:
                    surnames[surname].add(entry)
        self._names = _unambiguous(names)
        self._surnames = {name: entry for name, entry in _unambiguous(surnames).items() if name not in names}

    def mentions_in(self, text: str) -> Iterator[Mention]:
        """Yield every place where a registry name or alias stands as a whole word, exactly as written."""
        if not self._names:
            return
        pattern = regex.compile(r"(?<!\w)(?:\L<names>)(?!\w)", names=sorted(self._names))
        for match in pattern.finditer(text):
            code = self._names[match[0]].code
            if code in ACTOR_CODES:
                yield Mention(match.start(), match.end(), code, match[0], _SCORE, reason="in the registry")

    def actor_id(self, mention: Mention) -> int | None:
        """Return the actor that a mention's words name, by name, alias or (for persons) surname; or None."""
        words = " ".join(mention.text.split())
        entry = self._names.get(words)
        if entry is None and mention.code == "person" and mention.is_name:
            entry = self._surnames.get(words) or self._by_last_word(words)
        return entry.actor_id if entry is not None else None

    def _by_last_word(self, words: str) -> _Entry | None:
        """Return the actor known by surname alone whose name the mention gives in full."""
        first, _, surname = words.rpartition(" ")
        return self._names.get(surname) if first else None


def _unambiguous(names: dict[str, set[_Entry]]) -> dict[str, _Entry]:
    return {name: next(iter(entries)) for name, entries in names.items() if len(entries) == 1}
