"""Two thousand random operations: nothing leaks, the file grows by the same each time, the log tells all of it."""

from __future__ import annotations

from itertools import pairwise

from soak import soak

from storage.doctor import check
from storage.project import Project

OPERATIONS = 2_000


def test_long_work_leaks_nothing_and_grows_evenly(path) -> None:
    samples = soak(path, OPERATIONS, samples=5)
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
