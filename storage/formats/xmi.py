"""UIMA CAS as XMI, which INCEpTION, WebAnno, DKPro and dkpro-cassis read: a folder of one file a document.

Offsets are UTF-16 units. Beside the documents stands `TypeSystem.xml`, which INCEpTION makes layers of and cassis
needs. A file is read without it: what has `begin` and `end` is an annotation, and names its layer and features itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TextIO

from storage.errors import RefusedInputError
from storage.formats.atomic import atomic_folder
from storage.formats.exchange import ExchangeDocument, ExchangeLink, ExchangeSpan, ExchangeStretch, LeftOut
from storage.formats.foreign import MAX_FILE_BYTES, NotTaken, holds_only, placed, read_each
from storage.formats.naming import FileNames, date_in, display_name
from storage.formats.uima import (
    LINK,
    SOURCE,
    SPAN,
    TARGET,
    Annotation,
    is_linguistic,
    is_segmentation,
    link_features,
    link_of,
    span_features,
    spans_of,
)
from storage.formats.units import Utf16Offsets
from storage.formats.xmi_types import DOCUMENT, METADATA, REVIEWED, STRETCH, type_system
from storage.formats.xml_file import NOT_IN_XML, attributes, subtrees
from storage.records import Fragment, StretchKind
from storage.text import check_text, quote_of

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from storage.formats.interface import WriteContext

TYPE_SYSTEM = "TypeSystem.xml"

_XMI = "{http://www.omg.org/XMI}"
_CAS = "http:///uima/cas.ecore"
_NAMESPACES = {
    "cas": _CAS,
    "custom": "http:///custom.ecore",
    "meta": "http:///de/tudarmstadt/ukp/dkpro/core/api/metadata/type.ecore",
}
#: What is no feature of an annotation but tells where it is.
_PLACE = {"sofa", "begin", "end", f"{_XMI}id", SOURCE, TARGET}


def recognises(path: Path, head: bytes) -> bool:
    """Say whether a folder holds XMI files and nothing else, or a file begins as one."""
    if path.is_dir():
        return holds_only(path, [".xmi"], also=[TYPE_SYSTEM])
    return b"http://www.omg.org/XMI" in head


# -- reading ----------------------------------------------------------------------------------------------------------


def read(path: Path, *, encoding: str | None = None) -> Iterator[ExchangeDocument | LeftOut]:
    """Yield the documents of an XMI file or of a folder of them, one file after another.

    Words, sentences and what parsers found are not taken over; what else was not is told in `meta`.

    Raises:
        RefusedInputError: a file is not XMI, has no text, or its annotations do not fit its text.
        OSError: a file cannot be read.
    """
    del encoding  # XML says it itself
    yield from read_each(path, _read_file, ".xmi")


def _read_file(file: Path) -> Iterator[ExchangeDocument]:
    name = display_name(file)
    if file.stat().st_size > MAX_FILE_BYTES:
        raise RefusedInputError(f"{name} is larger than {MAX_FILE_BYTES // 2**20} MB, the most for one document.")
    with file.open("rb") as stream:
        yield from read_stream(stream, name)


def read_stream(stream: IO[bytes], name: str, *, encoding: str | None = None) -> Iterator[ExchangeDocument]:
    """Yield the one document of a stream, as `read` does; `name` is the file's."""
    del encoding
    yield _document(_read_cas(stream, name), name)


@dataclass(slots=True)
class _Cas:
    """What a file holds: feature structures by id as (layer, features), and its texts by id."""

    structures: dict[str, tuple[str, dict[str, str]]] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)


def _read_cas(stream: IO[bytes], name: str) -> _Cas:
    cas = _Cas()
    for element in subtrees(stream, lambda _, depth: depth == 1, name):
        namespace, _, short = element.tag.removeprefix("{").rpartition("}")
        id_ = element.get(f"{_XMI}id", "")
        if namespace == _CAS and short == "Sofa":
            cas.names[id_] = element.get("sofaID", "")
            if "sofaString" in element.attrib:
                cas.texts[id_] = element.attrib["sofaString"]
        elif namespace.startswith("http:///") and short not in {"NULL", "View"}:
            if id_ in cas.structures:
                raise RefusedInputError(f"{name}: two things have the id {id_}: the file was put together wrongly.")
            package = namespace.removeprefix("http:///").removesuffix(".ecore").replace("/", ".")
            layer = short if package == "uima.noNamespace" else f"{package}.{short}"
            cas.structures[id_] = layer, _features(element)
    if not cas.texts:
        raise RefusedInputError(f"{name} has no text: it is not a UIMA CAS in XMI, or one of something else.")
    return cas


