"""Where the program writes down what went wrong: a small file of its own, which never holds text of a document."""

from __future__ import annotations

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

from PySide6.QtCore import QStandardPaths

_MOST_BYTES = 500_000


def log_path() -> Path:
    """Return where this user's log lies."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppLocalDataLocation)
    return Path(folder) / "sayso.log"


def log_to_file() -> None:
    """Write warnings and errors to the log as well as to standard error; where no file can be, only there."""
    root = logging.getLogger()
    handlers: list[logging.Handler] = [logging.StreamHandler()]
    path = log_path()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handlers.append(RotatingFileHandler(path, maxBytes=_MOST_BYTES, backupCount=1, encoding="utf-8"))
    except OSError as error:
        root.warning("no log file: %s", error.strerror)
    for handler in handlers:
        handler.setLevel(logging.WARNING)
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        root.addHandler(handler)
