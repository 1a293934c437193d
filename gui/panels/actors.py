"""The registry: actors with their mentions, and the words that belong to no actor yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui.panels.actor_card import ActorCard
from gui.panels.actors_delegate import RegistryDelegate
from gui.panels.actors_index import ORDER_NAMES, ActorOrder
from gui.panels.actors_model import ActorsModel, WordsModel
from gui.panels.mentions_delegate import MentionsDelegate
from gui.panels.mentions_model import MentionsModel
from gui.panels.words_card import WordsCard
from gui.widgets.find_line import FindLine
from gui.widgets.keyed_list import KeyedList
from gui.widgets.keys import KeyButton
from gui.widgets.text import heading, plain_label
from gui.widgets.tool_buttons import OrderButton, tool_button

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from PySide6.QtGui import QShowEvent

    from storage.records import ActorRecord, Codebook
    from storage.registry_records import MentionLine, WordGroup

_EMPTY = (
    "No actors yet.\n\nAn actor is a person, state, organisation or group that your documents speak of, under one or "
    "several names. Press A on a mention in the text to tell who it is, or Insert here to enter one."
)
_ALL_LINKED = "Every mention belongs to an actor.\n\nMentions without one are gathered here by their words."


class ActorsPanel(QWidget):
    """Two views, of actors and of words, each a list over a card over mentions; `gui.registry` works it.

    `actor_selected` carries an actor's id or `None`, `words_selected` a `WordGroup` or `None`.
    """

    appeared = Signal()
    actor_selected = Signal(object)
    words_selected = Signal(object)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.actors_model = ActorsModel(self)
        self.words_model = WordsModel(self.actors_model.index_of_actors, self)
        self.mentions_model = MentionsModel(self)
        self.actors = KeyedList("Actors", self.actors_model)
        self.actors.setItemDelegate(RegistryDelegate(self.actors_model, self.actors))
        self.words = KeyedList("Words of no actor", self.words_model)
        self.words.setItemDelegate(RegistryDelegate(self.words_model, self.words))
        self.mentions = KeyedList("Mentions", self.mentions_model)
        self.mentions.setItemDelegate(MentionsDelegate(self.mentions_model, self.mentions))
        self.mentions.setSelectionMode(KeyedList.SelectionMode.ExtendedSelection)
        self.card = ActorCard()
        self.words_card = WordsCard()
        self.link_all = KeyButton("Link all that are clear", "⇧L")
        self._modes = self._build_modes()
        self.search = FindLine("Find by any name", "Find an actor")
        self._order = OrderButton("Order of actors", ORDER_NAMES, self._set_order)
        self._empty = plain_label("", "muted", is_wrapped=True)
        self._count = heading("")
        self._clear = 0
        self._subject: str | int | None = None
        self._lists = QStackedWidget()
        self._lower = QWidget()
        self._lay_out()
        self._connect()
        self._refresh()

    # -- what is shown ------------------------------------------------------------------------------------------------

    @property
    def is_on_words(self) -> bool:
        """Whether the words of no actor are shown, not the actors."""
        return self._lists.currentWidget() is self.words

    @property
    def current_list(self) -> KeyedList:
        """The upper list that is shown."""
        return self.words if self.is_on_words else self.actors

    @property
    def actor_id(self) -> int | None:
        """The actor that is selected."""
        row = self.actors.row
        return self.actors_model.actor_at(row) if row is not None else None

    @property
    def group(self) -> WordGroup | None:
        """The words that are selected."""
        row = self.words.row
        return self.words_model.group_at(row) if row is not None else None

    def set_codebook(self, codebook: Codebook) -> None:
        """Name and colour types as the codebook does now."""
        for model in (self.actors_model, self.words_model, self.mentions_model):
            model.set_codebook(codebook)
        for view in (self.actors, self.words, self.mentions):
            view.viewport().update()

    def show_mode(self, *, is_on_words: bool) -> None:
        """Show the words of no actor, or the actors."""
        self._lists.setCurrentWidget(self.words if is_on_words else self.actors)
        self._modes[is_on_words].setChecked(True)
        self._order.setVisible(not is_on_words)
        self._apply_filter(self.search.text())
        self._tell_selected()

    def go_to_actor(self, actor_id: int | None) -> None:
        """Select an actor, dropping a search that hides it."""
        self.show_mode(is_on_words=False)
        if actor_id is not None and self.actors_model.row_of(actor_id) is None:
            self.search.clear()
        self.actors.go_to(self.actors_model.row_of(actor_id))

    def keep_selection(self, change: Callable[[], None]) -> None:
        """Change rows, and select again what was selected; a row near it if it is gone."""
        actor_id, group = self.actor_id, self.group
        rows = self.actors.row, self.words.row
        change()
        for view, row, kept in (
            (self.actors, rows[0], self.actors_model.row_of(actor_id)),
            (self.words, rows[1], self.words_model.row_of(group.words if group else None)),
        ):
            last = view.model().rowCount() - 1
            near = min(row, last) if row is not None and last >= 0 else None
            view.go_to(kept if kept is not None else near)
        self._refresh()
        if self.actor_id != actor_id or self.group != group:
            self._tell_selected()

    def show_actor(self, actor: ActorRecord | None, waiting: str, *, is_clear: bool) -> None:
        """Show the card of the selected actor, `None` for no card; see `ActorCard.show_actor`."""
        self._lower.setVisible(actor is not None)
        if actor is not None:
            self._show_card(self.card)
            self.card.show_actor(actor, waiting, is_clear=is_clear)

    def show_words(self, group: WordGroup | None, names: Sequence[str]) -> None:
        """Show the card of the selected words; `None` for no card."""
        self._lower.setVisible(group is not None)
        if group is not None:
            self._show_card(self.words_card)
            self.words_card.show_words(group, names)

    def show_mentions(
        self,
        waiting: Sequence[int],
        linked: Sequence[int],
        documents: int | None,
        load: Callable[[Sequence[int]], Mapping[int, MentionLine]],
    ) -> None:
        """List mentions: first those that wait to be linked, then those that are, in so many documents."""
        subject = self.group.words if self.is_on_words and self.group else self.actor_id
        row = self.mentions.row if subject == self._subject else None
        self._subject = subject
        is_other = self.mentions_model.set_mentions(waiting, linked, load)
        self.mentions.viewport().update()
        total = self.mentions_model.rowCount()
        if is_other and row is not None and total:
            self.mentions.go_to(min(row, total - 1))
        found = len(linked) if documents is not None else total
        text = f"{found:,} mention{'s' * (found != 1)}" if found else "No mention is linked yet"
        if documents:
            text += f" in {documents:,} document{'s' * (documents != 1)}"
        self._count.setText(text.upper())
        self._count.setAccessibleName(text)

    def tell_totals(self, actors: int, unlinked: int | None, clear: int) -> None:
        """Show how many actors there are, how many mentions belong to none, how many of those only wait for a key."""
        self._modes[False].setText(f"Actors {actors:,}" if actors else "Actors")
        self._modes[True].setText(f"Not linked {unlinked:,}" if unlinked else "Not linked")
        self.link_all.set_label(f"Link all {clear:,} that are clear")
        self._clear = clear
        self._refresh()

    def chosen_mentions(self) -> list[int]:
        """Return the mentions selected in the lower list."""
        return [self.mentions_model.span_at(row) for row in self.mentions.chosen_rows()]

    def enter(self) -> None:
        """Put the keyboard into the list that is shown, or on what stands in its place."""
        if self.current_list.model().rowCount():
            self.current_list.enter()
        else:
            self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def showEvent(self, event: QShowEvent) -> None:
        """Tell that there is something to be read now."""
        super().showEvent(event)
        self.appeared.emit()

    # -- inside -------------------------------------------------------------------------------------------------------

    def _build_modes(self) -> Mapping[bool, QToolButton]:
        group = QButtonGroup(self)
        modes = {}
        for is_words, text, tip in (
            (False, "Actors", "Actors with their mentions"),
            (True, "Not linked", "Mentions that belong to no actor, by their words"),
        ):
            button = tool_button(text, tip, is_checkable=True)
            button.clicked.connect(lambda _is_checked=False, chosen=is_words: self.show_mode(is_on_words=chosen))
            group.addButton(button)
            modes[is_words] = button
        modes[False].setChecked(True)
        return modes

    def _lay_out(self) -> None:
        modes = QHBoxLayout()
        modes.setContentsMargins(6, 0, 6, 0)
        modes.setSpacing(4)
        for button in self._modes.values():
            modes.addWidget(button)
        modes.addStretch()
        tools = QHBoxLayout()
        tools.setContentsMargins(6, 0, 6, 0)
        tools.setSpacing(4)
        tools.addWidget(self.search, 1)
        tools.addWidget(self._order)
        for view in (self.actors, self.words):
            self._lists.addWidget(view)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._empty.setContentsMargins(12, 14, 12, 0)
        clear = QHBoxLayout()
        clear.setContentsMargins(6, 0, 6, 6)
        clear.addWidget(self.link_all)
        upper = QWidget()
        above = QVBoxLayout(upper)
        above.setContentsMargins(0, 0, 0, 0)
        above.setSpacing(6)
        above.addWidget(self._lists, 1)
        above.addWidget(self._empty, 1)
        above.addLayout(clear)
        self._count.setContentsMargins(8, 4, 0, 0)
        lower = QVBoxLayout(self._lower)
        lower.setContentsMargins(6, 8, 6, 0)
        lower.setSpacing(6)
        lower.addWidget(self.card)
        lower.addWidget(self.words_card)
        lower.addWidget(self._count)
        lower.addWidget(self.mentions, 1)
        splitter = QSplitter(Qt.Orientation.Vertical)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(upper)
        splitter.addWidget(self._lower)
        splitter.setSizes((320, 420))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 10, 4, 0)
        layout.setSpacing(8)
        layout.addLayout(modes)
        layout.addLayout(tools)
        layout.addWidget(splitter, 1)
        self._lower.hide()

    def _connect(self) -> None:
        self.search.textChanged.connect(self._apply_filter)
        self.search.went_down.connect(self.enter)
        self.search.left.connect(self.left)
        for view in (self.actors, self.words):
            view.moved.connect(self._tell_selected)
            view.left.connect(self.left)
            view.passed_top.connect(lambda: self.search.setFocus(Qt.FocusReason.BacktabFocusReason))
        self.mentions.left.connect(self.left)
        self.mentions.passed_top.connect(self.enter)
        self.card.closed.connect(self.enter)

    def _show_card(self, card: QWidget) -> None:
        for other in (self.card, self.words_card):
            other.setVisible(other is card)

    def _set_order(self, order: ActorOrder) -> None:
        self._order.show_order(order)
        self.keep_selection(lambda: self.actors_model.set_order(order))

    def _apply_filter(self, text: str) -> None:
        actor_id, group = self.actor_id, self.group
        if self.is_on_words:
            self.words_model.set_filter(text)
            kept = self.words_model.row_of(group.words if group else None)
        else:
            self.actors_model.set_filter(text)
            kept = self.actors_model.row_of(actor_id)
        rows = self.current_list.model().rowCount()
        # What answers best is chosen while one types; without a search nothing moves.
        self.current_list.go_to(0 if text.strip() and rows else kept)
        self._refresh()
        if not rows:
            self._tell_selected()

    def _tell_selected(self) -> None:
        if self.is_on_words:
            self.words_selected.emit(self.group)
        else:
            self.actor_selected.emit(self.actor_id)

    def _refresh(self) -> None:
        is_empty = self.current_list.model().rowCount() == 0
        self._lists.setVisible(not is_empty)
        self._empty.setVisible(is_empty)
        self.link_all.setVisible(self.is_on_words and not is_empty and self._clear > 0)
        searched = self.search.text().strip()
        total = len(self.words_model.groups) if self.is_on_words else self.actors_model.total
        if total and searched:
            rest = "" if self.is_on_words else " Press Enter to create it."
            self._empty.setText(f"Nothing is called “{searched}”.{rest}")
        else:
            self._empty.setText(_ALL_LINKED if self.is_on_words else _EMPTY)
