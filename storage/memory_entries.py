"""What is remembered: the words that are confirmed as mentions, as what, and where first; and what was brought in line.

Words are remembered under a label while more of their places are confirmed than rejected under it, in the documents
that are listed, not counting what a file brought along. Of several such labels that with the most confirmations counts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import delete, func, insert, select
from sqlalchemy import text as sql
from sqlalchemy.engine import Connection

from storage import tables as t
from storage.batches import batch_images
from storage.blocked import blocked_keys
from storage.codebook_reading import read_settings
from storage.entities import SPAN, chunks, fold, one_of
from storage.memory_words import is_worth_remembering, levelled
from storage.queries import is_listed
from storage.records import LabelKind, State

_SPAN = t.Span.__table__.c
_LABEL = t.Label.__table__.c
_DOCUMENT = t.Document.__table__.c
_REMEMBERED = t.RememberedWords.__table__.c

#: Beyond what was counted, this many places with this share of right ones are assumed: see docs/suggestions.md.
_PRIOR_PLACES, _PRIOR_SHARE = 2.0, 0.85

#: So many words are looked up one by one.
_MOST_LOOKED_UP = 50
_LAST_CHARACTER = chr(0x10FFFF)

#: Words rejected so often under a label and confirmed nowhere are proposed under it no more.
WORN_OUT_AT = 3


class Entry(NamedTuple):
    """As what words are remembered. `document_id`: where they were confirmed first."""

    label_id: int
    actor_id: int | None
    document_id: int


@dataclass(slots=True)
class Tally:
    """How words were decided on under one label."""

    confirmed: int = 0
    rejected: int = 0
    actors: set[int] = field(default_factory=set)
    first: tuple[str, int] = ("", 0)

    @property
    def score(self) -> float:
        """How likely the next place with these words is right, from what was decided so far."""
        right = self.confirmed + _PRIOR_PLACES * _PRIOR_SHARE
        return round(right / (self.confirmed + self.rejected + _PRIOR_PLACES), 3)


@dataclass(frozen=True, slots=True)
class Memory:
    """All remembered words, what became of them where they were decided on, and where they were confirmed first."""

    entries: Mapping[str, Entry]
    scores: Mapping[str, float]
    titles: Mapping[int, str]

    def reason(self, words: str, document_id: int) -> str:
        """Return why these words are suggested in a document."""
        there = self.entries[words].document_id
        return f"you confirmed these words in {'this text' if there == document_id else f'“{self.titles[there]}”'}"


def read_memory(connection: Connection, words: Collection[str] | None = None) -> Memory:
    """Return what is to be remembered, of these words or of all.

    Of all by one scan of the index of decided words: about 0.3 s for 200,000 decisions.
    """
    settings, _cue_kinds, is_on = read_settings(connection)
    off = {label_id for label_id, setting in settings.items() if not setting.is_remembered}
    tallies = _tallies(connection, words) if is_on else {}
    documents = _documents(connection, {tally.first[1] for of in tallies.values() for tally in of.values()})
    blocked = blocked_keys(connection) if tallies else frozenset()
    entries: dict[str, Entry] = {}
    scores: dict[str, float] = {}
    for each, of_label in tallies.items():
        known = {
            label_id: tally
            for label_id, tally in of_label.items()
            if tally.confirmed > tally.rejected and label_id not in off and (label_id, fold(each)) not in blocked
        }
        if not known:
            continue
        label_id, best = min(known.items(), key=lambda item: (item[1].rejected - item[1].confirmed, item[0]))
        if is_worth_remembering(each, documents[best.first[1]][1]):
            actor_id = next(iter(best.actors)) if len(best.actors) == 1 else None
            entries[each] = Entry(label_id, actor_id, best.first[1])
            scores[each] = best.score
    return Memory(entries, scores, {ident: title for ident, (title, _language) in documents.items()})


def stored_entries(connection: Connection, words: Collection[str] | None = None) -> dict[str, Entry]:
    """Return the words that were brought to all documents: of these, or all."""
    query = select(_REMEMBERED.words, *(_REMEMBERED[name] for name in Entry._fields))
    if words is not None:
        query = query.where(_REMEMBERED.words.in_(words))
    return {found: Entry(*rest) for found, *rest in connection.execute(query)}


def is_settled(connection: Connection, sets: Collection[int]) -> bool:
    """Whether these entries of the change log leave what is remembered as it is: nothing is to be done.

    Looks at the decisions on their words alone, whatever the size of the project. Where they concern many words that is
    not asked.
    """
    words = _words_of(connection, sets)
    if len(words) > _MOST_LOOKED_UP:
        return False
    return read_memory(connection, words).entries == stored_entries(connection, words)


def _words_of(connection: Connection, sets: Collection[int]) -> set[str]:
    """Return the words of the spans that were changed, as they were before, came to be, and are now."""
    change = t.Change
    query = select(change.row_id, change.before, change.after)
    query = query.where(change.set_id.in_(sets), change.entity == SPAN.name)
    words: set[str] = set()
    ids: list[int] = []
    for row_id, *images in connection.execute(query):
        if row_id is not None:
            ids.append(row_id)
        for image in images:
            for each in () if image is None else [image] if row_id is not None else batch_images(image):
                words.add(levelled(each.get("quote", "")))
    words.update(levelled(image["quote"]) for image in SPAN.read(connection, ids, ["quote"]).values())
    return {each for each in words if 0 < len(each) <= t.LONGEST_NAME_CP}


def store_entries(connection: Connection, due: Iterable[str], entries: Mapping[str, Entry]) -> None:
    """Note that these words were brought to all documents, or taken from them again."""
    words = list(due)
    for chunk in chunks_of(words):
        connection.execute(delete(t.RememberedWords).where(_REMEMBERED.words.in_(chunk)))
    rows = [{"words": each} | entries[each]._asdict() for each in words if each in entries]
    if rows:
        connection.execute(insert(t.RememberedWords), rows)


def worn_out(connection: Connection, words: Iterable[str]) -> frozenset[tuple[int, str]]:
    """Return label and words, of these, that were rejected again and again under it and are confirmed nowhere.

    Of mentions alone: a cue is rejected with each claim that is.
    """
    mentions = select(_LABEL.id).where(_LABEL.kind == LabelKind.ACTOR.value)
    found: set[tuple[int, str]] = set()
    for chunk in chunks_of(list(dict.fromkeys(words))):
        query = (
            select(_SPAN.label_id, _SPAN.quote)
            .where(sql(t.DECIDED_HERE), _SPAN.quote.in_(chunk), _SPAN.label_id.in_(mentions))
            .group_by(_SPAN.quote, _SPAN.label_id)
            .having(func.count() >= WORN_OUT_AT, func.sum(_SPAN.state == State.CONFIRMED.value) == 0)
        )
        found.update((row.label_id, row.quote) for row in connection.execute(query))
    return frozenset(found)


def chunks_of(words: Sequence[str], most: int = 900) -> Iterator[Sequence[str]]:
    """Yield words in portions that one statement can name."""
    return (words[start : start + most] for start in range(0, len(words), most))


def _tallies(connection: Connection, words: Collection[str] | None) -> dict[str, dict[int, Tally]]:
    """Return how words were decided on, by words and label."""
    unlisted = select(_DOCUMENT.id).where(~is_listed())
    mentions = set(connection.execute(select(_LABEL.id).where(_LABEL.kind == LabelKind.ACTOR.value)).scalars())
    columns = (_SPAN.quote, _SPAN.label_id, _SPAN.state, _SPAN.actor_id)
    query = (
        # Beside min(), SQLite takes the other columns from the row that has the least.
        select(*columns, func.count(), func.min(_SPAN.decided_at), _SPAN.document_id)
        .where(sql(t.DECIDED_HERE), _SPAN.document_id.not_in(unlisted))
        .group_by(*columns)
    )
    if words is None:
        rows = connection.execute(query).all()
    else:  # whatever white space parts them: all that begins with their first word
        firsts = {each.split(" ", 1)[0] for each in words}
        ranges = [(_SPAN.quote >= first) & (_SPAN.quote < first + _LAST_CHARACTER) for first in sorted(firsts)]
        rows = [row for within in ranges for row in connection.execute(query.where(within)).all()]
    found: dict[str, dict[int, Tally]] = {}
    for quote, label_id, state, actor_id, count, at, document_id in rows:
        if label_id not in mentions or (words is not None and levelled(quote) not in words):
            continue  # the label, among the conditions, would let SQLite choose another index
        tally = found.setdefault(levelled(quote), {}).setdefault(label_id, Tally())
        if state == State.REJECTED:
            tally.rejected += count
            continue
        tally.confirmed += count
        if actor_id is not None:
            tally.actors.add(actor_id)
        if not tally.first[0] or (at, document_id) < tally.first:
            tally.first = (at, document_id)
    return found


def _documents(connection: Connection, ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """Return title and language of documents; those of no document are empty."""
    found = {0: ("", "")}
    for chunk in chunks(ids):
        query = select(_DOCUMENT.id, _DOCUMENT.title, _DOCUMENT.language).where(one_of(_DOCUMENT.id, chunk))
        found |= {row.id: (row.title, row.language) for row in connection.execute(query)}
    return found
