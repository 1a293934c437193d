"""Two thousand random operations: nothing leaks, the file grows by the same each time, the log tells all of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

from soak import Sample

from storage.doctor import check
from storage.project import Project

OPERATIONS = 2_000

#: In a process of its own: what other tests left to be collected is neither its memory nor its handles.
_SOAK = """
import json, sys
from dataclasses import asdict
from pathlib import Path
from soak import soak

print(json.dumps([asdict(sample) for sample in soak(Path(sys.argv[1]), int(sys.argv[2]), samples=5)]))
"""


def test_long_work_leaks_nothing_and_grows_evenly(path) -> None:
    helpers = Path(__file__).parents[1] / "helpers"
    done = subprocess.run(
        [sys.executable, "-c", _SOAK, str(path), str(OPERATIONS)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join((str(helpers), str(helpers.parents[1])))},
        capture_output=True,
        check=True,
        text=True,
    )
    samples = [Sample(**found) for found in json.loads(done.stdout)]
    handles = {sample.handles for sample in samples[1:]}
    assert max(handles) - min(handles) <= 1
    assert samples[-1].rss_mb - samples[2].rss_mb < 12
    sizes = [after.file_kb - before.file_kb for before, after in pairwise(samples)]
    entries = [after.entries - before.entries for before, after in pairwise(samples)]
    grown = [kb / count for kb, count in zip(sizes, entries, strict=True)]
    assert min(entries) > OPERATIONS / 5 / 3
    assert max(grown) < 6
    assert grown[-1] < 2 * max(grown[1], 0.5)
    with Project.open(path) as project:
        assert check(project) == []
