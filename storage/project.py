"""An open project: its file, its writer lock, its connections, and the one way to write to it."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from storage import tables as t
from storage.engine import APPLICATION_ID, SCHEMA_VERSION, full_disk_message, read_engine, write_engine
from storage.errors import EnvironmentProblem, ProjectOpenError
from storage.journal import Journal
from storage.lock import WriterLock, user_name
from storage.records import Changes

SUFFIX = ".sayso"
_SQLITE_MAGIC = b"SQLite format 3\x00"


def now() -> str:
    """Return the present moment as stored: UTC, ISO 8601, milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class ChangeScope:
    """What an operation gets to write with; `changes` is there once the transaction is committed."""

    def __init__(self, journal: Journal, analyst_id: int, at: str) -> None:
        self.journal = journal
        self.connection = journal.connection
        self.analyst_id = analyst_id
        self.at = at
        self.changes = Changes()
        #: For undo and redo, which move the entry that they invert instead of beginning a new one.
        self.after_set: Any = None


class Project:
    """One open project. Reads may come from any thread; writes are serialised by a lock."""

    def __init__(self, path: Path, lock: WriterLock) -> None:
        self.path = path
        self._lock = lock
        self._writing = threading.RLock()
        self._write_engine = write_engine(path)
        self._read_engine = read_engine(path)
        try:
            self.analyst_id = self._know_analyst(user_name())
            self._drop_unpublished()
        except BaseException:
            self._write_engine.dispose()
            raise

    @classmethod
    def create(cls, path: Path) -> Self:
        """Make a new project file with the starter codebook and open it.

        The file is readable by its owner only.

        Raises:
            ProjectOpenError: the file exists already, or its folder cannot be written to.
        """
        from storage.codebooks import write_starter  # noqa: PLC0415  (operations import this module)
        from storage.migrations import upgrade  # noqa: PLC0415  (Alembic is only needed here and for upgrades)

        path = path.absolute()
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        except FileExistsError as error:
            raise ProjectOpenError(f"“{path}” exists already. Choose another name, or open it.") from error
        except OSError as error:
            raise ProjectOpenError(f"“{path}” cannot be created: {error.strerror}. Choose another folder.") from error
        try:
            with _problems(path):
                engine = write_engine(path)
                try:
                    upgrade(engine)
                finally:
                    engine.dispose()
            project = cls.open(path)
        except BaseException:
            for suffix in ("", "-wal", "-shm", "-journal"):
                with suppress(OSError):
                    path.with_name(path.name + suffix).unlink()
            raise
        try:
            write_starter(project)
        except BaseException:
            project.close()
            raise
        return project

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open a project for work.

        Raises:
            ProjectOpenError: missing, not a project, damaged, read-only, or written by a newer version.
            ProjectLockedError: open in another program.
        """
        path = path.absolute()
        _check_file(path)
        lock = WriterLock(path)
        lock.acquire()
        try:
            with _problems(path):
                _check_version(path)
                return cls(path, lock)
        except BaseException:
            lock.release()
            raise

    def close(self) -> None:
        """Fold the write-ahead log into the file, close the connections and give the lock back."""
        with self._writing:
            self._read_engine.dispose()
            with suppress(DBAPIError), self._write_engine.connect() as connection:
                connection.commit()
                connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self._write_engine.dispose()
            self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def name(self) -> str:
        """The project's name: that of its file without the ending."""
        return self.path.name.removesuffix(SUFFIX)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Lend a connection that sees one consistent state and cannot write.

        Raises:
            EnvironmentProblem: the file is damaged or gone.
        """
        with _problems(self.path), self._read_engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def change(
        self,
        operation: str,
        *,
        document_id: int | None = None,
        took_ms: int | None = None,
        is_undoable: bool = True,
    ) -> Iterator[ChangeScope]:
        """Run one operation as one durable transaction, entered in the change log.

        What the journal of the scope writes is committed when the block ends, and `scope.changes` is set after
        COMMIT returned. An exception rolls everything back. An operation that changed nothing leaves no entry.

        Raises:
            StorageFullError: the disk is full or the file cannot be written; nothing was changed.
        """
        with self._writing, _problems(self.path), self._write_engine.connect() as connection:
            with connection.begin():
                scope = ChangeScope(Journal(connection), self.analyst_id, now())
                yield scope
                set_id = None
                if scope.journal.changes:
                    set_id = _write_set(scope, operation, document_id, took_ms, is_undoable=is_undoable)
            if set_id is not None:
                scope.changes = scope.journal.summary(set_id, operation)

    def setting(self, key: str, default: Any = None) -> Any:  # noqa: ANN401  (any JSON value)
        """Return a stored setting of the project, such as where the analyst was."""
        with self.reading() as connection:
            found = connection.execute(select(t.Setting.value).where(t.Setting.key == key)).one_or_none()
        return default if found is None else found[0]

    def store_setting(self, key: str, value: Any) -> None:  # noqa: ANN401
        """Store a setting: no part of the change log, since it is no annotation."""
        with self._writing, _problems(self.path), self._write_engine.begin() as connection:
            if connection.execute(update(t.Setting).where(t.Setting.key == key).values(value=value)).rowcount == 0:
                connection.execute(insert(t.Setting).values(key=key, value=value))

    def _drop_unpublished(self) -> None:
        """Remove what an import left that ended in a crash; it never was part of the project."""
        from storage.staging import remove_staged  # noqa: PLC0415  (imports this module)

        with self.reading() as connection:
            has_some = connection.execute(select(t.ImportBatch.id).where(t.ImportBatch.state == "staged")).first()
        if has_some is not None:
            with self.change("drop staged import", is_undoable=False) as scope:
                remove_staged(scope)

    def _know_analyst(self, name: str) -> int:
        with self._write_engine.begin() as connection:
            found = connection.execute(select(t.Analyst.id).where(t.Analyst.name == name)).scalar()
            return found or analyst_named(connection, name)


def analyst_named(connection: Connection, name: str) -> int:
    """Return the id of the analyst of this name, entering a new one if need be."""
    found = connection.execute(select(t.Analyst.id).where(t.Analyst.name == name)).scalar()
    if found is None:
        added = connection.execute(insert(t.Analyst).values(name=name, created_at=now()))
        assert added.inserted_primary_key is not None  # noqa: S101  (narrows the type)
        found = added.inserted_primary_key[0]
    return int(found)


def _write_set(
    scope: ChangeScope, operation: str, document_id: int | None, took_ms: int | None, *, is_undoable: bool
) -> int:
    connection = scope.connection
    if is_undoable and scope.after_set is None:
        # A new action ends the chance to redo what was undone before it.
        connection.execute(update(t.ChangeSet).where(t.ChangeSet.status == "undone").values(status="discarded"))
    added = connection.execute(
        insert(t.ChangeSet).values(
            operation=operation,
            at=scope.at,
            analyst_id=scope.analyst_id,
            document_id=document_id,
            took_ms=took_ms,
            is_undoable=is_undoable and scope.after_set is None,
            status="applied",
        )
    )
    assert added.inserted_primary_key is not None  # noqa: S101  (narrows the type)
    set_id = int(added.inserted_primary_key[0])
    connection.execute(
        insert(t.Change),
        [{"set_id": set_id, "position": n, **change} for n, change in enumerate(scope.journal.changes)],
    )
    if scope.after_set is not None:
        scope.after_set(set_id)
    return set_id


@contextmanager
def _problems(path: Path) -> Iterator[None]:
    """Turn what the disk or a damaged file does to the database into one sentence for the analyst."""
    try:
        yield
    except (DBAPIError, sqlite3.Error, OSError) as error:
        if isinstance(error, OSError) and not isinstance(error, PermissionError) and error.errno is None:
            raise
        problem = full_disk_message(error)
        if problem is None:
            raise
        raise type(problem)(f"“{path.name}”: {problem}") from error


def _check_file(path: Path) -> None:
    try:
        with path.open("rb") as file:
            header = file.read(100)
            size = file.seek(0, os.SEEK_END)
    except FileNotFoundError as error:
        raise ProjectOpenError(f"There is no project at “{path}”. It may have been moved or renamed.") from error
    except OSError as error:
        raise ProjectOpenError(f"“{path}” cannot be read: {error.strerror}.") from error
    if not header.startswith(_SQLITE_MAGIC) or len(header) < 100:
        raise ProjectOpenError(
            f"“{path.name}” is not a Sayso project. To work on a document, import it into a project."
        )
    if not os.access(path, os.W_OK):
        raise ProjectOpenError(
            f"“{path.name}” is read-only, and every decision is saved at once. Make the file writable, or copy it."
        )
    if int.from_bytes(header[68:72], "big") != APPLICATION_ID:
        raise ProjectOpenError(f"“{path.name}” is a database of another program, not a Sayso project.")
    page_size = int.from_bytes(header[16:18], "big")
    page_size = 65536 if page_size == 1 else page_size
    has_log = path.with_name(path.name + "-wal").exists()
    if not has_log and size < page_size * int.from_bytes(header[28:32], "big"):
        raise ProjectOpenError(
            f"“{path.name}” is damaged: its end is missing ({size:,} bytes are left). It was not changed; "
            "restore it from a copy, for example from where it was synchronised or sent."
        )


def _check_version(path: Path) -> None:
    from storage.migrations import upgrade  # noqa: PLC0415  (Alembic is only loaded for an upgrade)

    engine = write_engine(path)
    try:
        with engine.connect() as connection:
            version = int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
        if version > SCHEMA_VERSION:
            raise ProjectOpenError(
                f"“{path.name}” was written by a newer version of Sayso (format {version}; this one reads up to "
                f"{SCHEMA_VERSION}). Update Sayso to open it; the file was not changed."
            )
        if version < SCHEMA_VERSION:
            upgrade(engine)
    finally:
        engine.dispose()


__all__ = ["SUFFIX", "ChangeScope", "EnvironmentProblem", "Project", "analyst_named", "now"]
