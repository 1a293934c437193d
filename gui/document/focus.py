"""What is drawn for the focused span: its ring, and the curves to its speaker, cue and target.

Everything here is in the contents' coordinates: x from the column's left edge, y from the top.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPen

from gui.document.flow import Flow
from gui.document.shapes import dashed, ring_path, with_alpha
from storage.records import Fragment, LabelKind, SpanRecord, State


@dataclass(slots=True)
class LinkMark:
    """A linked span: where it stands, the curve to it, and what it is to the focused one."""

    rects: list[QRectF]
    curve: QPainterPath
    name: str
    is_suggested: bool


@dataclass(slots=True)
class FocusMarks:
    """All marks of the focused span in a range of blocks; `bounds` holds every one of them."""

    rects: list[QRectF]
    ring: QPainterPath
    is_suggested: bool
    links: list[LinkMark] = field(default_factory=list)
    bounds: QRectF = field(default_factory=QRectF)
    handle: QPointF | None = None


def focus_marks(flow: Flow, span: SpanRecord, blocks: range, fragments: Sequence[Fragment] | None = None) -> FocusMarks:
    """Compute the marks of a span as far as they stand in `blocks`, which get laid out.

    `fragments` stand in for the span's own while one of its edges is dragged.
    """
    metrics = flow.metrics
    rects = _span_rects(flow, span, blocks, fragments)
    is_claim = flow.styles.label(span.label_id).kind is LabelKind.CLAIM
    marks = FocusMarks(rects, ring_path(rects, metrics.px(3), metrics.px(5)), span.state is State.SUGGESTED)
    if rects and is_claim:
        marks.handle = QPointF(rects[0].left() - metrics.px(3), rects[0].top() - metrics.px(3))
    marks.bounds = marks.ring.boundingRect()
    for link in flow.index.links_of(span.id) if fragments is None else ():
        other = flow.index.spans.get(link.to_id if link.from_id == span.id else link.from_id)
        if other is None or not flow.index.is_shown(other):
            continue
        others = _span_rects(flow, other, blocks, None)
        if not others or not rects:
            continue
        curve = _curve(rects, others, metrics.px(9), metrics.row_height, metrics.px(8))
        name = flow.styles.link_name(link.type_id)
        marks.links.append(LinkMark(others, curve, name, link.state is State.SUGGESTED))
        marks.bounds = marks.bounds.united(curve.boundingRect())
        for rect in others:
            marks.bounds = marks.bounds.united(rect)
    room = metrics.px(14)
    marks.bounds = marks.bounds.adjusted(-room, -room, metrics.px(120), room)
    return marks


def _span_rects(flow: Flow, span: SpanRecord, blocks: range, fragments: Sequence[Fragment] | None) -> list[QRectF]:
    """Return the parts of the span row by row; a claim's reach down to its lane."""
    metrics = flow.metrics
    is_claim = flow.styles.label(span.label_id).kind is LabelKind.CLAIM
    rects = [rect for f in fragments or span.fragments for rect in flow.rects_of(*f, blocks)]
    below = metrics.lane_top + metrics.line_width - metrics.text_bottom - metrics.px(1) if is_claim else 0
    return [rect.adjusted(0, 0, 0, below) for rect in rects]


