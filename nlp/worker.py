"""The worker process, `python -m nlp.worker`: suggests and exports on request, spaCy loaded once and kept warm.

Requests come on standard input, replies go to standard output (`nlp.protocol`); whatever libraries print goes to
standard error. A reader thread takes requests while the main thread works, so that between two batches the
document on screen overtakes the others and cancelled ones are dropped. The process ends when its input closes.
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import threading
import traceback
from collections import deque
from pathlib import Path
from typing import BinaryIO

from nlp import protocol as p
from nlp.docbin import TrainingExport, TrainingExportError
from nlp.offline import stay_offline
from nlp.suggest import Job, Suggester, SuggestError, next_batch

_log = logging.getLogger("nlp.worker")

#: How much the scheduler favours the window and everything else over this process (POSIX nice levels).
_NICENESS = 10


class Inbox:
    """The requests that the reader thread has taken and the main thread has not acted on yet."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._requests: deque[p.Request] = deque()

    def put(self, request: p.Request) -> None:
        """Add a request; called by the reader thread."""
        with self._condition:
            self._requests.append(request)
            self._condition.notify()

    def take(self, *, is_waiting: bool) -> list[p.Request]:
        """Return all requests; with `is_waiting` block until there is one."""
        with self._condition:
            while is_waiting and not self._requests:
                self._condition.wait()
            taken = list(self._requests)
            self._requests.clear()
            return taken

    def read_all(self, stream: BinaryIO) -> None:
        """Take requests from the stream until it ends, which counts as `Shutdown`.

        A request for which there is no memory ends the process: whoever cannot hear would be waited for in vain.
        """
        try:
            self._read_lines(stream)
        except MemoryError:
            os._exit(p.OUT_OF_MEMORY)
        self.put(p.Shutdown())

    def _read_lines(self, stream: BinaryIO) -> None:
        for line in stream:
            try:
                request = p.decode(line)
            except p.ProtocolError as error:
                _log.error("%s", error)
                continue
            if isinstance(request, p.Request):
                self.put(request)


