"""Plain connections to project files, outside SQLAlchemy: for backups, checks and rescues."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Literal

#: What SQLite's driver raises; a driver of encrypted files has its own.
Mode = Literal["rw", "ro", "still"]


def open_raw(path: Path, mode: Mode = "rw") -> sqlite3.Connection:
    """Open a database file that exists, for one thread after the other, without transactions of the driver's own.

    `rw` and `ro` take part in SQLite's locking; `still` is for a file that nobody writes to and leaves nothing beside
    it. What stands in the schema of a file is not trusted.

    Raises:
        sqlite3.Error: there is no such file, or it cannot be opened.
    """
    access = "mode=ro&immutable=1" if mode == "still" else f"mode={mode}"
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?{access}", uri=True, check_same_thread=False, isolation_level=None
    )
    try:
        connection.execute("PRAGMA trusted_schema = 0")
        connection.execute("PRAGMA busy_timeout = 5000")
    except BaseException:
        connection.close()
        raise
    return connection
