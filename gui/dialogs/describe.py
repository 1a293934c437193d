"""The dialog for what is known about a document; its text never changes."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QFormLayout, QLineEdit, QPushButton, QWidget

from gui.widgets.dialog_parts import dialog_buttons, dialog_column
from gui.widgets.text import plain_label

if TYPE_CHECKING:
    from storage.records import DocumentRecord

#: A year, a month or a day, as far as it is known.
_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]+)*")


class DescribeDialog(QDialog):
    """Title, source, date and language; `described` carries them by name. Shown by `open()`."""

    described = Signal(object)

    def __init__(self, parent: QWidget | None, document: DocumentRecord) -> None:
        super().__init__(parent)
        self.setWindowTitle("Document")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(480)
        self.title = _line("Title", document.title)
        self.source = _line("Source", document.source)
        self.date = _line("Date", document.date or "", "2024-03-19")
        self.language = _line("Language", document.language, "en")
        self.warning = plain_label("", "warning", is_wrapped=True)
        self.keep = QPushButton("Keep")
        self.keep.setDefault(True)
        self.keep.clicked.connect(self._finish)
        form = QFormLayout()
        form.setHorizontalSpacing(14)
        form.setVerticalSpacing(8)
        for line in (self.title, self.source, self.date, self.language):
            name = plain_label(line.accessibleName(), "muted")
            name.setMinimumHeight(line.sizeHint().height())  # in the middle of the line, not at its top
            form.addRow(name, line)
            line.textChanged.connect(self._check)
        layout = dialog_column(self, "What is known about the document", spacing=12)
        layout.addLayout(form)
        layout.addWidget(self.warning)
        layout.addLayout(dialog_buttons(self, self.keep))
        self._check()

    def _problem(self) -> str:
        if not self.title.text().strip():
            return "A document has a title."
        day, language = self.date.text().strip(), self.language.text().strip()
        if day and not _is_date(day):
            return "Write the date as year-month-day (2024-03-19), or as much of it as is known."
        if language and not _LANGUAGE.fullmatch(language):
            return "Write the language as its code: en, de, zh."
        return ""

    def _check(self) -> None:
        problem = self._problem()
        self.warning.setText(problem)
        self.warning.setVisible(bool(problem))
        self.keep.setEnabled(not problem)

    def _finish(self) -> None:
        if self._problem():
            return
        values = {
            "title": self.title.text().strip(),
            "source": self.source.text().strip(),
            "date": self.date.text().strip() or None,
            "language": self.language.text().strip(),
        }
        self.accept()
        self.described.emit(values)


def _is_date(text: str) -> bool:
    """Whether a year, a month or a day of the calendar is written."""
    try:
        return bool(_DATE.fullmatch(text) and date.fromisoformat(text + "-01-01"[len(text) - 4 :]))
    except ValueError:
        return False


def _line(name: str, text: str, hint: str = "") -> QLineEdit:
    line = QLineEdit(text)
    line.setAccessibleName(name)
    line.setPlaceholderText(hint)
    return line
