"""Our own light and dark palettes: colour tokens, label colours, and the style sheet made from them.

`QStyleHints.setColorScheme()` does nothing offscreen and on bare xcb, so both palettes are ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ink:
    """The two colours of a label: `fill` behind text, `line` for rules, borders and swatches (`#rrggbb`)."""

    fill: str
    line: str


@dataclass(frozen=True, slots=True)
class Theme:
    """Every colour that the program paints with, as `#rrggbb`."""

    name: str
    background: str
    page: str
    side: str
    ink: str
    muted: str
    line: str
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
    muted="#62666d",
    line="#dcd9d2",
    accent="#2457c5",
    ring="#111111",
    ok="#1a7f4b",
    warning="#a8071a",
    selection="#b7cdf5",
    labels={
        "blue": Ink("#cfe0fb", "#2457c5"),
        "teal": Ink("#c9ece6", "#0b6e62"),
        "violet": Ink("#e3d8f8", "#6a3fb5"),
        "orange": Ink("#fbe3c2", "#9a5b00"),
        "yellow": Ink("#fdf3d3", "#b98900"),
        "rose": Ink("#fbdbe5", "#c2406b"),
        "green": Ink("#d3edd6", "#2f7a3a"),
        "brown": Ink("#eaddd0", "#7a4f2a"),
        "grey": Ink("#e4e4e2", "#62666d"),
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
    accent="#86aef8",
    ring="#ffffff",
    ok="#5fd394",
    warning="#ff9a9a",
    selection="#34507f",
    labels={
        "blue": Ink("#1f3a66", "#86aef8"),
        "teal": Ink("#12463f", "#66d0bf"),
        "violet": Ink("#3a2b5e", "#bda4f5"),
        "orange": Ink("#4f3714", "#f0b660"),
        "yellow": Ink("#35301b", "#e0b53c"),
        "rose": Ink("#4d2233", "#f08aab"),
        "green": Ink("#1f4427", "#7fd08c"),
        "brown": Ink("#43301f", "#d3a884"),
        "grey": Ink("#33363c", "#9a9ea6"),
    },
)
