"""A hundred thousand random operations, four hours of hard work: memory, handles, file and time stay flat.

Run with: uv run pytest tests/benchmarks/test_soak.py -n0 -s (`SAYSO_SOAK` sets the number of operations)
"""

from __future__ import annotations

import os
import statistics
from itertools import pairwise

import pytest
from soak import soak

from storage.doctor import check
from storage.project import Project

OPERATIONS = int(os.environ.get("SAYSO_SOAK", "100_000"))


@pytest.mark.slow
@pytest.mark.timeout(7_200)
def test_nothing_grows_but_the_log(tmp_path, capsys) -> None:
    path = tmp_path / "soak.sayso"
    samples = soak(path, OPERATIONS, samples=10)
    with capsys.disabled():
        print(
            "\n| operations | log entries | memory MB | handles | file MB | KB an entry | processor ms an operation |"
        )
        print("|---|---|---|---|---|---|---|")
        for before, after in pairwise(samples):
            kb = (after.file_kb - before.file_kb) / max(after.entries - before.entries, 1)
            print(
                f"| {after.operations:,} | {after.entries:,} | {after.rss_mb:.0f} | {after.handles} "
                f"| {after.file_kb / 1024:.1f} | {kb:.2f} | {after.ms_per_operation:.2f} |"
            )
    assert len({sample.handles for sample in samples[1:]}) <= 2
    assert samples[-1].rss_mb - samples[3].rss_mb < 15
    early, late = (statistics.mean(s.ms_per_operation for s in part) for part in (samples[1:4], samples[-3:]))
    assert late < 1.5 * early
    with Project.open(path) as project:
        assert check(project) == []
