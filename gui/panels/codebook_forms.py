"""The forms of the codebook panel: one a sort of entry. What is changed is told as soon as its field is left."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from gui.panels.codebook_data import KIND_NAMES, noun_of
from gui.panels.inspector_rows import NoteEditor
from gui.widgets.choice import ChoiceBox
from gui.widgets.swatch import ColourRow
from gui.widgets.text import plain_label, set_plain_tooltip
from nlp.suggestion import ACTOR_CODES, CLAIM_CODE, CUE_CODE
from storage.records import Codebook, FieldRecord, FieldType, LabelKind, LabelRecord, LabelSettings, LinkTypeRecord

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent, QKeyEvent

    from gui.panels.codebook_data import Entry

_CODES = {LabelKind.ACTOR: ACTOR_CODES, LabelKind.CLAIM: (CLAIM_CODE,), LabelKind.CUE: (CUE_CODE,)}
_KEYS = "123456789"


class FormLine(QLineEdit):
    """A line of a form: told when it is left or by Enter; Escape brings back what stood there, then leaves."""

    finished = Signal()
    left = Signal()

    def __init__(self, name: str, placeholder: str = "") -> None:
        super().__init__()
        self._shown = ""
        self.setAccessibleName(name)
        self.setPlaceholderText(placeholder)

    def show_text(self, text: str) -> None:
        """Show what is stored."""
        if text != self.text():
            self.setText(text)
        self._shown = text
        self.setModified(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Finish by Enter; Escape twice leaves the form."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.finished.emit()
        elif event.key() == Qt.Key.Key_Escape and self.text() != self._shown:
            self.show_text(self._shown)
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Finish when the focus goes elsewhere."""
        super().focusOutEvent(event)
        self.finished.emit()


class FormText(NoteEditor):
    """A text of several lines in a form."""

    def __init__(self, name: str, placeholder: str) -> None:
        super().__init__()
        self.setProperty("role", "")
        self.setAccessibleName(name)
        self.setPlaceholderText(placeholder)


class EntryForm(QWidget):
    """The base of the forms: problem line, fields with their names above, buttons.

    `changed` carries the record as it should be; `add_requested` the same of a new entry, whose fields tell nothing
    until then.
    """

    changed = Signal(object)
    add_requested = Signal(object)
    remove_requested = Signal(object)
    left = Signal()

    def __init__(self, noun: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_showing = False
        self.problem = plain_label("", "warning", is_wrapped=True)
        self.name = self.line("Name", f"the name of the {noun}")
        self.definition = self.text("Definition", "when does it apply, when not?")
        self.add = QPushButton("Add")
        self.add.setProperty("role", "primary")
        self.remove = QPushButton("Remove …")
        for button in (self.add, self.remove):
            button.setAutoDefault(False)
        self.add.clicked.connect(lambda: self.add_requested.emit(self.record()))
        self.remove.clicked.connect(lambda: self.remove_requested.emit(self.entry))
        self.fields = QVBoxLayout(self)
        self.fields.setContentsMargins(12, 6, 12, 12)
        self.fields.setSpacing(3)
        self.fields.addWidget(self.problem)

    @property
    @abstractmethod
    def entry(self) -> Entry:
        """The entry as it is stored, or the blank of a new one."""

    @abstractmethod
    def record(self) -> Entry:
        """Return the entry as the form has it."""

    @property
    def is_new(self) -> bool:
        """Whether the entry is not in the codebook yet."""
        return self.entry.id == 0

    def refuse(self, sentence: str) -> None:
        """Tell why what the form has was not taken; an empty sentence tells that all is well."""
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))

    def commit(self) -> None:
        """Tell of a change, unless the entry is new."""
        if self._is_showing or self.is_new:
            return
        record = self.record()
        if record != self.entry:
            self.changed.emit(record)
        else:
            self.refuse("")

    def line(self, name: str, placeholder: str) -> FormLine:
        """Return a line that is told when it is finished."""
        line = FormLine(name, placeholder)
        line.finished.connect(self.commit)
        line.left.connect(self.left)
        return line

    def text(self, name: str, placeholder: str) -> FormText:
        """Return a text that is told when it is left."""
        text = FormText(name, placeholder)
        text.note_changed.connect(self.commit)
        text.left.connect(self.left)
        return text

    def box(self, name: str) -> ChoiceBox:
        """Return a box of choices that is told when one is taken."""
        box = ChoiceBox(name)
        box.activated.connect(self.commit)
        return box

    def put(self, title: str, widget: QWidget, tip: str = "") -> QWidget:
        """Add a field with its name above it and return both as one."""
        holder = QWidget()
        layout = QVBoxLayout(holder)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(2)
        label = plain_label(title, "small")
        if tip:
            set_plain_tooltip(widget, tip)
        layout.addWidget(label)
        layout.addWidget(widget)
        self.fields.addWidget(holder)
        return holder

    def put_buttons(self) -> None:
        """Add the buttons below the fields."""
        row = QHBoxLayout()
        row.setContentsMargins(0, 10, 0, 0)
        row.addWidget(self.add)
        row.addWidget(self.remove)
        row.addStretch()
        self.fields.addLayout(row)
        self.fields.addStretch()

    def fill_common(self, entry: Entry, *, is_other: bool) -> None:
        """Show what all entries have."""
        self.refuse("")
        self.name.show_text(entry.name)
        self.definition.show_note(entry.definition, is_other_span=is_other)
        self.add.setVisible(not entry.id)
        self.add.setText(f"Add {noun_of(entry)}")
        self.remove.setVisible(bool(entry.id))


