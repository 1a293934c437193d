"""A clock that goes backwards, or years ahead, changes neither the order of the log nor what undo takes back."""

from __future__ import annotations

import itertools

import pytest

from storage import history, project, provenance
from storage.doctor import check
from storage.project import Project

_MOMENTS = [
    "2026-05-04T10:00:00.000Z",
    "2019-01-01T00:00:00.000Z",
    "2199-12-31T23:59:59.999Z",
    "1970-01-01T00:00:00.000Z",
]


@pytest.fixture
def odd_clock(monkeypatch):
    moments = itertools.cycle(_MOMENTS)
    monkeypatch.setattr(project, "now", lambda: next(moments))


def test_undo_goes_by_the_order_of_work_and_not_by_the_clock(bench, path, odd_clock) -> None:
    for words in ("Orsk", "Velmar", "Ilya Brandt", "said"):
        bench.draw("State", words)
    moments = [span.created_at for span in bench.spans]
    assert moments != sorted(moments)
    entries = provenance.history_of(bench.project, bench.span("Orsk").id)
    assert [entry.operation for entry in entries] == ["draw"]
    bench.project.close()
    with Project.open(path) as again:
        bench.project = again
        for left in (["Ilya Brandt", "Orsk", "Velmar"], ["Orsk", "Velmar"], ["Orsk"], []):
            history.undo(again)
            assert sorted(bench.states) == left
        for _ in range(4):
            history.redo(again)
        assert sorted(bench.states) == ["Ilya Brandt", "Orsk", "Velmar", "said"]
        assert check(again) == []


def test_the_entries_of_a_span_are_told_in_the_order_of_work(bench, odd_clock) -> None:
    bench.suggest(("state", "Orsk"))
    span = bench.span("Orsk")
    from storage.operations import spans

    spans.accept(bench.project, [span.id])
    spans.annotate(bench.project, span.id, note="a")
    spans.relabel(bench.project, span.id, bench.label("Group"))
    told = [entry.operation for entry in provenance.history_of(bench.project, span.id)]
    assert told == ["accept", "annotate", "relabel"]
