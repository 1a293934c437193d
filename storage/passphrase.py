"""Encrypting a project, changing its passphrase, making it plain again: each writes a new file beside the former."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from storage.backup import BackupError, back_up, backup_folder, backups_of, copy_database, last_change, verified
from storage.driver import open_plain_by_cipher, open_raw, uri_of
from storage.durable import create_private, flush_folder, new_part, put_in_place
from storage.errors import ProjectOpenError
from storage.keys import SALT_BYTES, Key, database_errors, is_encrypted, key_for
from storage.lock import WriterLock
from storage.opening import check_exists, check_file, real_path
from storage.restore import fold_whole_log
from storage.thinning import Reason

_SIDES = ("-wal", "-shm", "-journal")
#: What a copy of tables and rows leaves behind.
_MARKS = ("application_id", "user_version")


class PassphraseChangeError(ProjectOpenError):
    """The passphrase could not be changed; the project is as it was."""


def change_passphrase(path: Path, former: str | None, new: str | None) -> None:
    """Give a project that nobody has open another passphrase; `None` stands for none, a project that is not encrypted.

    A backup under the former passphrase is made first: it and those before keep it. The new file is checked and put in
    place whole.

    Raises:
        WrongPassphraseError, PassphraseNeededError: `former` is not that of the project.
        PassphraseChangeError: the drive refuses, or the new file is not sound; nothing was changed.
        ProjectLockedError: the project is open.
    """
    path = real_path(path)
    check_exists(path)
    lock = WriterLock(path)
    lock.acquire()
    part = new_part(path)
    try:
        key = check_file(path, former)
        new_key = Key.derive(new) if new is not None else None
        back_up(path, Reason.PASSPHRASE, key=key)
        fold_whole_log(path, key)
        with closing(open_raw(path, "ro", key)) as source:
            state = last_change(source)
        _write(path, key, part, new_key)
        if verified(part, new_key) != state:
            raise PassphraseChangeError(f"The passphrase of “{path.name}” was not changed: the new file is not sound.")
        for side in _SIDES:
            path.with_name(path.name + side).unlink(missing_ok=True)
        put_in_place(part, path)
    except database_errors(OSError) as error:
        raise PassphraseChangeError(f"The passphrase of “{path.name}” was not changed: {error}.") from error
    finally:
        for suffix in ("", *_SIDES):
            part.with_name(part.name + suffix).unlink(missing_ok=True)
        lock.release()


def drop_former_backups(path: Path, passphrase: str | None) -> int:
    """Remove the backups that are open to another passphrase, or to everybody, and return how many they were.

    A backup under the present passphrase (`None` for none) is made first. What was on the disk is not wiped.

    Raises:
        WrongPassphraseError, PassphraseNeededError: the passphrase is not that of the project.
        BackupError: no backup could be made, so the former ones stay; or one of them could not be removed.
    """
    path = real_path(path)
    try:
        key = key_for(path, passphrase)
        former = [backup.path for backup in backups_of(path) if not _fits(backup.path, key)]
        if former:
            back_up(path, Reason.PASSPHRASE, key=key)
            for backup in former:
                backup.unlink(missing_ok=True)  # the new one may have thinned it out
            flush_folder(former[0].parent)
    except OSError as error:
        raise BackupError(
            f"Not all backups of “{path.name}” that keep what it had before could be removed: {error.strerror}. Remove "
            f"them from “{backup_folder(path).name}” yourself."
        ) from error
    return len(former)


def _fits(backup: Path, key: Key | None) -> bool:
    """Whether a backup is under this key: each passphrase comes with a salt of its own."""
    with backup.open("rb") as file:
        salt = file.read(SALT_BYTES)
    return salt == key.salt if key is not None else not is_encrypted(backup)


def _write(path: Path, key: Key | None, part: Path, new_key: Key | None) -> None:
    if key is not None and new_key is not None:
        with closing(open_raw(path, "ro", key)) as source:
            copy_database(source, part, new_key)
        return
    # Pages of plain and of encrypted files differ in what they hold, so rows are copied, by a function of SQLCipher's.
    create_private(part)
    with closing(open_plain_by_cipher(path, "ro") if key is None else open_raw(path, "ro", key)) as source:
        source.execute("ATTACH ? AS made KEY ?", (uri_of(part, "rw"), new_key.spec if new_key else ""))
        source.execute("SELECT sqlcipher_export('made')")
        for mark in _MARKS:
            value = source.execute(f"PRAGMA main.{mark}").fetchone()[0]
            source.execute(f"PRAGMA made.{mark} = {value}")
        source.execute("DETACH made")