class LabelForm(EntryForm):
    """Name, key, colour, definition, examples of a label, and what suggesters propose under it."""

    remembered_requested = Signal(int, bool)

    def __init__(self) -> None:
        super().__init__("label")
        self._label = LabelRecord(0, LabelKind.ACTOR, "")
        self.key = self.box("Key")
        self.colour = ColourRow()
        self.colour.colour_chosen.connect(self.commit)
        self.examples = self.text("Examples", "Velmar · Port Selin announced")
        self.code = self.box("Suggested as")
        self.put("Name", self.name)
        self.put("Key", self.key, "The digit that gives this label")
        self.put("Colour", self.colour)
        self.put("Definition", self.definition)
        self.put("Examples, parted by “ · ”", self.examples)
        self.put("Takes the suggestions for", self.code, "What suggesters find of this sort comes under this label")
        self.remembered = QCheckBox("Remember confirmed words")
        set_plain_tooltip(self.remembered, "Words confirmed under this label are suggested wherever else they stand")
        self.remembered.clicked.connect(lambda is_on: self.remembered_requested.emit(self._label.id, is_on))
        self.fields.addSpacing(6)
        self.fields.addWidget(self.remembered)
        self.put_buttons()

    @property
    def entry(self) -> LabelRecord:
        """The label as it is stored."""
        return self._label

    def show_entry(self, label: LabelRecord, codebook: Codebook) -> None:
        """Show a label, and which keys others have."""
        is_other, self._is_showing = label.id != self._label.id or not label.id, True
        self._label = label
        self.fill_common(label, is_other=is_other)
        self.examples.show_note(label.examples, is_other_span=is_other)
        self.colour.show_colour(label.kind, label.colour)
        owners = {other.key: other.name for other in codebook.labels if other.id != label.id}
        self.key.clear()
        self.key.addItem("no key", None)
        for key in _KEYS:
            self.key.addItem(f"{key}   (now “{owners[key]}”)" if key in owners else key, key)
        self.key.setCurrentIndex(self.key.findData(label.key))
        self.code.clear()
        self.code.addItem("nothing", None)
        codes = dict.fromkeys((*_CODES[label.kind], *([label.code] if label.code else [])))
        for code in codes:
            self.code.addItem(code, code)
        self.code.setCurrentIndex(self.code.findData(label.code))
        self.remembered.setVisible(bool(label.id) and label.kind is LabelKind.ACTOR)
        self.remembered.setEnabled(codebook.is_remembering)
        self.show_settings(codebook.settings_of(label.id))
        self._is_showing = False

    def show_settings(self, settings: LabelSettings) -> None:
        """Show how suggestions of the label are treated."""
        self.remembered.setChecked(settings.is_remembered)

    def record(self) -> LabelRecord:
        """Return the label as the form has it."""
        return replace(
            self._label,
            name=self.name.text(),
            key=self.key.currentData(),
            colour=self.colour.colour,
            definition=self.definition.toPlainText(),
            examples=self.examples.toPlainText(),
            code=self.code.currentData(),
        )


