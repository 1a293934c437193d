"""Deciding on equal mentions at once (E), and never suggesting some words again (X)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gui.latest import Latest
from gui.panels.equal import EqualQuestion
from gui.sweep import Sweep
from storage.records import Changes, LabelKind, SpanRecord, State

if TYPE_CHECKING:
    from gui.document.view import DocumentView
    from gui.panels.equal import EqualPanel
    from gui.session import Session
    from storage.search import Hit


class Equals(QObject):
    """Joins the preview of equal ones to the session.

    `panel_requested` asks to show the panel, `panel_released` to show what was there before; `hit_requested` to open
    a document (its id) with a stretch selected (start and end in code points); `told` carries a short sentence.
    """

    panel_requested = Signal()
    panel_released = Signal()
    hit_requested = Signal(int, int, int)
    told = Signal(str)

    def __init__(self, panel: EqualPanel, view: DocumentView, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._panel = panel
        self._view = view
        self._session: Session | None = None
        self._is_open = False
        self._looking, self._sweep = Latest(self), Sweep(self)
        panel.question_changed.connect(self._look)
        panel.accept_requested.connect(self._accept)
        panel.reject_requested.connect(self._reject)
        panel.key_pressed.connect(self._relabel)
        panel.hit_requested.connect(lambda hit: self.hit_requested.emit(*hit.place))
        panel.left.connect(self.leave)
        self._looking.failed.connect(self.told)
        self._sweep.told.connect(self.told)

    def work_on(self, session: Session | None, _document_id: int | None) -> None:
        """Decide in this project from now on; to be called with `None` before it is closed, which ends all threads."""
        if session is not self._session:
            self._looking.finish()
            self._sweep.work_on(session)
            self._session = session
            self._close()

    def open(self) -> None:
        """Show what is equal to the focused span in this document."""
        span = self._view.focused_span
        if span is None or self._session is None:
            self.told.emit("Focus a mention first; then E decides on all equal ones.")
            return
        self._is_open = True
        self.panel_requested.emit()
        self._panel.ask_for(span, self._session.codebook)
        self._look(self._panel.question())

    def leave(self) -> None:
        """Decide nothing, and give the keyboard back to the document."""
        self._close()
        self._view.setFocus()

    def never_suggest(self) -> None:
        """Reject the focused suggestion and all with its words and label, now and from now on."""
        span = self._view.focused_span
        if span is None or self._session is None or span.state != State.SUGGESTED:
            self.told.emit("Focus a suggestion first; then X never suggests its words again.")
            return
        from storage.operations.bulk import block_words

        name = self._session.codebook.label(span.label_id).name
        words = " ".join(span.quote.split())

        def said(changes: Changes) -> str:
            count = len(changes.spans)
            return f"“{words[:60]}” is never suggested as {name} again; {count:,} rejected. Ctrl+Z takes it back."

        self._sweep.do(lambda project: block_words(project, span.label_id, span.quote), said, self._go_on)

    def _look(self, question: EqualQuestion) -> None:
        span = self._panel.span
        if self._session is None or span is None:
            return
        from storage.equal import equal_ones

        project = self._session.project
        document_id = None if question.is_in_project else span.document_id
        self._looking.start(
            lambda proceed: equal_ones(project, span.id, question.sameness, document_id=document_id, proceed=proceed),
            self._panel.show_found,
        )

    def _close(self) -> None:
        self._looking.forget()
        if self._is_open:
            self._is_open = False
            self.panel_released.emit()

    # -- deciding -----------------------------------------------------------------------------------------------------

    def _accept(self, hits: Sequence[Hit]) -> None:
        span = self._panel.span
        if span is not None:
            self._label(span, span.label_id, hits, "accept equal")

    def _relabel(self, key: str, hits: Sequence[Hit]) -> None:
        label = self._session.codebook.by_key(key) if self._session else None
        if label is None:
            self.told.emit(f"No label has the key {key}.")
        elif self._panel.span is not None and hits:
            self._label(self._panel.span, label.id, hits, "relabel equal")

    def _label(self, span: SpanRecord, label_id: int, hits: Sequence[Hit], operation: str) -> None:
        """Give the ticked ones the label; a confirmed span passes its actor on to mentions that have none."""
        assert self._session is not None  # noqa: S101  (the panel is shown only while a project is open)
        from storage.operations.bulk import label_many

        label = self._session.codebook.label(label_id)
        passes_actor = span.state == State.CONFIRMED and label.kind == LabelKind.ACTOR
        actor_id = span.actor_id if passes_actor else None
        spans = [hit.mark.span_id for hit in hits if hit.mark]
        places = [hit.place for hit in hits if not hit.mark]
        self._sweep.do(
            lambda project: label_many(
                project, label_id, span_ids=spans, places=places, actor_id=actor_id, operation=operation
            ),
            lambda _changes: f"{len(hits):,} confirmed as {label.name}. Ctrl+Z takes it back.",
            self._go_on,
        )

    def _reject(self, hits: Sequence[Hit]) -> None:
        from storage.operations.bulk import take_away_many

        spans = [hit.mark.span_id for hit in hits if hit.mark]
        self._sweep.do(
            lambda project: take_away_many(project, spans, operation="reject equal"),
            lambda _changes: f"{len(spans):,} rejected. Ctrl+Z takes it back.",
            self._go_on,
        )

    def _go_on(self) -> None:
        self.leave()
        self._view.focus_next_undecided()
