"""The command `import`."""

from __future__ import annotations

import argparse
from pathlib import Path

from gui.cli.backup import back_up_first
from gui.cli.talk import DATA_PROBLEM, DONE, Meter, counted, json_option, line, opened, project_argument, report

SUMMARY = "Add documents to a project: text, Markdown, JSONL, and folders of them."


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    project_argument(parser)
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="files, or folders searched through")
    json_option(parser)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from storage.importing import import_paths

    back_up_first(options.project)
    with opened(options.project) as project, Meter("importing") as meter:
        found = import_paths(project, options.paths, progress=meter.show)
    lists = {name: getattr(found, name) for name in ("refused", "skipped", "guessed")}
    data = {"documents": found.documents, "files": found.files} | {
        name: [{"where": item.where, "reason": item.reason} for item in items] for name, items in lists.items()
    }
    titles = {"refused": "Not imported", "skipped": "Left out", "guessed": "Encoding guessed"}
    lines = [f"Imported {counted(found.documents, 'document')} from {counted(found.files, 'file')}."]
    for name, items in lists.items():
        lines += [f"{titles[name]}: {line(item.where, item.reason)}" for item in items]
    report(options, data, "\n".join(lines))
    return DATA_PROBLEM if found.refused else DONE
