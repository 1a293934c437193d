"""What the Help menu offers: finding anything by name, the keys and changing them, what this program is."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gui.dialogs.message import about_dialog

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QWidget

    from gui.dialogs.palette import Palette
    from gui.keymap import Keymap
    from gui.workspace import Workspace


class HelpFlows(QObject):
    """Opens palette, key sheet and key editor over the commands given by `set_actions`.

    `command_chosen`, `document_chosen` and `actor_chosen` carry what was found; `left` tells that nothing was.
    """

    command_chosen = Signal(str)
    document_chosen = Signal(int)
    actor_chosen = Signal(int)
    left = Signal()

    def __init__(self, window: QWidget, keymap: Keymap, workspace: Workspace) -> None:
        super().__init__(window)
        self._window, self._keymap, self._workspace = window, keymap, workspace
        self._actions: Mapping[str, QAction] = {}

    @cached_property
    def palette(self) -> Palette:
        """The palette, made when it is first asked for."""
        from gui.dialogs.palette import Palette

        palette = Palette(self._window)
        palette.command_chosen.connect(self.command_chosen)
        palette.document_chosen.connect(self.document_chosen)
        palette.actor_chosen.connect(self.actor_chosen)
        palette.cancelled.connect(self.left)
        return palette

    def set_actions(self, actions: Mapping[str, QAction]) -> None:
        """Offer and explain these commands."""
        self._actions = actions

    def show_palette(self) -> None:
        """Find a command, a document or an actor by name."""
        self.palette.set_actions(self._actions)
        self.palette.set_documents(())
        self.palette.set_actors(())
        self.palette.open(self._load_palette)

    def show_keys(self) -> None:
        """Show all keys."""
        from gui.dialogs.key_sheet import KeySheet

        sheet = KeySheet(self._window, self._actions)
        sheet.change_requested.connect(self.change_keys)
        sheet.open()

    def change_keys(self) -> None:
        """Give commands other keys."""
        from gui.dialogs.keys_editor import KeysEditor

        KeysEditor(self._window, self._keymap).open()

    def show_about(self) -> None:
        """Tell what this program is."""
        from gui.version import program_version

        about_dialog(self._window, program_version()).open()

    def _load_palette(self) -> None:
        session = self._workspace.session
        if session is not None:
            from storage.queries import actors

            colours = {label.id: label.colour for label in session.codebook.labels}
            self.palette.set_documents(self._workspace.documents())
            self.palette.set_actors(session.ask(actors) or [], colours)
