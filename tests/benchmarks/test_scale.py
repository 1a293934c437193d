"""Big projects in the real window: what each step takes, at 1,000, 10,000 and (asked for) 100,000 documents.

Run with: SAYSO_SCALE=100000 uv run pytest tests/benchmarks/test_scale.py -n0 -s (that many take 3 GB and half an hour)
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from big_project import make_big

HERE = Path(__file__).parent
SIZES = [1_000, 10_000, *([int(os.environ["SAYSO_SCALE"])] if "SAYSO_SCALE" in os.environ else [])]
#: What may not grow with the project but a little: steps of one document, in processor time of the window's thread.
_FLAT = ("next document", "accept", "undo", "longest pause after deciding")
_MOST_GROWTH = 2.0
_SLACK_S = 0.01


def _measure(folder: Path, documents: int) -> dict[str, dict[str, float]]:
    folder.mkdir()
    path = folder / "big.sayso"
    make_big(path, documents)
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "QT_"))}
    environment |= {"HOME": str(folder), "XDG_CONFIG_HOME": str(folder / "c"), "XDG_DATA_HOME": str(folder / "d")}
    done = subprocess.run(
        [sys.executable, HERE / "scale_child.py", path, folder / "out.jsonl"],
        env=environment | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    steps = {facts.pop("step"): facts for facts in map(json.loads, done.stdout.splitlines())}
    steps["size of the file"] = {"seconds": 0, "mb": path.stat().st_size / (1 << 20)}
    return steps


@pytest.mark.slow
@pytest.mark.timeout(7_200)
def test_what_is_done_all_the_time_does_not_grow_with_the_project(tmp_path, capsys) -> None:
    found = {size: _measure(tmp_path / str(size), size) for size in SIZES}
    with capsys.disabled():
        print(f"\n| step | {' | '.join(f'{size:,}' for size in SIZES)} |\n|---|{'---|' * len(SIZES)}")
        for step in found[SIZES[0]]:
            cells = [_cell(found[size][step]) for size in SIZES]
            print(f"| {step} | {' | '.join(cells)} |")
    small, large = found[SIZES[0]], found[SIZES[-1]]
    for step in _FLAT:
        assert large[step]["cpu"] <= _MOST_GROWTH * small[step]["cpu"] + _SLACK_S, step


def _cell(facts: dict[str, float]) -> str:
    if "mb" in facts:
        return f"{facts['mb']:,.0f} MB"
    times = f"{1000 * facts['seconds']:,.0f} ms"
    if "cpu" in facts:
        times += f" ({1000 * facts['cpu']:,.0f})"
    return f"{times}, {facts['rss_mb']:,.0f} MB"
