"""The command `salvage`."""

from __future__ import annotations

import argparse
from pathlib import Path

from gui.cli.secret import ask_passphrase, passphrase_given, passphrase_option
from gui.cli.talk import DATA_PROBLEM, DONE, Meter, json_option, report

SUMMARY = "Save what can be read of a damaged project into a new one."


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    parser.add_argument("project", type=Path, metavar="BROKEN", help="the damaged project, which is not changed")
    parser.add_argument("new", type=Path, metavar="NEW", help="the project to make, NAME.sayso")
    passphrase_option(parser)
    json_option(parser)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from storage.opening import check_exists
    from storage.salvage import needs_passphrase, salvage

    check_exists(options.project)
    passphrase = passphrase_given(options)
    if passphrase is None and needs_passphrase(options.project):
        passphrase = ask_passphrase(options.project.name)
    with Meter("salvaging") as meter:
        done = salvage(options.project, options.new, meter.tell, passphrase=passphrase)
    data = {"project": str(done.path), "saved": done.saved, "from_log": done.from_log, "lost": done.lost}
    lines = [f"Made “{done.path}”.", *done.lines()]
    report(options, data | {"texts_from_backups": done.texts_from_backups, "notes": list(done.notes)}, "\n".join(lines))
    return DATA_PROBLEM if any(done.lost.values()) else DONE
