"""Drawing primitives: hatching, pills, rings that follow text over row breaks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen, QPixmap


def with_alpha(colour: QColor, alpha: float) -> QColor:
    """Return the colour at an opacity between 0 and 1."""
    faint = QColor(colour)
    faint.setAlphaF(alpha)
    return faint


def mixed(first: QColor, second: QColor, share: float) -> QColor:
    """Return `first` with a share (0 to 1) of `second` in it."""
    keep = 1 - share
    return QColor.fromRgbF(
        first.redF() * keep + second.redF() * share,
        first.greenF() * keep + second.greenF() * share,
        first.blueF() * keep + second.blueF() * share,
    )


@lru_cache(maxsize=256)
def _hatch_tile(rgba: int, step_px: int, line_device_px: float, ratio: float) -> QPixmap:
    """Return a tile with one diagonal line; tiles join without a seam as their size is whole device pixels."""
    size = max(3, round(step_px * ratio))
    tile = QPixmap(size, size)
    tile.fill(Qt.GlobalColor.transparent)
    painter = QPainter(tile)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor.fromRgba(rgba), line_device_px, c=Qt.PenCapStyle.FlatCap))
    for shift in (-size, 0, size):
        painter.drawLine(QPointF(shift - 2, size + 2), QPointF(shift + size + 2, -2))
    painter.end()
    tile.setDevicePixelRatio(ratio)
    return tile


def hatch(colour: QColor, step_px: int, ratio: float) -> QBrush:
    """Return a brush of diagonal lines, `step_px` logical pixels apart, crisp at this device pixel ratio."""
    return QBrush(_hatch_tile(colour.rgba(), step_px, 1.2 * ratio, ratio))


def pill_path(rect: QRectF, radius: float, *, is_open_left: bool, is_open_right: bool) -> QPainterPath:
    """Return a rectangle whose corners are round where the span begins and ends, square where it goes on."""
    path = QPainterPath()
    if not (is_open_left or is_open_right):
        path.addRoundedRect(rect, radius, radius)
        return path
    left, right = (0.0 if is_open_left else radius), (0.0 if is_open_right else radius)
    corners = (
        (rect.topLeft(), left),
        (rect.topRight(), right),
        (rect.bottomRight(), right),
        (rect.bottomLeft(), left),
    )
    return rounded_polygon([corner for corner, _ in corners], [radius for _, radius in corners])


def rounded_polygon(points: Sequence[QPointF], radii: Sequence[float]) -> QPainterPath:
    """Return a closed path through the points with its corners rounded, less where an edge is short."""
    path = QPainterPath()
    count = len(points)
    for i, point in enumerate(points):
        before, after = points[i - 1], points[(i + 1) % count]
        entry = _towards(point, before, radii[i])
        leave = _towards(point, after, radii[i])
        if i:
            path.lineTo(entry)
        else:
            path.moveTo(entry)
        path.quadTo(point, leave)
    path.closeSubpath()
    return path


def _towards(point: QPointF, other: QPointF, length: float) -> QPointF:
    delta = other - point
    distance = math.hypot(delta.x(), delta.y())
    if not distance:
        return point
    return point + delta * (min(length, distance / 2) / distance)


def ring_path(rects: Sequence[QRectF], grow_px: float, radius: float) -> QPainterPath:
    """Return an outline around the parts of a span that follows the text over row breaks.

    `rects` go from row to row. Rows that share some x are joined; others get an outline of their own.
    """
    boxes = [rect.adjusted(-grow_px, -grow_px, grow_px, grow_px) for rect in rects]
    groups: list[list[QRectF]] = []
    for box in boxes:
        if groups and _are_joined(groups[-1][-1], box):
            above = groups[-1][-1]
            middle = round((above.bottom() + box.top()) / 2)
            above.setBottom(middle)
            box.setTop(middle)
            groups[-1].append(box)
        else:
            groups.append([box])
    ring = QPainterPath()
    for group in groups:
        contour = [point for box in group for point in (box.topRight(), box.bottomRight())]
        contour += [point for box in reversed(group) for point in (box.bottomLeft(), box.topLeft())]
        corners = _corners(contour)
        ring.addPath(rounded_polygon(corners, [radius] * len(corners)))
    return ring


def _are_joined(upper: QRectF, lower: QRectF) -> bool:
    is_next_row = 0 < lower.center().y() - upper.center().y() < 2 * upper.height()
    return is_next_row and upper.left() < lower.right() and lower.left() < upper.right()


def _corners(points: Sequence[QPointF]) -> list[QPointF]:
    """Return the points where the outline turns."""
    kept = []
    for i, point in enumerate(points):
        into, out = point - points[i - 1], points[(i + 1) % len(points)] - point
        if abs(into.x() * out.y() - into.y() * out.x()) > 0.01:
            kept.append(point)
    return kept


def dashed(colour: QColor, width_px: float, dash_px: float, gap_px: float) -> QPen:
    """Return a pen of dashes, all lengths in logical pixels."""
    pen = QPen(colour, width_px, c=Qt.PenCapStyle.FlatCap)
    pen.setDashPattern([dash_px / width_px, gap_px / width_px])
    return pen


def dotted(colour: QColor, width_px: float, gap_px: float) -> QPen:
    """Return a pen of round dots."""
    pen = QPen(colour, width_px, c=Qt.PenCapStyle.RoundCap)
    pen.setDashPattern([0.01, (width_px + gap_px) / width_px])
    return pen
