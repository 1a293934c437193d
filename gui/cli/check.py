"""The command `check`."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from gui.cli.talk import DATA_PROBLEM, DONE, Meter, json_option, opened, project_argument, report

if TYPE_CHECKING:
    from storage.findings import Finding
    from storage.project import Project

SUMMARY = "Check the file, its texts, what stands in them, and the change log; mend what can be mended."


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    project_argument(parser)
    parser.add_argument("--repair", action="store_true", help="mend what can be mended, after a backup")
    json_option(parser)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    with opened(options.project, options) as project, Meter("checking") as meter:
        found, mended = _look(project, meter, is_repair=options.repair)
    lines = [f"Mended: {finding.sentence}" for finding in mended]
    lines += [_line(finding) for finding in found] or [f"“{options.project.name}” is sound."]
    if any(finding.repair for finding in found) and not options.repair:
        lines.append("Run the check with --repair to mend what can be mended; a backup is made first.")
    data = {"problems": [finding.sentence for finding in found], "mended": [finding.sentence for finding in mended]}
    report(options, data, "\n".join(lines))
    return DATA_PROBLEM if found else DONE


def _look(project: Project, meter: Meter, *, is_repair: bool) -> tuple[Sequence[Finding], Sequence[Finding]]:
    """Return what is wrong with a project, and what was mended."""
    from storage.doctor import examine
    from storage.repairs import repair_all

    if not is_repair:
        return examine(project, meter.tell), ()
    done = repair_all(project, meter.tell)
    return done.left, done.mended


def _line(finding: Finding) -> str:
    from storage.findings import EXPLAINED

    return finding.sentence if finding.repair is None else f"{finding.sentence} ({EXPLAINED[finding.repair]})"
