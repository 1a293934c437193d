"""Whether a person is "he" or "she", as far as titles in the document tell ("Mrs Lund", "spokeswoman Mara Lund")."""

from __future__ import annotations

from typing import TYPE_CHECKING

import regex

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nlp.mentions import Mention

SHE, HE = "she", "he"
#: Not any word in "man": "German" and "Norman" are none of them.
_OFFICES = "spokes|chair|congress|business|council|police|states|clergy|assembly|noble|camera|crafts|sports"
_TITLES = {
    SHE: rf"Mrs\.?|Ms\.?|Miss|Mme\.?|Madam|Madame|Frau|Lady|Dame|Queen|Princess|Empress|Sister|(?i:{_OFFICES})woman",
    HE: rf"Mr\.?|Monsieur|Herr|Sir|Lord|King|Prince|Emperor|Tsar|Brother|Father|(?i:{_OFFICES})man",
}
_BEFORE = {
    gender: regex.compile(rf"\b(?:{words})\s+(?:\p{{Lu}}[\w.’'-]*\s+){{0,2}}$") for gender, words in _TITLES.items()
}
#: A title and a first name or two stand at most so far before a name, in code points.
_REACH_CP = 40


def genders_of(text: str, mentions: Iterable[Mention]) -> dict[str, str]:
    """Return "he" or "she" by surname, for the persons of a document whose titles agree."""
    found: dict[str, set[str]] = {}
    for item in mentions:
        if item.code != "person" or not item.is_name:
            continue
        before = text[max(item.start_cp - _REACH_CP, 0) : item.start_cp]
        for gender, pattern in _BEFORE.items():
            if pattern.search(before):
                found.setdefault(surname_of(item.text), set()).add(gender)
    return {name: next(iter(genders)) for name, genders in found.items() if len(genders) == 1}


def surname_of(name: str) -> str:
    """Return the last word of a name."""
    return name.rsplit(maxsplit=1)[-1]
