"""The labels of the codebook: their keys, what they look like, how often they occur, shown or hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QColor,
    QContextMenuEvent,
    QEnterEvent,
    QFocusEvent,
    QKeyEvent,
    QPainter,
    QPen,
)
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget

from gui.theme import current_theme
from gui.widgets.label_line import LabelLine
from gui.widgets.paint import paint_focus_ring, painting
from gui.widgets.painted import PaintedButton
from gui.widgets.scrolled import scrolled
from gui.widgets.text import heading, plain_label, plain_tooltip, set_plain_tooltip
from gui.widgets.tool_buttons import tool_button

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QPaintEvent

    from storage.records import Codebook, LabelRecord


def label_tooltip(label: LabelRecord) -> str:
    """Return what the codebook says of a label, as plain text."""
    examples = f"For example: {label.examples}" if label.examples else ""
    how = f"Press {label.key} to give it." if label.key else "Click to give it."
    head = f"{label.name} ({label.kind.value})"
    return "\n\n".join(part for part in (head, label.definition, examples, how) if part)


class LabelButton(LabelLine):
    """Gives a label when clicked: key, sign, name, count."""

    hide_toggled = Signal()
    pointed_at = Signal(bool)  # by the mouse or the keyboard, or no longer

    def __init__(self, label: LabelRecord) -> None:
        super().__init__()
        self.label = label
        self._count = 0
        self._is_hidden_in_text = False
        set_plain_tooltip(self, label_tooltip(label))
        self.show_state(0, is_hidden=False)

    def show_state(self, count: int, *, is_hidden: bool) -> None:
        """Show how often the label occurs in the document, and whether its spans are hidden."""
        self._count, self._is_hidden_in_text = count, is_hidden
        key = f", key {self.label.key}" if self.label.key else ""
        state = ", hidden" if is_hidden else ""
        self.setAccessibleName(f"{self.label.name}, {self.label.kind.value}{key}, {count} here{state}")
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hide or show by H."""
        if event.key() == Qt.Key.Key_H and not event.modifiers():
            self.hide_toggled.emit()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Tell that the mouse came."""
        super().enterEvent(event)
        self.pointed_at.emit(True)

    def leaveEvent(self, event: QEvent) -> None:
        """Tell that the mouse went."""
        super().leaveEvent(event)
        self.pointed_at.emit(self.hasFocus())

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell that the keyboard came."""
        super().focusInEvent(event)
        self.pointed_at.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell that the keyboard went."""
        super().focusOutEvent(event)
        self.pointed_at.emit(self.underMouse())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the line; the name of a hidden label is muted."""
        count = f"{self._count:,}" if self._count else ""
        is_muted = self._is_hidden_in_text
        self.paint_line(self.label, self.label.name, count, right_font=self.font(), is_muted=is_muted)


class EyeButton(PaintedButton):
    """Hides or shows the spans of a label; an open eye only shows itself to mouse and focus."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_hidden(is_hidden=False)

    def set_hidden(self, *, is_hidden: bool) -> None:
        """Show the state."""
        self.setChecked(is_hidden)
        say = f"{'Show' if is_hidden else 'Hide'} {self._name} in the text (H)"
        self.setAccessibleName(say)
        self.setToolTip(plain_tooltip(say))

    def sizeHint(self) -> QSize:
        """Ask for a small square."""
        return QSize(22, 22)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint an eye, struck through while the spans are hidden."""
        theme = current_theme()
        row = self.parentWidget()
        is_pointed_at = self.underMouse() or (row is not None and row.underMouse())
        if not (is_pointed_at or self.hasFocus() or self.isChecked()):
            return
        painter = QPainter(self)
        with painting(painter):
            centre = QRectF(self.rect()).center()
            painter.setPen(QPen(QColor(theme.ink if self.isChecked() else theme.muted), 1.3))
            painter.drawEllipse(centre, 6.0, 3.8)
            painter.setBrush(painter.pen().color())
            painter.drawEllipse(centre, 1.5, 1.5)
            if self.isChecked():
                painter.drawLine(centre + QPointF(-5.5, 5), centre + QPointF(5.5, -5))
            if self.hasFocus():
                paint_focus_ring(painter, QRectF(self.rect()), theme, 5)
        painter.end()


class LabelRow(QWidget):
    """A label and its eye."""

    def __init__(self, label: LabelRecord) -> None:
        super().__init__()
        self.button = LabelButton(label)
        self.eye = EyeButton(label.name)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.button, 1)
        layout.addWidget(self.eye)


