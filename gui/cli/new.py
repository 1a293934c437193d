"""The command `new`."""

from __future__ import annotations

import argparse
from pathlib import Path

from gui.cli.talk import DONE, json_option, project_argument, report

SUMMARY = "Make an empty project with a codebook."


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    project_argument(parser)
    from storage.codebooks import DEFAULT, STARTERS

    names = ", ".join(STARTERS)
    parser.add_argument("--codebook", default=DEFAULT, metavar="NAME|FILE", help=f"{names}, or a file .toml or .qdc")
    json_option(parser)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from gui.bridge import for_new_project
    from storage.codebooks import codebook_named
    from storage.project import SUFFIX, Project

    path: Path = options.project
    if path.suffix != SUFFIX:
        path = path.with_name(path.name + SUFFIX)
    Project.create(path, for_new_project(codebook_named(options.codebook))).close()
    report(options, {"project": str(path)}, f"Made “{path}”.")
    return DONE
