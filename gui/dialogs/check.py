"""The check of a project on screen: how far it is, what was found, what can be done about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QProgressBar, QPushButton, QWidget

from gui.dialogs.message import details_box
from gui.widgets.dialog_parts import dialog_column
from gui.widgets.text import plain_label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.findings import Finding

_WIDTH_PX, _LOW_PX, _HIGH_PX = 680, 190, 440
#: More lines than these make a list that nobody reads; the command lists them all.
MOST_LINES = 1_000


class CheckDialog(QDialog):
    """Shows a check that goes on, then its result. Shown by `open()`; closing it asks to stop.

    `repair_requested` asks to mend what can be mended.
    """

    repair_requested = Signal()

    def __init__(self, parent: QWidget | None, name: str) -> None:
        super().__init__(parent)
        self.setWindowTitle("Check")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(_WIDTH_PX, _LOW_PX)
        self.title = plain_label(f"Checking {name} …", "title", is_wrapped=True)
        self._name = name
        self.say = plain_label("", "muted", is_wrapped=True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress of the check")
        self.list = details_box("", "What was found")
        self.copy = QPushButton("Copy list")
        self.repair = QPushButton("Repair")
        self.shut = QPushButton("Stop")
        for button in (self.copy, self.repair, self.shut):
            button.setAutoDefault(False)
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.list.toPlainText()))
        self.repair.clicked.connect(lambda _is_checked=False: self.repair_requested.emit())
        self.shut.clicked.connect(self.reject)
        self._lay_out()
        self._show_parts(is_working=True)
        self.show_work("", 0, 0)

    def show_work(self, what: str, done: int, total: int) -> None:
        """Tell what the check is at, how many are done, of how many; 0 means that nobody knows."""
        if self.bar.isHidden():
            self._show_parts(is_working=True)
        self.say.setText(f"{what.capitalize()} …" if what else "")
        self.bar.setRange(0, total)
        self.bar.setValue(done)

    def show_result(self, found: Sequence[Finding], mended: Sequence[Finding] = ()) -> None:
        """Tell what was found, and what was mended."""
        self._show_parts(is_working=False)
        can_mend = any(finding.repair for finding in found)
        self.title.setText(_title(self._name, len(found), len(mended)))
        self.say.setText(_advice(found, is_mended=bool(mended), can_mend=can_mend))
        self.list.setPlainText(result_text(found, mended))
        for widget in (self.list, self.copy):
            widget.setVisible(bool(found or mended))
        if found or mended:
            self.resize(self.width(), max(self.height(), _HIGH_PX))
        self.repair.setVisible(can_mend and not mended)
        (self.repair if self.repair.isVisible() else self.shut).setFocus()

    def show_failure(self, sentence: str) -> None:
        """Tell that the check or the repair could not be made."""
        self._show_parts(is_working=False)
        self.title.setText("That did not work")
        self.say.setText(sentence)

    def _show_parts(self, *, is_working: bool) -> None:
        self.bar.setVisible(is_working)
        for widget in (self.list, self.copy, self.repair):
            widget.hide()
        self.shut.setText("Stop" if is_working else "Close")

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self.copy)
        buttons.addStretch()
        buttons.addWidget(self.shut)
        buttons.addWidget(self.repair)
        layout = dialog_column(self)
        layout.addWidget(self.title)
        layout.addWidget(self.say)
        layout.addWidget(self.bar)
        layout.addWidget(self.list, 100)
        layout.addStretch(1)
        layout.addLayout(buttons)


def result_text(found: Sequence[Finding], mended: Sequence[Finding]) -> str:
    """Return the list: what is wrong, by what would be done about it, then what was mended."""
    from storage.findings import EXPLAINED

    sections = []
    # What is still there after a repair is what the repair could not do.
    wishes = {} if mended else EXPLAINED
    for repair, explained in wishes.items():
        rows = [finding.sentence for finding in found if finding.repair is repair]
        if rows:
            sections.append(_section(explained, rows))
    rows = [finding.sentence for finding in found if finding.repair not in wishes]
    if rows:
        sections.append(_section("Nothing here can mend these; a backup may have them sound.", rows))
    if mended:
        sections.append(_section("Mended", [finding.sentence for finding in mended]))
    return "\n\n".join(sections)


def _section(head: str, rows: Sequence[str]) -> str:
    lines = [head, *(f"  • {row}" for row in rows[:MOST_LINES])]
    if len(rows) > MOST_LINES:
        lines.append(f"  … and {len(rows) - MOST_LINES:,} more")
    return "\n".join(lines)


def _title(name: str, found: int, mended: int) -> str:
    if not found:
        return f"{name} is sound"
    problems = f"{found:,} problem{'s' * (found != 1)}"
    return f"{problems} left in {name}" if mended else f"{problems} found in {name}"


def _advice(found: Sequence[Finding], *, is_mended: bool, can_mend: bool) -> str:
    if not found and is_mended:
        return "Everything that was found is mended. A backup from before is kept, and undo takes back what it can."
    if not found:
        return (
            "Every page of the file, every text, span and link is as it should be, and the change log, followed from "
            "its first entry to its last, makes exactly what there is."
        )
    if can_mend and not is_mended:
        return "Repair does what stands above each list. A backup is made first."
    return "What is left may be sound in a backup (Project > Backups); the backups show what differs."
