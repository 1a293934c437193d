"""The command `backup`."""

from __future__ import annotations

import argparse

from gui.cli.secret import key_of
from gui.cli.talk import DONE, json_option, project_argument, report

SUMMARY = "Keep a checked copy of a project beside it; it may be open meanwhile."


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    project_argument(parser)
    json_option(parser)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from storage.backup import back_up, backups_of
    from storage.opening import check_exists, real_path
    from storage.thinning import Reason

    path = real_path(options.project)
    check_exists(path)
    done = back_up(path, Reason.HAND, key=key_of(options, path))
    newest = done.made or backups_of(path)[0]
    lines = [f"Made “{newest.path}”." if done.made else f"Nothing has changed since “{newest.path}”."]
    if done.notice:
        lines.append(done.notice)
    data = {"backup": str(newest.path), "is_new": done.made is not None, "removed": len(done.removed)}
    report(options, data, "\n".join(lines))
    return DONE


def back_up_first(options: argparse.Namespace) -> str:
    """Keep a project as it is before a command changes much of it; return what is to be told, once it is open.

    Where it fails the job is done all the same.
    """
    from storage.backup import BackupError, back_up
    from storage.opening import check_exists, real_path
    from storage.thinning import Reason

    check_exists(options.project)
    path = real_path(options.project)
    try:
        return back_up(path, Reason.IMPORT, key=key_of(options, path)).notice
    except BackupError as problem:
        return str(problem)
