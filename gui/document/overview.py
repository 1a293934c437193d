"""The strip beside the scroll bar: where in the whole document decisions are due, made, and declared complete."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from gui.document.shapes import with_alpha
from gui.document.style import Styles
from storage.records import SpanRecord, State

#: Whether spans are undecided, and their label.
Mark = tuple[bool, int]

WIDTH_PX = 16
_BUCKET_PX = 4
#: A bucket's mark is full from this many undecided spans on.
_FULL_COUNT = 4


class OverviewStrip(QWidget):
    """Marks for all spans in buckets of a few pixels: cheap however many spans there are.

    Undecided spans are solid marks from the left, the longer the more there are; decided ones a short faint mark on
    the right; reviewed stretches a rule at the right edge, excluded ones at the left; hits of a search a dot there.
    """

    position_requested = Signal(float)  # where in the document, from 0 to 1

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._styles: Styles | None = None
        self._length_cp = 1
        #: How many spans each mark stands for, by bucket; counted when first painted.
        self._buckets: defaultdict[int, dict[Mark, int]] = defaultdict(dict)
        self._uncounted: Sequence[SpanRecord] = ()
        #: The marks as they were last painted, and the buckets that changed since.
        self._layer = QPixmap()
        self._stale: set[int] = set()
        self._reviewed: Sequence[tuple[int, int]] = ()
        self._excluded: Sequence[tuple[int, int]] = ()
        self._shown = (0.0, 0.0)
        self._focus: float | None = None
        self._hits: set[int] = set()
        self.setAccessibleName("Overview of the document")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def sizeHint(self) -> QSize:
        """Return the strip's width."""
        return QSize(WIDTH_PX, 100)

    # -- contents ---------------------------------------------------------------------------------

    def show_spans(self, length_cp: int, spans: Sequence[SpanRecord]) -> None:
        """Show these spans of a document of this length, and no others; anew when the height changed."""
        self._length_cp = max(1, length_cp)
        self._uncounted = spans
        self._buckets.clear()
        self._forget_layer()

    def put(self, span: SpanRecord) -> None:
        """Show one more span. O(1)."""
        self._count(span, 1)

    def remove(self, span: SpanRecord) -> None:
        """Take a shown span away. O(1)."""
        self._count(span, -1)

    def _count(self, span: SpanRecord, number: int) -> None:
        self._count_all()
        bucket = self._bucket(span.start_cp)
        marks, mark = self._buckets[bucket], (span.state is State.SUGGESTED, span.label_id)
        marks[mark] = marks.get(mark, 0) + number
        self._stale.add(bucket)
        self.update()

    def _forget_layer(self) -> None:
        self._layer = QPixmap()
        self.update()

    def set_styles(self, styles: Styles) -> None:
        """Paint in these colours."""
        self._styles = styles
        self._forget_layer()

    def set_reviewed(self, stretches: Sequence[tuple[int, int]]) -> None:
        """Show these stretches as reviewed."""
        self._reviewed = stretches
        self.update()

    def set_excluded(self, stretches: Sequence[tuple[int, int]]) -> None:
        """Show these stretches as left out of the work."""
        self._excluded = stretches
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

    def set_hits(self, starts_cp: Iterable[int]) -> None:
        """Tell where the hits of a search begin; many at one height are one mark."""
        hits = {self._bucket(start_cp) for start_cp in starts_cp}
        if hits != self._hits:
            self._hits = hits
            self.update()

    def undecided_at(self, y_px: int) -> int:
        """Return how many undecided spans the mark at this height stands for."""
        self._count_all()
        counts = self._buckets.get(y_px // _BUCKET_PX, {})
        return sum(n for (is_undecided, _), n in counts.items() if is_undecided)

    def _bucket(self, pos_cp: int) -> int:
        return pos_cp * self._bucket_count // self._length_cp

    @property
    def _bucket_count(self) -> int:
        return max(1, self.height() // _BUCKET_PX - 1)

    def _count_all(self) -> None:
        """Count the spans in one pass, 0.3 µs each."""
        if not self._uncounted:
            return
        count, length, suggested = self._bucket_count, self._length_cp, State.SUGGESTED
        counted = Counter(
            (s.fragments[0][0] * count // length, s.state is suggested, s.label_id) for s in self._uncounted
        )
        self._uncounted = ()
        for (bucket, is_undecided, label_id), number in counted.items():
            self._buckets[bucket][is_undecided, label_id] = number

    # -- events -----------------------------------------------------------------------------------

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
        for x, stretches, colour in ((self.width() - 3, self._reviewed, styles.ok), (1, self._excluded, styles.edge)):
            for start_cp, end_cp in stretches:
                top, bottom = (cp / self._length_cp * self.height() for cp in (start_cp, end_cp))
                painter.fillRect(QRectF(x, top, 2, max(2.0, bottom - top)), colour)
        self._refresh_layer(styles)
        painter.drawPixmap(0, 0, self._layer)
        for bucket in self._hits:
            painter.fillRect(QRectF(0, bucket * _BUCKET_PX, 4, _BUCKET_PX), styles.accent)
        if self._focus is not None:
            y = int(self._focus * self._bucket_count) * _BUCKET_PX
            painter.fillRect(QRectF(1, round(y), self.width() - 4, 2), styles.ring)

    def _paint_shown(self, painter: QPainter, styles: Styles) -> None:
        top, bottom = (share * self.height() for share in self._shown)
        window = QRectF(1, round(top), self.width() - 1, max(8.0, round(bottom - top)))
        painter.fillRect(window, with_alpha(styles.muted, 0.14))

    def _refresh_layer(self, styles: Styles) -> None:
        """Paint the marks that changed since the layer was last painted, or all of them."""
        ratio = self.devicePixelRatioF()
        size = self.size() * ratio
        self._count_all()
        if self._layer.size() != size or self._layer.devicePixelRatioF() != ratio:
            self._layer = QPixmap(size)
            self._layer.setDevicePixelRatio(ratio)
            self._layer.fill(Qt.GlobalColor.transparent)
            self._stale = set(self._buckets)
        painter = QPainter(self._layer)
        for bucket in self._stale:
            row = QRectF(0, bucket * _BUCKET_PX, self.width(), _BUCKET_PX)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
            painter.fillRect(row, Qt.GlobalColor.transparent)
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
            self._paint_bucket(painter, styles, row.top(), self._buckets[bucket])
        painter.end()
        self._stale = set()

    def _paint_bucket(self, painter: QPainter, styles: Styles, y: float, counts: dict[Mark, int]) -> None:
        undecided = [(n, label_id) for (is_undecided, label_id), n in counts.items() if is_undecided and n > 0]
        decided = [(n, label_id) for (is_undecided, label_id), n in counts.items() if not is_undecided and n > 0]
        if undecided:
            _, label_id = max(undecided)
            share = min(1.0, 0.55 + 0.45 * (sum(n for n, _ in undecided) - 1) / (_FULL_COUNT - 1))
            width = max(4, round((self.width() - 8) * share))
            painter.fillRect(QRectF(3, y, width, _BUCKET_PX - 1), styles.label(label_id).line)
        elif decided:
            colour = with_alpha(styles.label(max(decided)[1]).line, 0.5)
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
