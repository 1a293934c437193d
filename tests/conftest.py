from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

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
