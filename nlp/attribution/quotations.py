"""The quotations of a parsed document as tokens: what stands in them, and what makes up the words of a claim."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nlp.attribution.quotes import find_quotations
from nlp.attribution.tree import is_visible

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

#: Fewer words in quotation marks are speech only when they end like a sentence.
_SPEECH_WORDS = 4
_BREAKS = "\n\u2028\u2029"
_STOPS = frozenset({".", "?", "!"})
_PARAGRAPH_ENDS = _STOPS | {":", "…", '"', "”", "''", "»", "*"}


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quotation as token indices `[first, last]`, its marks included.

    `is_speech` tells words that someone may have said from a title, a term or scare quotes.
    """

    first: int
    last: int
    is_closed: bool
    is_speech: bool

    def tokens(self) -> range:
        """Return the indices of its tokens."""
        return range(self.first, self.last + 1)


class Quotations:
    """The quotations of one parsed document, which tokens stand in them, and the paragraph of each token."""

    def __init__(self, doc: Doc) -> None:
        self.doc = doc
        self.paragraph = _paragraphs(doc)
        self.all: list[Quoted] = []
        self._of: dict[int, int] = {}
        starts = [token.idx for token in doc]
        for found in find_quotations(doc.text):
            first = bisect_right(starts, found.start_cp) - 1
            last = bisect_right(starts, found.end_cp - 1) - 1
            for index in range(first, last + 1):
                self._of[index] = len(self.all)
            self.all.append(Quoted(first, last, found.is_closed, _is_speech(doc, first, last)))

    def __contains__(self, index: object) -> bool:
        """Tell whether a token stands in a quotation."""
        return index in self._of

    def at(self, index: int) -> Quoted | None:
        """Return the quotation in which a token stands, if any."""
        number = self._of.get(index)
        return None if number is None else self.all[number]

    def completed(self, cue: int, content: set[int]) -> set[int]:
        """Return the content within the cue's paragraph, with every quotation that it cuts made whole.

        The words of a cue that is itself quoted end with its quotation. A quotation that is a sentence of
        its own ("...," he said when asked) is all of the content.
        """
        own = self.at(cue)
        if own is not None:
            return {index for index in content if own.first <= index <= own.last}
        whole = {index for index in content if self.paragraph[index] == self.paragraph[cue]}
        numbers = sorted({self._of[index] for index in whole if index in self._of})
        speeches = [self.all[number] for number in numbers if self.all[number].is_speech]
        if speeches and self.is_sentence(speeches[0]):
            whole = self._around(speeches[0], cue, whole)
        for quoted in speeches:
            whole.update(quoted.tokens())
        return whole

    def _around(self, first: Quoted, cue: int, content: set[int]) -> set[int]:
        """Return what the content keeps beside a quotation that is a sentence: the words that lead to it."""
        earlier = {index for index in content if index < first.first and is_visible(self.doc[index])}
        if not earlier:
            return set()
        mark = self.before(first.first).text
        if cue < first.first and mark in {",", ":"}:
            return {index for index in content if index > cue}
        if cue > first.first and mark in _STOPS:
            return set()
        return content

    def is_sentence(self, quoted: Quoted) -> bool:
        """Tell whether a quotation ends like a sentence or a clause before its closing mark."""
        tail = self.doc[max(quoted.first, quoted.last - 2) : quoted.last].text
        return not quoted.is_closed or any(mark in tail for mark in ".,?!…")

    def ends_with_stop(self, quoted: Quoted) -> bool:
        """Tell whether a full stop ends the quotation and its sentence, so that what follows is another one."""
        doc = self.doc
        tail = [token.text for token in doc[max(quoted.first, quoted.last - 1) : quoted.last + 2]]
        after = next((token for token in doc[quoted.last + 1 : quoted.last + 4] if is_visible(token)), None)
        return "." in tail and after is not None and after.text[0].isupper()

    def starts_sentence(self, quoted: Quoted) -> bool:
        """Tell whether a quotation stands at the beginning of a sentence or a paragraph."""
        if quoted.first == 0 or self.paragraph[quoted.first - 1] != self.paragraph[quoted.first]:
            return True
        before = self.before(quoted.first)
        return before.text in _STOPS or (self.at(before.i) is not None and before.text[-1] in "\"”'»")

    def before(self, index: int) -> Token:
        """Return the last token before `index` that is not white space (the first one, if there is none)."""
        index -= 1
        while index > 0 and self.doc[index].is_space:
            index -= 1
        return self.doc[max(index, 0)]


def _is_speech(doc: Doc, first: int, last: int) -> bool:
    words = sum(is_visible(doc[index]) for index in range(first, last + 1))
    if words >= _SPEECH_WORDS:
        return True
    return words > 0 and any(mark in doc[max(first, last - 1) : last + 1].text for mark in ".,?!")


def _paragraphs(doc: Doc) -> list[int]:
    """Return the number of the paragraph of each token; blank lines and line breaks after a sentence part them."""
    found: list[int] = []
    number, last = 0, ""
    for token in doc:
        if token.is_space:
            breaks = sum(token.text.count(mark) for mark in _BREAKS)
            if breaks > 1 or (breaks and last in _PARAGRAPH_ENDS):
                number += 1
        else:
            last = token.text
        found.append(number)
    return found
