"""The codebook panel: labels, link types and fields in a list, and one of them in a form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from gui.panels.codebook_data import find_entry, is_same_entry, noun_of, sections
from gui.panels.codebook_forms import EntryForm, FieldForm, LabelForm, LinkTypeForm
from gui.panels.codebook_options import OptionsSection
from gui.panels.codebook_rows import EntryRow, SectionRows
from gui.widgets.scrolled import scrolled
from gui.widgets.text import heading
from gui.widgets.tool_buttons import tool_button
from storage.records import Codebook, FieldRecord, LabelRecord, LinkTypeRecord

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from gui.panels.codebook_data import Entry


class CodebookPanel(QWidget):
    """Shows the codebook; every change is a wish, told by signal with the record as it should be.

    `draft_requested` carries the blank of a new entry, to be shown again by `show_entry` with key and colour chosen;
    `remembered_requested` the id of a label, and whether its words are to be remembered.
    """

    draft_requested = Signal(object)
    add_requested = Signal(object)
    changed = Signal(object)
    remove_requested = Signal(object)
    move_requested = Signal(object, int)
    import_requested = Signal()
    export_requested = Signal()
    remembered_requested = Signal(int, bool)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.codebook = Codebook()
        self._shown: Entry | None = None
        self._last: Entry | None = None
        self.import_button = tool_button(
            "Import …", "Take labels, link types and fields from a codebook file", role="small"
        )
        self.export_button = tool_button("Export …", "Write the codebook as one readable file", role="small")
        self.back = tool_button("‹ Codebook", "Back to the list (Escape)", role="small")
        self._title = heading("")
        self._list = QVBoxLayout()
        self._list.setContentsMargins(8, 0, 8, 8)
        self._list.setSpacing(2)
        self.sections: list[SectionRows] = []
        self.options = OptionsSection()
        self.forms: tuple[LabelForm, LinkTypeForm, FieldForm] = (LabelForm(), LinkTypeForm(), FieldForm())
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._list_page())
        self._form_area = scrolled(self._form_page())
        self._stack.addWidget(self._form_area)
        self._connect()

    @property
    def shown_entry(self) -> Entry | None:
        """The entry in the form; `None` while the list is shown."""
        return self._shown

    @property
    def rows(self) -> list[EntryRow]:
        """All lines of the list, from the top."""
        return [row for section in self.sections for row in section.rows]

    def set_codebook(self, codebook: Codebook) -> None:
        """Show this codebook. An open form shows its entry as it is now, or makes way for the list if it is gone."""
        before = [row.entry for row in self.rows]
        focused = next((row.entry for row in self.rows if row.hasFocus()), None)
        self._last = focused or self._last
        self.codebook = codebook
        self._fill_list()
        self.options.show_options(codebook)
        if self._last is not None and find_entry(codebook, self._last) is None:
            place = next((n for n, entry in enumerate(before) if is_same_entry(entry, self._last)), 0)
            self._last = self.rows[min(place, len(self.rows) - 1)].entry if self.rows else None
        if focused is not None:
            self._focus_row(self._last)
        if self._shown is not None and self._shown.id:
            entry = find_entry(codebook, self._shown)
            if entry is None:
                self.show_list()
            else:
                self._fill_form(entry)

    def show_settings(self, codebook: Codebook) -> None:
        """Show how suggestions are made now; the entries are the same."""
        self.codebook = codebook
        self.options.show_options(codebook)
        if isinstance(self._shown, LabelRecord):
            self.forms[0].show_settings(codebook.settings_of(self._shown.id))

    def show_list(self) -> None:
        """Go back to the list, to the line of the entry that was open."""
        had_focus = any(child.hasFocus() for child in self._form_area.findChildren(QWidget))
        entry, self._shown = self._shown, None
        self._last = entry or self._last
        self._stack.setCurrentIndex(0)
        if had_focus:
            self._focus_row(self._last)

    def show_entry(self, entry: Entry) -> None:
        """Open the form of an entry, or of a draft of a new one (its id is 0), the keyboard in its name."""
        self._fill_form(entry)
        self._stack.setCurrentIndex(1)
        self._form_area.verticalScrollBar().setValue(0)
        form = self.form()
        form.name.setFocus(Qt.FocusReason.OtherFocusReason)
        form.name.selectAll()

    def refuse(self, sentence: str) -> None:
        """Tell in the form why what it has was not taken."""
        self.form().refuse(sentence)

    def form(self) -> EntryForm:
        """Return the form in use, or used last."""
        match self._shown:
            case LinkTypeRecord():
                return self.forms[1]
            case FieldRecord():
                return self.forms[2]
            case _:
                return self.forms[0]

    def focus_list(self) -> None:
        """Put the keyboard into the panel: where it was last."""
        if self._shown is None:
            self._focus_row(self._last)
        else:
            self.form().name.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave by Escape from wherever it is not used for something else: the form for the list, that for the text."""
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self._shown is not None:
            self._leave_form()
        else:
            self.left.emit()

    # -- inside -------------------------------------------------------------------------------------------------------

    def _fill_form(self, entry: Entry) -> None:
        self._shown = entry
        match entry:
            case LabelRecord():
                self.forms[0].show_entry(entry, self.codebook)
            case LinkTypeRecord():
                self.forms[1].show_entry(entry, self.codebook)
            case FieldRecord():
                self.forms[2].show_entry(entry, self.codebook)
        for form in self.forms:
            form.setVisible(form is self.form())
        title = noun_of(entry) if entry.id else f"new {noun_of(entry)}"
        self._title.setText(title.upper())
        self._title.setAccessibleName(title)

    def _fill_list(self) -> None:
        for old in self.sections:
            self._list.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.sections = [SectionRows(section) for section in sections(self.codebook)]
        for section in self.sections:
            self._list.addWidget(section)
            section.add_requested.connect(self.draft_requested)
            section.entry_requested.connect(self.show_entry)
            section.remove_requested.connect(self._ask_to_remove)
            section.move_requested.connect(self.move_requested)
            section.show()

    def _focus_row(self, entry: Entry | None) -> None:
        rows = self.rows
        wanted = next((row for row in rows if is_same_entry(row.entry, entry)), rows[0] if rows else None)
        target: QWidget = wanted or self.sections[0].add if self.sections else self.import_button
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _ask_to_remove(self, entry: Entry) -> None:
        self._last = entry
        self.remove_requested.emit(entry)

    def _leave_form(self) -> None:
        """Go back to the list; where the last change is refused, stay once so that the reason is read."""
        form = self.form()
        was_refused = bool(form.problem.text())
        form.commit()
        if was_refused or not form.problem.text():
            self.show_list()

    def _list_page(self) -> QWidget:
        top = QHBoxLayout()
        top.setContentsMargins(16, 8, 8, 0)
        top.addWidget(heading("Codebook"), 1)
        top.addWidget(self.import_button)
        top.addWidget(self.export_button)
        body = QWidget()
        body.setProperty("role", "ground")
        inner = QVBoxLayout(body)
        inner.setContentsMargins(0, 4, 0, 0)
        inner.addLayout(self._list)
        inner.addWidget(self.options)
        inner.addStretch()
        page = QWidget()
        page.setProperty("role", "ground")
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(top)
        layout.addWidget(scrolled(body), 1)
        return page

    def _form_page(self) -> QWidget:
        top = QHBoxLayout()
        top.setContentsMargins(8, 8, 12, 0)
        top.addWidget(self.back)
        top.addWidget(self._title, 1)
        page = QWidget()
        page.setProperty("role", "ground")
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        for form in self.forms:
            form.hide()
            layout.addWidget(form)
        layout.addStretch()
        return page

    def _connect(self) -> None:
        self.back.clicked.connect(self._leave_form)
        for button, wish in ((self.import_button, self.import_requested), (self.export_button, self.export_requested)):
            button.clicked.connect(lambda _is_checked=False, told=wish: told.emit())
        self.forms[0].remembered_requested.connect(self.remembered_requested)
        for form in self.forms:
            form.changed.connect(self.changed)
            form.add_requested.connect(self.add_requested)
            form.remove_requested.connect(self.remove_requested)
            form.left.connect(self._leave_form)
