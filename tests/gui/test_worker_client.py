"""The client feeds the worker, lets the screen go first, survives the worker's deaths and ends it cleanly."""

import sys
from pathlib import Path

import pytest

from gui.worker_client import WorkerClient
from nlp.suggestion import TOO_LITTLE_MEMORY, Range, SuggestRequest, TrainingDocument, TrainingSpan

#: A worker without spaCy: it answers each document, after the one that says “wait” only when told to go on, and dies
#: of deadly ones. What it was asked for goes into `asked`, one line a request.
_SCRIPT = """
import os, sys
from pathlib import Path
from nlp import protocol as p
from nlp.suggestion import DocumentSuggestions

asked = Path(sys.argv[1])

def reply(message):
    sys.stdout.buffer.write(p.encode(message))
    sys.stdout.buffer.flush()

reply(p.Ready(p.PipelineInfo("fake", "1", "en", True)))
held = []
for line in sys.stdin.buffer:
    request = p.decode(line)
    with asked.open("a") as file:
        file.write(type(request).__name__ + " " + str(getattr(request, "document_id", "")) + "\\n")
    match request:
        case p.Suggest(wanted):
            with asked.open("a") as file:
                file.write(f"text {wanted.document_id} {wanted.text} {request.priority}\\n")
            reply(p.Working((wanted.document_id,)))
            if "deadly" in wanted.text:
                os._exit(3)
            if "hungry" in wanted.text:
                os._exit(p.OUT_OF_MEMORY)
            if "bad" in wanted.text:
                reply(p.Failed(wanted.document_id, "It failed."))
            elif "wait" in wanted.text:
                held.append(wanted.document_id)
            else:
                reply(p.Suggestions(DocumentSuggestions(wanted.document_id, "fake", "1", wanted.text)))
        case p.Prioritise(document_id) if document_id in held:
            held.remove(document_id)
            reply(p.Suggestions(DocumentSuggestions(document_id, "fake", "1", "held")))
        case p.Cancel(None):
            for document_id in held:
                reply(p.Cancelled(document_id))
            held.clear()
        case p.Cancel(document_id) if document_id in held:
            held.remove(document_id)
            reply(p.Cancelled(document_id))
        case p.Shutdown():
            break
"""


class Heard:
    """What a client's signals told."""

    def __init__(self, client):
        self.suggested, self.texts, self.failures, self.progress, self.infos = [], [], [], [], []
        self.idles = 0
        client.suggestions_ready.connect(self._suggested)
        client.document_failed.connect(lambda document_id, _sentence: self.failures.append(document_id))
        client.progress_changed.connect(lambda done, total: self.progress.append((done, total)))
        client.became_ready.connect(self.infos.append)
        client.idle.connect(self._idle)

    def _suggested(self, suggestions):
        self.suggested.append(suggestions.document_id)
        self.texts.append(suggestions.model)

    def _idle(self):
        self.idles += 1


@pytest.fixture
def asked(tmp_path):
    return tmp_path / "asked"


@pytest.fixture
def client(qapp, tmp_path, asked):
    script = tmp_path / "fake_worker.py"
    script.write_text(_SCRIPT, encoding="utf-8")
    made = WorkerClient(command=[sys.executable, str(script), str(asked)])
    yield made
    made.close()
    assert not made.is_running


@pytest.fixture
def heard(client):
    return Heard(client)


def _request(document_id, text="fine"):
    return SuggestRequest(document_id, text)


def test_worker_starts_with_the_first_request_only(qtbot, client, heard):
    assert not client.is_running

    with qtbot.waitSignal(client.idle):
        client.suggest(_request(1))

    assert client.is_running
    assert heard.suggested == [1]
    assert [info.name for info in heard.infos] == ["fake"]


def test_all_documents_are_done_in_order_with_progress_then_idle_once(qtbot, client, heard):
    loaded = []

    def load(document_id):
        loaded.append(document_id)
        return None if document_id == 7 else _request(document_id)

    with qtbot.waitSignal(client.idle):
        client.suggest_all(range(1, 31), load)

    assert heard.suggested == [n for n in range(1, 31) if n != 7]
    assert loaded == list(range(1, 31))
    assert heard.progress[-1] == (30, 30)
    assert heard.idles == 1
    assert client.is_idle


def test_texts_are_loaded_when_their_turn_comes(qtbot, client):
    loaded = []

    def load(document_id):
        loaded.append(document_id)
        return _request(document_id, "wait")

    client.suggest_all(range(1000), load)

    assert len(loaded) < 20


def test_document_on_screen_goes_first_and_says_so(qtbot, client, heard, asked):
    client.suggest_all(range(1, 100), lambda n: _request(n, "wait" if n < 9 else "fine"))

    with qtbot.waitSignal(client.suggestions_ready):
        client.prioritise(50)

    assert heard.suggested[0] == 50
    assert "text 50 fine 0" in asked.read_text()


def test_document_under_way_is_prioritised_in_the_worker(qtbot, client, heard):
    client.suggest(_request(1, "wait"))

    with qtbot.waitSignal(client.idle):
        client.prioritise(1)

    assert heard.suggested == [1]


def test_asking_anew_drops_the_older_answer(qtbot, client, heard):
    client.suggest(_request(1, "wait"))

    with qtbot.waitSignal(client.idle):
        client.suggest(_request(1, "newer"))

    assert heard.texts == ["newer"]
    assert heard.progress[-1] == (1, 1)


