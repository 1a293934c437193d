"""Citron JSON, the format of the BBC's quote attribution system: one file a document, a list of quotes.

Offsets are code points. Sayso adds `id` and `label` to spans, which Citron passes over: by them fragments, and spans
that several quotes share, find each other again.
"""

from __future__ import annotations

import json
import mmap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from storage.errors import RefusedInputError
from storage.formats.atomic import atomic_folder
from storage.formats.exchange import ExchangeDocument, ExchangeLink, ExchangeSpan, LeftOut
from storage.formats.foreign import read_each
from storage.formats.json_file import parsed_json, read_json
from storage.formats.json_object import JsonObject
from storage.formats.losses import Losses, place
from storage.formats.naming import FileNames, date_in, display_name
from storage.formats.offsets import Offsets, Unit, placed, refuse_quote, unit_of_quotes
from storage.records import LabelKind, Origin, State
from storage.text import check_text, quote_of

if TYPE_CHECKING:
    from storage.formats.interface import WriteContext

_UNITS = (Unit.CODE_POINT, Unit.UTF16, Unit.LINE_END)
_ROLES = {"cue": LabelKind.CUE, "source": LabelKind.ACTOR, "content": LabelKind.CLAIM}


def recognises(path: Path, head: bytes) -> bool:
    """Say whether a JSON file is an object with a text and quotes, which come after the text, however long that is."""
    if path.is_dir() or not head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{") or b'"text"' not in head:
        return False
    try:
        with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
            return content.find(b'"quotes"') >= 0
    except (OSError, ValueError):  # a member of an archive, of which there is no more to see
        return b'"quotes"' in head


# -- reading ----------------------------------------------------------------------------------------------------------


def read(path: Path, *, encoding: str | None = None) -> Iterator[ExchangeDocument | LeftOut]:
    """Yield the documents of a Citron file or of a folder of them, one file after another.

    A quote becomes a claim with links to its cue and to each of its sources; what Citron predicted (with a confidence)
    comes in as a suggestion. Mentions in one coreference group are one actor, named by the longest of them.

    Raises:
        RefusedInputError: a file is not Citron's JSON, or its offsets do not fit its text.
        OSError: a file cannot be read.
    """
    del encoding  # JSON is UTF-8
    yield from read_each(path, _read_file, ".json")


def _read_file(file: Path) -> Iterator[ExchangeDocument]:
    name = display_name(file)
    yield _Reader(JsonObject(read_json(file), name), name).document()


def read_stream(stream: IO[bytes], name: str, *, encoding: str | None = None) -> Iterator[ExchangeDocument]:
    """Yield the one document of a stream, as `read` does; `name` is the file's."""
    del encoding
    yield _Reader(JsonObject(parsed_json(stream.read(), name), name), name).document()


@dataclass(slots=True)
class _Part:
    """One span of the file: a fragment of a span of the project. `key` is the same for all its fragments."""

    role: str
    key: tuple[Any, ...]
    label: str
    range: tuple[int, int]
    words: str | None
    where: str
    score: float | None = None


@dataclass(slots=True)
class _Quote:
    """A quote by the keys of its spans."""

    content: tuple[Any, ...]
    ends: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list)
    score: float | None = None


