"""Keeping the suggesters busy: the document on screen first, then the rest; and storing what they find."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gui.bridge import cue_kinds_off, known_actors, suggest_request, suggester_version
from gui.pipeline_line import language_name
from gui.remembering import Remembering
from gui.tasks import Task
from nlp.protocol import PipelineInfo
from nlp.suggestion import SUGGESTER, DocumentSuggestions, KnownActor, SuggestRequest
from storage.errors import EnvironmentProblem, StaleEditError
from storage.records import Changes

if TYPE_CHECKING:
    from gui.session import Session
    from gui.worker_client import WorkerClient

_log = logging.getLogger(__name__)

_PAUSED = "Suggesting is paused; Shift+F5 lets it go on."


class Suggesting(QObject):
    """Asks the worker about one session's documents and stores its answers, off the window's thread.

    Beside it works `memory`, which needs no worker.

    `told` carries a sentence about what the suggesters cannot do; `problem_met` one about what could not be stored.
    """

    told = Signal(str)
    problem_met = Signal(str)

    def __init__(self, worker: WorkerClient, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker = worker
        self._session: Session | None = None
        self._found: deque[DocumentSuggestions] = deque()
        self._storing: Task | None = None
        self._held: list[int] | None = None
        self._on_screen: int | None = None
        self._version = ""
        self._registry: tuple[KnownActor, ...] | None = None
        self.memory = Remembering(self)
        self.memory.told.connect(self.told)
        self.memory.problem_met.connect(self.problem_met)
        worker.suggestions_ready.connect(self._keep)
        worker.failed.connect(self.told)
        worker.document_failed.connect(self._tell_failed)
        worker.became_ready.connect(self._tell_pipeline)

    def work_on(self, session: Session | None) -> None:
        """Begin with a project, or with none; what was under way for another is dropped."""
        self._worker.cancel_all()
        self._found.clear()
        if self._storing is not None:
            self._storing.wait()
            self._stored(self._storing)
        if self._held is not None:
            self._held = []
        if self._session is not None:
            self._session.changed.disconnect(self._follow)
        self._session = session
        self._on_screen = None
        self._registry = None
        if session is not None:
            self._version = suggester_version(session.codebook)
            session.changed.connect(self._follow)
        self.memory.work_on(session)
        self.look_for_new()

    def _follow(self, changes: Changes) -> None:
        """Read everything again where other kinds of cue make a claim now."""
        if changes.actors or changes.is_codebook_changed or changes.are_documents_listed_anew:
            self._registry = None
        if self._session is None or not changes.are_settings_changed:
            return
        version = suggester_version(self._session.codebook)
        if version != self._version:
            self._version = version
            self._worker.cancel_all()
            self._found.clear()
            self.look_for_new()

    def look_for_new(self) -> None:
        """Ask about the documents that this version of the suggester has not read."""
        if self._session is None:
            return
        from storage.queries import documents_to_suggest

        self._ask(self._session.ask(documents_to_suggest, SUGGESTER, self._version) or [])

    def ask(self, document_ids: Iterable[int], *, is_on_screen: bool = False) -> None:
        """Ask about these documents at the analyst's wish, after those that wait, or first if they are on screen."""
        if self._held is not None:
            self.told.emit(_PAUSED)
        self._ask(document_ids, is_on_screen=is_on_screen)

    def _ask(self, document_ids: Iterable[int], *, is_on_screen: bool = False) -> None:
        wanted = list(document_ids)
        if self._held is not None:
            self._held += wanted
        elif wanted:
            self._worker.suggest_all(wanted, self._request, is_on_screen=is_on_screen)
            if self._on_screen in wanted:
                self._worker.prioritise(self._on_screen)

    def put_first(self, document_id: int) -> None:
        """Take this document ahead of the others, now or when it is asked for: it is on screen."""
        self._on_screen = document_id
        self._worker.prioritise(document_id)
        self.memory.put_first(document_id)

    def pause(self, *, is_paused: bool) -> None:
        """Hold the suggesters, or let them go on with what is still unread."""
        self.memory.hold(is_held=is_paused)
        if is_paused:
            self._held = []
            self._worker.cancel_all()
            self.told.emit(_PAUSED)
        elif self._held is not None:
            asked, self._held = self._held, None
            self.told.emit("Suggesting goes on.")
            self.look_for_new()
            self._ask(asked)

    def stop(self) -> None:
        """Give up what is asked for; what was found so far stays."""
        self.memory.stop()
        self._worker.cancel_all()
        self.told.emit("Suggesting was stopped; F5 reads this document, Ctrl+F5 all of them.")

    def _request(self, document_id: int) -> SuggestRequest | None:
        """Return the work order for a document; `None` when it is gone meanwhile or cannot be read."""
        if self._session is None:
            return None
        from storage.queries import actors, document_record, document_text

        project = self._session.project
        try:
            document, text = document_record(project, document_id), document_text(project, document_id)
            if self._registry is None:
                self._registry = known_actors(actors(project), self._session.codebook)
        except EnvironmentProblem as problem:
            _log.warning("a document was not sent to the suggesters: %s", type(problem).__name__)
            return None
        return suggest_request(document, text, self._registry, cue_kinds_off(self._session.codebook))

    def _keep(self, found: DocumentSuggestions) -> None:
        self._found.append(replace(found, version=self._version))
        self._store_next()

    def _store_next(self) -> None:
        if self._storing is not None or not self._found or self._session is None:
            return
        from storage.suggesting import store_suggestions

        session, found = self._session, self._found.popleft()

        def store(_task: Task) -> Changes:
            try:
                return store_suggestions(session.project, found, language=found.language)
            except StaleEditError:  # the document was taken out while it was being read
                return Changes()

        task = Task(store, self)
        task.succeeded.connect(session.announce)
        task.failed.connect(self._give_up)
        task.finished.connect(lambda: self._stored(task))
        self._storing = task
        task.start()

    def _stored(self, task: Task) -> None:
        """Go on with the next; `work_on` may have done so before the thread's own word arrived."""
        if task is self._storing:
            self._storing = None
            task.deleteLater()
            self._store_next()

    def _give_up(self, sentence: str) -> None:
        """Stop reading what cannot be stored: one sentence, not one for each document."""
        self._worker.cancel_all()
        self._found.clear()
        self.problem_met.emit(sentence)

    def _tell_failed(self, document_id: int, sentence: str) -> None:
        """Tell what went wrong once more, with the title of the document that it is about."""
        from storage.queries import document_record

        if self._session is not None:
            with suppress(EnvironmentProblem):  # the document is gone, or cannot be read now
                title = document_record(self._session.project, document_id).title
                self.told.emit(f"“{title}”: {sentence}")

    def _tell_pipeline(self, info: PipelineInfo) -> None:
        if info.missing:
            self.told.emit(info.missing.replace(f"the language “{info.language}”", language_name(info.language)))
