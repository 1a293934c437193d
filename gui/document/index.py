"""Spans and links of the shown document, found by block, by position, and in text order. Pure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from gui.document.blocks import BlockTable
from storage.records import LinkRecord, SpanRecord, State

#: Text order: by start, outer spans first, then by age.
OrderKey = tuple[int, int, int]


def order_key(span: SpanRecord) -> OrderKey:
    """Return the place of a span in text order."""
    return span.start_cp, -span.end_cp, span.id


class SpanIndex:
    """The view's copy of what storage last said. Rejected spans are kept, but not found unless asked for."""

    def __init__(self, table: BlockTable, spans: Iterable[SpanRecord], links: Iterable[LinkRecord]) -> None:
        self._table = table
        self.spans: dict[int, SpanRecord] = {}
        self.links: dict[int, LinkRecord] = {}
        self.hidden_labels: frozenset[int] = frozenset()
        self.are_rejected_shown = False
        #: Whether only what is flagged for discussion is shown.
        self.is_only_flagged = False
        #: By label, the score below which suggestions are hidden.
        self.least_scores: Mapping[int, float] = {}
        self._in_block: defaultdict[int, list[OrderKey]] = defaultdict(list)
        self._undecided: list[OrderKey] = []
        self._links_of: defaultdict[int, list[int]] = defaultdict(list)
        self._fill(spans)
        for link in links:
            self.links[link.id] = link
            self._links_of[link.from_id].append(link.id)
            self._links_of[link.to_id].append(link.id)

    def _fill(self, spans: Iterable[SpanRecord]) -> None:
        """Add many spans at once: well below 1 µs each where they come in text order."""
        starts, ends, in_block, undecided = self._table.starts, self._table.ends, self._in_block, self._undecided
        low_cp = high_cp = end_of_block_cp = -1
        keys: list[OrderKey] = []
        for span in spans:
            self.spans[span.id] = span
            fragments = span.fragments
            start_cp, end_cp = fragments[0][0], fragments[-1][1]
            key = (start_cp, -end_cp, span.id)
            if not low_cp <= start_cp < high_cp:  # mostly the block of the span before
                block = bisect_right(starts, start_cp) - 1
                low_cp, end_of_block_cp, keys = starts[block], ends[block], in_block[block]
                high_cp = starts[block + 1] if block + 1 < len(starts) else end_of_block_cp + 1
            if end_cp <= end_of_block_cp:
                keys.append(key)
            else:
                for block in self.blocks_of(span):
                    in_block[block].append(key)
            if span.state is State.SUGGESTED:
                undecided.append(key)
        for keys in in_block.values():
            keys.sort()
        undecided.sort()

    # -- changes ----------------------------------------------------------------------------------

    def put(self, span: SpanRecord) -> None:
        """Add a span, or replace the one with its id. O(log n) but for a list insertion."""
        self.remove(span.id)
        self.spans[span.id] = span
        key = order_key(span)
        for block in self.blocks_of(span):
            insort(self._in_block[block], key)
        if span.state is State.SUGGESTED:
            insort(self._undecided, key)

    def remove(self, span_id: int) -> SpanRecord | None:
        """Forget a span and return it, if it was known."""
        span = self.spans.pop(span_id, None)
        if span is None:
            return None
        key = order_key(span)
        for block in self.blocks_of(span):
            self._in_block[block].remove(key)
        if span.state is State.SUGGESTED:
            del self._undecided[bisect_left(self._undecided, key)]
        return span

    def put_link(self, link: LinkRecord) -> None:
        """Add a link, or replace the one with its id."""
        self.remove_link(link.id)
        self.links[link.id] = link
        self._links_of[link.from_id].append(link.id)
        self._links_of[link.to_id].append(link.id)

    def remove_link(self, link_id: int) -> LinkRecord | None:
        """Forget a link and return it, if it was known."""
        link = self.links.pop(link_id, None)
        if link is not None:
            self._links_of[link.from_id].remove(link_id)
            self._links_of[link.to_id].remove(link_id)
        return link

    # -- queries ----------------------------------------------------------------------------------

    def is_shown(self, span: SpanRecord) -> bool:
        """Return whether the span is painted and can be reached: its label not hidden, not rejected, not too unlikely.

        Rejected ones are shown where the analyst asks for them.
        """
        if span.state is State.REJECTED and not self.are_rejected_shown:
            return False
        if self.is_only_flagged and not span.is_flagged:
            return False
        return span.label_id not in self.hidden_labels and not self.is_unlikely(span)

    def is_unlikely(self, span: SpanRecord) -> bool:
        """Return whether the span is a suggestion of a lower score than its label asks for."""
        if not self.least_scores or span.state is not State.SUGGESTED or span.score is None:
            return False
        return span.score < self.least_scores.get(span.label_id, 0.0)

    def shown(self) -> list[SpanRecord]:
        """Return all spans for which `is_shown` holds, in no order."""
        hidden, unseen = self.hidden_labels, None if self.are_rejected_shown else State.REJECTED
        shown = [span for span in self.spans.values() if span.state is not unseen and span.label_id not in hidden]
        if self.least_scores or self.is_only_flagged:
            return [span for span in shown if self.is_shown(span)]
        return shown

    def blocks_of(self, span: SpanRecord) -> list[int]:
        """Return the blocks that the span's fragments touch, ascending."""
        if len(span.fragments) == 1:
            return list(self._table.blocks_of(*span.fragments[0]))
        return sorted({block for fragment in span.fragments for block in self._table.blocks_of(*fragment)})

    def in_block(self, block: int) -> list[SpanRecord]:
        """Return the spans of a block in text order, rejected and hidden ones too."""
        return [self.spans[key[2]] for key in self._in_block.get(block, ())]

    def at(self, pos_cp: int) -> list[SpanRecord]:
        """Return the shown spans that hold the character at `pos_cp`, innermost first.

        Where none does, those that end there.
        """
        near = [span for span in self.in_block(self._table.block_at(pos_cp)) if self.is_shown(span)]
        found = [span for span in near if any(f.start_cp <= pos_cp < f.end_cp for f in span.fragments)]
        found = found or [span for span in near if any(f.end_cp == pos_cp for f in span.fragments)]
        return sorted(found, key=lambda span: (span.end_cp - span.start_cp, -span.start_cp, span.id))

    def undecided_after(self, key: OrderKey) -> Iterator[SpanRecord]:
        """Iterate over the shown undecided spans behind `key` in text order."""
        for i in range(bisect_right(self._undecided, key), len(self._undecided)):
            if self.is_shown(span := self.spans[self._undecided[i][2]]):
                yield span

    def undecided_before(self, key: OrderKey) -> Iterator[SpanRecord]:
        """Iterate over the shown undecided spans ahead of `key`, the nearest first."""
        for i in range(bisect_left(self._undecided, key) - 1, -1, -1):
            if self.is_shown(span := self.spans[self._undecided[i][2]]):
                yield span

    def links_of(self, span_id: int) -> list[LinkRecord]:
        """Return the links from and to a span that are not rejected, by id."""
        links = (self.links[link_id] for link_id in sorted(set(self._links_of.get(span_id, ()))))
        return [link for link in links if link.state is not State.REJECTED]
