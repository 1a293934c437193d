"""WebAnno TSV 3 as INCEpTION and WebAnno write and read it: one file a document, a line a word.

Offsets are UTF-16 units. A file knows its text only sentence by sentence; between two of them it can tell a line feed
from nothing at all, and everything else from neither. So Sayso writes sentences that go on until the next begins, and
words that end wherever a span does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import IO

from storage.errors import RefusedInputError
from storage.formats.exchange import ExchangeDocument, ExchangeLink, LeftOut
from storage.formats.foreign import NotTaken, placed, read_bounded, read_each
from storage.formats.naming import date_in, display_name
from storage.formats.offsets import Offsets, Unit
from storage.formats.uima import Annotation, is_linguistic, is_segmentation, link_of, short_name, spans_of
from storage.formats.webanno_cells import NO_VALUE, NOTHING, Column, Layer, Value, layer_of, slots, stacked, unescaped
from storage.formats.webanno_writer import write
from storage.text import check_text, quote_of

__all__ = ["read", "read_stream", "recognises", "write"]

_FORMAT = re.compile(r"#FORMAT=WebAnno TSV (?P<version>[0-9.]+)\s*")
_ROW = re.compile(r"(?P<id>[0-9]+-[0-9]+(?:\.[0-9]+)?)\t(?P<begin>[0-9]{1,9})-(?P<end>[0-9]{1,9})\t")
_TEXT = "#Text="


def recognises(path: Path, head: bytes) -> bool:
    """Say whether a file begins as WebAnno TSV 3. A folder of them is no more than its files."""
    del path
    return head.removeprefix(b"\xef\xbb\xbf").startswith(b"#FORMAT=WebAnno TSV 3")


def read(path: Path, *, encoding: str | None = None) -> Iterator[ExchangeDocument | LeftOut]:
    """Yield the documents of a TSV file or of a folder of them, one file after another.

    Words, sentences, chains and what parsers found are not taken over; what is left out is told in `meta`.

    Raises:
        RefusedInputError: a file is not WebAnno TSV 3, is cut off, or its lines do not fit its text.
        OSError: a file cannot be read.
    """
    del encoding  # always UTF-8
    yield from read_each(path, _read_file, ".tsv")


def _read_file(file: Path) -> Iterator[ExchangeDocument]:
    yield _Reader(read_bounded(file), display_name(file)).document()


def read_stream(stream: IO[bytes], name: str, *, encoding: str | None = None) -> Iterator[ExchangeDocument]:
    """Yield the one document of a stream, as `read` does; `name` is the file's."""
    del encoding
    yield _Reader(stream.read(), name).document()


@dataclass(slots=True)
class _Sentence:
    """The lines of a sentence's text, and where it begins in the file's unit."""

    lines: list[str] = field(default_factory=list)
    begin: int | None = None


@dataclass(slots=True)
class _Found:
    """An annotation that grows with each word: its range in the file's unit."""

    layer: str
    features: dict[str, str]
    begin: int
    end: int


