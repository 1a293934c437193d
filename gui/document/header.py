"""The heading above a document's text: its title, and a line of what is known about it."""

from __future__ import annotations

from PySide6.QtCore import QDate, QLocale, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QTextLayout, QTextOption

from gui.document.block_layout import reads_right_to_left
from gui.document.metrics import Metrics
from gui.document.positions import display_text
from gui.document.style import Styles
from gui.widgets.text import on_one_line
from storage.records import DocumentRecord

#: A title or a source may be as long as its file wants; more than this would push the text out of sight.
_MOST_TITLE_CP, _MOST_PART_CP = 240, 80


def _one_line(text: str, most_cp: int = _MOST_PART_CP) -> str:
    line = on_one_line(display_text(text[: 4 * most_cp]).replace("\t", " "))
    return line if len(line) <= most_cp else line[: most_cp - 1] + "…"


def describe(document: DocumentRecord) -> str:
    """Return source, date, language and length, as far as they are known, for one line."""
    locale = QLocale(QLocale.Language.English)
    parts = [_one_line(document.source)]
    if document.date:
        date = QDate.fromString(document.date[:10], "yyyy-MM-dd")
        long_date = locale.toString(date, "d MMMM yyyy") if date.isValid() else document.date
        parts.append(_one_line(long_date))
    if document.language:
        language = QLocale(document.language).language()
        is_known = language not in {QLocale.Language.C, QLocale.Language.AnyLanguage}
        parts.append(QLocale.languageToString(language) if is_known else _one_line(document.language))
    parts.append(f"{locale.toString(document.length_cp)} characters")
    return " · ".join(part for part in parts if part)


class Header:
    """Title and description, laid out to the column's width."""

    def __init__(self, document: DocumentRecord, metrics: Metrics, width_px: int) -> None:
        self._metrics = metrics
        y: float = metrics.px(26)
        self._title = QTextLayout(_one_line(document.title, _MOST_TITLE_CP), metrics.title_font)
        align = Qt.AlignmentFlag.AlignRight if reads_right_to_left(document.title) else Qt.AlignmentFlag.AlignLeft
        y = _lay_out(self._title, y, width_px, align)
        self._about = QTextLayout(describe(document), metrics.small_font)
        y = _lay_out(self._about, y + metrics.px(4), width_px, align)
        self.height = round(y) + metrics.px(12)

    def paint(self, painter: QPainter, styles: Styles, clip: QRectF) -> None:
        """Paint with the painter's origin at the column's left edge and the contents' top."""
        painter.setPen(styles.ink)
        self._title.draw(painter, QPointF(0, 0), [], clip)
        painter.setPen(styles.muted)
        self._about.draw(painter, QPointF(0, 0), [], clip)


def _lay_out(layout: QTextLayout, y: float, width_px: int, align: Qt.AlignmentFlag) -> float:
    option = QTextOption(align)
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
    layout.setTextOption(option)
    layout.setCacheEnabled(True)
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width_px)
        line.setPosition(QPointF(0, y))
        y += line.height()
    layout.endLayout()
    return y
