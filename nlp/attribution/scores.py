"""Turn the rate of a cue's pattern and its surroundings into a probability.

A sum of log-odds with weights from `nlp/data/scores.toml`, fitted on training articles: words inside a quotation
are rarely a claim of their own, a content of one or two words is often none, and so on.
"""

from __future__ import annotations

import math
import tomllib
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from spacy.tokens import Token

    from nlp.attribution.candidates import Candidate
    from nlp.attribution.quotations import Quotations

_LOWEST, _HIGHEST = 0.02, 0.98
#: A claim around another one counts as its frame only if it is itself likely.
_LIKELY_OUTER = 0.35
_SURE_OUTER = 0.6
_FIRST_PERSON = frozenset({"i", "we"})
_PRONOUNS = frozenset({"he", "she", "they"})
#: Patterns whose content is mostly a noun phrase.
_WITH_NOUN = frozenset({"object", "prep", "beside", "passive", "gerund"})
_SENTENCE_ENDS = (".", "!", '"', "”", "''", "…", ":", "\n")
#: Tokens between cue and content from which on they count as apart.
_APART = 3
_FUNCTION_WORDS = frozenset({"DET", "PRON", "ADP", "SCONJ", "CCONJ", "AUX", "PART"})
_SMALL_PARTS = frozenset({"aux", "advmod", "neg", "mark", "prt", "prep"})
_NAMED = frozenset({"PERSON", "ORG", "GPE", "NORP"})


@lru_cache(maxsize=1)
def load_weights() -> Mapping[str, float]:
    """Read the weights that are shipped with the program; the result is shared."""
    text = (resources.files("nlp") / "data" / "scores.toml").read_text(encoding="utf-8")
    return {name: float(value) for name, value in tomllib.loads(text)["log_odds"].items()}


def score(one: Candidate, others: list[Candidate], quotations: Quotations, weights: Mapping[str, float]) -> float:
    """Return the probability that a candidate is an attribution, in [0, 1]."""
    total = weights["bias"] + weights["rate"] * log_odds(one.rate)
    total += sum(weights.get(name, 0.0) for name in circumstances(one, others, quotations))
    return 1 / (1 + math.exp(-total))


def log_odds(rate: float) -> float:
    """Return the natural log-odds of a rate, which is kept away from 0 and 1."""
    rate = min(max(rate, _LOWEST), _HIGHEST)
    return math.log(rate / (1 - rate))


def circumstances(one: Candidate, others: list[Candidate], quotations: Quotations) -> Iterator[str]:
    """Yield the names of what holds for a candidate, as the table of weights calls it."""
    sense, kind = one.entry.sense, one.pattern.partition(" ")[0]
    for name in (*_place(one, others, quotations), *_source(one), *_form(one)):
        yield name
        yield f"{sense}: {name}"
        yield f"{kind}: {name}"
    yield f"sense {sense}"
    yield f"pattern {kind}"
    yield f"{sense}: pattern {kind}"
    yield from _cue(one)
    for name in _content(one, quotations):
        yield name
        yield f"{sense}: {name}"
        yield f"{kind}: {name}"
    yield from _head(one)
    yield from _chain(one, others)
    yield from _words(one)


def _place(one: Candidate, others: list[Candidate], quotations: Quotations) -> Iterator[str]:
    index = one.cue.i
    quoted = quotations.at(index)
    outer = max((other.rate for other in others if other is not one and index in other.content), default=0.0)
    if quoted is not None and quoted.is_speech:
        yield "cue in quotation"
        if outer >= _LIKELY_OUTER:
            yield "cue in quotation in claim"
    elif outer >= _LIKELY_OUTER:
        yield "cue in claim"
        if outer >= _SURE_OUTER:
            yield "cue in likely claim"
    if any(one.cue.i != other.cue.i and other.cue.i in one.content and other.rate > one.rate for other in others):
        yield "likelier cue in content"
    sentence = one.cue.sent
    if any(other.rate > one.rate and sentence.start <= other.cue.i < sentence.end for other in others):
        yield "likelier cue in sentence"


def _source(one: Candidate) -> Iterator[str]:
    doc = one.cue.doc
    words = " ".join(doc[index].lower_ for index in one.source)
    if not words:
        yield "no source"
    elif words in _FIRST_PERSON:
        yield "source I or we"
    elif words == "you":
        yield "source you"
    elif words in _PRONOUNS:
        yield "source he, she or they"
    elif words in {"it", "that", "this", "which"}:
        yield "source it or that"
    elif words == "who":
        yield "source who"
    elif any(doc[index].ent_type_ == "PERSON" for index in one.source):
        yield "source with person"
    elif any(doc[index].ent_type_ in _NAMED for index in one.source):
        yield "source with name"
    else:
        yield "source with noun"


