from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from pytestqt.qtbot import QtBot

# Widgets are tested without a display; a developer's own choice is respected.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# What lands is judged by the same examples each time; at a desk new ones are looked for. Busy machines get no deadline.
settings.register_profile("desk", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "desk")

BENCHMARKS = Path(__file__).parent / "benchmarks"


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the benchmarks out of the default run; `pytest tests/benchmarks` runs them."""
    is_asked_for = any("benchmarks" in str(argument) for argument in config.args)
    return True if collection_path == BENCHMARKS and not is_asked_for else None


class PatientBot(QtBot):
    """Waits as long as a busy machine may need: what never comes fails all the same."""

    PATIENCE_MS = 120_000

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = PATIENCE_MS) -> None:  # noqa: N802
        """Wait until something is so."""
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(self, signal: Any, *, timeout: int = PATIENCE_MS, **options: Any) -> Any:  # noqa: N802
        """Return a context that waits for a signal."""
        return super().waitSignal(signal, timeout=timeout, **options)


@pytest.fixture
def qtbot(qapp: object, request: pytest.FixtureRequest) -> QtBot:
    """The bot of pytest-qt, with patience."""
    return PatientBot(request)
