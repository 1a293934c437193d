"""A task ends in exactly one way, reports on the way, and never quotes what it worked on."""

import logging
import threading

import pytest

from gui.tasks import Task
from storage.errors import RefusedInputError


class Heard:
    def __init__(self, task):
        self.told, self.progress = [], []
        task.succeeded.connect(lambda result: self.told.append(("succeeded", result)))
        task.failed.connect(lambda sentence: self.told.append(("failed", sentence)))
        task.cancelled.connect(lambda: self.told.append(("cancelled",)))
        task.progressed.connect(lambda done, total, what: self.progress.append((done, total, what)))


@pytest.fixture
def run(qtbot):
    def run_to_end(job):
        task = Task(job)
        heard = Heard(task)
        with qtbot.waitSignal(task.finished):
            task.start()
        qtbot.waitUntil(lambda: bool(heard.told))
        task.wait()
        return heard

    return run_to_end


def test_result_is_told_in_the_thread_of_the_listener(run):
    heard = run(lambda _task: threading.get_ident())

    ((how, ident),) = heard.told
    assert how == "succeeded"
    assert ident != threading.get_ident()


def test_problem_of_the_analysts_world_is_told_in_its_own_words(run):
    def job(_task):
        raise RefusedInputError("“a.txt” is empty.")

    assert run(job).told == [("failed", "“a.txt” is empty.")]


def test_our_own_mistake_is_logged_without_its_words(run, caplog):
    def job(_task):
        raise ValueError("words of a document")

    with caplog.at_level(logging.ERROR):
        ((how, sentence),) = run(job).told

    assert how == "failed"
    assert "ValueError" in sentence
    assert "words of a document" not in sentence + caplog.text
    assert "gui/tasks.py" in caplog.text
    assert "ValueError" in caplog.text


def test_items_are_passed_on_and_counted(run):
    heard = run(lambda task: list(task.watch("abc", 3)))

    assert heard.told == [("succeeded", ["a", "b", "c"])]
    assert heard.progress == [(0, 3, ""), (1, 3, ""), (2, 3, "")]


def test_cancelled_task_stops_at_the_next_item(qtbot):
    begun, go_on = threading.Event(), threading.Event()

    def job(task):
        for _item in task.watch("abc", 3):
            begun.set()
            go_on.wait(10)

    task = Task(job)
    heard = Heard(task)
    with qtbot.waitSignal(task.finished):
        task.start()
        assert begun.wait(10)
        task.cancel()
        go_on.set()
    qtbot.waitUntil(lambda: bool(heard.told))
    task.wait()

    assert heard.told == [("cancelled",)]
    assert heard.progress == [(0, 3, "")]
