"""The command `check`."""

from __future__ import annotations

import argparse

from gui.cli.talk import DATA_PROBLEM, DONE, Meter, json_option, opened, project_argument, report

SUMMARY = "Check the file, its texts, and what stands in them."


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    project_argument(parser)
    json_option(parser)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from storage.doctor import check

    with opened(options.project) as project, Meter("checking") as meter:
        problems = check(project, progress=lambda done, total: meter.show(done, total, ""))
    text = "\n".join(problems) if problems else f"“{options.project.name}” is sound."
    report(options, {"problems": problems}, text)
    return DATA_PROBLEM if problems else DONE
