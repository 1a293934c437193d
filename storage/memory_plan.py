"""What memory is to change in one document: where remembered words are to be suggested, and where no more.

The plan follows from the text, the remembered words and what stands in the document. Planned outside a transaction, it
holds as long as nothing was written since.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy.engine import Connection

from storage.memory_entries import Memory
from storage.memory_words import WordFinder
from storage.records import LabelKind, State
from storage.standing import MEMORY, Place, Standing, Twins, closed_test, has_memory, standing_spans

_ACTOR = LabelKind.ACTOR.value


class Wanted(NamedTuple):
    """A suggestion as memory makes it."""

    place: Place
    words: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be added, which spans are to become memory's suggestion, and which of memory's are to go."""

    document_id: int
    text: str
    add: list[Wanted] = field(default_factory=list)
    take: dict[int, Wanted] = field(default_factory=dict)
    drop: list[int] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether the document is as it should be."""
        return not self.size

    @property
    def size(self) -> int:
        """How many spans it changes."""
        return len(self.add) + len(self.take) + len(self.drop)

    def cut(self, most: int) -> tuple[Plan, Plan]:
        """Return the first `most` changes, and the rest: what goes goes ahead of what comes."""
        takes, dropped = list(self.take.items()), len(self.drop)
        taken = max(most - dropped, 0)
        added = max(taken - len(takes), 0)
        return (
            Plan(self.document_id, self.text, self.add[:added], dict(takes[:taken]), self.drop[:most]),
            Plan(self.document_id, self.text, self.add[added:], dict(takes[taken:]), self.drop[most:]),
        )


def first_of(plans: Sequence[Plan], most: int) -> tuple[list[Plan], list[Plan]]:
    """Return plans of at most so many changes altogether, and those of the rest."""
    first: list[Plan] = []
    for number, plan in enumerate(plans):
        part, rest = plan.cut(most)
        if not part.is_empty:
            first.append(part)
        most -= part.size
        if not rest.is_empty:
            return first, [rest, *plans[number + 1 :]]
    return first, []


def plan_document(connection: Connection, document_id: int, text: str, memory: Memory, finder: WordFinder) -> Plan:
    """Return what memory has to change in a document.

    Remembered words are suggested where no span of a mention touches them. Undecided suggestions of others on exactly
    these words give way if they have another label, or lack the actor that is known; what a person decided, ever
    touched, rejected there, or declared complete is left alone.
    """
    plan = Plan(document_id, text)
    places = list(finder.find(text))
    if not places and not has_memory(connection, document_id):
        return plan
    spans = standing_spans(connection, document_id)
    own = {span.id: span for span in spans if _is_own(span)}
    twins, fixed = Twins(connection, document_id, spans), _Fixed(spans, own)
    is_closed = closed_test(connection, document_id)
    kept: set[int] = set()
    for words, *place in places:
        wanted = Wanted(((place[0], place[1]),), words)
        entry = memory.entries[words]
        twin = twins.find(entry.label_id, _ACTOR, wanted.place) or fixed.suggestion_at(wanted.place)
        if twin is not None and twin.id in own:
            if not fixed.touches(wanted.place):
                kept.add(twin.id)
                is_stale = (twin.label_id, twin.actor_id, twin.reason) != _as_stored(memory, wanted, document_id)
                if is_stale and not twin.is_touched:
                    plan.take[twin.id] = wanted
        elif is_closed(wanted.place):
            continue
        elif twin is None:
            if not fixed.touches(wanted.place):
                plan.add.append(wanted)
        elif _may_be_taken(twin, wanted.place, entry.label_id, entry.actor_id):
            plan.take[twin.id] = wanted
    plan.drop.extend(sorted(own.keys() - kept))
    return plan


def _as_stored(memory: Memory, wanted: Wanted, document_id: int) -> tuple[int, int | None, str]:
    entry = memory.entries[wanted.words]
    return entry.label_id, entry.actor_id, memory.reason(wanted.words, document_id)


def _is_own(span: Standing) -> bool:
    return span.state == State.SUGGESTED and span.suggester == MEMORY and span.kind == _ACTOR


def _may_be_taken(span: Standing, place: Place, label_id: int, actor_id: int | None) -> bool:
    """Whether a suggestion of another suggester is to become memory's: what people confirmed says more than it does."""
    if span.state != State.SUGGESTED or span.is_touched or span.place != place:
        return False
    return span.is_hidden or span.label_id != label_id or (span.actor_id is None and actor_id is not None)


class _Fixed:
    """The mentions by place, but for memory's own suggestions and rejected ones; those hidden touch nothing."""

    def __init__(self, spans: Sequence[Standing], own: Iterable[int]) -> None:
        others = set(own)
        fixed = [s for s in spans if s.kind == _ACTOR and s.state != State.REJECTED and s.id not in others]
        self._suggested = {span.place: span for span in fixed if span.state == State.SUGGESTED}
        self._spans = sorted((span.place[0][0], span.place[-1][1]) for span in fixed if not span.is_hidden)
        self._starts = [start for start, _ in self._spans]
        self._reach: list[int] = []
        for _, end in self._spans:
            self._reach.append(max(end, self._reach[-1] if self._reach else 0))

    def suggestion_at(self, place: Place) -> Standing | None:
        """Return the undecided suggestion of another suggester on exactly this place, whatever its label."""
        return self._suggested.get(place)

    def touches(self, place: Place) -> bool:
        """Whether one of them shares a character with a place; O(log n)."""
        before = bisect_left(self._starts, place[-1][1])
        return before > 0 and self._reach[before - 1] > place[0][0]


def portions(documents: Sequence[tuple[int, int]], most_cp: int, most: int) -> Iterator[list[int]]:
    """Cut documents (id, length) into portions of so much text and so many documents; a longer one stands alone."""
    portion: list[int] = []
    size_cp = 0
    for document_id, length_cp in documents:
        if portion and (size_cp + length_cp > most_cp or len(portion) == most):
            yield portion
            portion, size_cp = [], 0
        portion.append(document_id)
        size_cp += length_cp
    if portion:
        yield portion
