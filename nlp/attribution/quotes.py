"""Pair quotation marks of every style. Works on the bare text, in code points; needs no parse."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_MARK = re.compile(r"''|``|[\"“”„‟«»‘’‚‹›「」『』'＂❝❞〝〞〟]")
_PARAGRAPH = re.compile(r"[^\r\n\u2028\u2029]+")
_PAIRS = {
    "“": '”"',
    "„": '“”"',
    "‟": "”",
    "«": "»",
    "»": "«",
    "‘": "’",
    "‚": "‘’",
    "‹": "›",
    "「": "」",
    "『": "』",
    "❝": "❞",
    "〝": "〞〟",
    "``": "''\"",
}
_OPENING = frozenset("“«„「『❝〝")
_ENDING = frozenset("”»」』❞〞〟")
_PURE_CLOSING = frozenset("”’›」』❞〞〟")
_SINGLE = frozenset("‘’‚'‹›")
#: Swedish and Finnish open and close with the same mark: where a paragraph has no other opening one, it may open.
_SAME_MARK = {"”": frozenset("“„‟"), "»": frozenset("«„")}
#: A quotation that is never closed runs to the end of its paragraph; longer ones are more likely a stray mark.
_MAX_UNCLOSED_CP = 3000
#: A mark is looked for among so many: texts of nothing but marks would take quadratic time.
_MAX_MARKS = 200


class Quotation(NamedTuple):
    """A stretch in quotation marks, the marks included; offsets are code points.

    `is_closed` is false where the closing mark is missing at the end of a paragraph.
    """

    start_cp: int
    end_cp: int
    is_closed: bool = True

    def inside(self, text: str) -> str:
        """Return the quoted words without their marks."""
        return text[self.start_cp : self.end_cp].strip("\"“”„‟«»‘’‚‹›「」『』'`＂❝❞〝〞〟")


def find_quotations(text: str) -> list[Quotation]:
    """Return the outermost quotations of a text, in order.

    Double marks pair within a paragraph; a mark left open at its end closes there when the next paragraph
    opens with a mark again (a speech over several paragraphs) or when nothing else can close it. Single marks
    count only where no letter stands before the opening and none after the closing one, and not inside
    double marks, so that apostrophes never open a quotation.
    """
    found: list[Quotation] = []
    for paragraph in _PARAGRAPH.finditer(text):
        found.extend(_in_paragraph(text, paragraph.start(), paragraph.end()))
    return found


def _in_paragraph(text: str, start: int, end: int) -> Iterator[Quotation]:
    marks = [(m.start(), m.end(), m[0]) for m in _MARK.finditer(text, start, end)]
    present = {mark for _, _, mark in marks}
    both_ways = {mark for mark, others in _SAME_MARK.items() if not present & others}
    at = 0
    while at < len(marks):
        opened, after, mark = marks[at]
        if not _can_open(text, opened, after, mark, is_both_ways=mark in both_ways):
            at += 1
            continue
        closing = _closing(text, marks, at, end, is_same=mark in both_ways)
        if closing is not None:
            yield Quotation(opened, marks[closing][1])
            at = closing + 1
        elif mark not in _SINGLE and mark != "»" and mark not in both_ways and end - opened <= _MAX_UNCLOSED_CP:
            yield Quotation(opened, _stripped_end(text, opened, end), is_closed=False)
            return
        else:
            at += 1


def _can_open(text: str, start: int, end: int, mark: str, *, is_both_ways: bool) -> bool:
    after = text[end] if end < len(text) else " "
    if is_both_ways:
        before = text[start - 1] if start else " "
        return not after.isspace() and (before.isspace() or before in "([–—-")
    if mark in _OPENING:
        # French puts a blank inside its marks; Chinese and Japanese put none outside.
        return mark == "«" or not after.isspace()
    if mark in _PURE_CLOSING or after.isspace():
        return False
    return not (text[start - 1] if start else " ").isalnum()


def _closing(text: str, marks: list[tuple[int, int, str]], opened_at: int, limit: int, *, is_same: bool) -> int | None:
    """Return the index of the mark that closes the one at `opened_at`, if it is closed in the paragraph.

    `is_same`: in this paragraph the same mark closes.
    """
    _, opened_end, mark = marks[opened_at]
    last = min(opened_at + _MAX_MARKS, len(marks))
    if is_same:
        later = range(opened_at + 1, last)
        return next((at for at in later if marks[at][2] == mark and not text[marks[at][0] - 1].isspace()), None)
    depth = 0
    for index in range(opened_at + 1, last):
        start, end, other = marks[index]
        if other in _OPENING and mark not in _SINGLE and not _closes(mark, other):
            depth += 1
            continue
        if depth and other in _ENDING and not _closes(mark, other):
            depth -= 1
            continue
        if not _closes(mark, other):
            continue
        after = text[end] if end < limit else " "
        if mark in _SINGLE and after.isalnum():
            continue
        if other in {'"', "''", "'"} and text[start - 1].isspace() and not after.isspace():
            continue
        if depth == 0:
            return index if start > opened_end else None
        depth -= 1
    return None


def _closes(mark: str, other: str) -> bool:
    if mark in _PAIRS:
        return other in _PAIRS[mark] or (mark == "``" and other == "''")
    return other == mark or (mark == '"' and other == "”") or (mark == "''" and other == '"')


def _stripped_end(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1].isspace():
        end -= 1
    return end
