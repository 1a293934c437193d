"""Moving the cursor over rows, pages and the whole document, as the screen shows them."""

from __future__ import annotations

from gui.document.page import Page


class RowNavigator:
    """Moves a page's cursor up and down. Remembers the x it started from over short rows."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._goal_x: float | None = None
        self._at_cp = -1

    def _x(self) -> float:
        cursor = self._page.cursor
        if self._goal_x is None or self._at_cp != cursor.pos_cp:
            self._goal_x = self._page.flow.caret_rect(cursor.pos_cp).left()
        return self._goal_x

    def _go(self, pos_cp: int, *, select: bool) -> None:
        self._page.cursor.place(pos_cp, select=select)
        self._at_cp = self._page.cursor.pos_cp

    def move_line(self, step: int, *, select: bool) -> None:
        """Move up or down by rows; before the first and behind the last to the text's ends."""
        x, page = self._x(), self._page
        pos_cp = page.cursor.pos_cp
        block = page.table.block_at(pos_cp)
        layout = page.flow.box(block).layout
        row = layout.row_of(min(pos_cp, layout.end_cp)) + step
        while not 0 <= row < layout.row_count:
            if row < 0:
                if block == 0:
                    return self._go(0, select=select)
                block -= 1
                layout = page.flow.box(block).layout
                row += layout.row_count
            else:
                if block + 1 == len(page.table):
                    return self._go(page.positions.length_cp, select=select)
                row -= layout.row_count
                block += 1
                layout = page.flow.box(block).layout
        return self._go(layout.position_at(x, row), select=select)

    def move_page(self, step: int, *, select: bool) -> int:
        """Move by about a viewport's height; return how far the contents should scroll, in pixels."""
        x, page = self._x(), self._page
        distance = step * max(page.flow.metrics.row_height, page.scroller.height_px - page.flow.metrics.row_height)
        caret = page.flow.caret_rect(page.cursor.pos_cp)
        y = caret.center().y() + distance
        if y < page.flow.header_px:
            pos_cp = 0
        elif y > page.flow.height:
            pos_cp = page.positions.length_cp
        else:
            pos_cp = page.flow.position_at(x, y)
        self._go(pos_cp, select=select)
        return distance
