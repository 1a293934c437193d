"""Which backups may go: all of the last hour stay, then one an hour, one a day, and one a month for ever.

Pure: knows no files and asks no clock. Backups are ordered by their serial number, not by their time, since clocks
are set back and forth.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, TypeVar

#: A clock that was set years ahead makes all backups look old: no more than these go for each that is made, so that
#: it is noticed before they are gone. In steady work one goes for each that is made.
MOST_AT_ONCE = 3

#: However little room there is, these many of the newest stay.
FEWEST = 3

_HOUR, _DAY, _MONTH = timedelta(hours=1), timedelta(days=1), timedelta(days=31)


class Reason(StrEnum):
    """Why a backup was made."""

    OPEN = "open"
    WORK = "work"
    IMPORT = "import"
    BULK = "bulk"
    UPGRADE = "upgrade"
    RESTORE = "restore"
    REPAIR = "repair"
    PASSPHRASE = "passphrase"  # noqa: S105  (a reason, no secret)
    HAND = "hand"


class Dated(Protocol):
    """What the rules look at."""

    @property
    def serial(self) -> int: ...  # noqa: D102
    @property
    def at(self) -> datetime: ...  # noqa: D102
    @property
    def reason(self) -> Reason: ...  # noqa: D102
    @property
    def size(self) -> int: ...  # noqa: D102


D = TypeVar("D", bound=Dated)


def superfluous(backups: Sequence[D], now: datetime) -> list[D]:
    """Return the backups that may go by their age, oldest first, at most `MOST_AT_ONCE`.

    The newest of each hour (older than an hour), day (older than a day) and month (older than 31 days) stays. Never
    named are the newest of all and those made before an upgrade. What is dated in the future counts as just made.
    """
    ordered = sorted(backups, key=lambda backup: backup.serial, reverse=True)
    seen: set[tuple[int, ...]] = set()
    gone = []
    for number, backup in enumerate(ordered):
        period = _period(backup.at, now - backup.at)
        if period is None or backup.reason is Reason.UPGRADE:
            continue
        if number > 0 and period in seen:
            gone.append(backup)
        seen.add(period)
    return gone[::-1][:MOST_AT_ONCE]


def beyond(backups: Sequence[D], most_bytes: int) -> list[D]:
    """Return the oldest backups, as many as must go so that the rest takes at most `most_bytes`.

    Never named are the newest `FEWEST` and those made before an upgrade, so the rest may still take more.
    """
    ordered = sorted(backups, key=lambda backup: backup.serial)
    total = sum(backup.size for backup in ordered)
    gone = []
    for backup in ordered[:-FEWEST]:
        if total <= most_bytes:
            break
        if backup.reason is not Reason.UPGRADE:
            gone.append(backup)
            total -= backup.size
    return gone


def _period(at: datetime, age: timedelta) -> tuple[int, ...] | None:
    """Return the hour, day or month of which one backup stays; `None` while all stay."""
    if age < _HOUR:
        return None
    if age < _DAY:
        return (at.year, at.month, at.day, at.hour)
    if age < _MONTH:
        return (at.year, at.month, at.day)
    return (at.year, at.month)