class LabelsPanel(QWidget):
    """All labels in the order of the codebook. Wishes: give one, hide some, choose scores.

    `label_pointed_at` carries the id of the label under mouse or keyboard, or `None`.
    """

    label_requested = Signal(int)
    label_pointed_at = Signal(object)
    hidden_labels_changed = Signal(object)
    scores_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: dict[int, LabelRow] = {}
        self._counts: Mapping[int, int] = {}
        self._hidden: frozenset[int] = frozenset()
        self._list = QVBoxLayout()
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(0)
        self._empty = plain_label("This project's codebook has no labels.", "muted", is_wrapped=True)
        self._empty.setContentsMargins(8, 4, 8, 4)
        body = QWidget()
        inner = QVBoxLayout(body)
        inner.setContentsMargins(0, 0, 4, 8)
        inner.setSpacing(0)
        inner.addWidget(self._empty)
        inner.addLayout(self._list)
        inner.addStretch()
        area = scrolled(body)
        title = heading("Labels")
        title.setContentsMargins(8, 0, 0, 0)
        say = "Choose from which score on suggestions are shown (Ctrl+T)"
        self.scores = tool_button("Scores …", say, role="small")
        self.scores.clicked.connect(lambda _is_checked=False: self.scores_requested.emit())
        top = QHBoxLayout()
        top.setContentsMargins(0, 0, 8, 0)
        top.addWidget(title, 1)
        top.addWidget(self.scores)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 12, 0, 0)
        layout.setSpacing(7)
        layout.addLayout(top)
        layout.addWidget(area, 1)

    @property
    def hidden_labels(self) -> frozenset[int]:
        """The labels whose spans are not shown."""
        return self._hidden

    @property
    def rows(self) -> Mapping[int, LabelRow]:
        """The rows by label id."""
        return self._rows

    def set_codebook(self, codebook: Codebook) -> None:
        """Show these labels; what is hidden stays hidden as far as it still exists."""
        for row in self._rows.values():
            self._list.removeWidget(row)
            row.deleteLater()
        self._rows = {label.id: self._build_row(label) for label in codebook.labels}
        for row in self._rows.values():
            self._list.addWidget(row)
            row.show()
        self._empty.setVisible(not self._rows)
        self._hidden &= self._rows.keys()
        self._refresh()

    def set_counts(self, counts: Mapping[int, int]) -> None:
        """Show how many spans of each label the document has."""
        self._counts = counts
        self._refresh()

    def set_hidden_labels(self, label_ids: frozenset[int]) -> None:
        """Hide these labels and show all others."""
        wanted = label_ids & self._rows.keys()
        if wanted != self._hidden:
            self._hidden = wanted
            self._refresh()
            self.hidden_labels_changed.emit(self._hidden)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer to hide, to show only one, and to show all."""
        under = self.childAt(event.pos())
        rows = (row for row in self._rows.values() if under and (row is under or row.isAncestorOf(under)))
        row = next(rows, None)
        menu = self.menu_for(row.button.label.id if row else None)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def menu_for(self, label_id: int | None) -> QMenu:
        """Return the context menu of a label, or of the empty room below them all."""
        menu = QMenu(self)
        if label_id is not None:
            is_hidden = label_id in self._hidden
            toggle = QAction("Show in the text" if is_hidden else "Hide in the text", menu)
            toggle.triggered.connect(lambda: self._toggle(label_id))
            only = QAction("Show only this label", menu)
            only.triggered.connect(lambda: self.set_hidden_labels(frozenset(self._rows) - {label_id}))
            menu.addActions([toggle, only])
        everything = QAction("Show all labels", menu)
        everything.setEnabled(bool(self._hidden))
        everything.triggered.connect(lambda: self.set_hidden_labels(frozenset()))
        menu.addAction(everything)
        return menu

    def _build_row(self, label: LabelRecord) -> LabelRow:
        row = LabelRow(label)
        row.button.clicked.connect(lambda: self.label_requested.emit(label.id))
        row.button.pointed_at.connect(lambda is_there: self.label_pointed_at.emit(label.id if is_there else None))
        row.button.hide_toggled.connect(lambda: self._toggle(label.id))
        row.eye.clicked.connect(lambda: self._toggle(label.id))
        return row

    def _toggle(self, label_id: int) -> None:
        self.set_hidden_labels(self._hidden ^ {label_id})

    def _refresh(self) -> None:
        for label_id, row in self._rows.items():
            is_hidden = label_id in self._hidden
            row.button.show_state(self._counts.get(label_id, 0), is_hidden=is_hidden)
            row.eye.set_hidden(is_hidden=is_hidden)
