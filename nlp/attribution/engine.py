"""Put cues, quotations and the parse together into attributions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nlp.attribution.blocks import block_candidates
from nlp.attribution.candidates import Candidate, verb_candidates
from nlp.attribution.labels import label_candidates
from nlp.attribution.lexicon import Lexicon, load_lexicon
from nlp.attribution.nouns import other_candidates
from nlp.attribution.quotations import Quotations
from nlp.attribution.records import Attribution
from nlp.attribution.scores import load_weights, score
from nlp.attribution.speech import attach_quotations
from nlp.attribution.tree import ranges
from nlp.attribution.trimming import trimmed
from nlp.attribution.unparsed import quoted_speech

if TYPE_CHECKING:
    from collections.abc import Container

    from spacy.tokens import Doc, Token


#: The language of the lexicon and of the dependency labels that the frames are read off.
LANGUAGE = "en"
#: Below this a reading is not even considered.
LEAST_RATE = 0.08
#: From this share of common tokens on, two contents are one claim.
_SAME = 0.4


def find_attributions(doc: Doc, *, kinds_off: Container[str] = ()) -> list[Attribution]:
    """Return the attributed claims of a parsed document, in the order of their cues.

    Cues of the senses in `kinds_off` still count as surroundings of the others, but give no claims.
    """
    if doc.lang_ != LANGUAGE or not doc.has_annotation("DEP"):
        return [] if "speech" in kinds_off else list(quoted_speech(doc.text))
    quotations, weights = Quotations(doc), load_weights()
    candidates = [one for one in find_candidates(doc, load_lexicon(), quotations) if one.rate >= LEAST_RATE]
    scored = [(score(one, candidates, quotations, weights), one) for one in candidates]
    wanted = [(probability, one) for probability, one in scored if one.entry.sense not in kinds_off]
    found = (_attribution(doc, one, probability) for probability, one in _distinct(wanted))
    return [item for item in found if item is not None]


def _distinct(scored: list[tuple[float, Candidate]]) -> list[tuple[float, Candidate]]:
    """Keep the likeliest of the candidates that claim mostly the same words, in the order of the cues."""
    kept: list[tuple[float, Candidate]] = []
    owners: dict[int, list[Candidate]] = {}
    for probability, one in sorted(scored, key=lambda item: -item[0]):
        rivals = {id(other): other for index in one.content for other in owners.get(index, ())}
        if any(_likeness(one.content, other.content) >= _SAME for other in rivals.values()):
            continue
        kept.append((probability, one))
        for index in one.content:
            owners.setdefault(index, []).append(one)
    return sorted(kept, key=lambda item: item[1].cue.i)


def _likeness(one: set[int], other: set[int]) -> float:
    return len(one & other) / len(one | other)


def find_candidates(doc: Doc, lexicon: Lexicon, quotations: Quotations) -> list[Candidate]:
    """Return the best reading of each cue of the document."""
    found: dict[int, Candidate] = {}
    for token in doc:
        best: Candidate | None = None
        if token.pos_ == "VERB" and token.lower_ != "according":
            if (entry := lexicon.verb(token)) is not None:
                best = next(verb_candidates(token, entry, quotations), None)
        else:
            best = next((one for _, one in other_candidates(token, lexicon)), None)
        if best is not None:
            found[token.i] = best
    for one in label_candidates(quotations, lexicon):
        found.setdefault(one.cue.i, one)
    for one in found.values():
        one.content = quotations.completed(one.cue.i, one.content) - one.cue_tokens() - set(one.source)
        if one.content:
            one.content = trimmed(doc, one.content, quotations, lambda verb: _reports(verb, lexicon))
    for one in block_candidates(quotations, lexicon.verb):
        if one.rate > 0 and (one.cue.i not in found or found[one.cue.i].rate < one.rate):
            found[one.cue.i] = one
    attach_quotations(quotations, lexicon, found)
    return [found[index] for index in sorted(found)]


def _attribution(doc: Doc, one: Candidate, probability: float) -> Attribution | None:
    content = ranges(doc, one.content - one.cue_tokens() - set(one.source))
    if not content:
        return None
    return Attribution(
        content,
        ranges(doc, one.source),
        ranges(doc, one.cue_tokens()),
        score=round(probability, 3),
        sense=one.entry.sense,
        pattern=one.pattern,
        cue_lemma=one.entry.lemma,
        source_head_cp=_head_of(doc, one.source).idx if one.source else -1,
    )


def _head_of(doc: Doc, source: list[int]) -> Token:
    inside = set(source)
    return next((doc[index] for index in source if doc[index].head.i not in inside), doc[source[0]])


def _reports(verb: Token, lexicon: Lexicon) -> bool:
    entry = lexicon.verb(verb)
    return entry is not None and entry.sense == "speech"
