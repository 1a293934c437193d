"""The reads of the registry: who is in it, how often each is mentioned, and which mentions belong to nobody yet."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Integer, Select, func, literal_column, select
from sqlalchemy.engine import Connection

from storage import tables as t
from storage.collecting import collector_paused
from storage.entities import chunks, fold, one_of
from storage.errors import StaleEditError
from storage.project import Project
from storage.queries import is_listed
from storage.records import ActorRecord, LabelKind, State
from storage.registry_names import NameIndex
from storage.registry_records import ActorEntry, MentionCount, MentionLine, MentionPlaces, RegistrySurvey, WordGroup

_T = TypeVar("_T")

#: How much of the text a line shows on either side of a mention.
CONTEXT_CP = 90
#: The code of the label whose actors go by their surnames too.
_PERSON = "person"

#: How many words one statement names; see `entities.chunks`.
_CHUNK = 500

_ACTOR = t.Actor.__table__.c
_ALIAS = t.ActorAlias.__table__.c
_SPAN = t.Span.__table__.c
_DOCUMENT = t.Document.__table__.c


def actor_entries(project: Project, actor_ids: Iterable[int] | None = None) -> list[ActorEntry]:
    """Return the registry, or those of these actors that exist, by id. About 25 ms for 20,000."""
    actors = select(_ACTOR.id, _ACTOR.name, _ACTOR.label_id)
    aliases = select(_ALIAS.actor_id, _ALIAS.alias).order_by(_ALIAS.actor_id, _ALIAS.alias)
    with collector_paused(), project.reading() as connection:
        if actor_ids is None:
            rows = connection.execute(actors.order_by(_ACTOR.id)).all()
            named = connection.execute(aliases).all()
        else:
            wanted = list(chunks(sorted(set(actor_ids))))
            rows = [row for ids in wanted for row in connection.execute(actors.where(one_of(_ACTOR.id, ids)))]
            named = [row for ids in wanted for row in connection.execute(aliases.where(one_of(_ALIAS.actor_id, ids)))]
        also: dict[int, list[str]] = {}
        for actor_id, alias in named:
            also.setdefault(actor_id, []).append(alias)
        return [ActorEntry(ident, name, label_id, tuple(also.get(ident, ()))) for ident, name, label_id in rows]


def actor_record(project: Project, actor_id: int) -> ActorRecord | None:
    """Return all that the registry holds of an actor; `None` if it is gone."""
    with project.reading() as connection:
        row = connection.execute(
            select(_ACTOR.id, _ACTOR.name, _ACTOR.label_id, _ACTOR.notes).where(_ACTOR.id == actor_id)
        ).one_or_none()
        aliases = connection.execute(select(_ALIAS.alias).where(_ALIAS.actor_id == actor_id).order_by(_ALIAS.alias))
        return None if row is None else ActorRecord(*row, aliases=tuple(aliases.scalars()))


def survey_registry(project: Project) -> RegistrySurvey:
    """Return the mention counts of all actors, and the mentions without an actor by their words.

    The groups come in three parts: those with one candidate, with several, with none; the largest of each first.
    About 0.2 s for 200,000 mentions of 20,000 actors, so not on the window's thread.
    """
    with collector_paused(), project.reading() as connection:
        labels = connection.execute(select(t.Label.id, t.Label.code).where(t.Label.kind == LabelKind.ACTOR.value)).all()
        counts = connection.execute(counting_query()).all()
        words = connection.execute(words_query([label.id for label in labels])).all()
    with collector_paused():
        names = NameIndex(actor_entries(project), {label.id for label in labels if label.code == _PERSON})
        found = {actor_id: MentionCount(mentions, documents) for actor_id, mentions, documents in counts}
        return RegistrySurvey(found, tuple(_groups(words, names)))


def mentions_by_actor(project: Project, actor_id: int) -> MentionPlaces:
    """Return the mentions of an actor that nobody rejected."""
    query = _places().where(_SPAN.actor_id == actor_id, _SPAN.state != State.REJECTED.value)
    with project.reading() as connection:
        return _in_order(connection.execute(query).all())


def unlinked_mentions(project: Project, forms: Iterable[str]) -> MentionPlaces:
    """Return the mentions without an actor that say exactly one of these words."""
    with project.reading() as connection:
        return _in_order(_unlinked_rows(connection, forms))


def proposed_links(project: Project) -> dict[int, int]:
    """Return every mention without an actor that says a name of one actor alone, with this actor.

    Takes seconds for 50,000 of them: not for the window's thread.
    """
    groups = [group for group in survey_registry(project).groups if len(group.candidates) == 1]
    actor_of = {form: group.candidates[0] for group in groups for form in group.forms}
    with project.reading() as connection:
        return {row.id: actor_of[row.quote] for row in _unlinked_rows(connection, actor_of)}


def mention_lines(project: Project, span_ids: Sequence[int]) -> dict[int, MentionLine]:
    """Return those of these mentions that exist, each with the text around it.

    Reads the text of each document once; made for the few dozen lines that are on screen.
    """
    columns = (
        _SPAN.id,
        _SPAN.document_id,
        _SPAN.start_cp,
        _SPAN.end_cp,
        _SPAN.quote,
        _SPAN.label_id,
        _SPAN.state,
        _SPAN.actor_id,
        _DOCUMENT.title,
    )
    query = select(*columns).join(t.Document, _DOCUMENT.id == _SPAN.document_id)
    text = select(t.DocumentText.text)
    lines: dict[int, MentionLine] = {}
    with project.reading() as connection:
        rows = [row for ids in chunks(span_ids) for row in connection.execute(query.where(one_of(_SPAN.id, ids)))]
        for document_id in {row.document_id for row in rows}:
            whole = connection.execute(text.where(t.DocumentText.document_id == document_id)).scalar()
            if whole is None:
                raise StaleEditError("This document is no longer in the project.")
            lines |= {row.id: _line(row, whole) for row in rows if row.document_id == document_id}
    return lines


def counting_query() -> Select[Any]:
    """Return the query for actor, mentions, documents; answered from `ix_span_actor` alone."""
    return (
        select(_SPAN.actor_id, func.count(), func.count(_SPAN.document_id.distinct()))
        .where(
            _SPAN.actor_id.is_not(None),
            _SPAN.state != State.REJECTED.value,
            _SPAN.document_id.not_in(_hidden()),
        )
        .group_by(_SPAN.actor_id)
    )


def words_query(label_ids: Collection[int]) -> Select[Any]:
    """Return the query for words, label, state, count of unlinked mentions; from `ix_span_unlinked` alone."""
    return (
        select(_SPAN.quote, _SPAN.label_id, _SPAN.state, func.count())
        .where(*_is_unlinked(label_ids), _SPAN.document_id.not_in(_hidden()))
        .group_by(_SPAN.quote, _SPAN.label_id, _SPAN.state)
    )


def unlinked_query(label_ids: Collection[int], words: Sequence[str]) -> Select[Any]:
    """Return the query for the places of unlinked mentions that say one of these words; looks `words` up."""
    return _places().where(*_is_unlinked(label_ids), _SPAN.quote.in_(words))


def _hidden() -> Select[Any]:
    """Return the documents that are staged or removed: their mentions are no part of the project."""
    return select(_DOCUMENT.id).where(~is_listed())


def _is_unlinked(label_ids: Collection[int]) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of `ix_span_unlinked`.

    SQLite uses it only if its length stands there as a literal, and prefers the index of labels, which is no help,
    unless a plus keeps it away (https://www.sqlite.org/optoverview.html, section 11).
    """
    return (
        _SPAN.actor_id.is_(None),
        func.length(_SPAN.quote) <= literal_column(str(t.LONGEST_NAME_CP)),
        literal_column("+span.label_id", Integer).in_(label_ids),
        _SPAN.state != State.REJECTED.value,
    )


