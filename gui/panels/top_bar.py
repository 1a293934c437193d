"""The bar at the top: the project's name, the menus, the way to find anything, and the keys of the loop."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenuBar, QPushButton, QSizePolicy, QWidget

from gui.widgets.keys import KeyButton, KeyCap
from gui.widgets.text import ElidedLabel, plain_label

#: Below this width the reminder of keys gives way to the rest.
_HINTS_FROM_PX = 1400

_HINTS = (("Tab", "next"), ("Enter", "accept"), ("Backspace", "reject"), ("F1", "keys"))


class TopBar(QFrame):
    """Shows where one is; `find_requested` asks for the palette."""

    find_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "topbar")
        self.menus = QMenuBar()
        self.menus.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self._project = ElidedLabel("", "muted")
        self.finder: QPushButton = KeyButton("Find a command, a document, an actor …", "Ctrl K")
        self.finder.setProperty("role", "search")
        self.finder.setMaximumWidth(420)
        self.finder.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.finder.clicked.connect(lambda _is_checked=False: self.find_requested.emit())
        self._hints = self._build_hints()
        self._hints.hide()  # until there is room: a window that is restored must not be made wider by them
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 5, 14, 5)
        layout.setSpacing(12)
        layout.addWidget(plain_label("Sayso", "strong"))
        layout.addWidget(self._project, 1)
        layout.addWidget(self.menus)
        layout.addWidget(self.finder, 1)
        layout.addWidget(self._hints)

    def show_project(self, name: str) -> None:
        """Tell which project is open, "" for none."""
        self._project.set_full_text(name)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the reminder of keys out where there is no room for it."""
        self._hints.setVisible(event.size().width() >= _HINTS_FROM_PX)
        super().resizeEvent(event)

    @staticmethod
    def _build_hints() -> QWidget:
        box = QWidget()
        layout = QHBoxLayout(box)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for key, what in _HINTS:
            layout.addWidget(KeyCap(key))
            layout.addWidget(plain_label(what, "muted"))
            layout.addSpacing(6)
        return box
