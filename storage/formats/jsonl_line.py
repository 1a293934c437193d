"""One line of JSON Lines, checked: from what the JSON says to an `ExchangeDocument`.

Every value is looked at; what breaks a rule is named by its place in the line (`spans[3].fragments`).
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import Any, NoReturn, TypeVar

from storage.errors import InvalidEditError, RefusedInputError
from storage.formats.exchange import ExchangeDocument, ExchangeLink, ExchangeSpan, ExchangeStretch
from storage.formats.naming import title_of
from storage.records import Fragment, LabelKind, Origin, State, StretchKind
from storage.stretches import check_stretches
from storage.text import check_fragments, check_text, quote_of, sha256_of

_Enum = TypeVar("_Enum", bound=StrEnum)
_Item = TypeVar("_Item")


def document_from(data: object, *, where: str, fallback_title: str) -> ExchangeDocument:
    """Return the document that one line describes.

    Strings under `title`, `source`, `date`, `language` and `encoding` are taken as such, `id` also as a whole number;
    what else a line has, and whatever of those is of another type, goes into `meta`. `fallback_title` is for documents
    that have neither a title nor a short first line.

    Raises:
        RefusedInputError: something is missing, of the wrong type, outside the text, or contradicts the rest.
    """
    line = _Object(data, where)
    text = line.text()
    check_text(text, where=f"{where}: its “text”")
    _check_hash(line, text)
    has_spans = "spans" in line.rest
    spans = line.items("spans", lambda item: _span(item, text))
    _check_unique(line, "spans", (span.id for span in spans))
    # Pages from the web have a list of addresses under this name; without spans it cannot be ours.
    links = line.items("links", _link) if has_spans or not line.rest.get("links") else ()
    _check_unique(line, "links", (link.id for link in links))
    _check_ends(line, links, spans)
    reviewed = line.ranges("reviewed", len(text))
    stretches = line.items("stretches", _stretch)
    _check_stretches(line, stretches, len(text))
    title = line.string_or_leave("title") or ""
    return ExchangeDocument(
        id=line.identity_or_leave(),
        title=title if title.strip() else title_of(text, fallback_title),
        text=text,
        source=line.string_or_leave("source") or "",
        date=line.string_or_leave("date"),
        language=line.string_or_leave("language") or "",
        encoding=line.string_or_leave("encoding") or "",
        sha256=sha256_of(text),
        spans=spans,
        links=links,
        reviewed=reviewed,
        stretches=stretches,
        meta=_meta(line),
        where=where,
    )


class _Object:
    """A JSON object from which known keys are taken one by one; `rest` is what nobody has asked for."""

    def __init__(self, data: object, where: str, place: str = "") -> None:
        self._where = where
        self._place = place
        if not isinstance(data, dict):
            raise RefusedInputError(f"{where}: {place or 'it'} must be an object in braces, not {named(data)}.")
        self.rest: dict[str, Any] = dict(data)

    def refuse(self, key: str, fault: str) -> NoReturn:
        """Raise with the place of `key` and what is wrong there."""
        place = f"{self._place}.{key}" if self._place else key
        raise RefusedInputError(f"{self._where}: “{place}” {fault}.")

    def text(self) -> str:
        """Return the text of a document."""
        text = self.rest.pop("text", None)
        if not isinstance(text, str):
            self.refuse("text", f"must be the text of the document, not {named(text)}")
        return text

    def required(self, key: str) -> str:
        """Return a string that must be there and not be blank."""
        value = self.rest.pop(key, None)
        if not isinstance(value, str) or not value.strip():
            self.refuse(key, f"must be a string that is not blank, not {named(value)}")
        return value

    def optional(self, key: str) -> str | None:
        """Return a string, or None if it is missing or null."""
        value = self.rest.pop(key, None)
        if value is not None and not isinstance(value, str):
            self.refuse(key, f"must be a string, not {named(value)}")
        return value

    def string_or_leave(self, key: str) -> str | None:
        """Return a string, or None; leave what is not a string where it is."""
        value = self.rest.get(key)
        if value is None or isinstance(value, str):
            self.rest.pop(key, None)
            return value
        return None

    def identity_or_leave(self) -> str | None:
        """Return `id`, a string or a whole number, as a string; leave anything else where it is."""
        value = self.rest.get("id")
        if type(value) is int:
            self.rest["id"] = str(value)
        return self.string_or_leave("id") or None

    def choice(self, key: str, kind: type[_Enum], default: _Enum | None = None) -> _Enum:
        """Return the member of `kind` with this value; the default if it is missing."""
        value = self.rest.pop(key, default)
        try:
            return kind(value)
        except ValueError:
            self.refuse(key, f"must be one of {', '.join(kind)}, not {named(value)}")

    def score(self) -> float | None:
        """Return a number from 0 to 1, or None."""
        value = self.rest.pop("score", None)
        if value is None:
            return None
        if type(value) not in {int, float} or not 0 <= value <= 1:
            self.refuse("score", f"must be a number from 0 to 1, not {named(value)}")
        return float(value)

    def moment(self, key: str) -> str | None:
        """Return a date and time of ISO 8601 as it was written, or None."""
        value = self.optional(key)
        if value is not None:
            try:
                datetime.datetime.fromisoformat(value)
            except ValueError:
                self.refuse(key, f"must be a date and time like 2024-03-19T10:42:00Z, not {named(value)}")
        return value

    def offset(self, key: str) -> int:
        """Return a whole number that must be there."""
        value = self.rest.pop(key, None)
        if type(value) is not int:
            self.refuse(key, f"must be a whole number, not {named(value)}")
        return value

    def flag(self, key: str) -> bool:
        """Return true or false; false if it is missing."""
        value = self.rest.pop(key, None) or False
        if not isinstance(value, bool):
            self.refuse(key, f"must be true or false, not {named(value)}")
        return value

    def strings(self, key: str) -> Mapping[str, str]:
        """Return an object whose values are all strings; an empty one if it is missing."""
        value = self.rest.pop(key, None)
        if not value:
            value = {}
        if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
            self.refuse(key, f"must be an object whose values are strings, not {named(value)}")
        return value

    def list_of(self, key: str) -> list[Any]:
        """Return a list; an empty one if it is missing."""
        value = self.rest.pop(key, None)
        if value is None:
            return []
        if not isinstance(value, list):
            self.refuse(key, f"must be a list, not {named(value)}")
        return value

    def items(self, key: str, make: Callable[[_Object], _Item]) -> tuple[_Item, ...]:
        """Return what `make` makes of the objects of a list; each must be used up."""
        made = []
        for index, value in enumerate(self.list_of(key)):
            item = _Object(value, self._where, f"{key}[{index}]")
            made.append(make(item))
            for unknown in item.rest:
                item.refuse(unknown, "is not a key that Sayso knows there, and nothing is dropped in silence")
        return tuple(made)

    def ranges(self, key: str, length_cp: int) -> tuple[Fragment, ...]:
        """Return [start, end] pairs of code points within a text of this length, none of them empty."""
        ranges = []
        for pair in self.list_of(key):
            if not (isinstance(pair, list) and len(pair) == 2 and all(type(offset) is int for offset in pair)):
                self.refuse(key, f"must be pairs [start, end] of whole numbers, not {named(pair)}")
            start_cp, end_cp = pair
            if not 0 <= start_cp < end_cp <= length_cp:
                self.refuse(key, f"has {pair}, which is empty or not within the text of {length_cp:,} characters")
            ranges.append(Fragment(start_cp, end_cp))
        return tuple(ranges)


def _span(item: _Object, text: str) -> ExchangeSpan:
    fragments = item.ranges("fragments", len(text))
    try:
        check_fragments(text, fragments)
    except InvalidEditError as error:
        item.refuse("fragments", f"cannot be labelled: {error}")
    quote, claimed = quote_of(text, fragments), item.optional("quote")
    if claimed is not None and claimed != quote:
        item.refuse(
            "quote",
            f"is {named(claimed)}, but at its fragments the text has {named(quote)}: offsets count Unicode code "
            "points as Python does, not bytes or UTF-16 units, in the text as it stands",
        )
    return ExchangeSpan(
        id=item.required("id"),
        kind=item.choice("kind", LabelKind),
        label=item.required("label"),
        fragments=fragments,
        state=item.choice("state", State, State.CONFIRMED),
        origin=item.choice("origin", Origin, Origin.IMPORT),
        quote=quote,
        suggester=item.optional("suggester"),
        score=item.score(),
        reason=item.optional("reason") or "",
        actor=item.optional("actor"),
        fields=item.strings("fields"),
        note=item.optional("note") or "",
        is_flagged=item.flag("flagged"),
        analyst=item.optional("analyst"),
        decided_at=item.moment("decided_at"),
    )


def _link(item: _Object) -> ExchangeLink:
    return ExchangeLink(
        id=item.required("id"),
        type=item.required("type"),
        from_id=item.required("from"),
        to_id=item.required("to"),
        state=item.choice("state", State, State.CONFIRMED),
        origin=item.choice("origin", Origin, Origin.IMPORT),
        suggester=item.optional("suggester"),
        score=item.score(),
        analyst=item.optional("analyst"),
        decided_at=item.moment("decided_at"),
    )


def _stretch(item: _Object) -> ExchangeStretch:
    return ExchangeStretch(
        kind=item.choice("kind", StretchKind),
        start_cp=item.offset("start"),
        end_cp=item.offset("end"),
        value=item.optional("value") or "",
    )


def _check_stretches(line: _Object, stretches: Iterable[ExchangeStretch], length_cp: int) -> None:
    try:
        check_stretches(length_cp, [(s.kind, s.start_cp, s.end_cp) for s in stretches])
    except InvalidEditError as error:
        line.refuse("stretches", f"cannot be: {error}")


def _check_unique(line: _Object, key: str, ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for index, id_ in enumerate(ids):
        if id_ in seen:
            line.refuse(f"{key}[{index}].id", f"is {named(id_)}, as another one's is")
        seen.add(id_)


def _check_ends(line: _Object, links: Iterable[ExchangeLink], spans: Iterable[ExchangeSpan]) -> None:
    span_ids = {span.id for span in spans}
    for index, link in enumerate(links):
        for key, id_ in (("from", link.from_id), ("to", link.to_id)):
            if id_ not in span_ids:
                line.refuse(f"links[{index}].{key}", f"is {named(id_)}, which is not the id of a span of this document")
        if link.from_id == link.to_id:
            line.refuse(f"links[{index}]", f"leads from {named(link.from_id)} to itself")


def _check_hash(line: _Object, text: str) -> None:
    claimed = line.optional("sha256")
    if claimed is not None and claimed.lower() != sha256_of(text):
        line.refuse("sha256", "is not that of the text: the text was changed after it was written")


def _meta(line: _Object) -> Mapping[str, Any]:
    """Return `meta` with all that is left of the line."""
    given = line.rest.pop("meta", None)
    meta = dict(given) if isinstance(given, dict) else {} if given is None else {"meta": given}
    for key, value in line.rest.items():
        if meta.setdefault(key, value) != value:
            line.refuse(key, "is said twice, here and in “meta”, and not the same: take one out")
    try:
        json.dumps(meta, allow_nan=False)
    except ValueError:
        line.refuse("meta", "has a number that is too large")
    return meta


def named(value: object) -> str:
    """Return a value as a sentence can hold it: on one line, short, and of lists and objects no more than needed."""
    match value:
        case None:
            return "nothing"
        case str():
            shown = " ".join(value[:200].split())
            return f"“{shown[:40]}…”" if len(shown) > 40 else f"“{shown}”"
        case dict():
            return "an object"
        case list() if len(value) > 4 or any(isinstance(item, list | dict | str) for item in value):
            return "a list"
        case _:
            return str(value)[:40]
