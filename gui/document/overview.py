"""The strip beside the scroll bar: where in the whole document decisions are due, made, and declared complete."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from gui.document.shapes import with_alpha
from gui.document.style import Styles
from storage.records import SpanRecord, State

WIDTH_PX = 16
_BUCKET_PX = 3
#: A bucket's mark is full from this many undecided spans on.
_FULL_COUNT = 4


class OverviewStrip(QWidget):
    """Marks for all spans in buckets of a few pixels: cheap however many spans there are.

    Undecided spans are solid marks from the left, the longer the more there are; decided ones a short
    faint mark on the right; reviewed stretches a rule at the edge.
    """

    position_requested = Signal(float)  # where in the document, from 0 to 1

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._styles: Styles | None = None
        self._length_cp = 1
        self._buckets: dict[int, Counter[tuple[bool, int]]] = {}
        self._spans: dict[int, tuple[int, bool, int]] = {}
        self._reviewed: Sequence[tuple[int, int]] = ()
        self._shown = (0.0, 0.0)
        self._focus: float | None = None
        self.setAccessibleName("Overview of the document")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def sizeHint(self) -> QSize:
        """Return the strip's width."""
        return QSize(WIDTH_PX, 100)

    # -- contents ---------------------------------------------------------------------------------

    def show_spans(self, length_cp: int, spans: Iterable[SpanRecord]) -> None:
        """Show these spans of a document of this length, and no others."""
        self._length_cp = max(1, length_cp)
        self._spans = {s.id: (s.start_cp, s.state is State.SUGGESTED, s.label_id) for s in spans}
        self._count_all()

    def put(self, span: SpanRecord) -> None:
        """Add or replace one span. O(1)."""
        self.remove(span.id)
        entry = span.start_cp, span.state is State.SUGGESTED, span.label_id
        self._spans[span.id] = entry
        self._buckets.setdefault(self._bucket(entry[0]), Counter())[entry[1:]] += 1
        self.update()

    def remove(self, span_id: int) -> None:
        """Take a span away, if it is shown."""
        entry = self._spans.pop(span_id, None)
        if entry is not None:
            self._buckets[self._bucket(entry[0])][entry[1:]] -= 1
            self.update()

    def set_styles(self, styles: Styles) -> None:
        """Paint in these colours."""
        self._styles = styles
        self.update()

    def set_reviewed(self, stretches: Sequence[tuple[int, int]]) -> None:
        """Show these stretches as reviewed."""
        self._reviewed = stretches
        self.update()

    def set_shown(self, start_cp: int, end_cp: int) -> None:
        """Tell which part of the document is on screen."""
        shown = start_cp / self._length_cp, end_cp / self._length_cp
        if shown != self._shown:
            self._shown = shown
            self.update()

    def set_focus(self, pos_cp: int | None) -> None:
        """Tell where the focused span stands."""
        focus = None if pos_cp is None else pos_cp / self._length_cp
        if focus != self._focus:
            self._focus = focus
            self.update()

    def undecided_at(self, y_px: int) -> int:
        """Return how many undecided spans the mark at this height stands for."""
        counts = self._buckets.get(y_px // _BUCKET_PX, Counter())
        return sum(n for (is_undecided, _), n in counts.items() if is_undecided)

    def _bucket(self, pos_cp: int) -> int:
        return int(pos_cp / self._length_cp * max(0, self.height() - _BUCKET_PX)) // _BUCKET_PX

    def _count_all(self) -> None:
        self._buckets = {}
        for pos_cp, is_undecided, label_id in self._spans.values():
            self._buckets.setdefault(self._bucket(pos_cp), Counter())[is_undecided, label_id] += 1
        self.update()

    # -- events -----------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the spans into as many buckets as now fit."""
        super().resizeEvent(event)
        if event.size().height() != event.oldSize().height():
            self._count_all()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        """Paint the strip."""
        painter = QPainter(self)
        styles = self._styles
        if styles is None:
            painter.fillRect(self.rect(), self.palette().window())
            return
        painter.fillRect(self.rect(), styles.side)
        painter.fillRect(QRectF(0, 0, 1, self.height()), styles.line)
        self._paint_shown(painter, styles)
        for start_cp, end_cp in self._reviewed:
            top, bottom = (cp / self._length_cp * self.height() for cp in (start_cp, end_cp))
            painter.fillRect(QRectF(self.width() - 3, top, 2, max(2.0, bottom - top)), styles.ok)
        for bucket, counts in self._buckets.items():
            self._paint_bucket(painter, styles, bucket, counts)
        if self._focus is not None:
            y = self._focus * max(0, self.height() - _BUCKET_PX)
            painter.fillRect(QRectF(1, round(y), self.width() - 4, 2), styles.ring)

    def _paint_shown(self, painter: QPainter, styles: Styles) -> None:
        top, bottom = (share * self.height() for share in self._shown)
        window = QRectF(1, round(top), self.width() - 1, max(8.0, round(bottom - top)))
        painter.fillRect(window, with_alpha(styles.muted, 0.22))

    def _paint_bucket(self, painter: QPainter, styles: Styles, bucket: int, counts: Counter[tuple[bool, int]]) -> None:
        undecided = {label: n for (is_undecided, label), n in counts.items() if is_undecided and n > 0}
        y = bucket * _BUCKET_PX
        room = self.width() - 8
        if undecided:
            label_id = max(undecided, key=lambda label: undecided[label])
            share = min(1.0, 0.55 + 0.45 * (sum(undecided.values()) - 1) / (_FULL_COUNT - 1))
            width = max(4, round(room * share))
            painter.fillRect(QRectF(3, y, width, _BUCKET_PX - 1), styles.label(label_id).line)
        elif any(n > 0 for n in counts.values()):
            label_id = next(label for (_, label), n in counts.items() if n > 0)
            colour = with_alpha(styles.label(label_id).line, 0.5)
            painter.fillRect(QRectF(self.width() - 7, y, 3, _BUCKET_PX - 1), colour)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Jump to the place under the mouse."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._request(event.position().toPoint())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the mouse while its button is down."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._request(event.position().toPoint())

    def _request(self, point: QPoint) -> None:
        self.position_requested.emit(min(1.0, max(0.0, point.y() / max(1, self.height()))))
