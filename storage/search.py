"""Finding words in the texts of a project: each hit with its context, and the span that stands on it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Integer, func, select
from sqlalchemy.engine import Connection

from storage import tables as t
from storage.engine import compact_json
from storage.entities import one_of
from storage.errors import RefusedInputError
from storage.project import Project
from storage.records import Fragment, State
from storage.search_index import candidates
from storage.search_query import Needle
from storage.text import quote_of, snap

#: Nobody decides on more hits at once.
MOST_HITS = 5_000
#: What stands beside a hit in a list, in code points at either side.
CONTEXT_CP = 60

#: A pattern that takes longer than this for one text backtracks without end.
_TIMEOUT_S = 2.0
#: How much text is read at once: little at first, since the first documents may bring all hits that a list takes.
_FIRST_PORTION_CP, _PORTION_CP = 64_000, 1_000_000
_MOST_IN_PORTION = 500

_SPAN = t.Span.__table__.c

#: Told how many of how many documents are read; `False` ends the search.
Proceed = Callable[[int, int], bool]
#: A stretch of a document: its id, start and end in code points.
Place = tuple[int, int, int]


class Mark(NamedTuple):
    """A span that stands exactly on a hit."""

    span_id: int
    label_id: int
    state: State


class Hit(NamedTuple):
    """A place that was found, as a line of a concordance. `fragments` are one but for spans that have several."""

    document_id: int
    title: str
    fragments: tuple[Fragment, ...]
    left: str
    words: str
    right: str
    mark: Mark | None = None

    @property
    def start_cp(self) -> int:
        """Where it begins."""
        return self.fragments[0].start_cp

    @property
    def end_cp(self) -> int:
        """Where it ends."""
        return self.fragments[-1].end_cp

    @property
    def place(self) -> Place:
        """Where it stands."""
        return self.document_id, self.start_cp, self.end_cp


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found. `is_capped`: there may be more; `is_stopped`: not all documents were read."""

    hits: tuple[Hit, ...] = ()
    documents: int = 0
    is_capped: bool = False
    is_stopped: bool = False


def find(
    project: Project,
    needle: Needle,
    *,
    document_id: int | None = None,
    most: int = MOST_HITS,
    proceed: Proceed = lambda _done, _total: True,
) -> Found:
    """Return the hits in one document or in all, in the order of the list and of the text, with what stands on them.

    Hits have whole graphemes and no white space at their ends; they do not overlap. Texts are read a million
    characters at a time, so memory does not grow with the project. May run in any thread.

    Raises:
        RefusedInputError: the pattern takes too long on some text.
    """
    hits: list[Hit] = []
    documents = candidates(project, needle.match, document_id)
    is_stopped = False
    for done, (ident, title, text) in enumerate(_texts(project, documents)):
        if not proceed(done, len(documents)):
            is_stopped = True
            break
        hits += _hits_in(ident, title, text, needle, most - len(hits))
        if len(hits) >= most:
            break
    marked = with_marks(project, hits)
    return Found(tuple(marked), len({hit.document_id for hit in marked}), len(hits) >= most, is_stopped)


def hits_at(project: Project, document_id: int, ranges: Iterable[tuple[int, int]], most: int = MOST_HITS) -> Found:
    """Return these ranges of one document as hits, as many as a list takes."""
    hits: list[Hit] = []
    for ident, title, text in _texts(project, candidates(project, None, document_id)):
        for start_cp, end_cp in ranges:
            fragment = snap(text, start_cp, end_cp)
            if fragment is not None:
                hits.append(hit_of(ident, title, text, (fragment,)))
            if len(hits) >= most:
                break
    marked = with_marks(project, hits)
    return Found(tuple(marked), 1 if marked else 0, len(hits) >= most)


