"""The line at the foot of the window: saved or not, how much is decided, what the suggesters are doing."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QToolButton, QWidget

from gui.theme import scaled_font
from gui.timers import single_shot
from gui.widgets.text import ElidedLabel, plain_label, set_plain_tooltip, set_role

BAR_PX = 120
MESSAGE_MS = 6000


class StatusBar(QFrame):
    """Facts at the left, work in progress at the right. Told from outside; asks only to cancel."""

    cancel_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "bar")
        self.setFont(scaled_font(self.font(), 0.92))
        self._saved = plain_label("", "ok")
        self._decided = plain_label("", "muted")
        self._bar = self._build_bar("Decided in this document")
        self._rates = ElidedLabel("", "muted")
        self._message = ElidedLabel("", "strong")
        self._place = plain_label("", "muted")
        self._work = ElidedLabel("", "muted")
        self._work_bar = self._build_bar("Progress")
        self.cancel = QToolButton()
        self.lack = plain_label("", "warning")
        self._offline = plain_label("offline", "muted")
        self._timer = single_shot(self, MESSAGE_MS, self.clear_message)
        self._lay_out()
        self.show_saved()
        self.show_decided(0, 0)
        self.show_work("")
        self.show_lack("")

    def show_saved(self) -> None:
        """Tell that everything is on disk."""
        self._tell_saving("● saved", "ok", "Every decision is on disk.")

    def show_closed(self) -> None:
        """Tell nothing of saving: no project is open."""
        self._tell_saving("", "muted", "")

    def show_unsaved(self, reason: str) -> None:
        """Tell that the last decision could not be saved, and why."""
        self._tell_saving("▲ not saved", "warning", reason)

    def show_decided(self, decided: int, total: int) -> None:
        """Tell how many of the document's spans are decided; nothing where there are none."""
        self._decided.setText(f"{decided:,} of {total:,} decided" if total else "")
        self._give_room(total)
        self._bar.setVisible(total > 0)
        self._bar.setRange(0, max(total, 1))
        self._bar.setValue(decided)

    def show_rates(self, text: str) -> None:
        """Tell acceptance rates ("accepted 88 % of actors, 71 % of claims")."""
        self._rates.set_full_text(text)

    def show_lack(self, text: str, tip: str = "") -> None:
        """Tell what the suggesters cannot do in the document on screen, as long as it is there; "" for nothing."""
        self.lack.setText(text)
        self.lack.setVisible(bool(text))
        set_plain_tooltip(self.lack, tip)

    def show_place(self, text: str) -> None:
        """Tell about cursor or selection ("12 words selected")."""
        self._place.setText(text)

    def show_message(self, text: str) -> None:
        """Tell what just happened ("Undone: accept"), for six seconds, in place of the rates."""
        self._message.set_full_text(text)
        self._message.setVisible(bool(text))
        self._rates.setVisible(not text)
        if text:
            self._timer.start()

    def clear_message(self) -> None:
        """Show the rates again."""
        self._timer.stop()
        self.show_message("")

    def show_work(self, text: str, done: int = 0, total: int = 0, *, can_cancel: bool = True) -> None:
        """Tell what goes on in the background, with a bar if `total` is known; "" when nothing does."""
        self._work.set_full_text(text)
        self._work.setVisible(bool(text))
        self._work_bar.setVisible(bool(text) and total > 0)
        self._work_bar.setRange(0, max(total, 1))
        self._work_bar.setValue(done)
        self.cancel.setVisible(bool(text) and can_cancel)

    def _tell_saving(self, text: str, role: str, tip: str) -> None:
        if self._saved.text() != text:
            self._saved.setText(text)
            set_role(self._saved, role)
        if self._saved.accessibleDescription() != tip:
            set_plain_tooltip(self._saved, tip)

    def _give_room(self, total: int) -> None:
        """Keep the count as wide as it can become: another width makes Qt lay out the whole window at each decision."""
        widest = f"{total:,} of {total:,} decided" if total else ""
        metrics = self._decided.fontMetrics()
        self._decided.setFixedSize(metrics.horizontalAdvance(widest), metrics.height())

    def _build_bar(self, name: str) -> QProgressBar:
        bar = QProgressBar()
        bar.setTextVisible(False)
        bar.setFixedWidth(BAR_PX)
        bar.setAccessibleName(name)
        return bar

    def _lay_out(self) -> None:
        self.cancel.setText("Stop")
        self.cancel.setAccessibleName("Stop the work in progress")
        self.cancel.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.cancel.clicked.connect(lambda _is_checked=False: self.cancel_requested.emit())
        set_plain_tooltip(self._offline, "Nothing leaves this machine: the program never uses the network.")
        self._message.hide()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 3, 14, 3)
        layout.setSpacing(16)
        left: tuple[QWidget, ...] = (self._saved, self._decided, self._bar)
        right: tuple[QWidget, ...] = (
            self._place,
            self._work,
            self._work_bar,
            self.cancel,
            self.lack,
            self._offline,
        )
        for widget in left:
            layout.addWidget(widget)
        layout.addWidget(self._rates, 1)
        layout.addWidget(self._message, 1)
        for widget in right:
            layout.addWidget(widget)
        self.setMinimumHeight(round(self.fontMetrics().height() + 14))
