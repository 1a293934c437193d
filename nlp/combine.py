"""Turn what the suggesters found in the parts of a document into one set of suggestions.

`read_part` runs while the parse of a part is at hand and keeps plain data only, so that memory stays bounded on
long documents; `combine` sees the document as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nlp.attribution import Attribution, find_attributions
from nlp.mentions import Mention, find_mentions, settle
from nlp.suggestion import (
    CLAIM_CODE,
    CUE,
    CUE_CODE,
    SPEAKER,
    SUGGESTER,
    VERSION,
    DocumentSuggestions,
    Range,
    SuggestedLink,
    SuggestedSpan,
    SuggestRequest,
)

if TYPE_CHECKING:
    from spacy.tokens import Doc


@dataclass(frozen=True, slots=True)
class PartFindings:
    """What was found in one part of a document; all offsets are code points of the whole document."""

    mentions: tuple[Mention, ...] = ()
    attributions: tuple[Attribution, ...] = ()


def read_part(doc: Doc, offset_cp: int) -> PartFindings:
    """Find mentions and attributions in one parsed part that starts at `offset_cp` of its document."""
    found = find_attributions(doc)
    return PartFindings(tuple(find_mentions(doc, offset_cp)), tuple(item.moved(offset_cp) for item in found))


def combine(request: SuggestRequest, parts: Sequence[PartFindings], *, model: str) -> DocumentSuggestions:
    """Return the suggestions for a document from the findings in its parts, in the order of the text."""
    spans: list[SuggestedSpan] = []
    links: list[SuggestedLink] = []
    keys: dict[tuple[str, tuple[Range, ...]], int] = {}

    def add(code: str, fragments: Iterable[Range], score: float, reason: str) -> int | None:
        clean = tuple(piece for item in fragments if (piece := _trimmed(request.text, item)) is not None)
        if not clean:
            return None
        key = keys.setdefault((code, clean), len(spans))
        if key == len(spans):
            spans.append(SuggestedSpan(key, code, clean, score, reason=reason))
        return key

    for mention in settle(request.text, [item for part in parts for item in part.mentions]):
        add(mention.code, [Range(mention.start_cp, mention.end_cp)], mention.score, mention.reason)
    for part in parts:
        for found in part.attributions:
            claim = add(CLAIM_CODE, found.content, found.score, f"cue “{found.cue_lemma}”, {found.pattern}")
            cue = add(CUE_CODE, found.cue, found.score, found.sense)
            if claim is None:
                continue
            if cue is not None:
                links.append(SuggestedLink(CUE, claim, cue, found.score))
            for key, span in enumerate(spans):
                if found.source and span.code not in {CLAIM_CODE, CUE_CODE} and _covers(found.source[0], span):
                    links.append(SuggestedLink(SPEAKER, claim, key, found.score))
                    break
    return DocumentSuggestions(request.document_id, SUGGESTER, VERSION, model, tuple(spans), tuple(links))


def _covers(outer: Range, span: SuggestedSpan) -> bool:
    return outer.start_cp <= span.fragments[0].start_cp and span.fragments[-1].end_cp <= outer.end_cp


def _trimmed(text: str, piece: Range) -> Range | None:
    start, end = piece
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Range(start, end) if start < end else None
