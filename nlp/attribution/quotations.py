"""Bring quotations and cues together: whose words a quotation holds, and how far the words of a claim run."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nlp.attribution.quotes import find_quotations
from nlp.attribution.tree import is_visible, subject_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from spacy.tokens import Doc, Token

#: How far from a quotation its cue may stand ("...," said the minister, who ..., on Monday).
_REACH = 30
_SPEECH_WORDS = 4
_SENTENCE_ENDS = frozenset({".", "?", "!", ":", "…", '"', "”", "''", "»", "*"})
#: The longest rest of a cue's sentence between two parts of one quotation.
_TAIL = 25


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quotation as token indices `[first, last]`, its marks included."""

    first: int
    last: int
    is_closed: bool
    is_speech: bool

    def tokens(self) -> range:
        """Return the indices of its tokens."""
        return range(self.first, self.last + 1)


class Quotations:
    """The quotations of one parsed document, and which tokens stand in them."""

    def __init__(self, doc: Doc) -> None:
        self.doc = doc
        starts = [token.idx for token in doc]
        self.all: list[Quoted] = []
        self._of: dict[int, int] = {}
        self.paragraph = _paragraphs(doc)
        for found in find_quotations(doc.text):
            first = bisect_right(starts, found.start_cp) - 1
            last = bisect_right(starts, found.end_cp - 1) - 1
            is_speech = _is_speech(doc, first, last)
            for index in range(first, last + 1):
                self._of[index] = len(self.all)
            self.all.append(Quoted(first, last, found.is_closed, is_speech))

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
        held = [self.all[number] for number in {self._of[index] for index in whole if index in self._of}]
        speeches = sorted((one for one in held if one.is_speech), key=lambda one: one.first)
        if speeches and self._is_direct(speeches, cue, whole):
            whole = set()
        for quoted in speeches:
            whole.update(quoted.tokens())
        return whole

    def _is_direct(self, speeches: list[Quoted], cue: int, content: set[int]) -> bool:
        """Tell whether the quotations alone are the content: sentences of their own, beside the cue."""
        first = speeches[0]
        if not self._is_sentence(first):
            return False
        earlier = [index for index in content if index < first.first and is_visible(self.doc[index])]
        if not earlier:
            return True
        if cue < first.first:
            return False
        return self.doc[self._last_before(first.first)].text in {".", "?", "!"}

    def _is_sentence(self, quoted: Quoted) -> bool:
        """Tell whether a quotation ends like a sentence or a clause before its closing mark."""
        tail = self.doc[max(quoted.first, quoted.last - 2) : quoted.last].text
        return quoted.is_closed and any(mark in tail for mark in ".,?!")

    def _last_before(self, index: int) -> int:
        index -= 1
        while index > 0 and self.doc[index].is_space:
            index -= 1
        return index

    def cue_of(self, quoted: Quoted, rate: Callable[[Token], float]) -> Token | None:
        """Return the verb beside a quotation that most likely introduces it; `rate` says how well a verb does."""
        before = self._verb_before(quoted, rate)
        if before is not None and self._is_introduced(quoted):
            return before
        return self._verb_after(quoted, rate) or before

    def _is_introduced(self, quoted: Quoted) -> bool:
        previous = self._visible_before(quoted.first)
        between = self.doc[previous + 1 : quoted.first].text if previous >= 0 else ""
        return ":" in between or ("," in between and not self._ends_with_comma(quoted))

    def _ends_with_comma(self, quoted: Quoted) -> bool:
        tail = self.doc[max(quoted.first, quoted.last - 1) : quoted.last + 2].text
        return "," in tail

    def _visible_before(self, index: int) -> int:
        index -= 1
        while index >= 0 and not is_visible(self.doc[index]):
            index -= 1
        return index

    def _verb_before(self, quoted: Quoted, rate: Callable[[Token], float]) -> Token | None:
        for index in range(quoted.first - 1, max(-1, quoted.first - _REACH), -1):
            token = self.doc[index]
            if "\n" in token.text and ":" not in self.doc[max(0, index - 2) : index].text:
                return None
            if token.text in {".", "?", "!"} or (index in self._of):
                return None
            if token.pos_ == "VERB" and rate(token) > 0:
                return token
        return None

    def _verb_after(self, quoted: Quoted, rate: Callable[[Token], float]) -> Token | None:
        for index in range(quoted.last + 1, min(len(self.doc), quoted.last + _REACH)):
            token = self.doc[index]
            if "\n" in token.text or token.text in {".", "?", "!", ":"} or index in self._of:
                return None
            if token.pos_ == "VERB" and rate(token) > 0:
                subject = subject_of(token)
                return token if subject is None or subject.i > quoted.last else None
        return None

    def followers(self, after: int) -> Iterator[Quoted]:
        """Yield the speeches that go on after token `after`, at most a few words of the cue's sentence away."""
        position = after
        for quoted in self.all:
            if quoted.first <= position:
                continue
            between = self.doc[position + 1 : quoted.first]
            if len(between) > _TAIL or not quoted.is_speech or any("\n" in token.text for token in between):
                return
            stops = [token.i for token in between if token.text in {".", "?", "!"}]
            if any(is_visible(token) for token in between) and (len(stops) != 1 or stops[0] < quoted.first - 2):
                return
            yield quoted
            position = quoted.last


def _is_speech(doc: Doc, first: int, last: int) -> bool:
    """Tell words that someone said from a title, a term or scare quotes: by length, a verb, a sentence's end."""
    words = [index for index in range(first, last + 1) if is_visible(doc[index])]
    if len(words) < _SPEECH_WORDS:
        return len(words) > 1 and doc[max(first, last - 1)].text in {".", ",", "?", "!"}
    return True


def _paragraphs(doc: Doc) -> list[int]:
    """Return the number of the paragraph of each token; blank lines and line breaks after a sentence part them."""
    found: list[int] = []
    number = 0
    last = ""
    for token in doc:
        if token.is_space:
            breaks = sum(token.text.count(mark) for mark in ("\n", "\u2028", "\u2029"))
            if breaks > 1 or (breaks and last in _SENTENCE_ENDS):
                number += 1
        else:
            last = token.text
        found.append(number)
    return found
