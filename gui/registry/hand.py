"""What all actions of the registry need: the project, a question to the analyst, a word in the status bar."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Concatenate, ParamSpec

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtWidgets import QApplication, QWidget

from gui.registry.chooser import ActorChooser
from storage.records import Changes

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gui.panels.actors import ActorsPanel
    from gui.session import Session
    from storage.project import Project
    from storage.registry_records import WordGroup

P = ParamSpec("P")


class Hand(QObject):
    """Does things to the project that is open. `words_decided` carries the `WordGroup` that was dealt with."""

    mention_requested = Signal(int, int)
    words_decided = Signal(object)
    told = Signal(str)

    def __init__(self, window: QWidget, panel: ActorsPanel) -> None:
        super().__init__(panel)
        self._window = window
        self._panel = panel
        self._back: QWidget | None = None
        self.session: Session | None = None
        self.chooser = ActorChooser(window, panel.actors_model.index_of_actors)
        self.chooser.closed.connect(self._go_back)

    def do(
        self, operation: Callable[Concatenate[Project, P], Changes], *args: P.args, **kwargs: P.kwargs
    ) -> Changes | None:
        """Run one operation; `None` when it was refused (the analyst is told why)."""
        return self.session.do(operation, *args, **kwargs) if self.session is not None else None

    def sweep(
        self, operation: Callable[Concatenate[Project, P], Changes], *args: P.args, **kwargs: P.kwargs
    ) -> Changes | None:
        """Run one operation that may change much: a backup is asked for first."""
        return self.session.sweep(operation, *args, **kwargs) if self.session is not None else None

    def ask(
        self,
        question: str,
        take: Callable[[int], object],
        *,
        create: Callable[[str], object] | None = None,
        new_name: str = "",
        first: Sequence[int] = (),
        excluded: Sequence[int] = (),
    ) -> None:
        """Ask for an actor beside the panel's list; see `ActorChooser.ask`."""
        self._back = QApplication.focusWidget()
        near = self._panel.current_list.mapTo(self._window, QPoint(0, 24))
        self.chooser.ask(question, near, take, create=create, new_name=new_name, first=first, excluded=excluded)

    def name(self, actor_id: int) -> str:
        """Return an actor's name."""
        return self._panel.actors_model.index_of_actors.name(actor_id)

    def unlinked(self, groups: Iterable[WordGroup]) -> list[int]:
        """Return the mentions without an actor that say one of these words, as they are now."""
        from storage.registry_queries import unlinked_mentions

        forms = [form for group in groups for form in group.forms]
        places = self.session.ask(unlinked_mentions, forms) if self.session is not None else None
        return places.span_ids if places is not None else []

    def select_new(self, changes: Changes | None) -> bool:
        """Select the actor that an operation entered: ids only grow."""
        if changes is None or not changes.actors:
            return False
        self._panel.go_to_actor(max(changes.actors))
        return True

    def _go_back(self) -> None:
        """Put the keyboard where it was before the question."""
        if self._back is not None and self._back.isVisible():
            self._back.setFocus()
        else:
            self._panel.enter()


def linked_told(count: int, name: str = "") -> str:
    """Return how many mentions were linked, and to whom, in a sentence."""
    to_whom = f" to “{name}”" if name else ""
    return f"{count:,} mention{'s' * (count != 1)} linked{to_whom}. Ctrl+Z takes it back."
