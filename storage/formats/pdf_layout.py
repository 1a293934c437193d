"""The order in which the text of a printed page is read: columns, lines, paragraphs. Pure, knows no PDF.

Coordinates are points from the upper left corner, y growing downwards. A page is cut at gutters (white stripes from
top to bottom that few lines cross); what crosses one, a heading say, parts the columns above it from those below.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import NamedTuple

#: A hyphen at the end of a line that is taken for the printer's; no text has this character.
HYPHEN = "\ufffe"

#: A gutter is at least so wide, and lies within this share of the width.
_GUTTER_PT = 7.0
_EDGE = 0.15
#: This share of the lines may cross a gutter, the least first; each side has at least so many beside each other.
_CROSSING = (0.0, 0.03, 0.07, 0.12, 0.2)
_LEAST_LINES = 3
#: Columns of text are filled by their lines; columns of tables are not.
_LEAST_FILL = 0.5
_LEAST_WORDS = 3

#: Heads and feet stand within this share of the page's height, in few rows.
_MARGIN = 0.1
_MOST_MARGIN_ROWS = 3
#: So many heights of white part them from the rest; paragraphs stand closer.
_APART = 0.9
#: The last line of a paragraph that goes on elsewhere reaches so far.
_FULL = 0.85

_TALLER = 1.12
_WIDER_LEADING = 1.3
_SENTENCE_END = re.compile(r"[.!?:…][\"'”’»)\]\d]*$")
_BULLET = re.compile(r"^(?:[•◦▪▫●○■□–—*·-]\s|\(?\d{1,3}[.)]\s|\(?[a-z][.)]\s)")
_ENDS_OPEN = re.compile(r"[\w,;:(–—\xad\ufffe-]$")
_WANTS_MORE = re.compile(r"(?:,|\b[a-z]{1,3})$")


class Piece(NamedTuple):
    """A run of text on one line, without large gaps."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    @property
    def height(self) -> float:
        """How tall its letters are, above and below the line."""
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """Where its line runs."""
        return (self.top + self.bottom) / 2


class Paragraph(NamedTuple):
    """The lines of a paragraph, each as text; those of a table have tabs between their cells.

    `height` is that of its letters. `is_full`: its last line fills the column. `is_margin`: it stands alone at the
    upper or lower edge of the page, as running heads, feet and page numbers do.
    """

    lines: list[str]
    height: float
    is_full: bool = False
    is_margin: bool = False


def paragraphs_of(pieces: Iterable[Piece], page_height: float) -> list[Paragraph]:
    """Return the paragraphs of a page in the order of reading, those that go on in the next column joined."""
    head, body, foot = _margins(_lines_of_all(pieces), page_height)
    done = [_marginal(line) for line in head]
    last: Piece | None = None
    for region in _regions(body):
        lines = _lines(region)
        is_below = last is not None and lines[0].top > last.top and _are_apart([last], [lines[0]])
        for number, paragraph in enumerate(_paragraphs(lines)):
            if number == 0 and last is not None and not is_below and goes_on(done[-1], paragraph):
                done[-1] = paragraph._replace(lines=done[-1].lines + paragraph.lines)
            else:
                done.append(paragraph)
        last = lines[-1]
    return done + [_marginal(line) for line in foot]


def goes_on(paragraph: Paragraph, following: Paragraph) -> bool:
    """Say whether a paragraph that ends a column or page seems to go on in what begins the next."""
    line, next_line = paragraph.lines[-1], following.lines[0]
    # Ahead of a capital it takes more: a line that is full, or that ends in a comma or a word like “of” and “the”.
    is_likely = next_line[:1].islower() or paragraph.is_full or _WANTS_MORE.search(line) is not None
    return (
        is_likely
        and _ENDS_OPEN.search(line) is not None
        and not paragraph.is_margin
        and not following.is_margin
        and max(paragraph.height, following.height) <= _TALLER * min(paragraph.height, following.height)
        and "\t" not in line + next_line
    )


def _marginal(row: Sequence[Piece]) -> Paragraph:
    line = _joined(row)
    return Paragraph([line.text], line.height, is_margin=True)


def _margins(rows: list[list[Piece]], page_height: float) -> tuple[list[list[Piece]], list[Piece], list[list[Piece]]]:
    """Return the rows at the upper edge of a page, the pieces between, and the rows at the lower edge."""
    gaps = [number for number, (above, below) in enumerate(pairwise(rows), start=1) if _are_apart(above, below)]
    head = next((gap for gap in gaps if _middle(rows[gap - 1]) < _MARGIN * page_height), 0)
    foot = next((gap for gap in reversed(gaps) if _middle(rows[gap]) > (1 - _MARGIN) * page_height), len(rows))
    if head > _MOST_MARGIN_ROWS or head >= foot:
        head = 0
    if len(rows) - foot > _MOST_MARGIN_ROWS:
        foot = len(rows)
    return rows[:head], [piece for row in rows[head:foot] for piece in row], rows[foot:]


def _middle(row: Sequence[Piece]) -> float:
    return row[0].middle


def _are_apart(above: Sequence[Piece], below: Sequence[Piece]) -> bool:
    """Say whether more than the usual white is between two rows."""
    height = min(piece.height for piece in (*above, *below))
    return min(piece.top for piece in below) - max(piece.bottom for piece in above) > _APART * height


