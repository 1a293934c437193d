"""Connections to a project file: pragmas set and read back on each, one connection for writing, a pool for reading."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.pool import QueuePool, StaticPool

from storage.errors import ProjectOpenError, StorageFullError

#: "Says" in ASCII: what `file` and we recognise a project by.
APPLICATION_ID = 0x53617973
#: The number of the schema that this program writes; each migration raises it by one.
SCHEMA_VERSION = 1

_WRITE_PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}
_READ_PRAGMAS = {"query_only": 1, "foreign_keys": 1, "busy_timeout": 5000}


def write_engine(path: Path) -> Engine:
    """Return an engine of exactly one connection, for the thread-safe use of `Project.change`."""
    return _engine(path, _WRITE_PRAGMAS, poolclass=StaticPool)


def read_engine(path: Path) -> Engine:
    """Return an engine whose connections cannot write."""
    return _engine(path, _READ_PRAGMAS, poolclass=QueuePool, pool_size=4)


def _engine(path: Path, pragmas: dict[str, Any], **pool: Any) -> Engine:  # noqa: ANN401  (SQLAlchemy's own)
    def connect() -> sqlite3.Connection:
        # A URI with mode=rw never creates a file by opening it.
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=rw", uri=True, check_same_thread=False, isolation_level=None
        )
        try:
            _set_pragmas(connection, pragmas)
        except BaseException:
            connection.close()
            raise
        return connection

    engine = create_engine("sqlite://", creator=connect, json_serializer=_compact_json, **pool)
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    # The driver's own transactions start late and end early; BEGIN IMMEDIATE takes the write lock up front.
    is_reader = connection.exec_driver_sql("PRAGMA query_only").scalar()
    connection.exec_driver_sql("BEGIN" if is_reader else "BEGIN IMMEDIATE")


def _set_pragmas(connection: sqlite3.Connection, pragmas: dict[str, Any]) -> None:
    for name, wanted in pragmas.items():
        connection.execute(f"PRAGMA {name} = {wanted}")
        got = connection.execute(f"PRAGMA {name}").fetchone()[0]
        if got != wanted:
            raise ProjectOpenError(
                f"The place of this project does not allow safe saving (SQLite’s {name} is {got!r}, not {wanted!r}); "
                "network drives often do not. Copy the project to a local folder and open it there."
            )


def _compact_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def full_disk_message(error: BaseException) -> StorageFullError | None:
    """Return the problem that a failed write stands for, or `None` when it is no fault of the disk."""
    text = str(error).lower()
    if "disk is full" in text or "no space left" in text:
        what = "The disk is full: the last action was not saved and nothing was changed. Free some space and try again."
    elif "readonly" in text or "read-only" in text or "permission denied" in text:
        what = (
            "The project file cannot be written to any more: the last action was not saved and nothing was changed. "
            "Check the file’s permissions and whether its drive is still there."
        )
    elif "disk i/o error" in text or "unable to open database file" in text:
        what = (
            "The project’s drive reported an error: the last action was not saved and nothing was changed. "
            "Check the drive, then close and open the project."
        )
    elif "malformed" in text or "not a database" in text:
        what = (
            "The project file is damaged: the last action was not saved. Close it, make a copy of the file and "
            "run the check of the project."
        )
    else:
        return None
    return StorageFullError(what)
