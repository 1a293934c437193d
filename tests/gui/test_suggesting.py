"""Suggestions arrive by themselves, the text on screen first, and nothing that happens to the worker harms the work."""

import os
import signal
import sys

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gui.dialogs.describe import DescribeDialog
from gui.dialogs.message import MessageDialog
from storage.errors import StorageFullError

#: A worker without spaCy: “Velmar” is a state wherever it stands. It notes what it is asked for, waits for documents
#: with the word “slow” until another one is asked for, and dies of “deadly” ones the first time.
_SCRIPT = """
import os, sys
from pathlib import Path
from nlp import protocol as p
from nlp.suggestion import SUGGESTER, VERSION, DocumentSuggestions, Range, SuggestedSpan

folder = Path(sys.argv[1])

def reply(message):
    sys.stdout.buffer.write(p.encode(message))
    sys.stdout.buffer.flush()

reply(p.Ready(p.PipelineInfo("fake", "1", "en", True)))
for line in sys.stdin.buffer:
    match p.decode(line):
        case p.Suggest(wanted):
            with (folder / "asked").open("a") as file:
                file.write(f"{wanted.document_id} ")
            with (folder / "off").open("a") as file:
                file.write(f"{len(wanted.cue_kinds_off)} ")
            reply(p.Working((wanted.document_id,)))
            if "deadly" in wanted.text and not (folder / "died").exists():
                (folder / "died").touch()
                os._exit(3)
            if "slow" in wanted.text:
                continue
            start = wanted.text.find("Velmar")
            spans = (SuggestedSpan(1, "state", (Range(start, start + 6),), 0.9),) if start >= 0 else ()
            language = "sv" if "väntar" in wanted.text and not wanted.language else ""
            if language:
                reply(p.Ready(p.PipelineInfo("blank:sv", "1", "sv", False, "Nothing reads “sv”.")))
            found = DocumentSuggestions(wanted.document_id, SUGGESTER, VERSION, "fake", spans, language=language)
            reply(p.Suggestions(found))
        case p.Cancel(None):
            pass
        case p.Shutdown():
            break
"""


@pytest.fixture
def texts(tmp_path):
    def write(*words):
        folder = tmp_path / f"texts{len(words)}"
        folder.mkdir()
        paths = [folder / f"{n:03}.txt" for n in range(len(words))]
        for path, text in zip(paths, words, strict=True):
            path.write_text(text, encoding="utf-8")
        return paths

    return write


@pytest.fixture
def busy_desk(make_desk, make_project, tmp_path):
    """A window with a worker, and an empty project open."""
    script = tmp_path / "worker.py"
    script.write_text(_SCRIPT, encoding="utf-8")
    desk = make_desk([sys.executable, str(script), str(tmp_path)])
    desk.open(make_project("empty", []))
    return desk


def _import(desk, paths):
    desk.files.files = paths
    desk.press("Ctrl+I")
    desk.qtbot.waitUntil(lambda: desk.window.documents.model.total >= len(paths))
    desk.settle()


def _wait_for_suggestions(desk, count):
    def enough():
        items = desk.window.documents.items()
        return sum(item.undecided for item in items) >= count

    desk.qtbot.waitUntil(enough)
    desk.settle()


def test_imported_documents_get_suggestions_on_screen_and_in_the_list(busy_desk, texts):
    _import(busy_desk, texts(*[f"Report {n}: Velmar waits." for n in range(12)]))
    _wait_for_suggestions(busy_desk, 12)
    busy_desk.press("Tab", "Return")

    assert busy_desk.state("Velmar") == "confirmed"


def test_a_document_put_on_screen_is_read_next(busy_desk, texts, tmp_path):
    _import(busy_desk, texts(*[f"Report {n}: Velmar waits." for n in range(60)]))
    busy_desk.window.suggesting.work_on(busy_desk.window.flows.session)
    target = busy_desk.window.documents.items()[50].document.id
    busy_desk.window.workspace.show_document(target)
    _wait_for_suggestions(busy_desk, 60)
    asked = [int(ident) for ident in (tmp_path / "asked").read_text().split()]

    assert asked.index(target) < 40


