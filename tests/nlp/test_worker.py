"""The worker process: replies in order of urgency, cancels, survives bad documents, ends with its parent."""

import os
import queue
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import nlp
from nlp import protocol as p
from nlp.suggestion import Range, SuggestRequest, TrainingDocument, TrainingSpan
from nlp.worker import Inbox

_DEADLINE_S = 60


class Process:
    """A running worker and its replies."""

    def __init__(self) -> None:
        root = str(Path(nlp.__file__).parent.parent)
        self.popen = subprocess.Popen(
            [sys.executable, "-P", "-m", "nlp.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": root},
        )
        self._replies = queue.Queue()
        self.errors = b""
        self._threads = [threading.Thread(target=self._read_replies), threading.Thread(target=self._read_errors)]
        for thread in self._threads:
            thread.start()

    def _read_replies(self):
        for line in self.popen.stdout:
            self._replies.put(p.decode(line))

    def _read_errors(self):
        self.errors = self.popen.stderr.read()

    def send(self, *requests):
        self.popen.stdin.write(b"".join(p.encode(request) for request in requests))
        self.popen.stdin.flush()

    def replies_until(self, kind, count=1):
        """Return all replies up to the `count`-th one of a kind."""
        replies = []
        while sum(isinstance(reply, kind) for reply in replies) < count:
            replies.append(self._replies.get(timeout=_DEADLINE_S))
        return replies

    def wait(self):
        """Wait for the end of the process and of its streams; return the exit code."""
        code = self.popen.wait(_DEADLINE_S)
        for thread in self._threads:
            thread.join(_DEADLINE_S)
        for stream in (self.popen.stdin, self.popen.stdout, self.popen.stderr):
            stream.close()
        return code


@pytest.fixture
def worker():
    process = Process()
    yield process
    process.popen.kill()
    process.wait()


def _finished(replies):
    return [reply.suggestions.document_id for reply in replies if isinstance(reply, p.Suggestions)]


def test_tells_its_pipeline_and_sends_suggestions_for_the_text(worker, make_request):
    request = make_request(5)
    worker.send(p.Suggest(request))

    replies = worker.replies_until(p.Suggestions)

    assert isinstance(replies[0], p.Ready)
    assert replies[0].info.is_full
    assert replies[-1].suggestions.model == replies[0].info.model
    assert any(span.code == "claim" for span in replies[-1].suggestions.spans)
    assert p.Working((5,)) in replies
    assert p.Progress(5, 1, 1) in replies


def test_document_on_screen_overtakes_the_others_between_batches(worker, make_request):
    worker.send(*(p.Suggest(make_request(number, paragraphs=60)) for number in range(1, 9)))
    first = worker.replies_until(p.Working)

    worker.send(p.Suggest(make_request(99), p.ON_SCREEN), p.Prioritise(8))
    replies = first + worker.replies_until(p.Suggestions, 9)

    done = _finished(replies)
    assert set(done[:6]) >= {99, 8}
    assert done.index(99) < done.index(5)
    assert done.index(8) < done.index(5)


def test_cancelled_documents_are_dropped_within_one_batch(worker, make_request):
    worker.send(*(p.Suggest(make_request(number, paragraphs=100)) for number in range(1, 9)))
    worker.replies_until(p.Working)

    worker.send(p.Cancel(8), p.Cancel(), p.Ping(1))
    replies = worker.replies_until(p.Pong)

    assert p.Cancelled(8) in replies
    assert sum(isinstance(reply, p.Working) for reply in replies) <= 1
    assert len(_finished(replies)) + sum(isinstance(reply, p.Cancelled) for reply in replies) == 8


def test_newer_request_for_a_document_replaces_the_older_one(worker):
    worker.send(
        p.Suggest(SuggestRequest(1, "Orsk left.")),
        p.Suggest(SuggestRequest(1, "Taval said that Orsk had left.")),
        p.Ping(),
    )

    worker.replies_until(p.Pong)
    found = worker.replies_until(p.Suggestions)[-1].suggestions

    assert any(span.code == "claim" for span in found.spans)


