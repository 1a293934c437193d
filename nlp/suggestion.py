"""The plain data that goes into suggesters and comes out of them. Imports nothing but the standard library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

#: The built-in suggester and the version of its rules; whoever changes what it proposes raises the version.
SUGGESTER, VERSION = "rules", "7"

#: Why a document got no suggestions, for people.
TOO_LITTLE_MEMORY = (
    "There is too little free memory to read this document; it got no suggestions. Close other programs and try again."
)

#: Label codes that the built-in suggesters use; a codebook maps its labels to them.
ACTOR_CODES = ("state", "person", "organisation", "group")
CLAIM_CODE = "claim"
CUE_CODE = "cue"

#: Link codes that the built-in suggesters use.
SPEAKER, TARGET, CUE = "speaker", "target", "cue"


class CueKind(NamedTuple):
    """A kind of cue that a codebook may switch off: its code, its name on screen, and what it takes in."""

    code: str
    title: str
    definition: str


#: What a cue says about its source; every cue of `nlp/data/cues.toml` is of one kind (its sense). Speech alone is the
#: narrow notion of attribution, all together are the wide one.
CUE_KINDS = (
    CueKind("speech", "Speech", "Says, writes, asks, denies: “said”, “according to”, “the claim that”, quotations."),
    CueKind(
        "belief", "Belief and knowledge", "Thinks, knows, expects, doubts: “believes”, “the conclusion of”, “sure”."
    ),
    CueKind(
        "perception", "Perception and seeming", "Sees or hears; what something seems: “heard”, “seems”, “appears”."
    ),
    CueKind("intention", "Intention", "Wants, plans, promises, refuses: “vowed to”, “commitment to”, “ready to”."),
    CueKind("attitude", "Support and feeling", "Backs, opposes, fears, welcomes: “supports”, “fears of”, “proud of”."),
    CueKind("judgement", "Judgement", "Praises, blames, labels: “criticised”, “accused X of”, “called it a mistake”."),
    CueKind("demand", "Demand", "Asks, orders or advises others to act: “urged X to”, “called for”, “the appeal to”."),
    CueKind("evidence", "Evidence", "What a text or a number shows: “shows that”, “records”, “a poll”, “a sign of”."),
)
CUE_KIND_CODES = frozenset(kind.code for kind in CUE_KINDS)


class Range(NamedTuple):
    """A half-open range of Unicode code points of a document's text."""

    start_cp: int
    end_cp: int


@dataclass(frozen=True, slots=True)
class KnownActor:
    """An entry of the project's registry, as far as suggesters need it."""

    actor_id: int
    name: str
    code: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SuggestRequest:
    """One document to work on.

    Without a `language` it is told from the text, and taken for English where that is not sure. `cue_kinds_off` are
    codes of `CUE_KINDS` of which no claim is proposed.
    """

    document_id: int
    text: str
    language: str = "en"
    actors: tuple[KnownActor, ...] = ()
    cue_kinds_off: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class SuggestedSpan:
    """A span that a suggester proposes.

    `key` is unique within one `DocumentSuggestions`; links refer to it. `code` is a label code.
    `fragments` are sorted, disjoint, free of white space at either end, and never empty.
    `score` lies in [0, 1]. `reason` is one short phrase for people ("cue “alleging”, clause"). `kind` is the code of
    the kind of cue (`CUE_KINDS`) by which a claim or its cue was found, empty for mentions.
    """

    key: int
    code: str
    fragments: tuple[Range, ...]
    score: float
    actor_id: int | None = None
    reason: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class SuggestedLink:
    """A link from the span `from_key` (a claim) to the span `to_key`."""

    code: str
    from_key: int
    to_key: int
    score: float


@dataclass(frozen=True, slots=True)
class DocumentSuggestions:
    """All that one suggester run proposes for one document.

    `language` is what the text was found to be written in, empty where that was known or is not sure.
    """

    document_id: int
    suggester: str
    version: str
    model: str
    spans: tuple[SuggestedSpan, ...] = ()
    links: tuple[SuggestedLink, ...] = ()
    language: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return plain lists and dicts, for the pipe of the worker."""
        return {
            "document_id": self.document_id,
            "suggester": self.suggester,
            "version": self.version,
            "model": self.model,
            "language": self.language,
            "spans": [[s.key, s.code, s.fragments, s.score, s.actor_id, s.reason, s.kind] for s in self.spans],
            "links": [[x.code, x.from_key, x.to_key, x.score] for x in self.links],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> DocumentSuggestions:
        """Read what `to_json` wrote."""
        spans = tuple(
            SuggestedSpan(key, code, tuple(Range(s, e) for s, e in fragments), score, actor_id, reason, kind)
            for key, code, fragments, score, actor_id, reason, kind in data["spans"]
        )
        links = tuple(SuggestedLink(*row) for row in data["links"])
        return cls(
            data["document_id"], data["suggester"], data["version"], data["model"], spans, links, data["language"]
        )


@dataclass(frozen=True, slots=True)
class TrainingSpan:
    """A decided span of a training document, with the label's name as the analyst wrote it."""

    kind: str
    label: str
    fragments: tuple[Range, ...]


@dataclass(frozen=True, slots=True)
class TrainingDocument:
    """One document as training data: what is confirmed, what is rejected, what is complete, what is left out."""

    document_id: int
    title: str
    text: str
    language: str
    confirmed: Sequence[TrainingSpan]
    rejected: Sequence[TrainingSpan]
    reviewed: Sequence[Range]
    meta: Mapping[str, Any] = field(default_factory=dict)
    excluded: Sequence[Range] = ()
