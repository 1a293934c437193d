"""Pages of paragraphs made one text: words joined over line ends, running heads and feet marked, pages kept. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from storage.formats.exchange import ExchangeStretch
from storage.formats.pdf_layout import HYPHEN, Paragraph, goes_on

#: A head or foot repeats on so many pages, at least; numbers in it may differ.
_LEAST_REPEATS = 3
_LEAST_SHARE = 0.4
_LONGEST_HEAD_CP = 150
#: How many paragraphs from the edge of a page are looked at.
_EDGE_PARAGRAPHS = 2

_DIGITS = re.compile(r"\d+|\b[ivxlc]+\b", re.IGNORECASE)
_HYPHENATED = re.compile(r"(\w+)[-–\xad\u2010]$")
_WORD = re.compile(r"\w+(?:[-\u2010]\w+)*")
_SOFT_HYPHEN = "\xad"
#: Shorter ones are endings: Western-ers.
_LEAST_AFTER_NAME_CP = 5
#: Ahead of these a hyphen stands for a word to come: sea- and land-based.
_AND = {"and", "or", "to", "und", "oder", "bis", "et", "ou", "y", "o", "e"}


class Page(NamedTuple):
    """One page: its number as printed or counted, and its paragraphs in the order of reading."""

    label: str
    paragraphs: Sequence[Paragraph]


@dataclass(slots=True)
class _Part:
    """A paragraph on its way into the text."""

    page: int
    paragraph: Paragraph
    is_running: bool = False
    #: The lines that begin a further page, by their number.
    page_starts: dict[int, int] = field(default_factory=dict)

    @property
    def lines(self) -> list[str]:
        """Its lines, those of further pages included."""
        return self.paragraph.lines

    @property
    def last_page(self) -> int:
        """The page on which it ends."""
        return max(self.page_starts.values(), default=self.page)


def text_of(pages: Sequence[Page]) -> tuple[str, tuple[ExchangeStretch, ...]]:
    """Return the text of all pages and its stretches: `page` with their numbers, `excluded` for running heads and feet.

    A paragraph that a page break cuts is one paragraph; heads and feet that stood in between follow it.
    """
    parts = _joined_over_pages(_parts(pages))
    words = Counter(_whole_words(parts))
    text: list[str] = []
    length_cp = 0
    starts: dict[int, int] = {}
    excluded: list[ExchangeStretch] = []
    for part in parts:
        if text:
            text.append("\n\n")
            length_cp += 2
        begin_cp = length_cp
        starts.setdefault(part.page, begin_cp)
        for number, piece in enumerate(_pieces(part.lines, words)):
            if number in part.page_starts:
                blank = len(piece) - len(piece.lstrip())
                starts.setdefault(part.page_starts[number], length_cp + blank)
            text.append(piece)
            length_cp += len(piece)
        if part.is_running:
            excluded.append(ExchangeStretch("excluded", begin_cp, length_cp, "repeated on many pages"))
    return "".join(text), (*_page_stretches(pages, starts, length_cp), *excluded)


def _parts(pages: Sequence[Page]) -> list[_Part]:
    running = _running(pages)
    return [
        _Part(number, paragraph, is_running=(number, at) in running)
        for number, page in enumerate(pages)
        for at, paragraph in enumerate(page.paragraphs)
    ]


def _running(pages: Sequence[Page]) -> set[tuple[int, int]]:
    """Return page and place of the paragraphs that stand at the edges of many pages but for their numbers."""
    places: dict[str, list[tuple[int, int]]] = {}
    for number, page in enumerate(pages):
        count = len(page.paragraphs)
        for at in {*range(min(_EDGE_PARAGRAPHS, count)), *range(max(count - _EDGE_PARAGRAPHS, 0), count)}:
            words = " ".join(page.paragraphs[at].lines)
            if len(words) <= _LONGEST_HEAD_CP:
                places.setdefault(_DIGITS.sub("#", words).strip(), []).append((number, at))
    return {
        place
        for found in places.values()
        if len({number for number, _ in found}) >= max(_LEAST_REPEATS, _LEAST_SHARE * len(pages))
        for place in found
    }


def _joined_over_pages(parts: Sequence[_Part]) -> list[_Part]:
    """Join what a page break cut; the heads and feet between the halves come after them."""
    done: list[_Part] = []
    last_body: _Part | None = None
    for part in parts:
        if part.is_running:
            done.append(part)
            continue
        if last_body and last_body.last_page + 1 == part.page and goes_on(last_body.paragraph, part.paragraph):
            last_body.page_starts[len(last_body.lines)] = part.page
            last_body.paragraph = part.paragraph._replace(lines=last_body.lines + part.lines)
        else:
            done.append(part)
            last_body = part
    return done


def _pieces(lines: Sequence[str], words: Mapping[str, int]) -> Iterator[str]:
    """Yield the lines of a paragraph so that they join to running text: with a blank ahead, or without a hyphen."""
    is_joined = False
    stripped = [line.replace(HYPHEN, _SOFT_HYPHEN).strip() for line in lines]
    for number, (line, following) in enumerate(pairwise([*stripped, ""])):
        glue = "" if not number or is_joined else "\n" if "\t" in line else " "
        kept, is_joined = _end_of_line(line, following, words)
        yield glue + kept.replace(_SOFT_HYPHEN, "")


def _end_of_line(line: str, following: str, words: Mapping[str, int]) -> tuple[str, bool]:
    """Return a line as it goes on, and whether the next one joins it without a blank."""
    found = _HYPHENATED.search(line)
    rest = _WORD.match(following)
    if found is None or rest is None:
        return line, False
    if rest[0] in _AND:
        return line.replace(_SOFT_HYPHEN, "-"), False
    if line[-1] != "–" and not _is_hyphen_kept(found[1], rest[0], words):
        return line[:-1], True
    return line[:-1] + line[-1].replace(_SOFT_HYPHEN, "-"), True


def _is_hyphen_kept(head: str, tail: str, words: Mapping[str, int]) -> bool:
    """Say whether a word has a hyphen of its own where a line ends; almost all are the printer's.

    It has where the document writes it so elsewhere, where both halves are words of the document and their sum is none,
    ahead of a capital or a figure, and after a name that the document has (Western-orchestrated).
    """
    if not tail[:1].islower() or head[-1:].isdigit():
        return True
    if words.get(head + tail, 0):
        return False
    if words.get(f"{head}-{tail}", 0):
        return True
    is_after_name = head[:1].isupper() and len(tail) >= _LEAST_AFTER_NAME_CP
    return words.get(head, 0) > 0 and (words.get(tail, 0) > 0 or is_after_name)


def _whole_words(parts: Sequence[_Part]) -> Iterator[str]:
    """Yield the words that no line end cuts."""
    for part in parts:
        is_cut = False
        for line in part.lines:
            found = [match.group() for match in _WORD.finditer(line)]
            ends_cut = _HYPHENATED.search(line.replace(HYPHEN, _SOFT_HYPHEN)) is not None
            yield from found[int(is_cut) : len(found) - int(ends_cut)]
            is_cut = ends_cut


def _page_stretches(pages: Sequence[Page], starts: Mapping[int, int], length_cp: int) -> Iterator[ExchangeStretch]:
    """Yield where each page with text stands, from its first character to that of the next."""
    for (number, begin_cp), (_, end_cp) in pairwise([*sorted(starts.items()), (len(pages), length_cp)]):
        if begin_cp < end_cp:
            yield ExchangeStretch("page", begin_cp, end_cp, pages[number].label)
