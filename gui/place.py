"""Where the analyst is in a document: kept in the project, and come back to."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from gui.timers import single_shot

if TYPE_CHECKING:
    from gui.document.view import DocumentView
    from gui.session import Session

#: The key under which a project keeps where the analyst was last; with the id of a document, where in that one.
PLACE = "place"
_SAVE_MS = 1500


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


class PlaceKeeper(QObject):
    """Saves the place in the document on screen a moment after the analyst went on, and brings the view back to it."""

    def __init__(self, view: DocumentView, parent: QObject) -> None:
        super().__init__(parent)
        self._view = view
        self._session: Session | None = None
        self._document_id: int | None = None
        self._soon = single_shot(self, _SAVE_MS, self.save)
        view.focus_changed.connect(self._save_soon)
        view.verticalScrollBar().valueChanged.connect(self._save_soon)

    def work_on(self, session: Session | None, document_id: int | None) -> None:
        """Keep the place in this document from now on."""
        self._session, self._document_id = session, document_id
        if document_id is None:
            self._soon.stop()

    def save(self) -> None:
        """Keep where the analyst is, so that the next start comes back to it."""
        self._soon.stop()
        if self._session is None or self._document_id is None:
            return
        place = asdict(self.here())
        for key in (PLACE, f"{PLACE}.{self._document_id}"):
            self._session.keep(key, place)

    def here(self) -> Place:
        """Return where the analyst is."""
        return Place(self._document_id, self._view.first_visible_cp(), self._view.cursor_cp, self._view.focused_span_id)

    def kept(self) -> Place:
        """Return where the analyst was when this document was last on screen."""
        if self._session is None:
            return Place()
        return Place.read(self._session.kept(f"{PLACE}.{self._document_id}"))

    def go_to(self, place: Place) -> None:
        """Bring cursor, focus and text on screen back to a place."""
        view, end_cp = self._view, self._view.page.positions.length_cp
        if place.document is None:
            return
        view.place_cursor(min(place.cursor, end_cp))
        if place.focus in view.page.index.spans:
            view.focus_span(place.focus)
        view.scroll_to_cp(min(place.scroll, end_cp))

    def _save_soon(self, _moved: object = None) -> None:
        # Not put off by every further move: who never rests for a second must not lose an hour's place.
        if self._document_id is not None and not self._soon.isActive():
            self._soon.start()
