from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
AUDIT = HERE.parent / "helpers" / "audit"
_TIMEOUT_S = 240
#: How long the names are that Python's `tempfile` tries a folder with.
_TRIAL_LENGTH = 8


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
        #: What the processes of the program did with sockets, files and other programs.
        self.audited = folder / "audit.jsonl"
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
            "PYTHONPATH": str(AUDIT),
            "SAYSO_AUDIT": str(self.audited),
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

    def events(self) -> list[dict[str, Any]]:
        """Return what was audited so far, but for a line that a killed process left half written."""
        found = []
        for line in self.audited.read_text("utf-8").splitlines() if self.audited.exists() else ():
            with suppress(json.JSONDecodeError):
                found.append(json.loads(line))
        return found

    def breaches(self) -> list[dict[str, Any]]:
        """Return what no process of the program may do: use a network, write outside this home, start what is not ours.

        Local are the pair of sockets that wakes the window for signals, the name of the machine for the lock file, and
        the question whether a display answers. A library under spaCy looks whether a socket of IPv6 can be bound, which
        nothing can connect to; the detector of languages unpacks its model into a file without a name, for which Python
        tries the system's folder for temporary files once.
        """
        folder = self.folder.resolve()
        return [event for event in self.events() if not _is_allowed(event["event"], event["details"], folder)]

    def export(self, project: Path) -> list[dict[str, Any]]:
        """Return a project as the command exports it."""
        target = self.folder / "export.jsonl"
        done = self.command("export", project, "--format", "jsonl", "--set", "project=without", target)
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in target.read_text(encoding="utf-8").split("\n") if line]


def _write_screen(folder: Path) -> Path:
    """Write down a screen of a size that analysts have: the one that Qt has offscreen is 800 pixels wide."""
    size = {"x": 0, "y": 0, "width": 1920, "height": 1080}
    screen = {"name": "screen", "logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1} | size
    path = folder / "screen.json"
    path.write_text(json.dumps({"screens": [screen]}), encoding="utf-8")
    return path


def _is_allowed(event: str, details: list[str], folder: Path) -> bool:
    if event in {"open", "tempfile.mkdtemp", "tempfile.mkstemp"}:
        path, system = Path(details[0]), Path(tempfile.gettempdir()).resolve()
        is_trial = event == "open" and path.parent == system and len(path.name) == _TRIAL_LENGTH
        is_ours = path.is_relative_to(folder) or path == Path(os.devnull) or "__pycache__" in path.parts
        return is_ours or path == system or is_trial
    if event == "subprocess.Popen":
        return details[0] in {sys.executable, "uname"}
    if event == "socket.__new__":
        return details[0] in {str(int(socket.AF_UNIX)), str(int(socket.AF_INET6))}
    if event == "socket.bind":
        return details[0] == "('::1', 0)"
    if event == "socket.connect":
        return ".X11-unix" in details[0]
    return event == "socket.gethostname"


@pytest.fixture
def home(tmp_path) -> Iterator[Home]:
    folder = tmp_path / "home"
    folder.mkdir()
    home = Home(folder)
    yield home
    found = home.breaches()
    assert found == [], "\n".join(sorted({str(event) for event in found}))


@pytest.fixture
def play(home) -> Callable[..., Day]:
    """Let a script work the program; it must end well."""

    def played(script: str, *arguments: object) -> Day:
        day = home.play(script, *arguments)
        assert day.code == 0, f"{day.errors}\n{day.told}"
        return day

    return played
