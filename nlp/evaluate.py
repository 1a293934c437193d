"""Compare suggestions with gold spans and links: exact and overlapping matches, precision, recall, F1.

Two spans of one label match exactly when they hold the same words, and overlap when they share at least half of
the words that either holds. Words are runs of letters and digits, so that quotation marks, blanks and full stops
never decide. Matching is one to one and as large as possible. Counts are added up over the documents.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nlp.suggestion import SPEAKER

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence

    from nlp.suggestion import DocumentSuggestions, Range

_WORD = re.compile(r"[^\W_]+")
_OVERLAP = 0.5


@dataclass(frozen=True, slots=True)
class GoldSpan:
    """A span that is right."""

    code: str
    fragments: tuple[Range, ...]


@dataclass(frozen=True, slots=True)
class GoldDocument:
    """A document with its right spans, and links between them as (code, from, to) with places in `spans`.

    Only what begins in one of `stretches` is compared; without any, the whole document is, but for the `excluded`
    parts. `is_complete` says that
    all right spans there are known, so that any other one is wrong.
    """

    text: str
    spans: tuple[GoldSpan, ...]
    links: tuple[tuple[str, int, int], ...] = ()
    title: str = ""
    language: str = "en"
    stretches: tuple[Range, ...] = ()
    is_complete: bool = True
    excluded: tuple[Range, ...] = ()

    def covers(self, fragments: Sequence[Range]) -> bool:
        """Tell whether a span with these fragments is compared."""
        start_cp = fragments[0].start_cp
        if any(start < part.end_cp and part.start_cp < end for start, end in self.excluded for part in fragments):
            return False
        return not self.stretches or any(start <= start_cp < end for start, end in self.stretches)


@dataclass(slots=True)
class Tally:
    """Counts, and the measures that follow from them (in [0, 1]; 0 where nothing was counted)."""

    matched: int = 0
    gold: int = 0
    suggested: int = 0

    @property
    def precision(self) -> float:
        """Return the share of the suggested that is right."""
        return self.matched / self.suggested if self.suggested else 0.0

    @property
    def recall(self) -> float:
        """Return the share of the right that was suggested."""
        return self.matched / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """Return the harmonic mean of precision and recall."""
        total = self.gold + self.suggested
        return 2 * self.matched / total if total else 0.0

    def add(self, matched: int, gold: int, suggested: int) -> None:
        """Count one document."""
        self.matched += matched
        self.gold += gold
        self.suggested += suggested


@dataclass(frozen=True, slots=True)
class Difference:
    """One span that differs: `kind` is "missed", "wrong" or "inexact"; `gold` and `suggested` quote it."""

    kind: str
    code: str
    gold: str = ""
    suggested: str = ""
    title: str = ""


@dataclass(slots=True)
class Evaluation:
    """Counts by span label and by link type, and all differences in the order of the documents."""

    exact: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    overlap: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    links: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    differences: list[Difference] = field(default_factory=list)


def evaluate(
    pairs: Iterable[tuple[GoldDocument, DocumentSuggestions]], *, least_scores: Mapping[str, float] | None = None
) -> Evaluation:
    """Compare the suggestions for each document with its gold.

    `least_scores` gives for each label code the score below which suggestions do not count.
    """
    result = Evaluation()
    for gold, suggestions in pairs:
        least = least_scores or {}
        spans = {
            item.key: item
            for item in suggestions.spans
            if item.score >= least.get(item.code, 0.0) and gold.covers(item.fragments)
        }
        links = [
            (link.code, spans[link.from_key].fragments, spans[link.to_key].fragments)
            for link in suggestions.links
            if link.from_key in spans and link.to_key in spans
        ]
        ours = [GoldSpan(item.code, item.fragments) for item in spans.values()]
        if any(item.code == SPEAKER for item in gold.spans):  # a source of a brat event has no label of its own
            ours += [GoldSpan(SPEAKER, end) for code, _, end in links if code == SPEAKER]
        _compare_spans(result, gold, ours)
        _compare_links(result, gold, links)
    return result


def _compare_spans(result: Evaluation, gold: GoldDocument, suggested: Sequence[GoldSpan]) -> None:
    words = Words(gold.text)
    wanted = [item for item in gold.spans if gold.covers(item.fragments)]
    codes = sorted({item.code for item in (*wanted, *suggested)})
    for code in codes:
        right = sorted({words.of(item.fragments): item for item in wanted if item.code == code}.items(), key=_order)
        ours = sorted({words.of(item.fragments): item for item in suggested if item.code == code}.items(), key=_order)
        same = {key for key, _ in right} & {key for key, _ in ours}
        result.exact[code].add(len(same), len(right), len(ours))
        pairs = matching([key for key, _ in right], [key for key, _ in ours])
        result.overlap[code].add(len(pairs), len(right), len(ours))
        taken = set(pairs.values())
        for place, (key, item) in enumerate(right):
            at = pairs.get(place)
            if at is None:
                result.differences.append(Difference("missed", code, _quote(gold.text, item), title=gold.title))
            elif ours[at][0] != key:
                quotes = _quote(gold.text, item), _quote(gold.text, ours[at][1])
                result.differences.append(Difference("inexact", code, *quotes, title=gold.title))
        for place, (_, item) in enumerate(ours):
            if place not in taken:
                quote = _quote(gold.text, item)
                result.differences.append(Difference("wrong", code, suggested=quote, title=gold.title))


def _compare_links(
    result: Evaluation, gold: GoldDocument, ours: Sequence[tuple[str, tuple[Range, ...], tuple[Range, ...]]]
) -> None:
    """Count a link as found where both its ends overlap, or the suggested end lies within the right one."""
    words = Words(gold.text)
    pairs = ((code, gold.spans[start], gold.spans[end]) for code, start, end in gold.links)
    right = [item for item in pairs if gold.covers(item[1].fragments) and gold.covers(item[2].fragments)]
    for code in sorted({item[0] for item in (*right, *ours)}):
        wanted = [(words.of(a.fragments), words.of(b.fragments)) for name, a, b in right if name == code]
        given = [(words.of(a), words.of(b)) for name, a, b in ours if name == code]
        edges = {
            (i, j): likeness(a, c)
            for i, (a, b) in enumerate(wanted)
            for j, (c, d) in enumerate(given)
            if likeness(a, c) >= _OVERLAP and (likeness(b, d) >= _OVERLAP or (d and d <= b))
        }
        result.links[code].add(len(_largest(edges)), len(wanted), len(given))


def matching(right: Sequence[frozenset[int]], ours: Sequence[frozenset[int]]) -> dict[int, int]:
    """Return the largest one-to-one matching of overlapping word sets, as places in `right` to places in `ours`."""
    edges = {
        (i, j): value for i, a in enumerate(right) for j, b in enumerate(ours) if (value := likeness(a, b)) >= _OVERLAP
    }
    return _largest(edges)


def likeness(one: frozenset[int], other: frozenset[int]) -> float:
    """Return the share of common words among all words of two sets, in [0, 1]; two empty sets are unlike."""
    return len(one & other) / len(one | other) if one or other else 0.0


def _largest(edges: Mapping[tuple[int, int], float]) -> dict[int, int]:
    """Find a largest matching by augmenting paths (Kuhn), heavier edges first."""
    near: dict[int, list[int]] = defaultdict(list)
    for i, j in sorted(edges, key=lambda pair: (-edges[pair], pair)):
        near[i].append(j)
    owner: dict[int, int] = {}

    def place(i: int, seen: set[int]) -> bool:
        for j in near[i]:
            if j not in seen:
                seen.add(j)
                if j not in owner or place(owner[j], seen):
                    owner[j] = i
                    return True
        return False

    for i in sorted(near):
        place(i, set())
    return {i: j for j, i in owner.items()}


class Words:
    """The words of a text by place, so that ranges become sets of words."""

    def __init__(self, text: str) -> None:
        words = [match.span() for match in _WORD.finditer(text)]
        self._starts = [start for start, _ in words]
        self._ends = [end for _, end in words]

    def of(self, ranges: Iterable[Range]) -> frozenset[int]:
        """Return the places of the words that the ranges touch. O(log n + words)."""
        return frozenset(
            place
            for start, end in ranges
            for place in range(bisect_right(self._ends, start), bisect_left(self._starts, end))
        )


def _order(item: tuple[frozenset[int], GoldSpan]) -> tuple[Hashable, ...]:
    return item[1].fragments


def _quote(text: str, span: GoldSpan) -> str:
    return " ".join(text[start:end] for start, end in span.fragments)
