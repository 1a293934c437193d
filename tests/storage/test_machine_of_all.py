"""All operations in any order: undo leads back exactly, redo forth, reopening and refusals change nothing."""

from __future__ import annotations

import itertools
import os
import random
import shutil

import pytest
from deeds import rows, take_in
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from random_deeds import RandomAnalyst

from storage import history
from storage.doctor import check
from storage.project import Project

EXAMPLES = int(os.environ.get("SAYSO_MACHINE_EXAMPLES", "8"))
_TEXT = "Ilya Brandt said that Orsk and Velmar face a joint threat, and Taval denied it to the harbour of Karsk. "
#: What undo does not take back, what redoing does not bring in, and what is logged in two steps.
_NOT_OURS = {"undo", "redo", "suggest", "import"}
_DEEDS = sorted(set(RandomAnalyst(None, None).names) - _NOT_OURS)  # type: ignore[arg-type]


class AllOperations(RuleBasedStateMachine):
    """The model is the list of states that the project went through; `fresh` is set by the test."""

    fresh = None

    @initialize()
    def begin(self) -> None:
        self.project = Project.open(type(self).fresh())
        self.past: list[dict] = []
        self.future: list[dict] = []
        self.present = rows(self.project, has_log=False)

    def teardown(self) -> None:
        if hasattr(self, "project"):
            assert check(self.project) == []
            self.project.close()

    @rule(name=st.sampled_from(_DEEDS), seed=st.integers(0, 10_000))
    def do(self, name, seed) -> None:
        before = self._log_length()
        changes = RandomAnalyst(self.project, random.Random(seed)).act(name)
        now = rows(self.project, has_log=False)
        if changes is None or changes.set_id is None:
            assert now == self.present
            assert self._log_length() == before
            return
        assert self._log_length() == before + 1
        self.past.append(self.present)
        self.present = now
        self.future.clear()

    @rule(times=st.integers(1, 4))
    def undo(self, times) -> None:
        for _ in range(min(times, len(self.past))):
            assert history.undo(self.project).set_id is not None
            self.future.append(self.present)
            self.present = self.past.pop()
            self._is_as_the_model_says()
        if not self.past:
            assert history.undo(self.project).set_id is None

    @rule(times=st.integers(1, 4))
    def redo(self, times) -> None:
        for _ in range(min(times, len(self.future))):
            assert history.redo(self.project).set_id is not None
            self.past.append(self.present)
            self.present = self.future.pop()
            self._is_as_the_model_says()
        if not self.future:
            assert history.redo(self.project).set_id is None

    @rule()
    def reopen(self) -> None:
        path = self.project.path
        self.project.close()
        self.project = Project.open(path)
        self._is_as_the_model_says()

    def _is_as_the_model_says(self) -> None:
        assert rows(self.project, has_log=False) == self.present

    def _log_length(self) -> int:
        with self.project.reading() as connection:
            return connection.exec_driver_sql("SELECT count(*) FROM change_set").scalar()


@pytest.fixture
def fresh(tmp_path):
    """Return what makes copies of one project with some work in it."""
    model, numbers = tmp_path / "model.sayso", itertools.count()
    with Project.create(model) as project:
        take_in(project, *((f"Note {n}", f"{n} {_TEXT * 3}") for n in range(4)))
        analyst = RandomAnalyst(project, random.Random(5))
        for _ in range(120):
            analyst.act()
        history.seal(project)
    return lambda: shutil.copyfile(model, tmp_path / f"{next(numbers)}.sayso")


def test_any_order_of_all_operations_can_be_undone_redone_and_reopened(fresh) -> None:
    AllOperations.fresh = staticmethod(fresh)
    run_state_machine_as_test(
        AllOperations,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=30,
            deadline=None,
            phases=(Phase.reuse, Phase.generate),
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )
