"""What stands in the place of the text while a project has no documents: how to bring some in."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from gui.panels.welcome import COLUMN_PX, BigButton
from gui.widgets.text import plain_label


class EmptyProject(QFrame):
    """Two ways to import by key or click, and the third: dropping."""

    files_requested = Signal()
    folder_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "ground")
        say = "Bring in the texts to work on. Suggestions appear in them by themselves, the text on screen first."
        self.files = BigButton(
            "Import files",
            "Text, PDF, Word, web pages, tables, work from other tools: one or many.",
            "Ctrl I",
            is_primary=True,
        )
        self.folder = BigButton("Import a folder", "Every document in it and in the folders below.", "Ctrl Shift I")
        drop = plain_label("Or drop files or a folder anywhere on this window.", "muted")
        drop.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QWidget()
        column.setMaximumWidth(COLUMN_PX)
        column.setMinimumWidth(240)
        inner = QVBoxLayout(column)
        inner.setSpacing(8)
        inner.addWidget(plain_label("No documents yet", "title"))
        inner.addWidget(plain_label(say, "muted", is_wrapped=True))
        inner.addSpacing(10)
        inner.addWidget(self.files)
        inner.addWidget(self.folder)
        inner.addSpacing(10)
        inner.addWidget(drop)
        centred = QHBoxLayout()
        centred.addStretch(1)
        centred.addWidget(column, 100)
        centred.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.addStretch(2)
        layout.addLayout(centred)
        layout.addStretch(3)
        self.setFocusProxy(self.files)
        self.files.clicked.connect(lambda _is_checked=False: self.files_requested.emit())
        self.folder.clicked.connect(lambda _is_checked=False: self.folder_requested.emit())
