"""The spans that lie over each other at the cursor, to choose one of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.theme import current_theme, scaled_font
from gui.widgets.paint import paint_cut, paint_focus_ring, paint_hover, paint_swatch, painting
from gui.widgets.painted import PaintedButton
from gui.widgets.text import plain_label, plain_tooltip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPaintEvent

    from gui.panels.inspector_data import OverlapData

#: More than these are told by number only.
MOST = 8


class OverlapButton(PaintedButton):
    """One span: swatch, label, words."""

    def __init__(self) -> None:
        super().__init__()
        self._span: OverlapData | None = None
        self._is_focused_span = False

    @property
    def span_id(self) -> int | None:
        """The span shown."""
        return self._span.span_id if self._span else None

    def show_span(self, span: OverlapData, *, is_focused: bool) -> None:
        """Show a span."""
        self._span, self._is_focused_span = span, is_focused
        self.setAccessibleName(f"{span.label}, {span.state.value}: {span.quote}")
        self.setToolTip(plain_tooltip(f"{span.label}, {span.state.value}\n{span.quote}"))
        self.update()

    def sizeHint(self) -> QSize:
        """Ask for one line."""
        return QSize(200, round(self.fontMetrics().height() * 1.15 + 8))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint swatch, label and words; the focused span in bold."""
        if self._span is None:
            return
        theme, rect = current_theme(), QRectF(self.rect())
        painter = QPainter(self)
        with painting(painter):
            if self.underMouse():
                paint_hover(painter, rect, theme)
            swatch = QRectF(4, 0, 15, rect.height())
            paint_swatch(painter, swatch, self._span.kind, theme.label(self._span.colour))
            weight = self.font().Weight.DemiBold if self._is_focused_span else self.font().Weight.Normal
            painter.setFont(scaled_font(self.font(), 1, weight=weight))
            left = swatch.right() + 8
            left += paint_cut(painter, rect.adjusted(left, 0, -4, 0), self._span.label, theme.ink) + 8
            painter.setFont(self.font())
            paint_cut(painter, rect.adjusted(left, 0, -4, 0), self._span.quote, theme.muted)
            if self.hasFocus():
                paint_focus_ring(painter, rect, theme, 5)
        painter.end()


class OverlapList(QWidget):
    """Up to eight spans; the buttons are kept and filled anew, since the focus moves with each key press."""

    span_requested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(1)
        self.buttons = [OverlapButton() for _ in range(MOST)]
        for button in self.buttons:
            button.clicked.connect(lambda _is_checked=False, clicked=button: self._request(clicked))
            button.hide()
            layout.addWidget(button)
        self._more = plain_label("", "muted")
        self._more.hide()
        layout.addWidget(self._more)

    def show_spans(self, spans: Sequence[OverlapData], focused_id: int) -> None:
        """Show the spans at the cursor."""
        for number, button in enumerate(self.buttons):
            button.setVisible(number < len(spans))
            if number < len(spans):
                button.show_span(spans[number], is_focused=spans[number].span_id == focused_id)
        self._more.setVisible(len(spans) > MOST)
        self._more.setText(f"and {len(spans) - MOST} more")

    def _request(self, button: OverlapButton) -> None:
        if button.span_id is not None:
            self.span_requested.emit(button.span_id)
