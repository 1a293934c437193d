"""Candidates: a cue in one reading, with its content and source as tokens, before anything is decided."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nlp.attribution.frames import frames_of
from nlp.attribution.records import Frame
from nlp.attribution.sources import source_of_verb, source_phrase
from nlp.attribution.tree import is_passive

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from spacy.tokens import Token

    from nlp.attribution.lexicon import Cue


@dataclass(slots=True)
class Candidate:
    """One reading of one cue. `content`, `source` and `extra` (further words of the cue) are token indices."""

    cue: Token
    entry: Cue
    pattern: str
    content: set[int]
    source: list[int]
    extra: set[int] = field(default_factory=set)
    rate: float = 0.0

    def cue_tokens(self) -> set[int]:
        """Return the cue with its auxiliaries, negation, particle and governed preposition."""
        return {self.cue.i, *self.extra}


def verb_candidates(verb: Token, entry: Cue, quoted: Container[int] = ()) -> Iterator[Candidate]:
    """Yield the readings of a verb that the lexicon knows, best first; `quoted` are the tokens in quotations."""
    frames = [(entry.rate(frame.pattern), -at, frame) for at, frame in enumerate(frames_of(verb))]
    for rate, _, frame in sorted(frames, key=lambda item: item[:2], reverse=True):
        if rate > 0:
            yield from_frame(verb, entry, frame, rate, quoted)


def from_frame(verb: Token, entry: Cue, frame: Frame, rate: float, quoted: Container[int] = ()) -> Candidate:
    """Build the candidate of a verb's frame; the source of an unquoted verb is not looked for in quotations."""
    inside = quoted if verb.i not in quoted else ()
    head = source_of_verb(verb, inside) if frame.is_sourced or is_passive(verb) else None
    source = source_phrase(head, verb) if head is not None else []
    content = set(frame.content)
    if frame.pattern in {"inserted", "as"}:
        content -= set(source)
    return Candidate(verb, entry, frame.pattern, content, source, _verb_group(verb) | set(frame.cue), rate)


def _verb_group(verb: Token) -> set[int]:
    labels = {"aux", "auxpass", "neg", "prt"}
    return {item.i for item in verb.children if item.dep_ in labels and abs(item.i - verb.i) <= 4}
