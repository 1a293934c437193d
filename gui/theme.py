"""Our own light and dark colours: tokens, label inks, and the palette and style sheet made from them.

`QStyleHints.setColorScheme()` does nothing offscreen and on bare xcb, so both palettes are ours.
A widget that paints asks `current_theme()`: the theme travels with Qt's palette, there is no second global.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontInfo, QGuiApplication, QPalette

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtWidgets import QApplication


@dataclass(frozen=True, slots=True)
class Ink:
    """The two colours of a label: `fill` behind text, `line` for rules, borders and swatches (`#rrggbb`)."""

    fill: str
    line: str


@dataclass(frozen=True, slots=True)
class Theme:
    """Every colour that the program paints with, as `#rrggbb`.

    Text is `ink`, `muted`, `accent`, `ok` or `warning`, at least 4.5:1 on each ground; `edge`, `ring` and
    the lines of labels are graphics, at least 3:1 (WCAG 2.2, 1.4.3 and 1.4.11). `line`, `hover` and `track`
    only decorate.
    """

    name: str
    background: str
    page: str
    side: str
    ink: str
    muted: str
    line: str
    edge: str
    hover: str
    track: str
    accent: str
    ring: str
    ok: str
    warning: str
    selection: str
    labels: Mapping[str, Ink]

    @property
    def is_dark(self) -> bool:
        """Whether text is light on dark."""
        return self.name == "dark"

    def label(self, colour: str) -> Ink:
        """Return the colours of a label by the name that the codebook stores; grey for unknown names."""
        return self.labels.get(colour) or self.labels["grey"]


LIGHT = Theme(
    name="light",
    background="#f6f5f2",
    page="#fffefb",
    side="#efede8",
    ink="#1f2328",
    muted="#5f636a",
    line="#dcd9d2",
    edge="#87847c",
    hover="#f0eee8",
    track="#dcd9d2",
    accent="#2457c5",
    ring="#111111",
    ok="#15713f",
    warning="#a8071a",
    selection="#c4d6f7",
    labels={
        "blue": Ink("#cfe0fb", "#2457c5"),
        "teal": Ink("#c9ece6", "#0b6e62"),
        "violet": Ink("#e3d8f8", "#6a3fb5"),
        "orange": Ink("#fbe3c2", "#945600"),
        "yellow": Ink("#fdf3d3", "#a97d00"),
        "rose": Ink("#fbdbe5", "#b1335d"),
        "green": Ink("#d3edd6", "#2a7134"),
        "brown": Ink("#eaddd0", "#7a4f2a"),
        "grey": Ink("#e4e4e2", "#5f636a"),
    },
)

DARK = Theme(
    name="dark",
    background="#16181c",
    page="#1b1e23",
    side="#14161a",
    ink="#e7e5e0",
    muted="#9a9ea6",
    line="#2c3037",
    edge="#767c88",
    hover="#262a31",
    track="#363b44",
    accent="#86aef8",
    ring="#ffffff",
    ok="#5fd394",
    warning="#ff9a9a",
    selection="#2f4872",
    labels={
        "blue": Ink("#1f3a66", "#86aef8"),
        "teal": Ink("#12463f", "#66d0bf"),
        "violet": Ink("#3a2b5e", "#bda4f5"),
        "orange": Ink("#4f3714", "#f0b660"),
        "yellow": Ink("#35301b", "#e0b53c"),
        "rose": Ink("#4d2233", "#f08aab"),
        "green": Ink("#1f4427", "#7fd08c"),
        "brown": Ink("#43301f", "#d3a884"),
        "grey": Ink("#33363c", "#a3a7ae"),
    },
)


class ThemeChoice(StrEnum):
    """What the analyst asked for."""

    LIGHT = "light"
    DARK = "dark"
    SYSTEM = "system"


def resolve_theme(choice: ThemeChoice) -> Theme:
    """Return the theme for a choice; `SYSTEM` is light where the desktop does not say."""
    if choice is ThemeChoice.SYSTEM:
        is_dark = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
        return DARK if is_dark else LIGHT
    return DARK if choice is ThemeChoice.DARK else LIGHT


def current_theme() -> Theme:
    """Return the theme on screen, told by the program's palette; `QEvent.PaletteChange` tells when it changes.

    Not by the palette of a widget, which a style sheet brings up to date only once the widget is shown.
    """
    return DARK if QGuiApplication.palette().color(QPalette.ColorRole.Window).lightness() < 128 else LIGHT


def palette_of(theme: Theme) -> QPalette:
    """Return the Qt palette of a theme, for all that the style sheet leaves to the style."""
    role = QPalette.ColorRole
    colours = {
        role.Window: theme.background,
        role.WindowText: theme.ink,
        role.Base: theme.page,
        role.AlternateBase: theme.background,
        role.ToolTipBase: theme.page,
        role.ToolTipText: theme.ink,
        role.PlaceholderText: theme.muted,
        role.Text: theme.ink,
        role.Button: theme.page,
        role.ButtonText: theme.ink,
        role.BrightText: theme.warning,
        role.Light: theme.page,
        role.Midlight: theme.hover,
        role.Mid: theme.line,
        role.Dark: theme.edge,
        role.Shadow: theme.edge,
        role.Highlight: theme.selection,
        role.HighlightedText: theme.ink,
        role.Accent: theme.accent,
        role.Link: theme.accent,
        role.LinkVisited: theme.accent,
    }
    palette = QPalette()
    for colour_role, value in colours.items():
        palette.setColor(colour_role, QColor(value))
    for colour_role in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        palette.setColor(QPalette.ColorGroup.Disabled, colour_role, QColor(theme.muted))
    return palette


def scaled_font(font: QFont, factor: float, *, weight: QFont.Weight | None = None) -> QFont:
    """Return a copy of a font at `factor` times its size, with numerals of equal width where it has them."""
    copy = QFont(font)
    copy.setPointSizeF(QFontInfo(font).pointSizeF() * factor)
    copy.setFeature(QFont.Tag("tnum"), 1)
    if weight is not None:
        copy.setWeight(weight)
    return copy


def style_sheet(theme: Theme, font: QFont) -> str:
    """Return the style sheet of a theme, its font sizes relative to `font`."""
    size_pt = QFontInfo(font).pointSizeF()
    tokens = {name: value for name, value in asdict(theme).items() if isinstance(value, str)}
    accent = QColor(theme.accent)
    tokens["accent_hover"] = (accent.lighter(108) if theme.is_dark else accent.darker(112)).name()
    tokens["handle"] = theme.edge
    factors = {"tiny": 0.86, "small": 0.92, "title": 1.35, "display": 2.2}
    tokens |= {name: f"{size_pt * factor:.2f}pt" for name, factor in factors.items()}
    folder = Path(__file__).parent / "widgets"
    tokens["tick"] = (folder / f"tick-{theme.name}.svg").as_posix()
    return Template((folder / "style.qss").read_text(encoding="utf-8")).substitute(tokens)


def apply_theme(app: QApplication, theme: Theme) -> None:
    """Give the whole program a theme: style, palette and style sheet. Windows on screen change at once."""
    _apply_colours(app, theme)
    app.setStyleSheet(style_sheet(theme, app.font()))


def _apply_colours(app: QApplication, theme: Theme) -> None:
    if app.style().name() != "fusion":
        app.setStyle("fusion")
    app.setPalette(palette_of(theme))


class ThemeKeeper(QObject):
    """Keeps the program in the theme that the analyst chose, and follows the desktop where asked to.

    Of a start the style sheet comes last, by `dress`: put into a layout, each widget would be styled anew (45 ms).
    """

    theme_changed = Signal(Theme)

    def __init__(self, app: QApplication, choice: ThemeChoice = ThemeChoice.SYSTEM) -> None:
        super().__init__(app)
        self._app = app
        self._choice = choice
        self._theme = resolve_theme(choice)
        _apply_colours(app, self._theme)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow)

    @property
    def choice(self) -> ThemeChoice:
        """What the analyst asked for."""
        return self._choice

    @property
    def theme(self) -> Theme:
        """The theme on screen."""
        return self._theme

    def dress(self) -> None:
        """Apply the theme's style sheet to all that is built by now."""
        apply_theme(self._app, self._theme)

    def choose(self, choice: ThemeChoice) -> None:
        """Change the choice, and the theme with it."""
        self._choice = choice
        self._follow()

    def _follow(self) -> None:
        theme = resolve_theme(self._choice)
        if theme is not self._theme:
            self._theme = theme
            apply_theme(self._app, theme)
            self.theme_changed.emit(theme)
