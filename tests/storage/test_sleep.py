"""A machine that sleeps and wakes in the middle of work: the lock holds, backups can be made, nothing is lost."""

from __future__ import annotations

import itertools
import os
import random
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from storage import queries
from storage.backup import back_up, verified
from storage.doctor import check
from storage.errors import ProjectLockedError
from storage.project import Project
from storage.thinning import Reason

ROUNDS = 6

#: Decides for ever; a line goes out after each COMMIT, and only then.
_ANALYST = """
import sys
from pathlib import Path
from storage import queries
from storage.operations import spans
from storage.project import Project
from storage.records import Fragment

project, document_id = Project.open(Path(sys.argv[1])), int(sys.argv[2])
label = queries.codebook(project).labels[0].id
for number in range(3_000):
    span_id, = spans.draw(project, document_id, label, [Fragment(number, number + 1)]).spans
    print(span_id, flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="no process can be put to sleep")
@pytest.mark.timeout(240)
def test_a_program_that_slept_at_any_moment_still_has_its_project_and_goes_on(project, path, bench) -> None:
    document_id = bench.add("Long", "x" * 3_000)
    project.close()
    chance = random.Random(4)
    child = subprocess.Popen(
        [sys.executable, "-c", _ANALYST, str(path), str(document_id)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
        text=True,
    )
    try:
        told = [int(child.stdout.readline())]
        for _ in range(ROUNDS):
            told += [int(line) for line in itertools.islice(child.stdout, chance.randint(1, 20))]
            select.select([], [], [], chance.random() * 0.004)
            os.kill(child.pid, signal.SIGSTOP)
            os.waitpid(child.pid, os.WUNTRACED)
            with pytest.raises(ProjectLockedError):
                Project.open(path)
            verified(back_up(path, Reason.HAND, is_forced=True).made.path)
            os.kill(child.pid, signal.SIGCONT)
    finally:
        os.kill(child.pid, signal.SIGCONT)
        child.kill()
        rest, _ = child.communicate()
    told += [int(line) for line in rest.splitlines(keepends=True) if line.endswith("\n")]
    with Project.open(path) as again:
        assert check(again) == []
        there = {span.id for span in queries.document_content(again, document_id).spans}
    assert there >= set(told)
    assert len(there) <= len(told) + 1
