"""Rules about text and offsets: what may be imported, where a span may begin and end, what its quote is.

Imports nothing of `storage` but `records` and `errors`. All offsets are code points, half-open.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from storage.errors import InvalidEditError, RefusedInputError
from storage.records import Fragment

if TYPE_CHECKING:
    import regex

#: Below the combining diacritical marks, UAX #29 joins nothing but a carriage return and its line feed.
_FIRST_JOINING = "\u0300"


@cache
def _grapheme() -> regex.Pattern[str]:
    r"""Return the pattern of one grapheme.

    Matched from one code point before a position, `\X` ends at the next boundary at or after it; the library looks
    back as far as the rules of UAX #29 need (flags, emoji sequences, conjuncts). It takes 40 ms to import, which
    the start of the program does without.
    """
    import regex  # noqa: PLC0415

    return regex.compile(r"\X")


def sha256_of(text: str) -> str:
    """Return the SHA-256 of the text's UTF-8 form, as 64 lower-case hexadecimal digits.

    Raises:
        UnicodeEncodeError: the text holds a lone surrogate (`check_text` refuses such texts).
    """
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def check_text(text: str, *, where: str = "The text") -> None:
    """Refuse what cannot be a document's text. O(n), about 1 ms per million characters.

    `where` begins the sentence: the file, with its line where there is one.

    Raises:
        RefusedInputError: the text is empty or all white space, or holds a NUL or a lone surrogate.
    """
    if not text or text.isspace():
        what = "has nothing but white space" if text else "is empty"
        raise RefusedInputError(f"{where} {what}: there is nothing to label, so leave it out.")
    nul_cp = text.find("\0")
    if nul_cp >= 0:
        raise RefusedInputError(
            f"{where} has a NUL character at {_place(text, nul_cp)}, which no text has: the file is damaged "
            "or not a text; save it again as plain text."
        )
    surrogate_cp = lone_surrogate(text)
    if surrogate_cp is not None:
        raise RefusedInputError(
            f"{where} has half a character (the lone surrogate U+{ord(text[surrogate_cp]):04X}) at "
            f"{_place(text, surrogate_cp)}: the program that wrote it cut an emoji or a rare character in two; "
            "write it again as UTF-8."
        )


def lone_surrogate(text: str) -> int | None:
    """Return where the first lone surrogate stands, in code points, or None."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        return error.start
    return None


def is_grapheme_boundary(text: str, pos_cp: int) -> bool:
    """Say whether the text may be cut before `pos_cp` (in [0, len(text)]) without cutting a grapheme.

    O(1) for almost every text; at worst O(length of the grapheme or the run of flags there).
    """
    if pos_cp <= 0 or pos_cp >= len(text):
        return True
    before, after = text[pos_cp - 1], text[pos_cp]
    if before < _FIRST_JOINING and after < _FIRST_JOINING:
        return before != "\r" or after != "\n"
    return _boundary_from(text, pos_cp - 1) == pos_cp


def snap(text: str, start_cp: int, end_cp: int) -> Fragment | None:
    """Return the range grown to whole graphemes and freed of white space at its ends.

    None if nothing but white space is left. A grapheme that begins with white space (a blank with a
    combining mark) counts as white space where it stands at an end.
    """
    start_cp, end_cp = max(start_cp, 0), min(end_cp, len(text))
    if start_cp >= end_cp:
        return None
    start_cp = _last_boundary(text, start_cp)
    end_cp = _next_boundary(text, end_cp)
    while (fragment := trim(text, start_cp, end_cp)) is not None:
        start_cp = _next_boundary(text, fragment.start_cp)
        end_cp = _last_boundary(text, fragment.end_cp)
        if (start_cp, end_cp) == fragment:
            return fragment
    return None


def trim(text: str, start_cp: int, end_cp: int) -> Fragment | None:
    """Return [start_cp, end_cp) without the white space at its ends; None if nothing is left."""
    start_cp, end_cp = max(start_cp, 0), min(end_cp, len(text))
    while start_cp < end_cp and text[start_cp].isspace():
        start_cp += 1
    while end_cp > start_cp and text[end_cp - 1].isspace():
        end_cp -= 1
    return Fragment(start_cp, end_cp) if start_cp < end_cp else None


