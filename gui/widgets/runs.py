"""A few lines of plain text with labelled stretches in it, painted as on the page: pills, suggestions hatched."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.theme import Theme, current_theme
from gui.widgets.paint import paint_pill, painting
from gui.widgets.text import on_one_line, set_plain_tooltip

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PySide6.QtGui import QPaintEvent

LINE_FACTOR = 1.75


class RunStyle(StrEnum):
    """How a stretch of text looks."""

    PLAIN = "plain"
    MUTED = "muted"
    CUE = "cue"
    PILL = "pill"


@dataclass(frozen=True, slots=True)
class TextRun:
    """A stretch of text in one style; `colour` names a label colour, used by pills."""

    text: str
    style: RunStyle = RunStyle.PLAIN
    colour: str = "grey"
    is_suggested: bool = False


class RunsView(QWidget):
    """Shows runs of text, wrapped to the width at hand."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runs: tuple[TextRun, ...] = ()
        self._layout = QTextLayout()
        self._laid_out: tuple[float, QFont, str] | None = None
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def text(self) -> str:
        """The text of all runs."""
        return "".join(run.text for run in self._runs)

    def set_runs(self, runs: Sequence[TextRun]) -> None:
        """Show these runs, line breaks in them as blanks."""
        self._runs = tuple(
            TextRun(_flat(run.text), run.style, run.colour, run.is_suggested) for run in runs if run.text
        )
        self._laid_out = None
        self.setAccessibleName(self.text)
        set_plain_tooltip(self, self.text)
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        """Tell layouts that the height depends on the width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of the wrapped text."""
        self._lay_out(width)
        return round(self._layout.lineCount() * self._line_height() + 2)

    def sizeHint(self) -> QSize:
        """Ask for the height at the present width."""
        width = self.width() if self.width() > 80 else 280
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """Allow a narrow panel."""
        return QSize(80, round(self._line_height()))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint pills, then the text over them."""
        theme = current_theme()
        self._lay_out(self.width())
        painter = QPainter(self)
        with painting(painter):
            for run, rect in self._pill_rects():
                paint_pill(painter, rect, theme.label(run.colour), is_suggested=run.is_suggested)
            painter.setPen(QColor(theme.ink))
            self._layout.draw(painter, QPointF(0, 0))
        painter.end()

    def _line_height(self) -> float:
        return QFontMetricsF(self.font()).height() * LINE_FACTOR

    def _lay_out(self, width: float) -> None:
        key = (width, QFont(self.font()), current_theme().name)
        if key == self._laid_out:
            return
        self._laid_out = key
        self._layout = QTextLayout(self.text, self.font())
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self._layout.setTextOption(option)
        self._layout.setFormats(list(self._formats(current_theme())))
        height = self._line_height()
        text_height = QFontMetricsF(self.font()).height()
        self._layout.beginLayout()
        while (line := self._layout.createLine()).isValid():
            line.setLineWidth(max(width - 6.0, 40.0))
            top = (self._layout.lineCount() - 1) * height + (height - text_height) / 2
            line.setPosition(QPointF(3, top))
        self._layout.endLayout()

    def _bounds_u16(self) -> Iterator[tuple[TextRun, int, int]]:
        at_u16 = 0
        for run in self._runs:
            length_u16 = len(run.text.encode("utf-16-le", "surrogatepass")) // 2
            yield run, at_u16, at_u16 + length_u16
            at_u16 += length_u16

    def _formats(self, theme: Theme) -> Iterator[QTextLayout.FormatRange]:
        for run, start_u16, end_u16 in self._bounds_u16():
            look = QTextCharFormat()
            look.setForeground(QColor(theme.muted if run.style is RunStyle.MUTED else theme.ink))
            look.setFontItalic(run.style is RunStyle.CUE)
            span = QTextLayout.FormatRange()
            span.start, span.length, span.format = start_u16, end_u16 - start_u16, look
            yield span

    def _pill_rects(self) -> Iterator[tuple[TextRun, QRectF]]:
        text_height = QFontMetricsF(self.font()).height()
        for run, start_u16, end_u16 in self._bounds_u16():
            if run.style is not RunStyle.PILL:
                continue
            for number in range(self._layout.lineCount()):
                line = self._layout.lineAt(number)
                from_u16 = max(start_u16, line.textStart())
                to_u16 = min(end_u16, line.textStart() + line.textLength())
                if from_u16 < to_u16:
                    one, other = _x(line.cursorToX(from_u16)), _x(line.cursorToX(to_u16))
                    left, right = sorted((one, other))
                    yield run, QRectF(left - 2.5, line.y() - 1.5, right - left + 5, text_height + 3.5)


def _x(position: object) -> float:
    """Return the x of `QTextLine.cursorToX`, which PySide hands out as (x, cursor) or as x."""
    return float(position[0] if isinstance(position, tuple) else position)  # type: ignore[arg-type]


def _flat(text: str) -> str:
    """Return `text` on one line, keeping a blank at either end."""
    inner = on_one_line(text)
    return f"{' ' * text[:1].isspace()}{inner}{' ' * (bool(inner) and text[-1:].isspace())}"
