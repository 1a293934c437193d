"""What a tool tip says about spans."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from gui.document.positions import display_text
from gui.document.style import Styles
from storage.records import SpanRecord


def tip_text(spans: Sequence[SpanRecord], styles: Styles) -> str:
    """Return a line for each span, innermost first; empty for none.

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
    return f"<qt>{'<br>'.join(lines)}</qt>" if lines else ""
