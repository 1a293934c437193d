"""The labelling loop: what each key of the view does to the project. Decides; the view only shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from time import monotonic
from typing import TYPE_CHECKING, Concatenate, ParamSpec

from PySide6.QtCore import QObject, Signal

from gui.threshold import Threshold
from storage.records import Changes, ChangeSetRecord, Fragment, LabelKind, SpanRecord, State

if TYPE_CHECKING:
    from gui.document.resize import Edge, Unit
    from gui.document.view import DocumentView
    from gui.session import Session
    from storage.project import Project

P = ParamSpec("P")

#: Longer pauses are no measure of how hard a decision was.
_LONGEST_MS = 10 * 60 * 1000


class Labeller(QObject):
    """Turns keys and clicks into operations on the focused span, the selection and the sentence.

    `document_finished` asks for the next document, forwards or backwards, when no suggestion is left in this one;
    `document_reviewed` asks for the next one that is not reviewed. `told` carries a short hint for the status bar
    when a key had nothing to work on.
    """

    document_finished = Signal(bool)
    document_reviewed = Signal()
    told = Signal(str)

    def __init__(self, view: DocumentView, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._view = view
        self._session: Session | None = None
        self._document_id: int | None = None
        self._since = monotonic()
        self.threshold = Threshold(view, self)
        self.threshold.told.connect(self.told)
        view.focus_changed.connect(self._restart_clock)
        view.edge_dragged.connect(self._edge_dragged)

    def work_on(self, session: Session | None, document_id: int | None) -> None:
        """Decide in this document from now on."""
        self._session = session
        self._document_id = document_id
        self.threshold.work_on(session)
        self._restart_clock()

    # -- suggestions --------------------------------------------------------------------------------------------------

    def next_suggestion(self) -> None:
        """Focus the next undecided suggestion, in the next document if this one has no more."""
        if not self._view.focus_next_undecided():
            self.document_finished.emit(True)

    def previous_suggestion(self) -> None:
        """Focus the undecided suggestion before."""
        if not self._view.focus_next_undecided(backwards=True):
            self.document_finished.emit(False)

    def accept(self) -> None:
        """Accept the focused suggestion and go on; on a decided one just go on."""
        span = self._focused()
        if span is None:
            self.next_suggestion()
            return
        from storage.operations.spans import accept

        if span.state == State.CONFIRMED or self._do(accept, [span.id], took_ms=self._took_ms()):
            self._go_on()

    def reject(self) -> None:
        """Reject the focused suggestion and go on; delete a confirmed span and stay."""
        span = self._focused()
        if span is None:
            self.told.emit("Nothing is focused. Tab goes to the next suggestion.")
            return
        from storage.operations.spans import reject, remove

        if span.state == State.CONFIRMED:
            self._do(remove, [span.id], took_ms=self._took_ms())
        elif self._do(reject, [span.id], took_ms=self._took_ms()):
            self._go_on()

    def delete(self) -> None:
        """Delete the focused span if it is confirmed; a suggestion is left alone."""
        span = self._focused()
        if span is None or span.state != State.CONFIRMED:
            self.told.emit("Delete works on confirmed spans; Backspace rejects a suggestion.")
            return
        from storage.operations.spans import remove

        self._do(remove, [span.id], took_ms=self._took_ms())

    def accept_sentence(self) -> None:
        """Accept all undecided suggestions in the sentence and go on."""
        from storage.operations.spans import accept

        self._decide_sentence(accept)

    def reject_sentence(self) -> None:
        """Reject all undecided suggestions in the sentence and go on."""
        from storage.operations.spans import reject

        self._decide_sentence(reject)

    # -- labels and extents -------------------------------------------------------------------------------------------

    def apply_label(self, label_id: int) -> None:
        """Label the selected words or the name at the cursor, or give the focused span this label (and accept it)."""
        from storage.operations.spans import draw, relabel

        selection = self._view.selection()
        if not selection and (name := self._view.name_at_cursor()) is not None:
            selection = (name,)
        span = self._focused()
        if selection and self._document_id is not None:
            if self._is_left_out(selection):
                return
            there = self._suggested_on(selection, label_id)
            if there is not None:
                is_done = self._do(relabel, there.id, label_id, took_ms=self._took_ms())
            else:
                is_done = self._do(draw, self._document_id, label_id, selection, took_ms=self._took_ms())
            if is_done:
                self._view.clear_selection()
                self._focus_new(selection, label_id)
        elif span is not None:
            was_open = span.state == State.SUGGESTED
            if self._do(relabel, span.id, label_id, took_ms=self._took_ms()) and was_open:
                self._go_on()
        else:
            self.told.emit("Select words with Shift and the arrows, or focus a span with Tab, then press its number.")

    def apply_key(self, key: str) -> None:
        """Apply the label that this digit stands for."""
        label = self._session.codebook.by_key(key) if self._session else None
        if label is None:
            self.told.emit(f"No label has the key {key}.")
        else:
            self.apply_label(label.id)

    def move_edge(self, edge: Edge, step: int, unit: Unit) -> None:
        """Move an end of the focused span by words or characters."""
        from storage.operations.spans import resize

        span = self._focused()
        fragments = self._view.resized(edge, step, unit) if span is not None else None
        if span is None:
            self.told.emit("Focus a span first; then Alt with the arrows moves its end.")
        elif fragments is None:
            self.told.emit("This end of the span cannot be moved any further that way.")
        elif not self._is_left_out(fragments):
            self._do(resize, span.id, fragments, took_ms=self._took_ms())

    def add_fragment(self) -> None:
        """Add the selected words to the focused span as a further fragment."""
        from storage.operations.spans import resize

        span, selection = self._focused(), self._view.selection()
        if span is None or not selection:
            self.told.emit("Focus a span, then select the words to add to it.")
        elif not self._is_left_out(selection):
            whole = united((*span.fragments, *selection))
            if self._do(resize, span.id, whole, took_ms=self._took_ms()):
                self._view.clear_selection()

    def remove_fragment(self) -> None:
        """Take the fragment at the cursor out of the focused span, if others remain."""
        from storage.operations.spans import resize

        span = self._focused()
        if span is None or len(span.fragments) < 2:
            self.told.emit("Only a span of several fragments can lose one.")
            return
        cursor = self._view.cursor_cp
        nearest = min(span.fragments, key=lambda part: max(part.start_cp - cursor, cursor - part.end_cp, 0))
        self._do(resize, span.id, tuple(part for part in span.fragments if part != nearest))

    # -- links and notes ----------------------------------------------------------------------------------------------

    def link(self, code: str, claim_id: int, mention_id: int) -> None:
        """Make a mention the speaker or target of a claim."""
        from storage.operations.links import replace

        self._do(replace, code, claim_id, mention_id, took_ms=self._took_ms())

    def set_actor(self, mention: SpanRecord, actor_id: int) -> None:
        """Tell which actor of the registry a mention is."""
        from storage.operations.spans import set_actor

        self._do(set_actor, [mention.id], actor_id)

    def create_actor(self, mention: SpanRecord, name: str) -> None:
        """Enter an actor in the registry, of the mention's type, and tell that the mention is that actor."""
        from storage.operations.actors import create_actor

        self._do(create_actor, name, label_id=mention.label_id, mention_ids=(mention.id,))

    def link_candidates(self, code: str) -> list[SpanRecord]:
        """Return the mentions that may be at the other end of a link of the focused claim, the likeliest first.

        That is the nearest of each name in the claim's sentence, then in others: a speaker stands outside the
        claim, a target within it, and whom the claim is linked to already is not proposed for something else.
        """
        span = self._focused()
        if span is None or self._kind(span) != LabelKind.CLAIM:
            return []
        mentions = [
            other
            for other in self._view.page.index.spans.values()
            if other.state != State.REJECTED and self._kind(other) == LabelKind.ACTOR
        ]
        types = {item.id: item.code for item in self._session.codebook.link_types} if self._session else {}
        links = self._view.page.index.links_of(span.id)
        others = {link.to_id for link in links if types.get(link.type_id) != code and link.state != State.REJECTED}
        first, last = (self._view.sentence_at(cp) for cp in (span.start_cp, span.end_cp - 1))

        def unlikeliness(mention: SpanRecord) -> tuple[bool, bool, bool, int, int]:
            gap = _distance(span, mention)
            is_elsewhere = mention.end_cp <= first.start_cp or mention.start_cp >= last.end_cp
            is_within = gap < 0 and code != "target"
            return mention.id in others, is_within, is_elsewhere, gap, mention.start_cp

        nearest: dict[tuple[str, int], SpanRecord] = {}
        for other in sorted(mentions, key=unlikeliness):
            nearest.setdefault((other.quote, other.label_id), other)
        return list(nearest.values())

    def toggle_flag(self) -> None:
        """Flag the focused span for discussion, or take the flag away."""
        from storage.operations.spans import annotate

        span = self._focused()
        if span is None:
            self.told.emit("Focus a span first; then D flags it for discussion.")
        elif self._do(annotate, span.id, is_flagged=not span.is_flagged):
            self.told.emit("The flag was taken away." if span.is_flagged else "Flagged for discussion.")

    # -- reviewed, undo -----------------------------------------------------------------------------------------------

    def toggle_sentence_reviewed(self) -> None:
        """Declare the sentence complete and go to the next one; on a reviewed sentence take that back."""
        from storage.operations.review import mark_reviewed, unmark_reviewed

        sentence = self._sentence()
        if self._document_id is None or sentence.start_cp == sentence.end_cp:
            return
        done = self._view.page.reviewed.within(*sentence)
        if any(start_cp <= sentence.start_cp and sentence.end_cp <= end_cp for start_cp, end_cp in done):
            self._do(unmark_reviewed, self._document_id, sentence)
        elif self._do(mark_reviewed, self._document_id, sentence, took_ms=self._took_ms()):
            self._go_behind(sentence)

    def review_document(self) -> None:
        """Declare the whole document complete and ask for the next."""
        from storage.operations.review import mark_reviewed

        whole = Fragment(0, self._view.page.positions.length_cp)
        if self._document_id is None or not whole.end_cp:
            return
        if self._do(mark_reviewed, self._document_id, whole, took_ms=self._took_ms()):
            self.document_reviewed.emit()

    def undo(self) -> None:
        """Take back the last decision, in whichever document it was."""
        from storage.history import next_undo, undo

        self.threshold.flush()
        self._replay(next_undo, undo, "Undone", "There is nothing to undo.")

    def redo(self) -> None:
        """Do again what was undone last."""
        from storage.history import next_redo, redo

        self.threshold.flush()
        self._replay(next_redo, redo, "Redone", "There is nothing to redo.")

    # -- inside -------------------------------------------------------------------------------------------------------

    def _focused(self) -> SpanRecord | None:
        return self._view.focused_span

    def _kind(self, span: SpanRecord) -> LabelKind:
        assert self._session is not None  # noqa: S101  (spans are only there while a project is open)
        return self._session.codebook.label(span.label_id).kind

    def _sentence(self) -> Fragment:
        """Return the sentence of the focused span, or of the cursor where it was moved away from the span."""
        span, cursor_cp = self._focused(), self._view.cursor_cp
        is_at_span = span is not None and span.start_cp <= cursor_cp <= span.end_cp
        return self._view.sentence_at(span.start_cp if span is not None and is_at_span else cursor_cp)

    def _decide_sentence(self, decide: Callable[..., Changes]) -> None:
        sentence, index = self._sentence(), self._view.page.index
        undecided = [
            span.id
            for span in index.spans.values()
            if span.state == State.SUGGESTED
            and sentence.start_cp <= span.start_cp < sentence.end_cp
            and index.is_shown(span)
        ]
        if not undecided:
            self.told.emit("Nothing is undecided in this sentence.")
        elif self._do(decide, undecided, took_ms=self._took_ms()):
            self._go_on()

    def _go_on(self) -> None:
        """Focus the next undecided suggestion; where none is left let go, so that no key hits what was just decided."""
        if not self._view.focus_next_undecided():
            self._view.focus_span(None)
            self.told.emit("That was the last one here. Tab goes to the next document, Shift+R declares this one done.")

    def _go_behind(self, sentence: Fragment) -> None:
        """Go into the next sentence: to its first undecided suggestion, else with the cursor to its beginning."""
        page = self._view.page
        start_cp = page.stretches.next_included(sentence.end_cp, page.positions.text)
        self._view.focus_span(None)
        self._view.place_cursor(start_cp)
        self._view.ensure_visible(start_cp)
        following = self._view.sentence_at(start_cp)
        # The search is strictly behind the cursor's place; a suggestion may begin right there.
        self._view.page.origin = (start_cp - 1, 0, 0)
        span = self._view.page.next_undecided(backwards=False)
        if span is not None and span.start_cp < following.end_cp:
            self._view.focus_span(span.id)

    def _do(
        self, operation: Callable[Concatenate[Project, P], Changes], *args: P.args, **kwargs: P.kwargs
    ) -> Changes | None:
        return None if self._session is None else self._session.do(operation, *args, **kwargs)

    def _replay(
        self,
        find: Callable[[Project], ChangeSetRecord | None],
        replay: Callable[[Project], Changes],
        done: str,
        nothing: str,
    ) -> None:
        entry: ChangeSetRecord | None = self._session.ask(find) if self._session else None
        if entry is None:
            self.told.emit(nothing)
        elif self._do(replay):
            self.told.emit(f"{done}: {entry.operation}.")

    def _took_ms(self) -> int:
        return min(int((monotonic() - self._since) * 1000), _LONGEST_MS)

    def _restart_clock(self, _span_id: object = None) -> None:
        self._since = monotonic()

    def _is_left_out(self, fragments: Sequence[Fragment]) -> bool:
        """Whether words stand in a part that is left out of the work: nothing is labelled there, and that is told."""
        is_left_out = any(self._view.page.stretches.excluded_in(*fragment) for fragment in fragments)
        if is_left_out:
            self.told.emit("This part is left out of the work. Z takes it in again; then it can be labelled.")
        return is_left_out

    def _suggested_on(self, fragments: Sequence[Fragment], label_id: int) -> SpanRecord | None:
        """Return the undecided span of the label's kind on exactly these fragments: labelling them decides on it."""
        if self._session is None:
            return None
        spans, kind = self._view.page.index.spans, self._session.codebook.label(label_id).kind
        there = (spans[span_id] for span_id in self._view.spans_at(fragments[0].start_cp))
        open_ones = (span for span in there if span.state == State.SUGGESTED and self._kind(span) == kind)
        return next((span for span in open_ones if span.fragments == tuple(fragments)), None)

    def _focus_new(self, fragments: Sequence[Fragment], label_id: int) -> None:
        spans = self._view.page.index.spans
        for span_id in self._view.spans_at(fragments[0].start_cp):
            if spans[span_id].label_id == label_id and spans[span_id].fragments == tuple(fragments):
                self._view.focus_span(span_id)
                return

    def _edge_dragged(self, span_id: int, fragments: tuple[Fragment, ...]) -> None:
        from storage.operations.spans import resize

        if not self._is_left_out(fragments):
            self._do(resize, span_id, fragments)


def united(fragments: Iterable[Fragment]) -> tuple[Fragment, ...]:
    """Return fragments sorted, those that touch or overlap made one."""
    merged: list[Fragment] = []
    for part in sorted(fragments):
        if merged and part.start_cp <= merged[-1].end_cp:
            merged[-1] = Fragment(merged[-1].start_cp, max(part.end_cp, merged[-1].end_cp))
        else:
            merged.append(part)
    return tuple(merged)


def _distance(claim: SpanRecord, mention: SpanRecord) -> int:
    """Return how far a mention stands from a claim, in code points; below zero within it."""
    return min(max(part.start_cp - mention.end_cp, mention.start_cp - part.end_cp) for part in claim.fragments)
