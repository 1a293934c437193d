"""Tags of words (BIO and its like) made stretches of words and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from storage.formats.exchange import ExchangeDocument, ExchangeSpan
from storage.formats.mapping import guess_kind
from storage.records import Fragment
from storage.text import quote_of, snap

#: Tags that say that a word is part of nothing.
_NOTHING = {"O", "", "_", "-"}
_BEGINS = "BSU"
_GOES_ON = "IMEL"

#: Words with which sentences end.
_ENDS = {".", "!", "?", "。"}


class Stretch(NamedTuple):
    """Words `[first, last)` with one label."""

    first: int
    last: int
    label: str


def stretches(tags: Iterable[str]) -> list[Stretch]:
    """Return what the tags label, in any of BIO (IOB2), IOB1, BIOES, BILOU, BMES and tags without prefixes.

    Where a stretch goes on that never began, it begins there: IOB1 is written so, and tools that cut texts do it.
    """
    found: list[Stretch] = []
    goes_on = False
    for number, tag in enumerate(tags):
        prefix, label = _parts(tag)
        if not label:
            goes_on = False
            continue
        if goes_on and found and found[-1].label == label and prefix in _GOES_ON:
            found[-1] = found[-1]._replace(last=number + 1)
        else:
            found.append(Stretch(number, number + 1, label))
        goes_on = prefix not in {"E", "L", "S", "U"}
    return found


def is_tag(word: str) -> bool:
    """Say whether a word can be nothing but a tag: one with a prefix, or the one for nothing."""
    return bool(word) and (word in _NOTHING or _parts(word)[1] != word)


def _parts(tag: str) -> tuple[str, str]:
    """Return the prefix (a tag without one goes on) and the label; no label for a word that is part of nothing."""
    tag = tag.strip()
    if tag in _NOTHING:
        return "O", ""
    if len(tag) > 2 and tag[1] == "-" and tag[0] in _BEGINS + _GOES_ON:
        return tag[0], tag[2:].strip()
    return "I", tag


def tags(words: Sequence[Fragment], spans: Iterable[ExchangeSpan], labels: Mapping[str, str]) -> list[str]:
    """Return the BIO tags of words for spans of one fragment that do not overlap and begin and end where words do.

    `labels` are the names under which labels are written.
    """
    found = ["O"] * len(words)
    starts = {word.start_cp: number for number, word in enumerate(words)}
    for span in spans:
        (fragment,) = span.fragments
        number = starts[fragment.start_cp]
        prefix = "B"
        while number < len(words) and words[number].end_cp <= fragment.end_cp:
            found[number] = f"{prefix}-{labels[span.label]}"
            prefix = "I"
            number += 1
    return found


def spans(text: str, words: Sequence[tuple[int, int]], found: Iterable[Stretch]) -> tuple[ExchangeSpan, ...]:
    """Return the stretches as spans of the text, freed of white space and grown to whole graphemes."""
    made = []
    for number, stretch in enumerate(found, start=1):
        fragment = snap(text, words[stretch.first][0], words[stretch.last - 1][1])
        if fragment is not None:
            quote = quote_of(text, [fragment])
            kind = guess_kind(stretch.label)
            made.append(ExchangeSpan(str(number), kind, stretch.label, (fragment,), quote=quote))
    return tuple(made)


def joined(sentences: Iterable[Sequence[str]]) -> tuple[str, list[tuple[int, int]]]:
    """Return the text of words whose white space is lost, a line for each sentence, and where each word stands."""
    parts: list[str] = []
    places: list[tuple[int, int]] = []
    at_cp = 0
    for sentence in sentences:
        for number, word in enumerate(sentence):
            gap = "" if not parts else " " if number else "\n"
            parts += [gap, word]
            at_cp += len(gap)
            places.append((at_cp, at_cp + len(word)))
            at_cp += len(word)
    return "".join(parts), places


def line_starts(document: ExchangeDocument, words: Sequence[Fragment], *, has_sentences: bool = False) -> set[int]:
    """Return the words with which lines (and sentences) begin, but for those within a span, which would be cut."""
    inside = bytearray(len(document.text) + 1)
    for span in document.spans:
        for start, end in span.fragments:
            inside[start + 1 : end] = b"\1" * max(0, end - start - 1)
    found = set()
    for number, (before, after) in enumerate(pairwise(words), start=1):
        gap = document.text[before.end_cp : after.start_cp]
        is_end = has_sentences and gap and document.text[before.start_cp : before.end_cp] in _ENDS
        if (is_end or len(f"{gap}.".splitlines()) > 1) and not inside[after.start_cp]:
            found.add(number)
    return found
