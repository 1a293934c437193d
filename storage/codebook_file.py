"""The codebook as one TOML file that people read, edit and pass on; the header comment of each file explains it.

Reading is strict: whatever is unknown, missing or of the wrong sort is refused with file, line and key, and nothing
is taken in. What was written is read back as it was.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from storage.codebook_rules import check_look, check_texts, folded
from storage.errors import RefusedInputError
from storage.formats.atomic import atomic_writer
from storage.formats.naming import display_name
from storage.records import Codebook, FieldRecord, FieldType, LabelKind, LabelRecord, LabelSettings, LinkTypeRecord

SUFFIX = ".toml"
QDC_SUFFIX = ".qdc"
FORMAT = "sayso-codebook"
VERSION = 1
_MOST_BYTES = 1_000_000

HEADER = """\
# A codebook of Sayso: what analysts label, and what each label means.
# Text stands in quotation marks; three of them (\"\"\") hold several lines. The order here is the order on screen.
#
# [[labels]]      kind: actor, claim or cue. name: what analysts see, once for each kind. Optional:
#                 definition, examples; colour: blue, teal, violet, orange, yellow, rose, green, brown or grey;
#                 key: the digit that gives the label, "1" to "9"; code: under which name the suggesters propose it
#                 (state, person, organisation, group, claim, cue), which must not change; least_score: suggestions
#                 of a lower score, 0 to 1, are hidden; remember = false: words confirmed under it are not looked for.
# [[link_types]]  name, and code: a short word; speaker, target and cue are those that suggesters and keys know.
#                 from, to: the kinds of the two spans that are joined. Optional: definition.
# [[fields]]      name; kind: of the spans that have it; type: choice, text, date (year-month-day) or number;
#                 choices: for a choice only. Optional: definition.
# At the top, optional: cue_kinds: which kinds of cue make a claim (speech, belief, perception, intention, attitude,
#                 judgement, demand, evidence), all where it is missing; remember = false: confirmed words are not
#                 looked for elsewhere.
"""

_HEAD_KEYS = {"format", "version", "name", "description", "cue_kinds", "remember", "labels", "link_types", "fields"}
#: A list that says something even where it holds nothing.
_MAY_BE_EMPTY = "cue_kinds"
_Word = TypeVar("_Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class CodebookFile:
    """A codebook outside a project. The ids and positions of its entries only tell their order, from 1 and from 0."""

    codebook: Codebook
    name: str = ""
    description: str = ""


# -- writing ----------------------------------------------------------------------------------------------------------


def write_codebook(path: Path, book: CodebookFile) -> None:
    """Write a codebook file, whole or not at all; a name that ends in `.qdc` makes one for other programs (REFI-QDA).

    Raises:
        StorageFullError: it cannot be written there; what was there before is unchanged.
    """
    if path.suffix.lower() == QDC_SUFFIX:
        from storage.formats.refi_codes import write_qdc  # noqa: PLC0415  (which needs this module)

        write_qdc(path, book)
        return
    with atomic_writer(path) as stream:
        stream.write(format_codebook(book))


def format_codebook(book: CodebookFile) -> str:
    """Return a codebook as the text of its file."""
    head: dict[str, Any] = {"format": FORMAT, "version": VERSION, "name": book.name, "description": book.description}
    head |= {"cue_kinds": list(book.codebook.cue_kinds) if book.codebook.cue_kinds is not None else None}
    head |= {"remember": None if book.codebook.is_remembering else False}
    parts = [HEADER, "".join(_lines(head)), *_tables(book.codebook)]
    return "\n".join(parts)


def _tables(codebook: Codebook) -> Iterator[str]:
    for label in codebook.labels:
        values: dict[str, Any] = {"kind": label.kind.value, "name": label.name, "code": label.code}
        values |= {"colour": label.colour, "key": label.key}
        values |= {"definition": label.definition, "examples": label.examples}
        settings = codebook.settings_of(label.id)
        values |= {"least_score": settings.least_score or None, "remember": None if settings.is_remembered else False}
        yield _table("labels", values)
    for link_type in codebook.link_types:
        values = {"code": link_type.code, "name": link_type.name, "from": link_type.from_kind.value}
        yield _table("link_types", values | {"to": link_type.to_kind.value, "definition": link_type.definition})
    for field in codebook.fields:
        values = {"kind": field.kind.value, "name": field.name, "type": field.type.value}
        yield _table("fields", values | {"choices": list(field.choices), "definition": field.definition})


def _table(name: str, values: Mapping[str, Any]) -> str:
    return f"[[{name}]]\n{''.join(_lines(values))}"


def _lines(values: Mapping[str, Any]) -> Iterator[str]:
    for key, value in values.items():
        if isinstance(value, bool):
            yield f"{key} = {str(value).lower()}\n"
        elif isinstance(value, int | float):
            yield f"{key} = {value}\n"
        elif isinstance(value, list):
            if value or key == _MAY_BE_EMPTY:
                yield f"{key} = [{', '.join(_quoted(item) for item in value)}]\n"
        elif value:
            yield f"{key} = {_text(value)}\n"


def _text(value: str) -> str:
    """Return a string in TOML's notation, over several lines where it has several."""
    if "\n" not in value:
        return _quoted(value)
    lines = (_quoted(line)[1:-1] for line in value.split("\n"))
    return '"""\n' + "\n".join(lines) + '"""'


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    # A reader takes "\r\n" for a line end, and TOML forbids controls; both come back from their escapes.
    return '"' + re.sub("[\x00-\x1f\x7f]", lambda found: f"\\u{ord(found.group()):04X}", escaped) + '"'


