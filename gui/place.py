"""Where the analyst was in a document, as a project keeps it."""

from __future__ import annotations

from dataclasses import dataclass

#: The key under which a project keeps where the analyst was.
PLACE = "place"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the analyst was in a document; `document` is `None` where nothing usable was kept."""

    document: int | None = None
    scroll: int = 0
    cursor: int = 0
    focus: int | None = None

    @classmethod
    def read(cls, kept: object) -> Place:
        """Read what was kept in a project, which may come from a stranger."""
        if not isinstance(kept, dict):
            return cls()
        numbers = {name: kept.get(name) for name in ("document", "scroll", "cursor", "focus")}
        usable = {name: value for name, value in numbers.items() if type(value) is int and value >= 0}
        return cls(**usable) if "document" in usable else cls()
