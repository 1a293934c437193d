"""Between `storage` and `nlp`, which do not know each other: their plain data turned into one another's.

Free of Qt, so that the commands of `main.py` use it without a screen.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from nlp.suggestion import (
    CUE_KIND_CODES,
    CUE_KINDS,
    VERSION,
    KnownActor,
    Range,
    SuggestRequest,
    TrainingDocument,
    TrainingSpan,
)
from storage.records import ActorRecord, Codebook, DocumentRecord, LabelKind, LabelSettings, State, StretchKind

if TYPE_CHECKING:
    from nlp.evaluate import GoldDocument
    from storage.codebook_file import CodebookFile
    from storage.formats.exchange import ExchangeDocument, ExchangeSpan


def known_actors(actors: Iterable[ActorRecord], codebook: Codebook) -> tuple[KnownActor, ...]:
    """Return the registry as suggesters read it; actors without a label that suggesters know are left out."""
    codes = {label.id: label.code for label in codebook.labels}
    return tuple(
        KnownActor(actor.id, actor.name, code, actor.aliases)
        for actor in actors
        if actor.label_id is not None and (code := codes.get(actor.label_id)) is not None
    )


def suggest_request(
    document: DocumentRecord,
    text: str,
    actors: tuple[KnownActor, ...],
    cue_kinds_off: frozenset[str] = frozenset(),
) -> SuggestRequest:
    """Return the work order for one document; the worker finds out the language where none is known."""
    return SuggestRequest(document.id, text, document.language, actors, cue_kinds_off)


def cue_kinds_off(codebook: Codebook) -> frozenset[str]:
    """Return the kinds of cue that make no claim in this project."""
    return frozenset() if codebook.cue_kinds is None else CUE_KIND_CODES - set(codebook.cue_kinds)


def suggester_version(codebook: Codebook) -> str:
    """Return the version of the built-in suggester as it works for this codebook.

    With other kinds of cue it proposes other claims: documents are read again.
    """
    off = cue_kinds_off(codebook)
    return f"{VERSION} {'+'.join(kind.code for kind in CUE_KINDS if kind.code not in off)}" if off else VERSION


def with_cues(codebook: Codebook, scores: Mapping[int, float]) -> dict[int, float]:
    """Return least scores with those of the labels of cues, which are shown as long as any claim may be."""
    kinds = {label.id: label.kind for label in codebook.labels}
    claims = [score for ident, score in scores.items() if kinds[ident] is LabelKind.CLAIM]
    cues = {ident: min(claims) for ident, kind in kinds.items() if kind is LabelKind.CUE} if claims else {}
    return dict(scores) | cues


def for_new_project(book: CodebookFile) -> CodebookFile:
    """Return the codebook that a new project begins with: where it says nothing, unlikely suggestions are hidden."""
    from nlp.calibration import default_least_score

    codebook = book.codebook
    labels = [label for label in codebook.labels if label.kind is not LabelKind.CUE]
    scores = {
        label.id: codebook.settings_of(label.id).least_score or default_least_score(label.code) for label in labels
    }
    least = with_cues(codebook, scores)
    settings = {
        label_id: replace(codebook.settings_of(label_id), least_score=score) for label_id, score in least.items()
    }
    said = {label_id: one for label_id, one in settings.items() if one != LabelSettings()}
    return replace(book, codebook=replace(codebook, settings=said))


def training_documents(documents: Iterable[ExchangeDocument], include: Collection[State]) -> Iterator[TrainingDocument]:
    """Yield documents as training data. Where suggestions are included, they count as confirmed.

    Fragments keep their offsets; a rejection says that the label is wrong on exactly those fragments.
    """
    positive = {State.CONFIRMED, State.SUGGESTED} & set(include)
    for number, document in enumerate(documents):
        yield TrainingDocument(
            document_id=int(document.id) if document.id is not None else number,
            title=document.title,
            text=document.text,
            language=document.language or "en",
            confirmed=[_training_span(span) for span in document.spans if span.state in positive],
            rejected=[_training_span(span) for span in document.spans if span.state == State.REJECTED],
            reviewed=[Range(*stretch) for stretch in document.reviewed],
            meta=dict(document.meta),  # read by now: it goes through a pipe
            excluded=_excluded(document),
        )


def _training_span(span: ExchangeSpan) -> TrainingSpan:
    return TrainingSpan(span.kind.value, span.label, tuple(Range(*fragment) for fragment in span.fragments))


def gold_documents(documents: Iterable[ExchangeDocument], codebook: Codebook) -> Iterator[GoldDocument]:
    """Yield the documents that hold confirmed spans, as what suggestions are compared with.

    Where stretches are reviewed, only they count; excluded parts never do. A label without a code keeps its name.
    """
    from nlp.evaluate import GoldDocument, GoldSpan

    codes = {(label.kind, label.name): label.code or label.name for label in codebook.labels}
    for document in documents:
        spans = [span for span in document.spans if span.state == State.CONFIRMED]
        if not spans:
            continue
        places = {span.id: place for place, span in enumerate(spans)}
        yield GoldDocument(
            document.text,
            tuple(GoldSpan(codes[span.kind, span.label], tuple(Range(*x) for x in span.fragments)) for span in spans),
            tuple(
                (link.type, places[link.from_id], places[link.to_id])
                for link in document.links
                if link.state == State.CONFIRMED and link.from_id in places and link.to_id in places
            ),
            title=document.title,
            language=document.language or "en",
            stretches=tuple(Range(*stretch) for stretch in document.reviewed),
            is_complete=bool(document.reviewed),
            excluded=_excluded(document),
        )


def _excluded(document: ExchangeDocument) -> tuple[Range, ...]:
    return tuple(Range(s.start_cp, s.end_cp) for s in document.stretches if s.kind == StretchKind.EXCLUDED)