def _features(element: Element) -> dict[str, str]:
    """Return the features of a structure; those of several values stand in elements of their own."""
    values: dict[str, list[str]] = {}
    for child in element:
        if child.text:
            values.setdefault(child.tag, []).append(child.text)
    return dict(element.attrib) | {name: ", ".join(several) for name, several in values.items()}


def _document(cas: _Cas, name: str) -> ExchangeDocument:
    sofa = next((id_ for id_ in cas.texts if cas.names[id_] == "_InitialView"), next(iter(cas.texts)))
    records = {layer: features for layer, features in cas.structures.values() if layer in {DOCUMENT, METADATA}}
    own, metadata = records.get(DOCUMENT, {}), records.get(METADATA, {})
    text = _restored(cas.texts[sofa], own.get("unfit"), name)
    check_text(text, where=name)
    left_out = NotTaken()
    if len(cas.texts) > 1:
        left_out.add("further views", len(cas.texts) - 1)
    reader = _Reader(cas, sofa, text, name, left_out)
    spans, links = reader.spans_and_links()
    titles = own.get("title", ""), metadata.get("documentTitle", ""), Path(name).stem
    title = next(each for each in titles if each.strip())
    known: dict[str, Any] = {"meta": {"file": name, **left_out.meta()}, "date": date_in(name)}
    if own:
        known = {"meta": {**_meta(own, name), **left_out.meta()}, "date": own.get("date")}
    language = own.get("language", metadata.get("language", "").replace("x-unspecified", ""))
    return ExchangeDocument(
        title=title,
        text=text,
        source=own.get("source", ""),
        language=language,
        encoding=own.get("encoding", ""),
        spans=tuple(spans),
        links=tuple(links),
        reviewed=tuple(reader.reviewed()),
        stretches=tuple(reader.stretches()),
        where=name,
        **known,
    )


def _meta(own: dict[str, str], name: str) -> dict[str, Any]:
    try:
        meta = json.loads(own.get("meta", "{}"))
    except (ValueError, RecursionError) as error:
        raise RefusedInputError(f"{name}: what it keeps of its document is not JSON.") from error
    if not isinstance(meta, dict):
        raise RefusedInputError(f"{name}: what it keeps of its document is not an object of JSON.")
    return meta


def _restored(text: str, unfit: str | None, name: str) -> str:
    """Return the text with the characters that XML could not hold."""
    if not unfit:
        return text
    chars = list(text)
    try:
        for item in unfit.split():
            place, code = item.split(":")
            if chars[int(place)] != "\N{REPLACEMENT CHARACTER}" or not NOT_IN_XML.match(chr(int(code, 16))):
                raise ValueError(item)
            chars[int(place)] = chr(int(code, 16))
    except (ValueError, IndexError, OverflowError) as error:
        raise RefusedInputError(f"{name}: the list of its unusual characters does not fit its text.") from error
    return "".join(chars)


