"""A list to pick one thing from by keyboard: which actor a mention is, who the speaker of a claim is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QRectF, Signal

from gui.widgets.finder import Finder, FinderEntry
from gui.widgets.fuzzy import best, fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from storage.records import LabelKind

MOST_FOUND = 100
WIDTH_PX = 340
_MARGIN_PX = 12


@dataclass(frozen=True, slots=True)
class PickerEntry:
    """Something to pick. `also` are other names that find it ("Brandt" for "Ilya Brandt")."""

    id: int
    name: str
    detail: str = ""
    also: tuple[str, ...] = ()
    kind: LabelKind | None = None
    colour: str = "grey"


def beside(window: QWidget, view: QWidget) -> QRectF:
    """Return where a list goes, in the window's coordinates: at the right of a view, so that it covers no text."""
    corner = view.mapTo(window, QPoint(0, 0))
    return QRectF(window.width() - WIDTH_PX - _MARGIN_PX, corner.y() + _MARGIN_PX, WIDTH_PX, 0)


class Picker(QObject):
    """Asks one question at a time; the entries come in the order given, the nearest first.

    `highlighted` carries the id under the choice or `None`, so that the view can show what would be taken.
    """

    picked = Signal(int)
    created = Signal(str)
    highlighted = Signal(object)
    cancelled = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._entries: list[tuple[str, FinderEntry]] = []
        self._names: frozenset[str] = frozenset()
        self._can_create = False
        self._first_text = ""
        self.finder = Finder(window, self.find, "Type to find")
        self.finder.chosen.connect(self._tell)
        self.finder.highlighted.connect(self._tell_highlight)
        self.finder.cancelled.connect(self.cancelled)

    @property
    def is_open(self) -> bool:
        """Whether a question is on screen."""
        return self.finder.is_open

    def ask(
        self,
        question: str,
        entries: Sequence[PickerEntry],
        near: QRectF,
        *,
        can_create: bool = False,
        new_name: str = "",
    ) -> None:
        """Ask beside `near` (in the window's coordinates). `new_name` is offered to create before anything is typed.

        Enter takes the choice, Tab and arrows move it, Escape leaves everything as it was.
        """
        self._entries = [
            (
                fold(" ".join((entry.name, *entry.also))),
                FinderEntry(entry.name, ("pick", entry.id), entry.detail, kind=entry.kind, colour=entry.colour),
            )
            for entry in entries
        ]
        self._names = frozenset(fold(entry.name) for entry in entries)
        self._can_create = can_create
        self._first_text = new_name
        self.finder.setAccessibleName(question)
        self.finder.open_at(QRectF(near.x(), near.bottom() + 4, WIDTH_PX, 0), title=question.upper())

    def find(self, query: str) -> list[FinderEntry]:
        """Return the entries that answer to the query, and the offer to create one."""
        text = query.strip()
        found = best(text, self._entries, MOST_FOUND) if text else [entry for _name, entry in self._entries]
        name = text or self._first_text
        if self._can_create and name and fold(name) not in self._names:
            found.append(FinderEntry(f"Create “{name}”", ("create", name), "a new actor"))
        return found

    def _tell(self, payload: object) -> None:
        match payload:
            case ("pick", int(ident)):
                self.picked.emit(ident)
            case ("create", str(name)):
                self.created.emit(name)

    def _tell_highlight(self, payload: object) -> None:
        match payload:
            case ("pick", int(ident)):
                self.highlighted.emit(ident)
            case _:
                self.highlighted.emit(None)
