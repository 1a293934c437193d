"""What the keys of mentions do: show them in the text, link and unlink them, split them off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from gui.widgets.keyed_list import ListAction

if TYPE_CHECKING:
    from gui.panels.actors import ActorsPanel
    from gui.registry.hand import Hand


class MentionActions(QObject):
    """Acts on the mentions that are chosen in the lower list."""

    def __init__(self, hand: Hand, panel: ActorsPanel) -> None:
        super().__init__(hand)
        self._hand = hand
        self._panel = panel
        panel.mentions.set_list_actions(self._list_actions())
        panel.mentions.doubleClicked.connect(lambda _index: self.show())

    def show(self) -> None:
        """Ask for the document of the current mention, with the mention in the focus."""
        row = self._panel.mentions.row
        line = self._panel.mentions_model.line(row) if row is not None else None
        if line is not None:
            self._hand.mention_requested.emit(line.document_id, line.span_id)

    def link(self) -> None:
        """Link the chosen mentions to the actor that is shown, or that goes by these words."""
        from storage.operations.actors import link_mentions

        group = self._panel.group if self._panel.is_on_words else None
        target = self._panel.actor_id if group is None else group.candidates[0] if len(group.candidates) == 1 else None
        waiting = self._chosen(is_waiting=True)
        if target is None and group is not None:
            self.choose()
        elif target is not None and waiting:
            self._hand.do(link_mentions, dict.fromkeys(waiting, target))

    def unlink(self) -> None:
        """Let the chosen mentions belong to no actor."""
        from storage.operations.actors import unlink_mentions

        if linked := self._chosen(is_waiting=False):
            self._hand.do(unlink_mentions, linked)

    def split(self) -> None:
        """Enter an actor for the chosen mentions, called by the words of the first, and ask for its name."""
        from storage.operations.actors import split_mentions

        rows = self._panel.mentions.chosen_rows()
        line = self._panel.mentions_model.line(rows[0]) if rows else None
        if line is None:
            return
        chosen = self._panel.chosen_mentions()
        if self._hand.select_new(self._hand.do(split_mentions, chosen, line.words, label_id=line.label_id)):
            self._panel.card.rename()

    def choose(self) -> None:
        """Ask to which other actor the chosen mentions belong."""
        from storage.operations.actors import link_mentions, split_mentions

        chosen = self._panel.chosen_mentions()
        if chosen:
            group = self._panel.group if self._panel.is_on_words else None
            self._hand.ask(
                "Which actor",
                lambda actor_id: self._hand.do(link_mentions, dict.fromkeys(chosen, actor_id)),
                create=lambda name: self._hand.do(split_mentions, chosen, name),
                first=group.candidates if group is not None else (),
            )

    def _list_actions(self) -> list[ListAction]:
        panel = self._panel
        return [
            ListAction("Show in the text", "Return Enter", self.show, lambda: panel.mentions.row is not None),
            ListAction("Link", "L Space", self.link, lambda: bool(self._chosen(is_waiting=True))),
            ListAction("Unlink", "U Del", self.unlink, lambda: bool(self._chosen(is_waiting=False))),
            ListAction("Another actor …", "A", self.choose, lambda: bool(panel.chosen_mentions())),
            ListAction("Split off as an actor", "S", self.split, lambda: bool(panel.chosen_mentions())),
            ListAction("", "Left", panel.enter),
        ]

    def _chosen(self, *, is_waiting: bool) -> list[int]:
        model = self._panel.mentions_model
        rows = self._panel.mentions.chosen_rows()
        return [model.span_at(row) for row in rows if model.is_waiting(row) is is_waiting]
