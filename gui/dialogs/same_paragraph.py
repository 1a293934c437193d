"""Where one paragraph stands in the whole project, to leave it out of the work in all these places at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QPushButton, QWidget

from gui.widgets.concordance import ConcordanceList
from gui.widgets.dialog_parts import dialog_buttons, dialog_column
from gui.widgets.text import on_one_line, plain_label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from storage.search import Hit

#: A longer paragraph is known by its beginning.
_SHOWN_CP = 240


class SameParagraphDialog(QDialog):
    """Lists the places, all ticked. Enter leaves the ticked ones out; `exclude_requested` carries their places."""

    exclude_requested = Signal(object)

    def __init__(self, parent: QWidget | None, words: str) -> None:
        super().__init__(parent)
        self.setWindowTitle("Leave out everywhere")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(620, 480)
        shown = on_one_line(words)
        if len(shown) > _SHOWN_CP:
            shown = f"{shown[:_SHOWN_CP].rstrip()} …"
        self.told = plain_label("Looking in all documents …", "muted", is_wrapped=True)
        self.list = ConcordanceList("Places of this paragraph")
        self.list.setProperty("role", "boxed")
        self.exclude = QPushButton("Leave out")
        self.exclude.setProperty("role", "primary")
        self.exclude.setDefault(True)
        self.exclude.setEnabled(False)
        layout = dialog_column(self)
        layout.addWidget(plain_label(f"“{shown}”", "strong", is_wrapped=True))
        layout.addWidget(self.told)
        layout.addWidget(self.list, 1)
        layout.addWidget(plain_label("Space ticks, Ctrl+A ticks all. Ctrl+Z takes everything in again.", "small"))
        layout.addLayout(dialog_buttons(self, self.exclude))
        self.exclude.clicked.connect(self._exclude)
        self.list.entered_row.connect(lambda _row: self._exclude())
        self.list.left.connect(self.reject)
        self.list.hits.ticks_changed.connect(self._count)

    def show_hits(self, hits: Sequence[Hit]) -> None:
        """List where the paragraph stands."""
        self.list.show_hits(hits, range(len(hits)))
        documents = len({hit.document_id for hit in hits})
        self.told.setText(
            f"The same paragraph stands {_times(len(hits))} in {_documents(documents)}."
            if hits
            else "It is left out everywhere already."
        )
        self.list.setFocus()
        self._count()

    def _count(self) -> None:
        ticked = self.list.hits.ticked
        self.exclude.setEnabled(bool(ticked))
        self.exclude.setText(f"Leave out in {_documents(len({hit.document_id for hit in ticked}))}")

    def _exclude(self) -> None:
        ticked = self.list.hits.ticked
        if ticked:
            self.exclude_requested.emit([hit.place for hit in ticked])
            self.accept()


def _documents(count: int) -> str:
    return "1 document" if count == 1 else f"{count:,} documents"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count:,} times"
