"""Writing WebAnno TSV 3.3: cutting a text into sentences and words, and spans into the words they cover."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, TextIO

from storage.formats.atomic import atomic_folder
from storage.formats.exchange import ExchangeDocument, ExchangeLink
from storage.formats.naming import FileNames
from storage.formats.uima import LINK, LINK_FEATURES, SPAN, SPAN_FEATURES, link_features, span_features
from storage.formats.units import Utf16Offsets
from storage.formats.webanno_cells import NO_VALUE, NOTHING, escaped_text, escaped_value
from storage.records import Fragment

if TYPE_CHECKING:
    from pathlib import Path

    from storage.formats.interface import WriteContext

_WORD = r"[\w\p{M}]+|\S"
#: Where the next sentence begins: after a line end, or after a full stop and the like.
_BREAK = r"(?:\s*\n\s*|(?<=[.!?…。！？][\p{Pe}\p{Pf}\p{Pi}\"']*)\s+)(?=\S)"


def write(documents: Iterable[ExchangeDocument], path: Path, context: WriteContext) -> int:
    """Write a folder of one TSV file a document, whole or not at all; return how many.

    Raises:
        StorageFullError: the folder cannot be written, or is not empty.
    """
    del context
    names, written = FileNames(), 0
    with atomic_folder(path) as folder:
        for document in documents:
            written += 1
            with (folder / f"{names.of(document.title)}.tsv").open("w", encoding="utf-8", newline="") as stream:
                _Writer(document, stream).write()
    return written


@dataclass(slots=True)
class _Annotation:
    """One fragment of a span: what it says, the words it covers, and the number that tells it from others there."""

    features: dict[str, str]
    words: range
    number: int | None = None


@dataclass(slots=True)
class _Word:
    """A word with the annotations that cover it and the relations that lead to it."""

    place: Fragment
    id: str = ""
    annotations: list[_Annotation] = field(default_factory=list)
    relations: list[tuple[ExchangeLink, _Annotation, _Annotation]] = field(default_factory=list)


class _Writer:
    """Writes one document."""

    def __init__(self, document: ExchangeDocument, stream: TextIO) -> None:
        self._document = document
        self._stream = stream
        self._text = document.text
        self._offsets = Utf16Offsets(document.text)
        self._words = [_Word(place) for place in _words(document)]
        self._sentences = _sentences(document.text)
        self._number_words()
        self._take_spans_and_links()
        used = {name for word in self._words for each in word.annotations for name in each.features}
        self._features = [name for name in SPAN_FEATURES if name in used or name in {"label", "kind"}]
        self._features += sorted(used - set(SPAN_FEATURES))
        used = {name for link in document.links for name in link_features(link)}
        self._link_features = [name for name in LINK_FEATURES if name in used]

    def write(self) -> None:
        """Write the whole file."""
        header = ["#FORMAT=WebAnno TSV 3.3", "|".join([f"#T_SP={SPAN}", *self._features])]
        if self._link_features:
            header.append("|".join([f"#T_RL={LINK}", *self._link_features, f"BT_{SPAN}"]))
        self._stream.write("\n".join([*header, "", ""]))
        first = 0
        for number, sentence in enumerate(self._sentences):
            after = bisect_left(self._words, sentence.end_cp, key=lambda word: word.place.start_cp)
            self._stream.write("\n")
            self._write_heading(sentence, is_last=number == len(self._sentences) - 1)
            for word in self._words[first:after]:
                self._write_word(word)
            first = after

    def _write_heading(self, sentence: Fragment, *, is_last: bool) -> None:
        """Write a sentence with the white space behind it; a last line feed is one that readers add themselves."""
        text = self._text[slice(*sentence)]
        text = text if is_last else text.removesuffix("\n")
        for line in text.split("\n"):
            self._stream.write(f"#Text={escaped_text(line)}\n")

    def _write_word(self, word: _Word) -> None:
        begin, end = (self._offsets.to_u16(place) for place in word.place)
        form = self._text[slice(*word.place)]
        cells = [word.id, f"{begin}-{end}", escaped_text(form) if form.isspace() else form]
        if not word.annotations and not word.relations:  # as of most words
            columns = len(self._features) + (len(self._link_features) + 1 if self._link_features else 0)
            self._stream.write("\t".join([*cells, *([NOTHING] * columns), "\n"]))
            return
        cells += [_stacked(_cell(each, name) for each in word.annotations) for name in self._features]
        if self._link_features:
            for name in self._link_features:
                cells.append(_stacked(_value(link_features(link).get(name)) for link, _, _ in word.relations))
            cells.append(_stacked(self._reference(*ends) for _, *ends in word.relations))
        self._stream.write("\t".join([*cells, "\n"]))

    def _reference(self, source: _Annotation, target: _Annotation) -> str:
        word = self._words[source.words[0]].id
        if source.number is None and target.number is None:
            return word
        return f"{word}[{source.number or 0}_{target.number or 0}]"

    def _number_words(self) -> None:
        sentence = within = 0
        for word in self._words:
            while word.place.start_cp >= self._sentences[sentence].end_cp:
                sentence, within = sentence + 1, 0
            within += 1
            word.id = f"{sentence + 1}-{within}"

    def _take_spans_and_links(self) -> None:
        first: dict[str, _Annotation] = {}
        every = []
        starts = [word.place.start_cp for word in self._words]
        for number, span in enumerate(self._document.spans, start=1):
            features = span_features(span, str(number) if len(span.fragments) > 1 else None)
            for start_cp, end_cp in span.fragments:
                annotation = _Annotation(features, range(bisect_left(starts, start_cp), bisect_left(starts, end_cp)))
                for place in annotation.words:
                    self._words[place].annotations.append(annotation)
                first.setdefault(span.id, annotation)
                every.append(annotation)
        ambiguous = (a for a in every if len(a.words) > 1 or len(self._words[a.words[0]].annotations) > 1)
        for number, annotation in enumerate(ambiguous, start=1):
            annotation.number = number
        for link in self._document.links:
            source, target = first[link.from_id], first[link.to_id]
            self._words[target.words[0]].relations.append((link, source, target))


def _cell(annotation: _Annotation, name: str) -> str:
    suffix = "" if annotation.number is None else f"[{annotation.number}]"
    return _value(annotation.features.get(name)) + suffix


def _value(value: str | None) -> str:
    return escaped_value(value) if value else NO_VALUE


def _stacked(values: Iterable[str]) -> str:
    return "|".join(values) or NOTHING


def _words(document: ExchangeDocument) -> Iterator[Fragment]:
    """Yield the words of a text, cut wherever a fragment begins or ends. White space at the beginning is one too."""
    import regex  # noqa: PLC0415  (40 ms, only where it is needed)

    text = document.text
    cuts = sorted({cut for span in document.spans for fragment in span.fragments for cut in fragment})
    if text[0].isspace():
        yield Fragment(0, len(text) - len(text.lstrip()))
    for match in regex.finditer(_WORD, text):
        start_cp, end_cp = match.span()
        within = cuts[bisect_left(cuts, start_cp + 1) : bisect_left(cuts, end_cp)]
        yield from (Fragment(*ends) for ends in pairwise([start_cp, *within, end_cp]))


def _sentences(text: str) -> list[Fragment]:
    """Return the sentences of a text, each with the white space behind it, so that they leave nothing out."""
    import regex  # noqa: PLC0415

    starts = [match.end() for match in regex.finditer(_BREAK, text)]
    return [Fragment(*ends) for ends in pairwise([0, *(start for start in starts if start), len(text)])]
