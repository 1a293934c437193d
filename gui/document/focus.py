"""What marks the focused span: its ring, and the curves to its speaker, cue and target.

Everything here is in the contents' coordinates: x from the column's left edge, y from the top.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

from gui.document.connectors import connector
from gui.document.flow import Flow
from gui.document.positions import display_text
from gui.document.shapes import ring_path
from storage.records import Fragment, LabelKind, LinkRecord, SpanRecord, State

#: How many characters of a linked span are told when it is off screen.
_AWAY_CHARS = 28


@dataclass(slots=True)
class LinkMark:
    """A linked span: where it stands, its ring, the curve to it, and what it is to the focused one.

    Links that lead to the focused span have neither ring nor name; a span within the focused one needs
    no curve.
    """

    rects: list[QRectF]
    ring: QPainterPath
    curve: QPainterPath
    name: str
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
    parts = _parts(flow, span, blocks, fragments)
    rects = [rect for part in parts for rect in part]
    is_claim = flow.styles.label(span.label_id).kind is LabelKind.CLAIM
    marks = FocusMarks(rects, _ring(parts, metrics.px(3), metrics.px(5)))
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
    marks.bounds = marks.bounds.adjusted(-room, -room, flow.width_px, 2 * room)
    return marks


def _add_link(flow: Flow, span: SpanRecord, blocks: range, link: LinkRecord, marks: FocusMarks) -> None:
    is_outgoing = link.from_id == span.id
    other = flow.index.spans.get(link.to_id if is_outgoing else link.from_id)
    if other is None or not flow.index.is_shown(other):
        return
    metrics, name = flow.metrics, flow.styles.link_name(link.type_id)
    if not is_outgoing and name and name not in marks.tags:
        marks.tags.append(name)
    parts = _parts(flow, other, blocks, None)
    rects = [rect for part in parts for rect in part]
    if not rects:
        if is_outgoing:
            arrow = "\u2191" if other.start_cp < span.start_cp else "\u2193"
            words = " ".join(display_text(other.quote).split())
            shortened = words if len(words) <= _AWAY_CHARS else words[: _AWAY_CHARS - 1] + "…"
            marks.tags.append(f"{arrow} {name}: {shortened}")
        return
    is_within = any(own.contains(rect.center()) for own in marks.rects for rect in rects)
    curve = QPainterPath() if is_within else connector(marks.rects, rects, metrics)
    # A speaker may have many claims on screen: only curves lead there, no rings.
    ring = _ring(parts, metrics.px(2.5), metrics.px(5)) if is_outgoing else QPainterPath()
    is_suggested = link.state is State.SUGGESTED
    marks.links.append(LinkMark(rects, ring, curve, name if is_outgoing else "", is_suggested))


def _parts(flow: Flow, span: SpanRecord, blocks: range, fragments: Sequence[Fragment] | None) -> list[list[QRectF]]:
    """Return each fragment's parts row by row; a claim's reach down to its line."""
    metrics = flow.metrics
    is_claim = flow.styles.label(span.label_id).kind is LabelKind.CLAIM
    below = metrics.lane_top + metrics.line_width - metrics.text_bottom - metrics.px(1) if is_claim else 0
    return [
        [rect.adjusted(0, 0, 0, below) for rect in flow.rects_of(*fragment, blocks)]
        for fragment in fragments or span.fragments
    ]


def _ring(parts: Sequence[Sequence[QRectF]], grow_px: float, radius: float) -> QPainterPath:
    ring = QPainterPath()
    for part in parts:
        ring.addPath(ring_path(part, grow_px, radius))
    return ring