def _curve(
    own: Sequence[QRectF], others: Sequence[QRectF], rise: float, row_height: float, indent: float
) -> QPainterPath:
    """Return a curve from a linked span to the focused one that stays between the rows of text."""
    here, there = min(
        ((a, b) for a in (own[0], own[-1]) for b in (others[0], others[-1])),
        key=lambda pair: (
            abs(pair[0].center().y() - pair[1].center().y()),
            abs(pair[0].center().x() - pair[1].center().x()),
        ),
    )
    path = QPainterPath()
    down = here.top() - there.top()
    if abs(down) < row_height / 2:  # the same row: an arc above it
        start = QPointF(there.center().x(), there.top() - 3)
        towards = here.left() + indent if here.left() > there.left() else here.right() - indent
        end = QPointF(min(max(towards, here.left()), here.right()), here.top() - 3)
        path.moveTo(start)
        path.cubicTo(start - QPointF(0, rise), end - QPointF(0, rise), end)
        return path
    is_above = down > 0
    start = QPointF(there.center().x(), there.bottom() + 3 if is_above else there.top() - 3)
    edge_y = here.top() - 3 if is_above else here.bottom() + 3
    end_x = min(max(start.x(), here.left() + indent), max(here.left() + indent, here.right() - indent))
    if abs(down) < row_height * 1.5:  # the next row: straight through the gap between them
        middle = (start.y() + edge_y) / 2
        path.moveTo(start)
        path.cubicTo(start.x(), middle, end_x, middle, end_x, edge_y)
        return path
    return _around(start, QPointF(here.left() + indent, edge_y), rise / 2 if is_above else -rise / 2, indent)


def _around(start: QPointF, end: QPointF, gap: float, indent: float) -> QPainterPath:
    """Return a path in the gaps between rows and left of the column, so that it crosses no text."""
    x, bend = -indent, abs(gap)
    side = 1 if end.y() > start.y() else -1
    path = QPainterPath(start)
    first, last = start.y() + gap, end.y() - gap
    path.quadTo(start.x(), first, start.x() - bend, first)
    path.lineTo(x + bend, first)
    path.quadTo(x, first, x, first + side * bend)
    path.lineTo(x, last - side * bend)
    path.quadTo(x, last, x + bend, last)
    path.lineTo(end.x() - bend, last)
    path.quadTo(end.x(), last, end.x(), end.y())
    return path


def paint_focus(painter: QPainter, flow: Flow, marks: FocusMarks, *, is_active: bool) -> None:
    """Paint the marks; the ring is fainter while the view has not the keyboard."""
    metrics, styles = flow.metrics, flow.styles
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    thin = max(1.2, 1.4 * metrics.unit)
    for link in marks.links:
        colour = with_alpha(styles.accent, 0.85)
        pen = dashed(colour, thin, metrics.px(4), metrics.px(3)) if link.is_suggested else QPen(colour, thin)
        painter.setPen(pen)
        painter.drawPath(link.curve)
        painter.setPen(QPen(styles.accent, thin))
        painter.drawPath(ring_path(link.rects, metrics.px(2.5), metrics.px(5)))
        _paint_dot(painter, link.curve.pointAtPercent(1), metrics.px(2.4), flow)
    ring = QPen(with_alpha(styles.ring, 1.0 if is_active else 0.55), max(1.6, 2.1 * metrics.unit))
    painter.setPen(ring)
    painter.drawPath(marks.ring)
    if marks.handle is not None:
        painter.setPen(QPen(styles.page, thin))
        painter.setBrush(styles.ring)
        painter.drawEllipse(marks.handle, metrics.px(4), metrics.px(4))
        painter.setBrush(Qt.BrushStyle.NoBrush)
    _paint_names(painter, flow, marks)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)


def _paint_dot(painter: QPainter, centre: QPointF, radius: float, flow: Flow) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(flow.styles.accent)
    painter.drawEllipse(centre, radius, radius)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _paint_names(painter: QPainter, flow: Flow, marks: FocusMarks) -> None:
    """Name what each linked span is, in a small tag on its ring."""
    metrics, styles = flow.metrics, flow.styles
    measured = QFontMetricsF(metrics.tag_font)
    painter.setFont(metrics.tag_font)
    for link in marks.links:
        if not link.name:
            continue
        width = measured.horizontalAdvance(link.name) + metrics.px(6)
        height = measured.ascent() + metrics.px(1)
        first = link.rects[0]
        tag = QRectF(first.left() + metrics.px(3), first.top() - metrics.px(3) - height * 0.62, width, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(styles.page)
        painter.drawRoundedRect(tag, metrics.px(3), metrics.px(3))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(styles.accent)
        painter.drawText(QPointF(tag.left() + metrics.px(3), tag.top() + measured.ascent() - 0.5), link.name)
