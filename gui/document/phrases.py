"""Where phrases begin and end, between stops, and how far a name reaches around a word. Pure.

A phrase is what stands between two stops: commas, dashes, brackets, quotation marks, the ends of sentences. Claims
begin and end there oftener than anywhere else, so that whole phrases are the steps that reach them in few keys.
"""

from __future__ import annotations

import regex

from gui.document.positions import Positions
from gui.document.sentences import sentence_at
from storage.records import Fragment

_OPENING = '“‘„‚«‹([{"'
_STOPS = regex.compile(r"[,;:.!?…—–()\[\]{}“”„‚‘’«»‹›\"\n\r\u2028\u2029、。，；：！？「」『』《》]")
#: One of these between two characters with no blank belongs to a number or a time: 5,000; 10:30.
_WITHIN_NUMBER = frozenset(",.:")
#: Closing marks right behind a word, with the stops that some styles put before them.
_CLOSING = regex.compile(r"[,.!?…]*[”’»›)\]}\"]+")


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


#: Small words that stand within names but never at their ends.
_JOINING = _words("of the de del della di da la le al el bin ibn van von der den für und")
#: Words that begin sentences with a capital letter and no name.
_NO_NAME = _words("the a an in on at of for from by with to and but or as if when while since after before")


def next_start(positions: Positions, pos_cp: int) -> int:
    """Return where the next phrase after `pos_cp` begins, with its opening marks; else the end of the text."""
    before = positions.next_word(pos_cp)
    while before is not None:
        word = positions.next_word(before.end_cp)
        if word is None:
            break
        start_cp = _with_opening(positions.text, word.start_cp)
        if start_cp > pos_cp and _is_stop(positions.text, before, word):
            return start_cp
        before = word
    return positions.length_cp


def previous_start(positions: Positions, pos_cp: int) -> int:
    """Return where the phrase around `pos_cp` begins or, from there, the one before; else 0."""
    opening_cp = _with_opening(positions.text, pos_cp)
    if opening_cp < pos_cp:
        return opening_cp
    word = positions.previous_word(pos_cp)
    while word is not None:
        before = positions.previous_word(word.start_cp)
        start_cp = _with_opening(positions.text, word.start_cp)
        if start_cp < pos_cp and (before is None or _is_stop(positions.text, before, word)):
            return start_cp
        word = before
    return 0


def next_end(positions: Positions, pos_cp: int, *, low_cp: int) -> int:
    """Return where the phrase around `pos_cp` ends or, from there, the next one.

    Closing marks come along where their opening ones stand behind `low_cp`.
    """
    word = positions.next_word(pos_cp)
    while word is not None:
        following = positions.next_word(word.end_cp)
        if following is None or _is_stop(positions.text, word, following):
            end_cp = _with_closing(positions.text, word.end_cp, low_cp)
            if end_cp > pos_cp:
                return end_cp
        word = following
    return positions.length_cp


def previous_end(positions: Positions, pos_cp: int, *, low_cp: int) -> int:
    """Return where the last phrase before `pos_cp` ends; `low_cp` if none ends behind that."""
    word = positions.previous_word(pos_cp)
    while word is not None and word.end_cp > low_cp:
        following = positions.next_word(word.end_cp)
        end_cp = _with_closing(positions.text, word.end_cp, low_cp)
        if end_cp < pos_cp and (following is None or _is_stop(positions.text, word, following)):
            return end_cp
        word = positions.previous_word(word.start_cp)
    return low_cp


def name_at(positions: Positions, pos_cp: int) -> Fragment | None:
    """Return the name that the word at `pos_cp` belongs to, else that word; `None` where there is no word."""
    word = positions.word_at(pos_cp)
    if word is None or not _is_capital(positions.text, word):
        return word
    first = last = word
    while (near := _before(positions, first)) is not None:
        first = near
    while (near := _behind(positions, last)) is not None:
        last = near
    return Fragment(first.start_cp, last.end_cp)


def _before(positions: Positions, word: Fragment) -> Fragment | None:
    """Return the word before that belongs to the same name; small words are stepped over."""
    near = positions.previous_word(word.start_cp)
    while near is not None and _is_joined(positions.text, near.end_cp, word.start_cp):
        text = positions.text[slice(*near)]
        if _is_capital(positions.text, near):
            return near if text.casefold() not in _NO_NAME else None
        if text not in _JOINING:
            return None
        word, near = near, positions.previous_word(near.start_cp)
    return None


def _behind(positions: Positions, word: Fragment) -> Fragment | None:
    near = positions.next_word(word.end_cp)
    while near is not None and _is_joined(positions.text, word.end_cp, near.start_cp):
        if _is_capital(positions.text, near):
            return near
        if positions.text[slice(*near)] not in _JOINING:
            return None
        word, near = near, positions.next_word(near.end_cp)
    return None


def _is_joined(text: str, end_cp: int, start_cp: int) -> bool:
    """Return whether nothing but blanks of one row stands between two words."""
    gap = text[end_cp:start_cp]
    return len(gap) == 1 and gap.isspace() and gap not in "\n\r\u2028\u2029"


def _is_capital(text: str, word: Fragment) -> bool:
    return text[word.start_cp].isupper()


def _is_stop(text: str, word: Fragment, following: Fragment) -> bool:
    gap = text[word.end_cp : following.start_cp]
    if gap in _WITHIN_NUMBER or not _STOPS.search(gap):
        return False
    if gap.strip() == "." and "\n" not in gap:  # U.S. officials, Mr. Taval
        return sentence_at(text, word.start_cp).end_cp <= following.start_cp
    return True


def _with_opening(text: str, start_cp: int) -> int:
    while start_cp > 0 and text[start_cp - 1] in _OPENING:
        start_cp -= 1
    return start_cp


def _with_closing(text: str, end_cp: int, low_cp: int) -> int:
    marks = _CLOSING.match(text, end_cp)
    is_opened = marks is not None and any(mark in _OPENING for mark in text[low_cp:end_cp])
    return marks.end() if marks is not None and is_opened else end_cp
