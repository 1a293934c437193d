"""What a killed process left beside its target goes with the next writing there, and what may be alive stays."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from storage import durable


@pytest.fixture
def ended() -> int:
    """Return the number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


@pytest.fixture
def elsewhere(monkeypatch) -> Iterator[Callable[[str, object], None]]:
    """Replace a function of a module by one that tells where a machine or sandbox is another."""

    def replace(name: str, value: object) -> None:
        durable._machine.cache_clear()
        monkeypatch.setattr(name, value)

    yield replace
    durable._machine.cache_clear()


def left_by(process: int, target: Path) -> Path:
    """Make what a process has in progress beside a target."""
    name = durable.new_part(target).name.replace(f"-{os.getpid()}-", f"-{process}-")
    part = target.with_name(name)
    part.write_text("half")
    return part


def test_what_an_ended_process_left_goes(tmp_path, ended) -> None:
    target = tmp_path / "out.jsonl"
    gone, alive, own = left_by(ended, target), left_by(os.getppid(), target), left_by(os.getpid(), target)
    folder = left_by(ended, tmp_path / "out")
    folder.unlink()
    (folder / "deep").mkdir(parents=True)
    durable.new_part(target)
    assert [path.exists() for path in (gone, folder, alive, own)] == [False, False, True, True]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("socket.gethostname", lambda: "another machine"),
        ("pathlib.Path.readlink", lambda _path: "pid:[1]"),
        ("sys.platform", "cygwin"),
    ],
)
def test_what_is_of_another_machine_or_sandbox_stays(tmp_path, ended, elsewhere, name, value) -> None:
    part = left_by(ended, tmp_path / "out.jsonl")
    elsewhere(name, value)
    durable.new_part(tmp_path / "out.jsonl")
    assert part.exists()


@pytest.mark.parametrize("name", [".sayso-notes.part", ".sayso-0123456789abcdef.part", "sayso.part", ".report.part"])
def test_files_of_other_names_stay(tmp_path, name) -> None:
    (tmp_path / name).write_text("theirs")
    durable.new_part(tmp_path / "out.jsonl")
    assert (tmp_path / name).exists()
