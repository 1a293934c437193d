"""Turn what the suggesters found in the parts of a document into one set of suggestions.

`read_part` runs while the parse of a part is at hand and keeps plain data only, so that memory stays bounded
on long documents; `combine` sees the document as a whole.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from nlp.attribution import Attribution, find_attributions
from nlp.fragments import clean_fragments
from nlp.mentions import Identities, Mention, find_mentions, settle, with_speakers, with_surnames
from nlp.registry import Registry
from nlp.speakers import Speakers
from nlp.suggestion import (
    CLAIM_CODE,
    CUE,
    CUE_CODE,
    SPEAKER,
    SUGGESTER,
    TARGET,
    VERSION,
    DocumentSuggestions,
    Range,
    SuggestedLink,
    SuggestedSpan,
    SuggestRequest,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from spacy.tokens import Doc

#: Claims below this score are not proposed: from here on down more of them are wrong than right.
LEAST_CLAIM_SCORE = 0.43
#: Kinds of cue whose content begins with whom it is about ("accused Velmar of ...", "called on Orsk to ...").
_TARGETED = frozenset({"judgement", "demand", "attitude"})
_TARGET_SCORE = 0.6
#: Reasons of the rules' own that say less than what a name is short for.
_OWN_REASONS = frozenset({"name", "name seen elsewhere", "speaks"})
_TARGET_REACH_CP = 6


@dataclass(frozen=True, slots=True)
class PartFindings:
    """What was found in one part of a document; all offsets are code points of the whole document."""

    mentions: tuple[Mention, ...] = ()
    attributions: tuple[Attribution, ...] = ()


def read_part(doc: Doc, offset_cp: int, *, kinds_off: Collection[str] = ()) -> PartFindings:
    """Find mentions and attributions in one parsed part that starts at `offset_cp` of its document.

    Claims are not proposed for cues of the kinds in `kinds_off`.
    """
    mentions = find_mentions(doc, offset_cp)
    attributions = _likely(find_attributions(doc))
    heads = [item.source_head_cp for item in attributions if item.source]
    mentions = with_speakers(doc, mentions, heads, offset_cp)
    if kinds_off:  # who is an actor does not depend on which claims are wanted
        attributions = _likely(find_attributions(doc, kinds_off=kinds_off))
    return PartFindings(tuple(mentions), tuple(item.moved(offset_cp) for item in attributions))


def _likely(attributions: Iterable[Attribution]) -> list[Attribution]:
    return [item for item in attributions if item.score >= LEAST_CLAIM_SCORE]


def combine(request: SuggestRequest, parts: Sequence[PartFindings], *, model: str) -> DocumentSuggestions:
    """Return the suggestions for a document from the findings in its parts, in the order of the text."""
    registry = Registry(request.actors)
    found = [mention for part in parts for mention in part.mentions]
    known = list(registry.mentions_in(request.text))
    mentions = with_surnames(request.text, _with_known(settle(request.text, found), known), known)
    claims = [item for part in parts for item in part.attributions]
    builder = _Builder(request.text)
    identities = Identities(request.text, mentions)
    for mention in mentions:
        builder.add_mention(mention, registry.actor_id(mention, identities), identities.full_name(mention.text))
    speakers = Speakers(request.text, mentions, claims)
    for number, claim in enumerate(claims):
        builder.add_claim(claim, mentions, speakers.of(number))
    spans, links = tuple(builder.spans), tuple(builder.links)
    return DocumentSuggestions(request.document_id, SUGGESTER, VERSION, model, spans, links)


def _with_known(mentions: list[Mention], known: Iterable[Mention]) -> list[Mention]:
    """Add what people have entered; where it names the same stretch, its type counts."""
    wanted = {(item.start_cp, item.end_cp): item for item in known}
    merged = []
    for item in mentions:
        better = wanted.pop((item.start_cp, item.end_cp), None)
        merged.append(
            item if better is None else replace(item, code=better.code, score=better.score, reason=better.reason)
        )
    names = [item for item in mentions if item.is_name]
    starts = [item.start_cp for item in names]
    for item in wanted.values():
        at = bisect_right(starts, item.start_cp) - 1
        if at < 0 or names[at].end_cp < item.end_cp:
            merged.append(item)
    return sorted(merged, key=lambda item: (item.start_cp, -item.end_cp))


class _Builder:
    """Collects spans and links with their keys; what is proposed twice is kept once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._keys: dict[tuple[str, tuple[Range, ...]], int] = {}
        self._mention_keys: dict[Mention, int] = {}
        self.spans: list[SuggestedSpan] = []
        self.links: list[SuggestedLink] = []

    def add_mention(self, mention: Mention, actor_id: int | None, full_name: str | None) -> None:
        """Propose a mention; `full_name` is what it is short for in this document."""
        place = [Range(mention.start_cp, mention.end_cp)]
        reason = (
            f"short for “{full_name}”" if full_name is not None and mention.reason in _OWN_REASONS else mention.reason
        )
        key = self._add(mention.code, place, mention.score, reason, actor_id)
        if key is not None:
            self._mention_keys[mention] = key

    def add_claim(self, claim: Attribution, mentions: Sequence[Mention], speakers: Iterable[int]) -> None:
        """Propose a claim with its cue, and links to its cue, speakers and target."""
        reason = f"cue “{claim.cue_lemma}”, {claim.pattern}" if claim.cue else claim.pattern
        key = self._add(CLAIM_CODE, claim.content, claim.score, reason, kind=claim.sense)
        if key is None:
            return
        cue = self._add(CUE_CODE, claim.cue, claim.score, claim.sense, kind=claim.sense)
        if cue is not None:
            self.links.append(SuggestedLink(CUE, key, cue, claim.score))
        speaking = [mentions[index] for index in speakers]
        for mention in speaking:
            self._link(SPEAKER, key, mention, min(claim.score, mention.score))
        target = _target(claim, mentions)
        if target is not None and target not in speaking:
            self._link(TARGET, key, target, min(claim.score, _TARGET_SCORE))

    def _link(self, code: str, claim_key: int, mention: Mention, score: float) -> None:
        key = self._mention_keys.get(mention)
        if key is not None:
            self.links.append(SuggestedLink(code, claim_key, key, round(score, 3)))

    def _add(
        self,
        code: str,
        fragments: Iterable[Range],
        score: float,
        reason: str,
        actor_id: int | None = None,
        *,
        kind: str = "",
    ) -> int | None:
        clean = clean_fragments(self._text, fragments)
        if not clean:
            return None
        key = self._keys.setdefault((code, clean), len(self.spans))
        if key == len(self.spans):
            self.spans.append(SuggestedSpan(key, code, clean, score, actor_id, reason, kind))
        return key


def _target(claim: Attribution, mentions: Sequence[Mention]) -> Mention | None:
    """Return the mention that a judgement, an attitude or a demand begins with."""
    if claim.sense not in _TARGETED or not claim.content:
        return None
    start, end = claim.content[0]
    for at in range(bisect_left(mentions, start, key=_start), len(mentions)):
        item = mentions[at]
        if item.start_cp >= start + _TARGET_REACH_CP:
            return None
        if item.end_cp <= end:
            return item
    return None


def _start(mention: Mention) -> int:
    return mention.start_cp