def _form(one: Candidate) -> Iterator[str]:
    cue = one.cue
    yield f"form {cue.tag_}"
    for item in cue.children:
        if item.dep_ == "neg":
            yield "negated"
        elif item.dep_ == "aux":
            yield f"auxiliary {item.lower_}"
        elif item.dep_ == "mark" and item.lower_ in {"if", "unless"}:
            yield "condition"


def _cue(one: Candidate) -> Iterator[str]:
    cue = one.cue
    yield f"cue is {cue.dep_}"
    last = cue.sent[-1]
    if last.text == "?":
        yield "question"
    elif not any(last.text.endswith(mark) for mark in _SENTENCE_ENDS):
        yield "sentence without stop"
    if any(item.dep_ == "advmod" for item in cue.children):
        yield "cue with adverb"
    if any(item.dep_ == "conj" for item in cue.children):
        yield "cue with another verb"
    if one.content and min(abs(index - cue.i) for index in one.content) > _APART:
        yield "content apart from cue"


def _head(one: Candidate) -> Iterator[str]:
    """Yield what the content begins with and what kind of word governs it."""
    doc = one.cue.doc
    if not one.content:
        return
    first = doc[min(one.content)]
    kind = one.pattern.partition(" ")[0]
    yield f"content begins with {first.tag_}"
    if kind not in _WITH_NOUN:
        return
    head = next((doc[index] for index in sorted(one.content) if doc[index].head.i not in one.content), first)
    yield f"{kind}: head {head.tag_}"
    yield f"{one.entry.sense}: head {head.ent_type_ or head.tag_}"
    if any(item.dep_ in {"relcl", "acl"} for item in head.children):
        yield f"{kind}: head with clause"
    if any(item.dep_ == "prep" for item in head.children):
        yield f"{kind}: head with preposition"


def _chain(one: Candidate, others: list[Candidate]) -> Iterator[str]:
    """Yield whether the cue hangs on another one, or the content is one ("wrote an appeal to")."""
    kind, doc = one.pattern.partition(" ")[0], one.cue.doc
    cues = {other.cue.i for other in others}
    if one.cue.head.i in cues and one.cue.head != one.cue:
        yield f"cue is {one.cue.dep_} of a cue"
        yield f"{kind}: cue hangs on a cue"
    if kind in _WITH_NOUN and one.content:
        heads = (index for index in sorted(one.content) if doc[index].head.i not in one.content)
        if next(heads, -1) in cues:
            yield f"{kind}: content is a cue"
            yield f"{one.entry.sense}: content is a cue"


def _words(one: Candidate) -> Iterator[str]:
    """Yield the cue itself, and the function words (of others their tags) around cue and content."""
    cue, doc = one.cue, one.cue.doc
    yield f"word {one.entry.lemma}"
    if cue.i > 0:
        yield f"after {_plain(doc[cue.i - 1])}"
    for item in cue.children:
        if item.dep_ in _SMALL_PARTS and (item.pos_ in _FUNCTION_WORDS or item.pos_ == "ADV"):
            yield f"with {item.dep_} {item.lower_}"
    yield f"sentence of {min((cue.sent.end - cue.sent.start) // 8, 6)} times 8 words"
    if one.content:
        kind, last = one.pattern.partition(" ")[0], max(one.content)
        yield f"{kind}: content opens with {_plain(doc[min(one.content)])}"
        if last + 1 < len(doc):
            yield f"content before {_plain(doc[last + 1])}"


def _plain(token: Token) -> str:
    return token.lower_ if token.pos_ in _FUNCTION_WORDS else token.tag_


def _content(one: Candidate, quotations: Quotations) -> Iterator[str]:
    doc = one.cue.doc
    length = len(one.content)
    if length <= 2:
        yield "content of 1 or 2 words"
    elif length <= 6:
        yield "content of 3 to 6 words"
    elif length > 30:
        yield "content of more than 30 words"
    elif length > 15:
        yield "content of 16 to 30 words"
    if any(quotations.at(index) is not None for index in one.content):
        yield "content with quotation"
    if length <= 3:
        if any(doc[index].pos_ == "PRON" for index in one.content):
            yield "content is pronoun"
        elif any(doc[index].ent_type_ in _NAMED for index in one.content):
            yield "content is name"
    elif not any(doc[index].pos_ in {"VERB", "AUX"} for index in one.content):
        yield "content without verb"