def _regions(pieces: list[Piece]) -> Iterator[list[Piece]]:
    """Yield the columns of a page, or of a part of one, in the order of reading."""
    gutter = _gutter(pieces)
    if gutter is None:
        if pieces:
            yield pieces
        return
    crossing = sorted((p for p in pieces if p.left < gutter < p.right), key=lambda piece: piece.middle)
    sides = [piece for piece in pieces if not piece.left < gutter < piece.right]
    bounds = [piece.middle for piece in crossing] + [float("inf")]
    above = float("-inf")
    for number, below in enumerate(bounds):
        band = [piece for piece in sides if above <= piece.middle < below]
        yield from _regions([piece for piece in band if piece.right <= gutter])
        yield from _regions([piece for piece in band if piece.left >= gutter])
        if number < len(crossing):
            yield [crossing[number]]
        above = below


def _gutter(pieces: Sequence[Piece]) -> float | None:
    """Return the middle of the white stripe that parts two columns of text, None if there is none."""
    if len(pieces) < 2 * _LEAST_LINES:
        return None
    left, right = min(piece.left for piece in pieces), max(piece.right for piece in pieces)
    margin = _EDGE * (right - left)
    for share in _CROSSING:
        for _width, begin, end in sorted(_stripes(pieces, int(share * len(pieces))), reverse=True):
            middle = (begin + end) / 2
            if left + margin < middle < right - margin and _are_columns(pieces, middle):
                return middle
    return None


def _stripes(pieces: Sequence[Piece], most: int) -> Iterator[tuple[float, float, float]]:
    """Yield width, begin and end of the stripes that at most so many pieces cross."""
    edges = sorted([(piece.left, 1) for piece in pieces] + [(piece.right, -1) for piece in pieces])
    crossing, begin = 0, edges[0][0]
    for at, step in edges:
        was_open = crossing <= most
        crossing += step
        is_open = crossing <= most
        if was_open and not is_open and at - begin >= _GUTTER_PT:
            yield at - begin, begin, at
        if is_open and not was_open:
            begin = at


def _are_columns(pieces: Sequence[Piece], gutter: float) -> bool:
    """Say whether what stands on both sides of a gutter are columns of running text, beside each other."""
    sides = [[p for p in pieces if p.right <= gutter], [p for p in pieces if p.left >= gutter]]
    if min(len(side) for side in sides) < _LEAST_LINES:
        return False
    if not all(_is_prose(side) for side in sides):
        return False
    top = max(min(p.top for p in side) for side in sides)
    bottom = min(max(p.bottom for p in side) for side in sides)
    return all(sum(top <= p.middle <= bottom for p in side) >= _LEAST_LINES for side in sides)


def _is_prose(side: Sequence[Piece]) -> bool:
    """Say whether what stands on one side of a gutter are lines of text and not the cells of a table."""
    rows = _lines_of_all(side)
    width = max(piece.right for piece in side) - min(piece.left for piece in side)
    fill = median(sum(piece.right - piece.left for piece in row) for row in rows)
    words = median(sum(len(piece.text.split()) for piece in row) for row in rows)
    return fill >= _LEAST_FILL * width and words >= _LEAST_WORDS


def _lines(pieces: Iterable[Piece]) -> list[Piece]:
    """Return the lines of a column from top to bottom; wide gaps within become tabs."""
    return [_joined(row) for row in _lines_of_all(pieces)]


def _lines_of_all(pieces: Iterable[Piece]) -> list[list[Piece]]:
    """Return the pieces in rows from top to bottom, each from left to right."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda p: (p.middle, p.left)):
        last = rows[-1][-1] if rows else None
        if last is not None and abs(piece.middle - last.middle) < 0.5 * min(piece.height, last.height):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [sorted(row, key=lambda piece: piece.left) for row in rows]


def _joined(row: Sequence[Piece]) -> Piece:
    text = row[0].text
    for before, piece in pairwise(row):
        gap = piece.left - before.right
        text += ("\t" if gap > 1.5 * piece.height else " " if gap > 0.1 * piece.height else "") + piece.text
    return Piece(
        text,
        row[0].left,
        min(piece.top for piece in row),
        max(piece.right for piece in row),
        max(piece.bottom for piece in row),
    )


def _paragraphs(lines: Sequence[Piece]) -> Iterator[Paragraph]:
    if not lines:
        return
    left, right = min(line.left for line in lines), max(line.right for line in lines)
    steps = [below.middle - above.middle for above, below in pairwise(lines)]
    usual = median(steps) if steps else 0.0
    paragraph = [lines[0]]
    for above, line in pairwise(lines):
        if _begins_anew(above, line, left, right, usual):
            yield _made(paragraph, left, right)
            paragraph = []
        paragraph.append(line)
    yield _made(paragraph, left, right)


def _made(lines: Sequence[Piece], left: float, right: float) -> Paragraph:
    last = lines[-1]
    return Paragraph([line.text for line in lines], last.height, is_full=last.right - left > _FULL * (right - left))


def _begins_anew(above: Piece, line: Piece, left: float, right: float, usual: float) -> bool:
    """Say whether a line begins a paragraph: it stands apart, indented, in other letters, or what is above ended."""
    if "\t" in above.text and "\t" in line.text:  # rows of a table
        return False
    if "\t" in above.text or "\t" in line.text or _BULLET.match(line.text):
        return True
    taller = max(line.height, above.height) / max(min(line.height, above.height), 0.1)
    if taller > _TALLER or line.middle - above.middle > _WIDER_LEADING * max(usual, line.height):
        return True
    is_indented = line.left - above.left > 0.7 * line.height and above.left - left < 0.7 * line.height
    if is_indented and not _BULLET.match(above.text):
        return True
    # The first word would have stood on the line above, had the paragraph gone on.
    first_word = line.text.split(" ", 1)[0]
    needed = (len(first_word) + 1) * (line.right - line.left) / max(len(line.text), 1)
    return right - above.right > needed + line.height and bool(_SENTENCE_END.search(above.text))