def hit_of(document_id: int, title: str, text: str, fragments: tuple[Fragment, ...], mark: Mark | None = None) -> Hit:
    """Return a line of a concordance."""
    start_cp, end_cp = fragments[0].start_cp, fragments[-1].end_cp
    left = text[max(0, start_cp - CONTEXT_CP) : start_cp]
    return Hit(document_id, title, fragments, left, quote_of(text, fragments), text[end_cp : end_cp + CONTEXT_CP], mark)


def with_marks(project: Project, hits: Sequence[Hit]) -> list[Hit]:
    """Return the hits with the spans that stand on them now."""
    with project.reading() as connection:
        marks = marks_at(connection, [hit.place for hit in hits])
    return [hit if hit.mark == mark else hit._replace(mark=mark) for hit, mark in zip(hits, marks, strict=True)]


def marks_at(connection: Connection, places: Sequence[Place]) -> list[Mark | None]:
    """Return for each place the span of one fragment on it: a confirmed one first, a rejected one last.

    One statement for all, about 5 µs a place.
    """
    wanted = func.json_each(compact_json(places)).table_valued("key", "value")
    parts = [func.json_extract(wanted.c.value, f"$[{n}]", type_=Integer) for n in range(3)]
    pieces = select(func.count()).where(t.Fragment.span_id == _SPAN.id).scalar_subquery()
    rows = connection.execute(
        select(wanted.c.key, _SPAN.id, _SPAN.label_id, _SPAN.state).where(
            _SPAN.document_id == parts[0], _SPAN.start_cp == parts[1], _SPAN.end_cp == parts[2], pieces == 1
        )
    )
    order = {State.CONFIRMED: 0, State.SUGGESTED: 1, State.REJECTED: 2}
    marks: list[Mark | None] = [None] * len(places)
    for at, span_id, label_id, state in rows:
        mark, there = Mark(span_id, label_id, State(state)), marks[at]
        if there is None or (order[mark.state], mark.span_id) < (order[there.state], there.span_id):
            marks[at] = mark
    return marks


def texts_of(project: Project, document_ids: Collection[int]) -> Iterator[tuple[int, str, str]]:
    """Yield id, title and text of those of these documents that are listed, in the order of the list."""
    wanted = set(document_ids)
    return _texts(project, [row for row in candidates(project, None) if row[0] in wanted])


def _texts(project: Project, documents: Sequence[tuple[int, str, int]]) -> Iterator[tuple[int, str, str]]:
    """Yield id, title and text, reading a portion at a time; a document that is gone meanwhile is left out."""
    text = t.DocumentText.__table__.c
    for portion in _portions(documents):
        with project.reading() as connection:
            query = select(text.document_id, text.text).where(one_of(text.document_id, [row[0] for row in portion]))
            texts = {row.document_id: row.text for row in connection.execute(query)}
        for ident, title, _ in portion:
            if ident in texts:
                yield ident, title, texts[ident]


def _portions(documents: Sequence[tuple[int, str, int]]) -> Iterator[list[tuple[int, str, int]]]:
    portion: list[tuple[int, str, int]] = []
    size_cp, most_cp = 0, _FIRST_PORTION_CP
    for row in documents:
        if portion and (size_cp + row[2] > most_cp or len(portion) == _MOST_IN_PORTION):
            yield portion
            portion, size_cp, most_cp = [], 0, min(2 * most_cp, _PORTION_CP)
        portion.append(row)
        size_cp += row[2]
    if portion:
        yield portion


def _hits_in(document_id: int, title: str, text: str, needle: Needle, most: int) -> list[Hit]:
    hits: list[Hit] = []
    last_cp = 0
    try:
        for start_cp, end_cp in needle.hits_in(text, _TIMEOUT_S):
            fragment = snap(text, start_cp, end_cp)
            if fragment is None or fragment.start_cp < last_cp:
                continue
            last_cp = fragment.end_cp
            hits.append(hit_of(document_id, title, text, (fragment,)))
            if len(hits) >= most:
                break
    except TimeoutError as error:
        raise RefusedInputError(f"This pattern takes too long in “{title}”; make it simpler.") from error
    return hits
