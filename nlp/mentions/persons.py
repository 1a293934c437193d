"""Parts of the names of persons, as they are compared: without particles, marks on letters, and capitals."""

from __future__ import annotations

import unicodedata

import regex

#: What may stand before a surname and be left out or written large: "Ursula von der Leyen", "Von der Leyen", "Leyen".
_PARTICLES = (
    "abu af al av ben bin bint da das de del della den der des di dos du el ibn la le les ten ter van von y zu zum"
)
PARTICLES = frozenset(_PARTICLES.split())
_PREFIX = regex.compile(r"^(?:al|el|as|ash|ad|ar|an|at|az)[-‑](?=\p{L}{2})")
#: Latin letters whose mark is no combining character.
_LETTERS = str.maketrans("łøđıŧħ’‘ʼ", "lodith'''")
_MARKED_LATIN = regex.compile(r"(\p{Latin})\p{Mn}+")


def folded(name: str) -> str:
    """Return a name as persons' names are compared: Latin letters without marks, in lower case, with single blanks.

    "Erdoğan" and "Erdogan" are one; letters of other scripts keep their marks, which tell words apart.
    """
    plain = unicodedata.normalize("NFD", " ".join(name.split())).casefold().translate(_LETTERS)
    return unicodedata.normalize("NFC", _MARKED_LATIN.sub(r"\1", plain))


def core(word: str) -> str:
    """Return a part of a name folded and without the article of an Arabic one: "sisi" for "El-Sisi"."""
    return _PREFIX.sub("", folded(word))


def without_particles(words: str) -> str:
    """Return a surname without the particles before it: "Leyen" for "von der Leyen"."""
    parts = words.split()
    while len(parts) > 1 and parts[0].casefold() in PARTICLES:
        parts.pop(0)
    return " ".join(parts)
