"""The command `restore`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from gui.cli.secret import key_of
from gui.cli.talk import DONE, counted, json_option, project_argument, report
from storage.errors import RefusedInputError, WrongPassphraseError

if TYPE_CHECKING:
    from storage.backup import Backup
    from storage.keys import Key
    from storage.restore import Contents, Difference

SUMMARY = "List the backups of a project, or put one back; the present is kept."


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of this command."""
    project_argument(parser)
    chosen = parser.add_mutually_exclusive_group()
    chosen.add_argument("--list", action="store_true", help="list the backups (what happens without --from, too)")
    chosen.add_argument("--from", dest="backup", metavar="BACKUP", help="the number of a backup, or its file")
    json_option(parser)


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from storage.opening import real_path

    path = real_path(options.project)
    return _restore(options, path) if options.backup else _list(options, path)


def _list(options: argparse.Namespace, path: Path) -> int:
    from storage.backup import backup_folder, backups_of

    keys = _Keys(options)
    rows = [(backup, _contents(backup, keys.of(backup.path))) for backup in backups_of(path)]
    lines = [_line(*row) for row in rows] or [f"There is no backup in “{backup_folder(path)}”."]
    report(options, {"backups": [_data(*row) for row in rows]}, "\n".join(lines))
    return DONE


def _restore(options: argparse.Namespace, path: Path) -> int:
    from storage.restore import difference, restore

    backup = _backup_named(path, options.backup)
    key = key_of(options, backup)
    changed = difference(path, backup, key)
    done = restore(path, backup, key)
    lines = [f"“{path.name}” is again as in “{backup.name}”."]
    if done.present_kept_at is not None:
        lines.append(f"What was there before is kept: “{done.present_kept_at}”.")
    if changed is not None:
        lines.append(_told(changed))
    kept = str(done.present_kept_at) if done.present_kept_at else None
    report(options, {"project": str(path), "backup": str(backup), "present_kept_at": kept}, "\n".join(lines))
    return DONE


def _backup_named(path: Path, chosen: str) -> Path:
    from storage.backup import backups_of

    if chosen.isdecimal():
        for backup in backups_of(path):
            if backup.serial == int(chosen):
                return backup.path
    elif Path(chosen).is_file():
        return Path(chosen)
    raise RefusedInputError(f"There is no backup “{chosen}” of “{path.name}”. List them with --list.")


class _Keys:
    """The keys of backups; those with the same salt have the same one, which takes a while to derive."""

    def __init__(self, options: argparse.Namespace) -> None:
        self._options = options
        self._by_salt: dict[bytes, Key | None] = {}

    def of(self, path: Path) -> Key | None:
        """Return the key of a file, `None` if it has none or another passphrase."""
        from storage.keys import SALT_BYTES

        try:
            with path.open("rb") as file:
                salt = file.read(SALT_BYTES)
            if salt not in self._by_salt:
                self._by_salt[salt] = key_of(self._options, path)
        except (OSError, WrongPassphraseError):
            return None
        return self._by_salt[salt]


def _contents(backup: Backup, key: Key | None) -> Contents | None:
    from storage.restore import RestoreError, contents_of

    try:
        return contents_of(backup.path, key)
    except RestoreError:
        return None


def _told(changed: Difference) -> str:
    gone = f"{counted(changed.documents_added, 'document')}, {counted(changed.decisions_added, 'decision')}"
    back = f"{counted(changed.documents_lost, 'document')}, {counted(changed.decisions_lost, 'decision')}"
    return f"Gone with it: {gone}. Back again: {back}."


def _data(backup: Backup, contents: Contents | None) -> dict[str, object]:
    return {
        "number": backup.serial,
        "at": backup.at.isoformat(),
        "reason": backup.reason.value,
        "path": str(backup.path),
        "bytes": backup.size,
        "documents": contents.documents if contents else None,
        "decisions": contents.decisions if contents else None,
        "last_change": contents.last_change if contents else None,
    }


def _line(backup: Backup, contents: Contents | None) -> str:
    from storage.backup import REASONS

    when = f"{backup.serial:>4}  {backup.at.astimezone():%Y-%m-%d %H:%M}  {REASONS[backup.reason]}"
    if contents is None:
        return f"{when}: cannot be read"
    return f"{when}: {counted(contents.documents, 'document')}, {counted(contents.decisions, 'decision')}"
