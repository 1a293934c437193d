"""A process that reads one PDF: its bytes come in, its pages go out as lines of JSON.

PDFium is written in C++, and a PDF may be made to crash it, to loop or to eat the memory: what happens here happens to
this process alone. Started by `storage.formats.pdf`, it imports next to nothing and touches no file.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Any

from storage.formats.pdf_layout import HYPHEN, Paragraph, Piece, paragraphs_of

if TYPE_CHECKING:
    import pypdfium2

#: What the process may take of memory; a page of a million characters takes 400 MB.
_MOST_MEMORY_BYTES = 4 * 1024 * 1024 * 1024

#: Whoever started the process ends it as well; should that have died, this does.
_MOST_TIME_S = 3_600

#: A page with more characters is no page to read, and laying it out takes minutes.
MAX_PAGE_CP = 400_000

#: Letters that a font draws as one; nobody searches for them, and no model knows them.
_LIGATURES = str.maketrans(
    {"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl", "\ufb05": "st", "\ufb06": "st"}
)

#: Left, top, right, bottom.
_Box = tuple[float, float, float, float]
_Letter = tuple[str, _Box | None]

#: Stands for a hyphen at the end of a line that PDFium takes for the printer's.
_HYPHEN_OF_PDFIUM = "\x02"

#: Between letters, in heights of the line: beyond this a new piece begins.
_GAP = 0.75
_OVERLAP = -1.0


def main(source: IO[bytes], target: IO[str]) -> None:
    """Read a PDF from `source` and write a line for the document, then one for each page."""
    import pypdfium2  # noqa: PLC0415  (after the memory was limited)

    data = source.read()
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        _tell(target, {"error": "password" if getattr(error, "err_code", None) == _PASSWORD else "broken"})
        return
    _tell(target, {"pages": len(document), "meta": document.get_metadata_dict()})
    for number in range(len(document)):
        _tell(target, _page(document, number))


_PASSWORD = 4


def _tell(target: IO[str], said: dict[str, Any]) -> None:
    target.write(json.dumps(said) + "\n")
    target.flush()


def _page(document: pypdfium2.PdfDocument, number: int) -> dict[str, Any]:
    """Return number, paragraphs and whether there are pictures; `broken` where nothing can be read."""
    import pypdfium2  # noqa: PLC0415

    label = document.get_page_label(number) or str(number + 1)
    try:
        page = document[number]
        text = page.get_textpage()
        if text.count_chars() > MAX_PAGE_CP:
            return {"label": label, "too_large": True}
        paragraphs = _paragraphs(page, text)
    except (pypdfium2.PdfiumError, ValueError):
        return {"label": label, "broken": True}
    has_pictures = not paragraphs and _has_pictures(page)
    text.close()
    page.close()
    return {"label": label, "paragraphs": paragraphs, "pictures": has_pictures}


def _has_pictures(page: pypdfium2.PdfPage) -> bool:
    import pypdfium2.raw as pdfium  # noqa: PLC0415

    kinds = [pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_PATH, pdfium.FPDF_PAGEOBJ_SHADING]
    return next(iter(page.get_objects(filter=kinds, max_depth=3)), None) is not None


def _paragraphs(page: pypdfium2.PdfPage, text: pypdfium2.PdfTextPage) -> list[Paragraph]:
    """Return the paragraphs of a page; those written in another direction than the rest come last.

    What stands outside of the page is not printed (Qt cuts lines at page ends so): it is left out.
    """
    x, y, right, top = page.get_bbox()
    width, height = right - x, top - y
    upright = page.get_rotation()
    by_turn: dict[int, list[_Letter]] = {}
    for letter, turn, box in _letters(text, x, y):
        if box is None:
            by_turn.setdefault(turn, []).append((letter, None))
        elif 0 <= (box[0] + box[2]) / 2 <= width and 0 <= (box[1] + box[3]) / 2 <= height:
            by_turn.setdefault(turn, []).append((letter, _turned(box, turn, width, height)))
    paragraphs: list[Paragraph] = []
    for turn in sorted(by_turn, key=lambda turn: (turn != upright, turn)):
        paragraphs += paragraphs_of(_pieces(by_turn[turn]), width if turn in {90, 270} else height)
    return paragraphs


def _pieces(all_letters: Iterable[_Letter]) -> Iterator[Piece]:
    """Yield runs of letters: they end where PDFium ends a line, and at gaps wide enough for a gutter."""
    letters: list[str] = []
    left = top = right = bottom = 0.0
    for letter, box in all_letters:
        if box is not None and letters:
            height = max(bottom - top, 1.0)
            gap = box[0] - right
            is_apart = gap > _GAP * height or gap < _OVERLAP * height
            if is_apart or abs((box[1] + box[3]) - (top + bottom)) > height:
                yield from _piece(letters, left, top, right, bottom)
                letters = []
        if box is None and letter in "\r\n":
            yield from _piece(letters, left, top, right, bottom)
            letters = []
        elif box is None:
            letters.append(letter)
        elif letters and any(not one.isspace() for one in letters):
            letters.append(letter)
            if not letter.isspace():
                right, top, bottom = max(right, box[2]), min(top, box[1]), max(bottom, box[3])
        elif not letter.isspace():
            letters = [letter]
            left, top, right, bottom = box
    yield from _piece(letters, left, top, right, bottom)


def _piece(letters: list[str], left: float, top: float, right: float, bottom: float) -> Iterator[Piece]:
    # Rare characters come as two halves; what stays half, and controls, are no text.
    text = "".join(letters).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").translate(_LIGATURES)
    text = " ".join("".join(letter for letter in text if letter.isprintable() or letter in f"{HYPHEN}\xad\t ").split())
    if text:
        yield Piece(text, left, top, right, bottom)


def _letters(text: pypdfium2.PdfTextPage, x: float, y: float) -> Iterator[tuple[str, int, _Box | None]]:
    """Yield the characters with the turn of the page at which they stand upright, and their boxes.

    These are in the page's own coordinates (y upwards) from the corner at `x` and `y`. Blanks and line ends that PDFium
    made up have no box, and the turn of what is ahead of them.
    """
    import ctypes  # noqa: PLC0415

    import pypdfium2.raw as pdfium  # noqa: PLC0415

    box = pdfium.FS_RECTF()
    turn = 0
    for at in range(text.count_chars()):
        letter = chr(pdfium.FPDFText_GetUnicode(text, at)).replace(_HYPHEN_OF_PDFIUM, HYPHEN)
        if pdfium.FPDFText_IsGenerated(text, at) == 1:
            yield letter, turn, None
        elif letter != "\0" and pdfium.FPDFText_GetLooseCharBox(text, at, ctypes.byref(box)):
            turn = -round(max(pdfium.FPDFText_GetCharAngle(text, at), 0.0) / (math.pi / 2)) % 4 * 90
            yield letter, turn, (box.left - x, box.top - y, box.right - x, box.bottom - y)


def _turned(box: _Box, turn: int, width: float, height: float) -> _Box:
    """Return a box of a page's own coordinates (y upwards) as it is seen when the page is turned, y downwards."""
    left, top, right, bottom = box
    if turn == 90:
        return bottom, left, top, right
    if turn == 180:
        return width - right, bottom, width - left, top
    if turn == 270:
        return height - top, width - right, height - bottom, width - left
    return left, height - top, right, height - bottom


if __name__ == "__main__":
    with suppress(ImportError, ValueError, OSError):  # Windows has no such limits, and systems may forbid them
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY_BYTES, _MOST_MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CPU, (_MOST_TIME_S, _MOST_TIME_S))
    main(sys.stdin.buffer, sys.stdout)
