"""The welcome page: what a first start shows. Open the sample, begin or open a project, or drop files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from gui.theme import current_theme, scaled_font
from gui.widgets.paint import keycap_width, paint_focus_ring, paint_keycap, painting
from gui.widgets.painted import PaintedButton
from gui.widgets.text import heading, plain_label, plain_tooltip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QPaintEvent

COLUMN_PX = 560
PAD_PX = 16.0


@dataclass(frozen=True, slots=True)
class RecentProject:
    """A project opened lately. `location` is its path or address, `opened` a moment in words ("yesterday")."""

    location: str
    name: str
    folder: str
    opened: str = ""
    is_missing: bool = False


def dropped_paths(mime: QMimeData) -> list[Path]:
    """Return the files and folders of this machine that a drag brings, in its order."""
    return [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]


class BigButton(PaintedButton):
    """A choice of the welcome page: title, what it does, and its key."""

    def __init__(self, title: str, say: str, key: str = "", *, is_primary: bool = False) -> None:
        super().__init__()
        self._title, self._say, self._key, self._is_primary = title, say, key, is_primary
        self.setAccessibleName(f"{title} ({key})" if key else title)
        self.setAccessibleDescription(say)
        self.setToolTip(plain_tooltip(say))

    def sizeHint(self) -> QSize:
        """Ask for two lines and their margins."""
        return QSize(COLUMN_PX, round(self.fontMetrics().height() * 2.15 + 22))

    def minimumSizeHint(self) -> QSize:
        """Allow a narrow window."""
        return QSize(220, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint a card with title and sentence at the left, the key at the right."""
        theme, rect = current_theme(), QRectF(self.rect())
        painter = QPainter(self)
        with painting(painter):
            ground = QColor(theme.accent if self._is_primary else theme.page)
            if not self.isEnabled():
                ground = QColor(theme.background)
            elif self.underMouse():
                ground = ground.darker(112) if self._is_primary else QColor(theme.hover)
            painter.setBrush(ground)
            painter.setPen(Qt.PenStyle.NoPen if self._is_primary else QPen(QColor(theme.line), 1))
            painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 9, 9)
            self._paint_words(painter, rect)
            if self.hasFocus():
                ring = rect.adjusted(3, 3, -3, -3) if self._is_primary else rect
                paint_focus_ring(painter, ring, theme, 8, colour=theme.page if self._is_primary else "")
        painter.end()

    def _paint_words(self, painter: QPainter, rect: QRectF) -> None:
        theme = current_theme()
        cap = keycap_width(self.font(), self._key) if self._key else 0.0
        room = rect.adjusted(PAD_PX, 9, -PAD_PX - cap - 8, -9)
        is_plain = not self._is_primary
        strong = scaled_font(self.font(), 1.06, weight=self.font().Weight.DemiBold)
        title_pen = theme.ink if self.isEnabled() else theme.muted
        for words, font, pen, align in (
            (self._title, strong, title_pen, Qt.AlignmentFlag.AlignTop),
            (self._say, scaled_font(self.font(), 0.93), theme.muted, Qt.AlignmentFlag.AlignBottom),
        ):
            painter.setFont(font)
            painter.setPen(QColor(pen if is_plain else theme.page))
            cut = QFontMetricsF(font).elidedText(words, Qt.TextElideMode.ElideMiddle, room.width())
            painter.drawText(room, align, cut)
        if self._key:
            where = QRectF(rect.right() - PAD_PX - cap, rect.y(), cap, rect.height())
            paint_keycap(painter, where, self._key, theme, self.font(), is_on_accent=self._is_primary)


class WelcomePage(QScrollArea):
    """The page with the big choices; arrows, Tab and Enter are enough to use it."""

    sample_requested = Signal()
    new_requested = Signal()
    open_requested = Signal()
    recent_requested = Signal(str)
    paths_dropped = Signal(list)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAcceptDrops(True)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.sample = BigButton(
            "Try the sample", "A ready project: four invented briefs, with suggestions waiting.", is_primary=True
        )
        self.new = BigButton("New project", "One file that holds texts, codebook and every decision.", "Ctrl N")
        self.open = BigButton("Open project", "Go on with a project file.", "Ctrl O")
        self.recent: list[BigButton] = []
        self._recent_heading = heading("Opened lately")
        self._recent_box = QVBoxLayout()
        self._recent_box.setSpacing(8)
        self._drop = plain_label("Drop texts, a folder or a project anywhere on this page.", "muted")
        self._drop.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._drop.setMinimumHeight(64)
        self.setWidget(self._build_page())
        self.sample.clicked.connect(lambda _is_checked=False: self.sample_requested.emit())
        self.new.clicked.connect(lambda _is_checked=False: self.new_requested.emit())
        self.open.clicked.connect(lambda _is_checked=False: self.open_requested.emit())
        self.setFocusProxy(self.sample)
        self.set_recent(())

    def set_recent(self, projects: Sequence[RecentProject]) -> None:
        """Show the projects opened lately, the last one first; those not there any more cannot be chosen."""
        for button in self.recent:
            self._recent_box.removeWidget(button)
            button.deleteLater()
        self.recent = [self._recent_button(project) for project in projects]
        for button in self.recent:
            self._recent_box.addWidget(button)
            button.show()  # at once, so that it can take the focus
        self._recent_heading.setVisible(bool(projects))
        open_ones = [button for button in self.recent if button.isEnabled()]
        self.setFocusProxy(open_ones[0] if open_ones else self.sample)

    def _recent_button(self, project: RecentProject) -> BigButton:
        state = "not there any more" if project.is_missing else project.opened
        button = BigButton(project.name, " · ".join(part for part in (state, project.folder) if part))
        button.setEnabled(not project.is_missing)
        button.clicked.connect(lambda: self.recent_requested.emit(project.location))
        return button

    def _build_page(self) -> QWidget:
        page = QWidget()
        page.setProperty("role", "ground")
        column = QWidget()
        column.setMaximumWidth(COLUMN_PX)
        inner = QVBoxLayout(column)
        inner.setSpacing(8)
        inner.addWidget(plain_label("Sayso", "display"))
        say = "Who says what, about whom? Decide on each suggestion; every decision is kept."
        inner.addWidget(plain_label(say, "muted", is_wrapped=True))
        inner.addSpacing(16)
        for button in (self.sample, self.new, self.open):
            inner.addWidget(button)
        inner.addSpacing(14)
        inner.addWidget(self._recent_heading)
        inner.addLayout(self._recent_box)
        inner.addSpacing(8)
        inner.addWidget(self._drop)
        # Not by an alignment: that would give the column the height of its unwrapped sentence.
        centred = QHBoxLayout()
        centred.addStretch(1)
        centred.addWidget(column, 100)
        centred.addStretch(1)
        layout = QVBoxLayout(page)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.addStretch(2)
        layout.addLayout(centred)
        layout.addStretch(3)
        column.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        column.setMinimumWidth(240)
        return page

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome files and folders of this machine."""
        if dropped_paths(event.mimeData()):
            event.acceptProposedAction()
            self._show_drag(is_over=True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Show the page as before."""
        super().dragLeaveEvent(event)
        self._show_drag(is_over=False)

    def dropEvent(self, event: QDropEvent) -> None:
        """Tell what was dropped."""
        event.acceptProposedAction()
        self._show_drag(is_over=False)
        self.paths_dropped.emit(dropped_paths(event.mimeData()))

    def _show_drag(self, *, is_over: bool) -> None:
        self._drop.setText(
            "Let go to bring this in." if is_over else "Drop texts, a folder or a project anywhere on this page."
        )
