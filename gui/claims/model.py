"""The lines of the table of claims, and its columns: the parties, the claim, the codebook's fields, the document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont

from gui.theme import current_theme
from gui.widgets.text import on_one_line, plain_tooltip
from storage.records import LabelKind, State

if TYPE_CHECKING:
    from storage.claim_list import ClaimLine
    from storage.records import Codebook

Index = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()
_WORDS = {State.CONFIRMED: "confirmed", State.SUGGESTED: "undecided", State.REJECTED: "rejected"}
_Role = Qt.ItemDataRole


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, what it sorts by (see `ClaimQuery.order`), and the field that it shows, if it is one."""

    title: str
    order: str
    field_id: int | None = None


def columns_of(codebook: Codebook) -> tuple[Column, ...]:
    """Return the columns for a codebook; labels have one where there are several for claims."""
    fields = [item for item in codebook.fields if item.kind == LabelKind.CLAIM]
    has_labels = sum(label.kind == LabelKind.CLAIM for label in codebook.labels) > 1
    return (
        Column("Speaker", "speaker"),
        Column("Claim", "claim"),
        Column("Target", "target"),
        *((Column("Label", "label"),) if has_labels else ()),
        *(Column(on_one_line(item.name), "field", item.id) for item in fields),
        Column("State", "state"),
        Column("Document", "document"),
        Column("Dated", "date"),
    )


class ClaimsModel(QAbstractTableModel):
    """The claims that were found, one a row."""

    def __init__(self) -> None:
        super().__init__()
        self.columns: tuple[Column, ...] = ()
        self.lines: tuple[ClaimLine, ...] = ()
        self._labels: dict[int, str] = {}

    def set_codebook(self, codebook: Codebook) -> bool:
        """Take over names and columns; return whether there are other columns."""
        self._labels = {label.id: on_one_line(label.name) for label in codebook.labels}
        columns = columns_of(codebook)
        if columns == self.columns:
            return False
        self.beginResetModel()
        self.columns, self.lines = columns, ()
        self.endResetModel()
        return True

    def set_lines(self, lines: tuple[ClaimLine, ...]) -> None:
        """Show these lines."""
        self.beginResetModel()
        self.lines = lines
        self.endResetModel()

    def row_of(self, span_id: int | None) -> int | None:
        """Return the row of a claim."""
        return next((row for row, line in enumerate(self.lines) if line.span_id == span_id), None)

    def rowCount(self, parent: Index = _NO_INDEX) -> int:
        """Return how many lines there are."""
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = _NO_INDEX) -> int:
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole) -> Any:  # noqa: ANN401
        """Return a heading."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == _Role.DisplayRole:
            return self.columns[section].title
        if role == _Role.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = _Role.DisplayRole) -> Any:  # noqa: ANN401
        """Return what a cell shows."""
        if not index.isValid():
            return None
        line, column = self.lines[index.row()], self.columns[index.column()]
        if role == _Role.DisplayRole:
            return on_one_line(self._text(line, column)) or "–"
        if role == _Role.ToolTipRole:
            return plain_tooltip(self._text(line, column))
        if role == _Role.ForegroundRole:
            is_faint = line.state != State.CONFIRMED or not self._text(line, column)
            return QColor(current_theme().muted) if is_faint else None
        if role == _Role.FontRole and column.order == "claim" and line.state == State.SUGGESTED:
            font = QFont()
            font.setItalic(True)
            return font
        return None

    def _text(self, line: ClaimLine, column: Column) -> str:
        if column.field_id is not None:
            return line.fields.get(column.field_id, "")
        words = {
            "speaker": line.speaker,
            "claim": line.quote,
            "target": line.target,
            "label": self._labels.get(line.label_id, ""),
            "state": ("⚑ " if line.is_flagged else "") + _WORDS[line.state],
            "document": line.title,
            "date": line.date,
        }
        return words[column.order]
