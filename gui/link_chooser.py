"""Choosing by key who says a claim, whom it is about, and which actor a mention is."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRectF, Qt, Signal
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QMenu, QWidget

from storage.records import Changes, LabelKind, LinkRecord, Origin, SpanRecord, State

if TYPE_CHECKING:
    from gui.document.view import DocumentView
    from gui.labelling import Labeller
    from gui.panels.picker import Picker, PickerEntry
    from gui.session import Session

#: The id of the proposed link in the view; the database gives none below 1.
_PROPOSAL_ID = -1


class LinkChooser(QObject):
    """Asks with a list beside the text: the nearest first, Tab goes on, Enter takes it, typing finds.

    What Enter would take is drawn in the document as a proposed link.
    """

    told = Signal(str)

    def __init__(self, window: QWidget, view: DocumentView, labeller: Labeller) -> None:
        super().__init__(window)
        self._window = window
        self._view = view
        self._labeller = labeller
        self._session: Session | None = None
        self._span: SpanRecord | None = None
        self._code = ""
        self._registry: list[tuple[PickerEntry, frozenset[str]]] | None = None

    @cached_property
    def picker(self) -> Picker:
        """The list, made when it is first asked for."""
        from gui.panels.picker import Picker

        picker = Picker(self._window)
        picker.highlighted.connect(self._propose)
        picker.picked.connect(self._take)
        picker.created.connect(self._create)
        picker.cancelled.connect(self._end)
        return picker

    def work_on(self, session: Session | None) -> None:
        """Ask about another project from now on."""
        if self._session is not None:
            self._session.changed.disconnect(self._follow)
        self._session, self._registry = session, None
        if session is not None:
            session.changed.connect(self._follow)

    def choose_link(self, code: str) -> None:
        """Ask for the speaker or target of the focused claim."""
        from gui.panels.picker import PickerEntry

        session = self._session
        if session is None:
            return
        claim, candidates = self._view.focused_span, self._labeller.link_candidates(code)
        name = next((item.name for item in session.codebook.link_types if item.code == code), "")
        if not name:
            self.told.emit(f"This project's codebook has no link “{code}”.")
        elif claim is None or session.codebook.label(claim.label_id).kind != LabelKind.CLAIM:
            self.told.emit("Focus a claim first; then S chooses its speaker and T its target.")
        elif not candidates:
            self.told.emit("There is no mention in this document yet that could be chosen.")
        else:
            self._begin(claim, code)
            labels = {label.id: label for label in session.codebook.labels}
            entries = [
                PickerEntry(
                    mention.id,
                    mention.quote,
                    labels[mention.label_id].name,
                    kind=LabelKind.ACTOR,
                    colour=labels[mention.label_id].colour,
                )
                for mention in candidates
            ]
            self.picker.ask(name, entries, self._place())

    def offer_links(self, from_id: int, to_id: int) -> None:
        """Link two spans that a line was drawn between; where several types of link fit, ask which."""
        session = self._session
        if session is None:
            return
        spans = self._view.page.index.spans
        kinds = tuple(session.codebook.label(spans[span_id].label_id).kind for span_id in (from_id, to_id))
        fitting = [item for item in session.codebook.link_types if (item.from_kind, item.to_kind) == kinds]
        if not fitting:
            self.told.emit(f"No link of this project's codebook goes from a {kinds[0]} to a {kinds[1]}.")
        elif len(fitting) == 1:
            self._labeller.link(fitting[0].code, from_id, to_id)
        else:
            menu = QMenu(self._window)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            for item in fitting:
                action = menu.addAction(item.name.replace("&", "&&"))
                action.triggered.connect(lambda _=False, code=item.code: self._labeller.link(code, from_id, to_id))
            menu.popup(QCursor.pos())

    def choose_actor(self) -> None:
        """Ask which actor of the registry the focused mention is; a new one can be made."""
        session = self._session
        if session is None:
            return
        mention = self._view.focused_span
        if mention is None or session.codebook.label(mention.label_id).kind != LabelKind.ACTOR:
            self.told.emit("Focus a mention first; then A chooses which actor it is.")
            return
        self._begin(mention, "")
        words = set(mention.quote.casefold().split())
        registry = self._registry_of(session)
        entries = [entry for entry, named in registry if words & named]
        entries += [entry for entry, named in registry if not words & named]
        self.picker.ask("Which actor", entries, self._place(), can_create=True, new_name=mention.quote)

    def _registry_of(self, session: Session) -> list[tuple[PickerEntry, frozenset[str]]]:
        """Return the actors as the list shows them, each with the words of its names; read anew when it has changed."""
        from gui.panels.picker import PickerEntry

        if self._registry is None:
            from storage.queries import actors

            labels = {label.id: label for label in session.codebook.labels}
            records = session.ask(actors)
            if records is None:
                return []
            self._registry = []
            for actor in records:
                label = labels.get(actor.label_id)
                colour, detail = (label.colour, label.name) if label else ("grey", "")
                entry = PickerEntry(actor.id, actor.name, detail, actor.aliases, LabelKind.ACTOR, colour)
                words = frozenset(" ".join((actor.name, *actor.aliases)).casefold().split())
                self._registry.append((entry, words))
        return self._registry

    def _follow(self, changes: Changes) -> None:
        if changes.actors or changes.is_codebook_changed or changes.are_documents_listed_anew:
            self._registry = None

    def _begin(self, span: SpanRecord, code: str) -> None:
        self._end()
        self._span, self._code = span, code

    def _propose(self, mention_id: int | None) -> None:
        if self._span is None or self._session is None or not self._code:
            return
        types = {item.code: item.id for item in self._session.codebook.link_types}
        if mention_id is None:
            self._view.apply(removed_links=[_PROPOSAL_ID])
            return
        proposal = LinkRecord(
            _PROPOSAL_ID,
            self._span.document_id,
            types.get(self._code, 0),
            self._span.id,
            mention_id,
            State.SUGGESTED,
            Origin.HUMAN,
        )
        self._view.apply(links=[proposal])

    def _take(self, chosen_id: int) -> None:
        span, code = self._span, self._code
        self._end()
        if span is None:
            return
        if code:
            self._labeller.link(code, span.id, chosen_id)
        else:
            self._labeller.set_actor(span, chosen_id)

    def _create(self, name: str) -> None:
        span = self._span
        self._end()
        if span is not None:
            self._labeller.create_actor(span, name)

    def _end(self) -> None:
        if self._span is not None and self._code:
            self._view.apply(removed_links=[_PROPOSAL_ID])
        self._span = None
        self._view.setFocus()

    def _place(self) -> QRectF:
        from gui.panels.picker import beside

        return beside(self._window, self._view)
