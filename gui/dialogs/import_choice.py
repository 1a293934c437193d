"""The import dialog: what files are, what their columns and labels become, and what would come in, before it does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QWidget,
)

from gui.dialogs.export_parts import LABEL_WIDTH_PX
from gui.dialogs.import_parts import ColumnRows, LabelRows
from gui.dialogs.importing import MOST_LINES
from gui.dialogs.message import details_box
from gui.timers import single_shot
from gui.widgets.choice import ChoiceBox
from gui.widgets.dialog_parts import dialog_buttons, dialog_column, fit_height
from gui.widgets.text import plain_label
from storage.records import State

if TYPE_CHECKING:
    from pathlib import Path

    from storage.formats.columns import ColumnMapping, TablePreview
    from storage.formats.interface import Format
    from storage.formats.mapping import Arrival
    from storage.preview import DocumentPreview, ImportPreview
    from storage.records import Codebook

_PREVIEW_AFTER_MS = 250
_PREVIEW_LINES = 7
_BEGINNING_CP = 90


@dataclass(frozen=True, slots=True)
class ImportChoice:
    """What is to be imported and how; `format_` None goes by name and content, `columns` None by their names."""

    paths: tuple[Path, ...]
    format_: Format | None = None
    arrival: Arrival | None = None
    columns: ColumnMapping | None = None
    is_joining: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What a look at the files brought: the preview, and the first table's columns if there is one."""

    preview: ImportPreview
    table: TablePreview | None = None
    are_kinds_told: bool = field(default=False)


#: Looks at the files off the window's thread, and hands what was found to a function; only the latest look counts.
Look = Callable[[ImportChoice, Callable[[Found], None]], None]


class ImportDialog(QDialog):
    """Asks how files come in; `import_requested` carries an `ImportChoice`. Shown by `open()`.

    Whatever is changed is looked at anew, so that the preview is always what the import will bring.
    """

    import_requested = Signal(object)

    def __init__(
        self,
        parent: QWidget | None,
        paths: Sequence[Path],
        formats: Sequence[Format],
        codebook: Codebook,
        look: Look,
    ) -> None:
        super().__init__(parent)
        self._paths, self._formats, self._look = tuple(paths), formats, look
        self._are_columns_shown = False
        self.setWindowTitle("Import")
        self.setMinimumWidth(680)
        self.format = ChoiceBox("Format")
        self.format.addItem("what name and content tell")
        self.format.addItems([chosen.title for chosen in formats])
        self.columns = ColumnRows()
        self.labels = LabelRows(codebook)
        self.as_told = QRadioButton("as the files say")
        self.as_confirmed = QRadioButton("as confirmed")
        self.as_suggested = QRadioButton("as suggestions")
        self.source = QLineEdit()
        self.source.setPlaceholderText("who labelled, where the files name nobody")
        self.source.setAccessibleName("Who labelled")
        self.joining = QCheckBox("Add labels to texts that the project has already; what stands there stays as it is")
        self.sentence = plain_label("Reading …", "", is_wrapped=True)
        self.list = details_box("", "What would come in")
        self.list.setFixedHeight(self.list.fontMetrics().lineSpacing() * _PREVIEW_LINES + 16)
        self.import_ = QPushButton("Import")
        self.import_.setDefault(True)
        self.import_.setEnabled(False)
        self._spans_label = plain_label("Spans come in", "muted")
        self._labels_label = plain_label("Labels", "muted")
        self._soon = single_shot(self, _PREVIEW_AFTER_MS, self._ask)
        self._lay_out()
        self._connect()
        self._show_parts(has_table=False, has_spans=False)
        self._ask()

    def choice(self) -> ImportChoice:
        """Return what is chosen now."""
        from storage.formats.mapping import Arrival, LabelMapping

        state = None
        if self.as_confirmed.isChecked():
            state = State.CONFIRMED
        elif self.as_suggested.isChecked():
            state = State.SUGGESTED
        arrival = Arrival(LabelMapping(self.labels.targets()), state, self.source.text().strip())
        columns = self.columns.mapping() if self._are_columns_shown else None
        number = self.format.currentIndex()
        format_ = self._formats[number - 1] if number > 0 else None
        return ImportChoice(self._paths, format_, arrival, columns, self.joining.isChecked())

    def _connect(self) -> None:
        self.format.currentIndexChanged.connect(self._take_format)
        self.columns.changed.connect(self._ask_soon)
        self.labels.changed.connect(self._ask_soon)
        self.source.textEdited.connect(self._ask_soon)
        for button in (self.as_told, self.as_confirmed, self.as_suggested):
            button.toggled.connect(self._ask_soon)
        self.joining.toggled.connect(self._ask_soon)
        self.import_.clicked.connect(self._finish)

    def _take_format(self) -> None:
        self._are_columns_shown = False
        self._ask_soon()

    def _ask_soon(self) -> None:
        self.import_.setEnabled(False)
        self.sentence.setText("Reading …")
        self._soon.start()

    def _ask(self) -> None:
        self._look(self.choice(), self._show)

    def _show(self, found: Found) -> None:
        preview = found.preview
        if found.table is not None and not self._are_columns_shown:
            from storage.formats.columns import guess_mapping

            self.columns.show_table(found.table, guess_mapping(found.table.columns, found.table.rows))
            self._are_columns_shown = True
        if preview.labels or not preview.report.refused:
            self.labels.show_labels(preview.labels, are_kinds_told=found.are_kinds_told)
        self._show_parts(has_table=found.table is not None, has_spans=bool(preview.labels))
        self.sentence.setText(_summary(preview))
        self.list.setPlainText("\n".join(_lines(preview)))
        self.import_.setEnabled(preview.documents + preview.joining > 0)
        QTimer.singleShot(0, self, lambda: fit_height(self))

    def _show_parts(self, *, has_table: bool, has_spans: bool) -> None:
        self.columns.setVisible(has_table)
        for widget in (self._labels_label, self.labels, self._spans_label, self._spans, self.joining):
            widget.setVisible(has_spans)

    def _finish(self) -> None:
        choice = self.choice()
        self.accept()
        self.import_requested.emit(choice)

    def _lay_out(self) -> None:
        self.as_told.setChecked(True)
        self._spans = QWidget()
        row = QHBoxLayout(self._spans)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(14)
        group = QButtonGroup(self)
        for button in (self.as_told, self.as_confirmed, self.as_suggested):
            group.addButton(button)
            row.addWidget(button)
        row.addWidget(self.source, 1)
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(12)
        grid.setColumnMinimumWidth(0, LABEL_WIDTH_PX)
        grid.setColumnStretch(1, 1)
        grid.addWidget(plain_label("Read as", "muted"), 0, 0)
        grid.addWidget(self.format, 0, 1)
        grid.addWidget(self.columns, 1, 0, 1, 2)
        grid.addWidget(self._labels_label, 2, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.labels, 2, 1)
        grid.addWidget(self._spans_label, 3, 0)
        grid.addWidget(self._spans, 3, 1)
        grid.addWidget(self.joining, 4, 1)
        layout = dialog_column(self, "Import", spacing=12)
        layout.addLayout(grid)
        layout.addWidget(self.sentence)
        layout.addWidget(self.list)
        layout.addStretch()
        layout.addLayout(dialog_buttons(self, self.import_))


