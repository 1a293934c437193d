"""Mentions of actors: names and descriptions of states, persons, organisations and groups.

`find_mentions` reads one parsed part, `settle` makes the mentions of a whole document agree with each other. Words
are data (`nlp/data/actors.toml`); `names` and `descriptions` find, `roles` tells actors from places.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nlp.mentions.descriptions import descriptions_of
from nlp.mentions.document import settle, with_surnames
from nlp.mentions.gazetteer import load_gazetteer
from nlp.mentions.identity import Identities
from nlp.mentions.names import names_of
from nlp.mentions.records import Mention
from nlp.mentions.speaking import with_speakers

if TYPE_CHECKING:
    from spacy.tokens import Doc

__all__ = ["Identities", "Mention", "find_mentions", "settle", "with_speakers", "with_surnames"]


def find_mentions(doc: Doc, offset_cp: int = 0) -> list[Mention]:
    """Return the mentions of a document in the order of the text, their offsets moved by `offset_cp`.

    Names that stand for places are among them, marked as no actors.
    """
    gazetteer = load_gazetteer()
    found = list(names_of(doc, gazetteer))
    if _is_described(doc):
        named = {at for item in found for at in range(item.start_cp, item.end_cp)}
        described = descriptions_of(doc, gazetteer)
        found += [item for item in described if not named.issuperset(range(item.start_cp, item.end_cp))]
    found.sort(key=lambda item: (item.start_cp, -item.end_cp))
    if offset_cp == 0:
        return found
    return [replace(item, start_cp=item.start_cp + offset_cp, end_cp=item.end_cp + offset_cp) for item in found]


def _is_described(doc: Doc) -> bool:
    """Tell whether the nouns that describe actors are in the language of the document, and parsed."""
    return doc.lang_ == "en" and doc.has_annotation("DEP")
