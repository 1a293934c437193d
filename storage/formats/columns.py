"""Tables as documents: which column is the text, which the title, and what becomes of the others."""

from __future__ import annotations

import datetime
import decimal
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from storage.errors import RefusedInputError
from storage.formats.dates import iso_date
from storage.formats.exchange import ExchangeDocument, LeftOut
from storage.formats.incoming import document, joined

#: What columns are called that hold a part of a document, in the languages of those who ask for such programs; the
#: first name that a table has counts.
_NAMES: Mapping[str, tuple[str, ...]] = {
    "text": (
        *("text", "fulltext", "body", "content", "article", "articletext", "document", "documenttext", "maintext"),
        *("rawtext", "transcript", "speech", "message", "statement", "post", "tweet", "paragraph", "sentence"),
        *("inhalt", "volltext", "texte", "contenu", "texto", "contenido", "testo"),
    ),
    "title": (
        "title",
        "headline",
        "heading",
        "subject",
        "doctitle",
        "name",
        "titel",
        "titre",
        "titulo",
        "titolo",
        "überschrift",
    ),
    "date": (
        *("date", "published", "publishedat", "publicationdate", "pubdate", "publishdate", "datepublished"),
        *("createdat", "created", "timestamp", "day", "datum", "fecha", "data"),
    ),
    "source": (
        *("source", "outlet", "publisher", "publication", "newspaper", "medium", "sourcename", "site", "author"),
        *("speaker", "quelle", "fuente"),
    ),
    "language": ("language", "lang", "locale", "sprache", "langue", "idioma"),
    "id": ("id", "docid", "documentid", "articleid", "uid", "uuid", "guid", "identifier"),
}

#: Cells of a column that nobody named are text where they are as long as sentences, on average.
_LEAST_TEXT_CP = 40

_LONGEST_CELL_CP = 200


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """What the columns of a table are. Several `text` columns are joined by blank lines.

    `meta` None keeps every other column in the document's metadata.
    """

    text: tuple[str, ...] = ()
    title: str | None = None
    date: str | None = None
    source: str | None = None
    language: str | None = None
    id: str | None = None
    meta: tuple[str, ...] | None = None

    def named(self) -> Iterator[str]:
        """Yield all columns that it names."""
        yield from self.text
        yield from filter(None, (self.title, self.date, self.source, self.language, self.id))
        yield from self.meta or ()


@dataclass(frozen=True, slots=True)
class TablePreview:
    """The columns of a table and its first rows as they are written, cells cut to 200 characters."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Row(NamedTuple):
    """One row of a table: where it stands (“line 12”) and its cells by column."""

    place: str
    cells: Mapping[str, Any]


class Table(NamedTuple):
    """The columns of a table, as far as they are known, and its rows, read as they are asked for.

    `encoding` is that of a table that is a text.
    """

    columns: tuple[str, ...]
    rows: Iterator[Row]
    encoding: str = ""
    is_guess: bool = False


def guess_mapping(columns: Sequence[str], first_rows: Iterable[Sequence[str]] = ()) -> ColumnMapping:
    """Return what the columns seem to be by their names and, for the text, by what stands in them.

    `text` is empty where no column is clearly the text.
    """
    by_name: dict[str, str] = {}
    for column in columns:
        by_name.setdefault("".join(filter(str.isalnum, column.casefold())), column)
    found = {part: next((by_name[name] for name in names if name in by_name), None) for part, names in _NAMES.items()}
    text = found["text"] or _longest(columns, first_rows)
    title, date, source, language, id_ = (
        column if column != text else None
        for column in (found[part] for part in ("title", "date", "source", "language", "id"))
    )
    return ColumnMapping((text,) if text else (), title, date, source, language, id_)


def _longest(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str | None:
    """Return the column with cells as long as texts and twice as long as any other's."""
    lengths = [0] * len(columns)
    count = 0
    for row in rows:
        count += 1
        for at, cell in enumerate(row[: len(lengths)]):
            lengths[at] += len(cell)
    ranked = sorted(zip(lengths, columns, strict=True), reverse=True)
    if not ranked or not count or ranked[0][0] < _LEAST_TEXT_CP * count:
        return None
    return ranked[0][1] if len(ranked) == 1 or ranked[0][0] >= 2 * ranked[1][0] else None


def preview(table: Table, count: int) -> TablePreview:
    """Return the columns and the first rows of a table."""
    rows = []
    for row in table.rows:
        cells = (row.cells.get(column) for column in table.columns)
        # Lists, as JSON has them, are no texts.
        rows.append(tuple("" if isinstance(cell, list | dict) else shown(cell)[:_LONGEST_CELL_CP] for cell in cells))
        if len(rows) >= count:
            break
    return TablePreview(table.columns, tuple(rows))


