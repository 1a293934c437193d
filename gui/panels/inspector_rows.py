"""The editable lines of the inspector: one a codebook field, and the note."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QSize, Qt, Signal
from PySide6.QtGui import QDoubleValidator, QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLineEdit, QPlainTextEdit, QSizePolicy, QWidget

from gui.widgets.choice import ChoiceBox
from gui.widgets.keys import KeyCap, RowButton
from gui.widgets.text import ElidedLabel, plain_label, set_invalid, set_plain_tooltip
from storage.records import FieldType

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gui.panels.inspector_data import FieldData

_NONE = "–"

#: Names are as wide as those of `RowButton`, so that all values begin at one line; editors pad by 8 px.
NAME_GAP_PX = 2
NAME_PX = RowButton.NAME_PX - NAME_GAP_PX - 4 - 8


class FieldEditor(QWidget):
    """Edits the value of one field: a choice from a list, or a line of text, a number or a date."""

    value_changed = Signal(int, str)
    left = Signal()

    def __init__(self, field: FieldData, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._field = field
        is_choice = field.type is FieldType.CHOICE
        #: The box or the line that takes the focus.
        self.control: ChoiceBox | QLineEdit = self._build_box(field) if is_choice else self._build_line(field)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.control)
        self.setFocusProxy(self.control)
        self.show_value(field.value)

    @property
    def field_id(self) -> int:
        """The field that is edited."""
        return self._field.id

    def show_value(self, value: str) -> None:
        """Show a value, unless the analyst is typing another one."""
        control = self.control
        if isinstance(control, ChoiceBox):
            # A value that the codebook no longer offers is shown, not dropped.
            if value and control.findText(value) < 0:
                control.addItem(value)
            control.setCurrentIndex(max(control.findText(value), 0) if value else 0)
        elif not (control.hasFocus() and control.isModified()):
            control.setText(value)
            control.setModified(False)
            set_invalid(control, is_invalid=False)

    def commit(self) -> None:
        """Tell of what was typed, if it is complete."""
        line = self.control
        if isinstance(line, ChoiceBox) or not line.isModified():
            return
        text = line.text().strip()
        is_date = self._field.type is FieldType.DATE
        is_invalid = bool(text) and is_date and not QDate.fromString(text, Qt.DateFormat.ISODate).isValid()
        set_invalid(line, is_invalid=is_invalid or not line.hasAcceptableInput())
        if not is_invalid and (line.hasAcceptableInput() or not text):
            line.setModified(False)
            self.value_changed.emit(self._field.id, text)

    def _build_box(self, field: FieldData) -> ChoiceBox:
        box = ChoiceBox(field.name)
        box.setProperty("role", "bare")
        set_plain_tooltip(box, field.definition)
        box.addItem(_NONE)
        box.addItems(list(field.choices))
        box.activated.connect(self._tell_choice)
        return box

    def _build_line(self, field: FieldData) -> QLineEdit:
        line = _Line()
        line.setProperty("role", "bare")
        line.setAccessibleName(field.name)
        set_plain_tooltip(line, field.definition)
        if field.type is FieldType.NUMBER:
            line.setValidator(QDoubleValidator(line))
        places = {FieldType.DATE: "year-month-day", FieldType.NUMBER: "a number"}
        line.setPlaceholderText(places.get(field.type, "add text"))
        line.finished.connect(self.commit)
        line.left.connect(self.left)
        return line

    def _tell_choice(self, index: int) -> None:
        if isinstance(self.control, ChoiceBox):
            self.value_changed.emit(self._field.id, self.control.itemText(index) if index else "")


class _Line(QLineEdit):
    """A line edit that tells when it is left, by Enter, Escape or otherwise, also with unfinished input."""

    finished = Signal()
    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Finish by Enter; Escape goes back to the text."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape}:
            self.finished.emit()
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Finish when the focus goes elsewhere."""
        super().focusOutEvent(event)
        self.finished.emit()


