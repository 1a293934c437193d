"""Paragraphs that repeat word for word in many documents, to leave those out that are boilerplate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QDialog,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QPushButton,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from gui.theme import current_theme, scaled_font
from gui.widgets.concordance import BOX_PX, PAD_PX, box_rect, paint_box
from gui.widgets.dialog_parts import dialog_buttons, dialog_column
from gui.widgets.paint import paint_cut, paint_row_ground, painting
from gui.widgets.text import on_one_line, plain_label, plain_tooltip

if TYPE_CHECKING:
    from storage.repeats import Repeat, Repeats

#: So much of a paragraph is shown: in the list, and in its tooltip.
_LINE_CP, _TIP_CP = 300, 2_000
_WORDS, _TOLD = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1

Index = QModelIndex | QPersistentModelIndex


class RepeatsDialog(QDialog):
    """Lists what repeats; ticked is what holds no label. `exclude_requested` carries the places of the ticked ones."""

    exclude_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Repeated paragraphs")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(760, 520)
        self._repeats: tuple[Repeat, ...] = ()
        self.told = plain_label("Reading all documents …", is_wrapped=True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress")
        self.list = QListWidget()
        self.list.setProperty("role", "boxed")
        self.list.setAccessibleName("Repeated paragraphs")
        self.list.setItemDelegate(_ParagraphDelegate(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.exclude = QPushButton("Leave out")
        self.exclude.setProperty("role", "primary")
        self.exclude.setDefault(True)
        self.exclude.setEnabled(False)
        layout = dialog_column(self, "Repeated paragraphs")
        layout.addWidget(self.told)
        layout.addWidget(self.bar)
        layout.addWidget(self.list, 1)
        layout.addWidget(plain_label("Space ticks. Ctrl+Z takes everything in again.", "small"))
        layout.addLayout(dialog_buttons(self, self.exclude))
        self.exclude.clicked.connect(self._exclude)
        self.list.itemChanged.connect(lambda _item: self._count())

    def show_progress(self, done: int, total: int) -> None:
        """Tell how far the reading has come."""
        self.bar.setRange(0, max(total, 1))
        self.bar.setValue(done)

    def show_repeats(self, found: Repeats) -> None:
        """List what repeats, the most frequent first."""
        self._repeats = found.found
        self.bar.hide()
        self.list.blockSignals(True)
        for repeat in found.found:
            self.list.addItem(_item(repeat))
        self.list.blockSignals(False)
        if found.found:
            self.told.setText(
                "These paragraphs stand word for word in many documents. Those that are ticked will be left out of the "
                "work: they stay in the texts, greyed, without suggestions and out of the training data."
            )
            self.list.setCurrentRow(0)
            self.list.setFocus()
        else:
            self.told.setText("No paragraph repeats in many documents, but for what is left out already.")
        self._count()

    def _ticked(self) -> list[Repeat]:
        rows = enumerate(self._repeats)
        return [repeat for row, repeat in rows if self.list.item(row).checkState() is Qt.CheckState.Checked]

    def _count(self) -> None:
        ticked = self._ticked()
        documents = len({place[0] for repeat in ticked for place in repeat.places})
        self.exclude.setEnabled(bool(ticked))
        what = "1 paragraph" if len(ticked) == 1 else f"{len(ticked):,} paragraphs"
        where = "1 document" if documents == 1 else f"{documents:,} documents"
        self.exclude.setText(f"Leave {what} out in {where}" if ticked else "Leave out")

    def _exclude(self) -> None:
        places = [place for repeat in self._ticked() for place in repeat.places]
        if places:
            self.exclude_requested.emit(places)
            self.accept()


class _ParagraphDelegate(QStyledItemDelegate):
    """Paints a tick box, the beginning of the paragraph, and below it how often it stands where."""

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Return the height of two lines."""
        small = QFontMetricsF(scaled_font(option.font, 0.86)).height()
        return QSize(100, round(option.fontMetrics.height() * 1.15 + small + 2 * PAD_PX))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the row as plain text."""
        theme, rect = current_theme(), QRectF(option.rect).adjusted(1, 1, -1, -1)
        is_ticked = Qt.CheckState(index.data(Qt.ItemDataRole.CheckStateRole)) is Qt.CheckState.Checked
        with painting(painter):
            paint_row_ground(painter, option, rect, theme, has_keyboard=True)
            paint_box(painter, box_rect(rect), theme, is_ticked=is_ticked)
            room = rect.adjusted(PAD_PX + BOX_PX + 7, PAD_PX - 1, -PAD_PX, -PAD_PX + 1)
            height = option.fontMetrics.height() * 1.15
            for role, factor, colour, top in ((_WORDS, 1.0, theme.ink, 0.0), (_TOLD, 0.86, theme.muted, height)):
                line = QRectF(room.x(), room.y() + top, room.width(), height if not top else room.height() - height)
                painter.setFont(scaled_font(option.font, factor))
                paint_cut(painter, line, index.data(role), colour)

    def editorEvent(self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index) -> bool:
        """Tick by Space, and by a click anywhere in the row."""
        is_click = isinstance(event, QMouseEvent) and event.type() is QEvent.Type.MouseButtonRelease
        is_space = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Space
        if not (is_click or is_space):
            return super().editorEvent(event, model, option, index)
        is_ticked = Qt.CheckState(index.data(Qt.ItemDataRole.CheckStateRole)) is Qt.CheckState.Checked
        wanted = Qt.CheckState.Unchecked if is_ticked else Qt.CheckState.Checked
        return model.setData(index, wanted, Qt.ItemDataRole.CheckStateRole)


def _item(repeat: Repeat) -> QListWidgetItem:
    labels = "1 label" if repeat.labelled == 1 else f"{repeat.labelled:,} labels"
    told = f"{repeat.documents:,} documents" + (f" · {labels} in it" if repeat.labelled else "")
    words = on_one_line(repeat.words[:_LINE_CP])
    item = QListWidgetItem()
    item.setData(_WORDS, words)
    item.setData(_TOLD, told)
    item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{words}, {told}")
    # What people labelled is rarely boilerplate: it is left out only if somebody says so.
    item.setCheckState(Qt.CheckState.Unchecked if repeat.labelled else Qt.CheckState.Checked)
    item.setToolTip(plain_tooltip(repeat.words[:_TIP_CP]))
    return item
