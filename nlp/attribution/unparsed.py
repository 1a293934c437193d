"""Quotations in a text whose parse or whose cues are not known: which of them are speech, told by marks alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import regex

from nlp.attribution.quotes import find_quotations
from nlp.attribution.records import QUOTATION, Attribution
from nlp.suggestion import Range

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nlp.attribution.quotes import Quotation

#: Most quotations are speech; without a parse neither cue nor speaker is known.
_SCORE = 0.5
#: Fewer words, or characters of scripts without blanks, are a title or a term unless the marks around tell more.
_SPEECH_WORDS, _SPEECH_CHARACTERS = 4, 6
_LEAST_WORDS = 2
_UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]")
_WORD = regex.compile(r"\w+(?:[’'-]\w+)*")
#: Searched from the end: forwards, long rows of marks would take quadratic time.
_STOPPED = regex.compile(r"(?r)[.,?!…。！？，؟۔।][\s\p{Po}\p{Pf}\p{Pi}\"']*$")
#: "„Das ist das Ende“, sagte Pell" and "Pell: «...»".
_GOES_ON = regex.compile(r"\s*(?:[,，،]\s*+(?:[–—-]\s)?|[–—-]\s)\s*+\p{L}")
_INTRODUCED = regex.compile(r"[:：]\s*$")


def quoted_speech(text: str) -> Iterator[Attribution]:
    """Yield the quotations that somebody seems to have said, without cue and source."""
    for found in find_quotations(text):
        if _is_speech(text, found):
            yield Attribution((Range(found.start_cp, found.end_cp),), score=_SCORE, pattern=QUOTATION)


def _is_speech(text: str, found: Quotation) -> bool:
    inside = found.inside(text)
    unspaced = len(_UNSPACED.findall(inside))
    words = len(_WORD.findall(inside))
    if unspaced * 2 > len(inside):
        is_long, is_some = unspaced >= _SPEECH_CHARACTERS, unspaced >= _SPEECH_WORDS
    else:
        is_long, is_some = words >= _SPEECH_WORDS, words >= _LEAST_WORDS
    if is_long or (words > 0 and _STOPPED.search(inside) is not None):
        return True
    is_led = _INTRODUCED.search(text, max(found.start_cp - 3, 0), found.start_cp) is not None
    return is_some and (is_led or _GOES_ON.match(text, found.end_cp) is not None)
