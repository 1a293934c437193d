"""The card of one actor: name, type, further names, notes, and what waits to be linked to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QVBoxLayout, QWidget

from gui.panels.inspector_rows import NoteEditor, note_row
from gui.theme import scaled_font
from gui.widgets.keys import KeyButton, RowButton
from gui.widgets.text import framed, plain_label, set_plain_tooltip, without_mnemonic

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.records import ActorRecord, LabelRecord

_NO_TYPE = "No type"


class NameLine(QLineEdit):
    """A line for a name: Enter gives it, Escape takes what was typed back; so does leaving it."""

    entered = Signal(str, bool)
    given_up = Signal()
    focused = Signal(bool)

    def __init__(self, name: str) -> None:
        super().__init__()
        self._shown = ""
        self.setAccessibleName(name)

    def show_name(self, name: str) -> None:
        """Show a name, unless another one is being typed over it."""
        if name != self._shown or not self.hasFocus():
            self._shown = name
            self.setText(name)
            self.setCursorPosition(0)
            set_plain_tooltip(self, name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tell of Enter, with or without Shift, and of Escape."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            text = " ".join(self.text().split())
            if text and text != self._shown:
                self.entered.emit(text, bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
            else:
                self._give_up()
        elif event.key() == Qt.Key.Key_Escape:
            self._give_up()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell that typing may begin."""
        super().focusInEvent(event)
        self.focused.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take back what was not entered; a change of the window in front keeps it."""
        super().focusOutEvent(event)
        self.focused.emit(False)
        if event.reason() not in {Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason}:
            self.setText(self._shown)
            self.setCursorPosition(0)

    def _give_up(self) -> None:
        self.setText(self._shown)
        self.given_up.emit()


class ActorCard(QWidget):
    """Shows one actor; every change is a wish, told by signal, about the actor `actor_id`.

    `renamed` carries the name and whether the old one was a mistake; `type_chosen` a label id or `None`.
    """

    renamed = Signal(str, bool)
    type_chosen = Signal(object)
    alias_added = Signal(str)
    alias_removed = Signal(str)
    alias_split = Signal(str)
    notes_changed = Signal(str)
    link_requested = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actor: ActorRecord | None = None
        self._labels: Sequence[LabelRecord] = ()
        self.name = NameLine("Name of the actor")
        self.name.setProperty("role", "bare")
        self.name.setFont(scaled_font(self.font(), 1.06, weight=self.font().Weight.DemiBold))
        self._hint = plain_label("↵ keeps the old name as an alias, ⇧↵ does not", "small", is_wrapped=True)
        self._hint.hide()
        self.type = RowButton("Type", "T", "what is it?")
        self.aliases = RowButton("Also", "A", "another name?")
        self.alias_line = NameLine("A further name of the actor")
        self.alias_line.setPlaceholderText("a further name, then ↵")
        self.alias_line.hide()
        self.notes = NoteEditor()
        self.notes.setAccessibleName("Notes on the actor")
        self.waiting = plain_label("", is_wrapped=True)
        self.link = KeyButton("Link all", "L", is_primary=True)
        self._lay_out()
        self._connect()

    @property
    def actor_id(self) -> int | None:
        """The actor that is shown and that signals are about."""
        return self._actor.id if self._actor else None

    def set_labels(self, labels: Sequence[LabelRecord]) -> None:
        """Offer these labels as types."""
        self._labels = labels

    def show_actor(self, actor: ActorRecord, waiting: str, *, is_clear: bool) -> None:
        """Show an actor, and in a sentence what waits to be linked to it ("" for nothing).

        `is_clear` offers to link it: some of it can be meant for nobody else. Notes being typed about the actor shown
        before are told first, while `actor_id` still names it.
        """
        is_other = actor.id != self.actor_id
        if is_other:
            self.notes.commit()
            self._close_alias_line()
        self._actor = actor
        self.name.show_name(actor.name)
        label = next((label for label in self._labels if label.id == actor.label_id), None)
        self.type.set_value(label.name if label else "")
        self.aliases.set_value(", ".join(actor.aliases))
        self.notes.show_note(actor.notes, is_other_span=is_other)
        self.waiting.setText(waiting)
        self.waiting.setVisible(bool(waiting))
        self.link.setVisible(is_clear)

    def rename(self) -> None:
        """Put the keyboard into the name."""
        self.name.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.name.selectAll()

    def type_menu(self) -> QMenu:
        """Return the menu of types."""
        menu = QMenu(self)
        for label_id, name in [*[(label.id, label.name) for label in self._labels], (None, _NO_TYPE)]:
            action = QAction(without_mnemonic(name), menu, checkable=True)
            action.setChecked(self._actor is not None and self._actor.label_id == label_id)
            action.triggered.connect(lambda _is_checked=False, chosen=label_id: self.type_chosen.emit(chosen))
            menu.addAction(action)
        return menu

    def alias_menu(self) -> QMenu:
        """Return the menu of further names, each with what can be done with it."""
        menu = QMenu(self)
        for alias in self._actor.aliases if self._actor else ():
            below = menu.addMenu(without_mnemonic(alias))
            for text, wish in (
                ("Use as the name", lambda chosen=alias: self.renamed.emit(chosen, False)),
                ("Make an actor of its own", lambda chosen=alias: self.alias_split.emit(chosen)),
                ("Remove", lambda chosen=alias: self.alias_removed.emit(chosen)),
            ):
                action = QAction(text, below)
                action.triggered.connect(lambda _is_checked=False, told=wish: told())
                below.addAction(action)
        menu.addSeparator()
        add = QAction("Add a further name …", menu)
        add.triggered.connect(self.add_alias)
        menu.addAction(add)
        return menu

    def choose_type(self) -> None:
        """Open the menu of types."""
        self._pop_up(self.type_menu(), self.type)

    def show_aliases(self) -> None:
        """Open the menu of further names; without any, ask for the first."""
        if self._actor is not None and self._actor.aliases:
            self._pop_up(self.alias_menu(), self.aliases)
        else:
            self.add_alias()

    def add_alias(self) -> None:
        """Ask for a further name."""
        self.alias_line.show()
        self.alias_line.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def edit_notes(self) -> None:
        """Put the keyboard into the notes."""
        self.notes.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @staticmethod
    def _pop_up(menu: QMenu, below: QWidget) -> None:
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(below.mapToGlobal(QPoint(RowButton.NAME_PX, below.height())))
        if menu.actions()[0].menu() is None:  # a menu below would open at once
            menu.setActiveAction(menu.actions()[0])

    def _lay_out(self) -> None:
        frame = framed("card", "Actor")
        inner = QVBoxLayout(frame)
        inner.setContentsMargins(8, 6, 8, 8)
        inner.setSpacing(1)
        self._hint.setContentsMargins(8, 0, 0, 2)
        for widget in (self.name, self._hint, self.type, self.aliases, self.alias_line, note_row(self.notes)):
            inner.addWidget(widget)
        row = QHBoxLayout()
        row.setContentsMargins(4, 4, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.waiting, 1)
        row.addWidget(self.link, 0, Qt.AlignmentFlag.AlignTop)
        inner.addLayout(row)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(frame)

    def _connect(self) -> None:
        self.name.entered.connect(self.renamed)
        self.name.given_up.connect(self.closed)
        self.name.entered.connect(lambda _name, _is_mistake: self.closed.emit())
        self.name.focused.connect(self._hint.setVisible)
        self.type.clicked.connect(lambda _is_checked=False: self.choose_type())
        self.aliases.clicked.connect(lambda _is_checked=False: self.show_aliases())
        self.alias_line.entered.connect(self._take_alias)
        self.alias_line.given_up.connect(self._give_alias_up)
        self.notes.note_changed.connect(self.notes_changed)
        self.notes.left.connect(self.closed)
        self.link.clicked.connect(lambda _is_checked=False: self.link_requested.emit())

    def _take_alias(self, alias: str, _is_shifted: bool) -> None:  # noqa: FBT001  (the payload of a signal)
        self._close_alias_line()
        self.alias_added.emit(alias)
        self.closed.emit()

    def _give_alias_up(self) -> None:
        self._close_alias_line()
        self.closed.emit()

    def _close_alias_line(self) -> None:
        self.alias_line.hide()
        self.alias_line.show_name("")
        self.alias_line.clear()