def _summary(preview: ImportPreview) -> str:
    """Return what would come in, in one or two sentences."""
    if not preview.documents and not preview.joining:
        if preview.present:
            return "Nothing would come in: the project has these texts already."
        return "Nothing would come in; the reasons stand below." if preview.report.refused else "Nothing is there."
    files = preview.formats.total()
    kinds = ", ".join(f"{count:,} {name}" for name, count in preview.formats.items())
    source = "" if files == preview.documents else f" from {files:,} file{'s' * (files != 1)}"
    spans, links = preview.arrived.total(), preview.links.total()
    words = f"{preview.documents:,} document{'s' * (preview.documents != 1)}{source} ({kinds})"
    if preview.joining:
        words += f" and the labels of {preview.joining:,} that {'is' if preview.joining == 1 else 'are'} there"
    if spans:
        words += f", {spans:,} span{'s' * (spans != 1)}, {links:,} link{'s' * (links != 1)}"
    if preview.present:
        return f"{words} would come in; {preview.present:,} more the project has already."
    return f"{words} would come in."


def _lines(preview: ImportPreview) -> list[str]:
    report = preview.report
    lines = report.refused.to_lines("Not imported: ", MOST_LINES)
    lines += [f"Lost: {loss.count:,} {loss.what}: {loss.why}" for loss in report.losses]
    lines += report.guessed.to_lines("Encoding guessed: ", MOST_LINES)
    return lines + [_shown(document) for document in preview.first]


def _shown(document: DocumentPreview) -> str:
    """Return a document on a line: its title, what is labelled, and its first words unless they are the title."""
    title, words = document.title, document.beginning
    if words.startswith(title):
        words = words.removeprefix(title).lstrip()
    elif words.startswith(title.removesuffix("…")):
        title = ""
    if document.spans:
        spans, links = document.spans, document.links
        title += f" [{spans:,} span{'s' * (spans != 1)}, {links:,} link{'s' * (links != 1)}]"
    words = words if len(words) <= _BEGINNING_CP else words[: _BEGINNING_CP - 1] + "…"
    return ": ".join(part for part in (title.strip(), words) if part)
