"""Curves that join a focused span to what it is linked with, in the contents' coordinates."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

from gui.document.metrics import Metrics


def connector(own: Sequence[QRectF], others: Sequence[QRectF], metrics: Metrics) -> QPainterPath:
    """Return a curve from a linked span (`others`, row by row) to the focused one (`own`).

    It stays between the rows and left of the column, and crosses no text.
    """
    rise, indent, row_height = metrics.px(9), metrics.px(8), metrics.row_height
    here, there = min(
        product(own, (others[0], others[-1])),
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
