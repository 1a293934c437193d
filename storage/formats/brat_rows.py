"""The rows of brat's .ann files, one kind of annotation each, checked by themselves and against each other's ids.

Grammar: https://brat.nlplab.org/standoff.html. Values and notes that do not fit on a row are written as JSON strings.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from storage.errors import RefusedInputError
from storage.formats.json_object import named

_SPAN = re.compile(r"(T\S+)\t(\S+) (\d+ \d+(?:;\d+ \d+)*)(?:\t(.*))?", re.DOTALL)
#: A name ends at its first colon, so that there is one way to match and no time is lost on others.
_EVENT = re.compile(r"(E\S+)\t([^\s:]+):(\S+)((?: [^\s:]+:\S+)*)\s*")
_RELATION = re.compile(r"(R\S+)\t(\S+) [^\s:]+:(\S+) [^\s:]+:(\S+)\s*")
_EQUAL = re.compile(r"(\*)\t(\S+)((?: \S+)+)\s*")
_ATTRIBUTE = re.compile(r"([AM]\S+)\t(\S+) (\S+)(?: (.+))?", re.DOTALL)
_REFERENCE = re.compile(r"(N\S+)\t(\S+) (\S+) ([^\s:]+):(\S+)(?:\t(.*))?", re.DOTALL)
_NOTE = re.compile(r"(#\S*)\t(\S+) (\S+)(?:\t(.*))?", re.DOTALL)

#: Offsets of more digits are no offsets, and slow to read.
_LONGEST_NUMBER = 12


@dataclass(slots=True)
class SpanRow:
    """`T1⇥Person 0 5;8 10⇥words`; `where` names file and line. A quote may go on over the rows after it."""

    where: str
    label: str
    ranges: list[tuple[int, int]]
    quote: str | None
    more: list[tuple[str, str]] = field(default_factory=list)

    @property
    def whole_quote(self) -> str | None:
        """The quote with the rows after it."""
        return "\n".join([self.quote, *(row for _, row in self.more)]) if self.quote is not None else None


@dataclass(frozen=True, slots=True)
class EventRow:
    """`E1⇥Type:T1 Role:T2 Role2:E3`."""

    where: str
    type: str
    trigger: str
    arguments: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class RelationRow:
    """`R1⇥Type Arg1:T1 Arg2:T2`, or two neighbours of `*⇥Equiv T1 T2 T3`."""

    where: str
    type: str
    from_id: str
    to_id: str


@dataclass(frozen=True, slots=True)
class RemarkRow:
    """What is said of another annotation: an attribute, a note, or a reference to a database. `value` may be empty."""

    where: str
    name: str
    target: str
    value: str


@dataclass(slots=True)
class Rows:
    """The annotations of one file by their ids, in its order."""

    spans: dict[str, SpanRow] = field(default_factory=dict)
    events: dict[str, EventRow] = field(default_factory=dict)
    relations: dict[str, RelationRow] = field(default_factory=dict)
    attributes: list[RemarkRow] = field(default_factory=list)
    references: list[RemarkRow] = field(default_factory=list)
    notes: list[RemarkRow] = field(default_factory=list)


def parse(annotations: str, name: str) -> Rows:
    """Return what the rows say.

    Raises:
        RefusedInputError: a row is none that brat knows, or has an id that another one has; naming the line.
    """
    rows = Rows()
    first: dict[str, str] = {}
    last: SpanRow | None = None
    for number, line in enumerate(annotations.split("\n"), start=1):
        where, row = f"{name}, line {number:,}", line.rstrip("\r")
        row_id = _take(rows, row, where)
        if row_id:
            last = rows.spans.get(row_id)
            if row_id[0] not in "*#" and first.setdefault(row_id, where) != where:
                raise RefusedInputError(f"{where}: the id {named(row_id)} is that of {first[row_id]} too.")
        elif last is not None and last.quote is not None:
            last.more.append((where, row))
        elif row.strip():
            raise RefusedInputError(f"{where}: {named(row)} is no annotation that brat knows.")
    return rows


def _take(rows: Rows, row: str, where: str) -> str:
    """Add what a row says and return its id; nothing if it is no annotation."""
    if match := _SPAN.fullmatch(row):
        ranges = [_range(piece, where) for piece in match[3].split(";")]
        if match[1] not in rows.spans:  # the second of the same id is refused by who asked
            rows.spans[match[1]] = SpanRow(where, match[2], ranges, match[4])
    elif match := _EVENT.fullmatch(row):
        arguments = [tuple(argument.split(":", 1)) for argument in match[4].split()]
        rows.events[match[1]] = EventRow(where, match[2], match[3], [(role, to) for role, to in arguments])
    elif match := _RELATION.fullmatch(row):
        rows.relations[match[1]] = RelationRow(where, *match.groups()[1:])
    elif match := _EQUAL.fullmatch(row):
        for key, relation in _neighbours(match[3].split(), match[2], where):
            rows.relations[key] = relation
    elif match := _ATTRIBUTE.fullmatch(row):
        rows.attributes.append(RemarkRow(where, match[2], match[3], unquoted(match[4] or "")))
    elif match := _REFERENCE.fullmatch(row):
        rows.references.append(RemarkRow(where, match[4], match[3], unquoted(match[6] or "") or match[5]))
    elif match := _NOTE.fullmatch(row):
        rows.notes.append(RemarkRow(where, match[2], match[3], unquoted(match[4] or "")))
    return match[1] if match else ""


def _range(piece: str, where: str) -> tuple[int, int]:
    start, end = piece.split()
    if max(len(start), len(end)) > _LONGEST_NUMBER:
        raise RefusedInputError(f"{where}: the span {named(piece)} lies outside every text.")
    return int(start), int(end)


def _neighbours(ids: list[str], type_: str, where: str) -> Iterator[tuple[str, RelationRow]]:
    for number, (from_id, to_id) in enumerate(pairwise(ids)):
        yield f"{where} {number}", RelationRow(where, type_.lower(), from_id, to_id)


def quoted(value: str) -> str:
    r"""Return a value as it can stand at the end of a row: as it is, or as JSON (`"one\ntwo"`) where that would break.

    What looks like such a JSON string is written as one too, so that `unquoted` brings every value back.
    """
    if value.splitlines() == [value] and value == value.strip() and unquoted(value) == value:
        return value
    shown = json.dumps(value)
    if "\\" not in shown:  # only blanks at the ends are in the way
        shown = re.sub(r'(?<=^") | (?="$)', r"\\u0020", shown)
    return shown


def unquoted(value: str) -> str:
    """Return the value that `quoted` wrote; what it cannot have written stays as it is."""
    if len(value) > 1 and value[0] == value[-1] == '"' and "\\" in value:
        try:
            found: object = json.loads(value)
        except ValueError:
            return value
        return found if isinstance(found, str) else value
    return value
