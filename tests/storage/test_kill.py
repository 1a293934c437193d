"""kill -9 at any moment loses no decision that was acknowledged."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from storage import history, queries
from storage.doctor import check
from storage.project import Project

ROUNDS = 5

#: Decides for ever; a line goes out after each COMMIT, and only then.
_ANALYST = """
import sys
from pathlib import Path
from storage import history, queries
from storage.operations import spans
from storage.project import Project
from storage.records import Fragment

path, document_id, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
project = Project.open(path)
label = queries.codebook(project).labels[0].id
print("open", flush=True)
for number in range(1_000_000):
    span_id, = spans.draw(project, document_id, label, [Fragment(0, 1 + (seed * 1_000 + number) % 3_000)]).spans
    print("note", span_id, flush=True)
    note = f"{seed} {number}"
    spans.annotate(project, span_id, note=note)
    print("noted", span_id, note, flush=True)
    if number % 3 == 0:
        spans.accept(project, [span_id])
        spans.remove(project, [span_id])
        print("removed", span_id, flush=True)
    if number % 9 == 0:
        history.undo(project)
        print("back", span_id, flush=True)
"""


@pytest.mark.timeout(240)
def test_every_acknowledged_decision_survives_kill_9(project, path, bench) -> None:
    document_id = bench.add("Long", "x" * 3_000)
    project.close()
    chance = random.Random(9)
    expected: dict[int, str | None] = {}
    for seed in range(ROUNDS):
        expected |= _work_and_die(path, document_id, seed, after_lines=chance.randint(1, 40))
        with Project.open(path) as again:
            assert check(again) == []
            notes = {span.id: span.note for span in queries.document_content(again, document_id).spans}
            for span_id, note in expected.items():
                assert notes.get(span_id) == note, f"round {seed}, span {span_id}"
            assert history.next_undo(again) is not None
    assert len(expected) > ROUNDS


def _work_and_die(path: Path, document_id: int, seed: int, after_lines: int) -> dict[int, str | None]:
    """Let a child decide, kill it after so many acknowledgements, and return what it acknowledged but the last.

    The last action may be under way when the blow falls: it is there or not, so its span is left out.
    """
    child = subprocess.Popen(
        [sys.executable, "-c", _ANALYST, str(path), str(document_id), str(seed)],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
        text=True,
    )
    assert child.stdout is not None
    lines = [child.stdout.readline() for _ in range(after_lines)]
    child.kill()
    rest, _ = child.communicate()
    told = [line.split(maxsplit=2) for line in [*lines, *rest.splitlines(keepends=True)] if line.endswith("\n")]
    assert told[0] == ["open"]
    expected: dict[int, str | None] = {}
    notes: dict[int, str] = {}
    for what, *values in told[1:]:
        span_id = int(values[0])
        if what == "noted":
            notes[span_id] = values[1].rstrip("\n")
        expected[span_id] = {"note": "", "removed": None}.get(what, notes.get(span_id))
    if len(told) > 1:
        del expected[int(told[-1][1])]
    return expected
