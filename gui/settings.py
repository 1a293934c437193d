"""What the program remembers between starts that belongs to no project: recent projects, window, looks.

Loaded before the first paint, so it imports what it can only when it is used.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

_MOST_RECENT = 12


@dataclass(frozen=True, slots=True)
class RecentProject:
    """A project that was open lately."""

    path: Path
    opened_at: str


class Settings:
    """The user's settings file, in the place that the system has for them; a damaged entry counts as absent."""

    def __init__(self) -> None:
        self._store = QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "sayso", "sayso")

    def text(self, key: str, default: str = "") -> str:
        """Return a stored word."""
        value = self._store.value(key, default)
        return value if isinstance(value, str) else default

    def number(self, key: str, default: int) -> int:
        """Return a stored whole number."""
        try:
            return int(self.text(key, str(default)))
        except ValueError:
            return default

    def data(self, key: str) -> QByteArray:
        """Return stored bytes (a window's geometry), empty if there are none."""
        value = self._store.value(key)
        return value if isinstance(value, QByteArray) else QByteArray()

    def store(self, key: str, value: str | int | QByteArray) -> None:
        """Keep a value."""
        self._store.setValue(key, str(value) if isinstance(value, int) else value)

    def save(self) -> None:
        """Write to disk now."""
        self._store.sync()

    def recent(self) -> list[RecentProject]:
        """Return the projects opened lately, newest first, those that have gone since included."""
        import json

        try:
            rows = json.loads(self.text("recent", "[]"))
            return [RecentProject(Path(path), opened_at) for path, opened_at in rows]
        except (ValueError, TypeError):
            return []

    def note_opened(self, path: Path) -> None:
        """Put a project first among the recent ones."""
        import json
        from datetime import UTC, datetime

        at = datetime.now(UTC).isoformat(timespec="seconds")
        rows = [[str(path), at]]
        rows += [[str(entry.path), entry.opened_at] for entry in self.recent() if entry.path != path]
        self.store("recent", json.dumps(rows[:_MOST_RECENT], ensure_ascii=False))

    def forget(self, path: Path) -> None:
        """Take a project off the recent ones."""
        import json

        rows = [[str(entry.path), entry.opened_at] for entry in self.recent() if entry.path != path]
        self.store("recent", json.dumps(rows, ensure_ascii=False))
