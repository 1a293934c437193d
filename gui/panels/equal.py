"""The preview of one decision on all equal mentions: what is equal, where, and which of them are meant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from gui.widgets.concordance import ConcordanceList
from gui.widgets.keys import KeyButton
from gui.widgets.text import ElidedLabel, heading, plain_label, set_plain_tooltip, without_mnemonic
from gui.widgets.tool_buttons import tool_button
from storage.records import Sameness, SpanRecord, State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.equal import EqualOnes
    from storage.records import Codebook
    from storage.search import Hit

#: How each sameness is called, and explained.
_NAMES = {
    Sameness.EXACT: ("Exact", "The same words, upper and lower case told apart"),
    Sameness.FOLDED: ("Any case", "The same words in upper or lower case"),
    Sameness.ACTOR: ("Same actor", "Mentions of the same actor of the registry, whatever their words"),
}


@dataclass(frozen=True, slots=True)
class EqualQuestion:
    """What counts as equal to the span, and where."""

    sameness: Sameness = Sameness.EXACT
    is_in_project: bool = False


class EqualPanel(QWidget):
    """Shows what is equal to one span. Enter accepts the ticked rows, Backspace rejects them, a digit relabels them.

    E goes from the document to the project and back, S changes what is equal, P lists places without a span.
    `question_changed` carries an `EqualQuestion`; the decisions carry the ticked hits.
    """

    question_changed = Signal(object)
    accept_requested = Signal(object)
    reject_requested = Signal(object)
    key_pressed = Signal(str, object)
    hit_requested = Signal(object)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._codebook: Codebook | None = None
        self._found: EqualOnes | None = None
        self._span: SpanRecord | None = None
        self._what = ElidedLabel("", "strong")
        self._kinds = QButtonGroup(self)
        self._kinds.setExclusive(True)
        self.kind_buttons = {sameness: self._kind_button(sameness) for sameness in Sameness}
        self.project = tool_button("Whole project", "Look in all documents (E)", is_checkable=True)
        self.places = QCheckBox()
        self.list = ConcordanceList("Equal ones")
        self._told = plain_label("", "muted", is_wrapped=True)
        self.accept = KeyButton("Accept", "Enter", is_primary=True)
        self.reject = KeyButton("Reject", "⌫")
        self._lay_out()
        self._connect()

    @property
    def span(self) -> SpanRecord | None:
        """The span that the others are equal to."""
        return self._span

    def question(self) -> EqualQuestion:
        """Return what is asked for."""
        sameness = next(s for s, button in self.kind_buttons.items() if button.isChecked())
        return EqualQuestion(sameness, self.project.isChecked())

    def ask_for(self, span: SpanRecord, codebook: Codebook) -> None:
        """Begin with a span: exact words, this document; the keyboard goes to the list."""
        self._codebook, self._span, self._found = codebook, span, None
        self.list.hits.set_codebook(codebook)
        for button in (self.kind_buttons[Sameness.EXACT], self.project, self.places):
            button.blockSignals(True)
            button.setChecked(button is self.kind_buttons[Sameness.EXACT])
            button.blockSignals(False)
        self.kind_buttons[Sameness.ACTOR].setEnabled(span.actor_id is not None)
        self._what.set_full_text(f"“{span.quote}” — {codebook.label(span.label_id).name}")
        self.list.show_hits(())
        self._show_choice()
        self.list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_found(self, found: EqualOnes) -> None:
        """List what was found; ticked is what the decision is about, as long as nobody decided on it."""
        self._found = found
        self._list(found)

    def widen(self) -> None:
        """Look in the whole project, or in this document again."""
        self.project.toggle()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the letters that the list does not know; Escape leaves."""
        key, plain = event.key(), Qt.KeyboardModifier.NoModifier
        if event.modifiers() == plain and key == Qt.Key.Key_E:
            self.widen()
        elif event.modifiers() == plain and key == Qt.Key.Key_S:
            self._next_kind()
        elif event.modifiers() == plain and key == Qt.Key.Key_P and self.places.isEnabled():
            self.places.toggle()
        elif key == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        kinds = QHBoxLayout()
        kinds.setSpacing(4)
        for button in self.kind_buttons.values():
            kinds.addWidget(button)
        kinds.addStretch()
        where = QHBoxLayout()
        where.addWidget(self.project)
        where.addStretch()
        actions = QHBoxLayout()
        actions.setSpacing(6)
        actions.addWidget(self.accept, 1)
        actions.addWidget(self.reject, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 8, 10)
        layout.setSpacing(7)
        layout.addWidget(heading("Decide equal ones"))
        layout.addWidget(self._what)
        layout.addLayout(kinds)
        layout.addLayout(where)
        layout.addWidget(self._told)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.places)
        layout.addLayout(actions)
        hint = "Space chooses, 1 – 9 relabels, E document or project, S sameness, P places, Esc leaves"
        layout.addWidget(plain_label(hint, "small", is_wrapped=True))

    def _connect(self) -> None:
        self._kinds.buttonToggled.connect(self._kind_toggled)
        self.project.toggled.connect(lambda _checked: self.question_changed.emit(self.question()))
        self.places.toggled.connect(self._list_anew)
        self.list.hits.ticks_changed.connect(self._show_choice)
        self.list.entered_row.connect(lambda _row: self._accept())
        self.list.row_clicked.connect(lambda row: self.hit_requested.emit(self.list.hits.hits[row]))
        self.list.take_away_pressed.connect(self._reject)
        self.list.key_pressed.connect(lambda key: self.key_pressed.emit(key, self.list.hits.ticked))
        self.list.left.connect(self.left)
        self.accept.clicked.connect(self._accept)
        self.reject.clicked.connect(self._reject)

    def _kind_button(self, sameness: Sameness) -> QToolButton:
        name, say = _NAMES[sameness]
        button = tool_button(name, f"{say} (S)", is_checkable=True)
        self._kinds.addButton(button)
        return button

    def _kind_toggled(self, _button: object, is_checked: bool) -> None:  # noqa: FBT001  (Qt's signature)
        if is_checked:
            self.question_changed.emit(self.question())

    def _next_kind(self) -> None:
        able = [button for button in self.kind_buttons.values() if button.isEnabled()]
        at = next(n for n, button in enumerate(able) if button.isChecked())
        able[(at + 1) % len(able)].setChecked(True)

    def _list_anew(self) -> None:
        if self._found is not None:
            self._list(self._found)

    def _list(self, found: EqualOnes) -> None:
        hits = sorted_in([*found.hits, *found.bare], found) if self.places.isChecked() else list(found.hits)
        ticks = [row for row, hit in enumerate(hits) if _is_meant(hit, found.span)]
        ticks += [row for row, hit in enumerate(hits) if hit.mark is None]
        self.list.show_hits(hits, ticks)
        count = len(found.bare)
        self.places.setText(without_mnemonic(f"{count:,} more place{'s' * (count != 1)} without a suggestion"))
        self.places.setVisible(count > 0)
        self.places.setEnabled(count > 0)
        self._told.setText(self._summary(found))

    def _summary(self, found: EqualOnes) -> str:
        others = len(found.hits) - 1
        if others <= 0:
            here = "" if self.project.isChecked() else " here; E looks in the whole project"
            return f"There is no other{here}."
        undecided = sum(hit.mark is not None and hit.mark.state == State.SUGGESTED for hit in found.hits)
        documents = len({hit.document_id for hit in found.hits})
        where = f" in {documents:,} documents" if documents > 1 else ""
        more = " These are the first; decide, then look again." if found.is_capped or found.is_stopped else ""
        return f"{len(found.hits):,} equal ones{where}, {undecided:,} undecided.{more}"

    def _show_choice(self) -> None:
        hits = self.list.hits.ticked
        marked = sum(hit.mark is not None for hit in hits)
        self.accept.set_label(f"Accept {len(hits):,}")
        self.reject.set_label(f"Reject {marked:,}")
        self.accept.setEnabled(bool(hits))
        self.reject.setEnabled(marked > 0)
        for button, what in ((self.accept, "Accept"), (self.reject, "Reject")):
            set_plain_tooltip(button, f"{what} the ticked ones, with one undo")

    def _accept(self) -> None:
        if self.list.hits.ticked:
            self.accept_requested.emit(self.list.hits.ticked)

    def _reject(self) -> None:
        hits = [hit for hit in self.list.hits.ticked if hit.mark is not None]
        if hits:
            self.reject_requested.emit(hits)


def sorted_in(hits: Sequence[Hit], found: EqualOnes) -> list[Hit]:
    """Return hits in reading order: by the order in which their documents came."""
    order: dict[int, int] = {}
    for hit in (*found.hits, *found.bare):
        order.setdefault(hit.document_id, len(order))
    return sorted(hits, key=lambda hit: (order[hit.document_id], hit.fragments))


def _is_meant(hit: Hit, span: SpanRecord) -> bool:
    """Whether the decision on a span is about this one, too, unless the analyst says otherwise.

    An undecided span stands for itself and its likes; one that was decided tells what all undecided ones of its
    words are, whatever they are suggested as.
    """
    if hit.mark is None or hit.mark.state != State.SUGGESTED:
        return False
    return span.state != State.SUGGESTED or hit.mark.label_id == span.label_id
