from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
_TIMEOUT_S = 120


@dataclass
class Day:
    """One run of the program: how it ended and what the script told."""

    code: int
    told: list[dict[str, Any]]
    errors: str


class Home:
    """An empty home in which the program is started, again and again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("XDG_", "QT_", "DISPLAY", "WAYLAND"))
        }
        self.environment |= {
            "HOME": str(folder),
            "XDG_CONFIG_HOME": str(folder / "config"),
            "XDG_DATA_HOME": str(folder / "data"),
            "XDG_CACHE_HOME": str(folder / "cache"),
            "QT_QPA_PLATFORM": f"offscreen:configfile={_write_screen(folder)}",
        }

    def start(self, script: str, *arguments: object) -> subprocess.Popen[str]:
        """Start the program with a script at the keyboard."""
        command = [sys.executable, HERE / "driver.py", HERE / "scripts" / f"{script}.py", *map(str, arguments)]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, cwd=self.folder, env=self.environment, stdout=pipe, stderr=pipe, text=True)

    def play(self, script: str, *arguments: object) -> Day:
        """Let a script work the program to its end."""
        with self.start(script, *arguments) as process:
            try:
                out, errors = process.communicate(timeout=_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                out, errors = process.communicate()
        return Day(process.returncode, [json.loads(line) for line in out.splitlines()], errors)

    def command(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        """Run one of the program's commands."""
        command = [sys.executable, ROOT / "main.py", *map(str, arguments)]
        return subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False
        )

    def export(self, project: Path) -> list[dict[str, Any]]:
        """Return a project as the command exports it."""
        target = self.folder / "export.jsonl"
        done = self.command("export", project, "--format", "jsonl", target)
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in target.read_text(encoding="utf-8").split("\n") if line]


def _write_screen(folder: Path) -> Path:
    """Write down a screen of a size that analysts have: the one that Qt has offscreen is 800 pixels wide."""
    size = {"x": 0, "y": 0, "width": 1920, "height": 1080}
    screen = {"name": "screen", "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1} | size
    path = folder / "screen.json"
    path.write_text(json.dumps({"screens": [screen]}), encoding="utf-8")
    return path


@pytest.fixture
def home(tmp_path) -> Home:
    folder = tmp_path / "home"
    folder.mkdir()
    return Home(folder)


@pytest.fixture
def play(home) -> Callable[..., Day]:
    """Let a script work the program; it must end well."""

    def played(script: str, *arguments: object) -> Day:
        day = home.play(script, *arguments)
        assert day.code == 0, f"{day.errors}\n{day.told}"
        return day

    return played
