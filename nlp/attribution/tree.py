"""Small questions to a spaCy parse: who governs whom, which tokens make up a phrase, which ranges they cover."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nlp.suggestion import Range

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

    from spacy.tokens import Doc, Token

SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "csubjpass"})
_OPENING = frozenset("“„«‹([‘")
_CLOSING = frozenset("”»›)]’")
_STRAIGHT = frozenset({'"', "''", "'", "``"})


def child(token: Token, *labels: str) -> Token | None:
    """Return the first child that hangs by one of the dependency labels, if any."""
    return next((item for item in token.children if item.dep_ in labels), None)


def subject_of(verb: Token, outside: Container[int] = ()) -> Token | None:
    """Return the head of the verb's own subject, if it has one that is not among the tokens `outside`."""
    return next((item for item in verb.children if item.dep_ in SUBJECTS and item.i not in outside), None)


def is_passive(verb: Token) -> bool:
    """Tell whether the verb stands in the passive voice."""
    if any(item.dep_ in {"auxpass", "nsubjpass"} for item in verb.children):
        return True
    return verb.tag_ == "VBN" and verb.dep_ == "acl"


def is_expletive(token: Token | None) -> bool:
    """Tell whether the subject only fills its place ("it is believed", "there are fears")."""
    return token is not None and (token.dep_ == "expl" or token.lower_ in {"it", "there"})


def phrase(head: Token, *, without: Container[int] = ()) -> list[int]:
    """Return the token indices of a subtree, less the subtrees whose heads are in `without`."""
    found: list[int] = []
    stack = [head]
    while stack:
        token = stack.pop()
        found.append(token.i)
        stack.extend(item for item in token.children if item.i not in without)
    found.sort()
    return found


def is_visible(token: Token) -> bool:
    """Tell whether a token holds letters or digits."""
    return any(char.isalnum() for char in token.text)


def runs(doc: Doc, indices: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield the stretches `(first, last)` of token indices, bridging gaps that hold punctuation only."""
    first = last = -1
    for index in sorted(set(indices)):
        if first < 0:
            first = last = index
        elif any(is_visible(doc[between]) for between in range(last + 1, index)):
            yield first, last
            first = last = index
        else:
            last = index
    if first >= 0:
        yield first, last


def ranges(doc: Doc, indices: Iterable[int]) -> tuple[Range, ...]:
    """Return the ranges that the tokens cover, without outer punctuation but with quotation marks of their own."""
    found = []
    for start, end in runs(doc, indices):
        first, last = start, end
        while first <= last and not is_visible(doc[first]) and not _opens(doc[first]):
            first += 1
        while last > first and (doc[last].pos_ == "CCONJ" or not (is_visible(doc[last]) or _closes(doc, first, last))):
            last -= 1
        if first <= last and any(is_visible(doc[index]) for index in range(first, last + 1)):
            found.append(Range(doc[first].idx, doc[last].idx + len(doc[last])))
    return tuple(found)


def _opens(token: Token) -> bool:
    text = token.text
    if text in _STRAIGHT:
        return not token.whitespace_
    return text in _OPENING or text in {"$", "#", "@", "£", "€"}


def _closes(doc: Doc, first: int, last: int) -> bool:
    text = doc[last].text
    if text in _STRAIGHT or text == "“":
        # The German closing mark is the English opening one.
        return last > first and not doc[last - 1].whitespace_
    if text in _CLOSING or text == "%":
        return True
    # A full stop, question or exclamation mark inside the closing mark belongs to the quotation.
    return text in {"?", "!", "…"}
