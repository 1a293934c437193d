"""Paints the marks of the focused span, in the contents' coordinates."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from gui.document.flow import Flow
from gui.document.focus import FocusMarks, LinkMark
from gui.document.shapes import dashed, with_alpha


def paint_focus(painter: QPainter, flow: Flow, marks: FocusMarks, *, is_active: bool, has_handle: bool) -> None:
    """Paint the marks; the ring is fainter while the view has not the keyboard."""
    metrics, styles = flow.metrics, flow.styles
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    thin = max(1.2, 1.4 * metrics.unit)
    for link in marks.links:
        _paint_link(painter, flow, link, thin)
    ring_colour = with_alpha(styles.ring, 1.0 if is_active else 0.55)
    painter.setPen(QPen(ring_colour, max(1.6, 2.1 * metrics.unit)))
    painter.drawPath(marks.ring)
    if has_handle and marks.handle is not None:
        painter.setPen(QPen(styles.page, thin))
        painter.setBrush(styles.accent)
        painter.drawEllipse(marks.handle, metrics.px(4.5), metrics.px(4.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
    _paint_tags(painter, flow, marks)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)


def _paint_link(painter: QPainter, flow: Flow, link: LinkMark, thin: float) -> None:
    metrics, accent = flow.metrics, flow.styles.accent
    colour = with_alpha(accent, 0.8)
    if not link.curve.isEmpty():
        dashes = dashed(colour, thin, metrics.px(4), metrics.px(3))
        painter.setPen(dashes if link.is_suggested else QPen(colour, thin))
        painter.drawPath(link.curve)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(accent)
        painter.drawEllipse(link.curve.pointAtPercent(1), metrics.px(2), metrics.px(2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(accent, thin))
    painter.drawPath(link.ring)


def _paint_tags(painter: QPainter, flow: Flow, marks: FocusMarks) -> None:
    """Paint the names of links on the rings' edges, none over another."""
    if not marks.rects:
        return
    placed: list[QRectF] = []
    for link in marks.links:
        if link.name:
            _paint_tag(painter, flow, link.rects, link.name, placed)
    if marks.tags:
        _paint_tag(painter, flow, marks.rects, "   ".join(marks.tags), placed)


def _paint_tag(painter: QPainter, flow: Flow, over: list[QRectF], text: str, placed: list[QRectF]) -> None:
    """Paint a few words on the upper edge of a ring, or where that is taken, on the lower edge."""
    metrics, styles = flow.metrics, flow.styles
    measured = QFontMetricsF(metrics.tag_font)
    width, height = measured.horizontalAdvance(text) + metrics.px(6), measured.ascent() + metrics.px(1)
    room = metrics.px(3)
    tag = QRectF(over[0].left() + room, over[0].top() - room - height * 0.62, width, height)
    tag.moveLeft(max(0.0, min(tag.left(), flow.width_px - width)))
    if any(tag.intersects(other) for other in placed):
        tag.moveTop(over[-1].bottom() + room - height * 0.38)
        tag.moveLeft(max(0.0, min(over[-1].left() + room, flow.width_px - width)))
    while any(tag.intersects(other) for other in placed):
        tag.translate(0, height)
    placed.append(tag)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(styles.page)
    painter.drawRoundedRect(tag, room, room)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(styles.accent)
    painter.setFont(metrics.tag_font)
    painter.drawText(QPointF(tag.left() + room, tag.top() + measured.ascent() - 0.5), text)
