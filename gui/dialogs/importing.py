"""An import on screen: its progress beside the work that goes on, and afterwards what did not come in and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from gui.dialogs.message import MessageDialog
from gui.widgets.text import ElidedLabel, plain_label

if TYPE_CHECKING:
    from storage.formats.exchange import LeftOutList
    from storage.importing import ImportReport

#: More lines than these make a list that nobody reads; the rest is counted. The commands list them all.
MOST_LINES = 2_000


class ImportProgress(QFrame):
    """A band with a bar and a button; the window stays usable meanwhile."""

    cancel_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "bar")
        self._say = plain_label("")
        self._name = ElidedLabel("", "muted")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress of the import")
        self.cancel = QPushButton("Cancel")
        self.cancel.clicked.connect(self._cancel)
        line = QHBoxLayout()
        line.setSpacing(12)
        line.addWidget(self._say)
        line.addWidget(self._name, 1)
        line.addWidget(self.cancel)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 8, 14, 10)
        layout.setSpacing(6)
        layout.addLayout(line)
        layout.addWidget(self.bar)
        self.hide()

    def show_progress(self, done: int, total: int, name: str = "") -> None:
        """Show how far the import has come; `total` 0 means that nobody knows yet."""
        if not self.isVisible():
            self.cancel.setEnabled(True)
            self.cancel.setText("Cancel")
            self.show()
        self._say.setText(f"Importing {done:,} of {total:,}" if total else "Looking for files …")
        self._name.set_full_text(name)
        self.bar.setRange(0, total)
        self.bar.setValue(done)

    def finish(self) -> None:
        """Take the band away."""
        self.hide()

    def _cancel(self) -> None:
        self.cancel.setEnabled(False)
        self.cancel.setText("Cancelling …")
        self.cancel_requested.emit()


class ImportReportDialog(MessageDialog):
    """Tells what came in, and lists what did not, each with its reason; the list can be copied."""

    def __init__(self, parent: QWidget | None, report: ImportReport) -> None:
        super().__init__(parent, import_title(report), import_sentence(report), import_details(report))
        self.copy.setText("Copy list")
        self.details.setAccessibleName("What was not imported, and why")
        if self.details.toPlainText():
            self.resize(640, 460)


def import_title(report: ImportReport) -> str:
    """Return what came in, in a few words."""
    if report.is_cancelled:
        return f"Import stopped after {_documents(report.documents)}"
    return f"{_documents(report.documents)} imported" if report.documents else "Nothing was imported"


def import_sentence(report: ImportReport) -> str:
    """Return how many were left out, and for what kind of reason."""
    parts = []
    refused = report.refused.count
    if refused == 1:
        parts.append("1 was refused: nothing of it came in.")
    elif refused:
        parts.append(f"{refused:,} were refused: nothing of them came in.")
    if report.skipped:
        parts.append(f"{report.skipped.count:,} skipped.")
    if report.guessed:
        parts.append(f"The encoding of {report.guessed.count:,} had to be guessed: look at a few of them.")
    return " ".join(parts) or "Everything came in, character for character."


def import_details(report: ImportReport) -> str:
    """Return the lists, one line for each file or document."""
    sections = (("Refused", report.refused), ("Skipped", report.skipped), ("Encoding guessed", report.guessed))
    return "\n\n".join(_section(title, rows) for title, rows in sections if rows)


def _section(title: str, rows: LeftOutList) -> str:
    return "\n".join([f"{title} ({rows.count:,})", *rows.to_lines(most=MOST_LINES)])


def _documents(count: int) -> str:
    return f"{count:,} document{'s' * (count != 1)}"
