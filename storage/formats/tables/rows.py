"""What stands in the tables: their columns, and the rows that a document adds to them.

A table of spans has a row for each span; the table of claims one for each claim, with who says it about whom and each
field of the codebook as a column. Several speakers, targets, cues or fragments stand in one cell, joined by “; ”.
Offsets are code points of the document's text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from storage.formats.exchange import ExchangeDocument, ExchangeSpan
from storage.records import ActorRecord, ChangeSetRecord, Codebook, LabelKind

Cell = str | int | float | bool | None


class CellType(StrEnum):
    """What the cells of a column hold; any may be empty."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    name: str
    type: CellType = CellType.TEXT


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the name of its sheet or file, and its columns."""

    name: str
    columns: tuple[Column, ...]


_WHERE = (Column("document_id", CellType.INTEGER), Column("document"), Column("date"), Column("source"))
_PLACE = (Column("start_cp", CellType.INTEGER), Column("end_cp", CellType.INTEGER))
_DECIDED = (
    Column("score", CellType.NUMBER), Column("origin"), Column("suggester"), Column("reason"), Column("analyst"),
    Column("decided_at"), Column("flagged", CellType.FLAG), Column("note"),
)  # fmt: skip
_COUNTS = ("mentions", "documents", "claims_made", "claims_about")

#: The name alone would not do: two people may have one.
_ACTOR = (Column("actor_id", CellType.INTEGER), Column("actor"))

ACTORS = Table(
    "actors",
    (
        *_ACTOR, Column("type"), Column("aliases"), Column("notes"),
        *(Column(name, CellType.INTEGER) for name in _COUNTS),
    ),
)  # fmt: skip
DECISIONS = Table(
    "decisions",
    (
        Column("id", CellType.INTEGER), Column("at"), Column("operation"), Column("analyst_id", CellType.INTEGER),
        Column("document_id", CellType.INTEGER), Column("status"), Column("took_ms", CellType.INTEGER),
    ),
)  # fmt: skip


@dataclass(slots=True)
class _Actor:
    mentions: int = 0
    documents: int = 0
    made: int = 0
    about: int = 0


@dataclass(slots=True)
class Rows:
    """Makes the rows of documents and counts what the table of actors tells."""

    codebook: Codebook
    _actors: dict[str, _Actor] = field(default_factory=dict)
    _number: int = 0

    def spans_table(self) -> Table:
        """Return the table of spans with a column for each field of the codebook."""
        own = (Column("span_id"), Column("kind"), Column("label"), Column("state"), Column("quote"))
        fields = self._fields([field.name for field in self.codebook.fields])
        return Table("spans", (*_WHERE, *own, *_ACTOR, *_PLACE, Column("fragments"), *fields, *_DECIDED))

    def claims_table(self) -> Table:
        """Return the table of claims with a column for each field of claims."""
        own = (Column("claim_id"), Column("label"), Column("state"), Column("claim"))
        ends = [Column(f"{role}{part}") for role in ("speaker", "target") for part in ("", "_type", "_words")]
        fields = self._fields([field.name for field in self.codebook.fields if field.kind == LabelKind.CLAIM])
        return Table("claims", (*_WHERE, *own, *ends, Column("cue"), *_PLACE, *fields, *_DECIDED))

    def take(self, document: ExchangeDocument) -> tuple[list[list[Cell]], list[list[Cell]]]:
        """Return the rows of a document for the tables of spans and of claims."""
        self._number += 1
        number = int(document.id) if document.id and document.id.isdecimal() else self._number
        where: list[Cell] = [number, document.title, document.date, document.source]
        spans = [[*where, *self._span(span)] for span in document.spans]
        by_id = {span.id: span for span in document.spans}
        ends: dict[tuple[str, str], list[ExchangeSpan]] = {}
        for link in document.links:
            ends.setdefault((link.from_id, link.type), []).append(by_id[link.to_id])
        claims = [[*where, *self._claim(span, ends)] for span in document.spans if span.kind == LabelKind.CLAIM]
        self._count(document, ends)
        return spans, claims

    def actors(self, registry: Iterable[ActorRecord]) -> Iterator[list[Cell]]:
        """Yield the registry with what was counted over all documents taken."""
        types = {label.id: label.name for label in self.codebook.labels}
        for actor in registry:
            found = self._actors.get(str(actor.id), _Actor())
            type_ = types.get(actor.label_id) if actor.label_id is not None else None
            counts = (found.mentions, found.documents, found.made, found.about)
            yield [actor.id, actor.name, type_, _joined(actor.aliases), actor.notes or None, *counts]

    @staticmethod
    def decisions(log: Iterable[ChangeSetRecord]) -> Iterator[list[Cell]]:
        """Yield the change log: each operation with who did it, when, and in how long."""
        for entry in log:
            own = (entry.id, entry.at, entry.operation, entry.analyst_id, entry.document_id)
            yield [*own, entry.status, entry.took_ms]

    def _fields(self, names: Iterable[str]) -> tuple[Column, ...]:
        return tuple(Column(f"field: {name}") for name in dict.fromkeys(names))

    def _span(self, span: ExchangeSpan) -> list[Cell]:
        parts = _joined(f"{start}-{end}" for start, end in span.fragments)
        values = [span.fields.get(name) for name in dict.fromkeys(field.name for field in self.codebook.fields)]
        own: list[Cell] = [span.id, span.kind.value, span.label, span.state.value, span.quote]
        actor = [int(span.actor_id) if span.actor_id else None, span.actor]
        return [*own, *actor, span.fragments[0][0], span.fragments[-1][1], parts, *values, *_decided(span)]

    def _claim(self, claim: ExchangeSpan, ends: Mapping[tuple[str, str], list[ExchangeSpan]]) -> list[Cell]:
        row: list[Cell] = [claim.id, claim.label, claim.state.value, claim.quote]
        for role in ("speaker", "target"):
            mentions = ends.get((claim.id, role), [])
            row.append(_joined(mention.actor or mention.quote or "" for mention in mentions))
            row.append(_joined(mention.label for mention in mentions))
            row.append(_joined(mention.quote or "" for mention in mentions))
        row.append(_joined(cue.quote or "" for cue in ends.get((claim.id, "cue"), [])))
        names = dict.fromkeys(field.name for field in self.codebook.fields if field.kind == LabelKind.CLAIM)
        values = [claim.fields.get(name) for name in names]
        return [*row, claim.fragments[0][0], claim.fragments[-1][1], *values, *_decided(claim)]

    def _count(self, document: ExchangeDocument, ends: Mapping[tuple[str, str], list[ExchangeSpan]]) -> None:
        mentioned = Counter(span.actor_id for span in document.spans if span.actor_id)
        for actor_id, count in mentioned.items():
            actor = self._actors.setdefault(actor_id, _Actor())
            actor.mentions += count
            actor.documents += 1
        for (_, role), mentions in ends.items():
            for actor_id in {mention.actor_id for mention in mentions if mention.actor_id}:
                self._actors[actor_id].made += role == "speaker"
                self._actors[actor_id].about += role == "target"


def _decided(span: ExchangeSpan) -> list[Cell]:
    who = (span.suggester, span.reason or None, span.analyst, span.decided_at)
    return [span.score, span.origin.value, *who, span.is_flagged, span.note or None]


def _joined(words: Iterable[str]) -> str | None:
    return "; ".join(dict.fromkeys(" ".join(word.split()) for word in words)) or None
