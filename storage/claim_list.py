"""The claims of a project as lines: who says what about whom, found by words, filtered, sorted, in pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Row, ScalarSelect, Select, and_, exists, func, or_, select
from sqlalchemy.engine import Connection

from storage import tables as t
from storage.entities import chunks
from storage.project import Project
from storage.queries import fields_of, is_hidden, is_listed
from storage.records import LabelKind, State

#: So many lines are read at once: more are narrowed by words, not scrolled through.
MOST_LINES = 2_000
#: Of a passage that was pasted to be found the first words are enough, and SQLite takes no thousand conditions.
_MOST_WORDS = 50

_SPAN, _DOCUMENT, _LABEL = t.Span.__table__.c, t.Document.__table__.c, t.Label.__table__.c
_LINK, _TYPE, _FIELD = t.Link.__table__.c, t.LinkType.__table__.c, t.SpanField.__table__.c
_MENTION = t.Span.__table__.alias("mention")
_REJECTED = State.REJECTED.value
_PARTY = func.coalesce(t.Actor.name, _MENTION.c.quote)


@dataclass(frozen=True, slots=True)
class ClaimQuery:
    """Which claims are wanted, in which order.

    Each of the `words` stands in the claim, its document's title, a party, a field or the note. `lacks` names a type
    of link that the claim has not, `lacks_field` a field without a value. `order` is "document", "date", "speaker",
    "target", "claim", "label", "state" or "field", the last together with `order_field`.
    """

    words: str = ""
    states: frozenset[State] = frozenset({State.CONFIRMED, State.SUGGESTED})
    is_flagged: bool = False
    lacks: str = ""
    lacks_field: int | None = None
    order: str = "document"
    order_field: int | None = None
    is_descending: bool = False


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """A claim with its parties' names, as registry or text has them, and the values of its fields by field id."""

    span_id: int
    document_id: int
    title: str
    date: str
    label_id: int
    quote: str
    state: State
    is_flagged: bool
    note: str
    speaker: str = ""
    target: str = ""
    fields: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FoundClaims:
    """The first lines, and how many there are."""

    lines: tuple[ClaimLine, ...] = ()
    total: int = 0


def find_claims(
    project: Project, query: ClaimQuery, proceed: Callable[[int, int], bool] = lambda _done, _total: True
) -> FoundClaims:
    """Return the claims that a query asks for; an empty answer where `proceed` says that it is no longer wanted."""
    wanted = _wanted(query)
    with project.reading() as connection:
        total = connection.execute(_joined(select(func.count())).where(wanted)).scalar_one()
        if not proceed(1, 3):
            return FoundClaims()
        rows = connection.execute(_lines().where(wanted).order_by(*_order(query)).limit(MOST_LINES)).all()
        if not proceed(2, 3):
            return FoundClaims()
        parties = _parties(connection, [row.id for row in rows])
    fields = fields_of(project, [row.id for row in rows])
    return FoundClaims(tuple(_line(row, parties, fields) for row in rows), total)


def _line(
    row: Row[Any], parties: Mapping[tuple[int, str], list[str]], fields: Mapping[int, Mapping[int, str]]
) -> ClaimLine:
    speaker, target = (", ".join(dict.fromkeys(parties.get((row.id, code), ()))) for code in ("speaker", "target"))
    return ClaimLine(
        row.id,
        row.document_id,
        row.title,
        row.date or "",
        row.label_id,
        row.quote,
        State(row.state),
        row.is_flagged,
        row.note,
        speaker,
        target,
        fields.get(row.id, {}),
    )


def _lines() -> Select[Any]:
    return _joined(
        select(
            _SPAN.id,
            _SPAN.document_id,
            _DOCUMENT.title,
            _DOCUMENT.date,
            _SPAN.label_id,
            _SPAN.quote,
            _SPAN.state,
            _SPAN.is_flagged,
            _SPAN.note,
        )
    )


def _joined(query: Select[Any]) -> Select[Any]:
    return (
        query.select_from(t.Span.__table__)
        .join(t.Label.__table__, _LABEL.id == _SPAN.label_id)
        .join(t.Document.__table__, _DOCUMENT.id == _SPAN.document_id)
    )


