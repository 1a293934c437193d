"""Parts of the import dialog: what the columns of a table are, and what each label of the files becomes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QWidget

from gui.dialogs.export_parts import LABEL_WIDTH_PX
from gui.widgets.choice import ChoiceBox
from gui.widgets.text import ElidedLabel, plain_label
from storage.records import LabelKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from storage.formats.columns import ColumnMapping, TablePreview
    from storage.formats.mapping import Target
    from storage.records import Codebook

_NONE = "(none)"
_PARTS = (("text", "Text"), ("title", "Title"), ("date", "Date"), ("source", "Source"), ("language", "Language"))
_KINDS = ((LabelKind.ACTOR, "an actor"), (LabelKind.CLAIM, "a claim"), (LabelKind.CUE, "a cue"))
_ROWS_SHOWN = 6
_BOX_WIDTH_PX = 230


class ColumnRows(QWidget):
    """A choice for each part of a document that a column may hold; `changed` when one is chosen."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.boxes: dict[str, ChoiceBox] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(6)
        grid.setColumnMinimumWidth(0, LABEL_WIDTH_PX)
        for number, (part, title) in enumerate(_PARTS):
            box = self.boxes[part] = ChoiceBox(f"Column of the {title.lower()}")
            box.activated.connect(lambda _index: self.changed.emit())
            row, column = divmod(number, 2)
            grid.addWidget(plain_label(title if number else "Text is in", "muted"), row, 2 * column)
            grid.addWidget(box, row, 2 * column + 1)
            grid.setColumnStretch(2 * column + 1, 1)

    def show_table(self, table: TablePreview, guess: ColumnMapping) -> None:
        """Offer the columns of a table, those that seem right chosen."""
        chosen = {"text": guess.text[0] if guess.text else None} | {
            part: getattr(guess, part) for part, _ in _PARTS if part != "text"
        }
        for part, box in self.boxes.items():
            box.clear()
            box.addItem(_NONE)
            box.addItems(table.columns)
            box.setCurrentIndex(table.columns.index(chosen[part]) + 1 if chosen[part] in table.columns else 0)

    def mapping(self) -> ColumnMapping:
        """Return what is chosen."""
        from storage.formats.columns import ColumnMapping

        said = {part: box.currentText() if box.currentIndex() > 0 else None for part, box in self.boxes.items()}
        return ColumnMapping(
            (said["text"],) if said["text"] else (),
            title=said["title"],
            date=said["date"],
            source=said["source"],
            language=said["language"],
        )


class LabelRows(QScrollArea):
    """A row for each label that files name, with what it is to become; `changed` when that is chosen."""

    changed = Signal()

    def __init__(self, codebook: Codebook) -> None:
        super().__init__()
        self._codebook = codebook
        self.boxes: dict[tuple[LabelKind, str], ChoiceBox] = {}
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("What the labels become")
        self._chosen: dict[tuple[LabelKind, str], Target | None] = {}

    def show_labels(self, counts: Mapping[tuple[LabelKind, str], int], *, are_kinds_told: bool) -> None:
        """Show the labels with their counts, most frequent first; what was chosen for one before stays."""
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 10, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(0, 1)
        self.boxes = {}
        ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        for row, ((kind, name), count) in enumerate(ordered):
            label = ElidedLabel(name)
            label.set_full_text(name)
            grid.addWidget(label, row, 0)
            grid.addWidget(plain_label(f"{count:,}", "muted"), row, 1, Qt.AlignmentFlag.AlignRight)
            grid.addWidget(plain_label("becomes", "muted"), row, 2)
            box = self.boxes[kind, name] = self._box(kind, name, are_kinds_told=are_kinds_told)
            grid.addWidget(box, row, 3)
        grid.setRowStretch(len(ordered), 1)
        self.setWidget(holder)
        shown = min(len(ordered), _ROWS_SHOWN)
        self.setFixedHeight(shown * (self.boxes[ordered[0][0]].sizeHint().height() + 4) + 4 if ordered else 0)
        self.setVisible(bool(ordered))

    def targets(self) -> dict[tuple[LabelKind | None, str], Target | None]:
        """Return what the labels become, for a mapping."""
        return {key: box.currentData() for key, box in self.boxes.items()}

    def _box(self, kind: LabelKind, name: str, *, are_kinds_told: bool) -> ChoiceBox:
        from storage.formats.mapping import LabelMapping, Target
        from storage.records import Codebook

        box = ChoiceBox(f"What “{name}” becomes")
        box.setFixedWidth(_BOX_WIDTH_PX)
        known = [Target(label.kind, label.name) for label in self._codebook.labels]
        for target in known:
            box.addItem(f"{target.name}  ({target.kind})", target)
        for new_kind, words in _KINDS:
            if Target(new_kind, name) not in known:
                box.addItem(f"{words}, new: {name}", Target(new_kind, name))
        box.addItem("(leave out)", None)
        if (kind, name) in self._chosen:
            wanted = self._chosen[kind, name]
        else:
            wanted = LabelMapping().of(kind, name, Codebook() if are_kinds_told else self._codebook)
        choices = [box.itemData(index) for index in range(box.count())]
        box.setCurrentIndex(choices.index(wanted) if wanted in choices else 0)
        box.activated.connect(lambda _index: self._choose((kind, name), box.currentData()))
        return box

    def _choose(self, key: tuple[LabelKind, str], target: Target | None) -> None:
        self._chosen[key] = target
        self.changed.emit()
