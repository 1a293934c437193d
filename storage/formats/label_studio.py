"""Label Studio's JSON: an array of tasks with annotations and predictions. Reads and writes (`label_studio_writing`).

- Regions are spans; what belongs to a region (choices, text areas, ratings) are its fields; its meta text is its note;
  a text area `actor` names the actor. Predictions are suggestions of the model that they name.
- Offsets are code points since Label Studio 1.4, and were UTF-16 units before; the words that stand with them tell.
- Of JSON-MIN, regions with start and end are read.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from storage.errors import RefusedInputError
from storage.formats import json_metadata
from storage.formats.exchange import ExchangeDocument, ExchangeLink, ExchangeSpan
from storage.formats.foreign import NotTaken
from storage.formats.json_array import read_array
from storage.formats.json_object import JsonObject, named
from storage.formats.label_studio_writing import ACTOR, FLAGGED, config_beside, unreserved, write
from storage.formats.mapping import guess_kind
from storage.formats.naming import display_name, title_of
from storage.formats.offsets import Offsets, Unit, is_quote, placed, refuse_quote, unit_of_quotes
from storage.formats.parts import together
from storage.records import LabelKind, Origin, State
from storage.text import check_text, quote_of

__all__ = ["config_beside", "read", "recognises", "write"]

_UNITS = (Unit.CODE_POINT, Unit.UTF16, Unit.LINE_END)
_REGIONS = ("labels", "hypertextlabels")
_PER_REGION = ("choices", "textarea", "rating", "number", "datetime", "taxonomy")
#: What JSON-MIN says of a task besides its data.
_MINIMAL = ("id", "annotator", "annotation_id", "created_at", "updated_at", "lead_time")
_MARKS = (b'"annotations"', b'"completions"', b'"predictions"', b'"lead_time"', b'"annotation_id"')


def recognises(path: Path, head: bytes) -> bool:
    """Say whether a file begins as an array (or a task) that has annotations."""
    del path
    begin = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    is_task = begin == b"[" or (begin == b"{" and b'"data"' in head)
    return is_task and any(mark in head for mark in _MARKS)


def read(path: Path, *, encoding: str | None = None) -> Iterator[ExchangeDocument]:
    """Yield a document for each task. Memory holds one task.

    Raises:
        RefusedInputError: naming the task and what is wrong there.
        OSError: the file cannot be read.
    """
    del encoding
    is_empty = True
    for number, (where, task) in enumerate(read_array(path, "task"), start=1):
        is_empty = False
        yield _document(task, where, f"{path.stem}, task {number:,}")
    if is_empty:
        raise RefusedInputError(f"{display_name(path)} has no tasks: there is nothing to import, so leave it out.")


def _document(task: JsonObject, where: str, fallback_title: str) -> ExchangeDocument:
    data = task.rest.get("data")
    if isinstance(data, dict):
        results = list(_results(task))
    else:
        data, results = _minimal(task, where)
    key, text = _text(JsonObject(data, where, "data"))
    check_text(text, where=f"{where}: its “{key}”")
    maker = _Maker(text, where)
    for result in results:
        maker.take(result)
    maker.link()
    told = {name: value for name, value in data.items() if name != key}
    about = json_metadata.heard(told | maker.told, where=where)
    title = about.pop("title", "")
    about["meta"] |= maker.left_out.meta()
    document = ExchangeDocument(
        title=title if title.strip() else title_of(text, fallback_title),
        text=text,
        spans=tuple(maker.finished()),
        links=tuple(maker.links.values()),
        where=where,
        **about,
    )
    return together(document)


@dataclass(frozen=True, slots=True)
class _Result:
    """What one person or model said of a task."""

    items: list[JsonObject]
    state: State = State.CONFIRMED
    analyst: str | None = None
    decided_at: str | None = None
    model: str | None = None
    score: float | None = None


def _results(task: JsonObject) -> Iterator[_Result]:
    for found in [*task.each("annotations"), *task.each("completions")]:
        cancelled = found.rest.get("was_cancelled") is True or found.rest.get("skipped") is True
        yield _Result(
            found.each("result"),
            State.SUGGESTED if cancelled else State.CONFIRMED,
            _person(found.rest.get("completed_by")),
            _moment(found.rest.get("updated_at") or found.rest.get("created_at")),
        )
    for found in task.each("predictions"):
        model = found.rest.get("model_version")
        score = _share(found.rest.get("score"))
        yield _Result(found.each("result"), State.SUGGESTED, model=str(model or "Label Studio"), score=score)


def _minimal(task: JsonObject, where: str) -> tuple[dict[str, Any], list[_Result]]:
    """Return data and regions of a task of JSON-MIN, in which both stand side by side."""
    data, items = {}, []
    for key, value in task.rest.items():
        if isinstance(value, list) and value and all(isinstance(item, dict) and "start" in item for item in value):
            for index, item in enumerate(value):
                region = {"id": f"{key} {index}", "type": "labels", "from_name": key, "value": item}
                items.append(JsonObject(region, where, f"{key}[{index}]"))
        elif key not in _MINIMAL:
            data[key] = value
    at = _moment(task.rest.get("updated_at") or task.rest.get("created_at"))
    return data, [_Result(items, analyst=_person(task.rest.get("annotator")), decided_at=at)]


def _text(data: JsonObject) -> tuple[str, str]:
    """Return the key and the text of a task: `text`, or else its longest string."""
    strings = {key: value for key, value in data.rest.items() if isinstance(value, str)}
    if "text" in strings:
        return "text", strings["text"]
    if not strings:
        data.refuse("text", "must be the text of the task: Sayso reads tasks on texts only")
    key = max(strings, key=lambda key: len(strings[key]))
    return key, strings[key]


@dataclass(slots=True)
class _Draft:
    """A span in the making."""

    label: str
    ranges: list[tuple[int, int]]
    where: str
    quote: str | None
    result: _Result
    score: float | None
    fields: dict[str, str] = field(default_factory=dict)
    actor: str | None = None
    note: str = ""
    is_flagged: bool = False


class _Maker:
    """Makes spans and links of one task; `told` is what results say of the whole text."""

    def __init__(self, text: str, where: str) -> None:
        self._text = text
        self._where = where
        self._drafts: list[_Draft] = []
        self._regions: dict[tuple[int, str], list[int]] = {}  # by result and region
        self._by_region: dict[str, list[int]] = {}
        self._relations: list[tuple[int, JsonObject, _Result]] = []
        self._count = 0
        self.told: dict[str, Any] = {}
        self.links: dict[tuple[str, str, str], ExchangeLink] = {}
        self.left_out = NotTaken()

    def take(self, result: _Result) -> None:
        """Add what one person or model said."""
        self._count += 1
        for item in result.items:
            if item.rest.get("type") in _REGIONS:
                self._region(item, result)
        for item in result.items:
            type_ = item.rest.get("type")
            if type_ == "relation":
                self._relations.append((self._count, item, result))
            elif type_ in _PER_REGION:
                self._field(item)
            elif type_ not in _REGIONS:
                self.left_out.add(f"regions of the type {named(type_)}")

    def link(self) -> None:
        """Make the links, once all regions are known: a model's lead to those of people too."""
        for number, item, result in self._relations:
            start, end = (self._end(number, item, key) for key in ("from_id", "to_id"))
            if start == end:
                item.refuse("from_id", "and “to_id” are the same region")
            if item.rest.get("direction") == "left":
                start, end = end, start
            types = [type_ for type_ in item.list_of("labels") if isinstance(type_, str) and type_.strip()]
            for type_ in types or ["relation"]:
                link = ExchangeLink(str(len(self.links) + 1), type_, start, end, **_decided(result, result.score))
                self.links.setdefault((type_, start, end), link)  # people come before models

    def finished(self) -> Iterator[ExchangeSpan]:
        """Yield the spans, once it is clear what their offsets count.

        Raises:
            RefusedInputError: a region lies outside the text, or does not have its words.
        """
        quotes = [(draft.ranges, draft.quote) for draft in self._drafts if draft.quote is not None]
        unit = unit_of_quotes(self._text, quotes, _UNITS)
        offsets = Offsets(self._text, unit or Unit.CODE_POINT)
        for number, draft in enumerate(self._drafts, start=1):
            fragments = placed(self._text, offsets.ranges(draft.ranges) or draft.ranges, where=draft.where)
            if unit is None and draft.quote is not None and not is_quote(self._text, draft.ranges, draft.quote):
                raise refuse_quote(draft.where, self._text, draft.ranges, draft.quote)
            kind = guess_kind(draft.label)
            is_actor = kind is LabelKind.ACTOR
            yield ExchangeSpan(
                id=str(number),
                kind=kind,
                label=draft.label,
                fragments=fragments,
                quote=quote_of(self._text, fragments),
                fields=draft.fields | ({ACTOR: draft.actor} if draft.actor and not is_actor else {}),
                actor=draft.actor if is_actor else None,
                note=draft.note,
                is_flagged=draft.is_flagged,
                **_decided(draft.result, draft.score),
            )

    def _region(self, item: JsonObject, result: _Result) -> None:
        value = JsonObject(item.rest.get("value"), self._where, item.place_of("value"))
        if type(value.rest.get("start")) is not int:
            value.refuse("start", "must be a whole number: Sayso reads regions of plain texts, none of HTML or of time")
        ranges = [(value.offset("start"), value.offset("end"))]
        labels: object = next((value.rest[key] for key in _REGIONS if key in value.rest), [])
        if not isinstance(labels, list) or not all(isinstance(label, str) and label.strip() for label in labels):
            value.refuse("labels", f"must be names of labels, not {named(labels)}")
        if not labels:
            self.left_out.add("regions without a label")
        quote = value.rest.get("text")
        score = _share(item.rest.get("score"))
        region = str(item.rest.get("id"))
        for label in labels:
            draft = _Draft(
                label,
                ranges,
                f"{self._where}, {item.place}",
                _unescaped(quote, self._text) if isinstance(quote, str) else None,
                result,
                result.score if score is None else score,
                note="\n".join(_strings(_within(item.rest.get("meta"), "text"))),
            )
            self._regions.setdefault((self._count, region), []).append(len(self._drafts))
            self._by_region.setdefault(region, []).append(len(self._drafts))
            self._drafts.append(draft)

    def _field(self, item: JsonObject) -> None:
        """Add what is said of a region, or of the whole text."""
        name = str(item.rest.get("from_name") or item.rest["type"])
        value = _told_by(item.rest.get("value"), item.rest["type"])
        drafts = self._regions.get((self._count, str(item.rest.get("id"))))
        if not value:
            return
        if drafts is None:
            self.told[name] = value
            return
        for draft in (self._drafts[number] for number in drafts):
            if name == FLAGGED:
                draft.is_flagged = True
            elif name == ACTOR:
                draft.actor = value
            else:
                draft.fields[unreserved(name)] = value

    def _end(self, number: int, item: JsonObject, key: str) -> str:
        region = str(item.rest.get(key))
        found = self._regions.get((number, region)) or self._by_region.get(region)
        if not found:
            item.refuse(key, f"is {named(item.rest.get(key))}, which is not the id of a region of this task")
        return str(found[0] + 1)


