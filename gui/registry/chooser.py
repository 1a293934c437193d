"""Asking which actor is meant, among 20,000, by a few letters of any of its names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRectF, Signal
from PySide6.QtWidgets import QWidget

from gui.panels.actors_index import ActorIndex, ActorOrder, search_form
from gui.widgets.finder import Finder, FinderEntry
from storage.records import LabelKind

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from PySide6.QtCore import QPoint

    from storage.records import Codebook
    from storage.registry_records import MentionCount

MOST_FOUND = 60
WIDTH_PX = 340


class ActorChooser(QObject):
    """Asks one question at a time; the answer goes to whoever asked.

    The most mentioned stand first until something is typed.
    """

    closed = Signal()

    def __init__(self, window: QWidget, actors: ActorIndex) -> None:
        super().__init__(window)
        self._window = window
        self._actors = actors
        self._labels: Mapping[int, tuple[str, str]] = {}
        self._counts: Mapping[int, MentionCount] = {}
        self._first: Sequence[int] = ()
        self._excluded: Collection[int] = ()
        self._new_name: str | None = None
        self._take: Callable[[int], object] | None = None
        self._create: Callable[[str], object] | None = None
        self.finder = Finder(window, self.find, "Type to find")
        self.finder.chosen.connect(self._answer)
        self.finder.cancelled.connect(self.closed)

    def know(self, codebook: Codebook, counts: Mapping[int, MentionCount]) -> None:
        """Name types as the codebook does now, and put the most mentioned first."""
        self._labels = {label.id: (label.name, label.colour) for label in codebook.labels}
        self._counts = counts

    def ask(
        self,
        question: str,
        near: QPoint,
        take: Callable[[int], object],
        *,
        create: Callable[[str], object] | None = None,
        new_name: str = "",
        first: Sequence[int] = (),
        excluded: Collection[int] = (),
    ) -> None:
        """Ask at `near` (in the window's coordinates) and pass the actor on to `take`.

        With `create` a name that no actor has can be given instead; `new_name` is offered before anything is typed.
        `first` come first.
        """
        self._take, self._create = take, create
        self._first, self._excluded, self._new_name = first, excluded, new_name
        self.finder.setAccessibleName(question)
        self.finder.open_at(QRectF(near.x(), near.y(), WIDTH_PX, 0), title=question.upper())

    def find(self, query: str) -> list[FinderEntry]:
        """Return the actors that answer, and the offer to create one of this name."""
        searched = query.strip()
        found = self._actors.find(searched, ActorOrder.MENTIONS, self._counts)
        if not searched:
            found = [*self._first, *(actor_id for actor_id in found if actor_id not in self._first)]
        chosen = [actor_id for actor_id in found[: MOST_FOUND + len(self._excluded)] if actor_id not in self._excluded]
        entries = [self._entry(actor_id) for actor_id in chosen[:MOST_FOUND]]
        name = " ".join((searched or self._new_name or "").split())
        if self._create is not None and name:
            is_known = any(search_form(entry.title) == search_form(name) for entry in entries)
            offer = FinderEntry(f"Create “{name}”", ("create", name), "another of this name" if is_known else "new")
            # Whoever is so called is more likely meant; a new name comes first where nobody is proposed.
            entries.insert(0 if not searched and not self._first else len(entries), offer)
        return entries

    def _entry(self, actor_id: int) -> FinderEntry:
        actor = self._actors.entry(actor_id)
        type_name, colour = self._labels.get(actor.label_id or 0, ("", "grey"))
        count = self._counts.get(actor_id)
        mentions = f"{count.mentions:,}" if count else ""
        detail = " · ".join(part for part in (type_name, ", ".join(actor.aliases), mentions) if part)
        return FinderEntry(actor.name, ("take", actor_id), detail, kind=LabelKind.ACTOR, colour=colour)

    def _answer(self, payload: object) -> None:
        self.closed.emit()
        match payload:
            case ("take", int(actor_id)) if self._take is not None:
                self._take(actor_id)
            case ("create", str(name)) if self._create is not None:
                self._create(name)
