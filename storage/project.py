"""An open project: its file, its writer lock, its connections, and the one way to write to it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import Insert, Update, insert, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from storage import tables as t
from storage.engine import BULK_PRAGMAS, USUAL_PRAGMAS, read_engine
from storage.entities import run_many
from storage.errors import ProjectOpenError, StaleEditError, StorageFullError
from storage.journal import Journal
from storage.keys import Key, database_errors
from storage.lock import WriterLock, user_name
from storage.opening import check_exists, check_file, connect, real_path
from storage.problems import Doing, needs_new_connection, told_plainly
from storage.records import Changes
from storage.turns import Turns

if TYPE_CHECKING:
    from storage.codebook_file import CodebookFile

SUFFIX = ".sayso"
_SIDE_FILES = ("", "-wal", "-shm", "-journal")


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
        #: For undo and redo, which move the entry that they invert instead of beginning a new one: given the set's id.
        self.after_set: Callable[[int], None] | None = None


class Project:
    """One open project. Reads may come from any thread; writes are serialised by a lock."""

    def __init__(self, path: Path, lock: WriterLock, key: Key | None = None) -> None:
        self.path = path
        self.key = key
        self._log_path = path.with_name(path.name + "-wal")
        self._lock = lock
        self._writing = Turns()
        self._is_writing = False
        self._is_closed = False
        #: Whether much is being written: from the next transaction on SQLite gets more room.
        self.is_bulk = False
        self._has_room = False
        self._write_engine = connect(path, key)
        self._read_engine = read_engine(path, key)
        try:
            self._identity = path.stat()
            self.analyst_id = self._know_analyst(user_name())
            self._drop_unpublished()
        except BaseException:
            self._drop_connections()
            raise

    @classmethod
    def create(cls, path: Path, codebook: CodebookFile | None = None, *, passphrase: str | None = None) -> Self:
        """Make a new project file with a codebook, by default that for actors and claims, and open it.

        The file is readable by its owner only, and with a passphrase encrypted. Whatever fails, no file is left.

        Raises:
            ProjectOpenError: the file exists already, or its folder cannot be written to.
        """
        from storage.codebooks import write_starter  # noqa: PLC0415  (operations import this module)

        path = real_path(path)
        _check_free(path)
        with _locked(path) as lock:
            try:
                os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
            except OSError as error:
                raise _not_made(path, error) from error
            try:
                key = Key.derive(passphrase) if passphrase is not None else None
                with told_plainly(path, Doing.OPENING):
                    project = cls(path, lock, key)
                try:
                    write_starter(project, codebook)
                except BaseException:
                    project._drop_connections()
                    raise
            except BaseException:
                for suffix in _SIDE_FILES:
                    with suppress(OSError):
                        path.with_name(path.name + suffix).unlink()
                raise
        return project

    @classmethod
    def open(cls, path: Path, passphrase: str | Key | None = None) -> Self:
        """Open a project for work; the passphrase, or the key of it, only matters where the project is encrypted.

        Raises:
            PassphraseNeededError: encrypted, and no passphrase was given.
            WrongPassphraseError: encrypted with another one.
            ProjectOpenError: missing, not a project, damaged, read-only, or written by a newer version.
            ProjectLockedError: open in another program.
        """
        path = real_path(path)
        check_exists(path)
        with _locked(path) as lock:
            key = check_file(path, passphrase)
            with told_plainly(path, Doing.OPENING):
                return cls(path, lock, key)

    def close(self) -> None:
        """Fold the write-ahead log into the file, close the connections and give the lock back; at most once."""
        with self._writing:
            if self._is_closed:
                return
            self._is_closed = True
            try:
                self._read_engine.dispose()
                with suppress(
                    DBAPIError, *database_errors()
                ):  # a log that stays loses nothing: the next opening reads it
                    self._fold_log()
            finally:
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
            ProjectOpenError: the file is damaged or gone.
            StaleEditError: the project was closed.
        """
        self._check_open()
        with told_plainly(self.path, Doing.READING):
            try:
                with self._read_engine.connect() as connection, connection.begin():
                    yield connection
            except database_errors(DBAPIError) as error:
                if needs_new_connection(error):
                    self._read_engine.dispose()
                raise

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
            StorageFullError: the disk is full, the file cannot be written or is gone; nothing was changed.
            StaleEditError: the project was closed.
        """
        set_id = None
        with self._transaction() as connection:
            scope = ChangeScope(Journal(connection), self.analyst_id, now())
            yield scope
            if scope.journal.changes:
                scope.journal.finish()
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
        with self._transaction() as connection:
            if connection.execute(update(t.Setting).where(t.Setting.key == key).values(value=value)).rowcount == 0:
                connection.execute(insert(t.Setting).values(key=key, value=value))

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        """Lend the writing connection within one transaction, committed when the block ends."""
        with self._writing, told_plainly(self.path, Doing.SAVING):
            self._check_open()
            if self._is_writing:
                raise RuntimeError("an operation began within another one")
            self._is_writing = True
            try:
                self._lock.keep()
                self._give_room()
                with self._write_engine.connect() as connection, connection.begin():
                    yield connection
                    self._check_in_place()
                if not self._log_path.exists():
                    # Someone removed the log, which only we can read now: what was saved must not hang on us.
                    with suppress(*database_errors(DBAPIError)):
                        self._fold_log()
            except database_errors(DBAPIError) as error:
                if needs_new_connection(error):
                    self._write_engine.dispose()
                    self._has_room = False
                raise
            finally:
                self._is_writing = False

    def _give_room(self) -> None:
        """Give SQLite room for bulk work, in memory and in its log, or take it back; durability stays as it is.

        Indexes are written all over the file: with more room each page goes to the disk once and not many times,
        which halves the time of an import of 4,000 documents.
        """
        if self.is_bulk == self._has_room:
            return
        connection = self._write_engine.raw_connection()  # outside any transaction
        try:
            for name, value in (BULK_PRAGMAS if self.is_bulk else USUAL_PRAGMAS).items():
                connection.cursor().execute(f"PRAGMA {name} = {value}")
            if not self.is_bulk:
                connection.cursor().execute("PRAGMA shrink_memory")
            self._has_room = self.is_bulk
        finally:
            connection.close()

    def fold_log(self) -> None:
        """Write what the log holds into the file, as far as nobody reads it; else the next decision would wait for it.

        Raises:
            StorageFullError: the disk is full, or the file cannot be written.
        """
        with self._writing, told_plainly(self.path, Doing.SAVING):
            self._check_open()
            connection = self._write_engine.raw_connection()
            try:
                connection.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)")
            finally:
                connection.close()

    def _fold_log(self) -> None:
        """Write what the log holds into the file itself."""
        connection = self._write_engine.raw_connection()  # no transaction, within which this is not allowed
        try:
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            connection.close()

    def _check_open(self) -> None:
        if self._is_closed:
            raise StaleEditError(f"“{self.name}” was closed meanwhile; nothing was changed.")

    def _check_in_place(self) -> None:
        """Refuse to commit into a file that has no name any more: it would vanish when we close it."""
        with suppress(OSError):
            if os.path.samestat(self._identity, self.path.stat()):
                return
        raise StorageFullError(
            f"“{self.path.name}” was moved, renamed, replaced or deleted while it was open: the last action was not "
            "saved. Put the file back where it was and try again, or close the project and open it where it is now."
        )

    def _drop_connections(self) -> None:
        self._is_closed = True
        self._read_engine.dispose()
        self._write_engine.dispose()

    def _drop_unpublished(self) -> None:
        """Remove what an import left that ended in a crash; it never was part of the project."""
        with self.reading() as connection:
            has_some = connection.execute(select(t.ImportBatch.id).where(t.ImportBatch.state == "staged")).first()
        if has_some is not None:
            from storage.staging import remove_staged  # noqa: PLC0415  (slows the start down, and imports this module)

            with self.change("drop staged import", is_undoable=False) as scope:
                remove_staged(scope)

    def _know_analyst(self, name: str) -> int:
        with self.reading() as connection:
            found = connection.execute(select(t.Analyst.id).where(t.Analyst.name == name)).scalar()
        if found is not None:
            return found
        with self._transaction() as connection:
            return analyst_named(connection, name)


def _check_free(path: Path) -> None:
    """Refuse to make a project where something stands already, or where nothing can be made."""
    try:
        if path.exists():
            raise FileExistsError
        is_folder_there = path.parent.is_dir()
    except OSError as error:  # a name that is too long, a folder that may not be looked into
        raise _not_made(path, error) from error
    if not is_folder_there:
        raise ProjectOpenError(f"There is no folder “{path.parent}”. Choose another one for the project.")


def _not_made(path: Path, error: OSError) -> ProjectOpenError:
    if isinstance(error, FileExistsError):
        return ProjectOpenError(f"“{path}” exists already. Choose another name, or open it.")
    return ProjectOpenError(f"“{path}” cannot be created: {error.strerror}. Choose another name or folder.")


@contextmanager
def _locked(path: Path) -> Iterator[WriterLock]:
    """Take the writer's lock of a file, and give it back if the block fails."""
    lock = WriterLock(path)
    lock.acquire()
    try:
        yield lock
    except BaseException:
        lock.release()
        raise


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
    discard, enter = _set_statements()
    if is_undoable and scope.after_set is None:
        connection.execute(discard)
    values = {
        "operation": operation,
        "at": scope.at,
        "analyst_id": scope.analyst_id,
        "document_id": document_id,
        "took_ms": took_ms,
        "is_undoable": is_undoable and scope.after_set is None,
        "status": "applied",
    }
    added = connection.execute(enter, values)
    assert added.inserted_primary_key is not None  # noqa: S101  (narrows the type)
    set_id = int(added.inserted_primary_key[0])
    rows = (
        (None, set_id, n, change["entity"], change["row_id"], change["before"], change["after"])
        for n, change in enumerate(scope.journal.changes)
    )
    run_many(connection, t.Change.__table__, rows)
    if scope.after_set is not None:
        scope.after_set(set_id)
    return set_id


@cache
def _set_statements() -> tuple[Update, Insert]:
    """Return what ends the chance to redo what was undone before a new action, and what enters that in the log."""
    undone = update(t.ChangeSet).where(t.ChangeSet.status == "undone").values(status="discarded")
    return undone, insert(t.ChangeSet)
