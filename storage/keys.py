"""Keys of encrypted projects, by SQLCipher 4: AES-256 in CBC mode, each page with an HMAC-SHA512 of its own.

A key is derived from the passphrase and the salt in the first sixteen bytes of the file exactly as SQLCipher does it,
so that other programs open the file with the same passphrase; deriving it here spares each of our connections that
third of a second, and lets us tell a wrong passphrase from a damaged file. Nothing here is ever logged or stored.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import sqlite3
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from storage.errors import PassphraseNeededError, ProjectDamagedError, ProjectOpenError, WrongPassphraseError

#: The defaults of SQLCipher 4 (https://www.zetetic.net/sqlcipher/sqlcipher-api/).
PAGE_BYTES = 4_096
SALT_BYTES = 16
_ROUNDS, _MAC_ROUNDS = 256_000, 2
_MAC_BYTES, _MAC_MASK = 64, 0x3A

#: A first page that is torn says nothing of the key: so many others are tried.
_PAGES_TRIED = 64
_MAGIC = b"SQLite format 3\x00"
_ADVICE = "Restore a backup, or save what can be read of it into a new project (salvage)."
#: How the pages of a plain database begin: trees of tables and indexes, and what continues a long row.
_KINDS_OF_PAGES = (0x00, 0x02, 0x05, 0x0A, 0x0D)
#: Fewer characters than these are found by trying.
FEWEST_CHARACTERS = 8


@dataclass(frozen=True, slots=True, repr=False)
class Key:
    """The key of one file and its salt, in the form that SQLCipher takes without deriving anything."""

    raw: bytes
    salt: bytes

    @classmethod
    def derive(cls, passphrase: str, salt: bytes | None = None) -> Key:
        """Derive the key for a file with this salt, or for a new file. Takes a third of a second, on purpose."""
        salt = os.urandom(SALT_BYTES) if salt is None else salt
        return cls(hashlib.pbkdf2_hmac("sha512", passphrase.encode("utf-8"), salt, _ROUNDS, 32), salt)

    @property
    def spec(self) -> str:
        """The key as a literal of SQLCipher's `PRAGMA key` and `ATTACH ... KEY`."""
        return f"x'{self.raw.hex()}{self.salt.hex()}'"

    def __repr__(self) -> str:
        return "Key(not shown)"


def driver(key: Key | None) -> ModuleType:
    """Return the module that opens files under this key, or files that are not encrypted.

    Raises:
        ProjectOpenError: the part for encrypted projects is not installed.
    """
    return sqlite3 if key is None else cipher_driver()


def cipher_driver() -> ModuleType:
    """Return the module that opens encrypted files.

    Raises:
        ProjectOpenError: it is not installed.
    """
    try:
        import sqlcipher3.dbapi2 as cipher  # noqa: PLC0415  (an optional part)
    except ImportError as error:
        raise ProjectOpenError(
            "The part of Sayso for encrypted projects is not installed. Install it with "
            "“pip install 'sayso[encryption]'” (or “uv sync --extra encryption”) and try again."
        ) from error
    module: ModuleType = cipher
    return module


def database_errors(*others: type[Exception]) -> tuple[type[Exception], ...]:
    """Return what the drivers raise that are in use, and these others, for an `except`."""
    cipher = sys.modules.get("sqlcipher3.dbapi2")
    return (sqlite3.Error, *others) if cipher is None else (sqlite3.Error, cipher.Error, *others)


def unlock(sqlite_connection: sqlite3.Connection, key: Key | None) -> None:
    """Give a new connection its key, before anything else is asked of it."""
    if key is not None:
        sqlite_connection.execute("PRAGMA cipher_log_level = NONE")  # it would write to the standard error
        sqlite_connection.execute(f'PRAGMA key = "{key.spec}"')


def is_encrypted(path: Path) -> bool:
    """Whether a file may be an encrypted project: no database, no text, nothing but noise, and in whole pages.

    Only for a file that nobody in this process has open.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        header = file.read(100)
        size = file.seek(0, os.SEEK_END)
        if size < PAGE_BYTES or header.startswith(_MAGIC) or not any(header):
            return False
        if size % PAGE_BYTES and path.suffix != ".sayso":  # one of ours may have lost its end; others are no business
            return False
    return not all(0x09 <= byte <= 0x7E for byte in header[:64]) and not has_plain_pages(path)


def is_plain(path: Path) -> bool:
    """Whether a file begins as a database does that is not encrypted.

    Only for a file that nobody in this process has open.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC


def has_plain_pages(path: Path) -> bool:
    """Whether most pages after the first begin as those of a database do that is not encrypted; noise does so rarely.

    Only for a file that nobody in this process has open.

    Raises:
        OSError: it cannot be read.
    """
    firsts: list[int] = []
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        for start in range(PAGE_BYTES, size, max(1, size // PAGE_BYTES // _PAGES_TRIED) * PAGE_BYTES):
            file.seek(start)
            firsts += file.read(1)
    return 2 * sum(first in _KINDS_OF_PAGES for first in firsts) > len(firsts)


def key_for(path: Path, passphrase: str | Key | None) -> Key | None:
    """Return the key of a file, `None` if it is not encrypted. Only for a file that nobody in this process has open.

    A key in the place of the passphrase counts if it is that of this file.

    Raises:
        PassphraseNeededError: it is encrypted and there is no passphrase.
        WrongPassphraseError: no page can be read with this passphrase.
        ProjectDamagedError: the passphrase is right, but the first page is torn.
        OSError: the file cannot be read.
    """
    if not is_encrypted(path):
        return None
    with path.open("rb") as file:
        salt = file.read(SALT_BYTES)
    if passphrase is None or (isinstance(passphrase, Key) and passphrase.salt != salt):
        raise PassphraseNeededError(f"“{path.name}” is encrypted, or no Sayso project: give its passphrase to open it.")
    key = passphrase if isinstance(passphrase, Key) else Key.derive(passphrase, salt)
    sound = _sound_pages(path, key)
    if not sound:
        raise WrongPassphraseError(
            f"This is not the passphrase of “{path.name}”. Nothing was changed. Capitals and blanks count; try again."
        )
    if path.stat().st_size % PAGE_BYTES:
        raise ProjectDamagedError(f"“{path.name}” is damaged: its end is missing. It was not changed. {_ADVICE}")
    if 1 not in sound:
        raise ProjectDamagedError(
            f"“{path.name}” is damaged: the passphrase is right, but the beginning of the file cannot be read. It was "
            f"not changed. {_ADVICE}"
        )
    return key


def key_among(paths: Iterable[Path], passphrase: str) -> Key | None:
    """Return the key that fits some pages of the first of these files, by its own salt or by that of another one.

    Backups have the salt of their project, which is lost with a torn first page. Only for files that nobody in this
    process has open.

    Raises:
        OSError: the first file cannot be read.
    """
    first, *others = paths
    salts: dict[bytes, None] = {}
    for path in (first, *others):
        with suppress(OSError), path.open("rb") as file:
            salts[file.read(SALT_BYTES)] = None
    keys = (Key.derive(passphrase, salt) for salt in salts if len(salt) == SALT_BYTES)
    return next((key for key in keys if _sound_pages(first, key)), None)


def mend_pages(path: Path, key: Key, donor: Path | None = None) -> int:
    """Make SQLCipher read what is left of torn pages, by giving each a code of authenticity that fits.

    Only the torn blocks of sixteen bytes become noise, and SQLite passes noise over as it does in files that are not
    encrypted. With a donor, a backup of the same key, torn pages are replaced by those that it has in their place;
    returns how many were. For a private copy; a part of a page at its end goes.

    Raises:
        OSError: the file cannot be read or written.
    """
    code_of, replaced = _codes(key), 0
    with path.open("r+b") as file, (donor or path).open("rb") as other:
        count = file.seek(0, os.SEEK_END) // PAGE_BYTES
        file.truncate(count * PAGE_BYTES)
        for number in range(1, count + 1):
            file.seek((number - 1) * PAGE_BYTES)
            page = file.read(PAGE_BYTES)
            code = code_of(page, number)
            if page[-_MAC_BYTES:] == code:
                continue
            other.seek((number - 1) * PAGE_BYTES)
            kept = other.read(PAGE_BYTES) if donor is not None else b""
            if len(kept) == PAGE_BYTES and kept[-_MAC_BYTES:] == code_of(kept, number):
                page, replaced = kept, replaced + 1
            else:
                page = page[:-_MAC_BYTES] + code
            file.seek((number - 1) * PAGE_BYTES)
            file.write(page)
    return replaced


def _codes(key: Key) -> Callable[[bytes, int], bytes]:
    """Return what tells the code of authenticity of a page by its number."""
    mac_key = hashlib.pbkdf2_hmac("sha512", key.raw, bytes(b ^ _MAC_MASK for b in key.salt), _MAC_ROUNDS, 32)

    def code(page: bytes, number: int) -> bytes:
        content = page[SALT_BYTES if number == 1 else 0 : -_MAC_BYTES]
        return hmac.digest(mac_key, content + number.to_bytes(4, "little"), "sha512")

    return code


def _sound_pages(path: Path, key: Key) -> set[int]:
    """Return the numbers of the pages, the first and some others, whose code of authenticity fits the key."""
    code_of = _codes(key)
    count = path.stat().st_size // PAGE_BYTES
    numbers = sorted({1, *range(2, count + 1, max(1, count // _PAGES_TRIED))})
    sound: set[int] = set()
    with path.open("rb") as file:
        for number in numbers:
            file.seek((number - 1) * PAGE_BYTES)
            page = file.read(PAGE_BYTES)
            if hmac.compare_digest(code_of(page, number), page[-_MAC_BYTES:]):
                sound.add(number)
                if 1 in sound:
                    break
    return sound


def check_passphrase(passphrase: str) -> str:
    """Return why a passphrase is not good enough, "" if it is."""
    if len(passphrase) < FEWEST_CHARACTERS:
        return f"Take at least {FEWEST_CHARACTERS} characters; a few words are easy to remember."
    if passphrase != passphrase.strip() or "\n" in passphrase:
        return "Take no blanks at its ends and no line breaks: they are easily lost."
    return ""