class Worker:
    """Does what the requests ask for, one batch or one exported document at a time."""

    def __init__(self, inbox: Inbox, out: BinaryIO, suggester: Suggester) -> None:
        self._inbox = inbox
        self._out = out
        self._suggester = suggester
        self._jobs: dict[int, tuple[int, Job]] = {}
        self._told: set[str] = set()
        self._exports: dict[int, TrainingExport] = {}
        self._is_ending = False

    def greet(self, language: str) -> None:
        """Load a language's pipeline and tell of it."""
        self._tell_pipeline(language)

    def run(self) -> None:
        """Work until the input ends or `Shutdown` comes."""
        while not self._is_ending:
            for request in self._inbox.take(is_waiting=not self._jobs):
                self._act_on(request)
            if not self._is_ending:
                # Only now, so that what was cancelled during the batch is not handed out.
                self._hand_out()
                self._read_batch()
        for export in self._exports.values():
            export.abort()

    def _reply(self, reply: p.Reply) -> None:
        self._out.write(p.encode(reply))
        self._out.flush()

    def _act_on(self, request: p.Request) -> None:
        match request:
            case p.Suggest():
                self._add(request)
            case p.Prioritise(document_id):
                if document_id in self._jobs:
                    self._jobs[document_id] = (p.ON_SCREEN, self._jobs[document_id][1])
            case p.Cancel(document_id):
                for dropped in list(self._jobs) if document_id is None else [document_id]:
                    if self._jobs.pop(dropped, None) is not None:
                        self._reply(p.Cancelled(dropped))
            case p.Ping(number):
                self._reply(p.Pong(number))
            case p.Shutdown():
                self._is_ending = True
            case p.StartExport(job) | p.ExportDocument(job) | p.FinishExport(job) | p.CancelExport(job):
                try:
                    self._export(request)
                except TrainingExportError as error:
                    self._give_up_export(job, str(error))
                except Exception as error:  # noqa: BLE001  (a failed export must not end the worker)
                    sentence = f"The export failed ({type(error).__name__}); nothing was written."
                    self._give_up_export(job, sentence)

    def _add(self, request: p.Suggest) -> None:
        job = Job(request.request)
        # A newer request for the same document replaces the older one.
        self._jobs[job.document_id] = (request.priority, job)

    def _read_batch(self) -> None:
        """Read one batch of the most urgent documents."""
        if not self._jobs:
            return
        urgency = min(priority for priority, _ in self._jobs.values())
        # Nothing of less urgency shares the batch: it would make the document on screen wait longer.
        jobs = [job for priority, job in self._jobs.values() if priority == urgency]
        self._tell_pipeline(jobs[0].language)
        batch = next_batch(jobs)
        working = {job.document_id: job for job, _ in batch}
        self._reply(p.Working(tuple(working)))
        self._suggester.read(batch)
        for job in working.values():
            self._reply(p.Progress(job.document_id, job.part_count - len(job.parts), job.part_count))

    def _hand_out(self) -> None:
        """Reply with the suggestions for all documents that are read to their end."""
        for job in [job for _, job in self._jobs.values() if job.is_done]:
            del self._jobs[job.document_id]
            try:
                reply: p.Reply = p.Suggestions(self._suggester.finish(job))
            except SuggestError as error:
                reply = p.Failed(job.document_id, str(error))
            self._reply(reply)

    def _export(self, request: p.Request) -> None:
        """Act on a request about an export; what comes after its failure is ignored."""
        match request:
            case p.StartExport(job):
                self._exports[job] = TrainingExport(
                    Path(request.out_dir),
                    dev_share=request.dev_share,
                    seed=request.seed,
                    only_reviewed=request.only_reviewed,
                )
            case p.ExportDocument(job, document) if job in self._exports:
                self._exports[job].add(document)
                self._reply(p.ExportProgress(job, self._exports[job].document_count))
            case p.FinishExport(job) if job in self._exports:
                report = self._exports[job].finish()
                del self._exports[job]
                self._reply(p.Exported(job, report.to_json()))
            case p.CancelExport(job) if job in self._exports:
                self._give_up_export(job, "")
            case _:
                _log.debug("%s comes too late", type(request).__name__)

    def _give_up_export(self, job: int, sentence: str) -> None:
        export = self._exports.pop(job, None)
        if export is not None:
            export.abort()
        self._reply(p.ExportFailed(job, sentence))

    def _tell_pipeline(self, language: str) -> None:
        info = self._suggester.info(language)
        if info.language not in self._told:
            self._told.add(info.language)
            self._reply(p.Ready(info))


def main(arguments: list[str] | None = None) -> None:
    """Run the worker on this process's standard input and output; does not return."""
    parser = argparse.ArgumentParser(prog="python -m nlp.worker", description=__doc__)
    parser.add_argument("--language", default="en", help="the language to be ready for first")
    options = parser.parse_args(arguments)
    out = _reserve_output()
    logging.basicConfig(stream=sys.stderr, level=logging.INFO)
    # Ctrl+C in a terminal reaches the whole process group; the window decides when the worker ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    stay_offline()
    inbox = Inbox()
    worker = Worker(inbox, out, Suggester())
    code = 0
    try:
        worker.greet(options.language)
        # Not before: a request that there is no memory for is to blame only where the pipeline has been loaded.
        threading.Thread(target=inbox.read_all, args=(sys.stdin.buffer,), name="requests", daemon=True).start()
        worker.run()
    except BrokenPipeError:
        _log.info("nobody reads the replies any more")
    except MemoryError:
        code = p.OUT_OF_MEMORY
    except Exception as error:  # noqa: BLE001  (the last line of defence: tell where, not with which words)
        trace = "".join(traceback.format_tb(error.__traceback__))
        _log.error("%s ends the worker\n%s", type(error).__name__, trace)
        code = 1
    # An orderly exit would wait for the lock of the input that the reader thread sleeps on.
    logging.shutdown()
    os._exit(code)


def _reserve_output() -> BinaryIO:
    """Return standard output for the protocol alone, and send what anybody else prints to standard error."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return out


if __name__ == "__main__":
    main()
