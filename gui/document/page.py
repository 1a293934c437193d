"""One shown document with all that belongs to it: text, spans, layout, cursor, focus, scroll position."""

from __future__ import annotations

from bisect import bisect_left

from PySide6.QtCore import QRectF

from gui.document.blocks import BlockTable
from gui.document.cursor import Cursor
from gui.document.flow import Flow
from gui.document.focus import FocusMarks, focus_marks
from gui.document.header import Header
from gui.document.index import OrderKey, SpanIndex, order_key
from gui.document.margin import Reviewed
from gui.document.metrics import Metrics
from gui.document.positions import Positions
from gui.document.scroller import Scroller
from gui.document.stretches import Stretches
from gui.document.style import Styles
from storage.records import (
    DocumentContent,
    DocumentRecord,
    Fragment,
    LabelKind,
    ReviewedRecord,
    SpanRecord,
    State,
    StretchRecord,
)

EMPTY = DocumentContent(DocumentRecord(0, "", 0, ""), "", (), (), ())
_RIGHT_ROOM_UNITS = 28
#: Where numbers of pages stand beside the column.
_PAGED_ROOM_UNITS = 46


class Page:
    """The state of the view for one document. Knows no widget; sizes come in, rectangles go out.

    View coordinates count from the viewport's top left corner, contents' coordinates from the column's
    left edge and the contents' top.
    """

    def __init__(self, content: DocumentContent, styles: Styles, metrics: Metrics) -> None:
        self.document = content.document
        self.is_empty = content is EMPTY
        self.positions = Positions(content.text)
        self.table = BlockTable(self.positions)
        self.index = SpanIndex(self.table, content.spans, content.links)
        self.flow = Flow(self.positions, self.table, self.index, styles, metrics)
        self.scroller = Scroller(self.flow)
        self.cursor = Cursor(self.positions)
        self.reviewed = Reviewed(content.reviewed)
        self.stretches = Stretches(content.stretches, content.text)
        self.header: Header | None = None
        self.column_x = 0
        self.right_room_px = 0
        self.focus_id: int | None = None
        #: Where the search for the next undecided span goes on from.
        self.origin: OrderKey = (-1, 0, 0)
        #: What was searched for and found, in text order.
        self.hits: list[tuple[int, int]] = []
        #: Fragments that stand in for the focused span's while one of its edges is dragged.
        self.preview: tuple[Fragment, ...] | None = None
        #: A position that was put at the top, and how far down the contents were then.
        self._scrolled_to = (0, -1)

    def set_reviewed(self, records: tuple[ReviewedRecord, ...]) -> None:
        """Take over all that is declared complete."""
        self.reviewed = Reviewed(records)

    def set_stretches(self, records: tuple[StretchRecord, ...]) -> None:
        """Take over all pages and excluded parts."""
        self.stretches = Stretches(records, self.positions.text)

    def set_document(self, document: DocumentRecord) -> None:
        """Take over what is known of the same document now; the text on screen keeps its place."""
        self.document = document
        if self.header is None:
            return
        anchor = self.scroller.anchor()
        self.header = Header(document, self.flow.metrics, self.flow.width_px)
        self.flow.header_px = self.header.height
        self.scroller.settle(anchor)

    # -- geometry ---------------------------------------------------------------------------------

    def set_geometry(self, metrics: Metrics, width_px: int, height_px: int) -> None:
        """Fit the column into a viewport; the first visible row stays where it is."""
        gutter = metrics.gutter_width
        right = metrics.px(_PAGED_ROOM_UNITS if self.stretches.pages else _RIGHT_ROOM_UNITS)
        column = max(120, min(metrics.column_width, width_px - gutter - right))
        self.column_x = max(gutter, (width_px - column) // 2)
        self.right_room_px = width_px - self.column_x - column
        is_same = metrics is self.flow.metrics and column == self.flow.width_px
        if is_same:
            anchor = self.scroller.anchor()
            self.scroller.height_px = height_px
            self.scroller.settle(anchor)
            return
        is_first = self.flow.width_px == 0
        first_cp = 0 if is_first else self._place_cp()
        at_top = is_first or self.scroller.y_px < self.flow.header_px
        self.header = None if self.is_empty else Header(self.document, metrics, column)
        self.flow.set_geometry(metrics, column, self.header.height if self.header else metrics.px(20))
        self.scroller.height_px = height_px
        self.scroll_to_cp(first_cp, at_top=at_top)

    def first_visible_cp(self) -> int:
        """Return where the first row begins that is on screen as a whole, 0 at the very top."""
        if self.scroller.y_px <= self.flow.header_px // 2 or not self.flow.width_px:
            return 0
        block = self.flow.block_at(self.scroller.y_px)
        layout = self.flow.box(block).layout
        inside = self.scroller.y_px - self.flow.top(block)
        row = layout.row_at(inside)
        if layout.tops[row] < inside and row + 1 < layout.row_count:
            row += 1
        elif layout.tops[row] < inside and block + 1 < len(self.table):
            return self.table.starts[block + 1]
        return layout.row_range(row)[0]

    def _place_cp(self) -> int:
        """Return what was scrolled to, if nobody scrolled on: narrower rows, then wide ones, end where they began."""
        asked_cp, y_px = self._scrolled_to
        return asked_cp if y_px == self.scroller.y_px else self.first_visible_cp()

    def last_visible_cp(self) -> int:
        """Return the end of the last row on screen."""
        bottom = self.scroller.y_px + self.scroller.height_px - 1
        block = self.flow.block_at(bottom)
        if not self.flow.is_laid_out(block):
            return self.table.ends[block]
        layout = self.flow.box(block).layout
        return layout.row_range(layout.row_at(bottom - self.flow.top(block)))[1]

    def scroll_to_cp(self, pos_cp: int, *, at_top: bool = False) -> None:
        """Put the row of a position at the viewport's top; position 0 or `at_top` shows the header too."""
        scroller = self.scroller
        if pos_cp <= 0 or at_top:
            scroller.settle(scroller.anchor()._replace(block=0, offset_px=0, view_y_px=self.flow.header_px))
            self._scrolled_to = (0, scroller.y_px)
            return
        block = self.table.block_at(pos_cp)
        layout = self.flow.box(block).layout
        offset = layout.tops[layout.row_of(min(pos_cp, layout.end_cp))]
        scroller.settle(scroller.anchor()._replace(block=block, offset_px=offset, view_y_px=0))
        self._scrolled_to = (pos_cp, scroller.y_px)

    def ensure_visible(self, start_cp: int, end_cp: int) -> None:
        """Scroll, if need be, so that a range is on screen with a few rows around it.

        A range that is higher than the viewport shows its beginning.
        """
        flow, scroller = self.flow, self.scroller
        block = self.table.block_at(start_cp)
        layout = flow.box(block).layout
        row = layout.row_of(min(start_cp, layout.end_cp))
        top = flow.top(block) + layout.tops[row]
        bottom = flow.top(block) + layout.tops[layout.row_of(min(end_cp, layout.end_cp)) + 1]
        room = min(2 * flow.metrics.row_height, scroller.height_px // 4)
        if top - room // 2 >= scroller.y_px and bottom + room <= scroller.y_px + scroller.height_px:
            return
        if 0 <= top - scroller.y_px < scroller.height_px and bottom - top < scroller.height_px - 2 * room:
            wanted = bottom + room - scroller.height_px if top > scroller.y_px + room else top - room
            view_y = top - wanted
        else:
            view_y = max(room, scroller.height_px // 3 if bottom - top < scroller.height_px // 2 else room)
        scroller.settle(scroller.anchor()._replace(block=block, offset_px=layout.tops[row], view_y_px=view_y))

    # -- focus ------------------------------------------------------------------------------------

    @property
    def focused(self) -> SpanRecord | None:
        """The focused span, if it is known and shown."""
        span = self.index.spans.get(self.focus_id) if self.focus_id is not None else None
        return span if span is not None and self.index.is_shown(span) else None

    def set_focus(self, span_id: int | None, *, keep_cursor: bool = False) -> None:
        """Focus a span; the search for undecided ones goes on from it, and the cursor goes to it."""
        self.focus_id = span_id
        self.preview = None
        span = self.focused
        if span is not None:
            self.origin = order_key(span)
            if not keep_cursor:
                self.cursor.place(span.start_cp)

    def next_undecided(self, *, backwards: bool) -> SpanRecord | None:
        """Return the next undecided span in text order."""
        index = self.index
        found = index.undecided_before(self.origin) if backwards else index.undecided_after(self.origin)
        return next((span for span in found if not self._comes_along(span)), None)

    def _comes_along(self, span: SpanRecord) -> bool:
        """Return whether this is a cue whose claim is undecided: one decision on the claim settles both."""
        if self.flow.styles.label(span.label_id).kind is not LabelKind.CUE:
            return False
        claims = (
            self.index.spans.get(link.from_id)
            for link in self.index.links_of(span.id)
            if link.to_id == span.id and link.state is State.SUGGESTED
        )
        return any(c is not None and c.state is State.SUGGESTED and self.index.is_shown(c) for c in claims)

    def marks(self) -> FocusMarks | None:
        """Return the marks of the focused span on screen, in contents' coordinates."""
        span = self.focused
        if span is None or not self.flow.width_px:
            return None
        return focus_marks(self.flow, span, self.scroller.visible_blocks, self.preview)

    def hits_in(self, start_cp: int, end_cp: int) -> list[tuple[int, int]]:
        """Return the hits that touch [start, end). They do not overlap."""
        first = max(0, bisect_left(self.hits, (start_cp, 0)) - 1)
        last = bisect_left(self.hits, (end_cp, 0))
        return self.hits[first:last]

    # -- rectangles in view coordinates -----------------------------------------------------------

    def to_view(self, rect: QRectF) -> QRectF:
        """Move a rectangle from contents' to view coordinates."""
        return rect.translated(self.column_x, -self.scroller.y_px)

    def rows_rect(self, start_cp: int, end_cp: int, width_px: int) -> QRectF:
        """Return the rows that hold [start, end], as wide as the viewport, as far as laid out."""
        visible = self.scroller.visible_blocks
        first, last = self.table.block_at(start_cp), self.table.block_at(end_cp)
        if last < visible.start or first >= visible.stop:
            return QRectF()
        top = self.flow.top(max(first, visible.start))
        if first >= visible.start:
            layout = self.flow.box(first).layout
            top += layout.tops[layout.row_of(min(start_cp, layout.end_cp))]
        bottom = self.flow.bottom(min(last, visible.stop - 1))
        if last < visible.stop:
            layout = self.flow.box(last).layout
            bottom = self.flow.top(last) + layout.tops[layout.row_of(min(end_cp, layout.end_cp)) + 1]
        room = self.flow.metrics.px(6)
        y = top - room - self.scroller.y_px
        return QRectF(0, y, width_px, bottom - top + 2 * room)
