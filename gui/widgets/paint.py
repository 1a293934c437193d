"""Painting that panels share: grounds of rows, cut text, pies, key caps, swatches, pills, wrapped titles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPen, QTextLayout, QTextOption
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from gui.theme import Ink, Theme, scaled_font
from gui.widgets.text import on_one_line
from storage.records import LabelKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

KEYCAP_PADDING_PX = 5.0


def painting(painter: QPainter) -> AbstractContextManager[QPainter]:
    """Save a painter's state for the length of a `with` block, and smooth its edges."""
    return _Saved(painter)


class _Saved:
    def __init__(self, painter: QPainter) -> None:
        self._painter = painter

    def __enter__(self) -> QPainter:
        self._painter.save()
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        return self._painter

    def __exit__(self, *_exception: object) -> None:
        self._painter.restore()


def paint_pie(painter: QPainter, rect: QRectF, share: float, theme: Theme, *, is_done: bool = False) -> None:
    """Paint how far work has come: `share` in [0, 1] of a disc, or a full disc with a tick once it is done."""
    with painting(painter):
        painter.setPen(QPen(QColor(theme.ok if is_done else theme.edge), 1))
        painter.setBrush(QColor(theme.ok if is_done else theme.page))
        painter.drawEllipse(rect.adjusted(0.5, 0.5, -0.5, -0.5))
        if is_done:
            painter.setPen(QPen(QColor(theme.page), 1.6, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin))
            x, y, unit = rect.x(), rect.y(), rect.width() / 14
            tick = [QPointF(x + 4 * unit, y + 7.3 * unit), QPointF(x + 6.2 * unit, y + 9.5 * unit)]
            painter.drawPolyline([*tick, QPointF(x + 10.2 * unit, y + 4.9 * unit)])
        elif share > 0:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.accent))
            inner = rect.adjusted(2, 2, -2, -2)
            painter.drawPie(inner, 90 * 16, -round(min(share, 1.0) * 360 * 16))


def keycap_font(font: QFont) -> QFont:
    """Return the font of key caps beside text in `font`."""
    return scaled_font(font, 0.82)


def keycap_width(font: QFont, text: str) -> float:
    """Return the width in px of a key cap that stands beside text in `font`."""
    advance = QFontMetricsF(keycap_font(font)).horizontalAdvance(text)
    return max(advance + 2 * KEYCAP_PADDING_PX, 19.0)


def keycap_height(font: QFont) -> float:
    """Return the height in px of a key cap beside text in `font`."""
    return QFontMetricsF(keycap_font(font)).height() + 4


def paint_keycap(
    painter: QPainter, rect: QRectF, text: str, theme: Theme, font: QFont, *, is_on_accent: bool = False
) -> None:
    """Paint a key cap centred in `rect`, as high as its font."""
    height = keycap_height(font)
    box = QRectF(rect.x(), rect.center().y() - height / 2, rect.width(), height).adjusted(0.5, 0.5, -0.5, -0.5)
    with painting(painter):
        edge = QColor(theme.page if is_on_accent else theme.line)
        if is_on_accent:
            edge.setAlphaF(0.55)
        painter.setPen(QPen(edge, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush if is_on_accent else QBrush(QColor(theme.page)))
        painter.drawRoundedRect(box, 4, 4)
        painter.drawLine(QPointF(box.left() + 3, box.bottom() - 1), QPointF(box.right() - 3, box.bottom() - 1))
        painter.setPen(QColor(theme.page if is_on_accent else theme.muted))
        painter.setFont(keycap_font(font))
        painter.drawText(box.adjusted(0, 0, 0, -1), Qt.AlignmentFlag.AlignCenter, text)


def paint_swatch(painter: QPainter, rect: QRectF, kind: LabelKind, ink: Ink) -> None:
    """Paint the sign of a label: a pill for actors, a band over a line for claims, dots for cues."""
    line, middle = QColor(ink.line), rect.center().y()
    with painting(painter):
        if kind is LabelKind.CUE:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(line)
            for step in range(4):
                x = rect.left() + rect.width() * (step + 0.5) / 4
                painter.drawEllipse(QPointF(x, middle + 3), 1.3, 1.3)
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(ink.fill))
        if kind is LabelKind.ACTOR:
            painter.setPen(QPen(line, 1.6))
            painter.drawRoundedRect(QRectF(rect.left() + 1, middle - 4.5, rect.width() - 2, 9), 4.5, 4.5)
            return
        painter.drawRect(QRectF(rect.left(), middle - 6, rect.width(), 9))
        painter.setBrush(line)
        painter.drawRect(QRectF(rect.left(), middle + 3, rect.width(), 3))


def paint_focus_ring(painter: QPainter, rect: QRectF, theme: Theme, radius: float = 7, *, colour: str = "") -> None:
    """Paint the ring of the keyboard focus just inside `rect`, in the accent or in `colour`."""
    with painting(painter):
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(colour or theme.accent), 2))
        painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), radius, radius)


