"""What is looked at before a file is worked on as a project: that it is one, whole, ours, and of a version we know."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.engine import Connection

from storage import tables as t
from storage.engine import APPLICATION_ID, SCHEMA_VERSION, write_engine
from storage.errors import ProjectDamagedError, ProjectOpenError, WrongPassphraseError
from storage.keys import Key, has_plain_pages, is_encrypted, key_among, key_for

_MAGIC = b"SQLite format 3\x00"
_HEADER_BYTES = 100
_ADVICE = "Restore a backup, or save what can be read of it into a new project (salvage)."


def real_path(path: Path) -> Path:
    """Return where the file really is: one file must have one lock, whatever links lead to it.

    Raises:
        ProjectOpenError: the path is a link that leads nowhere but to itself.
    """
    try:
        return path.resolve()
    except (OSError, RuntimeError) as error:
        raise ProjectOpenError(f"“{path}” cannot be opened: it is a link that leads back to itself.") from error


def check_exists(path: Path) -> None:
    """Refuse what is not there, or no file. Opens nothing.

    Raises:
        ProjectOpenError: naming the file and saying why.
    """
    try:
        is_file = path.is_file()
        path.stat()
    except FileNotFoundError as error:
        raise ProjectOpenError(f"There is no project at “{path}”. It may have been moved or renamed.") from error
    except OSError as error:
        raise ProjectOpenError(f"“{path}” cannot be read: {error.strerror}.") from error
    if not is_file:
        raise ProjectOpenError(f"“{path}” is not a Sayso project but a folder or a device.")


def check_file(path: Path, passphrase: str | Key | None = None) -> Key | None:
    """Refuse a file that is no project of ours, read-only, or cut off; return the key of one that is encrypted.

    Changes nothing. Only for a file whose lock we hold: closing it would drop the locks of SQLite on it in this process
    (https://www.sqlite.org/howtocorrupt.html, section 2.2).

    Raises:
        ProjectOpenError: naming the file and saying why.
        PassphraseNeededError, WrongPassphraseError: encrypted, and without or with another passphrase.
    """
    try:
        try:
            key = key_for(path, passphrase)
        except WrongPassphraseError:
            if isinstance(passphrase, str) and key_among((path, *_backups(path)), passphrase) is not None:
                raise _without_beginning(path) from None
            raise
        with path.open("rb") as file:
            header = file.read(_HEADER_BYTES)
            size = file.seek(0, os.SEEK_END)
    except OSError as error:
        raise ProjectOpenError(f"“{path}” cannot be read: {error.strerror}.") from error
    if key is None and not header.startswith(_MAGIC) and size > _HEADER_BYTES and has_plain_pages(path):
        raise _without_beginning(path)
    if key is None and (not header.startswith(_MAGIC)) and any(map(is_encrypted, _backups(path)[:1])):
        raise _without_beginning(path)
    if key is None and (not header.startswith(_MAGIC) or len(header) < _HEADER_BYTES):
        raise ProjectOpenError(
            f"“{path.name}” is not a Sayso project. To work on a document, import it into a project."
        )
    if not os.access(path, os.W_OK):
        raise ProjectOpenError(
            f"“{path.name}” is read-only, and every decision is saved at once. Make the file writable, or copy it."
        )
    if key is not None:
        return key
    has_log = path.with_name(path.name + "-wal").exists()
    # After a crash the mark may stand in the log only.
    if int.from_bytes(header[68:72], "big") != APPLICATION_ID and not (has_log and _is_marked(path)):
        raise ProjectOpenError(f"“{path.name}” is a database of another program, not a Sayso project.")
    page_size = int.from_bytes(header[16:18], "big")
    page_size = 65536 if page_size == 1 else page_size
    if not has_log and size < page_size * int.from_bytes(header[28:32], "big"):
        raise ProjectDamagedError(
            f"“{path.name}” is damaged: its end is missing ({size:,} bytes are left). It was not changed. {_ADVICE}"
        )
    return None


def _without_beginning(path: Path) -> ProjectDamagedError:
    return ProjectDamagedError(f"“{path.name}” is damaged: its beginning is lost. It was not changed. {_ADVICE}")


def _backups(path: Path) -> list[Path]:
    """Return the backups of a project, newest first: they have the salt that an encrypted one has on its first page."""
    from storage.backup import backups_of  # noqa: PLC0415  (only of use where something is wrong)

    return [backup.path for backup in backups_of(path)]


def _is_marked(path: Path) -> bool:
    """Whether file and log together are marked as ours. Changes nothing in the file."""
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
    try:
        return bool(connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID)
    except sqlite3.Error:
        return False
    finally:
        connection.close()


def connect(path: Path, key: Key | None = None) -> Engine:
    """Return the writing engine of a project, upgraded to the present schema; a backup of the former file stays.

    Raises:
        ProjectOpenError: written by a newer version, not with a project’s tables, or no place for the backup.
    """
    engine = write_engine(path, key)
    try:
        with engine.connect() as connection:
            version = int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
        if version > SCHEMA_VERSION:
            raise ProjectOpenError(
                f"“{path.name}” was written by a newer version of Sayso (format {version}; this one reads up to "
                f"{SCHEMA_VERSION}). Update Sayso to open it; the file was not changed."
            )
        if version < SCHEMA_VERSION:
            if version > 0:
                _back_up(path, key)
            from storage.migrations import upgrade  # noqa: PLC0415  (Alembic is only loaded for an upgrade)

            upgrade(engine)
        with engine.connect() as connection:
            _check_schema(connection, path)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _back_up(path: Path, key: Key | None) -> None:
    """Keep a project as it is before it is upgraded; no rule thins this backup out."""
    from storage.backup import BackupError, back_up  # noqa: PLC0415  (only needed for an upgrade)
    from storage.thinning import Reason  # noqa: PLC0415

    try:
        back_up(path, Reason.UPGRADE, key=key)
    except BackupError as error:
        raise ProjectOpenError(
            f"“{path.name}” is of an older version of Sayso, and a backup of it is kept before it is brought up to "
            f"date, but that failed. Nothing was changed. {error}"
        ) from error


def _check_schema(connection: Connection, path: Path) -> None:
    """Refuse a file that a stranger prepared: triggers and views would act on what we write, unseen."""
    found = connection.exec_driver_sql("SELECT type, name FROM sqlite_master").all()
    missing = t.METADATA.tables.keys() - {row.name for row in found if row.type == "table"}
    if missing:
        raise ProjectDamagedError(
            f"“{path.name}” is damaged or no Sayso project: it has no table “{min(missing)}”. {_ADVICE}"
        )
    if any(row.type in {"trigger", "view"} for row in found):
        raise ProjectOpenError(
            f"“{path.name}” holds triggers or views, which Sayso never writes and which could change your data "
            "unseen. Do not use it; ask whoever sent it for an export instead."
        )
