"""What the keys and the card of an actor do: create, rename, merge, delete, link what waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from gui.registry.hand import linked_told
from gui.widgets.keyed_list import ListAction

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gui.panels.actors import ActorsPanel
    from gui.registry.hand import Hand
    from storage.registry_records import WordGroup


class ActorActions(QObject):
    """Acts on the actor that is selected. `waiting_for` tells which words of no actor it goes by."""

    def __init__(self, hand: Hand, panel: ActorsPanel, waiting_for: Callable[[int], Sequence[WordGroup]]) -> None:
        super().__init__(hand)
        self._hand = hand
        self._panel = panel
        self._waiting_for = waiting_for
        panel.actors.set_list_actions(self._list_actions())
        self._connect()

    def create(self) -> None:
        """Ask for a name and enter an actor; one who is there already is shown instead."""
        self._hand.ask(
            "New actor", self._panel.go_to_actor, create=self.create_named, new_name=self._panel.search.text()
        )

    def create_named(self, name: str) -> None:
        """Enter an actor in the registry and select it."""
        from storage.operations.actors import create_actor

        self._panel.search.clear()
        self._hand.select_new(self._hand.do(create_actor, name))

    def merge(self) -> None:
        """Ask into which actor the selected one goes."""
        actor_id = self._panel.actor_id
        if actor_id is None:
            return
        name = self._hand.name(actor_id)

        def into(other_id: int) -> None:
            from storage.operations.actors import merge_actors

            if self._hand.sweep(merge_actors, actor_id, other_id):
                self._panel.go_to_actor(other_id)
                self._hand.told.emit(f"“{name}” is now part of “{self._hand.name(other_id)}”. Ctrl+Z takes it back.")

        self._hand.ask(f"Merge “{name}” into", into, first=self._namesakes(actor_id), excluded=[actor_id])

    def delete(self) -> None:
        """Take the selected actor out of the registry."""
        from storage.operations.actors import delete_actors

        actor_id = self._panel.actor_id
        if actor_id is None:
            return
        name = self._hand.name(actor_id)
        if self._hand.sweep(delete_actors, [actor_id]):
            self._hand.told.emit(f"“{name}” is deleted; its mentions belong to no actor. Ctrl+Z brings it back.")

    def link_waiting(self) -> None:
        """Link every mention that says a name of the selected actor and of nobody else."""
        from storage.operations.actors import link_mentions

        actor_id = self._panel.actor_id
        if actor_id is None:
            return
        clear = [group for group in self._waiting_for(actor_id) if len(group.candidates) == 1]
        found = self._hand.unlinked(clear)
        if found and self._hand.do(link_mentions, dict.fromkeys(found, actor_id)):
            self._hand.told.emit(linked_told(len(found), self._hand.name(actor_id)))
            for group in clear:
                self._hand.words_decided.emit(group)

    def _list_actions(self) -> list[ListAction]:
        card, has_actor = self._panel.card, lambda: self._panel.actor_id is not None
        return [
            ListAction("Mentions", "Return Enter Right", self._panel.mentions.enter, has_actor),
            ListAction("Link what waits", "L", self.link_waiting, lambda: not card.link.isHidden()),
            ListAction("Rename", "F2", card.rename, has_actor),
            ListAction("Type …", "T", card.choose_type, has_actor),
            ListAction("Other names …", "A", card.show_aliases, has_actor),
            ListAction("Notes", "N", card.edit_notes, has_actor),
            ListAction("Merge into …", "M", self.merge, has_actor),
            ListAction("Delete", "Del", self.delete, has_actor),
            ListAction("New actor …", "Ins +", self.create),
        ]

    def _connect(self) -> None:
        panel, card = self._panel, self._panel.card
        panel.search.entered.connect(self._enter_found)
        card.link_requested.connect(self.link_waiting)
        card.renamed.connect(self._rename)
        card.type_chosen.connect(self._set_type)
        card.alias_added.connect(self._add_alias)
        card.alias_removed.connect(self._remove_alias)
        card.alias_split.connect(self._split_alias)
        card.notes_changed.connect(self._set_notes)

    def _enter_found(self) -> None:
        panel = self._panel
        if panel.current_list.model().rowCount():
            panel.enter()
        elif not panel.is_on_words and panel.search.text().strip():
            self.create_named(panel.search.text())
            panel.enter()

    def _rename(self, name: str, is_mistake: bool) -> None:  # noqa: FBT001  (the payload of a signal)
        from storage.operations.actors import rename_actor

        if (actor_id := self._panel.card.actor_id) is not None:
            self._hand.do(rename_actor, actor_id, name, is_old_kept=not is_mistake)

    def _set_type(self, label_id: int | None) -> None:
        from storage.operations.actors import set_actor_type

        if (actor_id := self._panel.card.actor_id) is not None:
            self._hand.do(set_actor_type, actor_id, label_id)

    def _add_alias(self, alias: str) -> None:
        from storage.operations.actors import add_alias

        if (actor_id := self._panel.card.actor_id) is not None:
            self._hand.do(add_alias, actor_id, alias)

    def _remove_alias(self, alias: str) -> None:
        from storage.operations.actors import remove_alias

        if (actor_id := self._panel.card.actor_id) is not None:
            self._hand.do(remove_alias, actor_id, alias)

    def _split_alias(self, alias: str) -> None:
        from storage.operations.actors import split_alias

        if (actor_id := self._panel.card.actor_id) is not None:
            self._hand.select_new(self._hand.do(split_alias, actor_id, alias))

    def _set_notes(self, notes: str) -> None:
        from storage.operations.actors import set_actor_notes

        if (actor_id := self._panel.card.actor_id) is not None:
            self._hand.do(set_actor_notes, actor_id, notes)

    def _namesakes(self, actor_id: int) -> list[int]:
        """Return the actors that share a word with a name of this one, the most mentioned first."""
        model = self._panel.actors_model
        return model.index_of_actors.sharing_words(actor_id, model.counts)
