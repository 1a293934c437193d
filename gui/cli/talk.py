"""What the commands say to the person: a result or JSON, progress on a terminal, exit codes."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gui.cli.secret import ask_passphrase, passphrase_given, passphrase_option
from storage.errors import PassphraseNeededError

if TYPE_CHECKING:
    from storage.project import Project

#: Exit codes: done; a problem in the data; wrong usage or a problem of the machine.
DONE, DATA_PROBLEM, ENVIRONMENT_PROBLEM = 0, 1, 2


class Meter:
    """One line of progress on a terminal; silent elsewhere."""

    def __init__(self, doing: str) -> None:
        self._doing = doing
        self._is_shown = sys.stderr.isatty()

    def __enter__(self) -> Meter:
        return self

    def __exit__(self, *_: object) -> None:
        if self._is_shown:
            sys.stderr.write("\r\x1b[K")

    def show(self, done: int, total: int, name: str) -> None:
        """Tell how far the work is; control characters of names never reach the terminal."""
        if self._is_shown:
            plain = "".join(c if c.isprintable() else " " for c in name)[:50]
            sys.stderr.write(f"\r\x1b[K{self._doing} {done} of {total}  {plain}")
            sys.stderr.flush()

    def tell(self, doing: str, done: int, total: int) -> None:
        """Tell what is being done now, and how far that is."""
        self._doing = doing
        self.show(done, total, "")

    def watch(self, documents: Iterator[Any], total: int) -> Iterator[Any]:
        """Pass documents on and show how many."""
        for number, document in enumerate(documents):
            self.show(number, total, document.title)
            yield document


def opened(path: Path, options: argparse.Namespace, notice: str = "") -> Project:
    """Open a project for a command; `notice` and a place that cannot be trusted with it are told on standard error.

    The passphrase of an encrypted one is as the options or the environment give it, else it is typed.
    """
    from storage.places import risk_of
    from storage.project import Project

    try:
        project = Project.open(path, passphrase_given(options))
    except PassphraseNeededError:
        project = Project.open(path, ask_passphrase(path.name))
    for told in (notice, risk_of(project.path)):
        if told:
            sys.stderr.write(f"{told}\n")
    return project


def report(options: argparse.Namespace, data: object, text: str) -> None:
    """Print the result, as JSON where that is asked for."""
    is_wide = str(getattr(sys.stdout, "encoding", None)).lower().startswith("utf")
    print(json.dumps(data, ensure_ascii=not is_wide, indent=2) if options.json else text)  # noqa: T201  (the program's output)


def project_argument(parser: argparse.ArgumentParser) -> None:
    """Add the argument of the commands that work on a project."""
    parser.add_argument("project", type=Path, metavar="PROJECT", help="the project file, NAME.sayso")
    passphrase_option(parser)


def json_option(parser: argparse.ArgumentParser) -> None:
    """Add the option that every command has."""
    parser.add_argument("--json", action="store_true", help="report as JSON on standard output")


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural where that is due."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