def _wanted(query: ClaimQuery) -> ColumnElement[bool]:
    states = [state.value for state in query.states]
    conditions = [_LABEL.kind == LabelKind.CLAIM.value, _SPAN.state.in_(states), is_listed(), ~is_hidden()]
    if query.is_flagged:
        conditions.append(_SPAN.is_flagged)
    if query.lacks:
        conditions.append(~_party_where(query.lacks))
    if query.lacks_field is not None:
        conditions.append(~exists().where(_FIELD.span_id == _SPAN.id, _FIELD.field_id == query.lacks_field))
    return and_(*conditions, *(_says(word) for word in query.words.split()[:_MOST_WORDS]))


def _says(word: str) -> ColumnElement[bool]:
    """Return the condition that a claim has a word; SQLite knows the two cases of ASCII letters alone."""
    found: list[ColumnElement[bool]] = []
    for form in {word} if word.isascii() else {word, word.lower(), word.upper(), word.capitalize()}:

        def has(column: ColumnElement[str], form: str = form) -> ColumnElement[bool]:
            return column.icontains(form, autoescape=True)

        found += [has(_SPAN.quote), has(_DOCUMENT.title), has(_SPAN.note)]
        found.append(exists().where(_FIELD.span_id == _SPAN.id, has(_FIELD.value)))
        found += [_party_where(code, has(_PARTY)) for code in ("speaker", "target")]
    return or_(*found)


def _party_where(code: str, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return _party_rows(select(_LINK.id), code).where(*conditions).exists()


def _party_rows(query: Select[Any], code: str) -> Select[Any]:
    """Return a query over the parties of one claim, which the statement around it names."""
    return _with_parties(query).where(_LINK.from_id == _SPAN.id, _TYPE.code == code).correlate(t.Span.__table__)


def _with_parties(query: Select[Any]) -> Select[Any]:
    """Return a query over links, with their types, the mentions that they lead to, and whom these name."""
    return (
        query.join(t.LinkType.__table__, _TYPE.id == _LINK.type_id)
        .join(_MENTION, _MENTION.c.id == _LINK.to_id)
        .outerjoin(t.Actor.__table__, t.Actor.id == _MENTION.c.actor_id)
        .where(_LINK.state != _REJECTED, _MENTION.c.state != _REJECTED)
    )


def _first_party(code: str) -> ScalarSelect[Any]:
    return _party_rows(select(func.min(_PARTY)), code).scalar_subquery()


def _order(query: ClaimQuery) -> list[ColumnElement[Any]]:
    place: list[ColumnElement[Any]] = [_DOCUMENT.position, _DOCUMENT.id, _SPAN.start_cp, _SPAN.id]
    value = select(_FIELD.value).where(_FIELD.span_id == _SPAN.id, _FIELD.field_id == query.order_field)
    keys: dict[str, Callable[[], ColumnElement[Any]]] = {
        "document": lambda: _DOCUMENT.position,
        "date": lambda: _DOCUMENT.date,
        "speaker": lambda: _first_party("speaker"),
        "target": lambda: _first_party("target"),
        "claim": lambda: _SPAN.quote,
        "label": lambda: _LABEL.position,
        "state": lambda: _SPAN.state,
        "field": value.scalar_subquery,
    }
    key = keys[query.order]()
    # What has no value comes last, either way.
    return [key.is_(None), key.desc() if query.is_descending else key, *place]


def _parties(connection: Connection, span_ids: list[int]) -> dict[tuple[int, str], list[str]]:
    """Return the names of speakers and targets by claim and type of link, in the order of the text."""
    found: dict[tuple[int, str], list[str]] = {}
    for chunk in chunks(span_ids):
        query = (
            _with_parties(select(_LINK.from_id, _TYPE.code, _PARTY))
            .where(_LINK.from_id.in_(chunk), _TYPE.code.in_(("speaker", "target")))
            .order_by(_MENTION.c.start_cp)
        )
        for span_id, code, name in connection.execute(query):
            found.setdefault((span_id, code), []).append(" ".join(name.split()))
    return found
