"""Patterns for graphemes and words. Pure.

Imported where they are first used: loading `regex` takes 30 ms, which the first window need not wait for.
"""

from __future__ import annotations

import regex

#: Between two of these there is always a grapheme boundary (but within CR LF): below U+0300 nothing
#: joins, and neither do unified ideographs (UAX 29, table 2).
_APART = r"\x00-\x09\x0b\x0c\x0e-\u02ff\u4e00-\u9fff"
SAFE_PAIR_BACKWARDS = regex.compile(rf"(?r)(?<=[{_APART}])(?=[{_APART}])")
GRAPHEME = regex.compile(r"\X")

#: Scripts written without blanks between words: each character is a word of its own.
_UNSPACED = r"\p{Han}\p{Hiragana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
#: `\w` holds joiners and marks, which begin no word.
_LETTER = rf"[\w--[{_UNSPACED}\p{{M}}\u200c\u200d]]"
_IN_WORD = rf"[\w\p{{M}}--[{_UNSPACED}]]"
WORD = regex.compile(
    rf"(?V1)[{_UNSPACED}][\p{{M}}\u200d]*|"
    rf"{_LETTER}{_IN_WORD}*(?:['’.\-\u2010\u2011·]{_LETTER}{_IN_WORD}*)*"
)
#: No word begins before one of these and ends after it.
WORD_EDGE_BACKWARDS = regex.compile(rf"(?rV1)[\s{_UNSPACED}]")
