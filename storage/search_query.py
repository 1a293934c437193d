"""What an analyst looks for: from the words typed to a question for the index and a pattern for the texts.

Pure: no database. The index (SQLite's FTS5) only tells which documents may hold hits; the pattern finds them in the
text itself, so offsets are exact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import regex

from storage.errors import RefusedInputError
from storage.search_words import WordPattern, literal_pattern, phrase_pattern, spaced, tokens_of

#: Longer queries are no words to look for, and parentheses may not nest without end.
MOST_QUERY_CP = 1_000

_PIECE = regex.compile(r'"(?<phrase>[^"]*)(?:"|$)(?<star>\*?)|(?<bracket>[()])|(?<word>[^\s()"]+)')
#: The quotation marks that keyboards and word processors put for a straight one.
_STRAIGHT = str.maketrans("“”„«»", '"""""')


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What to look for. Words are whole, in quotation marks a phrase, with `*` a beginning; AND, OR, NOT join them.

    As a regular expression, or as a literal (`is_literal`: exactly these characters, white space aside), nothing of
    that holds.
    """

    text: str
    is_regex: bool = False
    is_case_sensitive: bool = False
    is_literal: bool = False


@dataclass(frozen=True, slots=True)
class Needle:
    """A query made ready: `match` for the index (`None`: read every text), `pattern` for the hits in a text.

    `accepts` tells whether a text fulfils the query as a whole.
    """

    match: str | None
    pattern: WordPattern
    accepts: Callable[[str], bool]

    def hits_in(self, text: str, timeout_s: float | None = None) -> Iterator[tuple[int, int]]:
        """Yield start and end of each hit, in order, none overlapping another; none if the text is not accepted.

        Raises:
            TimeoutError: the pattern takes too long.
        """
        is_accepted = False
        for match in self.pattern.fit(text).finditer(text, timeout=timeout_s):
            is_accepted = is_accepted or self.accepts(text)
            if not is_accepted:
                return
            yield match.span()


def needle_of(query: SearchQuery) -> Needle | None:
    """Return what a query looks for; `None` if it is blank.

    Raises:
        RefusedInputError: it is no pattern, too long, or takes away without saying from what.
    """
    if not query.text.strip():
        return None
    if len(query.text) > MOST_QUERY_CP:
        raise RefusedInputError(f"This is too long to look for: {MOST_QUERY_CP:,} characters are the most.")
    flags = 0 if query.is_case_sensitive else regex.IGNORECASE
    if query.is_regex:
        try:
            pattern = regex.compile(query.text, flags | regex.MULTILINE)
        except regex.error as error:
            raise RefusedInputError(f"This is not a pattern: {error}.") from error
        return Needle(None, WordPattern(pattern), _everything)
    if query.is_literal:
        pattern = regex.compile(literal_pattern(query.text), flags)
        return Needle(_literal_match(query.text), WordPattern(pattern), _everything)
    tree = _Parser(query).parse()
    is_single = isinstance(tree, _Term)
    pattern_of_any = WordPattern.of([term.source for term in tree.positive()])
    return Needle(tree.match(), pattern_of_any, _everything if is_single else tree.accepts)


def _everything(_text: str) -> bool:
    return True


def _quoted(words: str) -> str:
    escaped = spaced(words).replace('"', " ")
    return f'"{escaped}"'


def _literal_match(text: str) -> str | None:
    return _quoted(text) if tokens_of(text) else None


@dataclass(frozen=True, slots=True)
class _Term:
    """Words in a row. `source` is the pattern, full and plain, `words` what the index is asked for."""

    words: str
    source: tuple[str, str | None]
    pattern: WordPattern
    is_prefix: bool
    has_tokens: bool

    def match(self) -> str | None:
        if not self.has_tokens:
            return None
        return f"{_quoted(self.words)} *" if self.is_prefix else _quoted(self.words)

    def accepts(self, text: str) -> bool:
        return self.pattern.fit(text).search(text) is not None

    def positive(self) -> list[_Term]:
        return [self]


@dataclass(frozen=True, slots=True)
class _Joined:
    """Two parts joined by AND, OR or NOT."""

    operator: str
    left: _Node
    right: _Node

    def match(self) -> str | None:
        left, right = self.left.match(), self.right.match()
        if left is not None and right is not None:
            return f"({left}) {self.operator} ({right})"
        # Where the index cannot answer one part, the other may still narrow the documents down.
        return {"AND": left or right, "OR": None}.get(self.operator, left)

    def accepts(self, text: str) -> bool:
        if self.operator == "AND":
            return self.left.accepts(text) and self.right.accepts(text)
        if self.operator == "OR":
            return self.left.accepts(text) or self.right.accepts(text)
        return self.left.accepts(text) and not self.right.accepts(text)

    def positive(self) -> list[_Term]:
        """Return the terms whose places are hits: all but those taken away."""
        return self.left.positive() + ([] if self.operator == "NOT" else self.right.positive())


_Node = _Term | _Joined


class _Parser:
    """Reads a query by recursive descent; NOT binds most tightly, then AND (or nothing between), then OR, as in FTS5.

    Everything that is no operator at its place is a word, so that whatever is typed looks for something.
    """

    def __init__(self, query: SearchQuery) -> None:
        self._query = query
        self._pieces = list(_PIECE.finditer(query.text.translate(_STRAIGHT)))
        self._at = 0

    def parse(self) -> _Node:
        node = self._any_of()
        while self._at < len(self._pieces):  # a closing bracket that nothing opened
            self._at += 1
            if self._at < len(self._pieces):
                node = self._join("AND", node, self._any_of())
        if node is None:
            raise RefusedInputError("There is no word to look for between the brackets or quotation marks.")
        return node

    def _any_of(self) -> _Node | None:
        node = self._all_of()
        while self._takes("OR"):
            node = self._join("OR", node, self._all_of())
        return node

    def _all_of(self) -> _Node | None:
        node = self._less()
        while self._takes("AND") or self._begins_operand():
            node = self._join("AND", node, self._less())
        return node

    def _less(self) -> _Node | None:
        if self._takes("NOT"):
            raise RefusedInputError("NOT takes away from what stands ahead of it: write “word NOT other”.")
        node = self._operand()
        while self._takes("NOT"):
            node = self._join("NOT", node, self._operand())
        return node

    def _operand(self) -> _Node | None:
        piece = self._pieces[self._at]
        self._at += 1
        if piece["bracket"] == "(":
            node = self._any_of() if self._at < len(self._pieces) and not self._is_closing() else None
            if self._is_closing():
                self._at += 1
            return node
        if piece["phrase"] is not None:
            return self._term(piece["phrase"], is_prefix=bool(piece["star"]))
        word = piece["word"] or ""
        bare = word.rstrip("*")
        return self._term(bare or word, is_prefix=bool(bare) and bare != word)

    def _term(self, words: str, *, is_prefix: bool) -> _Node | None:
        if not words.strip():
            return None
        tokens = tokens_of(words)
        if tokens:
            source = phrase_pattern(tokens, is_prefix=is_prefix, is_exact=self._query.is_case_sensitive)
        else:
            source = literal_pattern(words), literal_pattern(words)
        return _Term(words, source, WordPattern.of([source]), is_prefix and bool(tokens), bool(tokens))

    def _takes(self, operator: str) -> bool:
        """Step over an operator that has something after it."""
        has_operand = self._at + 1 < len(self._pieces) and self._pieces[self._at + 1]["bracket"] != ")"
        if has_operand and self._pieces[self._at]["word"] == operator:
            self._at += 1
            return True
        return False

    def _begins_operand(self) -> bool:
        if self._at >= len(self._pieces) or self._is_closing():
            return False
        is_last = self._at + 1 == len(self._pieces)
        return is_last or self._pieces[self._at]["word"] not in {"AND", "OR", "NOT"}

    def _is_closing(self) -> bool:
        return self._at < len(self._pieces) and self._pieces[self._at]["bracket"] == ")"

    @staticmethod
    def _join(operator: str, left: _Node | None, right: _Node | None) -> _Node | None:
        if left is None or right is None:
            return left if operator == "NOT" else left or right
        return _Joined(operator, left, right)
