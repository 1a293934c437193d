"""What is drawn for the focused span: its ring, and the curves to its speaker, cue and target.

Everything here is in the contents' coordinates: x from the column's left edge, y from the top.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen

from gui.document.flow import Flow
from gui.document.positions import display_text
from gui.document.shapes import dashed, ring_path, with_alpha
from storage.records import Fragment, LabelKind, LinkRecord, SpanRecord, State

_AWAY_CHARS = 28


@dataclass(slots=True)
class LinkMark:
    """A linked span: where it stands, the curve to it, and what it is to the focused one.

    Links towards the focused span only get their curve: `name` is empty and nothing is drawn around
    the span, since a speaker may have many claims on screen. So does `curve` for a span within the claim.
    """

    rects: list[QRectF]
    curve: QPainterPath
    name: str
    is_outgoing: bool
    is_suggested: bool


@dataclass(slots=True)
class FocusMarks:
    """All marks of the focused span in a range of blocks; `bounds` holds every one of them."""

    rects: list[QRectF]
    ring: QPainterPath
    links: list[LinkMark] = field(default_factory=list)
    #: What the focused span is to others, and what of its own is off screen: a tag each.
    tags: list[str] = field(default_factory=list)
    bounds: QRectF = field(default_factory=QRectF)
    #: Where a link can be drawn from, at the beginning of a claim.
    handle: QPointF | None = None


def focus_marks(flow: Flow, span: SpanRecord, blocks: range, fragments: Sequence[Fragment] | None = None) -> FocusMarks:
    """Compute the marks of a span as far as they stand in `blocks`, which get laid out.

    `fragments` stand in for the span's own while one of its edges is dragged.
    """
    metrics = flow.metrics
    rects = _span_rects(flow, span, blocks, fragments)
    is_claim = flow.styles.label(span.label_id).kind is LabelKind.CLAIM
    marks = FocusMarks(rects, ring_path(rects, metrics.px(3), metrics.px(5)))
    if not rects:
        return marks
    if is_claim:
        marks.handle = rects[0].topLeft() - QPointF(metrics.px(3), metrics.px(3))
    for link in flow.index.links_of(span.id) if fragments is None else ():
        _add_link(flow, span, blocks, link, marks)
    marks.bounds = marks.ring.boundingRect()
    for mark in marks.links:
        for box in (mark.curve.boundingRect(), *mark.rects):
            marks.bounds = marks.bounds.united(box)
    room = metrics.px(16)
    # Tags are as wide as their words, and begin on a ring.
    marks.bounds = marks.bounds.adjusted(-room, -room, flow.width_px, room)
    return marks


def _add_link(flow: Flow, span: SpanRecord, blocks: range, link: LinkRecord, marks: FocusMarks) -> None:
    is_outgoing = link.from_id == span.id
    other = flow.index.spans.get(link.to_id if is_outgoing else link.from_id)
    if other is None or not flow.index.is_shown(other):
        return
    metrics, name = flow.metrics, flow.styles.link_name(link.type_id)
    if not is_outgoing and name and name not in marks.tags:
        marks.tags.append(name)
    rects = _span_rects(flow, other, blocks, None)
    if not rects:
        if is_outgoing:
            arrow = "\u2191" if other.start_cp < span.start_cp else "\u2193"
            words = " ".join(display_text(other.quote).split())
            shortened = words if len(words) <= _AWAY_CHARS else words[: _AWAY_CHARS - 1] + "…"
            marks.tags.append(f"{arrow} {name}: {shortened}")
        return
    is_within = any(own.contains(rect.center()) for own in marks.rects for rect in rects)
    curve = QPainterPath()
    if not is_within:
        curve = _curve(marks.rects, rects, metrics.px(9), metrics.row_height, metrics.px(8))
    is_suggested = link.state is State.SUGGESTED
    marks.links.append(LinkMark(rects, curve, name if is_outgoing else "", is_outgoing, is_suggested))


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
    for link in marks.links:
        if link.name:
            _paint_tag(painter, flow, link.rects[0], link.name, styles.accent)
    if marks.tags and marks.rects:
        _paint_tag(painter, flow, marks.rects[0], "   ".join(marks.tags), styles.accent)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)


def _paint_link(painter: QPainter, flow: Flow, link: LinkMark, thin: float) -> None:
    metrics, accent = flow.metrics, flow.styles.accent
    colour = with_alpha(accent, 0.8)
    dashes = dashed(colour, thin, metrics.px(4), metrics.px(3))
    if not link.curve.isEmpty():
        painter.setPen(dashes if link.is_suggested else QPen(colour, thin))
        painter.drawPath(link.curve)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(accent)
        painter.drawEllipse(link.curve.pointAtPercent(1), metrics.px(2), metrics.px(2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
    if link.is_outgoing:
        painter.setPen(QPen(accent, thin))
        painter.drawPath(ring_path(link.rects, metrics.px(2.5), metrics.px(5)))


def _paint_tag(painter: QPainter, flow: Flow, over: QRectF, text: str, colour: QColor) -> None:
    """Paint a few words on the upper edge of a ring."""
    metrics = flow.metrics
    measured = QFontMetricsF(metrics.tag_font)
    width = measured.horizontalAdvance(text) + metrics.px(6)
    height = measured.ascent() + metrics.px(1)
    tag = QRectF(over.left() + metrics.px(3), over.top() - metrics.px(3) - height * 0.62, width, height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(flow.styles.page)
    painter.drawRoundedRect(tag, metrics.px(3), metrics.px(3))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(colour)
    painter.setFont(metrics.tag_font)
    painter.drawText(QPointF(tag.left() + metrics.px(3), tag.top() + measured.ascent() - 0.5), text)
