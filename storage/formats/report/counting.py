"""What the report tells, counted over the documents one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from storage.formats.exchange import ExchangeDocument, ExchangeSpan
from storage.formats.losses import Losses
from storage.formats.network.statements import Party, Reader
from storage.records import Codebook, LabelKind, Origin, State

#: How many examples of each label are shown, and how long a quote is at most.
EXAMPLES = 3
_SHOWN_CP = 240
#: A quote shorter than this is no good example of a claim.
_TELLING_CP = 25


@dataclass(frozen=True, slots=True)
class Example:
    """A confirmed span with its surroundings' names."""

    quote: str
    document: str
    speaker: str = ""


@dataclass(slots=True)
class Summary:
    """The counts of a project."""

    documents: int = 0
    characters: int = 0
    reviewed: int = 0
    started: int = 0
    spans: Counter[tuple[LabelKind, str, State]] = field(default_factory=Counter)
    proposed: Counter[tuple[str, str, State]] = field(default_factory=Counter)
    links: Counter[tuple[str, State]] = field(default_factory=Counter)
    speakers: Counter[Party] = field(default_factory=Counter)
    targets: Counter[Party] = field(default_factory=Counter)
    pairs: dict[tuple[Party, Party], Counter[int]] = field(default_factory=dict)
    months: Counter[str] = field(default_factory=Counter)
    undated: int = 0
    examples: dict[tuple[LabelKind, str], list[Example]] = field(default_factory=dict)
    analysts: Counter[str] = field(default_factory=Counter)
    actors: int = 0

    def count(self, state: State, kind: LabelKind | None = None) -> int:
        """Return how many spans are in a state, of one kind or of all."""
        return sum(n for (of, _, in_), n in self.spans.items() if in_ == state and kind in (None, of))


def summarise(documents: Iterable[ExchangeDocument], codebook: Codebook) -> Summary:
    """Return the counts of documents; memory holds one document and the counts."""
    summary = Summary()
    reader = Reader(codebook, Losses())
    for document in documents:
        summary.documents += 1
        summary.characters += len(document.text)
        summary.reviewed += sum(end - start for start, end in document.reviewed) >= len(document.text)
        summary.started += any(span.state != State.SUGGESTED for span in document.spans)
        _count_spans(summary, document)
        confirmed = _confirmed(document)
        for statement in reader.read([confirmed]):
            summary.speakers[statement.speaker] += 1
            summary.undated += statement.day is None
            if statement.day is not None:
                summary.months[statement.day[:7]] += 1
            for target in statement.targets:
                summary.targets[target] += 1
                pair = statement.speaker, target
                summary.pairs.setdefault(pair, Counter())[statement.sign] += 1
        _keep_examples(summary, confirmed)
    return summary


def _confirmed(document: ExchangeDocument) -> ExchangeDocument:
    spans = tuple(span for span in document.spans if span.state == State.CONFIRMED)
    ids = {span.id for span in spans}
    links = tuple(
        link for link in document.links if link.state == State.CONFIRMED and link.from_id in ids and link.to_id in ids
    )
    return replace(document, spans=spans, links=links)


def _count_spans(summary: Summary, document: ExchangeDocument) -> None:
    for span in document.spans:
        summary.spans[span.kind, span.label, span.state] += 1
        if span.origin == Origin.SUGGESTER:
            summary.proposed[span.suggester or "import", span.label, span.state] += 1
        if span.analyst and span.state != State.SUGGESTED:
            summary.analysts[span.analyst] += 1
    for link in document.links:
        summary.links[link.type, link.state] += 1


def _keep_examples(summary: Summary, document: ExchangeDocument) -> None:
    wanted = [span for span in document.spans if _wants(summary, span)]
    if not wanted:
        return
    spans = {span.id: span for span in document.spans}
    speakers = {link.from_id: spans[link.to_id] for link in document.links if link.type == "speaker"}
    for span in wanted:
        found = summary.examples.setdefault((span.kind, span.label), [])
        quote = " ".join((span.quote or "").split())
        shown = quote if len(quote) <= _SHOWN_CP else quote[: _SHOWN_CP - 1] + "…"
        if len(found) < EXAMPLES and shown not in {example.quote for example in found}:
            found.append(Example(shown, document.title, _name(speakers.get(span.id))))


def _name(mention: ExchangeSpan | None) -> str:
    return (mention.actor or mention.quote or "") if mention else ""


def _wants(summary: Summary, span: ExchangeSpan) -> bool:
    if span.kind == LabelKind.CLAIM and len(span.quote or "") < _TELLING_CP:
        return False
    return len(summary.examples.get((span.kind, span.label), ())) < EXAMPLES