def paint_hover(painter: QPainter, rect: QRectF, theme: Theme, radius: float = 6) -> None:
    """Paint the ground of what the mouse is over."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.hover))
    painter.drawRoundedRect(rect, radius, radius)


def paint_row_ground(
    painter: QPainter, option: QStyleOptionViewItem, rect: QRectF, theme: Theme, *, has_keyboard: bool
) -> None:
    """Paint what tells chosen, pointed-at and focused rows of a list apart."""
    is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
    if is_chosen or option.state & QStyle.StateFlag.State_MouseOver:
        painter.setPen(QPen(QColor(theme.line), 1) if is_chosen else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.page if is_chosen else theme.hover))
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 7, 7)
    if option.state & QStyle.StateFlag.State_HasFocus and has_keyboard:
        paint_focus_ring(painter, rect, theme)


def paint_cut(painter: QPainter, room: QRectF, text: str, colour: str, *, is_right: bool = False) -> float:
    """Paint as much of a text as fits on one line of `room`, in the painter's font; return the width used in px."""
    metrics = QFontMetricsF(painter.font())
    cut = metrics.elidedText(on_one_line(text), Qt.TextElideMode.ElideRight, max(room.width(), 0.0))
    side = Qt.AlignmentFlag.AlignRight if is_right else Qt.AlignmentFlag.AlignLeft
    painter.setPen(QColor(colour))
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | side, cut)
    return metrics.horizontalAdvance(cut)


def paint_pill(painter: QPainter, rect: QRectF, ink: Ink, *, is_suggested: bool) -> None:
    """Paint the pill of a mention behind its words: filled, or hatched and outlined where it is suggested."""
    if is_suggested:
        hatch = QColor(ink.line)
        hatch.setAlphaF(0.4)
        painter.setPen(QPen(QColor(ink.line), 1.2, Qt.PenStyle.DashLine))
        painter.setBrush(QBrush(hatch, Qt.BrushStyle.BDiagPattern))
        painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 4.5, 4.5)
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(ink.fill))
    painter.drawRoundedRect(rect, 4.5, 4.5)
    painter.setPen(QPen(QColor(ink.line), 1.8, c=Qt.PenCapStyle.RoundCap))
    painter.drawLine(QPointF(rect.left() + 3, rect.bottom() - 0.9), QPointF(rect.right() - 3, rect.bottom() - 0.9))


class TitleWrapper:
    """Breaks titles into a few lines for one font.

    Widths of words are remembered: 10,000 titles of eight words take 30 ms instead of 400 ms by `QTextLayout`,
    which is left to break what has no blanks (Chinese, addresses).
    """

    def __init__(self, font: QFont, max_lines: int = 3) -> None:
        self.font = font
        self._metrics = QFontMetricsF(font)
        self._max_lines = max_lines
        self._blank = self._metrics.horizontalAdvance(" ")
        self._widths: dict[str, float] = {}

    @property
    def line_height(self) -> float:
        """The distance of two lines in px."""
        return self._metrics.lineSpacing() * 1.12

    def lines(self, title: str, width: float) -> list[str]:
        """Return the lines of a title at `width` px; the last ends in an ellipsis where more would follow."""
        words = on_one_line(title).split()
        lines = self._by_words(words, width)
        if lines is None:
            lines = list(self._by_layout(" ".join(words), width))
        if len(lines) > self._max_lines:
            rest = " ".join(lines[self._max_lines - 1 :])
            cut = self._metrics.elidedText(rest, Qt.TextElideMode.ElideRight, width)
            lines = [*lines[: self._max_lines - 1], cut]
        return lines or [""]

    def _by_words(self, words: list[str], width: float) -> list[str] | None:
        lines: list[str] = []
        line: list[str] = []
        used = 0.0
        for word in words:
            advance = self._widths.get(word)
            if advance is None:
                advance = self._widths[word] = self._metrics.horizontalAdvance(word)
            if advance > width:
                return None
            if line and used + self._blank + advance > width:
                lines.append(" ".join(line))
                line, used = [word], advance
            else:
                used += advance + (self._blank if line else 0)
                line.append(word)
        if line:
            lines.append(" ".join(line))
        return lines

    def _by_layout(self, title: str, width: float) -> Iterator[str]:
        layout = QTextLayout(title, self.font)
        layout.setTextOption(QTextOption())
        layout.beginLayout()
        encoded = title.encode("utf-16-le", "surrogatepass")
        for _ in range(self._max_lines + 1):
            line = layout.createLine()
            if not line.isValid():
                break
            line.setLineWidth(max(width, 1.0))
            start_u16, length_u16 = line.textStart(), line.textLength()
            part = encoded[2 * start_u16 : 2 * (start_u16 + length_u16)]
            yield part.decode("utf-16-le", "surrogatepass").strip()
        layout.endLayout()
