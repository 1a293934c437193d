"""The window's side of the worker process: starts it when needed, feeds it, restarts it when it dies.

Few documents are under way at a time; the rest wait here as ids, so that what is on screen is sent next. Never
imports spaCy.
"""

from __future__ import annotations

import logging
import os
import sys
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, Signal

import nlp
from nlp import protocol as p
from nlp.suggestion import TOO_LITTLE_MEMORY, SuggestRequest, TrainingDocument

_log = logging.getLogger(__name__)

#: Enough to fill the worker's batches while replies travel, few enough to cancel and to hold in memory.
_MAX_IN_FLIGHT = 8
_MAX_EXPORT_IN_FLIGHT = 4
#: A document that the worker dies of as often as this is skipped.
_MAX_DEATHS = 2
#: A worker that ends as often as this in a row before it answers is not started again by itself.
_MAX_FAILED_STARTS = 2
#: How long a worker may take to end by itself, and how long killing it may take.
_END_MS = 1_000
_KILL_MS = 5_000

LoadRequest = Callable[[int], SuggestRequest | None]


@dataclass(slots=True)
class _Export:
    """An export under way: what is still to be sent, and how much was."""

    job: int
    documents: Iterator[TrainingDocument]
    sent: int = 0
    done: int = 0
    is_sent: bool = False


