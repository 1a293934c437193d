"""Finding words or a pattern in the document on screen: the bar asks, the view frames all hits and selects one."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gui.panels.find import FindBar, FindQuery

if TYPE_CHECKING:
    from gui.document.view import DocumentView

#: More hits than these are not counted one by one; nobody goes through them by key.
MOST_HITS = 10_000
#: A pattern may keep the window that long; one that backtracks without end is given up with a sentence.
_TIMEOUT_S = 0.25


class PatternError(Exception):
    """What was typed is no pattern, or takes too long; the text says so in a few words."""


class Finder(QObject):
    """Searches the shown document and goes from hit to hit. `hits_listed` carries their ranges, to be worked on."""

    hits_listed = Signal(object)

    def __init__(self, bar: FindBar, view: DocumentView) -> None:
        super().__init__(bar)
        self._bar = bar
        self._view = view
        self._hits: list[tuple[int, int]] = []
        self._searched: tuple[FindQuery, str] | None = None
        bar.query_changed.connect(self._search_anew)
        bar.next_requested.connect(self.go_next)
        bar.previous_requested.connect(self.go_previous)
        bar.list_requested.connect(self.list_hits)
        bar.closed.connect(self.close)
        bar.hide()

    def open(self) -> None:
        """Show the bar; selected words within one line are looked for."""
        words = self._view.selected_text()
        self._bar.open(words if "\n" not in words else "")
        self._search_anew(self._bar.query())

    def close(self) -> None:
        """Hide the bar and the frames, and give the keyboard back to the document."""
        self._bar.hide()
        self._searched = None
        self._view.set_hits(())
        self._view.setFocus()

    def go_next(self) -> None:
        """Select the next hit after the cursor, round the end."""
        self._go(1)

    def go_previous(self) -> None:
        """Select the hit before the cursor, round the beginning."""
        self._go(-1)

    def follow_document(self) -> None:
        """Look for the same in the document that has come on screen, without moving in it."""
        if self._bar.isVisible():
            self._search(self._bar.query())

    def list_hits(self) -> None:
        """Hand all hits on, to be labelled from a list."""
        if self._search(self._bar.query()) and self._hits:
            self.hits_listed.emit(list(self._hits))

    def _go(self, step: int) -> None:
        if not self._bar.query().text:
            self.open()
            return
        if not self._search(self._bar.query()) or not self._hits:
            return
        here = self._view.selection()
        if step > 0:
            at = bisect_left(self._hits, (here[-1].end_cp if here else self._view.cursor_cp, 0))
        else:
            at = bisect_left(self._hits, (here[0].start_cp if here else self._view.cursor_cp, 0)) - 1
        at %= len(self._hits)
        self._show(at)

    def _show(self, at: int) -> None:
        start_cp, end_cp = self._hits[at]
        self._view.select_range(start_cp, end_cp)
        self._view.ensure_visible(start_cp, end_cp)
        self._bar.show_matches(at + 1, len(self._hits))

    def _search_anew(self, query: FindQuery) -> None:
        if self._search(query) and self._hits:
            here = self._view.selection()
            start_cp = here[0].start_cp if here else self._view.cursor_cp
            self._show(bisect_left(self._hits, (start_cp, 0)) % len(self._hits))

    def _search(self, query: FindQuery) -> bool:
        """Find all hits and frame them; `False` if the pattern cannot be used (the bar tells why)."""
        text = self._view.page.positions.text
        if self._searched is not None and self._searched[0] == query and self._searched[1] is text:
            return True
        self._hits = []
        self._searched = None
        try:
            self._hits = find_all(text, query)
        except PatternError as error:
            self._bar.show_error(str(error))
            return False
        finally:
            self._view.set_hits(self._hits if self._bar.isVisible() else ())
        self._searched = (query, text)
        self._bar.show_matches(0, len(self._hits))
        return True


def find_all(text: str, query: FindQuery) -> list[tuple[int, int]]:
    """Return the hits of a query in text order as ranges of code points, at most `MOST_HITS`.

    Raises:
        PatternError: the text of the query is not a pattern, or it takes too long on this text.
    """
    if not query.text:
        return []
    import regex  # 30 ms, which the first window need not wait for

    pattern = query.text if query.is_regex else regex.escape(query.text, literal_spaces=True)
    if query.is_whole_words:
        pattern = rf"(?<!\w)(?:{pattern})(?!\w)"
    flags = regex.MULTILINE if query.is_case_sensitive else regex.MULTILINE | regex.IGNORECASE
    hits = []
    try:
        for match in regex.compile(pattern, flags).finditer(text, timeout=_TIMEOUT_S):
            if match.end() > match.start():
                hits.append(match.span())
                if len(hits) == MOST_HITS:
                    break
    except regex.error as error:
        raise PatternError(f"not a pattern: {error}") from error
    except RecursionError as error:
        raise PatternError("not a pattern: its brackets are nested too deeply") from error
    except TimeoutError as error:
        raise PatternError("this pattern takes too long here; find it in the project (Ctrl+Shift+F)") from error
    return hits