def test_other_language_tells_what_is_missing(worker, make_request):
    worker.send(p.Suggest(make_request(1, language="sv")))

    replies = worker.replies_until(p.Ready, 2) + worker.replies_until(p.Suggestions)

    infos = [reply.info for reply in replies if isinstance(reply, p.Ready)]
    assert [info.language for info in infos] == ["en", "sv"]
    assert "sv" in infos[1].missing


def test_bad_lines_and_texts_that_cannot_be_encoded_do_not_end_it(worker, make_request):
    worker.popen.stdin.write(b"nonsense\n")
    worker.send(p.Suggest(SuggestRequest(1, "A lone \ud800 surrogate of Velmar.")), p.Suggest(make_request(2)))

    replies = worker.replies_until(p.Suggestions)

    failures = [reply for reply in replies if isinstance(reply, p.Failed)]
    assert [failure.document_id for failure in failures] == [1]
    assert "surrogate of" not in failures[0].sentence


def test_ends_when_its_parent_closes_the_pipe(worker):
    worker.replies_until(p.Ready)

    worker.popen.stdin.close()

    assert worker.wait() == 0


def test_shutdown_ends_it_while_work_waits(worker, make_request):
    worker.send(*(p.Suggest(make_request(number, paragraphs=100)) for number in range(1, 9)))
    worker.replies_until(p.Working)

    worker.send(p.Shutdown())

    assert worker.wait() == 0


def test_only_protocol_lines_reach_standard_output(worker):
    worker.popen.stdin.write(b"secret words of a document\n")
    worker.send(p.Shutdown())

    assert worker.wait() == 0
    assert b"not a message" in worker.errors
    assert b"secret words" not in worker.errors


@pytest.mark.skipif(not hasattr(os, "getpriority"), reason="this system has no nice levels")
def test_runs_at_low_priority(worker):
    worker.replies_until(p.Ready)

    assert os.getpriority(os.PRIO_PROCESS, worker.popen.pid) >= 10


def _training(document_id):
    text = "Velmar said that Orsk pays."
    claim = TrainingSpan("claim", "Claim", (Range(17, 26),))
    state = TrainingSpan("actor", "State", (Range(0, 6),))
    return TrainingDocument(document_id, "A", text, "en", (claim, state), (), (Range(0, len(text)),))


def test_exports_streamed_documents_and_reports(worker, tmp_path):
    out = tmp_path / "out"
    worker.send(p.StartExport(1, str(out)))
    worker.send(*(p.ExportDocument(1, _training(number)) for number in range(5)), p.FinishExport(1))

    replies = worker.replies_until(p.Exported)

    assert [reply.done for reply in replies if isinstance(reply, p.ExportProgress)] == [1, 2, 3, 4, 5]
    assert replies[-1].report["train"]["documents"] + replies[-1].report["dev"]["documents"] == 5
    assert (out / "train.spacy").exists()


def test_cancelled_export_leaves_nothing_behind(worker, tmp_path):
    worker.send(p.StartExport(1, str(tmp_path / "out")), p.ExportDocument(1, _training(1)), p.CancelExport(1))

    assert worker.replies_until(p.ExportFailed)[-1] == p.ExportFailed(1, "")
    assert list(tmp_path.iterdir()) == []


def test_export_that_cannot_be_written_fails_with_a_sentence(worker, tmp_path):
    (tmp_path / "out").write_text("a file")
    worker.send(p.StartExport(1, str(tmp_path / "out")), p.ExportDocument(1, _training(1)), p.FinishExport(1))

    failure = worker.replies_until(p.ExportFailed)[-1]

    assert "could not be written" in failure.sentence
    assert (tmp_path / "out").read_text() == "a file"


def test_export_is_cleaned_up_when_the_parent_dies(worker, tmp_path):
    worker.send(p.StartExport(1, str(tmp_path / "out")), p.ExportDocument(1, _training(1)))
    worker.replies_until(p.ExportProgress)

    worker.popen.stdin.close()

    assert worker.wait() == 0
    assert list(tmp_path.iterdir()) == []


def test_worker_without_memory_for_a_request_ends_and_says_so(monkeypatch):
    class Large:
        def __iter__(self):
            raise MemoryError

    class EndedError(Exception):
        pass

    def end(code):
        raise EndedError(code)

    monkeypatch.setattr(os, "_exit", end)
    with pytest.raises(EndedError, match=str(p.OUT_OF_MEMORY)):
        Inbox().read_all(Large())
