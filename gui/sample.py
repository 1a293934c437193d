"""The sample project: made in the user's data folder on first use, with suggestions waiting."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths

from gui.session import Session
from storage.errors import ProjectOpenError


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
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ProjectOpenError(
            f"The sample cannot be made: there is no place for it in “{path.parent}” ({error.strerror}). "
            "Make a new project in a folder of your own instead."
        ) from error
    from storage.sample.project import make_sample

    make_sample(path)
    return Session.open(path)
