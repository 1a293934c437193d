"""Mentions within their sentences, read a screenful at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from gui.widgets.text import plain_tooltip

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from storage.records import Codebook
    from storage.registry_records import MentionLine

Index = QModelIndex | QPersistentModelIndex

#: How many lines are read at once: a screenful.
PAGE = 40

_ROOT = QModelIndex()


class MentionsModel(QAbstractListModel):
    """Mentions by id: first those that wait to be linked, then those that are. Only rows that are shown are read."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._load: Callable[[Sequence[int]], Mapping[int, MentionLine]] = lambda _ids: {}
        self._colours: Mapping[int, str] = {}
        self._ids: list[int] = []
        self._waiting = 0
        self._lines: dict[int, MentionLine | None] = {}

    @property
    def waiting(self) -> int:
        """How many of the first rows wait to be linked."""
        return self._waiting

    def set_codebook(self, codebook: Codebook) -> None:
        """Colour mentions as the codebook does now."""
        self._colours = {label.id: label.colour for label in codebook.labels}

    def set_mentions(
        self,
        waiting: Sequence[int],
        linked: Sequence[int],
        load: Callable[[Sequence[int]], Mapping[int, MentionLine]],
    ) -> bool:
        """Show these mentions, each read again by `load` once it is looked at; return whether they are others.

        Where they are the same, what is selected stays so.
        """
        self._load = load
        self._lines = {}
        if [*waiting, *linked] == self._ids and len(waiting) == self._waiting:
            return False
        self.beginResetModel()
        self._ids = [*waiting, *linked]
        self._waiting = len(waiting)
        self.endResetModel()
        return True

    def span_at(self, row: int) -> int:
        """Return the mention of a row."""
        return self._ids[row]

    def is_waiting(self, row: int) -> bool:
        """Whether the mention of a row waits to be linked."""
        return row < self._waiting

    def line(self, row: int) -> MentionLine | None:
        """Return what stands around a mention; `None` if it is gone meanwhile."""
        span_id = self._ids[row]
        if span_id not in self._lines:
            start = row - row % PAGE
            page = self._ids[start : start + PAGE]
            found = self._load(page)
            self._lines |= {ident: found.get(ident) for ident in page}
        return self._lines[span_id]

    def colour(self, line: MentionLine) -> str:
        """Return the name of the colour of a mention's label."""
        return self._colours.get(line.label_id, "grey")

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Return how many mentions there are."""
        return 0 if parent.isValid() else len(self._ids)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        """Return the words, tooltip or what a screen reader says."""
        if not index.isValid():
            return None
        line = self.line(index.row())
        if line is None:
            return ""
        if role == Qt.ItemDataRole.DisplayRole:
            return line.words
        around = f"{line.left}{line.words}{line.right}".strip()
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip(f"{line.title}\n… {around} …")
        if role == Qt.ItemDataRole.AccessibleTextRole:
            state = "not linked, " if self.is_waiting(index.row()) else ""
            return f"{state}{line.words}, {line.state.value}, in {line.title}: {around}"
        return None
