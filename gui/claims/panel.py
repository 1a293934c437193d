"""The table of all claims, with a line to find in it, a filter, and a field to set on those that are chosen."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QMenu,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui.claims.model import ClaimsModel
from gui.panels.search import TYPING_MS
from gui.timers import single_shot
from gui.widgets.choice import ChoiceBox
from gui.widgets.find_line import FindLine
from gui.widgets.text import ElidedLabel, heading, on_one_line, set_plain_tooltip, without_mnemonic
from storage.claim_list import ClaimQuery
from storage.records import FieldType, LabelKind, State

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.claim_list import FoundClaims
    from storage.records import Codebook, FieldRecord

#: The claim gets what is left.
_WIDTHS_PX = {"speaker": 140, "target": 120, "document": 190}
_WORDS_PX = 230
_CHOOSE = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows


class _Table(QTableView):
    """The claims: arrows go from one to the next, Enter into the text, Escape back."""

    entered_on = Signal()
    escaped = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Enter and Escape; all else moves or selects."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.entered_on.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.escaped.emit()
        else:
            super().keyPressEvent(event)


class ClaimsPanel(QFrame):
    """Asks for claims by `query_changed`; `claim_requested` carries document and span of the line gone to.

    `field_requested` carries span ids, a field id and a value ("" clears it); `left` gives the keyboard to the text,
    `close_requested` hides the table.
    """

    query_changed = Signal()
    claim_requested = Signal(int, int)
    field_requested = Signal(list, int, str)
    left = Signal()
    close_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "side")
        self.model = ClaimsModel()
        self.words = FindLine("Find in claims, names, titles", "Find claims", is_cleared_first=False)
        self.filter = ChoiceBox("Which claims")
        self.setting = QToolButton()
        self.count = ElidedLabel("", "muted")
        self.table = self._build_table()
        self.shut = QToolButton()
        self._typing = single_shot(self, TYPING_MS, self.query_changed.emit)
        self._order: tuple[str, int | None, bool] = ("document", None, False)
        self._lay_out()
        self._connect()

    def set_codebook(self, codebook: Codebook) -> None:
        """Offer the fields of this codebook as columns, filters and values."""
        if self.model.set_codebook(codebook):
            self._order = ("document", None, False)
            self.table.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
            for number, column in enumerate(self.model.columns):
                is_claim = column.order == "claim"
                mode = QHeaderView.ResizeMode.Stretch if is_claim else QHeaderView.ResizeMode.Interactive
                self.table.horizontalHeader().setSectionResizeMode(number, mode)
                self.table.setColumnWidth(number, _WIDTHS_PX.get(column.order, 92))
        fields = [item for item in codebook.fields if item.kind == LabelKind.CLAIM]
        self._offer_filters([(item.id, on_one_line(item.name)) for item in fields])
        self._offer_values([item for item in fields if item.type is FieldType.CHOICE])

    def query(self) -> ClaimQuery:
        """Return what is asked for now."""
        wanted: ClaimQuery = self.filter.currentData() or ClaimQuery()
        order, field_id, is_descending = self._order
        return replace(wanted, words=self.words.text(), order=order, order_field=field_id, is_descending=is_descending)

    def show_found(self, found: FoundClaims) -> None:
        """Show lines; those that were chosen stay so, as does the current one, if they are still among them."""
        current, chosen = self.current_span(), frozenset(self.chosen())
        self.model.set_lines(found.lines)
        selection, row = self.table.selectionModel(), self.model.row_of(current)
        with QSignalBlocker(selection):  # nobody goes anywhere
            if row is not None:
                selection.setCurrentIndex(self.model.index(row, 0), QItemSelectionModel.SelectionFlag.NoUpdate)
            selection.select(self._rows_of(chosen), _CHOOSE)
        self.table.viewport().update()
        shown = len(found.lines)
        words = f"{found.total:,} claim{'s' * (found.total != 1)}"
        if shown < found.total:
            words = f"the first {shown:,} of {words}; type words to see others"
        self.count.set_full_text(words if found.total or self._is_narrowed() else "no claims yet")

    def clear(self) -> None:
        """Let go of the lines: they are of a project that is left."""
        self.model.set_lines(())
        self.count.set_full_text("")

    def show_problem(self, sentence: str) -> None:
        """Tell why claims could not be read."""
        self.count.set_full_text(sentence)

    def current_span(self) -> int | None:
        """Return the claim of the current line."""
        index = self.table.currentIndex()
        return self.model.lines[index.row()].span_id if index.isValid() else None

    def chosen(self) -> list[int]:
        """Return the claims of the lines selected, from top to bottom."""
        rows = sorted(index.row() for index in self.table.selectionModel().selectedRows())
        return [self.model.lines[row].span_id for row in rows]

    def _rows_of(self, span_ids: frozenset[int]) -> QItemSelection:
        """Return the rows of these claims, those that stand together as one range: a thousand ranges are slow."""
        lines, rows = enumerate(self.model.lines), QItemSelection()
        for is_chosen, together in groupby(lines, lambda at: at[1].span_id in span_ids):
            if is_chosen:
                numbers = [row for row, _line in together]
                rows.select(self.model.index(numbers[0], 0), self.model.index(numbers[-1], 0))
        return rows

    def _is_narrowed(self) -> bool:
        return bool(self.words.text().strip()) or self.filter.currentIndex() > 0

    def _offer_filters(self, fields: list[tuple[int, str]]) -> None:
        offers: list[tuple[str, ClaimQuery]] = [
            ("all claims", ClaimQuery()),
            ("confirmed", ClaimQuery(states=frozenset({State.CONFIRMED}))),
            ("undecided", ClaimQuery(states=frozenset({State.SUGGESTED}))),
            ("rejected", ClaimQuery(states=frozenset({State.REJECTED}))),
            ("flagged", ClaimQuery(is_flagged=True)),
            ("without speaker", ClaimQuery(lacks="speaker")),
            ("without target", ClaimQuery(lacks="target")),
            *((f"without {name}", ClaimQuery(lacks_field=ident)) for ident, name in fields),
        ]
        before = self.filter.currentText()
        with QSignalBlocker(self.filter):
            self.filter.clear()
            for text, wanted in offers:
                self.filter.addItem(text, wanted)
            self.filter.setCurrentIndex(max(self.filter.findText(before), 0))

    def _offer_values(self, fields: Sequence[FieldRecord]) -> None:
        menu = QMenu(self.setting)
        for item in fields:
            values = menu.addMenu(without_mnemonic(on_one_line(item.name)))
            for value in (*item.choices, ""):
                action = values.addAction(without_mnemonic(on_one_line(value)) or "no value")
                action.triggered.connect(lambda _is_checked=False, ident=item.id, value=value: self._set(ident, value))
        before = self.setting.menu()
        self.setting.setMenu(menu)
        if before is not None:
            before.deleteLater()
        self.setting.setVisible(bool(fields))

    def _set(self, field_id: int, value: str) -> None:
        if chosen := self.chosen():
            self.field_requested.emit(chosen, field_id, value)

    def _build_table(self) -> _Table:
        table = _Table()
        table.setModel(self.model)
        table.setAccessibleName("Claims")
        table.setProperty("role", "lines")
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(round(table.fontMetrics().height() + 9))
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsClickable(True)
        header.setSortIndicatorShown(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.setMinimumSectionSize(48)
        return table

    def _lay_out(self) -> None:
        self.shut.setText("✕")
        self.shut.setAccessibleName("Close the table of claims")
        set_plain_tooltip(self.shut, "Close the table")
        self.words.setFixedWidth(_WORDS_PX)
        self.filter.setMinimumContentsLength(14)
        self.setting.setText("Set field ▾")
        self.setting.setAccessibleName("Set a field of the chosen claims")
        self.setting.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setting.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        set_plain_tooltip(self.setting, "Give the chosen claims one value (Shift and the arrows choose several)")
        top = QHBoxLayout()
        top.setContentsMargins(16, 6, 8, 6)
        top.setSpacing(10)
        for widget in (heading("Claims"), self.words, self.filter):
            top.addWidget(widget)
        top.addWidget(self.count, 1)
        top.addWidget(self.setting)
        top.addWidget(self.shut)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        below = QVBoxLayout()
        below.setContentsMargins(10, 0, 0, 0)
        below.addWidget(self.table)
        layout.addLayout(below, 1)

    def _connect(self) -> None:
        self.words.textChanged.connect(lambda _text: self._typing.start())
        self.words.went_down.connect(self._descend)
        self.words.entered.connect(self._descend)
        self.words.left.connect(self.left)
        self.filter.currentIndexChanged.connect(lambda _index: self.query_changed.emit())
        self.table.horizontalHeader().sortIndicatorChanged.connect(self._sort)
        self.table.selectionModel().currentRowChanged.connect(self._go)
        self.table.entered_on.connect(self.left)
        self.table.doubleClicked.connect(lambda _index: self.left.emit())
        self.table.escaped.connect(self.left)
        self.shut.clicked.connect(lambda _is_checked=False: self.close_requested.emit())

    def _descend(self) -> None:
        self.table.setFocus()
        if not self.table.currentIndex().isValid() and self.model.lines:
            self.table.selectRow(0)

    def _go(self, current: QModelIndex, _before: QModelIndex) -> None:
        if current.isValid():
            if not self.table.selectionModel().hasSelection():  # Qt goes to the first line without choosing it
                self.table.selectionModel().select(current, _CHOOSE)
            line = self.model.lines[current.row()]
            self.claim_requested.emit(line.document_id, line.span_id)
            self.table.setFocus()  # whoever goes from claim to claim stays here; Enter goes into the text

    def _sort(self, section: int, order: Qt.SortOrder) -> None:
        if 0 <= section < len(self.model.columns):
            column = self.model.columns[section]
            self._order = (column.order, column.field_id, order == Qt.SortOrder.DescendingOrder)
            self.query_changed.emit()
