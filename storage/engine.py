"""Connections to a project file: pragmas set and read back on each, one connection for writing, a pool for reading."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.pool import QueuePool, StaticPool

from storage.driver import uri_of
from storage.errors import ProjectOpenError
from storage.keys import Key, driver, unlock

#: "Says" in ASCII: what `file` and we recognise a project by.
APPLICATION_ID = 0x53617973
#: The number of the schema that this program writes; each migration raises it by one.
SCHEMA_VERSION = 7

#: A file from a stranger: what stands in its schema may not call anything, and its pages are looked at twice. What
#: SQLite sorts stays in memory: nothing of a document goes to the system's folder for temporary files.
_WARY = {"trusted_schema": 0, "cell_size_check": 1, "busy_timeout": 5000, "temp_store": 2}
_WRITE_PRAGMAS = {**_WARY, "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
#: How much of the file stays in memory (in KiB, below zero), and after how many pages the log is folded into the file.
USUAL_PRAGMAS = {"cache_size": -2_000, "wal_autocheckpoint": 1_000}
BULK_PRAGMAS = {"cache_size": -16_000, "wal_autocheckpoint": 8_000}
_READ_PRAGMAS = {**_WARY, "query_only": 1, "foreign_keys": 1}


def write_engine(path: Path, key: Key | None = None) -> Engine:
    """Return an engine of exactly one connection, for the thread-safe use of `Project.change`."""
    # The driver's own transactions start late and end early; BEGIN IMMEDIATE takes the write lock up front.
    return _engine(path, key, _WRITE_PRAGMAS, "BEGIN IMMEDIATE", poolclass=StaticPool)


def read_engine(path: Path, key: Key | None = None) -> Engine:
    """Return an engine whose connections cannot write."""
    return _engine(path, key, _READ_PRAGMAS, "BEGIN", poolclass=QueuePool, pool_size=4)


def _engine(path: Path, key: Key | None, pragmas: dict[str, Any], begin: str, **pool: Any) -> Engine:  # noqa: ANN401  (SQLAlchemy's own)
    module = driver(key)

    def connect() -> sqlite3.Connection:
        # A URI with mode=rw never creates a file by opening it.
        address = uri_of(path, "rw")
        connection = module.connect(address, uri=True, check_same_thread=False, isolation_level=None)
        try:
            unlock(connection, key)
            _set_pragmas(connection, pragmas)
        except BaseException:
            connection.close()
            raise
        return cast("sqlite3.Connection", connection)

    engine = create_engine("sqlite://", module=module, creator=connect, json_serializer=compact_json, **pool)

    def begin_transaction(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine, "begin", begin_transaction)
    return engine


def _set_pragmas(connection: sqlite3.Connection, pragmas: dict[str, Any]) -> None:
    for name, wanted in pragmas.items():
        connection.execute(f"PRAGMA {name} = {wanted}")
        got = connection.execute(f"PRAGMA {name}").fetchone()[0]
        if got != wanted:
            raise ProjectOpenError(
                f"The place of this project does not allow safe saving (SQLite’s {name} is {got!r}, not {wanted!r}); "
                "network drives often do not. Copy the project to a local folder and open it there."
            )


#: Made once: `json.dumps` would make one for each value.
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def compact_json(value: object) -> str:
    """Return JSON as it is stored: no blanks, characters as they are."""
    return _encode(value)
