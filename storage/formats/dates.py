"""Dates as files write them, made YYYY-MM-DD where there is one reading only."""

from __future__ import annotations

import datetime
import re

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sep sept",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
_PARTIAL = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2]))?")
_YEAR_FIRST = re.compile(
    r"(?P<year>\d{4})(?P<mark>[-/.]|(?=\d{4}(?!\d)))(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})(?:[t ].*)?", re.DOTALL
)
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?:[t ,].*)?", re.DOTALL)
_NAMED_MONTH = re.compile(
    r"(?:[a-z]+,?\s+)?(?:(?P<day>\d{1,2})(?:st|nd|rd|th)?\.?\s+(?P<month>[a-z]+)\.?,?|(?P<month2>[a-z]+)\.?\s+"
    r"(?P<day2>\d{1,2})(?:st|nd|rd|th)?,?)\s+(?P<year>\d{4})(?:[ ,t].*)?",
    re.DOTALL,
)
#: As computers write moments: Tue Mar 19 10:00:00 +0000 2024.
_YEAR_AFTER_TIME = re.compile(
    r"[a-z]{3},?\s+(?P<month2>[a-z]{3})\s+(?P<day2>\d{1,2})\s+\d{1,2}:\d{2}(?::\d{2})?(?:\s+(?:[+-]\d{4}|[a-z]{3,4}))?"
    r"\s+(?P<year>\d{4})(?P<month>)(?P<day>)"
)
_LONGEST = 100


def iso_date(value: object) -> str | None:
    """Return a date as YYYY-MM-DD (or the YYYY-MM or YYYY that was said); None where it is none or has two readings.

    `03/04/2024` has two readings and `19/03/2024` one; dots are only written with the day first. The time of a moment
    is left out, its day is the one that was written.
    """
    if isinstance(value, datetime.date):
        return value.isoformat()[:10]
    if not isinstance(value, str) or len(value) > _LONGEST:
        return None
    words = value.strip().lower()
    if _PARTIAL.fullmatch(words):
        return words
    if found := _YEAR_FIRST.fullmatch(words):
        return _date(found["year"], found["month"], found["day"])
    if found := _YEAR_LAST.fullmatch(words):
        return _year_last(*found.groups())
    found = _NAMED_MONTH.fullmatch(words) or _YEAR_AFTER_TIME.fullmatch(words)
    return _named_month(found) if found else None


def _named_month(found: re.Match[str]) -> str | None:
    month = _MONTHS.get(found["month"] or found["month2"])
    return _date(found["year"], month, found["day"] or found["day2"]) if month else None


def _year_last(first: str, mark: str, second: str, year: str) -> str | None:
    day_first, month_first = _date(year, second, first), _date(year, first, second)
    if mark == "." or month_first is None or day_first == month_first:
        return day_first
    return month_first if day_first is None else None


def _date(year: int | str, month: int | str, day: int | str) -> str | None:
    try:
        return datetime.date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None
