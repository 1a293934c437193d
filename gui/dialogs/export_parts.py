"""Parts of the export dialog: the formats under headings, a format's own choices, and what would be lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QGridLayout, QPlainTextEdit, QVBoxLayout, QWidget

from gui.dialogs.message import details_box
from gui.theme import scaled_font
from gui.widgets.choice import ChoiceBox
from gui.widgets.text import plain_label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.formats.interface import Format, FormatOption
    from storage.formats.losses import Losses

#: The column of the labels, in the dialog and in the rows that come and go.
LABEL_WIDTH_PX = 84
_LINES = 5
_OPTION_WIDTH_PX = 140


class FormatBox(ChoiceBox):
    """The formats under the headings of their groups; headings cannot be chosen."""

    def __init__(self, name: str, formats: Sequence[Format]) -> None:
        super().__init__(name)
        model = cast("QStandardItemModel", self.model())
        self._formats: dict[int, Format] = {}
        for group in dict.fromkeys(chosen.group for chosen in formats):
            heading = QStandardItem(group.value)
            heading.setFlags(Qt.ItemFlag.NoItemFlags)
            heading.setFont(scaled_font(self.font(), 0.85, weight=QFont.Weight.DemiBold))
            model.appendRow(heading)
            for chosen in formats:
                if chosen.group == group:
                    self._formats[model.rowCount()] = chosen
                    model.appendRow(QStandardItem(chosen.title))
        self.setMaxVisibleItems(30)
        self.choose(formats[0].name)

    def chosen(self) -> Format:
        """Return the format that is chosen."""
        return self._formats[self.currentIndex()]

    def choose(self, name: str) -> None:
        """Choose a format by its name."""
        self.setCurrentIndex(next(row for row, chosen in self._formats.items() if chosen.name == name))


class OptionRows(QWidget):
    """A row for each choice that a format offers, hidden where it offers none."""

    def __init__(self) -> None:
        super().__init__()
        self.boxes: dict[str, ChoiceBox] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnMinimumWidth(0, LABEL_WIDTH_PX)
        self._grid.setColumnStretch(2, 1)

    def offer(self, options: Sequence[FormatOption]) -> None:
        """Show these choices instead of those before, each at its usual value."""
        for row in range(self._grid.rowCount()):
            self._grid.setRowMinimumHeight(row, 0)
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        self.boxes = {}
        for row, option in enumerate(options):
            box = self.boxes[option.name] = ChoiceBox(option.title)
            box.addItems(option.choices)
            box.setAccessibleDescription(option.help)
            box.setFixedWidth(_OPTION_WIDTH_PX)
            self._grid.addWidget(plain_label(option.title, "muted"), row, 0)
            self._grid.addWidget(box, row, 1)
            self._grid.addWidget(plain_label(option.help, "small", is_wrapped=True), row, 2)
            self._grid.setRowMinimumHeight(row, box.sizeHint().height())
        self.setVisible(bool(options))

    def values(self) -> dict[str, str]:
        """Return what is chosen, by the option's name."""
        return {name: box.currentText() for name, box in self.boxes.items()}


class LossesBox(QWidget):
    """What an export would lose: one sentence, and the list where there is something."""

    def __init__(self) -> None:
        super().__init__()
        self.sentence = plain_label("", "", is_wrapped=True)
        self.list: QPlainTextEdit = details_box("", "What would be lost")
        self.list.setFixedHeight(self.list.fontMetrics().lineSpacing() * _LINES + 16)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.sentence)
        layout.addWidget(self.list)
        self.list.hide()

    def wait(self) -> None:
        """Say that it is being counted; the empty list stays until then, so that nothing jumps."""
        self.sentence.setText("Counting …")
        self.list.clear()

    def show_losses(self, losses: Losses, *, is_summary: bool) -> None:
        """Show what was counted."""
        lines = [f"{loss.count:,} {loss.what}: {loss.why}" for loss in losses]
        self.list.setPlainText("\n".join(lines))
        self.list.setVisible(bool(lines))
        if is_summary:
            self.sentence.setText("This is a summary: it counts the project instead of holding it.")
        elif lines:
            self.sentence.setText("The format has no place for these; the report beside the export names places.")
        else:
            self.sentence.setText("Nothing of this project.")
