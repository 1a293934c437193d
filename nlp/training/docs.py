"""Make spaCy Docs of the stretches of a document: decided spans aligned to tokens, each change noted."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from spacy.tokens import Span

from nlp.suggestion import Range, TrainingDocument, TrainingSpan
from nlp.training.report import Fate, Note
from nlp.training.stretches import Stretch, extent, find_stretches, left_out, touches

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

#: Where spaCy's components look: all confirmed spans; what the entity recognizer must not find; the rest of the
#: rejected ones.
SPANS_KEY, INCORRECT_KEY, REJECTED_KEY = "sc", "incorrect_spans", "rejected"
_ACTOR = "actor"


@dataclass(slots=True)
class DocMaker:
    """Makes the Docs of one document after another and notes what did not go in just as it is."""

    nlp: Language
    only_reviewed: bool = False
    notes: list[Note] = field(default_factory=list)
    rejected: int = 0
    excluded: int = 0
    words_complete: int = 0
    words_missing: int = 0

    def docs(self, document: TrainingDocument) -> Iterator[Doc]:
        """Yield the training Docs of a document; each is only valid until the next one is asked for."""
        stretches = list(find_stretches(document, only_reviewed=self.only_reviewed))
        confirmed, lost = _shared_out(stretches, self._kept(document, document.confirmed))
        rejected, lost_too = _shared_out(stretches, self._kept(document, document.rejected))
        for span in (*lost, *lost_too):
            self._note(Fate.LEFT_OUT, document, span, "it lies outside the reviewed stretches")
        for stretch, good, bad in zip(stretches, confirmed, rejected, strict=True):
            yield self._doc(document, stretch, good, bad)

    def _kept(self, document: TrainingDocument, spans: Iterable[TrainingSpan]) -> Iterator[TrainingSpan]:
        """Yield the spans that do not reach into an excluded part, and count the others."""
        excluded = left_out(document)
        for span in spans:
            if touches(extent(span), excluded):
                self.excluded += 1
                self._note(Fate.LEFT_OUT, document, span, "it reaches into a part that is excluded from the work")
            else:
                yield span

    def _doc(
        self,
        document: TrainingDocument,
        stretch: Stretch,
        confirmed: Iterable[TrainingSpan],
        rejected: Iterable[TrainingSpan],
    ) -> Doc:
        doc = self.nlp.make_doc(document.text[stretch.start_cp : stretch.end_cp])
        doc.user_data.update(document_id=document.document_id, title=document.title, start_cp=stretch.start_cp)
        good = [pair for span in confirmed for pair in self._aligned(document, stretch, doc, span)]
        bad = [pair for span in rejected for pair in self._aligned(document, stretch, doc, span)]
        good = self._without_doubles(document, good)
        doc.spans[SPANS_KEY] = [token_span for _, token_span in good]
        self._set_entities(document, stretch, doc, [pair for pair in good if pair[0].kind == _ACTOR])
        self._set_rejected(document, doc, self._without_doubles(document, bad), good)
        return doc

    def _aligned(
        self, document: TrainingDocument, stretch: Stretch, doc: Doc, span: TrainingSpan
    ) -> Iterator[tuple[TrainingSpan, Span]]:
        """Yield a span's fragments as tokens, each with the fragment as a span of its own."""
        if len(span.fragments) > 1:
            reason = f"spaCy knows no gaps: {len(span.fragments)} spans"
            self._note(Fate.SPLIT, document, span, reason)
        for fragment in span.fragments:
            single = TrainingSpan(span.kind, span.label, (fragment,))
            start, end = fragment.start_cp - stretch.start_cp, fragment.end_cp - stretch.start_cp
            found = _to_tokens(doc, start, end, span.label)
            if found is None:
                self._note(Fate.LEFT_OUT, document, single, "it holds no token that a span may begin or end with")
                continue
            if (found.start_char, found.end_char) != (start, end):
                reason = f"tokens end elsewhere: now “{found.text}”"
                self._note(Fate.MOVED, document, single, reason)
            yield single, found

    def _without_doubles(
        self, document: TrainingDocument, pairs: Iterable[tuple[TrainingSpan, Span]]
    ) -> list[tuple[TrainingSpan, Span]]:
        kept: dict[tuple[int, int, str, bool], tuple[TrainingSpan, Span]] = {}
        for span, found in pairs:
            key = (found.start, found.end, span.label, span.kind == _ACTOR)
            if key in kept:
                self._note(Fate.LEFT_OUT, document, span, "the same words have this label already")
            else:
                kept[key] = (span, found)
        return sorted(kept.values(), key=lambda pair: (pair[1].start, -pair[1].end))

    def _set_entities(
        self,
        document: TrainingDocument,
        stretch: Stretch,
        doc: Doc,
        mentions: Iterable[tuple[TrainingSpan, Span]],
    ) -> None:
        """Set `ents`, longest first where they overlap; what is not declared complete is missing."""
        owner: dict[int, Span] = {}
        for span, found in sorted(mentions, key=lambda pair: (pair[1].start - pair[1].end, pair[1].start)):
            other = next((owner[i] for i in range(found.start, found.end) if i in owner), None)
            if other is not None:
                reason = f"entities cannot overlap: only in spans; the entity is “{other.text}”"
                self._note(Fate.LEFT_OUT, document, span, reason)
                continue
            owner.update(dict.fromkeys(range(found.start, found.end), found))
        is_complete = _tokens_inside(doc, stretch)
        missing = [i for i in range(len(doc)) if i not in owner and not is_complete[i]]
        self.words_complete += sum(is_complete)
        self.words_missing += len(doc) - sum(is_complete)
        entities = {id(found): found for found in owner.values()}
        doc.set_ents(list(entities.values()), missing=_runs(doc, missing), default="outside")

    def _set_rejected(
        self,
        document: TrainingDocument,
        doc: Doc,
        rejected: Iterable[tuple[TrainingSpan, Span]],
        confirmed: Iterable[tuple[TrainingSpan, Span]],
    ) -> None:
        # spaCy refuses data in which the same span is both an entity and none (E868).
        true = {(found.start, found.end, found.label_) for _, found in confirmed}
        incorrect: list[Span] = []
        others: list[Span] = []
        for span, found in rejected:
            if (found.start, found.end, found.label_) in true:
                self._note(Fate.LEFT_OUT, document, span, "rejected here, but confirmed for the same tokens")
                continue
            (incorrect if span.kind == _ACTOR else others).append(found)
        self.rejected += len(incorrect) + len(others)
        doc.spans[INCORRECT_KEY] = incorrect
        if others:
            doc.spans[REJECTED_KEY] = others

    def _note(self, fate: Fate, document: TrainingDocument, span: TrainingSpan, reason: str) -> None:
        quote = " ".join(document.text[start:end] for start, end in span.fragments)
        note = Note(fate, document.document_id, document.title, span.kind, span.label, quote, reason)
        self.notes.append(note)