def _unlinked_rows(connection: Connection, forms: Iterable[str]) -> list[Any]:
    ordered = list(dict.fromkeys(forms))
    portions = [ordered[start : start + _CHUNK] for start in range(0, len(ordered), _CHUNK)]
    labels = connection.execute(select(t.Label.id).where(t.Label.kind == LabelKind.ACTOR.value)).scalars().all()
    return [row for words in portions for row in connection.execute(unlinked_query(labels, words)).all()]


def _places() -> Select[Any]:
    """Return the query for where mentions stand, in documents that are part of the project."""
    return (
        select(_DOCUMENT.position, _SPAN.document_id, _SPAN.start_cp, _SPAN.id, _SPAN.quote)
        .join(t.Document, _DOCUMENT.id == _SPAN.document_id)
        .where(is_listed())
    )


def _in_order(places: Iterable[Any]) -> MentionPlaces:
    with collector_paused():
        ordered = sorted(tuple(place) for place in places)
    return MentionPlaces([place[3] for place in ordered], len({place[1] for place in ordered}))


def _groups(rows: Iterable[Any], names: NameIndex) -> list[WordGroup]:
    """Group (words, label, state, count) by folded words; every group's words and type are its most frequent."""
    forms: dict[str, dict[str, int]] = {}
    labels: dict[str, dict[int, int]] = {}
    undecided: dict[str, int] = {}
    for quote, label_id, state, count in rows:
        folded = fold(quote)
        written, types = forms.setdefault(folded, {}), labels.setdefault(folded, {})
        written[quote] = written.get(quote, 0) + count
        types[label_id] = types.get(label_id, 0) + count
        if state == State.SUGGESTED:
            undecided[folded] = undecided.get(folded, 0) + count
    groups = [
        WordGroup(
            _most_frequent(written),
            tuple(written),
            _most_frequent(labels[folded]),
            sum(written.values()),
            undecided.get(folded, 0),
            names.actors_called(folded),
        )
        for folded, written in forms.items()
    ]
    part = {0: 2, 1: 0}
    groups.sort(key=lambda group: (part.get(len(group.candidates), 1), -group.mentions, group.words))
    return groups


def _most_frequent(counts: dict[_T, int]) -> _T:
    return next(iter(counts)) if len(counts) == 1 else max(counts, key=counts.__getitem__)


def _line(row: Any, text: str) -> MentionLine:  # noqa: ANN401  (a row of the driver)
    left, right = text[max(row.start_cp - CONTEXT_CP, 0) : row.start_cp], text[row.end_cp : row.end_cp + CONTEXT_CP]
    return MentionLine(
        row.id,
        row.document_id,
        row.title,
        _levelled(left),
        _levelled(row.quote),
        _levelled(right),
        row.label_id,
        State(row.state),
        row.actor_id,
    )


def _levelled(text: str) -> str:
    """Return `text` on one line, keeping a blank at either end."""
    inner = " ".join(text.split())
    return f"{' ' * text[:1].isspace()}{inner}{' ' * (bool(inner) and text[-1:].isspace())}"