class _Reader:
    """Makes spans and links of the annotations of one text."""

    def __init__(self, cas: _Cas, sofa: str, text: str, name: str, left_out: NotTaken) -> None:
        self._cas = cas
        self._sofa = sofa
        self._text = text
        self._name = name
        self._left_out = left_out
        self._offsets = Utf16Offsets(text)

    def spans_and_links(self) -> tuple[list[ExchangeSpan], list[ExchangeLink]]:
        """Return all spans and links; slots of INCEpTION (features that lead to other annotations) are links too."""
        annotations, relations = [], []
        for id_, (layer, features) in self._cas.structures.items():
            if not self._is_annotation(features) or layer in {DOCUMENT, REVIEWED, STRETCH} or is_segmentation(layer):
                continue
            if is_linguistic(layer):
                self._left_out.add(layer.rpartition(".")[2])
            elif SOURCE in features and TARGET in features:
                relations.append(self._annotation(id_, layer, features))
            else:
                annotations.append(self._annotation(id_, layer, features))
        spans, span_ids = spans_of(annotations, self._name)
        whole = [replace(span, quote=quote_of(self._text, span.fragments)) for span in spans]
        blank = len(annotations) - len(span_ids)
        if blank:
            self._left_out.add("annotations without words", blank)
        return whole, [*self._relations(relations, span_ids), *self._slots(span_ids)]

    def reviewed(self) -> Iterator[Fragment]:
        """Yield the stretches that somebody declared complete."""
        for layer, features in self._cas.structures.values():
            if layer == REVIEWED:
                yield Fragment(*self._range(features, layer))

    def stretches(self) -> Iterator[ExchangeStretch]:
        """Yield pages and excluded parts."""
        for layer, features in self._cas.structures.values():
            if layer == STRETCH:
                if features.get("kind") not in set(StretchKind):
                    raise RefusedInputError(f"{self._name}: “{features.get('kind')}” is no kind of stretch.")
                yield ExchangeStretch(features["kind"], *self._range(features, layer), features.get("value", ""))

    def _is_annotation(self, features: dict[str, str]) -> bool:
        return "begin" in features and "end" in features and features.get("sofa", self._sofa) == self._sofa

    def _range(self, features: dict[str, str], layer: str) -> tuple[int, int]:
        """Return the range of an annotation in code points."""
        try:
            start, end = (self._offsets.to_cp(int(features[key])) for key in ("begin", "end"))
        except (KeyError, ValueError) as error:
            raise RefusedInputError(f"{self._name}: an annotation of {layer} has no whole number as offset.") from error
        placed(self._text, start, end, self._name, self._named(features, layer))
        assert start is not None  # noqa: S101  (checked by `placed`)
        assert end is not None  # noqa: S101
        return start, end

    def _named(self, features: dict[str, str], layer: str) -> str:
        return f"the annotation {layer} [{features.get('begin')}, {features.get('end')})"

    def _annotation(self, id_: str, layer: str, features: dict[str, str]) -> Annotation:
        is_relation = SOURCE in features
        fragment = None
        if not is_relation:
            start_cp, end_cp = self._range(features, layer)
            fragment = placed(self._text, start_cp, end_cp, self._name, self._named(features, layer))
        own = {key: value for key, value in features.items() if key not in _PLACE and not self._refers(value)}
        return Annotation(id_, layer, own, fragment)

    def _refers(self, value: str) -> bool:
        """Return whether a value is a list of ids of slots, which lead to other annotations."""
        ids = value.split()
        return bool(ids) and all("target" in self._cas.structures.get(id_, ("", {}))[1] for id_ in ids)

    def _relations(self, relations: Iterable[Annotation], span_ids: dict[str, str]) -> Iterator[ExchangeLink]:
        for relation in relations:
            features = self._cas.structures[relation.id][1]
            ends = [span_ids.get(features[key]) for key in (SOURCE, TARGET)]
            yield from self._link(relation, *ends)

    def _slots(self, span_ids: dict[str, str]) -> Iterator[ExchangeLink]:
        for owner, span_id in span_ids.items():
            for name, value in self._cas.structures[owner][1].items():
                if name in _PLACE or not self._refers(value):
                    continue
                for id_ in value.split():
                    layer, features = self._cas.structures[id_]
                    role = features.get("role") or name
                    slot = Annotation(f"{owner}.{id_}", layer, {"role": role}, None)
                    yield from self._link(slot, span_id, span_ids.get(features.get("target", "")))

    def _link(self, relation: Annotation, from_id: str | None, to_id: str | None) -> Iterator[ExchangeLink]:
        if from_id is None or to_id is None or from_id == to_id:
            self._left_out.add("relations without two ends")
        else:
            yield link_of(relation, from_id, to_id, self._name)


# -- writing ----------------------------------------------------------------------------------------------------------