class NoteEditor(QPlainTextEdit):
    """A note as high as its text, up to six lines; told when the focus leaves it or by Ctrl+Enter."""

    note_changed = Signal(str)
    left = Signal()

    MOST_LINES = 6

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._saved = ""
        self.setProperty("role", "bare")
        self.setAccessibleName("Note")
        self.setPlaceholderText("add a note")
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(1)
        self.textChanged.connect(self._fit)
        self._fit()

    def show_note(self, note: str, *, is_other_span: bool) -> None:
        """Show a note, unless the analyst is just writing another one on the same span."""
        is_writing = self.hasFocus() and self.toPlainText() != self._saved
        if note == self._saved and not is_other_span:
            return
        if is_other_span or not is_writing:
            self.setPlainText(note)
        self._saved = note

    def commit(self) -> None:
        """Tell of a changed note."""
        text = self.toPlainText()
        if text != self._saved:
            self._saved = text
            self.note_changed.emit(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Save and go back to the text by Escape or Ctrl+Enter."""
        is_enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if event.key() == Qt.Key.Key_Escape or (is_enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier):
            self.commit()
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Save when the focus goes elsewhere."""
        super().focusOutEvent(event)
        self.commit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the height to the text as it is wrapped now."""
        super().resizeEvent(event)
        self._fit()

    def minimumSizeHint(self) -> QSize:
        """Allow one line."""
        return QSize(60, self.fontMetrics().lineSpacing() + 12)

    def _fit(self) -> None:
        # A QPlainTextDocumentLayout counts its height in lines.
        needed = self.document().size().height()
        lines = min(max(needed, 1), self.MOST_LINES)
        height = round(lines * self.fontMetrics().lineSpacing() + 16)
        policy = Qt.ScrollBarPolicy
        is_cut = needed > self.MOST_LINES
        self.setVerticalScrollBarPolicy(policy.ScrollBarAsNeeded if is_cut else policy.ScrollBarAlwaysOff)
        if height != self.height():
            self.setFixedHeight(height)


class FieldRows(QWidget):
    """The fields of a span, one under the other; rebuilt only when the codebook asks for others."""

    value_changed = Signal(int, str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shape: tuple[object, ...] = ()
        self.editors: list[FieldEditor] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(4, 0, 2, 0)
        self._grid.setVerticalSpacing(1)
        self._grid.setHorizontalSpacing(NAME_GAP_PX)
        self._grid.setColumnStretch(1, 1)

    def show_fields(self, fields: Sequence[FieldData]) -> bool:
        """Show these fields with their values; return whether there are new editors."""
        shape = tuple((f.id, f.name, f.type, f.choices, f.definition, f.key) for f in fields)
        is_rebuilt = shape != self._shape
        if is_rebuilt:
            self._rebuild(fields)
            self._shape = shape
        for editor, field in zip(self.editors, fields, strict=True):
            editor.show_value(field.value)
        self.setVisible(bool(fields))
        return is_rebuilt

    def commit(self) -> None:
        """Tell of what was typed and not told yet."""
        for editor in self.editors:
            editor.commit()

    def _rebuild(self, fields: Sequence[FieldData]) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        self.editors = []
        for row, field in enumerate(fields):
            name = ElidedLabel(field.name, "muted")
            name.setFixedWidth(NAME_PX)
            editor = FieldEditor(field)
            editor.value_changed.connect(self.value_changed)
            editor.left.connect(self.left)
            self._grid.addWidget(name, row, 0)
            self._grid.addWidget(editor, row, 1)
            if field.key:
                self._grid.addWidget(KeyCap(field.key), row, 2, Qt.AlignmentFlag.AlignRight)
            self.editors.append(editor)


def note_row(editor: QWidget) -> QWidget:
    """Return the row of a note: its name, what edits it, and the key that leads there."""
    row = QWidget()
    grid = QGridLayout(row)
    grid.setContentsMargins(4, 1, 2, 0)
    grid.setHorizontalSpacing(NAME_GAP_PX)
    name = plain_label("Note", "muted")
    name.setContentsMargins(0, 6, 0, 0)
    name.setFixedWidth(NAME_PX)
    grid.setColumnStretch(1, 1)
    grid.addWidget(name, 0, 0, Qt.AlignmentFlag.AlignTop)
    grid.addWidget(editor, 0, 1)
    cap = KeyCap("N")
    cap.setFixedHeight(name.sizeHint().height() + 6)  # its middle stands at that of the first line
    grid.addWidget(cap, 0, 2, Qt.AlignmentFlag.AlignTop)
    return row