def documents_of(table: Table, mapping: ColumnMapping, name: str) -> Iterator[ExchangeDocument | LeftOut]:
    """Yield a document for each row; a row without text is left out with its place, one of blank cells in silence.

    The text of one column is its cell character for character; several are freed of white space at their ends.

    Raises:
        RefusedInputError: the mapping names no text or columns that are not there, or an id stands there twice.
    """
    check_mapping(mapping, table.columns, name)
    first_places: dict[str, str] = {}
    for row in table.rows:
        if all(shown(cell).strip() == "" for cell in row.cells.values()):
            continue
        where = f"{name}, {row.place}"
        texts = [shown(row.cells.get(column)) for column in mapping.text]
        text = texts[0] if len(texts) == 1 else joined(texts)
        if not text.strip():
            yield LeftOut(where, f"It has no text in {_listed(mapping.text)}.")
            continue
        made = _document(row, mapping, text, where, name, table)
        if made.id is not None and first_places.setdefault(made.id, row.place) != row.place:
            raise RefusedInputError(
                f"{where}: the id “{made.id[:40]}” is that of {first_places[made.id]} too: take another column for the "
                "id, or none."
            )
        yield made


def check_mapping(mapping: ColumnMapping, columns: Sequence[str], name: str) -> None:
    """Refuse a mapping that does not fit the columns; all of them are named in the sentence."""
    if not mapping.text:
        raise RefusedInputError(
            f"{name}: which column holds the text? It has {_listed(columns)}: say so, as in --column text=NAME."
        )
    missing = [column for column in mapping.named() if column not in columns]
    if missing:
        raise RefusedInputError(f"{name} has no column {_listed(missing)}; it has {_listed(columns)}.")


def _document(row: Row, mapping: ColumnMapping, text: str, where: str, name: str, table: Table) -> ExchangeDocument:
    def said(column: str | None) -> str:
        return shown(row.cells.get(column)).strip() if column else ""

    date_cell = row.cells.get(mapping.date) if mapping.date else None
    date = iso_date(date_cell)
    kept = mapping.meta
    if kept is None:
        used = {*mapping.text, mapping.title, mapping.source, mapping.language, mapping.id, mapping.date}
        kept = tuple(column for column in row.cells if column not in used)
    meta = {column: plain(row.cells.get(column)) for column in kept}
    if mapping.date and date is None:  # two readings, or none: kept as it was written
        meta[mapping.date] = plain(date_cell)
    if table.is_guess:
        meta["encoding_is_guess"] = True
    return document(
        name,
        text,
        extraction=f"text from {_listed(mapping.text)} of a table",
        title=said(mapping.title),
        source=said(mapping.source),
        date=date,
        language=said(mapping.language),
        encoding=table.encoding,
        meta={key: value for key, value in meta.items() if key not in {"file", "extraction"}},
        where=where,
        id_=said(mapping.id) or None,
    )


def shown(cell: object) -> str:
    """Return a cell as text: nothing for nothing, whole numbers without a point, moments in ISO 8601."""
    value = plain(cell)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "\n\n".join(filter(None, map(shown, value)))
    return str(value)


def plain(cell: object) -> object:
    """Return a cell as JSON holds it; bytes, which no text is made of, and numbers that are none are left out."""
    value: object
    match cell:
        case str():
            value = cell.encode("utf-8", "replace").decode("utf-8").replace("\0", "")
        case float() | decimal.Decimal():
            value = _number(cell)
        case datetime.date() | datetime.time():
            value = cell.isoformat().removesuffix("T00:00:00")
        case list() | tuple():
            value = [plain(item) for item in cell]
        case dict():
            value = {str(key): plain(item) for key, item in cell.items()}
        case bytes():
            value = None
        case None | bool() | int():
            value = cell
        case _:
            value = str(cell)
    return value


def _number(cell: float | decimal.Decimal) -> float | None:
    if not math.isfinite(cell):
        return None
    return int(cell) if cell == int(cell) else float(cell)


def unique_names(cells: Iterable[Any]) -> tuple[str, ...]:
    """Return the names of columns: blank ones by their number, equal ones told apart."""
    names: dict[str, None] = {}
    for number, cell in enumerate(cells, start=1):
        plain_name = " ".join(shown(cell).split()) or f"column {number}"
        name, count = plain_name, 2
        while name in names:
            name = f"{plain_name} ({count})"
            count += 1
        names[name] = None
    return tuple(names)


def _listed(columns: Iterable[str]) -> str:
    listed = [f"“{column[:40]}”" for column in columns]
    more = f" and {len(listed) - 20} more" if len(listed) > 20 else ""
    return (", ".join(listed[:20]) + more) or "no columns"
