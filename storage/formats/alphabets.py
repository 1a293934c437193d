"""Which legacy encoding a text in a Latin script has, told by the letters beyond ASCII of its language. Pure.

A detector of encodings that goes by statistics needs a page of text; a post or a table's cell is a line, and “l’été”
comes out as “líťtť”. Each language has a dozen letters beyond ASCII, and one encoding makes them of the bytes.
"""

from __future__ import annotations

from collections import Counter

#: Codecs with the letters of languages that are written in them; of equals the first is taken.
_LANGUAGES = tuple(
    (codec, frozenset(letters + letters.upper()))
    for codec, languages in (
        ("cp1252", "äöüß àâæçéèêëîïôœùûüÿ áéíñóúü¿¡ºª ãáâàçéêíóôõúüºª àèéìíîòóùú åäöé æøåéòô àçéèíïóòúü· éëïèöüó"),
        ("cp1250", "ąćęłńóśźż áčďéěíňóřšťúůýž áéíóöőúüű áäčďéíĺľňóôŕšťúýž čćđšž ăâîşţ"),
        ("iso8859_2", "ąćęłńóśźż áčďéěíňóřšťúůýž áéíóöőúüű áäčďéíĺľňóôŕšťúýž čćđšž ăâîşţ"),
        ("cp1254", "çğıİöşüâîû"),
        ("cp1257", "ąčęėįšųūž āčēģīķļņšūž õäöüšž"),
        ("cp1252", "áéíóúýþæöð õäöüšž"),
        ("mac_roman", "äöüß àâæçéèêëîïôœùûüÿ áéíñóúü¿¡ºª ãáâàçéêíóôõúüºª àèéìíîòóùú åäöé æøåéòô"),
    )
    for letters in languages.split()
)
#: What any text may hold, and letters of names that travel.
_SIGNS = frozenset("“”„‘’‚–—…«»‹›•€£¢°§©®™·×²½\xa0\xad")
_OF_NAMES = frozenset("äöüéèáíóçñÄÖÜÉ")

#: Languages in a Latin script have at most so many letters beyond ASCII for each within.
_MOST_BEYOND = 0.5
#: So large a part of what is beyond ASCII fits the language.
_LEAST_FITTING = 0.9


def latin_codec(data: bytes) -> str | None:
    """Return the codec of a text in a Latin script, None if it is in none of those known or in another script."""
    counts = Counter(data)
    beyond = {byte: count for byte, count in counts.items() if byte >= 0x80}
    within = sum(count for byte, count in counts.items() if chr(byte).isalpha() and byte < 0x80)
    total = sum(beyond.values())
    if not 0 < total <= _MOST_BEYOND * within:
        return None
    best, best_share = None, 0.0
    for codec, letters in _LANGUAGES:
        share = sum(count * _fit(byte, codec, letters) for byte, count in beyond.items()) / total
        if share > best_share:
            best, best_share = codec, share
    return best if best_share >= _LEAST_FITTING else None


def _fit(byte: int, codec: str, letters: frozenset[str]) -> float:
    letter = bytes([byte]).decode(codec, "replace")
    return 1.0 if letter in letters or letter in _SIGNS else 0.5 if letter in _OF_NAMES else 0.0
