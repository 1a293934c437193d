"""The n-th word to the database fails, for every n of every operation: it happened wholly or not at all."""

from __future__ import annotations

import shutil

import pytest
from deeds import DEEDS, WITHOUT_UNDO, Hand, operations_there_are, prepare, rows
from faulty import FaultyDriver, each_fault

from storage import history
from storage.doctor import check
from storage.errors import EnvironmentProblem
from storage.project import Project


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    path = tmp_path_factory.mktemp("deeds") / "deeds.sayso"
    prepare(path)
    return path


@pytest.fixture
def driver(monkeypatch) -> FaultyDriver:
    return FaultyDriver(monkeypatch)


@pytest.fixture
def hand(driver, prepared, path):
    shutil.copyfile(prepared, path)
    with Project.open(path) as project:
        yield Hand(project)


def test_every_operation_has_its_deed() -> None:
    assert operations_there_are() == {name for name in DEEDS if "." in name} - {"history.undo", "history.redo"}


@pytest.mark.parametrize("name", DEEDS)
def test_an_operation_that_fails_anywhere_changes_nothing_and_works_the_next_time(hand, driver, name) -> None:
    project, deed = hand.project, DEEDS[name]
    before = rows(project)
    content = rows(project, has_log=False)
    for number, fault in each_fault():
        try:
            with driver.failing(number, fault):
                changes = deed(hand)
                has_failed = driver.has_failed
        except EnvironmentProblem as problem:
            told = str(problem)
        else:
            assert not has_failed, f"word {number} of {name} failed unheard"
            break
        assert fault[2] in told
        assert "nothing was changed" in told or "what was saved is safe" in told
        _is_as_before(project, name, before, content, number)
    assert changes.set_id is not None
    assert number > 5
    assert rows(project) != before
    if name not in WITHOUT_UNDO:
        assert history.undo(project).set_id is not None
        if name != "import":  # undone, its documents stay as removed ones
            assert rows(project, has_log=False) == content
    assert check(project) == []


def _is_as_before(project, name, before, content, number) -> None:
    if name != "import":
        assert rows(project) == before, number
        return
    project._drop_unpublished()  # what could not be taken back either is dropped by the next opening
    assert rows(project, has_log=False) == content, number  # that it was staged and dropped stands in the log