# -- reading ----------------------------------------------------------------------------------------------------------


def read_codebook(path: Path) -> CodebookFile:
    """Read a codebook file: of Sayso, or with `.qdc` of REFI-QDA, of which the codes become labels.

    Raises:
        RefusedInputError: it cannot be read or is no codebook; the text names file, line and key, and says why.
    """
    name = display_name(path)
    if path.suffix.lower() == QDC_SUFFIX:
        from storage.formats.refi_codes import read_qdc  # noqa: PLC0415  (which needs this module)

        return read_qdc(path)
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise RefusedInputError(f"“{name}” is larger than any codebook: {path.stat().st_size:,} bytes.")
        data = path.read_bytes()
    except OSError as error:
        raise RefusedInputError(f"“{name}” cannot be read: {(error.strerror or str(error)).lower()}.") from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise RefusedInputError(f"“{name}”, line {line}: this is not UTF-8 text. Save the file as UTF-8.") from error
    return parse_codebook(text, name)


def parse_codebook(text: str, file_name: str) -> CodebookFile:
    """Return the codebook that the text of a file holds; `file_name` is for messages.

    Raises:
        RefusedInputError: as for `read_codebook`.
    """
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        why = str(error) if isinstance(error, tomllib.TOMLDecodeError) else "too many brackets within brackets"
        raise RefusedInputError(f"“{file_name}” is not in TOML's notation: {why}.") from error
    reader = _Reader(text, data, file_name)
    head = _Table(reader, "", 0, data)
    if data.get("format") != FORMAT:
        raise RefusedInputError(f'“{file_name}” is no codebook of Sayso: it does not say format = "{FORMAT}".')
    if data.get("version") != VERSION:
        head.refuse("version", f"this program reads version {VERSION} of the format")
    head.check_keys(_HEAD_KEYS)
    labels = [(_label(table), _settings(table)) for table in reader.tables("labels")]
    codebook = Codebook(
        tuple(label for label, _ in labels),
        tuple(_link_type(table) for table in reader.tables("link_types")),
        tuple(_field(table) for table in reader.tables("fields")),
        {label.id: settings for label, settings in labels if settings != LabelSettings()},
        head.texts("cue_kinds") if "cue_kinds" in data else None,
        head.flag("remember", default=True),
    )
    return CodebookFile(codebook, head.text("name"), head.text("description"))


class _Reader:
    """The parsed file, and where in its text a table or key stands, searched for only when it is refused."""

    def __init__(self, text: str, data: Mapping[str, Any], file_name: str) -> None:
        self._lines = text.replace("\r\n", "\n").split("\n")
        self._data = data
        self._file_name = file_name
        self.seen: set[tuple[str, ...]] = set()

    def tables(self, name: str) -> Iterator[_Table]:
        """Yield the tables of one name."""
        found = self._data.get(name, [])
        if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
            self.refuse("", 0, name, f"each entry begins with a line [[{name}]]")
        for number, item in enumerate(found):
            yield _Table(self, name, number, item)

    def refuse(self, table: str, number: int, key: str, why: str) -> NoReturn:
        """Refuse the file for what stands at a key of a table."""
        line = self._line_of(table, number, key)
        place = f", line {line}" if line else ""
        entry = f"{table}, entry {number + 1}, " if table else ""
        raise RefusedInputError(f"“{self._file_name}”{place}: {entry}{key}: {why}.")

    def _line_of(self, table: str, number: int, key: str) -> int | None:
        """Return the line of a key, or of the head of its table where the key is missing; `None` if neither is found.

        A line that looks like it counts only if all before it is complete by itself, which the inside of a string
        is not.
        """
        start = 0
        if table:
            header = re.compile(rf"\s*\[\[\s*[\"']?{table}[\"']?\s*\]\]")
            heads = (n for n, line in enumerate(self._lines) if header.match(line))
            place = next((n for n in heads if self._count_before(n, table) == number), None)
            if place is None:
                return None
            start = place + 1
        found = re.compile(rf"\s*([\"']?{re.escape(key)}[\"']?\s*=|\[\[?\s*{re.escape(key)}\s*\])")
        for n in range(start, len(self._lines)):
            if found.match(self._lines[n]) and self._count_before(n, table) is not None:
                return n + 1
            if table and re.match(r"\s*\[", self._lines[n]) and self._count_before(n, table) is not None:
                break
        return start or None

    def _count_before(self, line: int, table: str) -> int | None:
        """Return how many tables of a name begin above a line; `None` if the text above is not complete."""
        with suppress(tomllib.TOMLDecodeError):
            return len(tomllib.loads("\n".join(self._lines[:line])).get(table, []))
        return None


