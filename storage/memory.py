"""Memory: words that people confirmed as mentions are suggested wherever else they stand, at once, without training.

Nothing is kept but what the project holds anyway: what is to be remembered follows from the decisions that stand, and
`recall` brings the suggestions of the suggester "memory" in line with it, in all documents whose words are concerned.
So whatever happened before (an undo, a crash, an import, a switch) ends in the same suggestions. See
`docs/suggestions.md` for the rules.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from sqlalchemy import delete, func, insert, select
from sqlalchemy.engine import Connection

from storage import tables as t
from storage.entities import LINK, SPAN, Image, chunks, one_of
from storage.memory_entries import Memory, chunks_of, is_settled, read_memory, store_entries, stored_entries
from storage.memory_plan import Plan, Wanted, first_of, plan_document, portions
from storage.memory_take import TAKEN, retract
from storage.memory_words import WordFinder
from storage.project import ChangeScope, Project
from storage.queries import is_listed
from storage.records import Changes, Origin, State
from storage.search_index import candidates
from storage.search_query import SearchQuery, needle_of
from storage.standing import MEMORY, MEMORY_VERSION
from storage.suggesting import run_for

#: The operation under which memory changes suggestions.
REMEMBERING = "remember"

#: What one transaction takes on, so that decisions get in between.
_PORTION_CP, _MOST_DOCUMENTS = 64_000, 8
#: How many suggestions one transaction changes: they are stored in 20 ms, and shown by the window in about as much.
_MOST_AT_ONCE = 250
#: How often a portion is planned anew, since something was written meanwhile, before it is planned while nothing can.
_ATTEMPTS = 3
#: How many words one question to the index names.
_WORDS_AT_ONCE = 100

#: What is written of one document without a word of the others.
_IN_DOCUMENTS = (SPAN.name, LINK.name)

_DOCUMENT = t.Document.__table__.c
_RUN = t.SuggesterRun.__table__.c
_READ = t.DocumentRun.__table__.c

Proceed = Callable[[int, int], bool]


@dataclass(slots=True)
class Recalled:
    """What was done: suggestions added (or taken over), by their words, and taken away. `is_whole`: all of it."""

    added: dict[str, int] = field(default_factory=dict)
    dropped: int = 0
    changed: set[int] = field(default_factory=set)
    is_whole: bool = True

    @property
    def documents(self) -> int:
        """In how many documents."""
        return len(self.changed)


@dataclass(frozen=True, slots=True)
class _Work:
    """What there is to do: words to bring or to take, and documents that are to be read as a whole."""

    memory: Memory
    due: frozenset[str]
    unread: frozenset[int]
    documents: Sequence[tuple[int, int]]


def recall(
    project: Project,
    *,
    sets: Collection[int] | None = None,
    first: int | None = None,
    proceed: Proceed = lambda _done, _total: True,
    announce: Callable[[Changes], None] = lambda _changes: None,
) -> Recalled:
    """Bring the suggestions of memory in line with what is confirmed.

    With `sets`, entries of the change log, only where these may have changed what is remembered: to find that they did
    not, as most decisions, takes some milliseconds whatever the size of the project.

    Works through the documents in the order of the list, the one on screen (`first`) ahead, in short transactions,
    each told by `announce`. `proceed` is told how many documents of how many are done, and ends the work by returning
    `False`; what is left is done the next time. Not an entry for undo. May run in any thread.

    Raises:
        StorageFullError: the disk refuses; what is done so far stays.
        StaleEditError: the project was closed.
    """
    done = Recalled()
    if sets is not None:
        with project.reading() as connection:
            if is_settled(connection, sets):
                return done
    work = _work(project, first)
    if not work.due and not work.unread:
        return done
    finder, due = WordFinder(work.memory.entries), WordFinder(work.due)
    count = 0
    for portion in portions(work.documents, _PORTION_CP, _MOST_DOCUMENTS):
        parts = _visit(project, portion, work, finder, due, done)
        while (is_wanted := proceed(count, len(work.documents))) and (changes := next(parts, None)) is not None:
            announce(changes)
        if not is_wanted:
            done.is_whole = False
            return done
        count += len(portion)
    with project.change(REMEMBERING, is_undoable=False) as scope:
        store_entries(scope.connection, sorted(work.due), work.memory.entries)
        run_id = run_for(scope, MEMORY, MEMORY_VERSION, "")
        _note_read(scope, run_id, work.unread)
        if work.due:
            unlisted = select(_DOCUMENT.id).where(~is_listed())
            scope.connection.execute(
                delete(t.DocumentRun).where(_READ.run_id == run_id, _READ.document_id.in_(unlisted))
            )
    return done


# -- what there is to do ----------------------------------------------------------------------------------------------


def _work(project: Project, first: int | None) -> _Work:
    with project.reading() as connection:
        memory, stored = read_memory(connection), stored_entries(connection)
        unread = _unread(connection)
    entries = memory.entries
    due = frozenset(words for words in entries.keys() | stored.keys() if entries.get(words) != stored.get(words))
    documents = _documents_with(project, due)
    if stored:  # without, there is nothing that a document could lack but what is due
        documents |= unread
    ordered = sorted(documents.items(), key=lambda item: item[0] != first)
    return _Work(memory, due, frozenset(unread), [(ident, length_cp) for ident, length_cp in ordered])


def _unread(connection: Connection) -> dict[int, int]:
    """Return the documents, with their length, that memory has not read since others last proposed something there."""
    read = select(_READ.document_id).join(t.SuggesterRun, _RUN.id == _READ.run_id)
    read = read.where(_RUN.suggester == MEMORY, _RUN.version == MEMORY_VERSION)
    query = select(_DOCUMENT.id, _DOCUMENT.length_cp).where(is_listed(), _DOCUMENT.id.not_in(read))
    rows = connection.execute(query.order_by(_DOCUMENT.position, _DOCUMENT.id))
    return {row.id: row.length_cp for row in rows}


def _documents_with(project: Project, words: Collection[str]) -> dict[int, int]:
    """Return the documents, with their length, in which any of these words may stand, by the full-text index."""
    questions = [needle.match for each in words if (needle := needle_of(SearchQuery(each, is_literal=True)))]
    if None in questions:
        return {row[0]: row[2] for row in candidates(project, None)}
    asked = sorted(question for question in questions if question is not None)
    found: dict[int, int] = {}
    for portion in chunks_of(asked, _WORDS_AT_ONCE):
        found |= {row[0]: row[2] for row in candidates(project, " OR ".join(portion))}
    return found


# -- doing it ---------------------------------------------------------------------------------------------------------


def _visit(
    project: Project, ids: Sequence[int], work: _Work, finder: WordFinder, due: WordFinder, done: Recalled
) -> Iterator[Changes]:
    """Bring some documents in line, in short transactions: planned while others may write, done if nobody wrote there.

    What was written there meanwhile makes the plan void, but not what was done of it.
    """
    read = work.unread.intersection(ids)
    (seen, plans), missed = _planned(project, ids, work, finder, due), 0
    while plans or read:
        with project.change(REMEMBERING, is_undoable=False) as scope:
            is_outdated = _is_outdated(scope.connection, seen, ids)
            if is_outdated and missed + 1 >= _ATTEMPTS:
                is_outdated, plans = False, _plans(scope.connection, ids, work, finder, due)
            if not is_outdated:
                part, plans = first_of(plans, _MOST_AT_ONCE)
                run_id = run_for(scope, MEMORY, MEMORY_VERSION, "")
                for plan in part:
                    _carry_out(scope, plan, work.memory, run_id, done)
                if not plans:
                    _note_read(scope, run_id, read)
                    read = frozenset()
        if is_outdated:
            missed += 1
            seen, plans = _planned(project, ids, work, finder, due)
        else:
            missed, seen = 0, scope.changes.set_id or seen
            yield scope.changes


def _planned(
    project: Project, ids: Sequence[int], work: _Work, finder: WordFinder, due: WordFinder
) -> tuple[int, list[Plan]]:
    """Return the plans for some documents, and the last entry of the change log that they know of."""
    with project.reading() as connection:
        return _last_set(connection), _plans(connection, ids, work, finder, due)


def _plans(connection: Connection, ids: Sequence[int], work: _Work, finder: WordFinder, due: WordFinder) -> list[Plan]:
    """Return the plans of those of these documents in which something is to change."""
    texts = t.DocumentText.__table__.c
    listed = select(_DOCUMENT.id).where(is_listed())
    query = select(texts.document_id, texts.text).where(one_of(texts.document_id, ids), texts.document_id.in_(listed))
    plans = [
        plan_document(connection, row.document_id, row.text, work.memory, finder)
        for row in connection.execute(query).all()
        if row.document_id in work.unread or next(due.find(row.text), None) is not None
    ]
    return [plan for plan in plans if not plan.is_empty]


def _carry_out(scope: ChangeScope, plan: Plan, memory: Memory, run_id: int, done: Recalled) -> None:
    retract(scope, plan.drop)
    taken = {span_id: _values(plan, wanted, memory, run_id) for span_id, wanted in plan.take.items()}
    scope.journal.update_many(SPAN, {span_id: {n: image[n] for n in TAKEN} for span_id, image in taken.items()})
    first = scope.journal.reserve(SPAN, len(plan.add)) if plan.add else 0
    common: Image = {
        "document_id": plan.document_id,
        "state": State.SUGGESTED.value,
        "origin": Origin.SUGGESTER.value,
        "analyst_id": None,
        "note": "",
        "is_flagged": False,
        "created_at": scope.at,
        "decided_at": None,
        "fields": {},
    }
    rows = [
        SPAN.row({"id": first + n} | common | _values(plan, wanted, memory, run_id) | _placed(plan, wanted))
        for n, wanted in enumerate(plan.add)
    ]
    scope.journal.insert_rows(SPAN, rows)
    for wanted in (*plan.add, *plan.take.values()):
        done.added[wanted.words] = done.added.get(wanted.words, 0) + 1
    done.dropped += len(plan.drop)
    done.changed.add(plan.document_id)


def _values(plan: Plan, wanted: Wanted, memory: Memory, run_id: int) -> Image:
    entry = memory.entries[wanted.words]
    return {
        "label_id": entry.label_id,
        "actor_id": entry.actor_id,
        "run_id": run_id,
        "score": memory.scores[wanted.words],
        "reason": memory.reason(wanted.words, plan.document_id),
    }


def _placed(plan: Plan, wanted: Wanted) -> Image:
    ((start_cp, end_cp),) = wanted.place
    quote = plan.text[start_cp:end_cp]
    return {"fragments": [[start_cp, end_cp]], "start_cp": start_cp, "end_cp": end_cp, "quote": quote}


def _last_set(connection: Connection) -> int:
    """Return the last entry of the change log."""
    return connection.execute(select(func.max(t.ChangeSet.id))).scalar() or 0


def _is_outdated(connection: Connection, seen: int, ids: Sequence[int]) -> bool:
    """Whether what was done since may concern these documents: a span of theirs, or anything that is none's."""
    change, entry = t.Change, t.ChangeSet
    here = select(t.Span.id).where(one_of(t.Span.__table__.c.document_id, ids))
    query = (
        select(change.id)
        .join(entry, entry.id == change.set_id)
        .where(
            change.set_id > seen,
            entry.document_id.is_(None) | entry.document_id.in_(ids),
            change.entity.not_in(_IN_DOCUMENTS)
            | change.row_id.is_(None)
            | change.after.is_(None)
            | change.row_id.in_(here),
        )
        .limit(1)
    )
    return connection.execute(query).first() is not None


def _note_read(scope: ChangeScope, run_id: int, document_ids: Iterable[int]) -> None:
    ids = sorted(document_ids)
    for chunk in chunks(ids):
        scope.connection.execute(delete(t.DocumentRun).where(_READ.run_id == run_id, _READ.document_id.in_(chunk)))
    if ids:
        rows = [{"document_id": ident, "run_id": run_id, "finished_at": scope.at} for ident in ids]
        scope.connection.execute(insert(t.DocumentRun), rows)