def quote_of(text: str, fragments: Sequence[tuple[int, int]]) -> str:
    """Return the words of a span: its fragments joined by one blank."""
    if len(fragments) == 1:
        start_cp, end_cp = fragments[0]
        return text[start_cp:end_cp]
    return " ".join([text[start_cp:end_cp] for start_cp, end_cp in fragments])


def check_fragments(text: str, fragments: Sequence[tuple[int, int]]) -> None:
    """Check that the fragments may make a span of this text. At most about 1 µs per fragment.

    Raises:
        InvalidEditError: there are none; they are not sorted and disjoint; one is empty, lies outside
            the text, begins or ends with white space, or cuts a grapheme.
    """
    if len(fragments) == 1 and _is_plainly_sound(text, *fragments[0]):
        return
    if not fragments:
        raise InvalidEditError("a span needs at least one fragment")
    last_end_cp = 0
    for start_cp, end_cp in fragments:
        fault = _fault(text, start_cp, end_cp, last_end_cp)
        if fault:
            raise InvalidEditError(f"the fragment [{start_cp}, {end_cp}) {fault}")
        last_end_cp = end_cp


def _is_plainly_sound(text: str, start_cp: int, end_cp: int) -> bool:
    """Whether a fragment is sound by a quick look, 0.3 µs: nothing at its ends is white space or could join."""
    if not 0 <= start_cp < end_cp <= len(text):
        return False
    first, last = text[start_cp], text[end_cp - 1]
    return (
        first < _FIRST_JOINING
        and last < _FIRST_JOINING
        and not first.isspace()
        and not last.isspace()
        and (start_cp == 0 or text[start_cp - 1] < _FIRST_JOINING)
        and text[end_cp : end_cp + 1] < _FIRST_JOINING
    )


def _fault(text: str, start_cp: int, end_cp: int, last_end_cp: int) -> str | None:
    """Return what is wrong with a fragment, as the rest of a sentence."""
    if start_cp >= end_cp:
        return "is empty"
    if start_cp < 0 or end_cp > len(text):
        return f"lies outside the text, which has {len(text):,} characters"
    if start_cp < last_end_cp:
        return f"begins before the one ahead of it ends, at {last_end_cp}"
    if text[start_cp].isspace() or text[end_cp - 1].isspace():
        return "begins or ends with white space"
    if not (is_grapheme_boundary(text, start_cp) and is_grapheme_boundary(text, end_cp)):
        return "cuts a character in two (an emoji, or a letter and its accent)"
    return None


def _boundary_from(text: str, start_cp: int) -> int:
    """Return the first boundary after `start_cp`, which lies before the end of the text."""
    match = _grapheme().match(text, start_cp)
    return int(match.end()) if match else len(text)


def _next_boundary(text: str, pos_cp: int) -> int:
    """Return the first boundary at or after `pos_cp`."""
    return pos_cp if is_grapheme_boundary(text, pos_cp) else _boundary_from(text, pos_cp - 1)


def _last_boundary(text: str, pos_cp: int) -> int:
    """Return the last boundary at or before `pos_cp`.

    Steps back twice as far each time and looks forward from there (the library's own search backwards
    takes every code point for a grapheme), so that a cluster of a million marks costs milliseconds.
    """
    if is_grapheme_boundary(text, pos_cp):
        return pos_cp
    step = 1
    while True:
        last_cp = next_cp = _next_boundary(text, max(pos_cp - step, 0))
        while next_cp < pos_cp:
            last_cp, next_cp = next_cp, _boundary_from(text, next_cp)
        if last_cp < pos_cp:
            return last_cp
        step *= 2


def _place(text: str, pos_cp: int) -> str:
    """Return a position as people count: line and character, both from 1."""
    line = text.count("\n", 0, pos_cp) + 1
    character = pos_cp - text.rfind("\n", 0, pos_cp)
    return f"line {line:,}, character {character:,}"