def write(documents: Iterable[ExchangeDocument], path: Path, context: WriteContext) -> int:
    """Write a folder of one XMI file a document and their type system, whole or not at all; return how many.

    A feature stands for each field that the codebook or a span has.

    Raises:
        StorageFullError: the folder cannot be written, or is not empty.
    """
    names, written = FileNames(), 0
    fields = {entry.name: None for entry in context.codebook.fields}
    with atomic_folder(path) as folder:
        for document in documents:
            written += 1
            for span in document.spans:
                fields |= dict.fromkeys(span.fields)
            unfit = len(NOT_IN_XML.findall(document.text))
            if unfit:
                why = "XML has no place for them; Sayso finds them again, other programs read U+FFFD"
                context.losses.add("control characters", why, where=document.title, count=unfit)
            with (folder / f"{names.of(document.title)}.xmi").open("w", encoding="utf-8", newline="") as stream:
                _Writer(document, stream).write()
        (folder / TYPE_SYSTEM).write_text(type_system(fields), encoding="utf-8", newline="")
    return written


class _Writer:
    """Writes one document as a CAS."""

    def __init__(self, document: ExchangeDocument, stream: TextIO) -> None:
        self._document = document
        self._stream = stream
        self._offsets = Utf16Offsets(document.text)
        self._ids = count(2)  # 0 is the null structure, 1 the text
        self._members: list[int] = []

    def write(self) -> None:
        """Write the whole file."""
        spaces = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in _NAMESPACES.items())
        self._stream.write('<?xml version="1.0" encoding="UTF-8"?>\n')
        self._stream.write(f'<xmi:XMI xmlns:xmi="http://www.omg.org/XMI"{spaces} xmi:version="2.0">\n')
        self._stream.write('<cas:NULL xmi:id="0"/>\n')
        self._records()
        self._spans_and_links()
        for stretch in self._document.reviewed:
            self._annotation(REVIEWED, *stretch, {})
        for part in self._document.stretches:
            self._annotation(STRETCH, part.start_cp, part.end_cp, {"kind": part.kind, "value": part.value})
        sofa = {"sofaNum": "1", "sofaID": "_InitialView", "mimeType": "text", "sofaString": self._document.text}
        self._stream.write(f'<cas:Sofa xmi:id="1"{attributes(sofa)}/>\n')
        members = " ".join(map(str, self._members))
        self._stream.write(f'<cas:View sofa="1" members="{members}"/>\n</xmi:XMI>\n')

    def _records(self) -> None:
        document = self._document
        values = {
            "title": document.title,
            "source": document.source,
            "date": document.date,
            "language": document.language,
            "encoding": document.encoding,
            "meta": json.dumps(dict(document.meta)),  # in ASCII, so that XML holds every character
            "unfit": " ".join(f"{m.start()}:{ord(m.group()):x}" for m in NOT_IN_XML.finditer(document.text)),
        }
        kept = {name: value for name, value in values.items() if value}
        self._annotation(DOCUMENT, 0, len(document.text), kept)
        known = {"language": document.language or "x-unspecified", "documentTitle": document.title}
        self._annotation(METADATA, 0, len(document.text), known)

    def _spans_and_links(self) -> None:
        first: dict[str, int] = {}
        ranges = {}
        for number, span in enumerate(self._document.spans, start=1):
            features = span_features(span, str(number) if len(span.fragments) > 1 else None)
            for fragment in span.fragments:
                id_ = self._annotation(SPAN, *fragment, features)
                first.setdefault(span.id, id_)
            ranges[span.id] = span.fragments[0]
        for link in self._document.links:
            ends = {SOURCE: str(first[link.from_id]), TARGET: str(first[link.to_id])}
            self._annotation(LINK, *ranges[link.to_id], link_features(link) | ends)

    def _annotation(self, layer: str, start_cp: int, end_cp: int, features: dict[str, str]) -> int:
        id_ = next(self._ids)
        self._members.append(id_)
        prefix = "meta" if layer == METADATA else "custom"
        begin, end = self._offsets.to_u16(start_cp), self._offsets.to_u16(end_cp)
        place = f'xmi:id="{id_}" sofa="1" begin="{begin}" end="{end}"'
        self._stream.write(f"<{prefix}:{layer.rpartition('.')[2]} {place}{attributes(features)}/>\n")
        return id_
