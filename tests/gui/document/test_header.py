from __future__ import annotations

from PySide6.QtGui import QFontMetricsF

from gui.document.header import Header
from gui.document.metrics import Metrics
from storage.records import DocumentRecord


def test_a_title_without_end_leaves_room_for_the_text(qapp):
    metrics = Metrics.of("serif", 100)
    width_px = metrics.column_width
    most_lines = 1 + 240 * QFontMetricsF(metrics.title_font).horizontalAdvance("x") // width_px

    def height(title: str) -> int:
        return Header(DocumentRecord(1, title, 100, "", source="s" * 9_000), metrics, width_px).height

    line_px = QFontMetricsF(metrics.title_font).height()
    assert height("x" * 9_000) == height("x" * 90_000)
    assert height("x" * 9_000) <= height("Orsk") + most_lines * line_px