def test_cancel_all_forgets_everything_and_the_client_works_on(qtbot, client, heard):
    client.suggest_all(range(1, 100), lambda n: _request(n, "wait"))

    with qtbot.waitSignal(client.idle):
        client.cancel_all()
    assert client.is_idle
    with qtbot.waitSignal(client.idle):
        client.suggest_all([1, 2], _request)

    assert heard.suggested == [1, 2]
    assert heard.progress[-1] == (2, 2)


def test_failed_document_is_told_and_the_others_are_done(qtbot, client, heard):
    with (
        qtbot.waitSignal(client.idle),
        qtbot.waitSignal(client.failed) as failed,
    ):
        client.suggest_all([1, 2, 3], lambda n: _request(n, "bad" if n == 2 else "fine"))

    assert failed.args == ["It failed."]
    assert heard.failures == [2]
    assert heard.suggested == [1, 3]


def test_document_that_kills_the_worker_twice_is_skipped_and_no_other(qtbot, client, heard, asked):
    with qtbot.waitSignal(client.idle):
        client.suggest_all(range(1, 13), lambda n: _request(n, "deadly" if n == 5 else "fine"))

    assert heard.failures == [5]
    assert sorted(heard.suggested) == [1, 2, 3, 4, *range(6, 13)]
    assert asked.read_text().count("text 5 deadly") == 2
    assert heard.progress[-1] == (12, 12)


def test_document_that_memory_never_suffices_for_is_skipped_and_says_why(qtbot, client, heard, asked):
    told = []
    client.failed.connect(told.append)
    with qtbot.waitSignal(client.idle):
        client.suggest_all(range(1, 6), lambda n: _request(n, "hungry" if n == 2 else "fine"))

    assert told == [TOO_LITTLE_MEMORY]
    assert heard.suggested == [1, 3, 4, 5]
    assert asked.read_text().count("text 2 hungry") == 2


@pytest.mark.parametrize(
    "command", [["/nowhere/python"], [sys.executable, "-c", "raise SystemExit(1)"]], ids=["no program", "ends"]
)
def test_worker_that_never_starts_is_told_in_a_sentence(qtbot, command):
    client = WorkerClient(command=command)

    with qtbot.waitSignal(client.idle), qtbot.waitSignal(client.failed) as failed:
        client.suggest(_request(1))

    assert "does not start" in failed.args[0]
    assert client.is_idle
    client.close()


def test_worker_that_dies_idle_starts_again_with_the_next_request(qtbot, client, heard):
    with qtbot.waitSignal(client.idle):
        client.suggest(_request(1))
    client._process.kill()
    qtbot.waitUntil(lambda: not client.is_running)

    with qtbot.waitSignal(client.idle):
        client.suggest(_request(2))

    assert heard.suggested == [1, 2]


def test_close_ends_a_busy_worker(qtbot, client):
    client.suggest(_request(1, "wait"))
    qtbot.waitSignal(client.became_ready).wait()
    process = client._process

    client.close()

    assert process.processId() == 0
    assert client.is_idle


def _training(document_id):
    text = f"Velmar said in March {document_id} that Orsk pays."
    claim = TrainingSpan("claim", "Claim", (Range(len(text) - 10, len(text) - 1),))
    state = TrainingSpan("actor", "State", (Range(0, 6),))
    return TrainingDocument(document_id, "A", text, "en", (claim, state), (), (Range(0, len(text)),))


@pytest.fixture
def real_client(qapp):
    made = WorkerClient()
    yield made
    made.close()


def test_real_worker_suggests_and_exports_from_any_folder(qtbot, tmp_path, monkeypatch, real_client):
    (tmp_path / "nlp").mkdir()
    (tmp_path / "nlp" / "__init__.py").write_text("raise SystemExit('hostile')")
    monkeypatch.chdir(tmp_path)
    client = real_client
    with qtbot.waitSignal(client.suggestions_ready) as found:
        client.suggest(_request(4, "Velmar said that Orsk would pay."), is_on_screen=True)
    assert any(span.code == "claim" for span in found.args[0].spans)

    told = []
    client.export_progressed.connect(told.append)
    with qtbot.waitSignal(client.exported) as exported:
        client.export_spacy((_training(n) for n in range(25)), Path("out"))

    assert told[-1] == 25
    assert exported.args[0]["train"]["documents"] + exported.args[0]["dev"]["documents"] == 25
    assert (tmp_path / "out" / "config.cfg").exists()

    with qtbot.waitSignal(client.export_failed) as failed:
        client.export_spacy((_training(n) for n in range(10_000)), tmp_path / "other")
        client.cancel_export()
    assert failed.args == [""]
    assert not (tmp_path / "other").exists()

    client.export_spacy(map(_training, range(50)), tmp_path / "third")
    with pytest.raises(RuntimeError):
        client.export_spacy(iter([]), tmp_path / "fourth")
    client.close()
    assert not (tmp_path / "third").exists()


def test_importing_the_client_loads_no_spacy():
    import subprocess

    code = "import gui.worker_client, sys; sys.exit('spacy' in sys.modules or 'sqlalchemy' in sys.modules)"
    root = str(Path(__file__).parents[2])

    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0