class LinkTypeForm(EntryForm):
    """Name, code, the kinds joined and definition of a link type."""

    def __init__(self) -> None:
        super().__init__("link type")
        self._link_type = LinkTypeRecord(0, "", "", LabelKind.CLAIM, LabelKind.ACTOR)
        self.code = self.line("Code", "made from the name")
        self.from_kind, self.to_kind = self.box("From"), self.box("To")
        for box in (self.from_kind, self.to_kind):
            for kind, name in KIND_NAMES.items():
                box.addItem(name, kind)
        self.put("Name", self.name)
        self.put("Code", self.code, "How files and suggesters call it; “speaker” and “target” are those of the keys")
        self.put("From", self.from_kind)
        self.put("To", self.to_kind)
        self.put("Definition", self.definition)
        self.put_buttons()

    @property
    def entry(self) -> LinkTypeRecord:
        """The link type as it is stored."""
        return self._link_type

    def show_entry(self, link_type: LinkTypeRecord, _codebook: Codebook) -> None:
        """Show a link type."""
        is_other, self._is_showing = link_type.id != self._link_type.id or not link_type.id, True
        self._link_type = link_type
        self.fill_common(link_type, is_other=is_other)
        self.code.show_text(link_type.code)
        self.from_kind.setCurrentIndex(list(KIND_NAMES).index(link_type.from_kind))
        self.to_kind.setCurrentIndex(list(KIND_NAMES).index(link_type.to_kind))
        self._is_showing = False

    def record(self) -> LinkTypeRecord:
        """Return the link type as the form has it."""
        return replace(
            self._link_type,
            name=self.name.text(),
            code=self.code.text().strip(),
            from_kind=LabelKind(self.from_kind.currentData()),
            to_kind=LabelKind(self.to_kind.currentData()),
            definition=self.definition.toPlainText(),
        )


class FieldForm(EntryForm):
    """Name, kind of span, type, choices and definition of a field."""

    def __init__(self) -> None:
        super().__init__("field")
        self._field = FieldRecord(0, "", LabelKind.CLAIM)
        self.kind, self.type = self.box("On spans of kind"), self.box("Type")
        for kind, name in KIND_NAMES.items():
            self.kind.addItem(name, kind)
        for type_ in FieldType:
            self.type.addItem(type_.value, type_)
        self.type.activated.connect(self._show_choices)
        self.choices = self.text("Choices, one a line", "for\nagainst")
        self.put("Name", self.name)
        self.put("On spans of kind", self.kind)
        self.put("Type", self.type)
        tip = "Choices get another name on all spans if it is typed in the place of the old one"
        self._choices_row = self.put("Choices, one a line", self.choices, tip)
        self.put("Definition", self.definition)
        self.put_buttons()

    @property
    def entry(self) -> FieldRecord:
        """The field as it is stored."""
        return self._field

    def show_entry(self, field: FieldRecord, _codebook: Codebook) -> None:
        """Show a field."""
        is_other, self._is_showing = field.id != self._field.id or not field.id, True
        self._field = field
        self.fill_common(field, is_other=is_other)
        self.kind.setCurrentIndex(list(KIND_NAMES).index(field.kind))
        self.kind.setEnabled(not field.id)
        self.type.setCurrentIndex(list(FieldType).index(field.type))
        self.choices.show_note("\n".join(field.choices), is_other_span=is_other)
        self._show_choices()
        self._is_showing = False

    def record(self) -> FieldRecord:
        """Return the field as the form has it."""
        type_ = FieldType(self.type.currentData())
        lines = (line.strip() for line in self.choices.toPlainText().splitlines())
        return replace(
            self._field,
            name=self.name.text(),
            kind=LabelKind(self.kind.currentData()),
            type=type_,
            choices=tuple(line for line in lines if line) if type_ is FieldType.CHOICE else (),
            definition=self.definition.toPlainText(),
        )

    def _show_choices(self) -> None:
        self._choices_row.setVisible(self.type.currentData() == FieldType.CHOICE)
