"""Paints the exposed part of a page: blocks, margin, cursor, focus."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF, QRect, QRectF
from PySide6.QtGui import QPainter, QPen

from gui.document.focus_painter import paint_focus
from gui.document.margin import MarginPainter
from gui.document.page import Page
from gui.document.painter import BlockPainter
from gui.document.shapes import with_alpha
from gui.document.stretches import StretchPainter


@dataclass(frozen=True, slots=True)
class Extras:
    """What is painted beside the document's contents: depends on the moment."""

    is_active: bool
    is_cursor_shown: bool
    has_handle: bool = False
    drag_line: QLineF | None = None


def paint_page(painter: QPainter, page: Page, exposed: QRect, ratio: float, extras: Extras) -> None:
    """Paint the exposed rectangle of the viewport; `ratio` is device pixels per logical pixel."""
    flow, scroller = page.flow, page.scroller
    painter.fillRect(exposed, flow.styles.page)
    area = QRectF(exposed).translated(-page.column_x, scroller.y_px)
    painter.save()
    painter.translate(page.column_x, -scroller.y_px)
    if page.header is not None and area.top() < flow.header_px:
        page.header.paint(painter, flow.styles, area)
    selected = page.cursor.selection
    selection = (selected.start_cp, selected.end_cp) if selected else None
    blocks = BlockPainter(painter, flow.metrics, flow.styles, ratio)
    margin = MarginPainter(painter, flow.metrics, flow.styles)
    beside = StretchPainter(painter, flow.metrics, flow.styles, flow.width_px, page.right_room_px)
    is_word_shown = extras.is_active and extras.is_cursor_shown and selection is None
    word = page.cursor.word if is_word_shown else None
    for block in range(flow.block_at(area.top() - 8), flow.block_at(area.bottom() + 8) + 1):
        if not flow.is_laid_out(block):
            continue  # never on screen: all visible blocks were laid out before painting
        top = flow.top(block)
        box = flow.box(block)
        painter.save()
        painter.translate(0, top)
        clip = area.translated(0, -top)
        start_cp, end_cp = box.layout.start_cp, box.layout.end_cp
        excluded = page.stretches.excluded_in(start_cp, max(end_cp, start_cp + 1))
        if excluded:
            beside.paint_ground(box.layout, excluded)
        if word is not None:
            blocks.paint_word(box, word)
        blocks.paint(box, clip, selection, excluded)
        if page.hits:
            blocks.paint_hits(box, page.hits_in(start_cp, end_cp))
        if pages := page.stretches.pages_in(start_cp, end_cp):
            beside.paint_pages(box.layout, pages, is_first=pages[0] == page.stretches.pages[0])
        margin.paint(box, clip, page.reviewed)
        painter.restore()
    _paint_over(painter, page, area, extras)
    painter.restore()


def _paint_over(painter: QPainter, page: Page, area: QRectF, extras: Extras) -> None:
    """Paint what lies over the text: focus, cursor, the line of a link that is being drawn."""
    flow = page.flow
    marks = page.marks()
    if marks is not None and marks.bounds.intersects(area):
        paint_focus(painter, flow, marks, is_active=extras.is_active, has_handle=extras.has_handle)
    if extras.is_active and extras.is_cursor_shown and not page.is_empty:
        block = page.table.block_at(page.cursor.pos_cp)
        if flow.is_laid_out(block):
            painter.fillRect(flow.caret_rect(page.cursor.pos_cp), flow.styles.accent)
    if extras.drag_line is not None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(with_alpha(flow.styles.accent, 0.9), flow.metrics.px(2)))
        painter.drawLine(extras.drag_line)
        painter.setBrush(flow.styles.accent)
        painter.drawEllipse(QPointF(extras.drag_line.p2()), flow.metrics.px(3), flow.metrics.px(3))
