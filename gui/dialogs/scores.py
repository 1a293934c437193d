"""From which score on suggestions are shown: a slider for each label, with what stays and how right that is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from gui.widgets.dialog_parts import dialog_column
from gui.widgets.scrolled import scrolled
from gui.widgets.swatch import Swatch
from gui.widgets.text import ElidedLabel, plain_label, set_plain_tooltip
from storage.records import LabelKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QWheelEvent

    from gui.session import Session
    from gui.threshold import Threshold
    from storage.records import Changes, LabelRecord
    from storage.score_counts import ScoreCounts

_HIGHEST = 95
_NAME_PX, _SLIDER_PX = 150, 190
_WIDTH_PX, _ROOM_PX, _ROW_PX, _MOST_PX = 740, 190, 32, 640
_ABOUT = (
    "Suggestions of a lower score are hidden in the text. They do not count as undecided, and neither Tab nor what "
    "decides on several at once reaches them. Nothing decided is ever hidden."
)


class _Slider(QSlider):
    """A slider in per cent that leaves the wheel to the list around it."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the list: passing over a slider must not hide anything."""
        event.ignore()


class ScoreRow:
    """The widgets of one label: sign, name, slider, score, how many stay, how right they are."""

    def __init__(self, label: LabelRecord) -> None:
        self.label = label
        self._counts: ScoreCounts | None = None
        self.sign = Swatch()
        self.sign.show_label(label.kind, label.colour)
        self.name = ElidedLabel(label.name)
        self.name.setFixedWidth(_NAME_PX)
        self.slider = _Slider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, _HIGHEST)
        self.slider.setPageStep(10)
        self.slider.setMinimumWidth(_SLIDER_PX)
        self.slider.setAccessibleName(f"Least score of {label.name}")
        self.score = plain_label("")
        self.staying = plain_label("")
        self.precision = plain_label("", "muted")
        for widget, sample in (
            (self.score, "any score"),
            (self.staying, "99,999 of 99,999"),
            (self.precision, "about 99% right"),
        ):
            widget.setMinimumWidth(widget.fontMetrics().horizontalAdvance(sample) + 4)
        for number in (self.score, self.staying):
            number.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.slider.valueChanged.connect(self._tell)

    @property
    def least_score(self) -> float:
        """What the slider stands at."""
        return self.slider.value() / 100

    def show_counts(self, counts: ScoreCounts | None) -> None:
        """Tell of these suggestions; of none where there are none."""
        self._counts = counts
        self._tell()

    def _tell(self) -> None:
        from nlp.calibration import expected

        least = self.least_score
        self.score.setText(f"from {least:.0%}" if least else "any score")
        total = self._counts.total if self._counts is not None else 0
        staying = self._counts.staying(least) if self._counts is not None else 0
        self.staying.setText(f"{staying:,} of {total:,}" if total else "none")
        step = expected(self.label.code, least) if self.label.code else None
        self.precision.setText(f"about {step.precision:.0%} right" if step else "not measured")
        told = f"shown {staying:,} of {total:,}, {self.precision.text()}"
        set_plain_tooltip(
            self.precision,
            f"Measured: about {step.precision:.0%} of those shown are right, and {step.recall:.0%} of all there is to "
            "find is among them."
            if step
            else "How right these suggestions are was not measured.",
        )
        self.slider.setAccessibleDescription(told)