def _shared_out(
    stretches: Sequence[Stretch], spans: Iterable[TrainingSpan]
) -> tuple[list[list[TrainingSpan]], list[TrainingSpan]]:
    """Return the spans that lie in each of the sorted stretches, and those that lie in none."""
    inside: list[list[TrainingSpan]] = [[] for _ in stretches]
    outside = []
    for span in spans:
        start, end = extent(span)
        index = bisect_right(stretches, start, key=lambda stretch: stretch.start_cp) - 1
        if index >= 0 and end <= stretches[index].end_cp:
            inside[index].append(span)
        else:
            outside.append(span)
    return inside, outside


def _to_tokens(doc: Doc, start: int, end: int, label: str) -> Span | None:
    """Return the tokens nearest to a range: the fewest characters added or lost, in doubt added.

    White space at either end goes, since spaCy's entities must not have any (W030, E1010).
    """
    candidates = []
    for mode in ("strict", "expand", "contract"):
        found = doc.char_span(start, end, label=label, alignment_mode=mode)
        if found is not None and (trimmed := _without_space(doc, found)) is not None:
            candidates.append(trimmed)
    return min(candidates, key=lambda s: abs(s.start_char - start) + abs(s.end_char - end), default=None)


def _without_space(doc: Doc, span: Span) -> Span | None:
    start, end = span.start, span.end
    while start < end and doc[start].is_space:
        start += 1
    while start < end and doc[end - 1].is_space:
        end -= 1
    return Span(doc, start, end, label=span.label) if start < end else None


def _tokens_inside(doc: Doc, stretch: Stretch) -> list[bool]:
    """Tell for each token whether it lies in a complete range, white space between two of them included."""
    ranges = [Range(start - stretch.start_cp, end - stretch.start_cp) for start, end in stretch.complete]
    if ranges == [Range(0, stretch.end_cp - stretch.start_cp)]:
        return [True] * len(doc)
    return [any(a <= token.idx and token.idx + len(token) <= b for a, b in ranges) for token in doc]


def _runs(doc: Doc, indices: Iterable[int]) -> list[Span]:
    """Return ascending token indices as spans of neighbours."""
    numbered = enumerate(indices)
    runs = [[i for _, i in run] for _, run in groupby(numbered, key=lambda pair: pair[1] - pair[0])]
    return [Span(doc, run[0], run[-1] + 1) for run in runs]
