"""The cue lexicon: which words signal attribution, in which sense, with which argument patterns.

Words are data (`nlp/data/cues.toml`), and so are the adjustments for context (`nlp/data/scores.toml`). A rate
is the share of occurrences of that cue in that pattern that trained annotators took for an attribution.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from nlp.suggestion import CUE_KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from spacy.tokens import Token

#: What a cue says about its source: the kinds of cue that analysts may switch on and off.
SENSES = tuple(kind.code for kind in CUE_KINDS)
#: The parts of speech that the lexicon has tables for.
KINDS = ("verb", "noun", "adjective", "adverb", "phrase")


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue word: its sense, and the rate of each argument pattern that it is known with."""

    lemma: str
    sense: str
    rates: Mapping[str, float]
    defaults: Mapping[str, float]

    def rate(self, pattern: str) -> float:
        """Return how often the pattern is an attribution, from its sense where the word itself is too rare."""
        found = self.rates.get(pattern)
        return self.defaults.get(pattern, 0.0) if found is None else found


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All cues by part of speech and lemma."""

    verbs: Mapping[str, Cue]
    nouns: Mapping[str, Cue]
    adjectives: Mapping[str, Cue]
    adverbs: Mapping[str, Cue]
    phrases: Mapping[str, Cue]
    spelling: Mapping[str, str]

    def verb(self, token: Token) -> Cue | None:
        """Return the entry of a verb, if it is a cue."""
        return self.verbs.get(self.lemma(token))

    def lemma(self, token: Token) -> str:
        """Return the token's lemma in lower case, as the lexicon spells it."""
        lemma = token.lemma_.lower()
        return self.spelling.get(lemma, lemma)


@lru_cache(maxsize=1)
def load_lexicon() -> Lexicon:
    """Read the lexicon that is shipped with the program; the result is shared."""
    text = (resources.files("nlp") / "data" / "cues.toml").read_text(encoding="utf-8")
    return read_lexicon(tomllib.loads(text))


def read_lexicon(data: Mapping[str, Any]) -> Lexicon:
    """Turn the tables of a lexicon file into cues.

    Raises:
        ValueError: a cue has a sense that is unknown, or a rate outside [0, 1].
    """
    defaults = data.get("defaults", {})

    def table(kind: str) -> dict[str, Cue]:
        found = {}
        for lemma, entry in data.get(kind, {}).items():
            rates = {key: float(value) for key, value in entry.items() if key not in {"sense", "only"}}
            sense = entry["sense"]
            if sense not in SENSES:
                raise ValueError(f"{kind}.{lemma}: unknown sense “{sense}”")
            if not all(0.0 <= rate <= 1.0 for rate in rates.values()):
                raise ValueError(f"{kind}.{lemma}: a rate lies outside 0 to 1")
            allowed = defaults.get(kind, {}).get(sense, {})
            if "only" in entry:
                allowed = {pattern: rate for pattern, rate in allowed.items() if pattern == entry["only"]}
            found[lemma] = Cue(lemma, sense, rates, allowed)
        return found

    verbs, nouns, adjectives, adverbs, phrases = (table(kind) for kind in KINDS)
    return Lexicon(verbs, nouns, adjectives, adverbs, phrases, data.get("spelling", {}))
