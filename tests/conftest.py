from __future__ import annotations

import os
from pathlib import Path

import pytest

# Widgets are tested without a display; a developer's own choice is respected.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

BENCHMARKS = Path(__file__).parent / "benchmarks"


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the benchmarks out of the default run; `pytest tests/benchmarks` runs them."""
    is_asked_for = any("benchmarks" in str(argument) for argument in config.args)
    return True if collection_path == BENCHMARKS and not is_asked_for else None
