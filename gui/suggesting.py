"""Keeping the suggesters busy: the document on screen first, then the rest; and storing what they find."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gui.bridge import known_actors, suggest_request
from gui.tasks import Task
from nlp.protocol import PipelineInfo
from nlp.suggestion import SUGGESTER, VERSION, DocumentSuggestions, SuggestRequest

if TYPE_CHECKING:
    from gui.session import Session
    from gui.worker_client import WorkerClient


class Suggesting(QObject):
    """Asks the worker about one session's documents and stores its answers, off the window's thread.

    `told` carries a sentence about what the suggesters cannot do.
    """

    told = Signal(str)

    def __init__(self, worker: WorkerClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker = worker
        self._session: Session | None = None
        self._found: deque[DocumentSuggestions] = deque()
        self._storing: Task | None = None
        self._held: list[int] | None = None
        worker.suggestions_ready.connect(self._keep)
        worker.failed.connect(self.told)
        worker.became_ready.connect(self._tell_pipeline)

    def work_on(self, session: Session | None) -> None:
        """Begin with a project, or with none; what was under way for another is dropped."""
        self._worker.cancel_all()
        self._found.clear()
        if self._storing is not None:
            self._storing.wait()
            self._stored()
        self._session = session
        self.look_for_new()

    def look_for_new(self) -> None:
        """Ask about the documents that this version of the suggester has not read."""
        if self._session is None:
            return
        from storage.queries import documents_to_suggest

        self.ask(self._session.ask(documents_to_suggest, SUGGESTER, VERSION) or [])

    def ask(self, document_ids: Iterable[int], *, is_on_screen: bool = False) -> None:
        """Ask about these documents, after those that wait, or first if they are on screen."""
        wanted = list(document_ids)
        if self._held is not None:
            self._held += wanted
        elif wanted:
            self._worker.suggest_all(wanted, self._request, is_on_screen=is_on_screen)

    def put_first(self, document_id: int) -> None:
        """Take this document next, if it waits: it is on screen now."""
        self._worker.prioritise(document_id)

    def pause(self, *, is_paused: bool) -> None:
        """Hold the suggesters, or let them go on with what is still unread."""
        if is_paused:
            self._held = []
            self._worker.cancel_all()
        elif self._held is not None:
            asked, self._held = self._held, None
            self.look_for_new()
            self.ask(asked)

    def _request(self, document_id: int) -> SuggestRequest | None:
        if self._session is None:
            return None
        from storage.queries import actors, document_record, document_text

        document = self._session.ask(document_record, document_id)
        text = self._session.ask(document_text, document_id) if document is not None else None
        if text is None:
            return None
        registry = known_actors(self._session.ask(actors) or [], self._session.codebook)
        return suggest_request(document, text, registry)

    def _keep(self, found: DocumentSuggestions) -> None:
        self._found.append(found)
        self._store_next()

    def _store_next(self) -> None:
        if self._storing is not None or not self._found or self._session is None:
            return
        from storage.suggesting import store_suggestions

        session, found = self._session, self._found.popleft()
        task = Task(lambda _task: store_suggestions(session.project, found), self)
        task.succeeded.connect(session.announce)
        task.failed.connect(session.problem_met)
        task.finished.connect(self._stored)
        self._storing = task
        task.start()

    def _stored(self) -> None:
        if self._storing is not None:
            self._storing.deleteLater()
            self._storing = None
        self._store_next()

    def _tell_pipeline(self, info: PipelineInfo) -> None:
        if info.missing:
            self.told.emit(info.missing)
