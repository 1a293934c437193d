"""The small print of WebAnno TSV: what is escaped how, which columns a header declares, what a cell says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from storage.errors import RefusedInputError

#: A cell that holds no annotation, and one of an annotation without a value.
NOTHING, NO_VALUE = "_", "*"

_TEXT_ESCAPES = {"\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", "\b": "\\b", "\\": "\\\\"}
_TEXT_ESCAPES |= {char: "\\" + char for char in map(chr, [*range(8), *range(14, 32)])}
_IN_TEXT = re.compile("[\x00-\x08\x09\x0a\x0c-\x1f\\\\]")
_VALUE_ESCAPES = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}
_IN_VALUE = re.compile(r"->|[\\\[\]|_;\t\n\r*]")
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|->|.)", re.DOTALL)
_CONTROLS = {"t": "\t", "n": "\n", "f": "\f", "r": "\r", "b": "\b"}

_PARTS = {sep: re.compile(rf"(?:\\.|[^\\{sep}])+", re.DOTALL) for sep in "|;"}
_SUFFIX = re.compile(r"(?P<value>(?:\\.|[^\\\[])*)\[(?P<ids>[0-9_]+)\]", re.DOTALL)
_ROLE = re.compile(r"ROLE_[^:]*:(?P<feature>.+)_[^_]+")


def escaped_text(text: str) -> str:
    """Return the text of a line as it stands after `#Text=`."""
    return _IN_TEXT.sub(lambda match: _TEXT_ESCAPES[match.group()], text)


def escaped_value(value: str) -> str:
    """Return the value of a feature as it stands in a cell."""
    return _IN_VALUE.sub(lambda match: _VALUE_ESCAPES.get(match.group(), "\\" + match.group()), value)


def unescaped(text: str) -> str:
    """Return what was escaped, in a text or in a value, of whichever version 3."""
    return _ESCAPE.sub(_unescaped_one, text)


def _unescaped_one(match: re.Match[str]) -> str:
    code = match[1]
    return chr(int(code[1:], 16)) if len(code) == 5 else _CONTROLS.get(code, code)


class Column(Enum):
    """What a column holds."""

    FEATURE = auto()
    PLACEHOLDER = auto()
    ROLE = auto()
    SLOT = auto()
    SOURCE = auto()
    CHAIN = auto()


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of the header. `columns` are (kind, name): of `SOURCE` and `SLOT` the name is the layer referred to."""

    name: str
    columns: tuple[tuple[Column, str], ...]
    is_relation: bool = False
    is_chain: bool = False


def layer_of(line: str, where: str) -> Layer:
    """Return the layer that a line of the header declares.

    Raises:
        RefusedInputError: it declares none.
    """
    kind, _, declared = line.partition("=")
    name, *names = [part for part in declared.split("|") if part.strip()] or [""]
    if kind not in {"#T_SP", "#T_RL", "#T_CH"} or not name:
        raise RefusedInputError(f"{where}: “{line[:60]}” declares no layer of WebAnno TSV 3.")
    columns = tuple(_column(each, kind) for each in names) or ((Column.PLACEHOLDER, ""),)
    if kind == "#T_RL" and columns[-1][0] is not Column.SOURCE:
        raise RefusedInputError(f"{where}: the relation {name} does not say what it joins (BT_…).")
    return Layer(name, columns, is_relation=kind == "#T_RL", is_chain=kind == "#T_CH")


def _column(name: str, kind: str) -> tuple[Column, str]:
    if kind == "#T_CH":
        return Column.CHAIN, name
    if kind == "#T_RL":
        return (Column.SOURCE, name.removeprefix("BT_")) if name.startswith("BT_") else (Column.FEATURE, name)
    if role := _ROLE.fullmatch(name):
        return Column.ROLE, role["feature"]
    return (Column.SLOT if "." in name else Column.FEATURE), name


@dataclass(frozen=True, slots=True)
class Value:
    """One of the values in a cell: raw, still escaped; `ids` tell annotations of one layer apart."""

    raw: str
    ids: tuple[int, ...] = ()

    @property
    def text(self) -> str | None:
        """The value, None if the feature has none."""
        return None if self.raw == NO_VALUE else unescaped(self.raw)


def stacked(cell: str, column: Column) -> Iterator[Value]:
    """Yield the values of a cell, one for each annotation that stands there."""
    if cell != NOTHING:
        for part in _PARTS["|"].findall(cell):
            # The words that slots lead to have numbers of their own.
            yield Value(part) if column is Column.SLOT else _value(part)


def slots(raw: str) -> list[Value]:
    """Return the values of one annotation's slots."""
    return [] if raw == NOTHING else [_value(part) for part in _PARTS[";"].findall(raw)]


def _value(part: str) -> Value:
    match = _SUFFIX.fullmatch(part)
    if match is None:
        return Value(part)
    return Value(match["value"], tuple(int(number) for number in match["ids"].split("_") if number))