class _Reader:
    """Reads one file."""

    def __init__(self, data: bytes, name: str) -> None:
        self._name = name
        self._layers: list[Layer] = []
        self._sentences: list[_Sentence] = []
        self._words: list[tuple[int, int, str]] = []
        self._found: dict[tuple[str, str], _Found] = {}
        self._at_unit: dict[str, list[tuple[str, str]]] = {}
        self._by_number: dict[int, tuple[str, str]] = {}
        self._relations: list[tuple[Layer, str, dict[str, str], Value]] = []
        self._slots: list[tuple[tuple[str, str], str, str, Value]] = []
        self._left_out = NotTaken()
        self._read_lines(self._decoded(data).split("\n"))

    def document(self) -> ExchangeDocument:
        """Return what the file holds."""
        name = self._name
        text, offsets = self._text_and_offsets()
        check_text(text, where=name)
        annotations = []
        for (_, key), found in self._found.items():
            if found.begin == found.end:  # a mark between two characters
                annotations.append(Annotation(f"{found.layer}:{key}", found.layer, found.features, None))
                continue
            ((start_cp, end_cp),) = offsets.ranges([(found.begin, found.end)]) or [(-1, -1)]
            what = f"the annotation {short_name(found.layer)} [{found.begin}, {found.end})"
            fragment = placed(text, start_cp, end_cp, name, what)
            annotations.append(Annotation(f"{found.layer}:{key}", found.layer, found.features, fragment))
        spans, span_ids = spans_of(annotations, name)
        if blank := len(annotations) - len(span_ids):
            self._left_out.add("annotations without words", blank)
        links = [*self._links(span_ids)]
        return ExchangeDocument(
            title=Path(name).stem,
            text=text,
            date=date_in(name),
            meta={"file": name, **self._left_out.meta()},
            spans=tuple(replace(span, quote=quote_of(text, span.fragments)) for span in spans),
            links=tuple(links),
            where=name,
        )

    # -- lines --------------------------------------------------------------------------------------------------------

    def _decoded(self, data: bytes) -> str:
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            raise RefusedInputError(f"{self._name}, line {line:,}: not UTF-8, in which WebAnno TSV is.") from error

    def _read_lines(self, lines: list[str]) -> None:
        head = _FORMAT.fullmatch(lines[0])
        if head is None or not head["version"].startswith("3"):
            raise RefusedInputError(f"{self._name} does not begin with “#FORMAT=WebAnno TSV 3”.")
        is_header = True
        for number, raw in enumerate(lines[1:], start=2):
            line = raw.removesuffix("\r")
            where = f"{self._name}, line {number:,}"
            if is_header and line.startswith("#T_"):
                self._layers.append(layer_of(line, where))
            elif line.startswith("#"):
                is_header = False
                self._take_heading(line)
            elif line:
                self._take_row(line, where)
        if not self._sentences or self._sentences[-1].begin is None:
            raise RefusedInputError(f"{self._name} is cut off, or holds no sentence: export it anew.")

    def _take_heading(self, line: str) -> None:
        if not self._sentences or self._sentences[-1].begin is not None:
            self._sentences.append(_Sentence())
        if line.startswith(_TEXT):
            self._sentences[-1].lines.append(unescaped(line.removeprefix(_TEXT)))

    def _take_row(self, line: str, where: str) -> None:
        match = _ROW.match(line)
        if match is None or not self._sentences:
            raise RefusedInputError(f"{where}: “{line[:60]}” is no word: its number and offsets are not there.")
        unit, begin, end = match["id"], int(match["begin"]), int(match["end"])
        form, *cells = line[match.end() :].split("\t")
        if len(cells) < sum(len(layer.columns) for layer in self._layers):
            raise RefusedInputError(f"{where}: it has fewer columns than the header declares: the file is cut off.")
        if self._sentences[-1].begin is None:
            self._sentences[-1].begin = begin
        self._words.append((begin, end, form))
        first = 0
        for layer in self._layers:
            own = cells[first : first + len(layer.columns)]
            first += len(layer.columns)
            if any(cell != NOTHING for cell in own):  # most words have no annotation
                values = [list(stacked(cell, kind)) for cell, (kind, _) in zip(own, layer.columns, strict=True)]
                self._take_layer(layer, values, unit, (begin, end))

    def _take_layer(self, layer: Layer, values: list[list[Value]], unit: str, place: tuple[int, int]) -> None:
        height = max(len(column) for column in values)
        if layer.is_chain or is_linguistic(layer.name) or is_segmentation(layer.name):
            if not is_segmentation(layer.name) and height:
                self._left_out.add(short_name(layer.name), height)
            return
        for level in range(height):
            row = [(kind, name, column[level] if level < len(column) else Value(NO_VALUE))
                   for (kind, name), column in zip(layer.columns, values, strict=True)]  # fmt: skip
            features = {name: value.text for kind, name, value in row if kind is Column.FEATURE}
            known = {name: value for name, value in features.items() if value is not None}
            if layer.is_relation:
                self._relations.append((layer, unit, known, row[-1][2]))
            else:
                self._take_span(layer, row, known, f"{unit}/{level}", place)

    def _take_span(
        self,
        layer: Layer,
        row: list[tuple[Column, str, Value]],
        features: dict[str, str],
        key: str,
        place: tuple[int, int],
    ) -> None:
        number = next((value.ids[0] for kind, _, value in row if kind is not Column.SLOT and value.ids), 0)
        found_key = self._by_number.get(number) if number else None
        if found_key is not None and found_key[0] == layer.name:
            self._found[found_key].end = max(self._found[found_key].end, place[1])
        else:
            found_key = layer.name, key
            self._found[found_key] = _Found(layer.name, features, *place)
            if number:
                self._by_number[number] = found_key
            for (kind, feature, roles), (_, base, targets) in pairwise(row):
                if kind is Column.ROLE:
                    pairs = zip(slots(roles.raw), slots(targets.raw), strict=False)
                    filled = [(role, target) for role, target in pairs if target.raw != NO_VALUE]
                    self._slots += [(found_key, base, role.text or feature, target) for role, target in filled]
        self._at_unit.setdefault(key.partition("/")[0], []).append(found_key)

    # -- what it comes to ---------------------------------------------------------------------------------------------

    def _text_and_offsets(self) -> tuple[str, Offsets]:
        """Return the text, in the unit in which the words stand where the file says: UTF-16, or what scripts count."""
        for unit in (Unit.UTF16, Unit.CODE_POINT):
            text = self._assembled(unit)
            if text is None:
                continue
            offsets = Offsets(text, unit)
            places = (offsets.ranges([(begin, end)]) for begin, end, _ in self._words)
            if all(
                text[slice(*place[0])] in {form, unescaped(form)} if place else begin == end and not form
                for place, (begin, end, form) in zip(places, self._words, strict=True)
            ):
                return text, offsets
        raise RefusedInputError(
            f"{self._name}: the words are not where their offsets say in the text of the sentences: the file was "
            "changed by hand or by a program that counts otherwise; export it anew."
        )

    def _assembled(self, unit: Unit) -> str | None:
        """Return the text of all sentences; None if it cannot be, counted so."""
        parts: list[str] = []
        length = 0
        for sentence in self._sentences:
            begin = sentence.begin if sentence.begin is not None else length
            if parts and length == begin + 1:  # nothing stood between this sentence and the one ahead of it
                parts[-1] = parts[-1][:-1]
            elif length > begin or begin - length > 1_000_000:
                return None
            else:
                parts.append(" " * (begin - length))
            parts.append("\n".join(sentence.lines) + "\n")
            length = begin + (len(parts[-1].encode("utf-16-le")) // 2 if unit is Unit.UTF16 else len(parts[-1]))
        return "".join(parts)[:-1]

    def _links(self, span_ids: dict[str, str]) -> Iterator[ExchangeLink]:
        for number, (layer, unit, features, source) in enumerate(self._relations, start=1):
            base = layer.columns[-1][1]
            ids = (*source.ids, 0, 0)
            ends = self._annotation(base, source.raw, ids[0]), self._annotation(base, unit, ids[1])
            yield from self._link(Annotation(f"r{number}", layer.name, features, None), span_ids, *ends)
        for number, (owner, base, role, target) in enumerate(self._slots, start=1):
            end = self._annotation(base, target.raw, target.ids[0] if target.ids else 0)
            slot = Annotation(f"s{number}", base, {"role": role}, None)
            yield from self._link(slot, span_ids, owner, end)

    def _link(
        self,
        relation: Annotation,
        span_ids: dict[str, str],
        source: tuple[str, str] | None,
        target: tuple[str, str] | None,
    ) -> Iterator[ExchangeLink]:
        from_id = span_ids.get(":".join(source)) if source else None
        to_id = span_ids.get(":".join(target)) if target else None
        if from_id is None or to_id is None or from_id == to_id:
            self._left_out.add("relations without two ends")
        else:
            yield link_of(relation, from_id, to_id, self._name)

    def _annotation(self, layer: str, unit: str, number: int) -> tuple[str, str] | None:
        """Return the annotation that a reference means: by its number, or the first of the layer at that word."""
        if number:
            return self._by_number.get(number)
        found = self._at_unit.get(unit, [])
        is_any = layer == "uima.tcas.Annotation"
        return next((key for key in found if is_any or key[0] == layer), None)
