"""Start Sayso: the window without arguments, or one job as a command.

    main.py [PROJECT]                      open the window, on this project or on the last one
    main.py --sample                       open the window on the sample project
    main.py new | import | repeats | suggest | evaluate | export | formats | info ...
    main.py check | backup | restore | salvage | passphrase ...

Commands work without a screen and never load Qt. Exit codes: 0 done, 1 a problem in the data, 2 wrong usage or a
problem of the machine (no such file, project open elsewhere, disk full, no display).
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from storage.errors import EnvironmentProblem, RefusedInputError

DONE, DATA_PROBLEM, ENVIRONMENT_PROBLEM = 0, 1, 2

#: The commands and their modules, imported when they are asked for.
_COMMANDS = {
    "new": "gui.cli.new",
    "import": "gui.cli.importing",
    "repeats": "gui.cli.repeats",
    "suggest": "gui.cli.suggest",
    "evaluate": "gui.cli.evaluate",
    "export": "gui.cli.export",
    "formats": "gui.cli.formats",
    "check": "gui.cli.check",
    "backup": "gui.cli.backup",
    "restore": "gui.cli.restore",
    "salvage": "gui.cli.salvage",
    "passphrase": "gui.cli.passphrase",
    "info": "gui.cli.info",
}


class _Command(Protocol):
    """What the module of a command offers."""

    SUMMARY: str
    run: Callable[[argparse.Namespace], int]

    def add_options(self, parser: argparse.ArgumentParser) -> None: ...


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what the command line asks for and return the exit code."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    is_command = bool(arguments) and arguments[0] in _COMMANDS
    try:
        if is_command:
            return _run(_command_parser().parse_args(arguments))
        parser = _window_parser()
        options = parser.parse_args(arguments)
        if options.project is not None and _is_no_project(options.project):
            parser.error(f"“{options.project}” is neither a command nor a project; the commands are told by --help")
        return _open_window(options)
    except BrokenPipeError:  # the reader of our output has gone, as `head` does
        _drop_output()
        return DONE
    except (RefusedInputError, EnvironmentProblem) as problem:
        is_data = isinstance(problem, RefusedInputError)
        return _complain(str(problem), DATA_PROBLEM if is_data else ENVIRONMENT_PROBLEM)
    except OSError as error:
        _drop_output()
        where = f" (“{error.filename}”)" if error.filename else ""
        return _complain(f"The machine refused: {error.strerror or error}{where}.", ENVIRONMENT_PROBLEM)
    except KeyboardInterrupt:
        return _complain("Stopped; what was saved so far is safe.", ENVIRONMENT_PROBLEM)


def _run(options: argparse.Namespace) -> int:
    """Run a command; what the encoding of the terminal or file lacks is written as its escape."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    code = int(options.run(options))
    if sys.stdout is not None:
        sys.stdout.flush()
    return code


def _drop_output() -> None:
    """Let go what cannot be written; at its end Python would try again, and complain."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class _TellVersion(argparse.Action):
    """Tells the version when it is asked for; looking it up takes longer than all else before the first paint."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from gui.version import program_version

        parser.exit(message=f"Sayso {program_version()}\n")


def _is_no_project(path: Path) -> bool:
    """Say whether a word can be nothing but a slip of the pen: a bare name of nothing that is there."""
    return path.name == str(path) and not path.suffix and not path.exists()


def _window_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="main.py",
        description="Label actors and claims in political texts: who says what, about whom.",
        epilog="Commands that need no screen: " + ", ".join(_COMMANDS) + ". See main.py COMMAND --help.",
    )
    parser.add_argument("project", nargs="?", type=Path, help="the project to open (default: the last one)")
    parser.add_argument("--sample", action="store_true", help="open the sample project")
    parser.add_argument("--version", action=_TellVersion, nargs=0, help="tell the version and exit")
    return parser


def _command_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="main.py", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, path in _COMMANDS.items():
        module = cast("_Command", import_module(path))
        command = commands.add_parser(name, help=module.SUMMARY, description=module.SUMMARY)
        module.add_options(command)
        command.set_defaults(run=module.run)
    return parser


def _open_window(options: argparse.Namespace) -> int:
    from gui.start import start

    return start(options.project, is_sample=options.sample)


def _complain(sentence: str, code: int) -> int:
    sys.stderr.write(sentence + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
