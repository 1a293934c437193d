"""What a tool tip says about spans, excluded parts and pages."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import QPointF

from gui.document.page import Page
from gui.document.positions import display_text
from gui.document.style import Styles
from storage.records import SpanRecord, StretchRecord


def page_tip(page: Page, point: QPointF) -> str:
    """Return the numbers of the pages that begin in the row at a point right of the text; empty for none."""
    flow, y_px = page.flow, point.y() + page.scroller.y_px
    if point.x() < page.column_x + flow.width_px or y_px < flow.header_px:
        return ""
    layout = flow.box(flow.block_at(y_px)).layout
    start_cp, end_cp = layout.row_range(layout.row_at(y_px - flow.top(flow.block_at(y_px))))
    values = ", ".join(value for _, value in page.stretches.pages_in(start_cp, end_cp))
    return f"<qt>{escape(display_text(f'page {values}'))}</qt>" if values else ""


def tip_text(spans: Sequence[SpanRecord], styles: Styles, excluded: StretchRecord | None = None) -> str:
    """Return a line for each span, innermost first, and one for the excluded part around; empty for none.

    Qt shows a tip that looks like HTML as HTML, and projects come from strangers: everything is escaped.
    """
    lines = []
    for span in spans:
        label = styles.label(span.label_id)
        parts = [label.name or label.kind.value, span.state.value]
        if span.score is not None:
            parts.append(f"{span.score:.2f}")
        if span.reason:
            parts.append(span.reason)
        lines.append(escape(display_text(" · ".join(parts))))
    if excluded is not None:
        lines.append(escape(display_text(" · ".join(filter(None, ("excluded from the work", excluded.value))))))
    return f"<qt>{'<br>'.join(lines)}</qt>" if lines else ""
