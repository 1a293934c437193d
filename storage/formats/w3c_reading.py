"""Reading W3C Web Annotations, as Sayso and as other programs write them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from storage.errors import RefusedInputError
from storage.formats.decoding import Decoded, decode
from storage.formats.exchange import ExchangeDocument, ExchangeLink, ExchangeSpan
from storage.formats.foreign import NotTaken, read_bounded
from storage.formats.json_file import read_json
from storage.formats.json_object import JsonObject
from storage.formats.jsonl_line import document_from
from storage.formats.mapping import guess_kind
from storage.formats.naming import display_name
from storage.formats.offsets import Offsets, Unit, placed, refuse_quote, unit_of_quotes
from storage.formats.w3c_annotation import MOST_DEEP, Annotation, Part, string_of
from storage.records import LabelKind, Origin, State
from storage.text import check_text, quote_of

_UNITS = (Unit.CODE_POINT, Unit.UTF16, Unit.LINE_END)
_LABELLING = ("classifying", "tagging")


def documents_of(path: Path, encoding: str | None) -> Iterator[ExchangeDocument]:
    """Yield the documents that the annotations of one file speak of.

    Raises:
        RefusedInputError: see `w3c.read`.
        OSError: the file cannot be read.
    """
    name = display_name(path)
    data = read_json(path)
    own = data.get("sayso") if isinstance(data, dict) else None
    annotations = [Annotation(JsonObject(value, name, place), name) for value, place in _items(data, "", name)]
    by_source: dict[str, list[Annotation]] = {}
    source_of: dict[str, str] = {}
    for annotation in annotations:
        for source in annotation.sources():
            by_source.setdefault(source, []).append(annotation)
            source_of.setdefault(annotation.id, source)
    if not by_source and own is not None:
        by_source[path.with_suffix(".txt").name] = []
    if not by_source:
        raise RefusedInputError(f"{name} holds no annotation of a text.")
    first = next(iter(by_source))
    links_of: dict[str, list[Annotation]] = {}
    for annotation in annotations:
        if annotation.is_linking:  # one that leads from nowhere is counted with the first text
            links_of.setdefault(source_of.get(annotation.ends()[0], first), []).append(annotation)
    for source, found in by_source.items():
        embedded = next((each.texts[source] for each in found if source in each.texts), None)
        decoded = Decoded(embedded, "", False) if embedded is not None else _text_of(path, source, encoding)
        reader = _Reader(decoded.text, source, name)
        yield reader.document(found, links_of.get(source, []), own, decoded.encoding)


def _items(data: object, place: str, name: str, depth: int = 0) -> Iterator[tuple[Any, str]]:
    """Yield the annotations in a page, a collection, a graph or a list, each with its place."""
    if depth > MOST_DEEP:
        raise RefusedInputError(f"{name}: its pages lie within pages without end.")
    if isinstance(data, list):
        for number, value in enumerate(data):
            yield from _items(value, f"{place}[{number}]", name, depth + 1)
        return
    if not isinstance(data, dict):
        raise RefusedInputError(f"{name}: {place or 'it'} is no annotation nor a page of them.")
    if "target" in data or "hasTarget" in data:
        yield data, place
        return
    for key in ("items", "@graph", "first"):
        if isinstance(data.get(key), list | dict):
            yield from _items(data[key], f"{place}.{key}".lstrip("."), name, depth + 1)


class _Reader:
    """Makes one document of a text and the annotations of it."""

    def __init__(self, text: str, source: str, name: str) -> None:
        check_text(text, where=f"{name}: the text {source}")
        self._text = text
        self._source = source
        self._name = name
        self._left_out = NotTaken()

    def document(
        self, annotations: Iterable[Annotation], links: Iterable[Annotation], own: object, encoding: str
    ) -> ExchangeDocument:
        """Return the document; `own` is what Sayso wrote of it."""
        annotations = list(annotations)
        offsets = self._offsets(annotations)
        spans: list[ExchangeSpan] = []
        span_ids: dict[str, str] = {}
        for annotation in annotations:
            for span in self._spans(annotation, offsets, f"s{len(spans) + 1}"):
                spans.append(span)
                span_ids.setdefault(annotation.id, span.id)
        made = tuple(self._links(links, span_ids))
        stem = Path(self._name).stem
        about = JsonObject({**own, "text": self._text} if isinstance(own, dict) else {"text": self._text}, self._name)
        found = document_from(about.rest, where=self._name, fallback_title=stem)
        if own is None:
            meta = {"file": self._name, **self._left_out.meta()}
            found = replace(found, title=Path(unquote(self._source)).stem or stem, meta=meta, encoding=encoding)
        else:
            found = replace(found, meta={**found.meta, **self._left_out.meta()})
        return replace(found, spans=tuple(spans), links=made, sha256=None)

    def _offsets(self, annotations: Iterable[Annotation]) -> Offsets:
        """Return what the positions count: code points, unless the words fit otherwise only."""
        told = [([p.range], p.exact) for a in annotations for p in self._own(a) if p.range and p.exact is not None]
        return Offsets(self._text, unit_of_quotes(self._text, told, _UNITS) or Unit.CODE_POINT)

    def _own(self, annotation: Annotation) -> list[Part]:
        return [part for part in annotation.parts if part.source == self._source]

    def _spans(self, annotation: Annotation, offsets: Offsets, id_: str) -> Iterator[ExchangeSpan]:
        """Yield the spans of an annotation: one for each of its labels."""
        ranges = []
        for part in self._own(annotation):
            if part.range is None and part.exact is None:
                self._left_out.add("annotations of a whole text or by other selectors")
                return
            ranges.append(self._range(part, annotation, offsets))
        fragments = placed(self._text, ranges, where=annotation.where)
        quote = quote_of(self._text, fragments)
        own = annotation.data.rest.get("sayso")
        said, people = _said(annotation), _people(annotation.data)
        for number, label in enumerate(said.labels):
            span = ExchangeSpan(
                id=id_ if number == 0 else f"{id_}.{number + 1}",
                kind=guess_kind(label),
                label=label,
                fragments=fragments,
                quote=quote,
                actor=said.actor,
                note=said.note,
                fields=said.fields,
                **people,
            )
            blob = JsonObject(own, self._name, annotation.data.place_of("sayso")) if own is not None else None
            yield span if blob is None else _with_own(span, blob)

    def _range(self, part: Part, annotation: Annotation, offsets: Offsets) -> tuple[int, int]:
        """Return where a part is, in code points: where it says, or where its words are."""
        text, exact = self._text, part.exact
        if part.range is not None:
            found = offsets.ranges([part.range])
            if found and (exact is None or _same(text[slice(*found[0])], exact)):
                return found[0]
        places = list(_places(text, part)) if exact else []
        if len(places) == 1:
            return places[0]
        if part.range is not None:
            raise refuse_quote(annotation.where, text, [part.range], exact or "")
        often = f"stand {len(places):,} times in the text, and nothing tells which" if places else "are not in the text"
        raise RefusedInputError(f"{annotation.where}: the words “{(exact or '')[:60]}” {often}.")

    def _links(self, annotations: Iterable[Annotation], span_ids: dict[str, str]) -> Iterator[ExchangeLink]:
        for number, annotation in enumerate(annotations, start=1):
            from_id, to_id = (span_ids.get(end) for end in annotation.ends())
            if from_id is None or to_id is None or from_id == to_id:
                self._left_out.add("links without two ends")
                continue
            labels = _said(annotation).labels
            link = ExchangeLink(f"l{number}", labels[0], from_id, to_id, **_people(annotation.data))
            own = annotation.data.rest.get("sayso")
            blob = JsonObject(own, self._name, annotation.data.place_of("sayso")) if own is not None else None
            yield link if blob is None else replace(link, **_decided(blob))


@dataclass(frozen=True, slots=True)
class _Said:
    """What the bodies of an annotation say."""

    labels: list[str]
    actor: str | None
    note: str
    fields: dict[str, str]


def _said(annotation: Annotation) -> _Said:
    labels: list[str] = []
    notes: list[str] = []
    actor, fields = None, {}
    for body in annotation.bodies():
        purpose, value = string_of(body, "purpose") or next(iter(annotation.motivations), ""), body.get("value")
        address = body.get("source") or body.get("id")
        if isinstance(value, str) and purpose in _LABELLING and value.strip():
            labels.append(value if annotation.data.rest.get("sayso") else " ".join(value.split()))
        elif isinstance(value, str) and purpose == "identifying" and value.strip():
            actor = value
        elif isinstance(value, str) and value:
            notes.append(value)
        elif isinstance(address, str) and purpose in _LABELLING:
            labels.append(address.rstrip("/").replace("#", "/").rpartition("/")[2])
        elif isinstance(address, str) and purpose == "identifying":
            fields["identifier"] = address
    fallback = next((each for each in annotation.motivations if each != "linking"), "annotation")
    return _Said(labels or [fallback], actor, "\n".join(notes), fields)


def _with_own(span: ExchangeSpan, blob: JsonObject) -> ExchangeSpan:
    return replace(
        span,
        kind=blob.choice("kind", LabelKind, span.kind),
        reason=blob.optional("reason") or "",
        is_flagged=blob.flag("flagged"),
        fields=blob.strings("fields"),
        **_decided(blob),
    )


def _decided(blob: JsonObject) -> dict[str, Any]:
    return {
        "state": blob.choice("state", State, State.CONFIRMED),
        "origin": blob.choice("origin", Origin, Origin.IMPORT),
        "score": blob.score(),
    }


def _people(data: JsonObject) -> dict[str, Any]:
    return {
        "analyst": _name(data.rest.get("creator")),
        "suggester": _name(data.rest.get("generator")),
        "decided_at": data.moment("created"),
    }


def _name(agent: object) -> str | None:
    """Return what somebody is called: a name, or an address."""
    if isinstance(agent, list):
        return next((name for each in agent if (name := _name(each))), None)
    if isinstance(agent, dict):
        agent = agent.get("name") or agent.get("nickname") or agent.get("id")
    return agent if isinstance(agent, str) and agent.strip() else None


def _same(found: str, exact: str) -> bool:
    return "".join(found.split()) == "".join(exact.split())


def _places(text: str, part: Part) -> Iterator[tuple[int, int]]:
    """Yield where the words stand; those with the right words around them if there are any."""
    exact = part.exact or ""
    found: list[tuple[int, int]] = []
    start = text.find(exact)
    while start >= 0 and len(found) < 1000:
        found.append((start, start + len(exact)))
        start = text.find(exact, start + 1)
    around = [
        (start, end)
        for start, end in found
        if text.endswith(part.prefix, 0, start) and text.startswith(part.suffix, end)
    ]
    yield from around or found


def _text_of(path: Path, source: str, encoding: str | None) -> Decoded:
    """Return the text that annotations speak of: the file of that name beside them, or the one named as they are.

    Raises:
        RefusedInputError: there is none; nothing is fetched, and no other folder is looked into.
    """
    name = unquote(source.rpartition("/")[2].partition("#")[0].partition("?")[0])
    is_plain = bool(name) and name not in {".", ".."} and not set(name) & set("/\\:\0")
    wanted = [path.with_name(name)] if is_plain else []
    file = next((each for each in [*wanted, path.with_suffix(".txt")] if each.is_file() and each != path), None)
    if file is None or file.is_symlink():
        raise RefusedInputError(
            f"{display_name(path)} speaks of the text “{source[:80]}”, which is not there: put it beside the file, "
            f"named “{display_name(path.with_suffix('.txt'))}”. Nothing is fetched from elsewhere."
        )
    data = read_bounded(file)
    where = display_name(file)
    try:
        return decode(data, where=where, encoding=encoding or "utf-8")
    except RefusedInputError:
        if encoding:
            raise
        return decode(data, where=where)