class _Table:
    """One table of the file, its values taken out with their types checked."""

    def __init__(self, reader: _Reader, name: str, number: int, values: Mapping[str, Any]) -> None:
        self._reader = reader
        self._name = name
        self.number = number
        self._values = values

    def refuse(self, key: str, why: str) -> NoReturn:
        """Refuse the file for what stands at a key of this table."""
        self._reader.refuse(self._name, self.number, key, why)

    def check_keys(self, known: set[str]) -> None:
        """Refuse a key that means nothing here."""
        for key in self._values:
            if key not in known:
                self.refuse(key, f"there is no such key; known are {', '.join(sorted(known))}")

    def text(self, key: str, default: str | None = "") -> str:
        """Return a string; without a default it has to be there and must not be blank."""
        value = self._values.get(key, default)
        if value is None:
            self.refuse(key, "it is missing")
        if not isinstance(value, str):
            self.refuse(key, "it has to stand in quotation marks")
        if default is None and not value.strip():
            self.refuse(key, "it is empty")
        self.check(key, check_texts, value)
        return value

    def word(self, key: str, words: type[_Word], default: str | None = None) -> _Word:
        """Return one of a few words."""
        value = self.text(key, default)
        try:
            return words(value)
        except ValueError:
            self.refuse(key, f"“{value}” is none of {', '.join(words)}")

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of strings that are all different."""
        values = self._values.get(key, [])
        if not isinstance(values, list) or not all(isinstance(value, str) and value.strip() for value in values):
            self.refuse(key, "it has to be a list of words in quotation marks, none of them empty")
        if len(set(values)) < len(values):
            self.refuse(key, "a word stands there twice")
        self.check(key, check_texts, *values)
        return tuple(values)

    def share(self, key: str) -> float:
        """Return a number from 0 to 1, 0 where it is missing."""
        value = self._values.get(key, 0)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            self.refuse(key, "it has to be a number from 0 to 1")
        return float(value)

    def flag(self, key: str, *, default: bool) -> bool:
        """Return true or false."""
        value = self._values.get(key, default)
        if not isinstance(value, bool):
            self.refuse(key, "it has to be true or false")
        return value

    def check_first(self, key: str, what: Sequence[str], why: str) -> None:
        """Refuse what an earlier entry has already."""
        seen = (self._name, key, *what)
        if seen in self._reader.seen:
            self.refuse(key, why)
        self._reader.seen.add(seen)

    def check(self, key: str, rule: Any, *values: object) -> None:  # noqa: ANN401  (any rule of codebook_rules)
        """Apply a rule; what it refuses is told with its place."""
        try:
            rule(*values)
        except RefusedInputError as refusal:
            self.refuse(key, str(refusal).rstrip("."))


def _label(table: _Table) -> LabelRecord:
    table.check_keys({"kind", "name", "code", "colour", "key", "definition", "examples", "least_score", "remember"})
    kind, name = table.word("kind", LabelKind), table.text("name", None)
    label = LabelRecord(
        id=table.number + 1,
        kind=kind,
        name=name,
        code=table.text("code") or None,
        colour=table.text("colour", "grey"),
        key=table.text("key") or None,
        definition=table.text("definition"),
        examples=table.text("examples"),
        position=table.number,
    )
    table.check_first("name", (kind, folded(name)), f"there is an earlier {kind} label “{name}”")
    plain = LabelRecord(0, kind, name)
    table.check("colour", check_look, replace(plain, colour=label.colour))
    table.check("key", check_look, replace(plain, key=label.key))
    table.check("code", check_look, replace(plain, code=label.code))
    for key, value in (("key", label.key), ("code", label.code)):
        if value is not None:
            table.check_first(key, (value,), f"“{value}” belongs to an earlier label")
    return label


def _settings(table: _Table) -> LabelSettings:
    return LabelSettings(table.share("least_score"), table.flag("remember", default=True))


def _link_type(table: _Table) -> LinkTypeRecord:
    table.check_keys({"code", "name", "from", "to", "definition"})
    code, name = table.text("code", None), table.text("name", None)
    table.check_first("code", (code,), f"“{code}” belongs to an earlier link type")
    ends = table.word("from", LabelKind), table.word("to", LabelKind)
    return LinkTypeRecord(table.number + 1, code, name, *ends, table.text("definition"))


def _field(table: _Table) -> FieldRecord:
    table.check_keys({"kind", "name", "type", "choices", "definition"})
    kind, name = table.word("kind", LabelKind), table.text("name", None)
    table.check_first("name", (kind, folded(name)), f"there is an earlier {kind} field “{name}”")
    type_, choices = table.word("type", FieldType, FieldType.CHOICE), table.texts("choices")
    if choices and type_ is not FieldType.CHOICE:
        table.refuse("choices", f"only a choice has choices, and this is a {type_}")
    return FieldRecord(table.number + 1, name, kind, type_, choices, table.text("definition"), table.number)