def test_work_goes_on_when_the_worker_is_killed(busy_desk, texts):
    _import(busy_desk, texts("Velmar slow.", *[f"Report {n}: Velmar waits." for n in range(5)]))
    _wait_for_suggestions(busy_desk, 5)
    busy_desk.window.worker._process.kill()
    busy_desk.press("Ctrl+PgDown", "Tab", "Return")

    assert busy_desk.state("Velmar") == "confirmed"
    assert busy_desk.dialogs() == []


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="no process can be put to sleep")
def test_a_worker_that_sleeps_holds_nobody_up_and_goes_on_when_it_wakes(busy_desk, texts):
    _import(busy_desk, texts("Velmar waits.", "Velmar speaks."))
    _wait_for_suggestions(busy_desk, 2)
    sleeping = busy_desk.window.worker._process.processId()
    os.kill(sleeping, signal.SIGSTOP)
    try:
        busy_desk.press("Ctrl+F5", "Tab", "Return")
        assert busy_desk.state("Velmar") == "confirmed"
        assert not busy_desk.window.worker.is_idle
    finally:
        os.kill(sleeping, signal.SIGCONT)
    busy_desk.qtbot.waitUntil(lambda: busy_desk.window.worker.is_idle)
    assert busy_desk.window.worker._process.processId() == sleeping
    assert busy_desk.dialogs() == []


def test_a_document_that_kills_the_worker_once_is_read_by_the_next(busy_desk, texts):
    _import(busy_desk, texts("A deadly note of Velmar.", "Velmar waits."))
    _wait_for_suggestions(busy_desk, 2)

    assert busy_desk.dialogs() == []


def test_worker_that_does_not_start_is_told_and_the_rest_works(make_desk, make_project, texts):
    desk = make_desk(["/nowhere/python"])
    desk.open(make_project("empty", []))
    _import(desk, texts("Velmar waits."))
    desk.qtbot.waitUntil(lambda: "Suggestions are off" in desk.message)
    desk.select("Velmar")
    desk.press("1")

    assert desk.state("Velmar") == "confirmed"
    assert not desk.window.status._work.isVisible()


def test_documents_taken_out_while_they_wait_are_passed_over(busy_desk, texts):
    _import(busy_desk, texts("Velmar slow.", *[f"Report {n}: Velmar waits." for n in range(30)]))
    busy_desk.press("Ctrl+Z")
    busy_desk.qtbot.waitUntil(lambda: busy_desk.window.suggesting._storing is None)

    assert busy_desk.window.documents.model.total == 0
    assert busy_desk.window.empty.isVisible()
    assert busy_desk.dialogs() == []


def test_suggestions_that_cannot_be_stored_are_told_once(busy_desk, texts, monkeypatch):
    def refuse(*_):
        raise StorageFullError("“empty.sayso”: the disk is full.")

    monkeypatch.setattr("storage.suggesting.store_suggestions", refuse)
    _import(busy_desk, texts(*[f"Report {n}: Velmar waits." for n in range(20)]))
    busy_desk.qtbot.waitUntil(lambda: bool(busy_desk.dialogs(MessageDialog)))
    busy_desk.qtbot.waitUntil(lambda: busy_desk.window.worker.is_idle)

    assert len(busy_desk.dialogs(MessageDialog)) == 1


def test_suggesting_is_held_and_goes_on(busy_desk, texts):
    action = busy_desk.window.actions_by_id["suggest.pause"]
    busy_desk.press("Shift+F5")
    assert action.isChecked()
    assert busy_desk.message == "Suggesting is paused; Shift+F5 lets it go on."
    _import(busy_desk, texts("Velmar waits."))
    assert not busy_desk.window.worker.is_running
    assert busy_desk.message == "1 document imported."
    busy_desk.press("F5")
    assert busy_desk.message == "Suggesting is paused; Shift+F5 lets it go on."

    busy_desk.press("Shift+F5")
    assert busy_desk.message == "Suggesting goes on."
    _wait_for_suggestions(busy_desk, 1)


def test_what_was_held_for_one_project_is_not_asked_of_another(busy_desk, texts, make_project):
    busy_desk.press("Shift+F5")
    _import(busy_desk, texts("Velmar waits."))
    busy_desk.open(make_project("other", []))
    busy_desk.press("Shift+F5")

    assert not busy_desk.window.worker.is_running


