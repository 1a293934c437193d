"""The document view: one text with its spans, read, searched by eye, and labelled.

A scroll area of our own: stock text widgets cannot give rows the room that lanes need, and slow down
with thousands of marks. The view shows what storage said last and changes nothing itself: clicks and
drags end in signals, keys are bound by the window's command table to the methods here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from PySide6.QtCore import QEvent, QLineF, QPoint, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QHelpEvent, QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from gui.document import accessibility
from gui.document.mouse import MouseHandler
from gui.document.navigation import RowNavigator
from gui.document.page import EMPTY
from gui.document.resize import Edge, Unit, resized
from gui.document.surface import DocumentSurface
from gui.document.tips import page_tip, tip_text
from storage.records import Codebook, DocumentContent, Fragment, LinkRecord, ReviewedRecord, SpanRecord, StretchRecord


def _load_patterns() -> None:
    import gui.document.patterns
    import gui.document.sentences  # noqa: F401


class DocumentView(DocumentSurface):
    """A document with focus, word cursor and selection. Positions are code points of its text."""

    focus_changed = Signal(object)  # the focused span's id, or None
    selection_changed = Signal()
    span_clicked = Signal(int)
    link_dragged = Signal(int, int)  # from the focused claim to another span
    edge_dragged = Signal(int, object)  # the focused span, its new tuple[Fragment, ...]
    context_menu_requested = Signal(QPoint, object)  # global position, tuple of the ids of the spans there

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        accessibility.install()
        self._rows = RowNavigator(self._page)
        self._mouse = MouseHandler(self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Document")
        self.viewport().setMouseTracking(True)
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)

    # -- contents ---------------------------------------------------------------------------------

    def show_document(self, content: DocumentContent, codebook: Codebook) -> None:
        """Show a document from its top, with nothing focused or selected."""
        had_focus = self._page.focus_id is not None
        self._mouse.reset()
        super().show_document(content, codebook)
        self._rows = RowNavigator(self._page)
        self._strip.set_focus(None)
        title = content.document.title
        self.setAccessibleName(f"Document: {title}" if title else "Document")
        if had_focus:
            self.focus_changed.emit(None)
        self.selection_changed.emit()
        accessibility.document_shown(self)
        QTimer.singleShot(0, _load_patterns)  # after the paint, before the first key

    def clear(self) -> None:
        """Show no document."""
        self.show_document(EMPTY, self._codebook)

    def apply(
        self,
        spans: Iterable[SpanRecord] = (),
        removed_spans: Collection[int] = (),
        links: Iterable[LinkRecord] = (),
        removed_links: Collection[int] = (),
        reviewed: tuple[ReviewedRecord, ...] | None = None,
        stretches: tuple[StretchRecord, ...] | None = None,
    ) -> None:
        """Take over what one operation changed. A focused span that is gone or rejected loses the focus.

        The search for the next undecided span goes on from where the focus was.
        """
        super().apply(spans, removed_spans, links, removed_links, reviewed, stretches)
        self._drop_lost_focus()

    def set_hidden_labels(self, labels: frozenset[int]) -> None:
        """Neither show nor reach the spans of these labels."""
        super().set_hidden_labels(labels)
        self._drop_lost_focus()

    def set_least_scores(self, scores: Mapping[int, float]) -> None:
        """Neither show nor reach suggestions whose score is below their label's here."""
        super().set_least_scores(scores)
        self._drop_lost_focus()

    def set_rejected_shown(self, is_shown: bool) -> None:  # noqa: FBT001
        """Show rejected spans too, struck through; they can be focused then."""
        super().set_rejected_shown(is_shown)
        self._drop_lost_focus()

    def set_only_flagged(self, is_only: bool) -> None:  # noqa: FBT001
        """Show nothing but what is flagged for discussion, or everything again."""
        super().set_only_flagged(is_only)
        self._drop_lost_focus()

    def _drop_lost_focus(self) -> None:
        if self._page.focus_id is not None and self._page.focused is None:
            self._set_focus(None)

    # -- focus ------------------------------------------------------------------------------------

    @property
    def focused_span_id(self) -> int | None:
        """The span that decisions go to, `None` if there is none."""
        return self._page.focus_id

    @property
    def focused_span(self) -> SpanRecord | None:
        """The record of the focused span."""
        return self._page.focused

    def focus_span(self, span_id: int | None) -> None:
        """Focus a span and bring it on screen; `None`, or a span that is not shown, clears the focus."""
        span = self._page.index.spans.get(span_id) if span_id is not None else None
        if span is None or not self._page.index.is_shown(span):
            self._set_focus(None)
            return
        self._set_focus(span.id)
        self.ensure_visible(span.start_cp, span.end_cp)

    def focus_next_undecided(self, *, backwards: bool = False) -> bool:
        """Focus the next or previous undecided span in text order; `False` if there is none."""
        span = self._page.next_undecided(backwards=backwards)
        if span is None:
            return False
        self.focus_span(span.id)
        return True

    def cycle_overlapping(self) -> bool:
        """Focus the next outer span at the cursor, after the outermost the innermost again."""
        page = self._page
        pos_cp = page.cursor.pos_cp
        ids = [span.id for span in page.index.at(pos_cp)]
        if not ids:
            return False
        next_id = ids[(ids.index(page.focus_id) + 1) % len(ids)] if page.focus_id in ids else ids[0]
        self._set_focus(next_id, keep_cursor=True)
        return True

    def focus_at_cursor(self, span_id: int) -> None:
        """Focus a span that is on screen without moving cursor or text, as a click does."""
        self._set_focus(span_id, keep_cursor=True)

    def spans_at(self, pos_cp: int) -> tuple[int, ...]:
        """Return the ids of the shown spans at a position, innermost first."""
        return tuple(span.id for span in self._page.index.at(pos_cp))

    def _set_focus(self, span_id: int | None, *, keep_cursor: bool = False) -> None:
        page = self._page
        marks, before = page.marks(), page.focus_id
        cursor_before = self._cursor_state()
        page.set_focus(span_id, keep_cursor=keep_cursor)
        self._is_cursor_shown = self._is_cursor_shown and (keep_cursor or span_id is None)
        self._repaint_marks(marks)
        span = page.focused
        self._strip.set_focus(span.start_cp if span else None)
        self._cursor_moved(cursor_before)
        if span_id != before:
            self.focus_changed.emit(span_id)
            if span is not None:
                accessibility.span_focused(self, span)

    # -- cursor and selection ---------------------------------------------------------------------

    @property
    def cursor_cp(self) -> int:
        """Where the word cursor stands."""
        return self._page.cursor.pos_cp

    def selection(self) -> tuple[Fragment, ...]:
        """Return the selected range without white space at its ends, at grapheme edges; empty if none."""
        selected = self._page.cursor.selection
        return (selected,) if selected else ()

    def name_at_cursor(self) -> Fragment | None:
        """Return the name or word at the cursor; `None` while the cursor is not shown or stands in the focused span."""
        from gui.document.phrases import name_at  # loads `regex`, see gui.document.patterns

        span, pos_cp = self._page.focused, self.cursor_cp
        if not self._is_cursor_shown or (span is not None and span.start_cp <= pos_cp <= span.end_cp):
            return None
        return name_at(self._page.positions, pos_cp)

    def sentence_at(self, pos_cp: int) -> Fragment:
        """Return the sentence at a position; empty only where the text is nothing but white space."""
        from gui.document.sentences import sentence_at  # loads `regex`, see gui.document.patterns

        return sentence_at(self._page.positions.text, pos_cp)

    def selected_text(self) -> str:
        """Return the document's own characters in the selection."""
        return "\n".join(self._page.positions.text[f.start_cp : f.end_cp] for f in self.selection())

    def copy(self) -> None:
        """Copy the selection's true text; without one that of the focused span."""
        text = self.selected_text()
        if not text and (span := self._page.focused) is not None:
            text = " ".join(self._page.positions.text[f.start_cp : f.end_cp] for f in span.fragments)
        if text:
            QApplication.clipboard().setText(text)

    def select_range(self, start_cp: int, end_cp: int) -> None:
        """Select a range and stand at its end."""
        before = self._cursor_state()
        self._page.cursor.select(start_cp, end_cp)
        self._cursor_used(before)

    def select_all(self) -> None:
        """Select the whole text."""
        self.select_range(0, self._page.positions.length_cp)

    def clear_selection(self) -> None:
        """Select nothing; the cursor stays."""
        before = self._cursor_state()
        self._page.cursor.place(self._page.cursor.pos_cp)
        self._cursor_moved(before)

    def place_cursor(self, pos_cp: int, *, select: bool = False) -> None:
        """Put the cursor at a position; with `select` the selection grows up to there."""
        before = self._cursor_state()
        self._page.cursor.place(pos_cp, select=select)
        self._cursor_used(before)

    def move_char(self, step: int, *, select: bool = False) -> None:
        """Move by characters as the arrow keys point: +1 to the right, also in right-to-left text."""
        before = self._cursor_state()
        self._page.cursor.move_char(self._along(step), select=select)
        self._cursor_used(before, is_followed=True)

    def move_word(self, step: int, *, select: bool = False) -> None:
        """Move by words as the arrow keys point; with `select` words are selected whole."""
        before = self._cursor_state()
        self._page.cursor.move_word(self._along(step), select=select)
        self._cursor_used(before, is_followed=True)

    def move_phrase(self, step: int, *, select: bool = False) -> None:
        """Move by phrases, from stop to stop, as the arrow keys point."""
        before = self._cursor_state()
        self._page.cursor.move_phrase(self._along(step), select=select)
        self._cursor_used(before, is_followed=True)

    def move_sentence(self, step: int, *, select: bool = False) -> None:
        """Move to the sentence before (negative) or after, or select up to its end."""
        before = self._cursor_state()
        self._page.cursor.move_sentence(step, select=select)
        self._cursor_used(before, is_followed=True)

    def move_line(self, step: int, *, select: bool = False) -> None:
        """Move up (negative) or down by rows."""
        before = self._cursor_state()
        self._rows.move_line(step, select=select)
        self._cursor_used(before, is_followed=True)

    def move_page(self, step: int, *, select: bool = False) -> None:
        """Move up (negative) or down by what the window shows."""
        before = self._cursor_state()
        distance_px = self._rows.move_page(step, select=select)
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + distance_px)
        self._cursor_used(before, is_followed=True)

    def move_text_edge(self, *, to_end: bool, select: bool = False) -> None:
        """Move to the start or the end of the text."""
        before = self._cursor_state()
        self._page.cursor.place(self._page.positions.length_cp if to_end else 0, select=select)
        self._cursor_used(before, is_followed=True)

    def resized(self, edge: Edge, step: int, unit: Unit) -> tuple[Fragment, ...] | None:
        """Return the focused span's fragments with one edge moved; `None` if that leaves or changes nothing.

        Positive steps go towards the end of the text.
        """
        span = self._page.focused
        return resized(self._page.positions, span.fragments, edge, step, unit) if span else None

    def _along(self, step: int) -> int:
        """Turn a step on screen into one along the text."""
        block = self._page.table.block_at(self.cursor_cp)
        return -step if self._page.flow.box(block).layout.is_right_to_left else step

    def _cursor_state(self) -> tuple[int, int, Fragment | None]:
        cursor = self._page.cursor
        return cursor.pos_cp, cursor.anchor_cp, cursor.selection

    def _cursor_used(self, before: tuple[int, int, Fragment | None], *, is_followed: bool = False) -> None:
        """Show that the analyst moved the cursor: the next undecided span is looked for from there."""
        self._is_cursor_shown = True
        self._page.origin = (self.cursor_cp, 0, 0)
        self._cursor_moved(before, is_forced=True)
        if is_followed:
            self.ensure_visible(self.cursor_cp)

    def _cursor_moved(self, before: tuple[int, int, Fragment | None], *, is_forced: bool = False) -> None:
        pos_cp, anchor_cp, selected = before
        cursor, width = self._page.cursor, self.viewport().width()
        if not is_forced and before == self._cursor_state():
            return
        ends = {pos_cp, cursor.pos_cp}
        if (anchor_cp != pos_cp or cursor.anchor_cp != cursor.pos_cp) and anchor_cp != cursor.anchor_cp:
            ends |= {anchor_cp, cursor.anchor_cp}
        self._update(self._page.rows_rect(min(ends), max(ends), width))
        accessibility.cursor_moved(self)
        if selected != cursor.selection:
            self.selection_changed.emit()

    # -- events -----------------------------------------------------------------------------------

    def set_drag_line(self, line: QLineF | None) -> None:
        """Show the line of a link that is being drawn, in contents' coordinates."""
        self._drag_line = line
        self.viewport().update()

    def show_handle(self, is_shown: bool) -> None:  # noqa: FBT001
        """Show where a link can be drawn from, while the mouse is near the focused claim."""
        if is_shown != self._has_handle:
            self._has_handle = is_shown
            self._repaint_marks(None)

    def preview_edge(self, fragments: tuple[Fragment, ...] | None) -> None:
        """Draw the focus as if the focused span had these fragments."""
        marks = self._page.marks()
        self._page.preview = fragments
        self._repaint_marks(marks)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy; every other key belongs to the window's commands, or scrolls."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.select_all()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the cursor and the full ring."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that keys go elsewhere."""
        super().focusOutEvent(event)
        self.viewport().update()

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002, ARG002, FBT001
        """Keep Tab for the next suggestion; F6 and the mouse leave the view."""
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a click or a drag."""
        self._mouse.press(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Select a word."""
        self._mouse.double_click(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with a drag, or show what a drag from here would do."""
        self._mouse.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a click or a drag."""
        self._mouse.release(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Hide what only the mouse needs."""
        super().leaveEvent(event)
        self.show_handle(False)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for a menu about the spans under the mouse, or about the focused one."""
        if event.reason() is QContextMenuEvent.Reason.Mouse:
            pos_cp = self._mouse.character_at(QPointF(event.pos()))
            ids = self.spans_at(pos_cp) if pos_cp is not None else ()
            point = event.globalPos()
        else:
            pos_cp = self.cursor_cp
            ids = self.spans_at(pos_cp)
            rect = self._page.to_view(self._page.flow.caret_rect(pos_cp))
            point = self.viewport().mapToGlobal(rect.bottomLeft().toPoint())
        self.context_menu_requested.emit(point, ids)

    def viewportEvent(self, event: QEvent) -> bool:
        """Tell what the spans under the mouse are."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            pos_cp = self._mouse.character_at(QPointF(event.pos()))
            spans = self._page.index.at(pos_cp) if pos_cp is not None else []
            part = self._page.stretches.excluded_at(pos_cp) if pos_cp is not None else None
            tip = tip_text(spans, self._styles, part) or page_tip(self._page, QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), tip, self.viewport())
            return True
        return super().viewportEvent(event)
