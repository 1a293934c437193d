"""Stretches of a text in which no actor acts: datelines, portion markings, addresses of mail and web, hashtags."""

from __future__ import annotations

from typing import TYPE_CHECKING

import regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nlp.mentions.records import Mention

_PLACE = r"\p{Lu}[\p{L}.’'-]+(?: (?:de |da |do |al-)?\p{Lu}[\p{L}.’'-]+){0,2}"
_AGENCY = r"\([\p{Lu}][\p{L} &/-]{1,20}\)"
_DASH = r"\s*(?:--?|[–—])\s"
_PATTERNS = (
    # "MOSCOW (Reuters) -", "Helsinki, March 3 (AP) —", "LEMSK, Karvia –"
    rf"^[ \t]*{_PLACE}(?:,[^()\n.:;]{{1,40}})?\s*{_AGENCY}{_DASH}",
    r"^[ \t]*\p{Lu}{3,}(?:[ -]\p{Lu}{2,}){0,2}(?:, [^()\n:;–—]{1,30})? ?[–—](?=\s)",
    # "(U//FOUO)", "• (S//NF)", "2. (C)" at the head of a paragraph, and lines that are nothing but a marking
    r"^[ \t•*·▪–-]*(?:\d{1,3}[.)]?[ \t]*)?\((?:U|C|R|S|TS|SBU|FOUO|CUI)(?:/{1,2}[A-Z0-9][A-Z0-9 ,/-]{0,60})?\)",
    r"^[ \t]*(?:UNCLASSIFIED|CONFIDENTIAL|SECRET|TOP SECRET)(?:/{1,2}[A-Z0-9 ,/-]{1,80})?[ \t]*$",
    r"https?://\S+|\bwww\.\S+|\bpic\.twitter\.com/\S+|(?<![\w.+-])[\w.+-]++@[\w-]+\.[\w.-]+|(?<!\w)[@#]\w+",
)
_APPARATUS = regex.compile("|".join(f"(?:{pattern})" for pattern in _PATTERNS), regex.M)


def outside_apparatus(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """Return the mentions, in order of their starts, of which no part stands in apparatus. O(n)."""
    kept: list[Mention] = []
    stretches: Iterator[tuple[int, int]] = (match.span() for match in _APPARATUS.finditer(text))
    start, end = next(stretches, (len(text), len(text)))
    for item in mentions:
        while end <= item.start_cp and start < len(text):
            start, end = next(stretches, (len(text), len(text)))
        if item.end_cp <= start:
            kept.append(item)
    return kept
