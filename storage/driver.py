"""Plain connections to project files, outside SQLAlchemy: for backups, checks and rescues."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from types import ModuleType
from typing import Literal

from storage.keys import Key, cipher_driver, driver, unlock

#: `rw` and `ro` take part in SQLite's locking; `still` is for a file that nobody writes to: nothing is left beside it.
Mode = Literal["rw", "ro", "still"]


def open_raw(path: Path, mode: Mode = "rw", key: Key | None = None) -> sqlite3.Connection:
    """Open a database file that exists, for one thread after the other, without transactions of the driver's own.

    What stands in the schema of a file is not trusted. With a key the connection is one of SQLCipher's, which has the
    same methods.

    Raises:
        sqlite3.Error: there is no such file, or it cannot be opened (with a key, SQLCipher's own error).
        ProjectOpenError: SQLCipher is needed and not installed.
    """
    return _opened(driver(key), path, mode, key)


def open_plain_by_cipher(path: Path, mode: Mode) -> sqlite3.Connection:
    """Open a project that is not encrypted by the driver of those that are, to copy from the one to the other.

    Raises:
        ProjectOpenError: SQLCipher is not installed.
    """
    return _opened(cipher_driver(), path, mode, None)


def attach(connection: sqlite3.Connection, name: str, address: str, key: Key | None) -> None:
    """Attach another database, by its address, to a connection of the driver for this key."""
    if key is None:
        connection.execute(f"ATTACH ? AS {name}", (address,))
    else:
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"ATTACH ? AS {name} KEY ?", (address, key.spec))


def _opened(module: ModuleType, path: Path, mode: Mode, key: Key | None) -> sqlite3.Connection:
    address = uri_of(path, mode)
    connection: sqlite3.Connection = module.connect(address, uri=True, check_same_thread=False, isolation_level=None)
    try:
        unlock(connection, key)
        connection.execute("PRAGMA trusted_schema = 0")
        connection.execute("PRAGMA busy_timeout = 5000")
    except BaseException:
        connection.close()
        raise
    return connection


def uri_of(path: Path, mode: Mode) -> str:
    """Return the address under which SQLite opens a file that exists, and never makes one."""
    access = "mode=ro&immutable=1" if mode == "still" else f"mode={mode}"
    return f"{path.absolute().as_uri()}?{access}"
