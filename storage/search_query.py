"""What an analyst looks for: from the words typed to a question for the index and a pattern for the texts.

Pure: no database. The index (SQLite's FTS5) only tells which documents may hold hits; the pattern finds them in the
text itself, so offsets are exact. Both compare alike: case and accents of Latin letters do not count.

Scripts that are written without blanks (Chinese, Japanese, Thai, ...) have no words to index: each of their
characters counts as a word, and a run of them as a phrase.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import regex

from storage.errors import RefusedInputError

#: Longer queries are no words to look for, and parentheses may not nest without end.
MOST_QUERY_CP = 1_000

_SOLID = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
#: What FTS5's unicode61 takes for parts of words, and the marks that it may drop.
_WORD = r"\p{L}\p{N}\p{Co}\p{M}"
_SOLID_CHARACTER = regex.compile(f"[{_SOLID}]")
_TOKEN = regex.compile(f"[{_SOLID}]|[{_WORD}--[{_SOLID}]]+", regex.V1)
_LETTER = regex.compile(r"[\p{L}\p{N}\p{Co}]")
_BEFORE = f"(?<![{_WORD}--[{_SOLID}]])"
_AFTER = f"(?![{_WORD}--[{_SOLID}]])"
_REST_OF_WORD = f"[{_WORD}--[{_SOLID}]]*+"
#: What may stand between the words of a phrase: white space, punctuation, quotation marks.
_BETWEEN = r"[^\p{L}\p{N}\p{Co}]{0,12}+"
_ACCENTS = r"[\u0300-\u036f]*+"

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
    pattern: regex.Pattern[str]
    accepts: Callable[[str], bool]


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
        return Needle(None, pattern, _everything)
    if query.is_literal:
        return Needle(_literal_match(query.text), regex.compile(_literal_pattern(query.text), flags), _everything)
    tree = _Parser(query).parse()
    found = tree.positive()
    ordered = sorted({term.source for term in found}, key=len, reverse=True)
    is_single = isinstance(tree, _Term)
    pattern = regex.compile("|".join(ordered), regex.V1)
    return Needle(tree.match(), pattern, _everything if is_single else tree.accepts)


def spaced(text: str) -> str:
    """Return a text as the index takes it: a blank around each character of a script without blanks."""
    if text.isascii() or _SOLID_CHARACTER.search(text) is None:
        return text
    return _SOLID_CHARACTER.sub(r" \g<0> ", text)


def _everything(_text: str) -> bool:
    return True


def _quoted(words: str) -> str:
    escaped = spaced(words).replace('"', " ")
    return f'"{escaped}"'


def _tokens(text: str) -> list[str]:
    """Return what counts as words; marks that stand alone do not."""
    return [token for token in _TOKEN.findall(text) if _LETTER.search(token)]


def _literal_match(text: str) -> str | None:
    return _quoted(text) if _tokens(text) else None


def _literal_pattern(text: str) -> str:
    """Return the pattern of exactly these words, whatever white space parts them, not within longer words."""
    words = text.split()
    source = r"\s+".join(regex.escape(word, special_only=True) for word in words)
    before = r"(?<!\w)" if _is_word_edge(words[0][0]) else ""
    after = r"(?!\w)" if _is_word_edge(words[-1][-1]) else ""
    return f"{before}{source}{after}"


def _is_word_edge(character: str) -> bool:
    return (character.isalnum() or character == "_") and _SOLID_CHARACTER.match(character) is None


@dataclass(frozen=True, slots=True)
class _Term:
    """Words in a row. `source` is the pattern, `words` what the index is asked for."""

    words: str
    source: str
    pattern: regex.Pattern[str]
    is_prefix: bool
    has_tokens: bool

    def match(self) -> str | None:
        if not self.has_tokens:
            return None
        return f"{_quoted(self.words)} *" if self.is_prefix else _quoted(self.words)

    def accepts(self, text: str) -> bool:
        return self.pattern.search(text) is not None

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
        tokens = _tokens(words)
        exact = self._query.is_case_sensitive
        source = _phrase_pattern(tokens, is_prefix=is_prefix, is_exact=exact) if tokens else _literal_pattern(words)
        return _Term(words, f"(?:{source})", regex.compile(source, regex.V1), is_prefix and bool(tokens), bool(tokens))

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


def _phrase_pattern(tokens: Sequence[str], *, is_prefix: bool, is_exact: bool) -> str:
    """Return the pattern of whole words in a row, the last of them perhaps only begun."""
    parts = [_token_pattern(token, is_exact=is_exact) for token in tokens]
    if is_prefix and _SOLID_CHARACTER.match(tokens[-1]) is None:
        parts[-1] = parts[-1].removesuffix(_AFTER) + _REST_OF_WORD
    return _BETWEEN.join(parts)


def _token_pattern(token: str, *, is_exact: bool) -> str:
    if _SOLID_CHARACTER.match(token):
        return regex.escape(token)
    letters = token if is_exact else unicodedata.normalize("NFC", token)
    body = "".join(regex.escape(letter) if is_exact else _letter_pattern(letter) for letter in letters)
    return f"{_BEFORE}{body}{_AFTER}"


def _letter_pattern(letter: str) -> str:
    """Return what stands for a letter: its cases and, if it is a Latin one, it with accents.

    Spelt out, since ignoring case makes the library eight times slower with sets.
    """
    base = unicodedata.normalize("NFD", letter)[0].lower()
    if "a" <= base <= "z":
        return f"[{base}{base.upper()}{_variants().get(base, '')}]{_ACCENTS}"
    if "\u0300" <= letter <= "\u036f":
        return ""
    cases = {form for form in (letter, letter.lower(), letter.upper(), letter.title()) if len(form) == 1}
    if "Σ" in cases:
        cases |= {"σ", "ς"}
    return f"[{''.join(sorted(cases))}]" if len(cases) > 1 else regex.escape(letter)


@cache
def _variants() -> dict[str, str]:
    """Return for each letter from a to z the Latin letters that are it with accents, as unicode61 folds them."""
    found: dict[str, str] = {}
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        letter = chr(code)
        base = unicodedata.normalize("NFD", letter)[0].lower()
        if "a" <= base <= "z":
            found[base] = found.get(base, "") + letter
    return found
