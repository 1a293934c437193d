"""What stands between two lines of dashes at the head of a Markdown file: title, date, source, language."""

from __future__ import annotations

import re

from storage.formats.exchange import ExchangeStretch

#: A line of dashes with a blank line behind it is a rule between paragraphs.
_BLOCK = re.compile(r"---[ \t]*\r?\n(?!\s*\n)(?P<rows>(?:.*\n)*?)---[ \t]*(?:\r?\n|$)")
_ROW = re.compile(r"(?P<key>[A-Za-z][\w -]*?)[ \t]*:[ \t]+(?P<value>\S.*)")
#: What lines of YAML look like: a key, an item of a list, a remark, something indented, nothing. Prose does not.
_OF_YAML = re.compile(r"[^\s:][^:]*:(?:\s.*)?|[-#\s}\]].*|")
#: Programs that keep notes write so much at most; longer ones are no head.
_LONGEST_CP = 20_000


def front_matter(text: str) -> tuple[dict[str, str], tuple[ExchangeStretch, ...]]:
    """Return what the head of a text says, by keys in lower case, and the stretch that it takes; nothing where none is.

    Only values on the line of their key are taken; lists and blocks of YAML are left.
    """
    found = _BLOCK.match(text, 0, _LONGEST_CP)
    lines = found["rows"].splitlines() if found else []
    rows = map(_ROW.fullmatch, lines)
    said = {row["key"].lower(): _unquoted(row["value"].strip()) for row in rows if row}
    if found is None or not said or not all(map(_OF_YAML.fullmatch, lines)):
        return {}, ()
    return said, (ExchangeStretch("excluded", 0, len(found.group().rstrip()), "front matter"),)


def _unquoted(value: str) -> str:
    is_quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if is_quoted else value
