"""The foot of a dialog: cancel, and the button that does it."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton


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
