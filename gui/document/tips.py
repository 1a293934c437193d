"""What a tool tip says about spans and excluded parts."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from gui.document.positions import display_text
from gui.document.style import Styles
from storage.records import SpanRecord, StretchRecord


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
