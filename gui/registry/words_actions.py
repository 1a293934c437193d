"""What the keys of words without an actor do: link them, ask whose they are, create an actor of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from gui.registry.hand import linked_told
from gui.sweep import Sweep
from gui.widgets.keyed_list import ListAction

if TYPE_CHECKING:
    from gui.panels.actors import ActorsPanel
    from gui.registry.hand import Hand
    from gui.session import Session
    from storage.project import Project
    from storage.records import Changes
    from storage.registry_records import WordGroup


class WordsActions(QObject):
    """Acts on the words that are selected, or on all that are clear."""

    def __init__(self, hand: Hand, panel: ActorsPanel) -> None:
        super().__init__(hand)
        self._hand = hand
        self._panel = panel
        self._sweep = Sweep(self)
        self._sweep.told.connect(hand.told)
        panel.words.set_list_actions(self._list_actions())
        panel.link_all.clicked.connect(lambda _is_checked=False: self.link_all())
        panel.words_card.decided.connect(self.decide)
        panel.words_card.other_requested.connect(self.choose)
        panel.words_card.create_requested.connect(self.create)

    @property
    def is_busy(self) -> bool:
        """Whether all that is clear is just being linked."""
        return self._sweep.is_busy

    def work_on(self, session: Session | None) -> None:
        """Link in another project from now on; what is under way for the last one comes to its end."""
        self._sweep.work_on(session)

    def decide(self) -> None:
        """Link the selected words to the actor so called; ask if there are several, create one if there is none."""
        group = self._panel.group
        if group is None:
            return
        if len(group.candidates) == 1:
            from storage.operations.actors import link_mentions

            found = self._hand.unlinked([group])
            self._decide(group, self._hand.do(link_mentions, dict.fromkeys(found, group.candidates[0])))
        elif group.candidates:
            self._ask_whose(group)
        else:
            self.create()

    def create(self) -> None:
        """Enter an actor of the selected words and link all their mentions to it."""
        from storage.operations.actors import create_actor

        group = self._panel.group
        if group is None:
            return
        found = tuple(self._hand.unlinked([group]))
        self._decide(group, self._hand.do(create_actor, group.words, label_id=group.label_id, mention_ids=found))

    def choose(self) -> None:
        """Ask to which actor the mentions with the selected words belong."""
        if (group := self._panel.group) is not None:
            self._ask_whose(group)

    def link_all(self) -> None:
        """Link every mention of the project that says a name of one actor alone, as one action."""
        self._sweep.do(_link_proposed, lambda changes: linked_told(len(changes.spans)))

    def _list_actions(self) -> list[ListAction]:
        has_words = lambda: self._panel.group is not None  # noqa: E731
        is_clear = lambda: not self._panel.link_all.isHidden()  # noqa: E731
        return [
            ListAction("Link, or create", "Return Enter", self.decide, has_words),
            ListAction("Another actor …", "A", self.choose, has_words),
            ListAction("New actor", "N", self.create, has_words),
            ListAction("Mentions", "Right", self._panel.mentions.enter, has_words),
            ListAction("Link all that are clear", "Shift+L", self.link_all, is_clear),
        ]

    def _ask_whose(self, group: WordGroup) -> None:
        from storage.operations.actors import adopt_words, create_actor, link_mentions

        found = self._hand.unlinked([group])

        def take(actor_id: int) -> None:
            if actor_id in group.candidates:
                self._decide(group, self._hand.do(link_mentions, dict.fromkeys(found, actor_id)))
            elif self._decide(group, self._hand.do(adopt_words, actor_id, group.words, found)):
                self._hand.told.emit(
                    f"“{self._hand.name(actor_id)}” is also called “{group.words}” now. Ctrl+Z takes it back."
                )

        def create(name: str) -> None:
            aliases = (group.words,) if name != group.words else ()
            self._decide(
                group,
                self._hand.do(create_actor, name, label_id=group.label_id, aliases=aliases, mention_ids=tuple(found)),
            )

        self._hand.ask(f"Who is “{group.words}”", take, create=create, new_name=group.words, first=group.candidates)

    def _decide(self, group: WordGroup, changes: Changes | None) -> bool:
        if changes is None:
            return False
        self._hand.words_decided.emit(group)
        if changes.spans:
            self._hand.told.emit(linked_told(len(changes.spans)))
        return True


def _link_proposed(project: Project) -> Changes:
    from storage.operations.actors import link_mentions
    from storage.registry_queries import proposed_links

    return link_mentions(project, proposed_links(project))
