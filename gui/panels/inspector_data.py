"""What the inspector shows of the focused span, as plain data: whoever knows the project fills it in."""

from __future__ import annotations

from dataclasses import dataclass

from gui.widgets.runs import RunStyle, TextRun
from storage.records import FieldType, LabelKind, State


@dataclass(frozen=True, slots=True)
class PartyData:
    """A span at the other end of a link: its words, its look, and the actor it stands for (if known)."""

    text: str
    colour: str = "grey"
    is_suggested: bool = False
    actor: str = ""

    @property
    def name(self) -> str:
        """The actor's name, else the words."""
        return self.actor or self.text


@dataclass(frozen=True, slots=True)
class FieldData:
    """A codebook field of the span and its value ("" where none was given). `key` is shown as a key cap."""

    id: int
    name: str
    type: FieldType = FieldType.CHOICE
    choices: tuple[str, ...] = ()
    value: str = ""
    definition: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class ActorData:
    """The registry's entry that a mention points to."""

    name: str
    type_name: str = ""
    aliases: tuple[str, ...] = ()
    mentions: int = 0
    documents: int = 0
    notes: str = ""


@dataclass(frozen=True, slots=True)
class OverlapData:
    """A span at the cursor, of which several may lie over each other."""

    span_id: int
    kind: LabelKind
    label: str
    colour: str
    quote: str
    state: State


@dataclass(frozen=True, slots=True)
class InspectorData:
    """The focused span with all that is told about it.

    `parts` is the quote cut into runs, mentions in it as pills; without it the quote is shown plain.
    `provenance` has a line for each thing to tell: suggester and version, reason, who decided when.
    `overlapping` lists all spans at the cursor, the focused one among them.
    """

    span_id: int
    kind: LabelKind
    label: str
    colour: str
    state: State
    quote: str
    score: float | None = None
    parts: tuple[TextRun, ...] = ()
    speakers: tuple[PartyData, ...] = ()
    cues: tuple[PartyData, ...] = ()
    targets: tuple[PartyData, ...] = ()
    fields: tuple[FieldData, ...] = ()
    note: str = ""
    is_note_unsaved: bool = False
    is_flagged: bool = False
    provenance: tuple[str, ...] = ()
    actor: ActorData | None = None
    overlapping: tuple[OverlapData, ...] = ()


#: The quote is cut to this many code points on the claim line; all of it stands in the document.
QUOTE_CP = 220


def heading_of(data: InspectorData) -> str:
    """Return label, state and score ("Claim · suggested · 0.91")."""
    score = f"{data.score:.2f}" if data.score is not None and data.state is State.SUGGESTED else ""
    return " · ".join(part for part in (data.label, data.state.value, score) if part)


def names_of(parties: tuple[PartyData, ...]) -> str:
    """Return the names of linked spans, each once."""
    return ", ".join(dict.fromkeys(party.name for party in parties))


def sentence_of(data: InspectorData) -> list[TextRun]:
    """Return the span in one line: speaker → cue → “claim” → about target, or the mention and its actor."""
    words = _quote_runs(data)
    if data.kind is LabelKind.CUE:
        return [TextRun(run.text, RunStyle.CUE) for run in words]
    if data.kind is LabelKind.ACTOR:
        pill = TextRun(_cut(data.quote), RunStyle.PILL, data.colour, data.state is State.SUGGESTED)
        actor = [TextRun(" → "), TextRun(data.actor.name)] if data.actor else []
        return [pill, *actor]
    arrow = TextRun(" → ", RunStyle.MUTED)
    runs = _party_runs(data.speakers) or [TextRun("nobody yet", RunStyle.MUTED)]
    if data.cues:
        runs += [arrow, TextRun(" … ".join(_cut(cue.text, 60) for cue in data.cues), RunStyle.CUE)]
    runs += [arrow, TextRun("“"), *words, TextRun("”")]
    if data.targets:
        runs += [arrow, TextRun("about ", RunStyle.MUTED), *_party_runs(data.targets)]
    return runs


def _party_runs(parties: tuple[PartyData, ...]) -> list[TextRun]:
    runs: list[TextRun] = []
    for party in parties:
        if runs:
            runs.append(TextRun(", "))
        runs.append(TextRun(_cut(party.text, 60), RunStyle.PILL, party.colour, party.is_suggested))
    return runs


def _quote_runs(data: InspectorData) -> list[TextRun]:
    left_cp = QUOTE_CP
    runs: list[TextRun] = []
    for run in data.parts or (TextRun(data.quote),):
        if len(run.text) > left_cp:
            cut = run.text[:left_cp].rstrip()
            return [*runs, TextRun(cut, run.style, run.colour, run.is_suggested), TextRun(" …", RunStyle.MUTED)]
        left_cp -= len(run.text)
        runs.append(run)
    return _without_outer_marks(runs) if data.kind is LabelKind.CLAIM else runs


def _without_outer_marks(runs: list[TextRun]) -> list[TextRun]:
    """Drop quotation marks around the whole: the claim line sets its own."""
    whole = "".join(run.text for run in runs)
    if len(whole) < 3 or (whole[0], whole[-1]) not in {("“", "”"), ('"', '"'), ("«", "»"), ("„", "“")}:
        return runs
    if any(mark in whole[1:-1] for mark in (whole[0], whole[-1])):
        return runs
    first, last = runs[0], runs[-1]
    if len(runs) == 1:
        return [TextRun(first.text[1:-1], first.style, first.colour, first.is_suggested)]
    begin = TextRun(first.text[1:], first.style, first.colour, first.is_suggested)
    end = TextRun(last.text[:-1], last.style, last.colour, last.is_suggested)
    return [begin, *runs[1:-1], end]


def _cut(text: str, most_cp: int = QUOTE_CP) -> str:
    return text if len(text) <= most_cp else text[:most_cp].rstrip() + " …"
