"""Actors, and words that belong to no actor yet, as rows of two lines."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from gui.panels.actors_index import ActorIndex, ActorOrder, search_form
from gui.widgets.text import plain_tooltip

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from storage.records import Codebook
    from storage.registry_records import ActorEntry, MentionCount, WordGroup

Index = QModelIndex | QPersistentModelIndex

_ROOT = QModelIndex()


class RowFace(NamedTuple):
    """What a row shows: a title and a count, below it what else is to be known and how much waits for a decision."""

    title: str
    mentions: str
    below: str
    waiting: str = ""
    colour: str | None = None
    is_question: bool = False


class FacedModel(QAbstractListModel):
    """Rows by id with a face each; filled anew as a whole, which a view of equal rows takes in 1 ms."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._labels: Mapping[int, tuple[str, str]] = {}

    def set_codebook(self, codebook: Codebook) -> None:
        """Name and colour types as the codebook does now."""
        self._labels = {label.id: (label.name, label.colour) for label in codebook.labels}

    @abstractmethod
    def face(self, row: int) -> RowFace:
        """Return what a row shows."""

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        """Return title, tooltip or the words for a screen reader."""
        if not index.isValid():
            return None
        face = self.face(index.row())
        if role == Qt.ItemDataRole.DisplayRole:
            return face.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip("\n".join(part for part in (face.title, face.below) if part))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            told = (
                face.title,
                f"{face.mentions or 'no'} mentions",
                face.below,
                face.waiting and f"{face.waiting} to be linked",
            )
            return ", ".join(part for part in told if part)
        return None


class ActorsModel(FacedModel):
    """The registry, found as one types."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.index_of_actors = ActorIndex()
        self._counts: Mapping[int, MentionCount] = {}
        self._waiting: Mapping[int, int] = {}
        self._order = ActorOrder.NAME
        self._query = ""
        self._rows: list[int] = []
        self._row_of: dict[int, int] | None = None

    @property
    def total(self) -> int:
        """How many actors there are, found or not."""
        return len(self.index_of_actors)

    @property
    def counts(self) -> Mapping[int, MentionCount]:
        """How often each actor is mentioned, as last told."""
        return self._counts

    def set_entries(self, entries: Iterable[ActorEntry]) -> None:
        """Hold these actors instead of all before."""
        self.index_of_actors.replace(entries)
        self._arrange()

    def update_entries(self, entries: Iterable[ActorEntry], removed: Collection[int]) -> None:
        """Take over actors that are new or changed, and drop others."""
        self.index_of_actors.update(entries, removed)
        self._arrange()

    def set_counts(self, counts: Mapping[int, MentionCount], waiting: Mapping[int, int]) -> None:
        """Show how often each is mentioned, and how many more mentions go by one of its names."""
        self._counts, self._waiting = counts, waiting
        self._arrange()

    def set_order(self, order: ActorOrder) -> None:
        """Sort the rows."""
        self._order = order
        self._arrange()

    def set_filter(self, query: str) -> None:
        """Show only what answers to `query`."""
        self._query = query
        self._arrange()

    def row_of(self, actor_id: int | None) -> int | None:
        """Return the row of an actor; `None` if it is not shown."""
        if actor_id is None:
            return None
        if self._row_of is None:
            self._row_of = {row_id: row for row, row_id in enumerate(self._rows)}
        return self._row_of.get(actor_id)

    def actor_at(self, row: int) -> int:
        """Return the actor of a row."""
        return self._rows[row]

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Return how many actors are shown."""
        return 0 if parent.isValid() else len(self._rows)

    def face(self, row: int) -> RowFace:
        """Return name, mentions, type and aliases."""
        entry = self.index_of_actors.entry(self._rows[row])
        type_name, colour = self._labels.get(entry.label_id or 0, ("", None))
        mentions = self._counts[entry.id].mentions if entry.id in self._counts else 0
        waiting = self._waiting.get(entry.id, 0)
        below = " · ".join(part for part in (type_name or "no type", ", ".join(entry.aliases)) if part)
        return RowFace(
            entry.name, f"{mentions:,}" if mentions else "", below, f"+{waiting:,}" if waiting else "", colour
        )

    def _arrange(self) -> None:
        self.beginResetModel()
        self._rows = self.index_of_actors.find(self._query, self._order, self._counts)
        self._row_of = None
        self.endResetModel()


class WordsModel(FacedModel):
    """Words of mentions that belong to nobody: first what is proposed, then what is ambiguous, then the unknown."""

    def __init__(self, actors: ActorIndex, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._actors = actors
        self._groups: Sequence[WordGroup] = ()
        self._needles: list[str] = []
        self._rows: list[WordGroup] = []

    @property
    def groups(self) -> Sequence[WordGroup]:
        """All groups, found or not."""
        return self._groups

    def set_groups(self, groups: Sequence[WordGroup]) -> None:
        """Show these words instead of all before."""
        self._groups = groups
        self._arrange()

    def drop(self, group: WordGroup) -> None:
        """Leave a group out that was just decided on."""
        self.set_groups([other for other in self._groups if other.words != group.words])

    def set_filter(self, query: str) -> None:
        """Show only words with all words of `query` in them, or in the name of who is proposed."""
        self._needles = search_form(query).split()
        self._arrange()

    def group_at(self, row: int) -> WordGroup:
        """Return the words of a row."""
        return self._rows[row]

    def row_of(self, words: str | None) -> int | None:
        """Return the row of these words; `None` if they are not shown."""
        return next((row for row, group in enumerate(self._rows) if group.words == words), None)

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Return how many groups are shown."""
        return 0 if parent.isValid() else len(self._rows)

    def face(self, row: int) -> RowFace:
        """Return the words, how often they are said, and who is called so."""
        group = self._rows[row]
        type_name, colour = self._labels.get(group.label_id, ("", None))
        names = [self._actors.name(actor_id) for actor_id in group.candidates]
        below = f"→ {names[0]}" if len(names) == 1 else f"{' or '.join(names)}?" if names else f"new · {type_name}"
        return RowFace(group.words, f"{group.mentions:,}", below, "", colour, len(names) > 1)

    def _arrange(self) -> None:
        self.beginResetModel()
        self._rows = [group for group in self._groups if self._answers(group)] if self._needles else list(self._groups)
        self.endResetModel()

    def _answers(self, group: WordGroup) -> bool:
        words = search_form(" ".join([group.words, *(self._actors.name(ident) for ident in group.candidates)]))
        return all(needle in words for needle in self._needles)
