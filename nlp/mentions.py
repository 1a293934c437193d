"""Find mentions of actors: names and descriptions of states, persons, organisations and groups."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Doc

_CODES = {"PERSON": "person", "ORG": "organisation", "GPE": "state", "NORP": "group"}


@dataclass(frozen=True, slots=True)
class Mention:
    """A stretch that names or describes an actor; offsets are code points."""

    start_cp: int
    end_cp: int
    code: str
    text: str
    score: float
    reason: str = ""


def find_mentions(doc: Doc, offset_cp: int = 0) -> list[Mention]:
    """Return the mentions of a document in the order of the text, their offsets moved by `offset_cp`."""
    return [
        Mention(
            ent.start_char + offset_cp,
            ent.end_char + offset_cp,
            _CODES[ent.label_],
            ent.text,
            0.7,
            "name",
        )
        for ent in doc.ents
        if ent.label_ in _CODES
    ]
