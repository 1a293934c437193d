"""The open project on screen: which document is shown, and how views follow what is committed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from gui.bench import SideTabs
from gui.inspector_feed import InspectorFeed
from gui.latest import Latest
from gui.place import PLACE, Place, PlaceKeeper
from gui.timers import single_shot
from storage.errors import EnvironmentProblem
from storage.records import Changes, DocumentItem, LabelKind, State

if TYPE_CHECKING:
    from gui.document.view import DocumentView
    from gui.panels.documents import DocumentsPanel
    from gui.panels.inspector import Inspector
    from gui.panels.inspector_data import InspectorData
    from gui.panels.labels import LabelsPanel
    from gui.session import Session

_COUNT_MS = 300
#: How long after a failed reading the next is tried.
_CATCH_UP_MS = 2_000
#: The card follows the text by a frame or two: it never holds up the next key press.
_INSPECT_MS = 25


class Workspace(QObject):
    """Joins one session to the view and the panels. Reads for them; writes nothing but the analyst's place.

    `document_shown` carries the id of the document on screen, or `None`. `counted` carries decided and all spans of
    it. `accepted` tells what share of the decided suggestions was accepted in the whole project. `document_described`:
    what is known of the document on screen has changed.
    """

    document_shown = Signal(object)
    document_described = Signal()
    counted = Signal(int, int)
    accepted = Signal(str)
    told = Signal(str)

    def __init__(
        self,
        view: DocumentView,
        documents: DocumentsPanel,
        labels: LabelsPanel,
        inspector: Inspector,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._view = view
        self._documents = documents
        self._labels = labels
        self._inspector = inspector
        self._feed: InspectorFeed | None = None
        self.session: Session | None = None
        self.document_id: int | None = None
        #: Completes what the card is to tell of a span by what is not in the file yet.
        self.completed: Callable[[InspectorData], InspectorData] = lambda data: data
        self._inspecting = single_shot(self, _INSPECT_MS, self._inspect)
        self._place = PlaceKeeper(view, self)
        self._counting = single_shot(self, _COUNT_MS, self._count)
        self._catching_up = single_shot(self, _CATCH_UP_MS, self.catch_up)
        self._rating = Latest(self)
        view.focus_changed.connect(self._inspect_soon)
        view.selection_changed.connect(self._inspecting.start)
        documents.document_requested.connect(self.show_document)

    @property
    def cursor_cp(self) -> int:
        """Where the cursor stands in the document on screen."""
        return self._view.cursor_cp

    def documents(self) -> Iterable[DocumentItem]:
        """Return the documents of the project as they were imported, shown in the list or filtered out."""
        return self._documents.model.items()

    # -- project and document -----------------------------------------------------------------------------------------

    def open(self, session: Session) -> None:
        """Show a project, at the place where the analyst left it."""
        self.session = session
        session.changed.connect(self._follow)
        session.problem_met.connect(self._inspect_soon)
        self._take_codebook()
        items = session.items()
        self._documents.set_items(items)
        last = Place.read(session.kept(PLACE)).document
        known = [item.id for item in items]
        if last in known:
            self.show_document(last)
        elif known:
            self.show_document(known[0])
        if self.document_id is None:
            self._show_nothing()
        self._count()

    def close(self) -> None:
        """Keep the place and let go of the project."""
        if self.session is None:
            return
        self._inspector.show_span(None)  # what is being typed there is told, and saved
        self.save_place()
        for timer in (self._inspecting, self._counting, self._catching_up):
            timer.stop()
        self._rating.finish()
        self.session.changed.disconnect(self._follow)
        self.session.problem_met.disconnect(self._inspect_soon)
        self.session = None
        self._documents.filter.clear()
        self._documents.set_items([])
        self._labels.set_hidden_labels(frozenset())  # ids mean other labels in another project
        self._show_nothing()

    def show_document(self, document_id: int) -> None:
        """Put a document on screen, at the place where it was left, else at its beginning."""
        if self.session is None:
            return
        if document_id == self.document_id:
            self._view.setFocus()
            return
        self.save_place()
        content = self.session.content(document_id)
        if content is None:
            self._documents.set_current(self.document_id)
            return
        self.document_id = document_id
        self._place.work_on(self.session, document_id)
        self._view.show_document(content, self.session.codebook)
        self._documents.set_current(document_id)
        self._place.go_to(self._place.kept())
        self._count_labels()
        self._tell_counts()
        self._inspect()
        self._view.setFocus()
        self.document_shown.emit(document_id)

    def show_span(self, document_id: int, span_id: int) -> None:
        """Put a document on screen with this span in the focus."""
        self.show_document(document_id)
        if self.document_id == document_id:
            self._view.focus_span(span_id)

    def show_stretch(self, document_id: int, start_cp: int, end_cp: int) -> None:
        """Put a document on screen with this stretch selected."""
        self.show_document(document_id)
        if self.document_id == document_id:
            self._view.select_range(start_cp, end_cp)
            self._view.ensure_visible(start_cp, end_cp)

    def finish_document(self, forwards: bool) -> None:  # noqa: FBT001  (the payload of a signal)
        """Go to the next document that has something undecided and focus its first (or last) suggestion."""
        target = self._next_document(1 if forwards else -1, lambda item: item.undecided > 0)
        if target is None:
            self.told.emit("Everything is decided. Shift+R declares a document complete.")
            return
        self._begin(target, backwards=not forwards)

    def leave_reviewed(self) -> None:
        """Go to the next document that is not reviewed, and to its first suggestion."""
        target = self._next_document(1, lambda item: not item.is_reviewed)
        if target is None:
            self.told.emit("Every document of the list is reviewed.")
        else:
            self._begin(target)

    def next_document(self, step: int) -> None:
        """Show the document `step` rows further in the list."""
        target = self._documents.neighbour(step)
        if target is None:
            self.told.emit("This is the last document of the list." if step > 0 else "This is the first document.")
        else:
            self.show_document(target)

    def save_place(self) -> None:
        """Keep where the analyst is, in the project, so that the next start comes back to it."""
        self._place.save()

    # -- following what is committed ----------------------------------------------------------------------------------

    def _follow(self, changes: Changes) -> None:
        """Take over a committed operation: read again what it touched and nothing else."""
        assert self.session is not None  # noqa: S101  (connected only while a project is open)
        if changes.is_codebook_changed:
            self._take_codebook()
            self._inspecting.start()
        if changes.actors and self._feed is not None:
            self._feed.forget_actors()
        if changes.are_documents_listed_anew:
            self._list_anew()
        elif changes.documents:
            self._documents.update_items(self.session.items(changes.documents))
        if changes.operation in {"undo", "redo"}:
            self._go_where_it_happened(changes)
        if self.document_id is not None and self.document_id in changes.documents:
            self._refresh_document(self.document_id, changes)
        elif changes.actors:
            self._inspecting.start()
        self._counting.start()

    def _refresh_document(self, document_id: int, changes: Changes) -> None:
        from storage.queries import links_by_id, reviewed_in, spans_by_id
        from storage.stretch_queries import stretches_in

        self._refresh_description(document_id)
        assert self.session is not None  # noqa: S101
        spans = self.session.ask(spans_by_id, changes.spans)
        links = self.session.ask(links_by_id, changes.links)
        reviewed = self.session.ask(reviewed_in, document_id) if changes.reviewed else ()
        stretches = self.session.ask(stretches_in, document_id) if changes.stretches else ()
        if spans is None or links is None or reviewed is None or stretches is None:
            self._catching_up.start()  # until then what is on screen stays
            return
        self._view.apply(
            spans=[span for span in spans.values() if span.document_id == document_id],
            removed_spans=changes.spans - spans.keys(),
            links=[link for link in links.values() if link.document_id == document_id],
            removed_links=changes.links - links.keys(),
            reviewed=reviewed if changes.reviewed else None,
            stretches=stretches if changes.stretches else None,
        )
        self._tell_counts()
        self._inspecting.start()

    def catch_up(self) -> None:
        """Show what the file holds: something was saved that could not be read again at once."""
        from storage.queries import document_content, document_items

        if self.session is None:
            return
        try:
            self.session.read_codebook()
            items = document_items(self.session.project)
            shown = next((item.id for item in items if item.id == self.document_id), None)
            content = document_content(self.session.project, shown) if shown is not None else None
        except EnvironmentProblem:  # told when it was met
            self._catching_up.start()
            return
        self._take_codebook()
        self._take_list(items)
        if content is not None:
            place = self._place.here()
            self._view.show_document(content, self.session.codebook)
            self._place.go_to(place)
            self._tell_counts()
        self._counting.start()

    def _refresh_description(self, document_id: int) -> None:
        """Show a new title, source, date or language of the document on screen."""
        item = self._documents.item(document_id)
        if item is not None and self._view.set_document(item.document):
            self.document_described.emit()

    def _go_where_it_happened(self, changes: Changes) -> None:
        """Show what an undo brought back: its document, and its span in the focus.

        Who works in a list beside the text (actors, codebook, hits) stays there: it follows by itself.
        """
        if self._is_keyboard_beside():
            return
        listed = sorted(ident for ident in changes.documents if self._documents.item(ident) is not None)
        if listed and self.document_id not in listed:
            self.show_document(listed[0])
        QTimer.singleShot(0, self, lambda: self._focus_first(changes))

    def _is_keyboard_beside(self) -> bool:
        """Whether the keyboard is in one of the tabs at the right other than the inspector."""
        widget = QApplication.focusWidget()
        while widget is not None and widget is not self._inspector:
            if isinstance(widget, SideTabs):
                return True
            widget = widget.parentWidget()
        return False

    def _focus_first(self, changes: Changes) -> None:
        """Focus the claim whose links changed along with it, else the first span that is there."""
        index = self._view.page.index
        spans = [span for span_id in changes.spans if (span := index.spans.get(span_id)) and index.is_shown(span)]
        claims = {link.from_id for link_id in changes.links if (link := index.links.get(link_id))}
        if spans:
            self._view.focus_span(min(spans, key=lambda span: (span.id not in claims, span.start_cp)).id)
            self._view.setFocus()

    def _list_anew(self) -> None:
        from storage.queries import document_items

        assert self.session is not None  # noqa: S101
        items = self.session.ask(document_items)
        if items is None:
            self._catching_up.start()
        else:
            self._take_list(items)

    def _take_list(self, items: list[DocumentItem]) -> None:
        """List these documents; where the one on screen is not among them, show another."""
        self._documents.set_items(items)
        known = [item.id for item in items]
        if self.document_id in known:
            self._documents.set_current(self.document_id)
            return
        self.document_id = None
        self._place.work_on(None, None)
        if known:
            self.show_document(known[0])
        else:
            self._show_nothing()

    def _take_codebook(self) -> None:
        assert self.session is not None  # noqa: S101
        self._feed = InspectorFeed(self.session)
        self._labels.set_codebook(self.session.codebook)
        self._view.set_codebook(self.session.codebook)

    def _show_nothing(self) -> None:
        self.document_id = None
        self._place.work_on(None, None)
        self._view.clear()
        self._documents.set_current(None)
        self._inspector.show_span(None)
        self._labels.set_counts({})
        self.counted.emit(0, 0)
        self.document_shown.emit(None)

    # -- panels -------------------------------------------------------------------------------------------------------

    def inspect_now(self) -> None:
        """Let the card tell of the focused span at once: the keyboard is about to go there."""
        if self._inspecting.isActive():
            self._inspecting.stop()
            self._inspect()

    def _inspect(self) -> None:
        span_id = self._view.focused_span_id
        span = self._view.page.index.spans.get(span_id) if span_id is not None else None
        if span is None or self._feed is None:
            self._inspector.show_span(None)
            return
        index = self._view.page.index
        around = [index.spans[other_id] for other_id in self._view.spans_at(self._view.cursor_cp)]
        near = [other for block in index.blocks_of(span) for other in index.in_block(block)]
        data = self._feed.data(span, around, near, index.links_of(span.id), index.spans)
        self._inspector.show_span(self.completed(data))

    def _inspect_soon(self, _told: object = None) -> None:
        """Show again what the file holds: another span is focused, or the inspector may show what was not saved."""
        self._inspecting.start()

    def _count_labels(self) -> None:
        counts: dict[int, int] = {}
        index = self._view.page.index
        for span in index.spans.values():
            if span.state != State.REJECTED and not index.is_unlikely(span):
                counts[span.label_id] = counts.get(span.label_id, 0) + 1
        self._labels.set_counts(counts)

    def _tell_counts(self) -> None:
        if self.document_id is not None and (item := self._documents.item(self.document_id)) is not None:
            self.counted.emit(item.decided, item.decided + item.undecided)

    def _count(self) -> None:
        if self.session is None:
            return
        from storage.provenance import acceptance

        self._count_labels()
        project = self.session.project
        self._rating.start(lambda _proceed: acceptance(project), lambda rates: self.accepted.emit(_in_words(rates)))

    def _begin(self, document_id: int, *, backwards: bool = False) -> None:
        """Show a document and focus its first suggestion, or its last."""
        self.show_document(document_id)
        page = self._view.page
        page.origin = (page.positions.length_cp + 1, 0, 0) if backwards else (-1, 0, 0)
        if not self._view.focus_next_undecided(backwards=backwards):
            self._view.move_text_edge(to_end=backwards)

    def _next_document(self, step: int, is_wanted: Callable[[DocumentItem], bool]) -> int | None:
        """Return the nearest document of the list that is wanted, round its end; the present one comes last."""
        model = self._documents.model
        size = model.rowCount()
        here = model.row_of(self.document_id) if self.document_id is not None else None
        start = here if here is not None else -1
        for distance in range(1, size + 1):
            item = model.item_at((start + step * distance) % size)
            if is_wanted(item):
                return item.id
        return None


def _in_words(rates: Mapping[LabelKind, tuple[int, int]]) -> str:
    """Return how many of the decided suggestions were confirmed, for actors and for claims; cues go with claims."""
    names = {LabelKind.ACTOR: "actors", LabelKind.CLAIM: "claims"}
    decided = [(names[kind], *rates[kind]) for kind in names if kind in rates and rates[kind][1]]
    parts = [f"{100 * confirmed / total:.0f} % of {name}" for name, confirmed, total in decided]
    return "accepted " + ", ".join(parts) if parts else ""
