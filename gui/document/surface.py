"""The surface of the document view: shows a page, scrolls, zooms, and repaints no more than changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from PySide6.QtCore import QEvent, QLineF, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from gui.document.canvas import Extras, paint_page
from gui.document.flow import Refill
from gui.document.focus import FocusMarks
from gui.document.metrics import ZOOM_STEPS_PERCENT, FontFamily, Metrics
from gui.document.overview import WIDTH_PX, OverviewStrip
from gui.document.page import EMPTY, Page
from gui.document.scroller import Anchor
from gui.document.style import Styles
from gui.theme import LIGHT, Theme
from storage.records import (
    Codebook,
    DocumentContent,
    DocumentRecord,
    LinkRecord,
    ReviewedRecord,
    SpanRecord,
    StretchRecord,
)


class DocumentSurface(QAbstractScrollArea):
    """Shows one document and its spans. Positions are code points of the document's text."""

    zoom_changed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._codebook = LIGHT, Codebook()
        self._styles = Styles(self._theme, self._codebook)
        self._family: FontFamily = "serif"
        self._zoom_percent = 100
        self._wheel_eighths = 0
        self._metrics = Metrics.of(self._family, self._zoom_percent)
        self._page = Page(EMPTY, self._styles, self._metrics)
        self._is_cursor_shown = False
        self._drag_line: QLineF | None = None
        self._has_handle = False
        self._strip = OverviewStrip(self)
        self._strip.set_styles(self._styles)
        self._strip.position_requested.connect(self._jump)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setViewportMargins(0, 0, WIDTH_PX, 0)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    @property
    def page(self) -> Page:
        """The shown document's state, for the view's own parts."""
        return self._page

    # -- contents ---------------------------------------------------------------------------------

    def show_document(self, content: DocumentContent, codebook: Codebook) -> None:
        """Show a document from its top; O(text + spans), but only what is visible is laid out."""
        if codebook != self._codebook:
            self._codebook = codebook
            self._styles = Styles(self._theme, codebook)
            self._strip.set_styles(self._styles)
        old = self._page.index
        self._page = Page(content, self._styles, self._metrics)
        self._page.index.hidden_labels = old.hidden_labels
        self._page.index.are_rejected_shown = old.are_rejected_shown
        self._page.index.least_scores = old.least_scores
        self._page.index.is_only_flagged = old.is_only_flagged
        self._is_cursor_shown = False
        self._fill_strip()
        self._strip.set_reviewed(self._page.reviewed.stretches)
        self._strip.set_excluded(self._page.stretches.excluded)
        self._fit()

    def apply(
        self,
        spans: Iterable[SpanRecord] = (),
        removed_spans: Collection[int] = (),
        links: Iterable[LinkRecord] = (),
        removed_links: Collection[int] = (),
        reviewed: tuple[ReviewedRecord, ...] | None = None,
        stretches: tuple[StretchRecord, ...] | None = None,
    ) -> None:
        """Take over what one operation changed; `reviewed` and `stretches`, if given, are all that there are now.

        Only the touched blocks are laid out and painted anew; the text on screen keeps its place.
        """
        page, index = self._page, self._page.index
        anchor, marks = page.scroller.row_anchor(), page.marks()
        touched: set[int] = set()
        for span_id in removed_spans:
            touched.update(self._remove(span_id))
        for span in spans:
            touched.update(self._remove(span.id))
            index.put(span)
            touched.update(index.blocks_of(span))
            if index.is_shown(span):
                self._strip.put(span)
        for link_id in removed_links:
            index.remove_link(link_id)
        for link in links:
            index.put_link(link)
        visible = page.scroller.visible_blocks
        refills = {block: page.flow.refill(block) for block in touched if block in visible}
        page.flow.forget(touched.difference(visible))
        self._repaint_blocks(refills, anchor)
        self._repaint_marks(marks)
        if reviewed is not None:
            self._set_reviewed(reviewed)
        if stretches is not None and stretches != page.stretches.records:
            page.set_stretches(stretches)
            self._strip.set_excluded(page.stretches.excluded)
            self.viewport().update()

    def set_document(self, document: DocumentRecord) -> bool:
        """Take over title, source, date and language of the document on screen; return whether they are new."""
        known = self._page.document
        if all(getattr(known, name) == getattr(document, name) for name in ("title", "source", "date", "language")):
            return False
        self._page.set_document(document)
        self._sync_bar()
        self.viewport().update()
        return True

    def set_codebook(self, codebook: Codebook) -> None:
        """Take over changed labels: names, kinds, colours."""
        self._codebook = codebook
        self._restyle()

    def set_theme(self, theme: Theme) -> None:
        """Paint in another palette."""
        self._theme = theme
        self._restyle()

    def set_hidden_labels(self, labels: frozenset[int]) -> None:
        """Neither show nor reach the spans of these labels."""
        self._page.index.hidden_labels = labels
        self._refill()
        self._fill_strip()

    def set_least_scores(self, scores: Mapping[int, float]) -> None:
        """Neither show nor reach suggestions whose score is below their label's here."""
        self._page.index.least_scores = scores
        self._refill()
        self._fill_strip()

    def set_rejected_shown(self, is_shown: bool) -> None:  # noqa: FBT001
        """Show rejected spans too, struck through; they can be focused then."""
        self._page.index.are_rejected_shown = is_shown
        self._refill()
        self._fill_strip()

    def set_only_flagged(self, is_only: bool) -> None:  # noqa: FBT001
        """Show nothing but what is flagged for discussion, or everything again."""
        self._page.index.is_only_flagged = is_only
        self._refill()
        self._fill_strip()

    def set_hits(self, hits: Iterable[tuple[int, int]]) -> None:
        """Frame what was searched for and found: disjoint ranges in text order."""
        self._page.hits = list(hits)
        self._strip.set_hits(start_cp for start_cp, _ in self._page.hits)
        self.viewport().update()

    def _restyle(self) -> None:
        self._styles = Styles(self._theme, self._codebook)
        self._page.flow.styles = self._styles
        self._strip.set_styles(self._styles)
        self._refill()

    def _refill(self) -> None:
        """Compute the shapes of all laid-out blocks anew, without moving the text on screen."""
        anchor = self._page.scroller.row_anchor()
        self._page.flow.refill_all(self._page.scroller.visible_blocks)
        self._settle_rows(anchor)
        self.viewport().update()

    def _set_reviewed(self, reviewed: tuple[ReviewedRecord, ...]) -> None:
        if reviewed != self._page.reviewed.records:
            self._page.set_reviewed(reviewed)
            self._strip.set_reviewed(self._page.reviewed.stretches)
            self.viewport().update(0, 0, self._page.column_x, self.viewport().height())

    # -- the strip --------------------------------------------------------------------------------

    def _fill_strip(self) -> None:
        self._strip.show_spans(self._page.positions.length_cp, self._page.index.shown())
        self._strip.set_hits(start_cp for start_cp, _ in self._page.hits)

    def _remove(self, span_id: int) -> list[int]:
        """Take a span out of index and strip; return the blocks it was in."""
        index = self._page.index
        span = index.remove(span_id)
        if span is None:
            return []
        if index.is_shown(span):
            self._strip.remove(span)
        return index.blocks_of(span)

    def _jump(self, share: float) -> None:
        """Show what the strip has at this share of its height, in the middle of the viewport."""
        page = self._page
        pos_cp = min(int(share * page.positions.length_cp), page.positions.length_cp)
        y = page.flow.caret_rect(pos_cp).top()
        page.scroller.scroll_to(int(y) - page.scroller.height_px // 2)
        self._scrolled()

    # -- scrolling --------------------------------------------------------------------------------

    def first_visible_cp(self) -> int:
        """Return the position of the first row on screen, to come back to by `scroll_to_cp`."""
        return self._page.first_visible_cp()

    def scroll_to_cp(self, pos_cp: int) -> None:
        """Put the row of a position at the top of the viewport; 0 shows the header."""
        self._page.scroll_to_cp(pos_cp)
        self._scrolled()

    def ensure_visible(self, start_cp: int, end_cp: int | None = None) -> None:
        """Scroll, if need be, so that a range is on screen with some rows around it."""
        before = self._page.scroller.y_px
        self._page.ensure_visible(start_cp, start_cp if end_cp is None else end_cp)
        if self._page.scroller.y_px != before:
            self._scrolled()

    def scrollContentsBy(self, dx: int, dy: int) -> None:  # noqa: ARG002
        """Follow the scroll bar: move the pixels that stay, paint what comes in."""
        page = self._page
        before_px, marks = page.scroller.y_px, page.marks()
        moved_px = page.scroller.scroll_to(self.verticalScrollBar().value())
        self._sync_bar()
        if page.scroller.y_px == before_px and not moved_px:
            return
        if not float(self.devicePixelRatioF()).is_integer() or abs(moved_px) >= self.viewport().height():
            self.viewport().update()  # at 1.5 device pixels a pixel, moved rows would not line up
            return
        self.viewport().scroll(0, -moved_px)
        if marks is not None:  # links to what came on screen appear, rings go on into new blocks
            self._repaint_marks(marks)

    def _scrolled(self) -> None:
        self._sync_bar()
        self.viewport().update()

    def _sync_bar(self) -> None:
        """Show the scroller's state in bar and strip, without the bar's asking for a scroll."""
        scroller, bar = self._page.scroller, self.verticalScrollBar()
        bar.blockSignals(True)
        bar.setRange(0, scroller.max_px)
        bar.setPageStep(max(1, scroller.height_px - self._metrics.row_height))
        bar.setSingleStep(self._metrics.row_height)
        bar.setValue(scroller.y_px)
        bar.blockSignals(False)
        bar.update()
        self._strip.set_shown(self._page.first_visible_cp(), self._page.last_visible_cp())

    def _settle_rows(self, anchor: Anchor) -> int:
        """Keep the anchored row in place; return by how much it had to move all the same."""
        scroller = self._page.scroller
        scroller.settle_rows(anchor)
        self._sync_bar()
        return scroller.row_view_y(anchor) - anchor.view_y_px

    # -- repainting -------------------------------------------------------------------------------

    def _repaint_blocks(self, refills: dict[int, Refill], anchor: Anchor) -> None:
        """Repaint changed rows, and all below a block that grew or shrank."""
        page, viewport = self._page, self.viewport()
        has_grown = any(refill.growth_px for refill in refills.values())
        y_before = page.scroller.y_px
        if has_grown and (self._settle_rows(anchor) or page.scroller.y_px != y_before):
            viewport.update()
            return
        room = page.flow.metrics.px(8)
        for block in sorted(refills):
            top = page.flow.top(block) - page.scroller.y_px
            if refills[block].growth_px:
                viewport.update(0, top - room, viewport.width(), viewport.height())
                return
            rows, tops = refills[block].rows, page.flow.box(block).layout.tops
            if rows:
                first, last = tops[rows.start], tops[rows.stop]
                viewport.update(0, top + first - room, viewport.width(), last - first + 2 * room)

    def _repaint_marks(self, before: FocusMarks | None) -> None:
        """Repaint where the focus was drawn and where it is drawn now."""
        for marks in (before, self._page.marks()):
            if marks is not None:
                self._update(self._page.to_view(marks.bounds))

    def _update(self, rect: QRectF) -> None:
        self.viewport().update(rect.toAlignedRect().adjusted(-2, -2, 2, 2))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the exposed part of the page."""
        painter = QPainter(self.viewport())
        is_active = self.hasFocus() or self.viewport().hasFocus()
        extras = Extras(is_active, self._is_cursor_shown, self._has_handle, self._drag_line)
        paint_page(painter, self._page, event.rect(), self.devicePixelRatioF(), extras)
        painter.end()

    # -- size, zoom, font -------------------------------------------------------------------------

    def _fit(self) -> None:
        """Fit the page into the viewport, at the same first row."""
        size = self.viewport().size()
        self._page.set_geometry(self._metrics, size.width(), size.height())
        self._scrolled()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the page into the new size."""
        super().resizeEvent(event)
        area = self.viewport().geometry()
        if self._strip.height() != area.height():
            self._fill_strip()
        self._strip.setGeometry(area.right() + 1, area.top(), WIDTH_PX, area.height())
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the desktop's font."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._measure()

    def _measure(self) -> None:
        """Lay out in another font or size; the focused span stays on screen, else the first row."""
        focused, visible = self._page.focused, (self._page.first_visible_cp(), self._page.last_visible_cp())
        self._metrics = Metrics.of(self._family, self._zoom_percent)
        self._fit()
        if focused is not None and visible[0] <= focused.start_cp < visible[1]:
            self.ensure_visible(focused.start_cp, focused.end_cp)

    def set_font_family(self, family: FontFamily) -> None:
        """Set the text with or without serifs."""
        if family != self._family:
            self._family = family
            self._measure()

    @property
    def zoom_percent(self) -> int:
        """The size of text, 100 at the size that the desktop's font suggests."""
        return self._zoom_percent

    def set_zoom_percent(self, percent: int) -> None:
        """Zoom to a size between 50 and 400 %; the first row on screen stays the first."""
        percent = min(max(percent, ZOOM_STEPS_PERCENT[0]), ZOOM_STEPS_PERCENT[-1])
        if percent != self._zoom_percent:
            self._zoom_percent = percent
            self._measure()
            self.zoom_changed.emit(percent)

    def zoom_in(self) -> None:
        """Zoom to the next larger step."""
        larger = (step for step in ZOOM_STEPS_PERCENT if step > self._zoom_percent)
        self.set_zoom_percent(next(larger, ZOOM_STEPS_PERCENT[-1]))

    def zoom_out(self) -> None:
        """Zoom to the next smaller step."""
        smaller = (step for step in reversed(ZOOM_STEPS_PERCENT) if step < self._zoom_percent)
        self.set_zoom_percent(next(smaller, ZOOM_STEPS_PERCENT[0]))

    def zoom_reset(self) -> None:
        """Zoom to 100 %."""
        self.set_zoom_percent(100)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll, or zoom while Ctrl is held."""
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().wheelEvent(event)
            return
        self._wheel_eighths += event.angleDelta().y()
        while abs(self._wheel_eighths) >= 120:
            if self._wheel_eighths > 0:
                self.zoom_in()
                self._wheel_eighths -= 120
            else:
                self.zoom_out()
                self._wheel_eighths += 120
        event.accept()
