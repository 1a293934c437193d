"""A block ready to paint: its layout, and the shapes of its spans (computed once, until one changes)."""

from __future__ import annotations

from dataclasses import dataclass

from gui.document.block_layout import BlockLayout, RowRect
from gui.document.index import SpanIndex
from gui.document.lanes import Bracket, Stretch, bracket_lanes, claim_lanes, pill_levels
from gui.document.style import LabelStyle, Styles
from storage.records import LabelKind, SpanRecord, State


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """What one span shows in one block. Pieces are kept as long as they are the same, and compared as objects.

    `lane` is the lane of a claim's line or the level of a pill. `left_edges` and `right_edges` tell for
    each rect whether a fragment begins or ends at that side, as against going on in another row.
    """

    span: SpanRecord
    style: LabelStyle
    rects: tuple[RowRect, ...]
    left_edges: tuple[bool, ...]
    right_edges: tuple[bool, ...]
    lane: int

    @property
    def is_suggested(self) -> bool:
        """Whether nobody has decided on the span."""
        return self.span.state is State.SUGGESTED


class BlockBox:
    """A block's layout with the pieces of its spans and the brackets beside it."""

    def __init__(self, layout: BlockLayout) -> None:
        self.layout = layout
        self.claims: list[Piece] = []
        self.pills: list[Piece] = []
        self.cues: list[Piece] = []
        self.rejected: list[Piece] = []
        self.brackets: list[tuple[Bracket, Piece]] = []
        self._pieces: dict[int, Piece] = {}

    def fill(self, block: int, index: SpanIndex, styles: Styles) -> range:
        """Compute the pieces of the block's spans anew, and the rows' heights from their lanes.

        Returns the rows that look different now, but for their heights.
        """
        before, brackets_before = self._pieces, set(self.brackets)
        by_kind: dict[LabelKind, list[SpanRecord]] = {kind: [] for kind in LabelKind}
        rejected: list[SpanRecord] = []
        for span in index.in_block(block):
            if index.is_shown(span):
                is_rejected = span.state is State.REJECTED
                (rejected if is_rejected else by_kind[styles.label(span.label_id).kind]).append(span)
        claims, mentions = by_kind[LabelKind.CLAIM], by_kind[LabelKind.ACTOR]
        lanes, levels = claim_lanes(self._stretches(claims)), pill_levels(self._stretches(mentions))
        self.claims = [self._piece(span, styles, lanes[span.id]) for span in claims]
        self.pills = [self._piece(span, styles, levels[span.id]) for span in mentions]
        self.pills.sort(key=lambda piece: -piece.lane)
        self.cues = [self._piece(span, styles, 0) for span in by_kind[LabelKind.CUE]]
        self.rejected = [self._piece(span, styles, 0) for span in rejected]
        needed = [0] * self.layout.row_count
        for piece in self.claims:
            for rect in piece.rects:
                needed[rect.row] = max(needed[rect.row], piece.lane + 1)
        self.layout.set_lanes(needed)
        self._place_brackets()
        pieces = (*self.claims, *self.pills, *self.cues, *self.rejected)
        self._pieces = {piece.span.id: piece for piece in pieces}
        return self._changed_rows(before, brackets_before)

    def _changed_rows(self, before: dict[int, Piece], brackets_before: set[tuple[Bracket, Piece]]) -> range:
        after = self._pieces
        changed = [piece for i, piece in before.items() if after.get(i) != piece]
        changed += [piece for i, piece in after.items() if before.get(i) != piece]
        rows = [rect.row for piece in changed for rect in (piece.rects[:1] + piece.rects[-1:])]
        for bracket, _ in brackets_before ^ set(self.brackets):
            rows += [bracket.start_half // 2, (bracket.end_half - 1) // 2]
        return range(min(rows), max(rows) + 1) if rows else range(0)

    def _place_brackets(self) -> None:
        by_id = {piece.span.id: piece for piece in self.claims if piece.rects}
        rows = [(i, piece.rects[0].row, piece.rects[-1].row) for i, piece in by_id.items()]
        self.brackets = [(bracket, by_id[bracket.span_id]) for bracket in bracket_lanes(rows)]

    def _stretches(self, spans: list[SpanRecord]) -> list[Stretch]:
        low, high = self.layout.start_cp, self.layout.end_cp
        stretches = []
        for span in spans:
            inside = [f for f in span.fragments if f.start_cp < high and f.end_cp > low]
            start_cp = max(low, inside[0].start_cp) if inside else low
            end_cp = min(high, inside[-1].end_cp) if inside else low
            stretches.append(Stretch(span.id, start_cp, end_cp))
        return stretches

    def _piece(self, span: SpanRecord, styles: Styles, lane: int) -> Piece:
        style, known = styles.label(span.label_id), self._pieces.get(span.id)
        if known is not None and known.span.fragments == span.fragments:
            if known.span is span and known.style is style and known.lane == lane:
                return known
            return Piece(span, style, known.rects, known.left_edges, known.right_edges, lane)
        rects: list[RowRect] = []
        starts: list[bool] = []
        ends: list[bool] = []
        for fragment in span.fragments:
            found = self.layout.rects_of(*fragment)
            if found:
                rects += found
                starts += [fragment.start_cp >= self.layout.start_cp] + [False] * (len(found) - 1)
                ends += [False] * (len(found) - 1) + [fragment.end_cp <= self.layout.end_cp]
        if self.layout.is_right_to_left:
            starts, ends = ends, starts
        return Piece(span, style, tuple(rects), tuple(starts), tuple(ends), lane)
