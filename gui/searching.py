"""Finding in the project: searches off the window's thread, keeps index and list up to date, decides on hits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gui.latest import Latest
from gui.panels.find import FindQuery
from gui.sweep import Sweep
from gui.timers import single_shot
from storage.errors import EnvironmentProblem
from storage.records import Changes, State

if TYPE_CHECKING:
    from gui.document.view import DocumentView
    from gui.panels.search import SearchPanel
    from gui.session import Session
    from storage.search import Found, Hit

#: The index is brought up to date when the window has had time to show the project.
_INDEX_AFTER_MS = 1500
_BACK = "Ctrl+Z takes it back."


class Searching(QObject):
    """Joins the search panel to the session.

    `panel_requested` asks to show the panel, `hit_requested` to open a document (its id) with a stretch selected
    (start and end in code points); `told` carries a short sentence for the status bar.
    """

    panel_requested = Signal()
    hit_requested = Signal(int, int, int)
    left = Signal()
    told = Signal(str)

    def __init__(self, panel: SearchPanel, view: DocumentView, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._panel = panel
        self._view = view
        self._session: Session | None = None
        self._document_id: int | None = None
        self._asked: tuple[FindQuery, bool] | None = None
        self._searches, self._indexing, self._sweep = Latest(self), Latest(self), Sweep(self)
        self._index_soon = single_shot(self, _INDEX_AFTER_MS, self._update_index)
        panel.search_requested.connect(self.search)
        panel.stop_requested.connect(self._searches.stop)
        panel.hit_requested.connect(lambda hit: self.hit_requested.emit(*hit.place))
        panel.key_pressed.connect(self._apply_key)
        panel.label_requested.connect(self._label)
        panel.take_away_requested.connect(self._reject)
        panel.left.connect(self.left)
        self._searches.ended.connect(lambda: panel.show_work(is_busy=False))
        self._searches.progressed.connect(lambda done, total: panel.show_work(is_busy=True, done=done, total=total))
        self._searches.failed.connect(panel.show_problem)
        self._sweep.told.connect(self.told)
        self._indexing.failed.connect(self.told)

    def work_on(self, session: Session | None, document_id: int | None) -> None:
        """Search in this project from now on; to be called with `None` before it is closed, which ends all threads."""
        if session is not self._session:
            self._index_soon.stop()
            for work in (self._searches, self._indexing):
                work.finish()
            self._sweep.work_on(session)
            if self._session is not None:
                self._session.changed.disconnect(self._follow)
            self._session = session
            self._asked = None
            self._clear()
            if session is not None:
                session.changed.connect(self._follow)
                self._panel.set_codebook(session.codebook)
                self._index_soon.start()
        if document_id != self._document_id:
            self._document_id = document_id
            if self._asked is not None and self._asked[1]:
                self.search(*self._asked)

    def open(self) -> None:
        """Show the panel; selected words within one line are looked for."""
        words = self._view.selected_text()
        self.panel_requested.emit()
        self._panel.open(words if "\n" not in words else "")

    def search(self, query: FindQuery, is_here: bool) -> None:  # noqa: FBT001  (the payload of a signal)
        """Look for words or a pattern, in the document on screen or in all."""
        if self._session is None:
            return
        from storage.search import Found, find
        from storage.search_query import SearchQuery, needle_of

        self._asked = (query, is_here)
        project, document_id = self._session.project, self._document_id if is_here else None
        wanted = SearchQuery(query.text, is_regex=query.is_regex, is_case_sensitive=query.is_case_sensitive)
        try:
            needle = needle_of(wanted)
        except EnvironmentProblem as problem:
            self._searches.forget()
            self._panel.show_problem(str(problem))
            return
        if needle is None or (is_here and document_id is None):
            self._searches.forget()
            self._panel.show_found(Found())
            return
        self._searches.start(
            lambda proceed: find(project, needle, document_id=document_id, proceed=proceed), self._panel.show_found
        )

    def list_ranges(self, ranges: Sequence[tuple[int, int]]) -> None:
        """Show the panel with these stretches of the document on screen."""
        if self._session is None or self._document_id is None:
            return
        from storage.search import hits_at

        found: Found | None = self._session.ask(hits_at, self._document_id, ranges)
        self._searches.forget()
        self._asked = None
        self.panel_requested.emit()
        if found is not None:
            self._panel.show_found(found)
            self._panel.list.setFocus()

    # -- following ----------------------------------------------------------------------------------------------------

    def _follow(self, changes: Changes) -> None:
        """Show what a committed operation put on the hits; look again when documents came or went."""
        if self._session is None:
            return
        if changes.is_codebook_changed:
            self._panel.set_codebook(self._session.codebook)
        if changes.are_documents_listed_anew:
            self._index_soon.start()
            if self._asked is not None and self._asked[0].text:
                self.search(*self._asked)
        elif changes.spans:
            self._mark_anew(changes.documents)

    def _mark_anew(self, documents: frozenset[int]) -> None:
        assert self._session is not None  # noqa: S101  (connected only while a project is open)
        from storage.search import with_marks

        hits = list(self._panel.list.hits.hits)
        rows = [row for row, hit in enumerate(hits) if hit.document_id in documents]
        marked: list[Hit] | None = self._session.ask(with_marks, [hits[row] for row in rows]) if rows else None
        if marked:
            for row, hit in zip(rows, marked, strict=True):
                hits[row] = hit
            self._panel.show_marks(hits)

    def _clear(self) -> None:
        if self._panel.list.hits.rowCount():
            self._panel.line.clear()
            self._panel.list.show_hits(())

    def _update_index(self) -> None:
        if self._session is None:
            return
        from storage.search_index import update_index

        project = self._session.project
        self._indexing.start(lambda proceed: update_index(project, proceed), lambda _count: None)

    # -- deciding -----------------------------------------------------------------------------------------------------

    def _apply_key(self, key: str) -> None:
        label = self._session.codebook.by_key(key) if self._session else None
        if label is None:
            self.told.emit(f"No label has the key {key}.")
        else:
            self._label(label.id, self._panel.list.chosen)

    def _label(self, label_id: int, hits: Sequence[Hit]) -> None:
        """Label hits. Confirmed ones of another label are left alone, unless nothing else was chosen."""
        if self._session is None or not hits:
            return
        from storage.operations.bulk import label_many
        from storage.stretch_queries import left_out_among

        left_out = self._session.ask(left_out_among, [hit.place for hit in hits if not hit.mark]) or set()
        if left_out:
            hits = [hit for hit in hits if hit.mark or hit.place not in left_out]
        if not hits:
            self.told.emit("These stand in parts that are left out of the work; Z in the text takes a part in again.")
            return
        kept = [hit for hit in hits if _is_confirmed_otherwise(hit, label_id)]
        chosen = hits if len(kept) == len(hits) else [hit for hit in hits if not _is_confirmed_otherwise(hit, label_id)]
        spans = [hit.mark.span_id for hit in chosen if hit.mark and hit.mark.state != State.REJECTED]
        places = [hit.place for hit in chosen if not hit.mark or hit.mark.state == State.REJECTED]
        name = self._session.codebook.label(label_id).name
        left = len(hits) - len(chosen)
        more = f" {left:,} confirmed as something else stayed as they are." if left else ""
        if left_out:
            more += f" {len(left_out):,} in parts left out of the work stayed without a label."
        self._sweep.do(
            lambda project: label_many(project, label_id, span_ids=spans, places=places),
            lambda _changes: f"{len(chosen):,} hit{'s' * (len(chosen) != 1)} labelled {name}.{more} {_BACK}",
        )

    def _reject(self, hits: Sequence[Hit]) -> None:
        from storage.operations.bulk import take_away_many

        spans = [hit.mark.span_id for hit in hits if hit.mark and hit.mark.state == State.SUGGESTED]
        if not spans:
            self.told.emit("Nothing undecided is among the chosen hits; only suggestions are rejected from the list.")
            return
        self._sweep.do(
            lambda project: take_away_many(project, spans),
            lambda _changes: f"{len(spans):,} suggestion{'s' * (len(spans) != 1)} rejected. {_BACK}",
        )


def _is_confirmed_otherwise(hit: Hit, label_id: int) -> bool:
    return hit.mark is not None and hit.mark.state == State.CONFIRMED and hit.mark.label_id != label_id
