"""Asking for files and folders, behind a protocol that tests replace."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtWidgets import QFileDialog

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

PROJECT_SUFFIX = ".sayso"
PROJECT_FILTER = f"Sayso projects (*{PROJECT_SUFFIX})"
ALL_FILTER = "All files (*)"


class FilePicker(Protocol):
    """Asks the analyst for paths; each answer is `None` or empty when the question was cancelled."""

    def new_project(self, parent: QWidget | None, folder: Path) -> Path | None:
        """Ask where a new project goes; the answer ends in `.sayso`."""
        ...

    def open_project(self, parent: QWidget | None, folder: Path) -> Path | None:
        """Ask for a project file."""
        ...

    def import_files(self, parent: QWidget | None, folder: Path, extensions: Sequence[str]) -> list[Path]:
        """Ask for files to import, those with one of the extensions (".txt") shown first."""
        ...

    def import_folder(self, parent: QWidget | None, folder: Path) -> Path | None:
        """Ask for a folder to import."""
        ...

    def export_target(self, parent: QWidget | None, suggested: Path, *, is_folder: bool) -> Path | None:
        """Ask where an export goes: a new or existing file, or a folder."""
        ...


class QtFilePicker:
    """Asks by the file dialogs of the desktop."""

    def new_project(self, parent: QWidget | None, folder: Path) -> Path | None:
        """Ask where a new project goes; the answer ends in `.sayso`."""
        suggested = str(folder / f"project{PROJECT_SUFFIX}")
        name, _filter = QFileDialog.getSaveFileName(parent, "New project", suggested, PROJECT_FILTER)
        return with_project_suffix(Path(name)) if name else None

    def open_project(self, parent: QWidget | None, folder: Path) -> Path | None:
        """Ask for a project file."""
        filters = f"{PROJECT_FILTER};;{ALL_FILTER}"
        name, _filter = QFileDialog.getOpenFileName(parent, "Open project", str(folder), filters)
        return Path(name) if name else None

    def import_files(self, parent: QWidget | None, folder: Path, extensions: Sequence[str]) -> list[Path]:
        """Ask for files to import, those with one of the extensions (".txt") shown first."""
        patterns = " ".join(f"*{extension}" for extension in extensions)
        filters = f"Texts ({patterns});;{ALL_FILTER}" if patterns else ALL_FILTER
        names, _filter = QFileDialog.getOpenFileNames(parent, "Import files", str(folder), filters)
        return [Path(name) for name in names]

    def import_folder(self, parent: QWidget | None, folder: Path) -> Path | None:
        """Ask for a folder to import."""
        name = QFileDialog.getExistingDirectory(parent, "Import folder", str(folder))
        return Path(name) if name else None

    def export_target(self, parent: QWidget | None, suggested: Path, *, is_folder: bool) -> Path | None:
        """Ask where an export goes: a new or existing file, or a folder."""
        if is_folder:
            name = QFileDialog.getExistingDirectory(parent, "Export into folder", str(suggested.parent))
        else:
            name, _filter = QFileDialog.getSaveFileName(parent, "Export to file", str(suggested), ALL_FILTER)
        return Path(name) if name else None


def with_project_suffix(path: Path) -> Path:
    """Return the path with `.sayso` at its end, added if it is not there; a folder's path has no name to end so."""
    if not path.name or path.suffix.lower() == PROJECT_SUFFIX:
        return path
    return path.with_name(path.name + PROJECT_SUFFIX)


def typed_path(text: str) -> Path:
    """Return the path that someone typed, "~" standing for a home where there is one of that name."""
    path = Path(text.strip().replace("\x00", ""))
    try:
        return path.expanduser()
    except RuntimeError:  # no user is called so, or not yet: the name is still being typed
        return path
