"""How the window looks: theme, letters, size of text, panes; kept between starts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from gui.document.metrics import FontFamily
from gui.theme import ThemeChoice, ThemeKeeper

if TYPE_CHECKING:
    from PySide6.QtGui import QAction

    from gui.bench import Bench
    from gui.document.view import DocumentView
    from gui.settings import Settings


class Looks(QObject):
    """Does what the View menu says, and remembers it in the user's settings."""

    def __init__(self, app: QApplication, settings: Settings, view: DocumentView, bench: Bench) -> None:
        super().__init__(bench)
        self._settings, self._view, self._bench = settings, view, bench
        self.themes = ThemeKeeper(app, _theme_choice(settings))
        self.themes.theme_changed.connect(view.set_theme)
        view.set_theme(self.themes.theme)

    def set_font(self, family: FontFamily) -> None:
        """Show documents in serif or sans-serif letters."""
        self._view.set_font_family(family)
        self._settings.store("font", family)

    def set_theme(self, choice: ThemeChoice) -> None:
        """Be light, dark, or like the desktop."""
        self.themes.choose(choice)
        self._settings.store("theme", choice.value)

    def toggle_left(self) -> None:
        """Show or hide documents and labels."""
        self._bench.left.setVisible(self._bench.left.isHidden())

    def toggle_right(self) -> None:
        """Show or hide the inspector and the tabs beside it."""
        self._bench.right.setVisible(self._bench.right.isHidden())

    def toggle_rejected(self) -> None:
        """Show rejected spans struck through, or hide them again."""
        self._view.set_rejected_shown(not self._view.page.index.are_rejected_shown)

    def toggle_flagged(self) -> None:
        """Show only what is flagged for discussion, or everything again."""
        self._view.set_only_flagged(not self._view.page.index.is_only_flagged)

    def restore(self, actions: Mapping[str, QAction]) -> None:
        """Look as when the program was left, and tick what is in force."""
        self.themes.dress()
        self._bench.restoreState(self._settings.data("panes"))
        self._view.set_zoom_percent(self._settings.number("zoom", 100))
        family: FontFamily = "sans" if self._settings.text("font") == "sans" else "serif"
        self._view.set_font_family(family)
        for name, pane in (("left", self._bench.left), ("right", self._bench.right)):
            pane.setVisible(self._settings.text(f"pane.{name}") != "hidden")
        ticked = (f"font.{family}", f"theme.{self.themes.choice.value}")
        for ident in ticked:
            actions[ident].setChecked(True)
        actions["panel.documents"].setChecked(not self._bench.left.isHidden())
        actions["panel.inspector"].setChecked(not self._bench.right.isHidden())

    def store(self) -> None:
        """Keep how the window looks now."""
        self._settings.store("geometry", self._bench.window().saveGeometry())
        self._settings.store("ground", self.themes.theme.background)
        self._settings.store("panes", self._bench.saveState())
        for name, pane in (("left", self._bench.left), ("right", self._bench.right)):
            self._settings.store(f"pane.{name}", "hidden" if pane.isHidden() else "")
        self._settings.store("zoom", self._view.zoom_percent)
        self._settings.save()


def _theme_choice(settings: Settings) -> ThemeChoice:
    """Return the theme that the analyst chose; that of the desktop when none was."""
    stored = settings.text("theme")
    return ThemeChoice(stored) if stored in {choice.value for choice in ThemeChoice} else ThemeChoice.SYSTEM
