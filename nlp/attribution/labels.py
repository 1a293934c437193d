"""Speakers who stand before a colon or after a dash: headlines, transcripts, collected voices.

"Lund: Ford Is Closed", "LUND: The ford is closed.", "“The ford is closed.” ― Anna Lund".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nlp.attribution.candidates import Candidate
from nlp.attribution.tree import is_visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Token

    from nlp.attribution.lexicon import Lexicon
    from nlp.attribution.quotations import Quotations, Quoted

_LONGEST_LABEL = 8
#: How many tokens of a paragraph, white space among them, may stand before a colon that ends a label.
_FARTHEST = 2 * _LONGEST_LABEL
_FEWEST_WORDS = 3
_DASHES = frozenset({"―", "—", "–", "--", "-"})
#: A label whose words are all capitalised is one of at most this many tokens, whatever the parse takes them for.
_LONGEST_NAME = 3


def label_candidates(quotations: Quotations, lexicon: Lexicon) -> Iterator[Candidate]:
    """Yield what a name before a colon begins, and the quotations that a name after a dash ends."""
    yield from _before_colon(quotations, lexicon)
    yield from _after_dash(quotations, lexicon)


def _before_colon(quotations: Quotations, lexicon: Lexicon) -> Iterator[Candidate]:
    entry = lexicon.phrases.get(":")
    if entry is None:
        return
    doc, paragraph = quotations.doc, quotations.paragraph
    start = 0
    for index in range(len(doc)):
        if index > 0 and paragraph[index] != paragraph[index - 1]:
            start = index
        if doc[index].text != ":" or index - start > _FARTHEST:
            continue
        label = [token for token in doc[start:index] if not token.is_space]
        if label and not is_visible(label[0]) and label[0].i in quotations:
            label = label[1:]  # the mark that opens a whole transcript
        elif index in quotations:
            continue
        if not _is_label(label) or (index not in quotations and any(token.i in quotations for token in label)):
            continue
        end = index + 1
        while end < len(doc) and paragraph[end] == paragraph[index]:
            end += 1
        content = {other for other in range(index + 1, end) if not doc[other].is_space}
        if sum(is_visible(doc[other]) for other in content) >= _FEWEST_WORDS:
            pattern = _pattern(quotations, label, min(content))
            source = [token.i for token in label]
            yield Candidate(doc[index], entry, pattern, content, source, rate=entry.rate(pattern))


def _pattern(quotations: Quotations, label: list[Token], first: int) -> str:
    if first in quotations and label[0].i not in quotations and quotations.at(first) is not quotations.at(first - 1):
        return "quotation"
    if not any(is_visible(token) for token in quotations.doc[: label[0].i]):
        return "headline"
    return "transcript" if all(token.is_upper or not token.is_alpha for token in label) else "words"


def _is_label(tokens: list[Token]) -> bool:
    """Tell whether the tokens from the start of a paragraph up to a colon are a name and nothing else."""
    if not 0 < len(tokens) <= _LONGEST_LABEL or any(token.text in _DASHES for token in tokens[:1]):
        return False
    if len(tokens) <= _LONGEST_NAME and all(token.text[0].isupper() for token in tokens):
        return True
    if any(token.pos_ in {"VERB", "AUX", "ADP", "ADV", "SCONJ"} for token in tokens):
        return False
    return any(token.pos_ == "PROPN" for token in tokens)


def _after_dash(quotations: Quotations, lexicon: Lexicon) -> Iterator[Candidate]:
    entry = lexicon.phrases.get("dash")
    for quoted in quotations.all if entry is not None else ():
        dash = _next(quotations, quoted)
        if entry is None or dash is None or dash.text not in _DASHES or not quoted.is_speech:
            continue
        name = _line(quotations, dash)
        if _is_label(name):
            content = set(quoted.tokens())
            yield Candidate(dash, entry, "name", content, [token.i for token in name], rate=entry.rate("name"))


def _next(quotations: Quotations, quoted: Quoted) -> Token | None:
    return next((token for token in quotations.doc[quoted.last + 1 : quoted.last + 4] if not token.is_space), None)


def _line(quotations: Quotations, dash: Token) -> list[Token]:
    """Return the tokens after a dash up to the end of its line, without a full stop."""
    found: list[Token] = []
    for token in dash.doc[dash.i + 1 : dash.i + 2 + _LONGEST_LABEL]:
        if token.is_space and "\n" in token.text:
            break
        if token.i in quotations:
            return []
        if is_visible(token):
            found.append(token)
    return found
