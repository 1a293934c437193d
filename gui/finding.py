"""Finding words or a pattern in the document on screen: the bar asks, the view shows each hit as its selection."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

import regex
from PySide6.QtCore import QObject

from gui.panels.find import FindBar, FindQuery

if TYPE_CHECKING:
    from gui.document.view import DocumentView

#: More hits than these are not counted one by one; nobody goes through them by key.
MOST_HITS = 10_000
#: A pattern may take so long; one that backtracks without end is given up with a sentence.
_TIMEOUT_S = 0.5


class Finder(QObject):
    """Searches the shown document and goes from hit to hit."""

    def __init__(self, bar: FindBar, view: DocumentView) -> None:
        super().__init__(bar)
        self._bar = bar
        self._view = view
        self._hits: list[tuple[int, int]] = []
        self._searched: tuple[FindQuery, str] | None = None
        bar.query_changed.connect(self._search_anew)
        bar.next_requested.connect(self.go_next)
        bar.previous_requested.connect(self.go_previous)
        bar.closed.connect(self.close)
        bar.hide()

    def open(self) -> None:
        """Show the bar; selected words within one line are looked for."""
        words = self._view.selected_text()
        self._bar.open(words if "\n" not in words else "")
        self._search_anew(self._bar.query())

    def close(self) -> None:
        """Hide the bar and give the keyboard back to the document."""
        self._bar.hide()
        self._view.setFocus()

    def go_next(self) -> None:
        """Select the next hit after the cursor, round the end."""
        self._go(1)

    def go_previous(self) -> None:
        """Select the hit before the cursor, round the beginning."""
        self._go(-1)

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
            # From where the hit shown begins: it stays, while it answers to one letter more.
            at = bisect_left(self._hits, (here[0].start_cp if here else self._view.cursor_cp, 0))
            self._show(at % len(self._hits))

    def _search(self, query: FindQuery) -> bool:
        """Find all hits; `False` if the pattern cannot be used (the bar tells why)."""
        text = self._view.page.positions.text
        if self._searched is not None and self._searched[0] == query and self._searched[1] is text:
            return True
        self._hits = []
        self._searched = None
        try:
            self._hits = find_all(text, query)
        except regex.error as error:
            self._bar.show_error(f"not a pattern: {error}")
            return False
        except RecursionError:
            self._bar.show_error("not a pattern: its brackets are nested too deeply")
            return False
        except TimeoutError:
            self._bar.show_error("this pattern takes too long here")
            return False
        self._searched = (query, text)
        self._bar.show_matches(0, len(self._hits))
        return True


def find_all(text: str, query: FindQuery) -> list[tuple[int, int]]:
    """Return the hits of a query in text order as ranges of code points, at most `MOST_HITS`.

    Raises:
        regex.error: the text of the query is not a pattern.
        RecursionError: its brackets are nested too deeply.
        TimeoutError: the pattern takes too long on this text.
    """
    if not query.text:
        return []
    pattern = query.text if query.is_regex else regex.escape(query.text, literal_spaces=True)
    if query.is_whole_words:
        pattern = rf"(?<!\w)(?:{pattern})(?!\w)"
    flags = 0 if query.is_case_sensitive else regex.IGNORECASE
    compiled = regex.compile(pattern, flags)
    hits = []
    for match in compiled.finditer(text, timeout=_TIMEOUT_S):
        if match.end() > match.start():
            hits.append(match.span())
            if len(hits) == MOST_HITS:
                break
    return hits
