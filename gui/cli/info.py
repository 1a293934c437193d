"""The command `info`."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

from gui.cli.talk import DONE, counted, json_option, opened, project_argument, report

SUMMARY = "Tell what is in a project."


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    project_argument(parser)
    json_option(parser)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from storage.counts import statistics

    with opened(options.project, options) as project:
        data = statistics(project)
    report(options, data, "\n".join(_info_lines(data)))
    return DONE


def _info_lines(data: dict[str, Any]) -> Iterator[str]:
    yield f"{data['project']}: {counted(data['documents'], 'document')}, {data['characters']:,} characters"
    for label, states in data["spans"].items():
        yield f"  {label}: " + ", ".join(f"{count:,} {state}" for state, count in states.items())
    yield "  " + ", ".join(counted(data[f"{noun}s"], noun) for noun in ("link", "actor", "change"))
