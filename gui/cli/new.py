"""The command `new`."""

from __future__ import annotations

import argparse
from pathlib import Path

from gui.cli.secret import OPTION, new_passphrase, passphrase_given
from gui.cli.talk import DONE, json_option, project_argument, report

SUMMARY = "Make an empty project with a codebook."


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    project_argument(parser)
    from storage.codebooks import DEFAULT, STARTERS

    names = ", ".join(STARTERS)
    parser.add_argument("--codebook", default=DEFAULT, metavar="NAME|FILE", help=f"{names}, or a file .toml or .qdc")
    parser.add_argument("--encrypt", action="store_true", help="encrypt it; the passphrase is asked for, or given")
    json_option(parser)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from gui.bridge import for_new_project
    from storage.codebooks import codebook_named
    from storage.errors import EnvironmentProblem
    from storage.project import SUFFIX, Project

    path: Path = options.project
    if not path.name:
        raise EnvironmentProblem(f"“{path}” is no name for a project; one is NAME{SUFFIX}.")
    if path.suffix != SUFFIX:
        path = path.with_name(path.name + SUFFIX)
    passphrase = new_passphrase(passphrase_given(options), path.name, OPTION) if options.encrypt else None
    codebook = for_new_project(codebook_named(options.codebook))
    Project.create(path, codebook, passphrase=passphrase).close()
    report(options, {"project": str(path)}, f"Made “{path}”.")
    return DONE
