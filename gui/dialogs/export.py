"""The export dialog: format, what goes in, where to; and what the format cannot hold."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from gui.dialogs.files import typed_path
from gui.widgets.choice import ChoiceBox
from gui.widgets.dialog_buttons import dialog_buttons
from gui.widgets.text import plain_label
from storage.records import State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gui.dialogs.files import FilePicker
    from storage.formats.registry import Format


@dataclass(frozen=True, slots=True)
class ExportChoice:
    """What the analyst wants exported: the format's name, which spans, and into which file or folder."""

    format_name: str
    include: frozenset[State]
    path: Path


_STATES = (
    (State.CONFIRMED, "Confirmed", "what was accepted or drawn"),
    (State.REJECTED, "Rejected", "what suggesters got wrong; training needs it too"),
    (State.SUGGESTED, "Suggested", "what nobody has decided on"),
)

_LOSSES = (
    ("overlap", "overlapping spans (the longer one stays)"),
    ("fragments", "split spans as one (each part becomes a span)"),
    ("links", "links: speakers, targets, cues"),
    ("fields", "fields and notes"),
    ("negatives", "rejections"),
    ("unreviewed", "what was not reviewed"),
)


def losses(chosen: Format) -> list[str]:
    """Return what a format cannot hold, in words."""
    return [words for name, words in _LOSSES if not getattr(chosen.holds, name)]


def default_states(chosen: Format) -> frozenset[State]:
    """Return what goes into a format unless the analyst says otherwise: all, or for training what was decided."""
    decided = {State.CONFIRMED, State.REJECTED} if chosen.holds.negatives else {State.CONFIRMED}
    return frozenset(State) if chosen.holds.links else frozenset(decided)


class ExportDialog(QDialog):
    """Asks what to export; `export_requested` carries an `ExportChoice`. Shown by `open()`."""

    export_requested = Signal(object)

    def __init__(
        self, parent: QWidget | None, formats: Sequence[Format], picker: FilePicker, folder: Path, name: str
    ) -> None:
        super().__init__(parent)
        self._formats = formats
        self._picker = picker
        self._folder, self._name = folder, name
        self._suggested: Path | None = None
        self.setWindowTitle("Export")
        self.setMinimumWidth(540)
        self.format = ChoiceBox("Format")
        self.format.addItems([chosen.title for chosen in formats])
        self.states = {state: QCheckBox(f"{text}: {say}") for state, text, say in _STATES}
        self.path = QLineEdit()
        self.path.setAccessibleName("Where to")
        self.browse = QPushButton("Choose …")
        self.browse.setAutoDefault(False)
        self._losses = plain_label("", "muted", is_wrapped=True)
        self._warning = plain_label("", "warning", is_wrapped=True)
        self.export = QPushButton("Export")
        self.export.setDefault(True)
        self._lay_out()
        self.format.currentIndexChanged.connect(self._take_format)
        self.path.textChanged.connect(self._check)
        self.browse.clicked.connect(self._browse)
        self.export.clicked.connect(self._finish)
        for box in self.states.values():
            box.toggled.connect(self._check)
        self._take_format()

    def choice(self) -> ExportChoice | None:
        """Return what is chosen now; `None` while something is missing."""
        text = self.path.text().strip()
        include = frozenset(state for state, box in self.states.items() if box.isChecked())
        if not text or not include:
            return None
        return ExportChoice(self._format().name, include, typed_path(text))

    def _format(self) -> Format:
        return self._formats[self.format.currentIndex()]

    def _take_format(self) -> None:
        chosen = self._format()
        for state, box in self.states.items():
            box.setChecked(state in default_states(chosen))
        lost = losses(chosen)
        self._losses.setText(f"Not held by this format: {'; '.join(lost)}." if lost else "Holds everything.")
        # A path that the analyst typed stays; one that was suggested follows the format.
        if self._suggested is None or self.path.text() == str(self._suggested):
            ending = "" if chosen.is_folder or not chosen.extensions else chosen.extensions[0]
            self._suggested = self._folder / f"{self._name}{'-' + chosen.name if chosen.is_folder else ''}{ending}"
            self.path.setText(str(self._suggested))
        self._check()

    def _browse(self) -> None:
        is_folder = self._format().is_folder
        path = self._picker.export_target(self, Path(self.path.text() or str(self._folder)), is_folder=is_folder)
        if path is not None:
            self.path.setText(str(path))

    def _check(self) -> None:
        choice = self.choice()
        self.export.setEnabled(choice is not None)
        try:
            self._warning.setText(self._warn(choice) if choice else "Choose what goes in, and where to.")
        except OSError as error:  # a name that is too long, a folder that may not be looked into
            self._warning.setText(f"The export cannot be kept there: {error.strerror}.")
            self.export.setEnabled(False)
        self._warning.setVisible(bool(self._warning.text()))

    def _warn(self, choice: ExportChoice) -> str:
        path, is_folder = choice.path, self._format().is_folder
        if not path.parent.is_dir():
            return f"There is no folder {path.parent}."
        if is_folder and path.is_file():
            return "This is a file; the format needs a folder."
        if not is_folder and path.is_dir():
            return "This is a folder; the format makes a file."
        if not is_folder and path.exists():
            return "This file is there already and will be replaced."
        if is_folder and path.is_dir() and any(path.iterdir()):
            is_replaced = self._format().module is None  # training data; all others make a new folder
            what = "files of the same names will be replaced" if is_replaced else "choose a new one"
            return f"This folder is not empty; {what}."
        return ""

    def _finish(self) -> None:
        choice = self.choice()
        if choice is not None:
            self.accept()
            self.export_requested.emit(choice)

    def _lay_out(self) -> None:
        states = QVBoxLayout()
        states.setSpacing(2)
        for box in self.states.values():
            states.addWidget(box)
        where = QHBoxLayout()
        where.setSpacing(8)
        where.addWidget(self.path, 1)
        where.addWidget(self.browse)
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(10)
        grid.setColumnStretch(1, 1)
        for row, (text, item) in enumerate((("Format", self.format), ("", self._losses))):
            grid.addWidget(plain_label(text, "muted"), row, 0)
            grid.addWidget(item, row, 1)
        spans = plain_label("Spans", "muted")
        spans.setContentsMargins(0, 4, 0, 0)
        grid.addWidget(spans, 2, 0, Qt.AlignmentFlag.AlignTop)
        grid.addLayout(states, 2, 1)
        grid.addWidget(plain_label("Where to", "muted"), 3, 0)
        grid.addLayout(where, 3, 1)
        grid.addWidget(self._warning, 4, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(14)
        layout.addWidget(plain_label("Export", "title"))
        layout.addLayout(grid)
        layout.addStretch()
        layout.addLayout(dialog_buttons(self, self.export))
