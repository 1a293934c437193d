"""Choosing by key who says a claim, whom it is about, and which actor a mention is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRectF, Signal
from PySide6.QtWidgets import QWidget

from gui.panels.picker import Picker, PickerEntry
from storage.records import LabelKind, LinkRecord, Origin, SpanRecord, State

if TYPE_CHECKING:
    from gui.document.view import DocumentView
    from gui.labelling import Labeller
    from gui.session import Session

#: The id of the proposed link in the view; the database gives none below 1.
_PROPOSAL_ID = -1


class LinkChooser(QObject):
    """Asks with a list beside the focused span: the nearest first, Tab goes on, Enter takes it, typing finds.

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
        self.picker = Picker(window)
        self.picker.highlighted.connect(self._propose)
        self.picker.picked.connect(self._take)
        self.picker.created.connect(self._create)
        self.picker.cancelled.connect(self._end)

    def choose_link(self, session: Session, code: str) -> None:
        """Ask for the speaker or target of the focused claim."""
        claim, candidates = self._view.focused_span, self._labeller.link_candidates()
        name = next((item.name for item in session.codebook.link_types if item.code == code), code)
        if claim is None or session.codebook.label(claim.label_id).kind != LabelKind.CLAIM:
            self.told.emit("Focus a claim first; then S chooses its speaker and T its target.")
        elif not candidates:
            self.told.emit("There is no mention in this document yet that could be chosen.")
        else:
            self._begin(session, claim, code)
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

    def choose_actor(self, session: Session) -> None:
        """Ask which actor of the registry the focused mention is; a new one can be made."""
        from storage.queries import actors

        mention = self._view.focused_span
        if mention is None or session.codebook.label(mention.label_id).kind != LabelKind.ACTOR:
            self.told.emit("Focus a mention first; then A chooses which actor it is.")
            return
        self._begin(session, mention, "")
        labels = {label.id: label for label in session.codebook.labels}
        entries = []
        for actor in session.ask(actors) or []:
            label = labels.get(actor.label_id)
            colour = label.colour if label else "grey"
            detail = label.name if label else ""
            entries.append(PickerEntry(actor.id, actor.name, detail, actor.aliases, LabelKind.ACTOR, colour))
        words = set(mention.quote.casefold().split())
        entries.sort(key=lambda entry: not words & set(" ".join((entry.name, *entry.also)).casefold().split()))
        self.picker.ask("Which actor", entries, self._place(), can_create=True, new_name=mention.quote)

    def _begin(self, session: Session, span: SpanRecord, code: str) -> None:
        self._end()
        self._session, self._span, self._code = session, span, code

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
            types[self._code],
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
        """Return where the focused span stands, in the window's coordinates."""
        marks = self._view.page.marks()
        if marks is None or not marks.rects:
            return QRectF(self._view.geometry())
        rect = self._view.page.to_view(marks.rects[-1])
        corner = self._view.viewport().mapTo(self._window, rect.topLeft().toPoint())
        return QRectF(corner.x(), corner.y(), rect.width(), rect.height())
