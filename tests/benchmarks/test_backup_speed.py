"""A backup of a large project, and what deciding costs meanwhile, against deciding without one."""

from __future__ import annotations

import shutil
import sqlite3
import statistics
import threading
import time
from contextlib import closing

import pytest

from storage import queries
from storage.backup import Snapshot
from storage.formats.exchange import ExchangeDocument
from storage.importing import Importer
from storage.operations import spans
from storage.project import Project
from storage.records import Fragment
from storage.thinning import Reason

#: About 200 MB of texts.
DOCUMENTS, SENTENCES = 2_000, 2_000
DECISIONS = 100


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    path = tmp_path_factory.mktemp("large") / "large.sayso"
    with Project.create(path) as project, Importer(project) as importer:
        for number in range(DOCUMENTS):
            text = f"Brief {number:05}. " + "Velmar waits for the islands and Orsk answers. " * SENTENCES
            importer.add_file(str(number), [ExchangeDocument(title=f"Brief {number}", text=text)])
        importer.publish()
    return path


def _decide(project, label: int, number: int) -> float:
    start_cp = 13 + 47 * (number % SENTENCES)
    begun = time.perf_counter()
    spans.draw(project, 1 + number % 7, label, [Fragment(start_cp, start_cp + 6)])
    return time.perf_counter() - begun


def test_deciding_goes_on_while_a_large_project_is_backed_up(large, capsys) -> None:
    with Project.open(large) as project:
        label = queries.codebook(project).labels[0].id
        before = [_decide(project, label, number) for number in range(DECISIONS)]
        begun = time.perf_counter()
        with Snapshot(large) as snapshot:
            pinned = time.perf_counter() - begun
            saving = threading.Thread(target=lambda: snapshot.save(Reason.HAND, is_forced=True))
            saving.start()
            during = []
            while saving.is_alive() or len(during) < DECISIONS:
                during.append(_decide(project, label, DECISIONS + len(during)))
                time.sleep(0.02)
            saving.join()
        backed_up = time.perf_counter() - begun
    floor = _bare(large)
    ratio = statistics.median(during) / statistics.median(before)
    with capsys.disabled():
        print(
            f"\n{large.stat().st_size / 1e6:.0f} MB: pinned in {pinned * 1e3:.1f} ms, backed up in {backed_up:.1f} s "
            f"(a bare backup {floor:.1f} s); deciding {statistics.median(during) * 1e3:.1f} ms at the median, "
            f"{ratio:.2f} times that without a backup"
        )
    assert ratio < 2


def _bare(large) -> float:
    """Return how long SQLite takes to copy the file at once, neither checked nor flushed."""
    target = large.with_name("bare.sayso")
    begun = time.perf_counter()
    with closing(sqlite3.connect(large)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
    taken = time.perf_counter() - begun
    shutil.rmtree(large.with_name(large.name + "-backups"))
    target.unlink()
    return taken
