"""The mouse on the document view: clicks, selecting, moving a span's edge, drawing a link."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from PySide6.QtCore import QDeadlineTimer, QLineF, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from gui.document.focus import FocusMarks
from gui.document.resize import Edge, with_edge
from storage.records import Fragment, LabelKind

if TYPE_CHECKING:
    from gui.document.view import DocumentView

_EDGE_REACH_PX = 4
_HANDLE_REACH_PX = 7
_AUTOSCROLL_MS = 30


class _Drag(Enum):
    NONE = auto()
    CLICK = auto()  # pressed, not moved yet: a click, or the start of a selection
    SELECT = auto()
    EDGE = auto()
    LINK = auto()


class MouseHandler:
    """Turns mouse events into calls and signals of one view."""

    def __init__(self, view: DocumentView) -> None:
        self._view = view
        self._drag = _Drag.NONE
        self._pressed_at = QPoint()
        self._last_at = QPointF()
        self._is_by_character = False
        self._anchor: Fragment | None = None  # what a selection by words grows from
        self._edge: Edge = "end"
        self._let_go: int | None = None  # the span that had the focus before the last click
        self._triple_click = QDeadlineTimer(0)
        self._autoscroll = QTimer(view)
        self._autoscroll.setInterval(_AUTOSCROLL_MS)
        self._autoscroll.timeout.connect(self._scroll_on)

    def reset(self) -> None:
        """Forget a drag in progress."""
        self._drag = _Drag.NONE
        self._autoscroll.stop()

    # -- places -----------------------------------------------------------------------------------

    def _contents(self, point: QPointF) -> QPointF:
        page = self._view.page
        return point + QPointF(-page.column_x, page.scroller.y_px)

    def position_at(self, point: QPointF) -> int:
        """Return the position between characters nearest to a point of the viewport."""
        place = self._contents(point)
        return self._view.page.flow.position_at(place.x(), place.y())

    def character_at(self, point: QPointF) -> int | None:
        """Return the character under a point of the viewport."""
        place = self._contents(point)
        return self._view.page.flow.character_at(place.x(), place.y())

    def _grip_at(self, point: QPointF) -> _Drag:
        """Tell what a drag from here would do."""
        marks = self._view.page.marks()
        if marks is None or not marks.rects:
            return _Drag.SELECT
        place = self._contents(point)
        if marks.handle is not None and (place - marks.handle).manhattanLength() <= _HANDLE_REACH_PX:
            return _Drag.LINK
        edge = self._edge_at(place, marks)
        if edge is None:
            return _Drag.SELECT
        self._edge = edge
        return _Drag.EDGE

    @staticmethod
    def _edge_at(place: QPointF, marks: FocusMarks) -> Edge | None:
        first, last = marks.rects[0], marks.rects[-1]
        if abs(place.x() - last.right() - 1) <= _EDGE_REACH_PX and last.top() <= place.y() <= last.bottom():
            return "end"
        if abs(place.x() - first.left() + 1) <= _EDGE_REACH_PX and first.top() <= place.y() <= first.bottom():
            return "start"
        return None

    # -- events -----------------------------------------------------------------------------------

    def press(self, event: QMouseEvent) -> None:
        """Begin a click or a drag; shift extends the selection, the third click takes the sentence."""
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        point = event.position()
        self._pressed_at, self._last_at = point.toPoint(), point
        self._is_by_character = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        view = self._view
        if not self._triple_click.hasExpired():
            self._triple_click = QDeadlineTimer(0)
            self._anchor = view.sentence_at(self.position_at(point))
            view.select_range(*self._anchor)
            self._drag = _Drag.SELECT
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            view.place_cursor(self.position_at(point), select=True)
            self._anchor, self._drag = None, _Drag.SELECT
        elif event.modifiers() & Qt.KeyboardModifier.AltModifier and self._is_on_focused_claim(point):
            self._drag = _Drag.LINK
        else:
            self._anchor = None
            grip = self._grip_at(point)
            self._drag = _Drag.CLICK if grip is _Drag.SELECT else grip

    def double_click(self, event: QMouseEvent) -> None:
        """Select the word; a drag goes on by words, one more click takes the sentence."""
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        view = self._view
        pos_cp = self.position_at(event.position())
        self._anchor = view.page.positions.word_at(pos_cp)
        if self._anchor is not None:
            view.select_range(*self._anchor)
        if view.focused_span_id is None and self._let_go in view.page.index.spans:
            view.focus_at_cursor(self._let_go)  # the first of the two clicks let it go; it may want these words
        self._drag = _Drag.SELECT
        self._triple_click = QDeadlineTimer(QApplication.doubleClickInterval())

    def move(self, event: QMouseEvent) -> None:
        """Go on with a drag; without one, shape the mouse pointer."""
        point = event.position()
        if not event.buttons() & Qt.MouseButton.LeftButton:
            self._show_grip(point)
            return
        self._last_at = point
        if self._drag is _Drag.CLICK:
            distance = (point.toPoint() - self._pressed_at).manhattanLength()
            if distance < QApplication.startDragDistance():
                return
            self._begin_selection()
        self._drag_to(point, by_character=bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))
        height = self._view.viewport().height()
        if 0 <= point.y() < height or self._drag is _Drag.NONE:
            self._autoscroll.stop()
        elif not self._autoscroll.isActive():
            self._autoscroll.start()

    def _begin_selection(self) -> None:
        """Select from where the button went down: whole words, since those are labelled; with Ctrl by character."""
        pressed_at = QPointF(self._pressed_at)
        pos_cp = self.position_at(pressed_at)
        self._view.place_cursor(pos_cp)
        self._anchor = (
            None if self._is_by_character else self._view.page.positions.word_at(pos_cp) or Fragment(pos_cp, pos_cp)
        )
        self._drag = _Drag.SELECT

    def release(self, event: QMouseEvent) -> None:
        """End a click or a drag."""
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        self._autoscroll.stop()
        drag, self._drag = self._drag, _Drag.NONE
        if drag is _Drag.CLICK:
            self._click(event.position())
        elif drag is _Drag.EDGE:
            self._end_edge()
        elif drag is _Drag.LINK:
            self._end_link(event.position())

    def _show_grip(self, point: QPointF) -> None:
        marks = self._view.page.marks()
        near = marks.ring.boundingRect().adjusted(-14, -14, 14, 14) if marks is not None else None
        self._view.show_handle(near is not None and near.contains(self._contents(point)))
        shapes = {_Drag.LINK: Qt.CursorShape.CrossCursor, _Drag.EDGE: Qt.CursorShape.SplitHCursor}
        self._view.viewport().setCursor(shapes.get(self._grip_at(point), Qt.CursorShape.IBeamCursor))

    # -- clicks -----------------------------------------------------------------------------------

    def _click(self, point: QPointF) -> None:
        """Focus the innermost span; on the focused one the next outer, after the outermost the innermost."""
        view = self._view
        self._let_go = view.focused_span_id
        view.place_cursor(self.position_at(point))
        pos_cp = self.character_at(point)
        ids = view.spans_at(pos_cp) if pos_cp is not None else ()
        if not ids:
            view.focus_span(None)
            return
        focused = view.focused_span_id
        span_id = ids[(ids.index(focused) + 1) % len(ids)] if focused in ids else ids[0]
        view.focus_at_cursor(span_id)
        view.span_clicked.emit(span_id)

    # -- drags ------------------------------------------------------------------------------------

    def _drag_to(self, point: QPointF, *, by_character: bool = False) -> None:
        if self._drag is _Drag.SELECT:
            self._select_to(self.position_at(point))
        elif self._drag is _Drag.EDGE:
            self._move_edge(self.position_at(point), by_character=by_character)
        elif self._drag is _Drag.LINK:
            self._draw_link(point)

    def _select_to(self, pos_cp: int) -> None:
        view, anchor = self._view, self._anchor
        if anchor is None:
            view.place_cursor(pos_cp, select=True)
            return
        word = view.page.positions.word_at(pos_cp) or Fragment(pos_cp, pos_cp)
        if pos_cp < anchor.start_cp:
            view.select_range(anchor.end_cp, word.start_cp)
        else:
            view.select_range(anchor.start_cp, max(anchor.end_cp, word.end_cp if pos_cp > anchor.end_cp else 0))

    def _move_edge(self, pos_cp: int, *, by_character: bool) -> None:
        """Show the focused span with its edge at the word under the mouse, with Ctrl at the character."""
        view = self._view
        span = view.focused_span
        if span is None:
            return
        if not by_character:
            word = view.page.positions.word_at(pos_cp)
            if word is not None:
                pos_cp = word.start_cp if self._edge == "start" else word.end_cp
        view.preview_edge(with_edge(view.page.positions, span.fragments, self._edge, pos_cp))

    def _end_edge(self) -> None:
        view = self._view
        span, fragments = view.focused_span, view.page.preview
        view.preview_edge(None)
        if span is not None and fragments is not None:
            view.edge_dragged.emit(span.id, fragments)

    def _is_on_focused_claim(self, point: QPointF) -> bool:
        view, pos_cp = self._view, self.character_at(point)
        span = view.focused_span
        if span is None or pos_cp is None or view.page.flow.styles.label(span.label_id).kind is not LabelKind.CLAIM:
            return False
        return span.id in view.spans_at(pos_cp)

    def _draw_link(self, point: QPointF) -> None:
        marks = self._view.page.marks()
        start = (
            marks.handle
            if marks is not None and marks.handle is not None
            else self._contents(QPointF(self._pressed_at))
        )
        self._view.set_drag_line(QLineF(start, self._contents(point)))

    def _end_link(self, point: QPointF) -> None:
        """Link to the innermost span under the mouse that is not the claim itself, mentions first."""
        view = self._view
        view.set_drag_line(None)
        pos_cp, claim = self.character_at(point), view.focused_span
        if pos_cp is None or claim is None:
            return
        others = [span for span in view.page.index.at(pos_cp) if span.id != claim.id]
        others.sort(key=lambda span: view.page.flow.styles.label(span.label_id).kind is not LabelKind.ACTOR)
        if others:
            view.link_dragged.emit(claim.id, others[0].id)

    def _scroll_on(self) -> None:
        """Scroll while a drag is held above or below the viewport."""
        height = self._view.viewport().height()
        beyond = self._last_at.y() if self._last_at.y() < 0 else self._last_at.y() - height
        bar = self._view.verticalScrollBar()
        bar.setValue(bar.value() + round(beyond / 2))
        self._drag_to(self._last_at)
