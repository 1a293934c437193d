"""Put cues, quotations and the parse together into attributions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nlp.attribution.candidates import Candidate, from_frame, verb_candidates
from nlp.attribution.frames import Frame
from nlp.attribution.lexicon import Lexicon, load_lexicon
from nlp.attribution.nouns import other_candidates
from nlp.attribution.quotations import Quotations
from nlp.attribution.records import Attribution
from nlp.attribution.scores import load_weights, score
from nlp.attribution.tree import ranges

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token


#: Below this a reading is not even considered.
_LEAST_RATE = 0.08


def find_attributions(doc: Doc) -> list[Attribution]:
    """Return the attributed claims of a parsed document, in the order of their cues."""
    if not doc.has_annotation("DEP"):
        return []
    quotations, weights = Quotations(doc), load_weights()
    candidates = [one for one in find_candidates(doc, load_lexicon(), quotations) if one.rate >= _LEAST_RATE]
    found = (_attribution(doc, one, score(one, candidates, quotations, weights)) for one in candidates)
    return [item for item in found if item is not None]


def find_candidates(doc: Doc, lexicon: Lexicon, quotations: Quotations) -> list[Candidate]:
    """Return the best reading of each cue of the document."""
    found: dict[int, Candidate] = {}
    for token in doc:
        best: Candidate | None = None
        if token.pos_ == "VERB":
            if (entry := lexicon.verb(token)) is not None:
                best = next(verb_candidates(token, entry), None)
        else:
            best = next((one for _, one in other_candidates(token, lexicon)), None)
        if best is not None:
            found[token.i] = best
    for one in found.values():
        one.content = quotations.completed(one.cue.i, one.content) - one.cue_tokens() - set(one.source)
    _attach_quotations(quotations, lexicon, found)
    for one in found.values():
        _follow(quotations, one, found)
    return [found[index] for index in sorted(found)]


def _attach_quotations(quotations: Quotations, lexicon: Lexicon, found: dict[int, Candidate]) -> None:
    covered = {index for one in found.values() if quotations.at(one.cue.i) is None for index in one.content}

    def rate(verb: Token) -> float:
        entry = lexicon.verb(verb)
        return entry.rate("quote") if entry is not None else 0.0

    for quoted in quotations.all:
        if not quoted.is_speech or quoted.first in covered and quoted.last in covered:
            continue
        cue = quotations.cue_of(quoted, rate)
        if cue is None:
            continue
        words = set(quoted.tokens())
        known = found.get(cue.i)
        if known is not None and known.pattern in {"clause", "quote", "inserted", "question", "small clause"}:
            known.content |= words
        else:
            entry = lexicon.verbs[lexicon.lemma(cue)]
            found[cue.i] = from_frame(cue, entry, Frame("quote", tuple(quoted.tokens())), rate(cue))
        covered |= words


def _follow(quotations: Quotations, one: Candidate, found: dict[int, Candidate]) -> None:
    """Add the quotations that go on right after the sentence of a quoted claim and have no cue of their own."""
    if quotations.at(one.cue.i) is not None:
        return
    if not any(quotations.at(index) is not None for index in one.content):
        return
    others = {index for other in found.values() if other is not one for index in other.content}
    end = max(one.content | one.cue_tokens() | set(one.source))
    for quoted in quotations.followers(end):
        if quoted.first in others or any(index in found for index in range(end + 1, quoted.first)):
            return
        one.content.update(quoted.tokens())
        end = quoted.last


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
    )
