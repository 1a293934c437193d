"""What an export wrote, and what it could not express."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from gui.dialogs.message import MessageDialog

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from storage.formats.losses import Losses


class WrittenDialog(MessageDialog):
    """Names the file, lists the losses with their places, and shows the folder on request."""

    def __init__(self, parent: QWidget | None, path: Path, losses: Losses) -> None:
        count = sum(loss.count for loss in losses)
        what = f"{count:,} thing{'s' * (count != 1)} that it has no place for"
        say = f"The export is in “{path}”. Left out or changed: {what}; this list stands beside it."
        super().__init__(parent, "Export written", say, "\n".join(losses.to_lines()))
        self.folder = path.parent
        self.show_folder = self.add_button("Show folder")
        self.show_folder.clicked.connect(self._show_folder)

    def _show_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.folder)))