def _unescaped(quote: str, text: str) -> str:
    """Return the words of a region with its line ends: they were written as a backslash and an n for a time."""
    return quote if "\\n" in text else quote.replace("\\n", "\n")


def _decided(result: _Result, score: float | None) -> dict[str, Any]:
    """Return what is known of the decision on a span or a link."""
    if result.model is not None:
        return {"state": result.state, "origin": Origin.SUGGESTER, "suggester": result.model, "score": score}
    return {"state": result.state, "analyst": result.analyst, "decided_at": result.decided_at}


def _told_by(value: object, type_: str) -> str:
    """Return what a control says, as a string."""
    found = _within(value, "text" if type_ == "textarea" else type_)
    if type_ == "taxonomy" and isinstance(found, list):
        return "; ".join(" / ".join(_strings(path)) for path in found)
    return ("\n" if type_ == "textarea" else ", ").join(_strings(found))


def _strings(value: object) -> Iterable[str]:
    if isinstance(value, list):
        return [str(item) for item in value if isinstance(item, str | int | float)]
    return [str(value)] if isinstance(value, str | int | float) else []


def _within(value: object, key: str) -> object:
    return value.get(key) if isinstance(value, dict) else None


def _share(value: object) -> float | None:
    is_share = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1
    return float(value) if is_share and isinstance(value, int | float) else None


def _person(value: object) -> str | None:
    if isinstance(value, dict):
        value = value.get("email") or value.get("username") or value.get("id")
    return (f"annotator {value}" if isinstance(value, int) else str(value)) if value else None


def _moment(value: object) -> str | None:
    if isinstance(value, str):
        with suppress(ValueError):
            datetime.datetime.fromisoformat(value)
            return value
    return None