class WorkerClient(QObject):
    """Asks the worker for suggestions and exports. Lives in the GUI thread; no method blocks but `close`."""

    #: `DocumentSuggestions` for one document.
    suggestions_ready = Signal(object)
    #: How many documents are done of those asked for since the worker was last idle.
    progress_changed = Signal(int, int)
    #: The `PipelineInfo` of a language whose pipeline is loaded; `missing` is for the status bar.
    became_ready = Signal(object)
    #: Something went wrong, in one sentence for people; work goes on where it can.
    failed = Signal(str)
    #: The document that a `failed` sentence just emitted is about.
    document_failed = Signal(int, str)
    #: Nothing is left to suggest.
    idle = Signal()
    #: How many documents the running export has taken in.
    export_progressed = Signal(int)
    #: The export is complete; the report as plain lists and dicts (`nlp.training.report`).
    exported = Signal(object)
    #: The export was given up and left nothing behind; the sentence is empty if it was cancelled.
    export_failed = Signal(str)

    def __init__(self, parent: QObject | None = None, *, command: Iterable[str] | None = None) -> None:
        """Make a client without starting the worker. `command` replaces the worker's program and arguments."""
        super().__init__(parent)
        # -P keeps the current folder off the import path: a folder of documents may hold a nlp.py.
        self._command = list(command or (sys.executable, "-P", "-m", "nlp.worker"))
        self._process: QProcess | None = None
        self._buffer = bytearray()
        self._waiting: OrderedDict[int, LoadRequest] = OrderedDict()
        self._urgent: set[int] = set()
        self._in_flight: dict[int, LoadRequest] = {}
        # Each request gets one last reply; those to requests given up meanwhile must not count for newer ones.
        self._stale: Counter[int] = Counter()
        self._working: tuple[int, ...] = ()
        self._deaths: Counter[int] = Counter()
        self._has_answered = False
        self._failed_starts = 0
        self._done = self._total = 0
        self._export: _Export | None = None
        self._export_count = 0

    @property
    def is_idle(self) -> bool:
        """Whether there is nothing to suggest and nothing to export."""
        return not self._waiting and not self._in_flight and self._export is None

    @property
    def is_running(self) -> bool:
        """Whether the worker process is alive."""
        return self._process is not None

    def start(self) -> None:
        """Start the worker ahead of the first request, so that it is warm by then (one to three seconds)."""
        if self._process is not None:
            return
        process = QProcess(self)
        environment = QProcessEnvironment.systemEnvironment()
        root = str(Path(nlp.__file__).resolve().parent.parent)
        environment.insert("PYTHONPATH", os.pathsep.join(filter(None, (root, environment.value("PYTHONPATH")))))
        process.setProcessEnvironment(environment)
        process.setWorkingDirectory(root)
        process.readyReadStandardOutput.connect(self._read_replies)
        process.readyReadStandardError.connect(self._read_errors)
        process.finished.connect(self._recover)
        process.errorOccurred.connect(self._note_error)
        self._process, self._has_answered = process, False
        self._buffer.clear()
        process.start(self._command[0], self._command[1:])

    def suggest(self, request: SuggestRequest, *, is_on_screen: bool = False) -> None:
        """Ask for suggestions for a document; a document that waits already is asked for anew."""
        self.suggest_all([request.document_id], lambda _document_id: request, is_on_screen=is_on_screen)

    def suggest_all(self, document_ids: Iterable[int], load: LoadRequest, *, is_on_screen: bool = False) -> None:
        """Ask for suggestions for documents whose text `load` gives when their turn comes.

        `load` returns `None` for a document that is gone by then.
        """
        for document_id in document_ids:
            if document_id in self._in_flight:
                self._send(p.Cancel(document_id))
                del self._in_flight[document_id]
                self._stale[document_id] += 1
            elif document_id not in self._waiting:
                self._total += 1
            self._deaths.pop(document_id, None)
            self._waiting[document_id] = load
            if is_on_screen:
                self._urgent.add(document_id)
                self._waiting.move_to_end(document_id, last=False)
        self.progress_changed.emit(self._done, self._total)
        self._send_more()

    def prioritise(self, document_id: int) -> None:
        """Take a document first, if it waits: it is on screen."""
        if document_id in self._in_flight:
            self._send(p.Prioritise(document_id))
        elif document_id in self._waiting:
            self._urgent.add(document_id)
            self._waiting.move_to_end(document_id, last=False)
            self._send_more()

    def cancel_all(self) -> None:
        """Forget all documents that wait or are under way; an export goes on."""
        if self._in_flight:
            self._send(p.Cancel())
        self._stale.update(self._in_flight.keys())
        self._forget_documents()
        self._tell_if_idle()

    def export_spacy(
        self,
        documents: Iterable[TrainingDocument],
        out_dir: Path,
        *,
        dev_share: float = 0.2,
        seed: int = 0,
        only_reviewed: bool = False,
    ) -> None:
        """Export documents as training data into a folder, taking them from the iterator as they are needed.

        Raises:
            RuntimeError: an export is running; ask `is_idle`, or wait for `exported` or `export_failed`.
        """
        if self._export is not None:
            raise RuntimeError("an export is running")
        self._export_count += 1
        job = self._export_count
        self._export = _Export(job, iter(documents))
        self.start()
        self._send(p.StartExport(job, str(out_dir.absolute()), dev_share, seed, only_reviewed))
        self._send_documents()

    def cancel_export(self) -> None:
        """Give the running export up; `export_failed` follows."""
        if self._export is not None:
            self._send(p.CancelExport(self._export.job))

    def close(self) -> None:
        """End the worker and forget everything; blocks for up to a second, longer if an export is to be undone."""
        self._forget_documents()
        self._stale.clear()
        export, self._export = self._export, None
        process, self._process = self._process, None
        if process is None:
            return
        process.write(p.encode(p.Shutdown()))
        process.closeWriteChannel()
        if not process.waitForFinished(_KILL_MS if export else _END_MS):
            process.kill()
            process.waitForFinished(_KILL_MS)
        process.deleteLater()

    def _send(self, request: p.Request) -> None:
        if self._process is not None:
            self._process.write(p.encode(request))

    def _send_more(self) -> None:
        """Send waiting documents as long as few enough are under way; one that the worker died of goes alone."""
        while self._waiting:
            document_id = next(iter(self._waiting))
            limit = _MAX_IN_FLIGHT + (document_id in self._urgent)
            if document_id in self._deaths or any(other in self._deaths for other in self._in_flight):
                limit = 1
            if len(self._in_flight) >= limit:
                return
            load = self._waiting.pop(document_id)
            request = load(document_id)
            if request is None:
                self._count_done(document_id)
                continue
            priority = p.ON_SCREEN if document_id in self._urgent else p.BACKGROUND
            self._in_flight[document_id] = load
            self.start()
            self._send(p.Suggest(request, priority))

    def _send_documents(self) -> None:
        """Send documents of the export as fast as the worker takes them in."""
        export = self._export
        while export is not None and not export.is_sent and export.sent - export.done < _MAX_EXPORT_IN_FLIGHT:
            document = next(export.documents, None)
            if document is None:
                export.is_sent = True
                self._send(p.FinishExport(export.job))
            else:
                export.sent += 1
                self._send(p.ExportDocument(export.job, document))

    def _read_replies(self) -> None:
        if self._process is None:
            return
        self._buffer += self._process.readAllStandardOutput().data()
        *lines, rest = self._buffer.split(b"\n")
        self._buffer = rest
        for line in lines:
            try:
                reply = p.decode(bytes(line))
            except p.ProtocolError as error:
                _log.error("the worker wrote a line that is no reply: %s", error)
            else:
                self._act_on(reply)

    def _read_errors(self) -> None:
        if self._process is not None:
            text = bytes(self._process.readAllStandardError().data()).decode("utf-8", "replace")
            _log.debug("worker: %s", text.rstrip())

    def _act_on(self, reply: p.Reply | p.Request) -> None:
        self._working = reply.document_ids if isinstance(reply, p.Working) else ()
        match reply:
            case p.Ready(info):
                self._has_answered, self._failed_starts = True, 0
                self.became_ready.emit(info)
            case p.Suggestions(suggestions):
                if self._has_ended(suggestions.document_id):
                    self.suggestions_ready.emit(suggestions)
                    self._count_done(suggestions.document_id)
            case p.Failed(document_id, sentence):
                if self._has_ended(document_id):
                    self._fail(document_id, sentence)
            case p.Cancelled(document_id):
                self._has_ended(document_id)
            case p.ExportProgress() | p.Exported() | p.ExportFailed():
                self._act_on_export(reply)
        self._send_more()

    def _act_on_export(self, reply: p.ExportProgress | p.Exported | p.ExportFailed) -> None:
        export = self._export
        if export is None or reply.job != export.job:
            return
        match reply:
            case p.ExportProgress(_, done):
                export.done = done
                self.export_progressed.emit(done)
                self._send_documents()
            case p.Exported(_, report):
                self._export = None
                self.exported.emit(report)
            case p.ExportFailed(_, sentence):
                self._export = None
                self.export_failed.emit(sentence)

    def _has_ended(self, document_id: int) -> bool:
        """Note the last reply to a request; return whether it still matters."""
        if self._stale[document_id] > 0:
            self._stale[document_id] -= 1
            return False
        return self._in_flight.pop(document_id, None) is not None

    def _fail(self, document_id: int, sentence: str) -> None:
        self.failed.emit(sentence)
        self.document_failed.emit(document_id, sentence)
        self._count_done(document_id)

    def _count_done(self, document_id: int) -> None:
        self._urgent.discard(document_id)
        self._deaths.pop(document_id, None)
        self._done += 1
        self.progress_changed.emit(self._done, self._total)
        self._tell_if_idle()

    def _tell_if_idle(self) -> None:
        if self._total and not self._waiting and not self._in_flight:
            self._done = self._total = 0
            self.idle.emit()

    def _forget_documents(self) -> None:
        self._waiting.clear()
        self._in_flight.clear()
        self._urgent.clear()
        self._deaths.clear()

    def _note_error(self, error: QProcess.ProcessError) -> None:
        # All other errors are followed by `finished`.
        if error is QProcess.ProcessError.FailedToStart:
            self._recover()

    def _recover(self) -> None:
        """Go on after the worker died: blame the documents it worked on, start it anew if there is work."""
        if self._process is None:
            return
        self._read_replies()
        process, self._process = self._process, None
        process.deleteLater()
        self._stale.clear()
        had_export = self._export is not None
        if not self._has_answered:
            self._failed_starts += 1
        if self._export is not None:
            self._export = None
            self.export_failed.emit("The worker process ended during the export; the folder is as it was before.")
        if self._failed_starts >= _MAX_FAILED_STARTS:
            self._give_up()
            return
        suspects = [number for number in self._working if number in self._in_flight]
        if self._has_answered and not had_export:
            suspects = suspects or list(self._in_flight)
        self._requeue(suspects, _cause(process))

    def _requeue(self, suspects: list[int], cause: str) -> None:
        """Put what was under way back to the front of the queue, except documents of which the worker dies."""
        for document_id, load in reversed(self._in_flight.items()):
            self._waiting[document_id] = load
            self._waiting.move_to_end(document_id, last=False)
        self._in_flight.clear()
        self._working = ()
        self._deaths.update(suspects)
        for document_id in suspects:
            if self._deaths[document_id] >= _MAX_DEATHS:
                del self._waiting[document_id]
                self._fail(document_id, cause)
        self._send_more()

    def _give_up(self) -> None:
        """Stop starting a worker that never answers; the next request tries again."""
        self._failed_starts = 0
        self._forget_documents()
        self.failed.emit(
            "Suggestions are off: their worker process does not start. All else works; the log tells more."
        )
        self._tell_if_idle()


def _cause(process: QProcess) -> str:
    """Return why a document is skipped that the worker ended at twice."""
    if process.exitStatus() is QProcess.ExitStatus.NormalExit and process.exitCode() == p.OUT_OF_MEMORY:
        return TOO_LITTLE_MEMORY
    return "The worker process died of this document twice; it was skipped."