def test_stop_in_the_status_bar_stops_the_suggesters(busy_desk, texts):
    _import(busy_desk, texts(*["Velmar slow." + " " * n + "." for n in range(30)]))
    busy_desk.qtbot.waitUntil(busy_desk.window.status.cancel.isVisible)
    busy_desk.window.status.cancel.click()

    busy_desk.qtbot.waitUntil(lambda: busy_desk.window.worker.is_idle)
    assert not busy_desk.window.status._work.isVisible()
    assert busy_desk.message == "Suggesting was stopped; F5 reads this document, Ctrl+F5 all of them."


def test_f5_asks_again_and_keeps_what_was_decided(busy_desk, texts):
    _import(busy_desk, texts("Velmar waits, Velmar speaks."))
    _wait_for_suggestions(busy_desk, 1)
    busy_desk.press("Tab", "Backspace", "F5")
    with busy_desk.qtbot.waitSignal(busy_desk.window.worker.idle):
        busy_desk.press("Ctrl+F5")
    busy_desk.qtbot.waitUntil(lambda: busy_desk.window.suggesting._storing is None)

    assert [(s.quote, s.state.value) for s in busy_desk.content().spans] == [("Velmar", "rejected")]


def test_another_project_is_opened_while_suggestions_come_in(busy_desk, texts, make_project):
    _import(busy_desk, texts(*[f"Report {n}: Velmar waits." for n in range(40)]))
    for n in range(4):
        busy_desk.open(make_project(f"other{n}"))

    busy_desk.press("Tab", "Return")
    assert busy_desk.state("Velmar") == "confirmed"
    assert busy_desk.dialogs() == []


def test_language_without_a_pipeline_is_told_as_long_as_its_document_is_on_screen(busy_desk, texts):
    _import(busy_desk, texts("Velmar väntar.", "Velmar waits."))
    _wait_for_suggestions(busy_desk, 2)
    lack = busy_desk.window.status.lack
    assert lack.text() == "no Swedish pipeline"
    assert "Nothing reads “sv”." in lack.toolTip()
    assert lack.isVisible()
    assert busy_desk.view.page.document.language == "sv"
    busy_desk.press("Ctrl+PgDown")
    assert not lack.isVisible()
    busy_desk.press("Ctrl+PgUp")
    assert lack.isVisible()


def test_language_set_by_hand_has_the_document_read_again(busy_desk, texts, tmp_path):
    _import(busy_desk, texts("Velmar väntar."))
    _wait_for_suggestions(busy_desk, 1)
    busy_desk.press("Ctrl+D")
    (dialog,) = busy_desk.dialogs(DescribeDialog)
    dialog.language.setText("en")
    QTest.keyClick(dialog.title, Qt.Key.Key_Return)
    busy_desk.qtbot.waitUntil(lambda: len((tmp_path / "asked").read_text().split()) == 2)
    busy_desk.settle()

    assert not busy_desk.window.status.lack.isVisible()
    assert busy_desk.view.page.document.language == "en"


def test_with_other_kinds_of_cue_all_documents_are_read_again_and_once(busy_desk, texts, tmp_path):
    from gui.bridge import suggester_version
    from storage.history import undo
    from storage.operations.settings import set_cue_kinds
    from storage.queries import documents_to_suggest

    _import(busy_desk, texts(*[f"Report {n}: Velmar waits." for n in range(3)]))
    session = busy_desk.window.flows.session

    def is_read():
        return documents_to_suggest(session.project, "rules", suggester_version(session.codebook)) == []

    for change in (None, lambda project: set_cue_kinds(project, ["speech"]), undo):
        if change is not None:
            session.do(change)
        busy_desk.qtbot.waitUntil(is_read)
        busy_desk.qtbot.waitUntil(lambda: busy_desk.window.worker.is_idle)

    assert [int(word) for word in (tmp_path / "off").read_text().split()] == [0] * 3 + [7] * 3 + [0] * 3


def test_a_document_that_the_worker_dies_of_is_named(desk):
    worker = desk.window.worker
    worker.failed.emit("The worker process died of this document twice; it was skipped.")
    worker.document_failed.emit(desk.view.page.document.id, "The worker process died of this document twice.")
    assert desk.message == "“Harbour brief”: The worker process died of this document twice."

    worker.document_failed.emit(999, "The worker process died of this document twice.")
    assert desk.dialogs() == []
