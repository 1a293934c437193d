"""Find whose words the quotations hold that no clause has claimed: beside a cue, after a colon, going on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nlp.attribution.candidates import from_frame
from nlp.attribution.lexicon import Cue
from nlp.attribution.records import Frame
from nlp.attribution.tree import is_visible, subject_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from spacy.tokens import Token

    from nlp.attribution.candidates import Candidate
    from nlp.attribution.lexicon import Lexicon
    from nlp.attribution.quotations import Quotations, Quoted

#: How far from a quotation its cue may stand, in tokens ("...," said the minister, who ..., on Monday).
_REACH = 30
#: How many tokens a sentence has at most that only names the speaker of the quotation before it.
_LONGEST_ALONE = 6
_STOPS = frozenset({".", "?", "!"})
#: Whatever the verb, a quotation right after "she went on:" is hers.
_ANY_VERB = Cue("*", "speech", {"quote": 0.5}, {})
_CLAUSES = frozenset({"clause", "clause before", "quote", "inserted", "question", "small clause"})
_SPEECH_SENSES = frozenset({"speech", "belief", "demand", "judgement"})
_LEAST_OWNER_RATE = 0.3


def attach_quotations(quotations: Quotations, lexicon: Lexicon, found: dict[int, Candidate]) -> None:
    """Give each quotation that no candidate covers to its cue, or to the claim that it goes on with."""
    covered = {index for one in found.values() if quotations.at(one.cue.i) is None for index in one.content}
    owner: Candidate | None = None
    last: Quoted | None = None
    for quoted in quotations.all:
        if not quoted.is_speech:
            continue
        if quoted.first in covered and quoted.last in covered:
            owner, last = None, quoted
            continue
        one = _owner_by_cue(quotations, quoted, lexicon, found)
        if one is None and quotations.is_sentence(quoted) and quotations.starts_sentence(quoted):
            one = owner if last is not None and owner is not None and _touches(quotations, last, quoted) else None
            one = one or _owner_before(quotations, quoted, found)
        if one is not None:
            one.content.update(quoted.tokens())
            covered.update(quoted.tokens())
        owner, last = one, quoted


def _owner_by_cue(
    quotations: Quotations, quoted: Quoted, lexicon: Lexicon, found: dict[int, Candidate]
) -> Candidate | None:
    def rate(verb: Token) -> float:
        entry = lexicon.verb(verb)
        return entry.rate("quote") if entry is not None else 0.0

    cue = cue_of(quotations, quoted, rate)
    entry = lexicon.verb(cue) if cue is not None else _ANY_VERB
    if cue is None:
        cue = _any_verb(quotations, quoted)
    if cue is None or entry is None:
        return None
    known = found.get(cue.i)
    if known is None or known.pattern not in _CLAUSES:
        known = from_frame(cue, entry, Frame("quote", tuple(quoted.tokens())), entry.rate("quote"), quotations)
        found[cue.i] = known
    return known


def cue_of(quotations: Quotations, quoted: Quoted, rate: Callable[[Token], float]) -> Token | None:
    """Return the verb beside a quotation that most likely introduces it; `rate` says how well a verb does."""
    before = _verb_before(quotations, quoted, rate)
    if before is not None and _is_introduced(quotations, quoted):
        return before
    return _verb_after(quotations, quoted, rate) or before


def _is_introduced(quotations: Quotations, quoted: Quoted) -> bool:
    doc = quotations.doc
    before = quotations.before(quoted.first).text
    ends_open = "," in doc[max(quoted.first, quoted.last - 1) : quoted.last + 2].text
    return before == ":" or (before == "," and not ends_open)


def _verb_before(quotations: Quotations, quoted: Quoted, rate: Callable[[Token], float]) -> Token | None:
    doc = quotations.doc
    for index in range(quoted.first - 1, max(-1, quoted.first - _REACH), -1):
        token = doc[index]
        if "\n" in token.text and ":" not in quotations.before(index).text:
            return None
        if token.text in _STOPS or quotations.at(index) is not None:
            return None
        if token.pos_ == "VERB" and rate(token) > 0:
            return token
    return None


def _verb_after(quotations: Quotations, quoted: Quoted, rate: Callable[[Token], float]) -> Token | None:
    doc = quotations.doc
    if quotations.ends_with_stop(quoted):
        return _verb_alone(quotations, quoted, rate)
    for index in range(quoted.last + 1, min(len(doc), quoted.last + _REACH)):
        token = doc[index]
        if "\n" in token.text or token.text in _STOPS or token.text == ":" or quotations.at(index) is not None:
            return None
        if token.pos_ == "VERB" and rate(token) > 0:
            subject = subject_of(token)
            return token if subject is None or subject.i > quoted.last else None
    return None


def _verb_alone(quotations: Quotations, quoted: Quoted, rate: Callable[[Token], float]) -> Token | None:
    """Return the verb of a sentence after a quotation that only says whose words it was ("... gone.” Lund said.")."""
    doc = quotations.doc
    words: list[Token] = []
    for token in doc[quoted.last + 1 : quoted.last + 2 + _LONGEST_ALONE]:
        if token.text in _STOPS:
            verb = words[-1] if words else None
            if verb is not None and verb.pos_ == "VERB" and rate(verb) > 0 and len(words) > 1:
                return verb
            return None
        if token.is_punct or quotations.at(token.i) is not None or "\n" in token.text:
            return None
        if not token.is_space:
            words.append(token)
    return None


def _any_verb(quotations: Quotations, quoted: Quoted) -> Token | None:
    """Return the verb whose clause opens or closes on a quotation, be it a cue or not."""
    if _is_introduced(quotations, quoted):
        found = _verb_before(quotations, quoted, _has_subject)
        if found is not None and found.dep_ not in {"relcl", "acl"}:
            return found
    if quotations.is_sentence(quoted) and quotations.starts_sentence(quoted):
        return _verb_after(quotations, quoted, _has_subject)
    return None


def _has_subject(verb: Token) -> float:
    return float(subject_of(verb) is not None)


def _touches(quotations: Quotations, one: Quoted, other: Quoted) -> bool:
    between = quotations.doc[one.last + 1 : other.first]
    return not any(is_visible(token) for token in between)


def _owner_before(quotations: Quotations, quoted: Quoted, found: dict[int, Candidate]) -> Candidate | None:
    """Return the last claim of speech in the sentence before, of this paragraph or the one before.

    A cue with a quotation goes before one with a clause ("“...,” Lund said, noting that ..."), and that before one
    with less ("Lund said, referring to the ford").
    """
    paragraph = quotations.paragraph
    sentences = 0
    best: Candidate | None = None
    for index in range(quoted.first - 1, -1, -1):
        if paragraph[index] < paragraph[quoted.first] - 1:
            return best
        one = found.get(index)
        if one is not None and quotations.at(index) is None and _speaks(one):
            best = one if best is None or _fitness(quotations, one) > _fitness(quotations, best) else best
        if quotations.doc[index].is_sent_start and quotations.at(index) is None:
            sentences += 1
            if sentences > 1 or best is not None:
                return best
    return best


def _fitness(quotations: Quotations, one: Candidate) -> int:
    """Return how well a claim may go on in a quotation: best when it is one, worse as an aside of another."""
    if one.pattern not in _CLAUSES:
        return 0
    return 2 if any(index in quotations for index in one.content) else 1


def _speaks(one: Candidate) -> bool:
    if one.rate < _LEAST_OWNER_RATE or one.pattern == "as":
        return False
    return one.entry.sense in _SPEECH_SENSES or one.pattern in _CLAUSES
