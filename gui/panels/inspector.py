"""The inspector: who says what about whom in the focused span, what to do with it, and where it comes from."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from gui.panels.inspector_data import InspectorData, heading_of, names_of, sentence_of
from gui.panels.inspector_rows import FieldRows, NoteEditor, note_row
from gui.panels.overlaps import OverlapList
from gui.theme import scaled_font
from gui.widgets.keys import KeyButton, KeyCap, RowButton
from gui.widgets.runs import RunsView
from gui.widgets.text import ElidedLabel, framed, heading, plain_label, set_invalid
from gui.widgets.tool_buttons import tool_button
from storage.records import LabelKind, State

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from gui.panels.inspector_data import ActorData

#: What the empty inspector teaches: keys and what they do.
LOOP = (
    ("Tab", "go to the next suggestion"),
    ("↵", "accept it and go on"),
    ("⌫", "reject it and go on"),
    ("1 … 9", "give another label, or label the selected words"),
    ("⇧ ← →", "select words"),
    ("S  T", "set speaker and target of a claim"),
    ("Ctrl Z", "take anything back"),
    ("F1", "see all keys"),
)


class Inspector(QWidget):
    """Shows one span at a time; every change is a wish, told by signal, for the span `span_id`."""

    accept_requested = Signal()
    reject_requested = Signal()
    equal_requested = Signal()
    speaker_requested = Signal()
    target_requested = Signal()
    actor_requested = Signal()
    note_changed = Signal(str)
    field_changed = Signal(int, str)
    span_requested = Signal(int)
    flag_toggled = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._data: InspectorData | None = None
        self._heading = ElidedLabel("", "heading")
        say = "Flag this span for discussion (D)"
        self.flag = tool_button("⚑", say, name="Discuss (D)", role="small", is_checkable=True)
        self._sentence = RunsView()
        self._sentence.setFont(scaled_font(self.font(), 1.06))
        self.accept = KeyButton("Accept", "↵", is_primary=True)
        self.reject = KeyButton("Reject", "⌫")
        self.equal = KeyButton("Equal", "E")
        self.speaker = RowButton("Speaker", "S", "who says so?")
        self.target = RowButton("Target", "T", "about whom?")
        self.actor = RowButton("Actor", "A", "which actor is this?")
        self.fields = FieldRows()
        self.note = NoteEditor()
        self._origin, self._origin_text = self._text_section("Where it comes from")
        self._actor_card, self._actor_name, self._actor_text = self._build_actor_card()
        self.overlaps = OverlapList()
        self._overlap_section = self._section("At the cursor", self.overlaps)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(_teaching_page())
        self._stack.addWidget(self._span_page())
        self._connect()

    @property
    def span_id(self) -> int | None:
        """The span that is shown and that signals are about."""
        return self._data.span_id if self._data else None

    def show_span(self, data: InspectorData | None) -> None:
        """Show a span, or how the work goes when there is none.

        What is being typed about the span shown before is told first, while `span_id` still names that span.
        """
        is_other = data is None or data.span_id != self.span_id
        if is_other and self._data is not None:
            self.commit()
        self._data = data
        self._stack.setCurrentIndex(1 if data else 0)
        if data is not None:
            self._fill(data, is_other=is_other)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go back to the text by Escape, and by Enter from a choice that is made."""
        if event.key() in {Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def commit(self) -> None:
        """Tell of what is being typed and was not told yet."""
        self.note.commit()
        self.fields.commit()

    def focus_note(self) -> None:
        """Put the keyboard into the note."""
        self.note.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def focus_fields(self) -> None:
        """Put the keyboard into the first field, or into the note where there is none."""
        first: QWidget = self.fields.editors[0] if self.fields.editors else self.note
        first.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _fill(self, data: InspectorData, *, is_other: bool) -> None:
        self._heading.set_full_text(heading_of(data).upper())
        self._heading.setAccessibleName(heading_of(data))
        self._sentence.set_runs(sentence_of(data))
        self.flag.setChecked(data.is_flagged)
        is_claim, is_actor = data.kind is LabelKind.CLAIM, data.kind is LabelKind.ACTOR
        self.accept.setVisible(data.state is not State.CONFIRMED)
        self.reject.setVisible(data.state is not State.REJECTED)
        self.reject.set_label("Delete" if data.state is State.CONFIRMED else "Reject")
        for row in (self.speaker, self.target):
            row.setVisible(is_claim)
        self.actor.setVisible(is_actor)
        self.speaker.set_value(names_of(data.speakers))
        self.target.set_value(names_of(data.targets))
        self.actor.set_value(data.actor.name if data.actor else "")
        if self.fields.show_fields(data.fields):
            self._order_tabs()
        self.note.show_note(data.note, is_other_span=is_other)
        set_invalid(self.note, is_invalid=data.is_note_unsaved)
        self._origin_text.setText("\n".join(data.provenance))
        self._origin.setVisible(bool(data.provenance))
        self._fill_actor(data.actor)
        self.overlaps.show_spans(data.overlapping, data.span_id)
        self._overlap_section.setVisible(len(data.overlapping) > 1)

    def _fill_actor(self, actor: ActorData | None) -> None:
        self._actor_card.setVisible(actor is not None)
        if actor is None:
            return
        self._actor_name.setText(actor.name)
        mentions = f"{actor.mentions:,} mention{'s' * (actor.mentions != 1)}"
        documents = f"{actor.documents:,} document{'s' * (actor.documents != 1)}"
        count = f"{mentions} in {documents}" if actor.mentions else ""
        lines = [
            " · ".join(part for part in (actor.type_name, count) if part),
            f"also: {', '.join(actor.aliases)}" if actor.aliases else "",
            actor.notes,
        ]
        self._actor_text.setText("\n".join(line for line in lines if line))

    def _build_actor_card(self) -> tuple[QWidget, QLabel, QLabel]:
        name, text = plain_label("", "strong", is_wrapped=True), plain_label("", "muted", is_wrapped=True)
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        layout.addWidget(name)
        layout.addWidget(text)
        return self._section("Actor", body), name, text

    def _text_section(self, title: str) -> tuple[QWidget, QLabel]:
        label = plain_label("", "muted", is_wrapped=True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        return self._section(title, label), label

    @staticmethod
    def _section(title: str, content: QWidget) -> QWidget:
        card = framed("card", title)
        inner = QVBoxLayout(card)
        inner.setContentsMargins(12, 10, 12, 10)
        inner.addWidget(content)
        section = QWidget()
        layout = QVBoxLayout(section)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(7)
        label = heading(title)
        label.setContentsMargins(8, 0, 0, 0)
        layout.addWidget(label)
        layout.addWidget(card)
        return section

    def _span_page(self) -> QWidget:
        page = QWidget()
        page.setObjectName("span_page")
        page.setProperty("role", "ground")
        top = QHBoxLayout()
        top.setContentsMargins(8, 0, 14, 0)
        top.setSpacing(4)
        top.addWidget(self._heading, 1)
        top.addWidget(self.flag)
        top.addWidget(KeyCap("D"))
        layout = QVBoxLayout(page)
        layout.setContentsMargins(12, 8, 12, 12)
        layout.setSpacing(7)
        layout.addLayout(top)
        layout.addWidget(self._span_card())
        for section in (self._overlap_section, self._origin, self._actor_card):
            layout.addSpacing(7)
            layout.addWidget(section)
        layout.addStretch()
        return page

    def _span_card(self) -> QFrame:
        card = framed("card", "Focused span")
        buttons = QHBoxLayout()
        buttons.setSpacing(6)
        for button in (self.accept, self.reject, self.equal):
            buttons.addWidget(button)
        buttons.addStretch()
        layout = QVBoxLayout(card)
        layout.setContentsMargins(12, 10, 12, 8)
        layout.setSpacing(0)
        layout.addWidget(self._sentence)
        layout.addSpacing(8)
        layout.addLayout(buttons)
        layout.addSpacing(10)
        layout.addWidget(framed("rule"))
        for row in (self.speaker, self.target, self.actor, self.fields, note_row(self.note)):
            layout.addWidget(row)
        return card

    def _order_tabs(self) -> None:
        """Let Tab go through new editors where they stand, not after all that is older."""
        editors = [editor.control for editor in self.fields.editors]
        chain = [self.actor, *editors, self.note, *self.overlaps.buttons]
        for before, after in pairwise(chain):
            QWidget.setTabOrder(before, after)

    def _connect(self) -> None:
        for button, signal in (
            (self.accept, self.accept_requested),
            (self.reject, self.reject_requested),
            (self.equal, self.equal_requested),
            (self.speaker, self.speaker_requested),
            (self.target, self.target_requested),
            (self.actor, self.actor_requested),
            (self.flag, self.flag_toggled),
        ):
            button.clicked.connect(lambda _is_checked=False, told=signal: told.emit())
        self.note.note_changed.connect(self.note_changed)
        self.fields.value_changed.connect(self.field_changed)
        self.overlaps.span_requested.connect(self.span_requested)
        self.note.left.connect(self.left)
        self.fields.left.connect(self.left)


def _teaching_page() -> QWidget:
    page = QWidget()
    page.setProperty("role", "ground")
    layout = QVBoxLayout(page)
    layout.setContentsMargins(20, 16, 16, 16)
    layout.setSpacing(10)
    layout.addWidget(heading("Nothing in focus"))
    say = "Press Tab in the text: the first suggestion gets the focus, and stands here with its speaker and target."
    layout.addWidget(plain_label(say, is_wrapped=True))
    layout.addSpacing(6)
    grid = QGridLayout()
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(7)
    grid.setColumnStretch(1, 1)
    for row, (key, meaning) in enumerate(LOOP):
        grid.addWidget(KeyCap(key), row, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        grid.addWidget(plain_label(meaning, "muted", is_wrapped=True), row, 1)
    layout.addLayout(grid)
    layout.addStretch()
    return page