class ScoresDialog(QDialog):
    """Asks from which score on suggestions of each label are shown; `moved` carries label ids with scores."""

    moved = Signal(object)
    reset_requested = Signal()
    all_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Which suggestions are shown")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.rows: dict[int, ScoreRow] = {}
        self._is_showing = False
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(2, 1)
        self._empty = plain_label("This project's codebook has no labels of actors or claims.", "muted")
        self._empty.hide()
        self.reset = QPushButton("Reset")
        set_plain_tooltip(self.reset, "Hide what is right in fewer than nine of ten cases, as far as that was measured")
        self.all = QPushButton("Show all")
        self.shut = QPushButton("Close")
        self.shut.setDefault(True)
        for button in (self.reset, self.all):
            button.setAutoDefault(False)
        self.reset.clicked.connect(lambda _is_checked=False: self.reset_requested.emit())
        self.all.clicked.connect(lambda _is_checked=False: self.all_requested.emit())
        self.shut.clicked.connect(self.accept)
        self._lay_out()

    def show_labels(self, labels: list[LabelRecord]) -> None:
        """Make a row for each label."""
        for label in labels:
            row = ScoreRow(label)
            row.slider.valueChanged.connect(lambda _value, row=row: self._tell(row))
            at = self._grid.rowCount()
            parts = (row.sign, row.name, row.slider, row.score, row.staying, row.precision)
            for column, widget in enumerate(parts):
                self._grid.addWidget(widget, at, column)
            self.rows[label.id] = row
        self._empty.setVisible(not labels)
        self.reset.setEnabled(bool(labels))
        self.all.setEnabled(bool(labels))
        self.resize(_WIDTH_PX, min(_ROOM_PX + _ROW_PX * len(labels), _MOST_PX))
        if self.rows:
            next(iter(self.rows.values())).slider.setFocus()

    def show_scores(self, scores: Mapping[int, float]) -> None:
        """Put the sliders where the project has them."""
        self._is_showing = True
        for label_id, row in self.rows.items():
            if not row.slider.isSliderDown():
                row.slider.setValue(round(scores.get(label_id, 0.0) * 100))
        self._is_showing = False

    def show_counts(self, counts: Mapping[int, ScoreCounts]) -> None:
        """Tell of these undecided suggestions."""
        for label_id, row in self.rows.items():
            row.show_counts(counts.get(label_id))

    def _tell(self, row: ScoreRow) -> None:
        if not self._is_showing:
            self.moved.emit({row.label.id: row.least_score})

    def _lay_out(self) -> None:
        body = QWidget()
        inner = QVBoxLayout(body)
        inner.setContentsMargins(0, 0, 8, 0)
        inner.addWidget(self._empty)
        inner.addLayout(self._grid)
        inner.addStretch()
        area = scrolled(body)
        buttons = QHBoxLayout()
        buttons.addWidget(self.reset)
        buttons.addWidget(self.all)
        buttons.addStretch()
        buttons.addWidget(self.shut)
        layout = dialog_column(self, "Which suggestions are shown", spacing=14)
        layout.addWidget(plain_label(_ABOUT, "muted", is_wrapped=True))
        layout.addWidget(area, 1)
        layout.addLayout(buttons)


class _Feed(QObject):
    """Joins a dialog to a session and to what the text hides; goes with the dialog."""

    def __init__(self, dialog: ScoresDialog, session: Session, threshold: Threshold) -> None:
        super().__init__(dialog)
        self._dialog, self._session, self._threshold = dialog, session, threshold
        dialog.moved.connect(threshold.set_least_scores)
        dialog.reset_requested.connect(self._reset)
        dialog.all_requested.connect(self._show_all)
        dialog.finished.connect(threshold.flush)
        session.changed.connect(self._follow)
        self._count()
        dialog.show_scores(threshold.least_scores())

    def _reset(self) -> None:
        self._threshold.reset()
        self._dialog.show_scores(self._threshold.least_scores())

    def _show_all(self) -> None:
        self._threshold.clear()
        self._dialog.show_scores(self._threshold.least_scores())

    def _follow(self, changes: Changes) -> None:
        self._dialog.show_scores(self._threshold.least_scores())
        if changes.spans or changes.are_documents_listed_anew:
            self._count()

    def _count(self) -> None:
        from storage.score_counts import score_counts

        self._dialog.show_counts(self._session.ask(score_counts) or {})


def open_scores(parent: QWidget, session: Session, threshold: Threshold) -> ScoresDialog:
    """Show the scores of a project's labels; they follow what is committed, the text follows them."""
    dialog = ScoresDialog(parent)
    dialog.show_labels([label for label in session.codebook.labels if label.kind is not LabelKind.CUE])
    _Feed(dialog, session, threshold)
    dialog.open()
    return dialog
