"""The command `passphrase`."""

from __future__ import annotations

import argparse
from pathlib import Path

from gui.cli.secret import ask_passphrase, new_passphrase, passphrase_given, passphrase_in, passphrase_option
from gui.cli.talk import DONE, counted, json_option, project_argument, report

_NEW_OPTION = "--new-passphrase-file"

SUMMARY = "Encrypt a project, change its passphrase, or make it plain again."


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    project_argument(parser)
    passphrase_option(parser, _NEW_OPTION, "a file with the new passphrase; it is asked for without")
    parser.add_argument("--remove", action="store_true", help="write the project without encryption")
    parser.add_argument("--drop-backups", action="store_true", help="remove the backups made before, after a new one")
    json_option(parser)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from storage.errors import EnvironmentProblem
    from storage.keys import is_encrypted
    from storage.opening import check_exists
    from storage.passphrase import change_passphrase, drop_former_backups

    path: Path = options.project
    check_exists(path)
    was_encrypted = is_encrypted(path)
    former = passphrase_given(options) if was_encrypted else None
    if was_encrypted and former is None:
        former = ask_passphrase(path.name)
    given = passphrase_in(options.new_passphrase_file) if options.new_passphrase_file else None
    new = None if options.remove else new_passphrase(given, path.name, _NEW_OPTION)
    change_passphrase(path, former, new)
    text = f"“{path.name}” is not encrypted any more." if new is None else f"“{path.name}” has a new passphrase."
    try:
        dropped = drop_former_backups(path, new) if options.drop_backups else 0
    except EnvironmentProblem as problem:
        raise EnvironmentProblem(f"{text} {problem}") from problem
    left = f"{counted(dropped, 'backup')} made before removed, a new one made." if options.drop_backups else _LEFT
    data = {"project": str(path), "is_encrypted": new is not None, "backups_dropped": dropped}
    report(options, data, f"{text} {left}")
    return DONE


_LEFT = "Backups made before keep what they had; --drop-backups removes them."
