"""Telling of problems without burying the analyst in dialogs."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from gui.dialogs.message import MessageDialog, problem_dialog


class ProblemTeller(QObject):
    """Shows one problem at a time: what else goes wrong while its dialog stands is told in the status bar.

    A full disk fails every write; one dialog says so.
    """

    told = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._dialog: MessageDialog | None = None

    def tell(self, sentence: str) -> None:
        """Tell of a problem in the analyst's world."""
        if self._dialog is not None:
            if sentence != self._dialog.sentence.text():
                self.told.emit(sentence)
            return
        self._dialog = problem_dialog(self._window, sentence)
        self._dialog.finished.connect(self._forget)
        self._dialog.open()

    def _forget(self, _result: int) -> None:
        self._dialog = None