class _Reader:
    """Reads one file."""

    def __init__(self, data: JsonObject, name: str) -> None:
        self._name = name
        self._text = data.text()
        check_text(self._text, where=name)
        self._parts: list[_Part] = []
        self._quotes: list[_Quote] = []
        self._groups: list[list[tuple[Any, ...]]] = []
        for number, value in enumerate(data.list_of("quotes")):
            self._take_quote(JsonObject(value, name, f"quotes[{number}]"), number)
        for number, group in enumerate(data.list_of("coreference_groups")):
            place_of = f"coreference_groups[{number}]"
            if not isinstance(group, list):
                raise RefusedInputError(f"{name}: “{place_of}” must be a list of spans.")
            spans = [JsonObject(value, name, f"{place_of}[{at}]") for at, value in enumerate(group)]
            self._groups.append([self._take(span, "source", None) for span in spans])

    def document(self) -> ExchangeDocument:
        """Return what the file holds."""
        spans, ids = self._spans()
        links: dict[tuple[str, str, str], ExchangeLink] = {}
        for quote in self._quotes:
            for type_, key in quote.ends:
                ends = type_, ids[quote.content], ids[key]
                decided = _predicted(quote.score)
                links.setdefault(ends, ExchangeLink(f"l{len(links) + 1}", *ends, **decided))
        return ExchangeDocument(
            title=Path(self._name).stem,
            text=self._text,
            date=date_in(self._name),
            meta={"file": self._name},
            spans=tuple(spans),
            links=tuple(links.values()),
            where=self._name,
        )

    def _take_quote(self, quote: JsonObject, number: int) -> None:
        contents = quote.each("contents")
        if not contents:
            quote.refuse("contents", "is empty: a quote needs words")
        score = self._confidence(quote)
        ranges = tuple((each.rest.get("start"), each.rest.get("end")) for each in contents)
        taken = [self._take(each, "content", score, ranges) for each in contents]
        found = _Quote(taken[0], score=score)
        cue = quote.rest.get("cue")
        if cue is not None:
            found.ends.append(("cue", self._take(JsonObject(cue, self._name, f"quotes[{number}].cue"), "cue", score)))
        for key, type_ in (("sources", "speaker"), ("coreferences", "")):
            keys = dict.fromkeys(self._take(each, "source", score) for each in quote.each(key))
            if type_:
                found.ends += [(type_, each) for each in keys]
            elif keys:
                self._groups.append([each for kind, each in found.ends if kind == "speaker"] + list(keys))
        self._quotes.append(found)

    def _take(
        self, span: JsonObject, role: str, score: float | None, ranges: tuple[Any, ...] | None = None
    ) -> tuple[Any, ...]:
        """Keep one span of the file and return the key of the span of the project that it is of.

        Without an id, the same words in the same role are the same span; a quote's contents are one.
        """
        where = f"{self._name}: “{span.place_of('start')}”"
        start, end = span.offset("start"), span.offset("end")
        label = (span.string_or_leave("label") or "").strip() or role
        id_ = span.identity_or_leave()
        key = (role, id_) if id_ else (role, ranges or (start, end), label)
        part = _Part(role, key, label, (start, end), span.optional("text"), where, score)
        self._parts.append(part)
        return key

    def _confidence(self, quote: JsonObject) -> float | None:
        value = quote.rest.get("confidence")
        if value is None:
            return None
        try:
            number = float(value)
        except (TypeError, ValueError):
            quote.refuse("confidence", "must be a number from 0 to 1")
        if not 0 <= number <= 1:
            quote.refuse("confidence", "must be a number from 0 to 1")
        return number

    def _spans(self) -> tuple[list[ExchangeSpan], dict[tuple[Any, ...], str]]:
        text = self._text
        told = [([part.range], part.words) for part in self._parts if part.words is not None]
        unit = unit_of_quotes(text, told, _UNITS)
        if unit is None:
            wrong, words = next(
                (part, part.words)
                for part in self._parts
                if part.words is not None and not unit_of_quotes(text, [([part.range], part.words)], _UNITS[:1])
            )
            raise refuse_quote(wrong.where, text, [wrong.range], words)
        offsets = Offsets(text, unit)
        groups: dict[tuple[Any, ...], list[_Part]] = {}
        for part in self._parts:
            groups.setdefault(part.key, []).append(part)
        actors = self._actors()
        spans: list[ExchangeSpan] = []
        ids: dict[tuple[Any, ...], str] = {}
        for key, parts in groups.items():
            first = parts[0]
            ranges = sorted({part.range for part in parts})
            fragments = placed(text, offsets.ranges(ranges) or ranges, where=first.where)
            ids[key] = f"s{len(ids) + 1}"
            decided = _predicted(first.score)
            quote = quote_of(text, fragments)
            kind = _ROLES[first.role]
            spans.append(
                ExchangeSpan(ids[key], kind, first.label, fragments, quote=quote, actor=actors.get(key), **decided)
            )
        return spans, ids

    def _actors(self) -> dict[tuple[Any, ...], str]:
        """Return the name of the actor of each mention in a group: the longest with a capital, or the longest."""
        words = {part.key: " ".join((part.words or self._text[slice(*part.range)]).split()) for part in self._parts}
        found: dict[tuple[Any, ...], str] = {}
        for group in self._groups:
            names = [words[key] for key in group if words[key]]
            if len(names) > 1:
                name = max(names, key=lambda each: (each != each.lower(), len(each)))
                for key in group:
                    found.setdefault(key, name)
        return found


def _predicted(score: float | None) -> dict[str, Any]:
    if score is None:
        return {}
    return {"state": State.SUGGESTED, "origin": Origin.SUGGESTER, "suggester": "Citron", "score": score}


# -- writing ----------------------------------------------------------------------------------------------------------


def write(documents: Iterable[ExchangeDocument], path: Path, context: WriteContext) -> int:
    """Write a folder of one JSON file a document, whole or not at all; return how many.

    Citron knows nothing but quotes, each with one cue: what belongs to none is left out and counted. A claim with
    several cues is written as a quote with each.

    Raises:
        StorageFullError: the folder cannot be written, or is not empty.
    """
    names, written = FileNames(), 0
    with atomic_folder(path) as folder:
        for document in documents:
            written += 1
            data = {"text": document.text, "quotes": _quotes(document, context.losses)}
            with (folder / f"{names.of(document.title)}.json").open("w", encoding="utf-8", newline="") as stream:
                json.dump(data, stream, ensure_ascii=False, indent=1)
    return written


def _quotes(document: ExchangeDocument, losses: Losses) -> list[dict[str, Any]]:
    spans = {span.id: span for span in document.spans}
    ends: dict[tuple[str, str], list[ExchangeSpan]] = {}
    for link in document.links:
        if link.type in {"speaker", "cue"}:
            ends.setdefault((link.from_id, link.type), []).append(spans[link.to_id])
        else:
            losses.add(f"“{link.type}” links", "Citron knows cues and sources of quotes only")
    used: set[str] = set()
    quotes = []
    for claim in document.spans:
        cues = ends.get((claim.id, "cue"), []) if claim.kind == LabelKind.CLAIM else []
        sources = ends.get((claim.id, "speaker"), [])
        for cue in cues:
            if len(cue.fragments) > 1:
                why = "a cue has one part in Citron: the first stays"
                losses.add("cues of several fragments", why, where=place(document, cue))
            quotes.append(
                {
                    "id": f"{claim.id}-{cue.id}",
                    "cue": _parts(document, cue)[0],
                    "sources": [part for source in sources for part in _parts(document, source)],
                    "contents": _parts(document, claim),
                }
            )
        if cues:
            used |= {claim.id, *(span.id for span in [*cues, *sources])}
    for span in document.spans:
        if span.id not in used:
            why = "Citron keeps quotes with a cue, and what belongs to them"
            what = "claims without a cue" if span.kind == LabelKind.CLAIM else f"{span.kind} spans of no such claim"
            losses.add(what, why, where=place(document, span))
    return quotes


def _parts(document: ExchangeDocument, span: ExchangeSpan) -> list[dict[str, Any]]:
    return [
        {"start": start, "end": end, "text": document.text[start:end], "label": span.label, "id": span.id}
        for start, end in span.fragments
    ]
