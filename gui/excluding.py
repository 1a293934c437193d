"""Leaving parts of texts out of the work (Z), everywhere (Shift+Z), and whatever repeats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gui.latest import Latest
from gui.sweep import Sweep
from storage.records import Fragment, State
from storage.stretches import paragraph_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from gui.document.view import DocumentView
    from gui.session import Session

    Place = tuple[int, int, int]


class Excluder(QObject):
    """Turns the commands into operations and previews. `told` carries a short sentence for the status bar."""

    told = Signal(str)

    def __init__(self, window: QWidget, view: DocumentView) -> None:
        super().__init__(window)
        self._window, self._view = window, view
        self._session: Session | None = None
        self._document_id: int | None = None
        self._looking, self._sweep = Latest(self), Sweep(self)
        self._looking.failed.connect(self.told)
        self._sweep.told.connect(self.told)

    def work_on(self, session: Session | None, document_id: int | None) -> None:
        """Work in this document from now on; to be called with `None` before the project is closed."""
        if session is None:
            self._looking.finish()
        self._sweep.work_on(session)
        self._session, self._document_id = session, document_id

    def toggle(self) -> None:
        """Leave the selected words or the paragraph at the cursor out of the work; in an excluded part take it in."""
        part = self._part()
        if self._session is None or self._document_id is None:
            return
        if part is None:
            self.told.emit("Put the cursor into a paragraph, or select words; then Z leaves them out of the work.")
            return
        from storage.operations.stretches import exclude, include

        if self._is_excluded(part):
            if self._session.do(include, self._document_id, part):
                self.told.emit("Taken in again. F5 looks for suggestions in it.")
        elif self._session.do(exclude, self._document_id, part):
            self._view.clear_selection()
            self.told.emit(f"Left out of the work; Z takes it in again.{self._labels_left(part)}")

    def open_same(self) -> None:
        """Preview where the paragraph at the cursor stands in the whole project, to leave it out everywhere."""
        text = self._view.page.positions.text
        part = paragraph_at(text, self._view.cursor_cp)
        if self._session is None or part is None:
            self.told.emit("Put the cursor into the paragraph that is to be left out everywhere.")
            return
        from gui.dialogs.same_paragraph import SameParagraphDialog
        from storage.repeats import same_paragraphs

        project, words = self._session.project, text[part.start_cp : part.end_cp]
        dialog = SameParagraphDialog(self._window, words)
        dialog.exclude_requested.connect(self._exclude)
        dialog.finished.connect(lambda _result: self._looking.forget())
        dialog.finished.connect(lambda _result: self._view.setFocus())
        self._looking.start(lambda proceed: same_paragraphs(project, words, proceed=proceed), dialog.show_hits)
        dialog.open()

    def open_repeats(self) -> None:
        """Look for paragraphs that repeat in many documents, and list them to be left out."""
        if self._session is None:
            return
        from gui.dialogs.repeats import RepeatsDialog
        from storage.repeats import repeated_paragraphs

        project = self._session.project
        dialog = RepeatsDialog(self._window)
        dialog.exclude_requested.connect(self._exclude)
        dialog.finished.connect(lambda _result: self._looking.forget())
        dialog.finished.connect(lambda _result: self._looking.progressed.disconnect(dialog.show_progress))
        dialog.finished.connect(lambda _result: self._view.setFocus())
        self._looking.start(lambda proceed: repeated_paragraphs(project, proceed=proceed), dialog.show_repeats)
        self._looking.progressed.connect(dialog.show_progress)
        dialog.open()

    def _exclude(self, places: Sequence[Place]) -> None:
        """Leave these parts out: there may be thousands."""
        from storage.operations.stretches import REPEATED, exclude_many

        count = len({place[0] for place in places})
        documents = "1 document" if count == 1 else f"{count:,} documents"
        self._sweep.do(
            lambda project: exclude_many(project, places, reason=REPEATED),
            lambda _changes: f"Left out of the work in {documents}. Ctrl+Z takes them in again.",
        )

    def _part(self) -> Fragment | None:
        """Return what is meant: the selection, else the paragraph at the cursor, or as much of it as is excluded."""
        selection = self._view.selection()
        if selection:
            return selection[0]
        page, cursor_cp = self._view.page, self._view.cursor_cp
        paragraph = paragraph_at(page.positions.text, cursor_cp)
        excluded = page.stretches.excluded_at(cursor_cp)
        if excluded is None or paragraph is None:
            return paragraph
        return Fragment(max(excluded.start_cp, paragraph.start_cp), min(excluded.end_cp, paragraph.end_cp))

    def _is_excluded(self, part: Fragment) -> bool:
        """Whether nothing but white space of a part is still in the work."""
        page, rest_cp = self._view.page, part.start_cp
        text = page.positions.text
        for start_cp, end_cp in page.stretches.excluded_in(*part):
            if text[rest_cp:start_cp].strip():
                return False
            rest_cp = end_cp
        return not text[rest_cp : part.end_cp].strip() and rest_cp > part.start_cp

    def _labels_left(self, part: Fragment) -> str:
        """Return how many decisions stay in a part that training data and evaluation will not have."""
        spans = self._view.page.index.spans.values()
        count = sum(
            span.state == State.CONFIRMED
            and any(f.start_cp < part.end_cp and part.start_cp < f.end_cp for f in span.fragments)
            for span in spans
        )
        if not count:
            return ""
        return f" {count:,} label{'s stay' if count > 1 else ' stays'} there, but in no training data."
