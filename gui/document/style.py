"""How each label is painted: its kind and its colours in the current theme."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QColor

from gui.theme import Theme
from storage.records import Codebook, LabelKind


@dataclass(frozen=True, slots=True)
class LabelStyle:
    """The kind of a label and the two colours of its ink."""

    kind: LabelKind
    name: str
    fill: QColor
    line: QColor


class Styles:
    """The styles of all labels, and the theme's colours as Qt wants them."""

    def __init__(self, theme: Theme, codebook: Codebook) -> None:
        self.theme = theme
        self.page = QColor(theme.page)
        self.ink = QColor(theme.ink)
        self.muted = QColor(theme.muted)
        self.line = QColor(theme.line)
        self.side = QColor(theme.side)
        self.edge = QColor(theme.edge)
        self.accent = QColor(theme.accent)
        self.ring = QColor(theme.ring)
        self.ok = QColor(theme.ok)
        self.selection = QColor(theme.selection)
        self._labels = {label.id: self._style(label.kind, label.name, label.colour) for label in codebook.labels}
        self._unknown = self._style(LabelKind.ACTOR, "", "grey")
        self._link_names = {link_type.id: link_type.name for link_type in codebook.link_types}

    def _style(self, kind: LabelKind, name: str, colour: str) -> LabelStyle:
        ink = self.theme.label(colour)
        return LabelStyle(kind, name, QColor(ink.fill), QColor(ink.line))

    def label(self, label_id: int) -> LabelStyle:
        """Return the style of a label; a grey pill for one that the codebook does not know."""
        return self._labels.get(label_id, self._unknown)

    def link_name(self, type_id: int) -> str:
        """Return what the codebook calls a type of link, or nothing."""
        return self._link_names.get(type_id, "")
