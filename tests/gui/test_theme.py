from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontInfo, QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QRadioButton

from gui.theme import (
    DARK,
    LIGHT,
    Theme,
    ThemeChoice,
    ThemeKeeper,
    apply_theme,
    current_theme,
    resolve_theme,
    scaled_font,
    style_sheet,
)

THEMES = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=lambda theme: theme.name)


def luminance(colour: str) -> float:
    """Return the relative luminance by WCAG 2.2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def grounds(theme: Theme) -> dict[str, str]:
    return {name: getattr(theme, name) for name in ("background", "page", "side", "hover")}


@pytest.fixture
def restored_app(qapp):
    sheet, palette, style = qapp.styleSheet(), qapp.palette(), qapp.style().name()
    yield qapp
    qapp.setStyleSheet(sheet)
    qapp.setPalette(palette)
    qapp.setStyle(style)


def test_contrast_of_black_on_white_is_21():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@THEMES
@pytest.mark.parametrize("token", ["ink", "muted", "accent", "ok", "warning"])
def test_text_is_readable_on_every_ground(theme, token):
    ratios = {name: contrast(getattr(theme, token), ground) for name, ground in grounds(theme).items()}
    assert min(ratios.values()) >= 4.5, ratios


@THEMES
def test_ink_is_readable_on_label_fills_and_on_the_selection(theme):
    ratios = {name: contrast(theme.ink, ink.fill) for name, ink in theme.labels.items()}
    ratios["selection"] = contrast(theme.ink, theme.selection)
    assert min(ratios.values()) >= 4.5, ratios


@THEMES
def test_text_on_accent_is_readable(theme):
    assert contrast(theme.page, theme.accent) >= 4.5


@THEMES
def test_label_lines_stand_out_from_grounds_and_from_their_fill(theme):
    for name, ink in theme.labels.items():
        ratios = {at: contrast(ink.line, ground) for at, ground in grounds(theme).items()}
        ratios["fill"] = contrast(ink.line, ink.fill)
        assert min(ratios.values()) >= 3, (name, ratios)


@THEMES
@pytest.mark.parametrize("token", ["edge", "ring", "accent"])
def test_edges_of_controls_stand_out(theme, token):
    ratios = {name: contrast(getattr(theme, token), ground) for name, ground in grounds(theme).items()}
    assert min(ratios.values()) >= 3, ratios


def test_both_themes_have_the_same_label_colours():
    assert LIGHT.labels.keys() == DARK.labels.keys()


def test_unknown_label_colour_is_grey():
    assert LIGHT.label("ultraviolet") is LIGHT.labels["grey"]


@THEMES
def test_style_sheet_has_no_token_left_and_sizes_follow_the_font(qapp, theme):
    small, large = QFont(), QFont()
    small.setPointSizeF(9)
    large.setPointSizeF(18)
    assert "$" not in style_sheet(theme, small)
    assert "font-size: 12.15pt" in style_sheet(theme, small)
    assert "font-size: 24.30pt" in style_sheet(theme, large)


@THEMES
def test_the_theme_on_screen_is_the_one_applied_last(restored_app, theme):
    apply_theme(restored_app, theme)
    assert current_theme() is theme


def test_choice_of_light_or_dark_is_taken_and_system_follows_the_desktop(qapp):
    assert resolve_theme(ThemeChoice.LIGHT) is LIGHT
    assert resolve_theme(ThemeChoice.DARK) is DARK
    is_dark = QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark
    assert resolve_theme(ThemeChoice.SYSTEM) is (DARK if is_dark else LIGHT)


def test_keeper_applies_a_new_choice_and_tells_once(restored_app, qtbot):
    keeper = ThemeKeeper(restored_app, ThemeChoice.LIGHT)
    keeper.dress()
    heard: list[Theme] = []
    keeper.theme_changed.connect(heard.append)
    keeper.choose(ThemeChoice.DARK)
    keeper.choose(ThemeChoice.DARK)
    assert heard == [DARK]
    assert keeper.theme is DARK
    assert restored_app.styleSheet() == style_sheet(DARK, restored_app.font())
    keeper.deleteLater()


def test_scaled_font_keeps_family_and_scales_size(qapp):
    font = QFont("DejaVu Sans", 10)
    larger = scaled_font(font, 1.5, weight=QFont.Weight.DemiBold)
    assert larger.family() == font.family()
    assert larger.pointSizeF() == pytest.approx(QFontInfo(font).pointSizeF() * 1.5)
    assert larger.weight() == QFont.Weight.DemiBold


@THEMES
@pytest.mark.parametrize("kind", [QCheckBox, QRadioButton])
def test_a_box_is_seen_whether_it_is_ticked_or_not(restored_app, qtbot, theme, kind):
    def colours(box: QAbstractButton) -> set[str]:
        image = box.grab().toImage()
        square = [(x, y) for x in range(18) for y in range(image.height())]
        return {QColor(image.pixel(x, y)).name() for x, y in square}

    apply_theme(restored_app, theme)
    box = kind()
    qtbot.addWidget(box)
    box.show()
    empty = colours(box)
    box.setChecked(True)
    ticked = colours(box)

    assert max(contrast(colour, theme.background) for colour in empty) >= 2.5  # a circle's edge is smoothed
    assert theme.accent not in empty
    assert theme.accent in ticked
    assert theme.page in ticked
