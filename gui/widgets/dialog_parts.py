"""What dialogs share: margins and title, the foot with "Cancel" and the button that does it, room for all lines."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout

from gui.widgets.text import plain_label


def dialog_column(dialog: QDialog, title: str = "", *, spacing: int = 10) -> QVBoxLayout:
    """Return the layout of a dialog with the margins that all have, begun with a title if one is given."""
    column = QVBoxLayout(dialog)
    column.setContentsMargins(20, 18, 20, 16)
    column.setSpacing(spacing)
    if title:
        column.addWidget(plain_label(title, "title", is_wrapped=True))
    return column


def dialog_buttons(dialog: QDialog, main: QPushButton) -> QHBoxLayout:
    """Return a row with "Cancel" and the main button at the right; Enter presses the main one."""
    cancel = QPushButton("Cancel")
    cancel.setAutoDefault(False)
    cancel.clicked.connect(dialog.reject)
    row = QHBoxLayout()
    row.addStretch()
    row.addWidget(cancel)
    row.addWidget(main)
    return row


def fit_height(dialog: QDialog, *, can_shrink: bool = True) -> None:
    """Give a dialog the height that its lines need, wrapped to its width; Qt's own limits do not look at wrapping."""
    layout = dialog.layout()
    if layout is not None:
        layout.activate()
        needed = layout.totalHeightForWidth(dialog.width())
        dialog.resize(dialog.width(), needed if can_shrink else max(dialog.height(), needed))
