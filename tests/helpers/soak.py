"""A long day in short: thousands of random operations, with what they cost on the way."""

from __future__ import annotations

import gc
import os
import random
import time
from dataclasses import dataclass
from pathlib import Path

from deeds import take_in
from random_deeds import RandomAnalyst

from storage import history
from storage.project import Project

_SENTENCE = "Ilya Brandt said that Orsk and Velmar face a joint threat, and Taval denied it to the harbour of Karsk. "


@dataclass(frozen=True)
class Sample:
    """What the work had cost by then; `ms_per_operation` is of the operations since the sample before."""

    operations: int
    rss_mb: float
    handles: int
    file_kb: float
    ms_per_operation: float
    entries: int


def soak(path: Path, operations: int, *, samples: int = 10, seed: int = 1) -> list[Sample]:
    """Work at random, closing and opening the project at each sample; return what it cost, oldest first."""
    chance = random.Random(seed)
    with Project.create(path) as project:
        take_in(project, *((f"Note {n}", f"{n} {_SENTENCE * 8}") for n in range(12)))
        history.seal(project)
    found = [_sample(path, 0, 0.0)]
    portion = operations // samples
    for number in range(1, samples + 1):
        with Project.open(path) as project:
            analyst = RandomAnalyst(project, chance)
            began = time.process_time()
            for _ in range(portion):
                analyst.act()
            took_ms = 1000 * (time.process_time() - began) / portion
        found.append(_sample(path, number * portion, took_ms))
    return found


def _sample(path: Path, operations: int, took_ms: float) -> Sample:
    gc.collect()
    with Project.open(path) as project, project.reading() as connection:
        entries = connection.exec_driver_sql("SELECT count(*) FROM change_set").scalar()
        fields = Path("/proc/self/statm").read_text().split() if Path("/proc/self/statm").exists() else ["0", "0"]
        rss_mb = int(fields[1]) * os.sysconf("SC_PAGE_SIZE") / (1 << 20)
        handles = len(list(Path("/proc/self/fd").iterdir())) if Path("/proc/self/fd").exists() else 0
    return Sample(operations, rss_mb, handles, path.stat().st_size / 1024, took_ms, int(entries or 0))
