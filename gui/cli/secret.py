"""Passphrases of the commands: from a file, from the environment, or typed; never from the command line."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from storage.errors import PassphraseNeededError, RefusedInputError

if TYPE_CHECKING:
    from storage.keys import Key

#: Where a passphrase may stand in the environment. Other programs of the same person can read it there.
VARIABLE = "SAYSO_PASSPHRASE"


#: The option with the passphrase of a project.
OPTION = "--passphrase-file"


def passphrase_option(parser: argparse.ArgumentParser, name: str = OPTION, what: str = "") -> None:
    """Add the option that names the file with a passphrase."""
    say = what or f"a file with the passphrase of an encrypted project (or set {VARIABLE}, or type it when asked)"
    parser.add_argument(name, type=Path, metavar="FILE", help=say)


def passphrase_given(options: argparse.Namespace) -> str | None:
    """Return the passphrase that the command was given, `None` if none was.

    Raises:
        RefusedInputError: its file cannot be read.
    """
    file = getattr(options, "passphrase_file", None)
    return passphrase_in(file) if file is not None else os.environ.get(VARIABLE)


def passphrase_in(file: Path) -> str:
    """Return the passphrase in a file: all of it but for a line break at its end.

    Raises:
        RefusedInputError: it cannot be read, or is no text.
    """
    try:
        return file.read_text(encoding="utf-8").removesuffix("\n").removesuffix("\r")
    except (OSError, UnicodeDecodeError) as error:
        why = (error.strerror if isinstance(error, OSError) else None) or "it is no text"
        raise RefusedInputError(f"The passphrase cannot be read from “{file}”: {why}.") from error


def ask_passphrase(name: str) -> str:
    """Let a passphrase be typed, unseen.

    Raises:
        PassphraseNeededError: nobody is there to type it.
    """
    if not sys.stdin.isatty():
        raise PassphraseNeededError(
            f"“{name}” is encrypted: give its passphrase by --passphrase-file FILE, or in the variable {VARIABLE}."
        )
    return getpass.getpass(f"Passphrase of “{name}”: ")


def new_passphrase(given: str | None, name: str, option: str) -> str:
    """Return the passphrase for a project to be encrypted, typed twice if it was not given by `option`.

    Raises:
        RefusedInputError: it is too short, or was not typed the same twice.
        PassphraseNeededError: it was not given, and nobody is there to type it.
    """
    from storage.keys import check_passphrase

    if given is None and not sys.stdin.isatty():
        variable = f", or in the variable {VARIABLE}" if option == OPTION else ""
        raise PassphraseNeededError(f"“{name}” needs a new passphrase: give it by {option} FILE{variable}.")
    passphrase = given if given is not None else getpass.getpass(f"New passphrase of “{name}”: ")
    problem = check_passphrase(passphrase)
    if problem:
        raise RefusedInputError(f"This passphrase is not good enough. {problem}")
    if given is None and getpass.getpass(f"New passphrase of “{name}”, again: ") != passphrase:
        raise RefusedInputError("The passphrase was not typed the same twice; nothing was made.")
    return passphrase


def key_of(options: argparse.Namespace, path: Path) -> Key | None:
    """Return the key of a file by the passphrase that was given or is typed; `None` if it is not encrypted.

    Raises:
        WrongPassphraseError: it is another one.
        RefusedInputError: the file cannot be read.
    """
    from storage.keys import key_for

    try:
        try:
            return key_for(path, passphrase_given(options))
        except PassphraseNeededError:
            return key_for(path, ask_passphrase(path.name))
    except OSError as error:
        raise RefusedInputError(f"“{path}” cannot be read: {error.strerror}.") from error
