"""After an import: what came in, what did not, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gui.dialogs.message import MessageDialog

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from storage.formats.exchange import LeftOutList
    from storage.importing import ImportReport

#: More lines than these make a list that nobody reads; the rest is counted. The commands list them all.
MOST_LINES = 2_000


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
