"""A look at files before they are imported: whether to ask how, and what would come in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from gui.dialogs.import_choice import Found, ImportChoice
from storage.errors import RefusedInputError

if TYPE_CHECKING:
    from storage.formats.columns import TablePreview
    from storage.formats.folder import FoundFile
    from storage.project import Project

#: How many files are looked at to tell whether labels or tables are among them; the rest is most likely alike.
_LOOKED_AT = 2_000

Proceed = Callable[[int, int], bool]


def needs_choice(paths: Sequence[Path], proceed: Proceed) -> bool:
    """Return whether files hold labels of other tools or tables, which do not say what becomes of them."""
    from storage.formats.folder import FoundFile, find_files

    for number, item in enumerate(find_files(paths)):
        if number >= _LOOKED_AT or not proceed(number, 0):
            return False
        if isinstance(item, FoundFile) and (item.format.takes_columns or _holds_labels(item)):
            return True
    return False


def _holds_labels(file: FoundFile) -> bool:
    from storage.formats.interface import Capabilities

    return file.format.holds != Capabilities() and not file.format.tells_kinds


def look_at(project: Project, choice: ImportChoice, proceed: Proceed) -> Found:
    """Return what an import would bring; what it cannot read is told in the preview's report."""
    from storage.formats.folder import FoundFile, find_files
    from storage.preview import preview_import

    def told(done: int, total: int, _name: str) -> None:
        proceed(done, total)

    files = [item for item in find_files(choice.paths, choice.format_) if isinstance(item, FoundFile)]
    preview = preview_import(
        project,
        choice.paths,
        format_=choice.format_,
        arrival=choice.arrival,
        columns=choice.columns,
        is_joining=choice.is_joining,
        progress=told,
        is_cancelled=lambda: not proceed(0, 0),
    )
    table = next((file for file in files if file.format.takes_columns), None)
    are_told = bool(files) and all(file.format.tells_kinds for file in files)
    return Found(preview, _peek(table) if table else None, are_told)


def _peek(file: FoundFile) -> TablePreview | None:
    try:
        return file.format.table_reader().peek(file.path)
    except (RefusedInputError, OSError):
        return None  # the preview tells why
