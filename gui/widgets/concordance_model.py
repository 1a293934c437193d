"""Hits as rows: what stands on them, and which of them are ticked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from gui.widgets.text import on_one_line, plain_tooltip
from storage.records import LabelRecord, State

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from storage.records import Codebook
    from storage.search import Hit

Index = QModelIndex | QPersistentModelIndex

_ROOT = QModelIndex()
STATE_WORDS = {State.SUGGESTED: "undecided", State.CONFIRMED: "confirmed", State.REJECTED: "rejected"}


class ConcordanceModel(QAbstractListModel):
    """Hits in order. What is done to hits is done to the ticked ones or, if none is, to the current one."""

    ticks_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hits: list[Hit] = []
        self._ticks: set[int] = set()
        self._labels: dict[int, LabelRecord] = {}

    @property
    def hits(self) -> Sequence[Hit]:
        """All hits."""
        return self._hits

    @property
    def ticked(self) -> list[Hit]:
        """The ticked hits, in order."""
        return [self._hits[row] for row in sorted(self._ticks)]

    def set_codebook(self, codebook: Codebook) -> None:
        """Name the labels that stand on hits."""
        self._labels = {label.id: label for label in codebook.labels}
        self._repaint(0, len(self._hits) - 1)

    def set_hits(self, hits: Sequence[Hit], ticks: Collection[int] = ()) -> None:
        """Replace all rows; `ticks` are the rows ticked at first."""
        self.beginResetModel()
        self._hits = list(hits)
        self._ticks = set(ticks)
        self.endResetModel()
        self.ticks_changed.emit()

    def replace(self, hits: Sequence[Hit]) -> None:
        """Show other spans on the same hits."""
        self._hits = list(hits)
        self._repaint(0, len(hits) - 1)

    def is_ticked(self, row: int) -> bool:
        """Whether a row is ticked."""
        return row in self._ticks

    def toggle(self, row: int) -> None:
        """Tick a row, or take its tick away."""
        self._ticks ^= {row}
        self._repaint(row, row)
        self.ticks_changed.emit()

    def toggle_all(self) -> None:
        """Tick all rows; if all are ticked, none."""
        every = set(range(len(self._hits)))
        self._ticks = set() if self._ticks == every else every
        self._repaint(0, len(self._hits) - 1)
        self.ticks_changed.emit()

    def label_of(self, row: int) -> LabelRecord | None:
        """Return the label that stands on a hit."""
        mark = self._hits[row].mark
        return self._labels.get(mark.label_id) if mark else None

    def told(self, row: int) -> str:
        """Return what stands on a hit, in words."""
        mark, label = self._hits[row].mark, self.label_of(row)
        return f"{label.name}, {STATE_WORDS[mark.state]}" if mark and label else ""

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Return how many hits there are."""
        return 0 if parent.isValid() else len(self._hits)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the words, the tick, a tooltip with more of the context, or the words for a screen reader."""
        if not index.isValid():
            return None
        hit = self._hits[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return on_one_line(hit.words)
        if role == Qt.ItemDataRole.CheckStateRole:
            return Qt.CheckState.Checked if index.row() in self._ticks else Qt.CheckState.Unchecked
        line = on_one_line(f"{hit.left}{hit.words}{hit.right}")
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip("\n".join(filter(None, (hit.title, f"… {line} …", self.told(index.row())))))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            ticked = "chosen" if index.row() in self._ticks else ""
            parts = (on_one_line(hit.words), line, hit.title, self.told(index.row()), ticked)
            return ", ".join(filter(None, parts))
        return None

    def _repaint(self, first: int, last: int) -> None:
        if first <= last:
            self.dataChanged.emit(self.index(first), self.index(last))
