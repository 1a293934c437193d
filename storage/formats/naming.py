"""What a document is called and dated where its file does not say so."""

from __future__ import annotations

import datetime
import re
from itertools import islice
from pathlib import Path

_LONGEST_TITLE = 120
_LINE = re.compile(r"[^\r\n\u2028\u2029\x85\x0b\x0c]+")
_MARKDOWN_HEADING = re.compile(r"^#{1,6}\s+(.*?)(?:\s+#+)?$")
_BY_A_PROGRAM = re.compile(
    r"\W*(untitled|anonymous|unspecified|unknown|title|author|user|document\d*|python-docx|microsoft \w+ - .*|"
    r".*\.(docx?|odt|rtf|indd|qxd|tex|dvi|pdf))\W*",
    re.IGNORECASE,
)
_EMPHASIS = re.compile(r"^([*_]{1,3})(.+)\1$")
_ISO_DATE = re.compile(r"(?<!\d)(\d{4})([-_.]?)([01]\d)\2([0-3]\d)(?!\d)")


#: Controls, bytes that are no UTF-8 (lone surrogates), separators and what turns the direction of the text around it.
_UNSHOWABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def display_name(path: Path) -> str:
    """Return the name of a file as it can be shown and stored: whatever would do harm there becomes U+FFFD."""
    return showable(path.name or str(path))


def showable(name: str) -> str:
    """Return a name that somebody else gave as it can be shown and stored: harmful characters become U+FFFD."""
    return _UNSHOWABLE.sub("\N{REPLACEMENT CHARACTER}", name)


def given_by_a_person(said: str) -> str:
    """Return a title or an author as a file names it, nothing for what programs put there of their own accord."""
    return "" if _BY_A_PROGRAM.fullmatch(said) else said.replace("\0", "")


def title_of(text: str, fallback: str) -> str:
    """Return the first line with a letter or digit if it is short (at most 120 characters), else `fallback`.

    The marks of a Markdown heading and of emphasis around the whole line go, runs of white space become one blank.
    """
    lines = (" ".join(match.group().split()) for match in islice(_LINE.finditer(text), 50))
    line = next((line for line in lines if any(map(str.isalnum, line))), "")
    line = _MARKDOWN_HEADING.sub(r"\1", line)
    line = _EMPHASIS.sub(r"\2", line)
    return line if 0 < len(line) <= _LONGEST_TITLE else fallback


def date_in(name: str) -> str | None:
    """Return the first valid date of the years 1800 to 2199 in a file name (2024-03-19, 20240319) as YYYY-MM-DD."""
    for match in _ISO_DATE.finditer(name):
        year, _, month, day = match.groups()
        try:
            found = datetime.date(int(year), int(month), int(day))
        except ValueError:
            continue
        if 1800 <= found.year < 2200:
            return found.isoformat()
    return None


#: What file systems and archives of Windows refuse, beside what nobody can show.
_UNWRITABLE = re.compile('[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff<>:"/\\\\|?*]')
_LONGEST_STEM_BYTES = 80


class FileNames:
    """Names for the files of a folder that is written: numbered in their order, told apart whatever the titles are."""

    def __init__(self) -> None:
        self._count = 0

    def of(self, title: str) -> str:
        """Return the next name, without an extension: `0001 Straits`, at most 87 bytes of UTF-8."""
        self._count += 1
        shown = " ".join(_UNWRITABLE.sub(" ", title).split())
        stem = shown.encode("utf-8")[:_LONGEST_STEM_BYTES].decode("utf-8", "ignore").rstrip(". ")
        return f"{self._count:05d} {stem}".rstrip()
