"""One line of the status bar for the kinds of work that may go on at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from gui.panels.status import StatusBar


class WorkLine(QObject):
    """Shows the import or export that goes on, since the analyst asked for it, else the suggesters, else memory."""

    def __init__(self, status: StatusBar) -> None:
        super().__init__(status)
        self._status = status
        self._transfer = self._suggesting = self._memory = ("", 0, 0)

    def show_transfer(self, text: str, done: int, total: int) -> None:
        """Tell how far an import or export is; "" when it has ended."""
        self._transfer = (text, done, total)
        self._show()

    def show_suggesting(self, done: int, total: int) -> None:
        """Tell how many documents the suggesters have read."""
        self._suggesting = (f"suggesting {done:,} of {total:,} documents …", done, total)
        self._show()

    def end_suggesting(self) -> None:
        """Tell that the suggesters have nothing left to read."""
        self._suggesting = ("", 0, 0)
        self._show()

    def show_memory(self, done: int, total: int) -> None:
        """Tell in how many documents confirmed words were looked for; of none when that has ended."""
        self._memory = (f"confirmed words: {done:,} of {total:,} documents …" if total else "", done, total)
        self._show()

    def _show(self) -> None:
        works = (self._transfer, self._suggesting, self._memory)
        self._status.show_work(*next((work for work in works if work[0]), ("", 0, 0)))
