"""The tabs beside the inspector: actors, codebook, search. Made when they are first needed, or soon after the start."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from gui.timers import single_shot

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from gui.bench import Bench
    from gui.codebook import CodebookKeeper
    from gui.dialogs.files import FilePicker
    from gui.document.view import DocumentView
    from gui.finding import Finder
    from gui.panels.actors import ActorsPanel
    from gui.panels.codebook import CodebookPanel
    from gui.panels.labels import LabelsPanel
    from gui.registry.controller import RegistryController
    from gui.search_side import SearchSide
    from gui.session import Session
    from gui.threshold import Threshold

INSPECTOR, ACTORS, CODEBOOK, SEARCH = "Inspector", "Actors", "Codebook", "Search"

#: The tabs are filled when the first document has been on screen for a moment: none of them is seen before.
_FILL_MS = 400
#: Between one and the next: each takes as long as two or three frames.
_NEXT_MS = 20


class SidePanels(QObject):
    """Builds the panels with their controllers, gives them the session, and brings them up.

    `hit_requested` asks for a document with a stretch selected, `mention_requested` for one with a span in the focus;
    `told` carries a short sentence for the status bar.
    """

    hit_requested = Signal(int, int, int)
    mention_requested = Signal(int, int)
    left = Signal()
    told = Signal(str)

    def __init__(
        self,
        window: QWidget,
        bench: Bench,
        view: DocumentView,
        labels: LabelsPanel,
        finding: Finder,
        files: FilePicker,
    ) -> None:
        super().__init__(window)
        self._window, self._bench, self._view, self._labels, self._files = window, bench, view, labels, files
        self._session: Session | None = None
        self._document_id: int | None = None
        self._before = INSPECTOR
        self._unbuilt = deque((self._build_actors, self._build_codebook, self._build_search))
        for title in (ACTORS, CODEBOOK, SEARCH):
            bench.right.add(title, partial(self._panel, title))
        self._fill_soon = single_shot(self, _FILL_MS, self._build_next)
        finding.hits_listed.connect(self.list_ranges)

    def work_on(self, session: Session | None, document_id: int | None) -> None:
        """Show this project and document from now on; `None` lets go of them, waiting for what still reads."""
        is_other = session is not self._session
        self._session, self._document_id = session, document_id
        if self._unbuilt:
            self._fill_soon.start(_FILL_MS) if session is not None else self._fill_soon.stop()
            return
        if is_other:
            self._registry.work_on(session)
            self._codebook.work_on(session)
        self._search.work_on(session, document_id)

    def bring_up(self, title: str) -> None:
        """Show a tab, and the pane that holds it."""
        self._fill()
        self._bench.right.show()
        self._bench.right.open(title)

    def show_codebook(self) -> None:
        """Show the codebook."""
        self._fill()
        self._codebook.show_panel()

    def import_codebook(self) -> None:
        """Take labels, link types and fields from a file."""
        self._fill()
        self._codebook.import_file()

    def export_codebook(self) -> None:
        """Write the codebook as one file."""
        self._fill()
        self._codebook.export_file()

    def open_search(self) -> None:
        """Find in the project."""
        self._fill()
        self._search.open_search()

    def list_ranges(self, ranges: Sequence[tuple[int, int]]) -> None:
        """List stretches of the document on screen, to be labelled from the list."""
        self._fill()
        self._search.list_ranges(ranges)

    def open_equal(self) -> None:
        """Decide on all spans equal to the focused one."""
        self._fill()
        self._search.open_equal()

    def never_suggest(self) -> None:
        """Never suggest the words of the focused span again."""
        self._fill()
        self._search.never_suggest()

    def show_blocked(self) -> None:
        """List the words that are never suggested."""
        if self._session is not None:
            from gui.dialogs.blocked import open_blocked

            open_blocked(self._window, self._session)

    def show_scores(self, threshold: Threshold) -> None:
        """Choose from which score on suggestions are shown."""
        if self._session is not None:
            from gui.dialogs.scores import open_scores

            open_scores(self._window, self._session, threshold)

    def show_actors(self) -> None:
        """Show the registry and put the keyboard into it."""
        self.bring_up(ACTORS)
        self._actors_panel.enter()

    def show_actor(self, actor_id: int) -> None:
        """Show an actor of the registry."""
        self.bring_up(ACTORS)
        self._registry.show_actor(actor_id)

    def show_unlinked(self) -> None:
        """Show the mentions that belong to no actor."""
        self.bring_up(ACTORS)
        self._registry.show_unlinked()

    def _panel(self, title: str) -> QWidget:
        self._fill()
        panels: dict[str, QWidget] = {ACTORS: self._actors_panel, CODEBOOK: self._codebook_panel, SEARCH: self._search}
        return panels[title]

    def _fill(self) -> None:
        """Build what is still to be built of the panels."""
        while self._unbuilt:
            self._build_next()

    def _build_next(self) -> None:
        """Build one panel, so that keys get in between; after the last give all what is open."""
        self._fill_soon.stop()
        self._unbuilt.popleft()()
        if self._unbuilt:
            self._fill_soon.start(_NEXT_MS)
            return
        session, self._session = self._session, None
        self.work_on(session, self._document_id)

    def _build_actors(self) -> None:
        from gui.panels.actors import ActorsPanel
        from gui.registry.controller import RegistryController

        self._actors_panel: ActorsPanel = ActorsPanel()
        self._registry: RegistryController = RegistryController(self._window, self._actors_panel)
        self._registry.mention_requested.connect(self.mention_requested)
        self._registry.told.connect(self.told)
        self._actors_panel.left.connect(self.left)

    def _build_codebook(self) -> None:
        from gui.codebook import CodebookKeeper
        from gui.panels.codebook import CodebookPanel
        from gui.panels.label_card import LabelCard

        self._codebook_panel: CodebookPanel = CodebookPanel()
        card = LabelCard()
        self._bench.add_card(card)
        self._codebook: CodebookKeeper = CodebookKeeper(
            self._window, self._codebook_panel, card, self._labels, self._view, self._files
        )
        self._codebook.told.connect(self.told)
        self._codebook.panel_requested.connect(lambda: self.bring_up(CODEBOOK))
        self._codebook_panel.left.connect(self.left)

    def _build_search(self) -> None:
        from gui.search_side import SearchSide

        self._search: SearchSide = SearchSide(self._view)
        self._search.shown_requested.connect(self._show_search)
        self._search.released.connect(lambda: self.bring_up(self._before))
        self._search.hit_requested.connect(self.hit_requested)
        self._search.told.connect(self.told)
        self._search.left.connect(self.left)

    def _show_search(self) -> None:
        tabs = self._bench.right
        if tabs.tabText(tabs.currentIndex()) != SEARCH:
            self._before = tabs.tabText(tabs.currentIndex())
        self.bring_up(SEARCH)
