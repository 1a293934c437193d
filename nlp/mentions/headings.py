"""Lines in capitals, where the pipeline takes whole clauses for names."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span

_FEWEST_WORDS = 3


class Headings:
    """The headings of one parsed text; none where most of it is in capitals, as in old cables."""

    def __init__(self, doc: Doc) -> None:
        self._text = doc.text
        self._has_any = sum(map(str.isupper, self._text)) < sum(map(str.islower, self._text))

    def hold(self, name: Span) -> bool:
        """Tell whether a name stands in a heading: its words may be no name at all."""
        if not self._has_any or any(token.text != token.text.upper() for token in name):
            return False
        start = self._text.rfind("\n", 0, name.start_char) + 1
        line = self._text[start : self._text.find("\n", name.start_char) % (len(self._text) + 1)]
        return line == line.upper() and len(line.split()) >= _FEWEST_WORDS
