"""The sample project: made in the user's data folder on first use, with suggestions waiting."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths

from gui.session import Session


def sample_path() -> Path:
    """Return where the sample project of this user lies."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation)
    return Path(folder) / "Sample.sayso"


def open_sample() -> Session:
    """Open the sample project with all that was done in it, or make it.

    Raises:
        EnvironmentProblem: it cannot be made or opened; the text says why.
    """
    path = sample_path()
    if path.exists():
        return Session.open(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    from storage.sample.project import make_sample

    make_sample(path)
    return Session.open(path)
