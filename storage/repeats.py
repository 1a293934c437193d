"""Finding what repeats: paragraphs that stand word for word in many documents are rarely anybody's claims."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from math import ceil

from sqlalchemy import Integer, func, select
from sqlalchemy.engine import Connection

from storage import tables as t
from storage.engine import compact_json
from storage.project import Project
from storage.records import State
from storage.search import Hit, Place, Proceed, hit_of, texts_of
from storage.search_index import candidates
from storage.search_query import SearchQuery, needle_of
from storage.stretch_queries import excluded_in
from storage.stretches import paragraphs, touches_any

#: A paragraph is offered that stands in so many documents, or, in a small project, in this share of them.
_LEAST_DOCUMENTS, _LEAST_SHARE = 5, 0.2
#: Counters of the first look at the texts, one byte each: so many paragraphs may differ before some share one.
_COUNTERS = 1 << 24
#: How many places one statement looks at.
_PORTION = 5_000
#: The index is asked for so much of a paragraph.
_ASKED_CP = 400

_SPAN = t.Span.__table__.c


@dataclass(frozen=True, slots=True)
class Repeat:
    """A paragraph that repeats: its words, where it stands, in how many documents, and how many labels stand in it."""

    words: str
    places: tuple[Place, ...]
    documents: int
    labelled: int = 0


@dataclass(frozen=True, slots=True)
class Repeats:
    """What repeats in a project of so many documents, the most frequent first."""

    found: tuple[Repeat, ...] = ()
    documents: int = 0
    is_stopped: bool = False


def least_documents(documents: int) -> int:
    """Return in how many of so many documents a paragraph must stand to count as repeated: 5, or 20 %, never 1."""
    return max(2, min(_LEAST_DOCUMENTS, ceil(documents * _LEAST_SHARE)))


def repeated_paragraphs(project: Project, *, proceed: Proceed = lambda _done, _total: True) -> Repeats:
    """Return the paragraphs that repeat word for word and are not excluded yet.

    Reads all texts twice: memory grows with what repeats, not with the project. May run in any thread.
    """
    listed = [ident for ident, _, _ in candidates(project, None)]
    total = 2 * len(listed)
    least = least_documents(len(listed))
    counters = bytearray(_COUNTERS)
    for done, (_, _, text) in enumerate(texts_of(project, listed)):
        if not proceed(done, total):
            return Repeats(documents=len(listed), is_stopped=True)
        for at in {hash(line.strip()) % _COUNTERS for line in text.splitlines()}:
            counters[at] = min(counters[at] + 1, least)
    places: defaultdict[str, list[Place]] = defaultdict(list)
    for done, (ident, _, text) in enumerate(texts_of(project, listed), len(listed)):
        if not proceed(done, total):
            return Repeats(documents=len(listed), is_stopped=True)
        for start, end in paragraphs(text):
            words = text[start:end]
            if counters[hash(words) % _COUNTERS] >= least:
                places[words].append((ident, start, end))
    return Repeats(tuple(_sorted_out(project, places, least)), len(listed))


def same_paragraphs(project: Project, words: str, *, proceed: Proceed = lambda _done, _total: True) -> tuple[Hit, ...]:
    """Return the paragraphs with exactly these words that are not excluded yet, in reading order."""
    documents = candidates(project, _match(words))
    hits: list[Hit] = []
    for done, (ident, title, text) in enumerate(texts_of(project, [ident for ident, _, _ in documents])):
        if not proceed(done, len(documents)):
            break
        if words in text:
            hits += [hit_of(ident, title, text, (p,)) for p in paragraphs(text) if text[p.start_cp : p.end_cp] == words]
    is_free = _free_test(project, {hit.document_id for hit in hits})
    return tuple(hit for hit in hits if is_free(hit.place))


def _match(words: str) -> str | None:
    """Return what the index is asked for: the first words of a long paragraph, cut where a word ends."""
    head = words if len(words) <= _ASKED_CP else words[:_ASKED_CP].rpartition(" ")[0]
    needle = needle_of(SearchQuery(head, is_literal=True, is_case_sensitive=True))
    return needle.match if needle is not None else None


def _sorted_out(project: Project, places: dict[str, list[Place]], least: int) -> list[Repeat]:
    """Return what repeats in truth (counters are shared) without what is excluded already, the most frequent first."""
    is_free = _free_test(project, {place[0] for found in places.values() for place in found})
    repeats = []
    with project.reading() as connection:
        for words, found in places.items():
            count = len({place[0] for place in found})
            free = tuple(place for place in found if is_free(place))
            if count >= least and free:
                repeats.append(Repeat(words, free, len({place[0] for place in free}), _labelled(connection, free)))
    return sorted(repeats, key=lambda repeat: (-repeat.documents, -len(repeat.words), repeat.words))


def _free_test(project: Project, document_ids: Collection[int]) -> Callable[[Place], bool]:
    with project.reading() as connection:
        excluded = excluded_in(connection, document_ids)
    return lambda place: not touches_any(excluded.get(place[0], ()), place[1], place[2])


def _labelled(connection: Connection, places: Sequence[Place]) -> int:
    """Return how many confirmed spans begin in these places."""
    count = 0
    for first in range(0, len(places), _PORTION):
        wanted = func.json_each(compact_json(places[first : first + _PORTION])).table_valued("value")
        document, start, end = (func.json_extract(wanted.c.value, f"$[{n}]", type_=Integer) for n in range(3))
        query = (
            select(func.count())
            .select_from(wanted)
            .join(t.Span.__table__, (_SPAN.document_id == document) & _SPAN.start_cp.between(start, end - 1))
            .where(_SPAN.state == State.CONFIRMED.value)
        )
        count += int(connection.execute(query).scalar_one())
    return count
