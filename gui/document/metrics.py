"""Fonts and sizes of the document view: everything in logical pixels that depends on font and zoom."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF
from PySide6.QtWidgets import QApplication

FontFamily = Literal["serif", "sans"]

_FAMILIES: dict[FontFamily, tuple[str, ...]] = {
    "serif": (
        "Source Serif 4", "Source Serif Pro", "Noto Serif", "Charter", "Georgia", "Cambria", "DejaVu Serif",
        "Noto Serif CJK SC", "Songti SC", "SimSun",
    ),
    "sans": (
        "Inter", "Source Sans 3", "Noto Sans", "Segoe UI", "SF Pro Text", "DejaVu Sans",
        "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei",
    ),
}  # fmt: skip
_EMOJI = ("Noto Color Emoji", "Apple Color Emoji", "Segoe UI Emoji")
_HINTS = {"serif": QFont.StyleHint.Serif, "sans": QFont.StyleHint.SansSerif}

#: Text is this much larger than the desktop's font: it is read for hours.
_TEXT_TO_DESKTOP = 1.36
#: Characters on a full line, and how wide one is on average, in the font's `averageCharWidth`.
_MEASURE_CHARS = 75
_SAMPLE = "Officials of the two governments said on Tuesday that neither would bow to further pressure, "

ZOOM_STEPS_PERCENT = (50, 60, 70, 80, 90, 100, 110, 125, 150, 175, 200, 250, 300, 350, 400)


def reading_font(family: FontFamily) -> QFont:
    """Return the font for text at 100 %, from the first family of the list that is installed.

    Naming a missing family would make Qt search all fonts once more, which costs about 0.1 s.
    """
    desktop = QApplication.font()
    font = QFont(desktop)
    installed = [name for name in (*_FAMILIES[family], *_EMOJI) if QFontDatabase.hasFamily(name)]
    font.setFamilies(installed or [desktop.family()])
    font.setStyleHint(_HINTS[family])
    font.setHintingPreference(QFont.HintingPreference.PreferVerticalHinting)
    return font


def _scaled(font: QFont, factor: float) -> QFont:
    scaled = QFont(font)
    if font.pixelSize() > 0:
        scaled.setPixelSize(max(1, round(font.pixelSize() * factor)))
    else:
        scaled.setPointSizeF(max(1.0, font.pointSizeF() * factor))
    return scaled


@dataclass(frozen=True, eq=False)
class Metrics:
    """Sizes for one font and zoom. A row is a line of text with the room around it."""

    font: QFont
    title_font: QFont
    small_font: QFont
    tag_font: QFont
    ascent: int
    descent: int
    char_width: float
    column_width: int
    space_width: float
    unit: float  # a pixel at the usual size of text; everything that is no text is measured in it

    @classmethod
    def of(cls, family: FontFamily, zoom_percent: int) -> Metrics:
        """Measure the fonts for this zoom."""
        base, desktop = reading_font(family), QApplication.font()
        zoom = zoom_percent / 100
        font = _scaled(base, _TEXT_TO_DESKTOP * zoom)
        title = _scaled(base, _TEXT_TO_DESKTOP * 1.28 * zoom)
        title.setWeight(QFont.Weight.DemiBold)
        tag = _scaled(desktop, 0.78 * zoom)
        tag.setWeight(QFont.Weight.DemiBold)
        measured = QFontMetricsF(font)
        char_width = measured.horizontalAdvance(_SAMPLE) / len(_SAMPLE)
        return cls(
            font=font,
            title_font=title,
            small_font=_scaled(desktop, 0.95 * zoom),
            tag_font=tag,
            ascent=round(measured.ascent()),
            descent=round(measured.descent()),
            char_width=char_width,
            column_width=round(char_width * _MEASURE_CHARS),
            space_width=measured.horizontalAdvance(" "),
            unit=max(0.5, measured.ascent() / 15.0),
        )

    def px(self, units: float) -> int:
        """Return a length in whole pixels, at least one."""
        return max(1, round(units * self.unit))

    # -- a row, from top to bottom ----------------------------------------------------------------

    @cached_property
    def text_top(self) -> int:
        """Where the text's ascent begins in its row."""
        return self.px(4)

    @cached_property
    def baseline(self) -> int:
        """Where the baseline lies in its row."""
        return self.text_top + self.ascent

    @cached_property
    def text_bottom(self) -> int:
        """Where the text's descent ends in its row."""
        return self.baseline + self.descent

    @cached_property
    def lane_top(self) -> int:
        """Where the first lane of claim lines begins in its row."""
        return self.text_bottom + self.px(2.5)

    @cached_property
    def lane_height(self) -> int:
        """How far lanes lie apart."""
        return self.px(4.5)

    @cached_property
    def line_width(self) -> int:
        """How thick a claim's line is."""
        return self.px(2.4)

    @cached_property
    def row_height(self) -> int:
        """The height of a row with at most two lanes."""
        return self.lane_top + 2 * self.lane_height + self.px(1)

    @cached_property
    def blank_height(self) -> int:
        """The height of an empty line: the space between paragraphs."""
        return round(self.row_height * 0.42)

    @cached_property
    def gutter_width(self) -> int:
        """The room left of the column for brackets and ticks."""
        return self.px(46)

    def row_height_for(self, lanes: int) -> int:
        """Return the height of a row whose claims take this many lanes."""
        return self.row_height + max(0, lanes - 2) * self.lane_height
