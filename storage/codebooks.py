"""The starter codebook of a new project."""

from __future__ import annotations

from storage.entities import FIELD, LABEL, LINK_TYPE, Image
from storage.project import Project

_LABELS: tuple[Image, ...] = (
    {
        "kind": "actor",
        "code": "state",
        "name": "State",
        "colour": "blue",
        "definition": "A state, its government, or a name that stands for it (a capital, a palace, “the West”), "
        "where it acts or holds a view; not a mere place.",
        "examples": "Velmar · Port Selin announced · both capitals",
    },
    {
        "kind": "actor",
        "code": "person",
        "name": "Person",
        "colour": "teal",
        "definition": "One person, by name or by description; titles and offices stay outside a name.",
        "examples": "Ilya Brandt · the deputy minister",
    },
    {
        "kind": "actor",
        "code": "organisation",
        "name": "Organisation",
        "colour": "violet",
        "definition": "A named organisation: alliance, party, ministry, agency, company, medium, armed group.",
        "examples": "the League · Meridian news agency",
    },
    {
        "kind": "actor",
        "code": "group",
        "name": "Group",
        "colour": "orange",
        "definition": "Several people or unnamed organisations that act or hold a view together.",
        "examples": "Velmari officials · the protesters · small island governments",
    },
    {
        "kind": "claim",
        "code": "claim",
        "name": "Claim",
        "colour": "yellow",
        "definition": "What the text presents as said, written, believed, wanted, promised, demanded or predicted by "
        "someone other than its author; quotation marks included, “that” left out.",
        "examples": "officials warned that [the drill would go ahead]",
    },
    {
        "kind": "cue",
        "code": "cue",
        "name": "Cue",
        "colour": "grey",
        "definition": "The words that signal whose claim it is: verb group, noun, or “according to”.",
        "examples": "was quoted as saying · according to · fears of",
    },
)

_LINK_TYPES: tuple[Image, ...] = (
    {
        "code": "speaker",
        "name": "Speaker",
        "from_kind": "claim",
        "to_kind": "actor",
        "definition": "Who makes the claim.",
    },
    {
        "code": "target",
        "name": "Target",
        "from_kind": "claim",
        "to_kind": "actor",
        "definition": "The actor that the claim is about or against.",
    },
    {
        "code": "cue",
        "name": "Cue",
        "from_kind": "claim",
        "to_kind": "cue",
        "definition": "The words that signal the claim.",
    },
    {
        "code": "contains",
        "name": "Contains",
        "from_kind": "claim",
        "to_kind": "claim",
        "definition": "A claim that is reported within this one.",
    },
    {
        "code": "answers",
        "name": "Answers",
        "from_kind": "claim",
        "to_kind": "claim",
        "definition": "A claim that this one replies to.",
    },
)

_FIELDS: tuple[Image, ...] = (
    {
        "name": "Kind",
        "type": "choice",
        "choices": ["statement", "accusation", "demand", "promise", "prediction", "belief"],
    },
    {"name": "Stance", "type": "choice", "choices": ["for", "against", "neutral"]},
    {"name": "Certainty", "type": "choice", "choices": ["certain", "probable", "possible", "doubtful"]},
    {"name": "Date", "type": "date", "choices": []},
)


def write_starter(project: Project) -> None:
    """Write the codebook for actors and claims into a new project; no entry for undo."""
    with project.change("starter codebook", is_undoable=False) as scope:
        for position, label in enumerate(_LABELS):
            scope.journal.insert(LABEL, {**label, "key": str(position + 1), "position": position})
        for link_type in _LINK_TYPES:
            scope.journal.insert(LINK_TYPE, link_type)
        for position, field in enumerate(_FIELDS):
            scope.journal.insert(FIELD, {**field, "kind": "claim", "definition": "", "position": position})
