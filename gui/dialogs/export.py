"""The export dialog: format, what goes in, where to; and what this project would lose in that format."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
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

from gui.dialogs.export_parts import LABEL_WIDTH_PX, FormatBox, LossesBox, OptionRows
from gui.dialogs.files import typed_path
from gui.timers import single_shot
from gui.widgets.dialog_parts import dialog_buttons, dialog_column, fit_height
from gui.widgets.text import plain_label
from storage.records import State

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gui.dialogs.files import FilePicker
    from storage.formats.interface import Format
    from storage.formats.losses import Losses


@dataclass(frozen=True, slots=True)
class ExportChoice:
    """What the analyst wants exported: the format's name, which spans, and into which file or folder."""

    format_name: str
    include: frozenset[State]
    path: Path
    options: Mapping[str, str] = field(default_factory=dict)


#: Counts what a format would lose of the project with these spans, and hands the losses to a function, later.
LossCounter = Callable[["Format", frozenset[State], Callable[["Losses"], None]], None]

#: The counting begins when nothing was changed for so long.
_COUNT_AFTER_MS = 150

_STATES = (
    (State.CONFIRMED, "Confirmed", "what was accepted or drawn"),
    (State.REJECTED, "Rejected", "what suggesters got wrong; training needs it too"),
    (State.SUGGESTED, "Suggested", "what nobody has decided on"),
)


def default_states(chosen: Format) -> frozenset[State]:
    """Return what goes into a format unless the analyst says otherwise: all, or for training what was decided."""
    if chosen.holds.unreviewed and chosen.holds.links:
        return frozenset(State)
    return frozenset({State.CONFIRMED, State.REJECTED} if chosen.holds.negatives else {State.CONFIRMED})


class ExportDialog(QDialog):
    """Asks what to export; `export_requested` carries an `ExportChoice`. Shown by `open()`."""

    export_requested = Signal(object)

    def __init__(
        self,
        parent: QWidget | None,
        formats: Sequence[Format],
        picker: FilePicker,
        folder: Path,
        name: str,
        count_losses: LossCounter | None = None,
        *,
        is_encrypted: bool = False,
    ) -> None:
        super().__init__(parent)
        self.plain = plain_label("The project is encrypted; what is exported is not.", "warning", is_wrapped=True)
        self.plain.setVisible(is_encrypted)
        self._count_losses = count_losses
        self._picker = picker
        self._folder, self._name = folder, name
        self._suggested: Path | None = None
        self.setWindowTitle("Export")
        self.setMinimumWidth(600)
        self.format = FormatBox("Format", formats)
        self.options = OptionRows()
        self.states = {state: QCheckBox(f"{text}: {say}") for state, text, say in _STATES}
        self.path = QLineEdit()
        self.path.setAccessibleName("Where to")
        self.browse = QPushButton("Choose …")
        self.browse.setAutoDefault(False)
        self.remark = plain_label("", "muted", is_wrapped=True)
        self.losses = LossesBox()
        self._counting = single_shot(self, _COUNT_AFTER_MS, self._count)
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
            box.toggled.connect(self._count_soon)
        self._take_format()

    def choice(self) -> ExportChoice | None:
        """Return what is chosen now; `None` while something is missing."""
        text = self.path.text().strip()
        include = frozenset(state for state, box in self.states.items() if box.isChecked())
        if not text or not include:
            return None
        path = typed_path(text)
        path = path if path.is_absolute() else self._folder / path
        return ExportChoice(self._format().name, include, path, self.options.values())

    def _format(self) -> Format:
        return self.format.chosen()

    def _take_format(self) -> None:
        chosen = self._format()
        for state, box in self.states.items():
            box.setChecked(state in default_states(chosen))
        self.options.offer(chosen.options)
        self.remark.setText(chosen.remark)
        self.remark.setVisible(bool(chosen.remark))
        self._count_soon()
        self._fit_soon()  # the rows of the last format are gone by then
        # A path that the analyst typed stays; one that was suggested follows the format.
        if self._suggested is None or self.path.text() == str(self._suggested):
            ending = "" if chosen.is_folder or not chosen.extensions else chosen.extensions[0]
            self._suggested = self._folder / f"{self._name}{'-' + chosen.name if chosen.is_folder else ''}{ending}"
            self.path.setText(str(self._suggested))
        self._check()

    def _fit_soon(self) -> None:
        QTimer.singleShot(0, self, lambda: fit_height(self))

    def _count_soon(self) -> None:
        if self._count_losses is not None:
            self.losses.wait()
            self._counting.start()

    def _count(self) -> None:
        chosen, include = self._format(), frozenset(state for state, box in self.states.items() if box.isChecked())
        if self._count_losses is not None and include:
            self._count_losses(chosen, include, lambda losses: self._show_losses(chosen, include, losses))

    def _show_losses(self, chosen: Format, include: frozenset[State], losses: Losses) -> None:
        asked = frozenset(state for state, box in self.states.items() if box.isChecked())
        if chosen is self._format() and include == asked:
            self.losses.show_losses(losses, is_summary=chosen.is_summary)
            self._fit_soon()

    def _browse(self) -> None:
        is_folder = self._format().is_folder
        path = self._picker.export_target(self, Path(self.path.text() or str(self._folder)), is_folder=is_folder)
        if path is not None:
            # Desktops let people choose folders that are there: the export makes its own in one that holds things.
            is_within = is_folder and self._format().module is not None and path.is_dir() and any(path.iterdir())
            self.path.setText(str(path / f"{self._name}-{self._format().name}" if is_within else path))

    def _check(self) -> None:
        choice = self.choice()
        self.export.setEnabled(choice is not None)
        try:
            self._warning.setText(self._warn(choice) if choice else "Choose what goes in, and where to.")
        except OSError as error:  # a name that is too long, a folder that may not be looked into
            self._warning.setText(f"The export cannot be kept there: {error.strerror}.")
            self.export.setEnabled(False)
        is_shown = bool(self._warning.text())
        if is_shown != self._warning.isVisibleTo(self):
            self._warning.setVisible(is_shown)
            self._fit_soon()

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
        grid.setColumnMinimumWidth(0, LABEL_WIDTH_PX)
        grid.setColumnStretch(1, 1)
        grid.addWidget(plain_label("Format", "muted"), 0, 0)
        grid.addWidget(self.format, 0, 1)
        grid.addWidget(self.remark, 1, 1)
        grid.addWidget(self.options, 2, 0, 1, 2)
        spans = plain_label("Spans", "muted")
        spans.setContentsMargins(0, 4, 0, 0)
        grid.addWidget(spans, 3, 0, Qt.AlignmentFlag.AlignTop)
        grid.addLayout(states, 3, 1)
        lost = plain_label("Lost", "muted")
        lost.setContentsMargins(0, 1, 0, 0)
        lost.setVisible(self._count_losses is not None)
        self.losses.setVisible(self._count_losses is not None)
        grid.addWidget(lost, 4, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.losses, 4, 1)
        grid.addWidget(plain_label("Where to", "muted"), 5, 0)
        grid.addLayout(where, 5, 1)
        grid.addWidget(self._warning, 6, 1)
        grid.addWidget(self.plain, 7, 1)
        layout = dialog_column(self, "Export", spacing=14)
        layout.addLayout(grid)
        layout.addStretch()
        layout.addLayout(dialog_buttons(self, self.export))
